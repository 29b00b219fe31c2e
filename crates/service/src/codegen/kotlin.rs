//! Kotlin, for the package `net.servicestack:client` (`servicestack.md §9.5`).

use wire::{MemberMeta, TypeKind, TypeMeta, ValueType};

use super::attribute;
use super::description;
use super::framework::Owned;
use super::generator::{Generator, Order, SourceFile};
use super::model::{Member, ModelType};
use super::options::{OptionLine, line};
use super::source::Source;
use super::text::{clause, identifier, quoted};

const OPTIONS: &[OptionLine] = &[
    line("Package", ""),
    line("AddServiceStackTypes", "True"),
    line("AddResponseStatus", "False"),
    line("AddImplicitVersion", ""),
    line("AddDescriptionAsComments", "True"),
    line("IncludeTypes", ""),
    line("ExcludeTypes", ""),
    line("InitializeCollections", "False"),
    line("TreatTypesAsStrings", ""),
    line("DefaultImports", "java.math.*,java.util.*,net.servicestack.client.*"),
];

/// The library of clients; what is imported of Java stands before it.
const CLIENT_IMPORT: &str = "net.servicestack.client.*";

/// What the library of clients defines.
const OWNED: &[&str] =
    &["EmptyResponse", "ErrorResponse", "IdResponse", "ResponseError", "ResponseStatus"];

/// Words of Kotlin or Java; a member gets a capital instead.
const WORDS: &[&str] = &[
    "abstract",
    "as",
    "assert",
    "boolean",
    "break",
    "byte",
    "case",
    "catch",
    "char",
    "class",
    "const",
    "continue",
    "default",
    "do",
    "double",
    "else",
    "enum",
    "extends",
    "false",
    "final",
    "finally",
    "float",
    "for",
    "fun",
    "goto",
    "if",
    "implements",
    "import",
    "in",
    "instanceof",
    "int",
    "interface",
    "is",
    "long",
    "native",
    "new",
    "null",
    "object",
    "package",
    "private",
    "protected",
    "public",
    "return",
    "short",
    "static",
    "super",
    "switch",
    "synchronized",
    "this",
    "throw",
    "throws",
    "transient",
    "true",
    "try",
    "typealias",
    "typeof",
    "val",
    "var",
    "void",
    "volatile",
    "when",
    "while",
];

/// The language.
pub(super) const GENERATOR: Generator = Generator {
    options: OPTIONS,
    order: Order::Roles,
    owned: Owned::Groups(&[OWNED]),
    framework_name: |name| Some(format!("net.servicestack.client.{name}")),
    ..Generator::usual(write)
};

fn write(file: &SourceFile<'_>, out: &mut Source) {
    let mut types = Source::new(super::INDENT);
    let writer = Writer { file };
    for item in &file.model.types {
        writer.item(item, &mut types);
        types.blank();
    }
    for interface in file.interfaces() {
        types.lines([&format!("interface {}", identifier(interface)), "{", "}", ""]);
    }
    let types = types.finish();
    imports(file, types.contains("@SerializedName("), out);
    out.blank();
    out.blank();
    out.lines(types.lines());
}

fn imports(file: &SourceFile<'_>, has_serialized_names: bool, out: &mut Source) {
    let package = file.options.text("Package");
    if !package.is_empty() {
        out.lines([&format!("package {package}"), ""]);
    }
    let is_open = file.model.hosts().any(|host| host.conventions.kotlin_open);
    for import in file.options.list("DefaultImports") {
        if is_open && import == CLIENT_IMPORT {
            out.line("import java.io.InputStream");
        }
        out.line(format!("import {import}"));
    }
    if has_serialized_names {
        out.line("import com.google.gson.annotations.*");
    }
}

struct Writer<'f, 'm> {
    file: &'f SourceFile<'m>,
}

impl Writer<'_, '_> {
    fn item(&self, item: &ModelType<'_>, out: &mut Source) {
        description::block(self.file, item.description(), out);
        if self.file.is_file() {
            routes(item, out);
        }
        // The library has no annotation that takes a type, so the published text stays a comment.
        out.lines(attribute::of_type(item).map(|text| format!("// @{text}")));
        match item.meta.kind {
            TypeKind::Record => self.class(item, out),
            _ => self.enumeration(item, out),
        }
    }

    fn class(&self, item: &ModelType<'_>, out: &mut Source) {
        let name = self.file.type_name(item.meta);
        let bases = clause(":", &self.bases(item));
        out.line(format!("open class {name}{bases}"));
        out.block("{", "}", |out| {
            self.members(item, out);
            let response = item.operation().and_then(|operation| operation.response);
            if let Some(response) = response.filter(|_| self.file.is_file()) {
                let response = self.file.type_name(response);
                out.line(format!(
                    "companion object {{ private val responseType = {response}::class.java }}"
                ));
                out.line(format!("override fun getResponseType(): Any? = {name}.responseType"));
            }
        });
    }

    /// Base class, return marker, verb, the service's own interfaces.
    fn bases(&self, item: &ModelType<'_>) -> Vec<String> {
        let base = item.base().map(|base| format!("{}()", self.file.type_name(base)));
        let returns = |response: &TypeMeta| format!("IReturn<{}>", self.file.type_name(response));
        let interfaces = self.file.implemented(item, returns, identifier);
        base.into_iter().chain(interfaces).collect()
    }

    fn members(&self, item: &ModelType<'_>, out: &mut Source) {
        let mut needs_gap = false;
        for member in &item.members {
            if needs_gap {
                out.blank();
            }
            description::block(self.file, member.meta.description, out);
            let attribute = attribute::of_member(member.meta);
            out.lines(attribute.iter().map(|text| format!("@{}", text.replace('$', "\\$"))));
            out.line(self.member_line(item, member));
            needs_gap = attribute.is_some();
        }
    }

    /// `var name:Type? = null`.
    fn member_line(&self, item: &ModelType<'_>, member: &Member) -> String {
        let wire_name = item.member_name(member);
        let name = member_name(wire_name);
        let open = if item.host.conventions.kotlin_open { "open " } else { "" };
        let kind = self.member_type(member.meta);
        let fills = self.file.options.flag("InitializeCollections")
            && matches!(member.meta.value, ValueType::List(_) | ValueType::Map(..));
        let value = match member.initial {
            Some(initial) => format!("{kind}? = {initial}"),
            None if fills => format!("{kind} = {kind}()"),
            None => format!("{kind}? = null"),
        };
        let serialized = if name == wire_name {
            String::new()
        } else {
            format!("@SerializedName({}) ", quoted(wire_name, '"', &['$']))
        };
        format!("{serialized}{open}var {name}:{value}")
    }

    fn member_type(&self, member: &MemberMeta) -> String {
        self.value_type(&member.value)
    }

    fn value_type(&self, value: &ValueType) -> String {
        let plain = if let ValueType::Nullable(inner) = value { inner } else { value };
        let name = plain.dotnet_name();
        if self.file.options.list("TreatTypesAsStrings").any(|treated| treated == name) {
            return "String".into();
        }
        match plain {
            ValueType::Boolean => "Boolean".into(),
            ValueType::Int32 => "Int".into(),
            ValueType::Int64 => "Long".into(),
            ValueType::Double => "Double".into(),
            ValueType::Decimal => "BigDecimal".into(),
            ValueType::DateTime => "Date".into(),
            ValueType::TimeSpan => "TimeSpan".into(),
            ValueType::Guid => "UUID".into(),
            ValueType::String | ValueType::Secret => "String".into(),
            ValueType::Bytes => "ByteArray".into(),
            ValueType::Enum(meta) | ValueType::Record(meta) => self.file.type_name(meta()),
            ValueType::Nullable(inner) => self.value_type(inner),
            ValueType::List(entry) => format!("ArrayList<{}>", self.value_type(entry)),
            ValueType::Map(key, entry) => {
                format!("HashMap<{},{}>", self.value_type(key), self.value_type(entry))
            }
        }
    }

    /// Entries have a number when theirs is not their position, and a name on the wire when it is
    /// not their own.
    fn enumeration(&self, item: &ModelType<'_>, out: &mut Source) {
        let members = item.meta.enum_members;
        let is_position = |(index, number): (usize, i32)| i32::try_from(index) == Ok(number);
        let numbers = members.iter().map(|member| member.number);
        let is_plain = item.meta.kind == TypeKind::Enum && numbers.enumerate().all(is_position);
        let value = if is_plain { "" } else { "(val value:Int)" };
        out.line(format!("enum class {}{value}", self.file.type_name(item.meta)));
        out.block("{", "}", |out| {
            for member in members {
                let name = identifier(member.name);
                let number = if is_plain { String::new() } else { format!("({})", member.number) };
                let serialized = match member.member {
                    Some(text) => format!("@SerializedName({}) ", quoted(text, '"', &['$'])),
                    None => String::new(),
                };
                out.line(format!("{serialized}{name}{number},"));
            }
        });
    }
}

/// The first route as an annotation; further ones as comments, because Java takes an annotation
/// once.
fn routes(item: &ModelType<'_>, out: &mut Source) {
    let routes = item.operation().map_or(&[][..], |operation| operation.routes);
    for (index, route) in routes.iter().enumerate() {
        let comment = if index == 0 { "" } else { "// " };
        let path = quoted(route.path, '"', &['$']);
        let verbs = route.verbs.text();
        if verbs.is_empty() {
            out.line(format!("{comment}@Route({path})"));
        } else {
            let verbs = quoted(verbs, '"', &['$']);
            out.line(format!("{comment}@Route(Path={path}, Verbs={verbs})"));
        }
    }
}

fn member_name(wire_name: &str) -> String {
    let name = identifier(wire_name);
    if WORDS.contains(&name.as_str()) { wire::case::pascal(&name) } else { name }
}
