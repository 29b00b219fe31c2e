//! Java, for the package `net.servicestack.client`.
//!
//! Its JSON library knows a member by one spelling only, so fields are called as the host calls
//! them.

mod attributes;

use wire::{TypeKind, TypeMeta, ValueType};

use super::attribute_list;
use super::enumeration::{is_number_on_wire, shows_numbers};
use super::framework::Owned;
use super::generator::{Generator, Order, SourceFile};
use super::import;
use super::model::{Member, ModelType};
use super::options::{OptionLine, line};
use super::source::Source;
use super::text::{clause, identifier, in_block_comment, quoted};

const DEFAULT_IMPORTS: &str = "java.math.*,java.util.*,net.servicestack.client.*";

/// Has the annotation that says how a field is called in documents.
const GSON: &str = "com.google.gson.annotations.*";

const OPTIONS: &[OptionLine] = &[
    line("Package", ""),
    line("GlobalNamespace", "dtos"),
    line("AddPropertyAccessors", "True"),
    line("SettersReturnThis", "True"),
    line("AddServiceStackTypes", "True"),
    line("AddResponseStatus", "False"),
    line("AddDescriptionAsComments", "True"),
    line("AddImplicitVersion", ""),
    line("IncludeTypes", ""),
    line("ExcludeTypes", ""),
    line("TreatTypesAsStrings", ""),
    line("DefaultImports", DEFAULT_IMPORTS),
];

/// What the package defines; it has others too, but older releases do not.
const OWNED: &[&str] = &["ErrorResponse", "ResponseError", "ResponseStatus"];

/// Words that Java keeps for itself; a field that is one begins with a capital.
const KEYWORDS: &str = "\
    _ abstract assert boolean break byte case catch char class const continue default do double \
    else enum extends false final finally float for goto if implements import instanceof int \
    interface long native new null package private protected public return short static strictfp \
    super switch synchronized this throw throws transient true try void volatile while";

/// Methods that every request or object has already.
const METHODS: &[&str] = &["getClass", "getResponseType"];

/// The language.
pub(super) const GENERATOR: Generator = Generator {
    options: OPTIONS,
    order: Order::Roles,
    owned: Owned::Groups(&[OWNED]),
    ..Generator::usual(write)
};

fn write(file: &SourceFile<'_>, out: &mut Source) {
    let writer = Writer { file };
    let package = file.options.text("Package");
    if !package.is_empty() {
        out.line(format!("package {package};"));
        out.blank();
    }
    out.lines(writer.imports().iter().map(|path| format!("import {path};")));
    out.blank();
    let class = file.options.text("GlobalNamespace").replace('.', "_");
    out.line(format!("public class {}", name_of_class(&class)));
    out.block("{", "}", |out| {
        for item in &file.model.types {
            out.blank();
            writer.item(item, out);
        }
        for interface in file.interfaces() {
            out.blank();
            out.line(format!("public static interface {}", name_of_class(interface)));
            out.lines(["{", "}"]);
        }
        out.blank();
    });
}

struct Writer<'f, 'm> {
    file: &'f SourceFile<'m>,
}

impl Writer<'_, '_> {
    fn imports(&self) -> Vec<&str> {
        let mut imports = import::paths(self.file.options, ".");
        let is_default = self.file.options.text("DefaultImports") == DEFAULT_IMPORTS;
        if is_default && self.file.model.types.iter().any(is_renamed) {
            imports.push(GSON);
        }
        imports
    }

    fn item(&self, item: &ModelType<'_>, out: &mut Source) {
        self.description(item.description(), out);
        attributes::write(&attribute_list::of_type(self.file, item), out);
        match item.meta.kind {
            TypeKind::Record => self.class(item, out),
            _ => self.enumeration(item.meta, out),
        }
    }

    /// Escapes are read in comments too.
    fn description(&self, text: Option<&str>, out: &mut Source) {
        if let Some(text) = self.file.description(text) {
            let text = in_block_comment(text).replace("\\u", "\\ u");
            out.lines(["/**", &format!("* {text}"), "*/"]);
        }
    }

    fn enumeration(&self, meta: &TypeMeta, out: &mut Source) {
        let name = self.name(meta);
        out.line(format!("public static enum {name}"));
        out.block("{", "}", |out| {
            let count = meta.enum_members.len();
            for (place, member) in meta.enum_members.iter().enumerate() {
                let end = if place + 1 == count { ';' } else { ',' };
                let constant = constant_name(member.name);
                let renamed = match on_wire(meta, member) {
                    text if text == constant => String::new(),
                    text => serialized_name(&text),
                };
                let number = match shows_numbers(meta) {
                    true => format!("({})", member.number),
                    false => String::new(),
                };
                out.line(format!("{renamed}{constant}{number}{end}"));
            }
            if shows_numbers(meta) {
                out.blank();
                out.line("private final int value;");
                out.line(format!("{name}(final int intValue) {{ value = intValue; }}"));
                out.line("public int getValue() { return value; }");
            }
        });
    }

    fn class(&self, item: &ModelType<'_>, out: &mut Source) {
        let base = item.base().map(|base| format!(" extends {}", self.name(base)));
        let returns = |response: &TypeMeta| format!("IReturn<{}>", self.name(response));
        let interfaces = self.file.implemented(item, returns, name_of_class);
        let implements = clause("implements", &interfaces);
        let name = self.name(item.meta);
        let base = base.unwrap_or_default();
        out.line(format!("public static class {name}{base}{implements}"));
        out.block("{", "}", |out| {
            self.fields(item, out);
            if self.file.options.flag("AddPropertyAccessors") && !item.members.is_empty() {
                out.blank();
                for member in &item.members {
                    self.accessors(item, member, out);
                }
            }
            self.response_type(item, out);
        });
    }

    fn fields(&self, item: &ModelType<'_>, out: &mut Source) {
        let mut needs_gap = false;
        for (index, member) in item.members.iter().enumerate() {
            if needs_gap {
                out.blank();
            }
            self.description(member.meta.description, out);
            let written = attribute_list::of_member(self.file, item, member, index);
            attributes::write(&written, out);
            needs_gap = !written.is_empty();
            let wire_name = item.member_name(member);
            let field = field_name(wire_name);
            let renamed =
                if field == wire_name { String::new() } else { serialized_name(wire_name) };
            let initial = member.initial.map_or("null".to_owned(), |number| number.to_string());
            let kind = self.value_type(&member.meta.value);
            out.line(format!("{renamed}public {kind} {field} = {initial};"));
        }
    }

    fn accessors(&self, item: &ModelType<'_>, member: &Member, out: &mut Source) {
        let field = field_name(item.member_name(member));
        let kind = self.value_type(&member.meta.value);
        let property = capital(&field);
        let is_flag = kind == "Boolean" && !property.to_ascii_lowercase().starts_with("is");
        let mut getter = format!("{}{property}", if is_flag { "is" } else { "get" });
        if METHODS.contains(&getter.as_str()) {
            getter.push('_');
        }
        out.line(format!("public {kind} {getter}() {{ return {field}; }}"));
        let set = format!("set{property}({kind} value) {{ this.{field} = value;");
        out.line(match self.file.options.flag("SettersReturnThis") {
            true => format!("public {} {set} return this; }}", self.name(item.meta)),
            false => format!("public void {set} }}"),
        });
    }

    /// Tells the client what a request returns.
    fn response_type(&self, item: &ModelType<'_>, out: &mut Source) {
        let operation = self.file.operation(item);
        let Some(response) = operation.and_then(|operation| operation.response) else { return };
        let is_taken = item.members.iter().any(|member| item.member_name(member) == "responseType");
        let field = if is_taken { "responseType_" } else { "responseType" };
        out.line(format!("private static Object {field} = {}.class;", self.name(response)));
        out.line(format!("public Object getResponseType() {{ return {field}; }}"));
    }

    fn value_type(&self, value: &ValueType) -> String {
        let mut as_strings = self.file.options.list("TreatTypesAsStrings");
        if as_strings.any(|name| name == value.dotnet_name()) {
            return "String".into();
        }
        match value {
            ValueType::Boolean => "Boolean".into(),
            ValueType::Int32 => "Integer".into(),
            ValueType::Int64 => "Long".into(),
            ValueType::Double => "Double".into(),
            ValueType::Decimal => "BigDecimal".into(),
            ValueType::DateTime => "Date".into(),
            ValueType::TimeSpan => "TimeSpan".into(),
            ValueType::Guid => "UUID".into(),
            ValueType::String | ValueType::Secret => "String".into(),
            ValueType::Bytes => "byte[]".into(),
            ValueType::Enum(meta) | ValueType::Record(meta) => self.name(meta()),
            ValueType::Nullable(inner) => self.value_type(inner),
            ValueType::List(entry) => format!("ArrayList<{}>", self.value_type(entry)),
            ValueType::Map(key, entry) => {
                format!("HashMap<{},{}>", self.value_type(key), self.value_type(entry))
            }
        }
    }

    fn name(&self, meta: &TypeMeta) -> String {
        name_of_class(&self.file.type_name(meta))
    }
}

/// Whether a field or a constant is called otherwise in documents.
fn is_renamed(item: &ModelType<'_>) -> bool {
    let is_field_renamed = |member: &Member| {
        let wire_name = item.member_name(member);
        field_name(wire_name) != wire_name
    };
    let is_constant_renamed =
        |member: &wire::EnumMember| on_wire(item.meta, member) != constant_name(member.name);
    item.members.iter().any(is_field_renamed)
        || item.meta.enum_members.iter().any(is_constant_renamed)
}

/// The text of an enum's member in documents.
fn on_wire(meta: &TypeMeta, member: &wire::EnumMember) -> String {
    match is_number_on_wire(meta) {
        true => member.number.to_string(),
        false => member.text().to_owned(),
    }
}

fn serialized_name(text: &str) -> String {
    format!("@SerializedName({}) ", quoted(text, '"', &[]))
}

fn constant_name(declared: &str) -> String {
    capital(&identifier(declared))
}

fn field_name(wire_name: &str) -> String {
    let name = identifier(wire_name);
    if KEYWORDS.split(' ').any(|word| word == name) { capital(&name) } else { name }
}

fn name_of_class(name: &str) -> String {
    let name = identifier(name);
    if KEYWORDS.split(' ').any(|word| word == name) { name + "_" } else { name }
}

/// The name with its first letter as a capital; one without letters gets `_`.
fn capital(name: &str) -> String {
    let mut letters = name.chars();
    match letters.next() {
        Some('_') | None => format!("{name}_"),
        Some(first) => first.to_ascii_uppercase().to_string() + letters.as_str(),
    }
}
