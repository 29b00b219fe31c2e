//! Dart, for the package `servicestack`.
//!
//! The package converts by the names of types in texts, which the context at the end of the file
//! explains. It knows enums with texts only, so members of numbered enums are numbers, which keeps
//! sums of flags too; decimals are `double`, as JSON is to Dart.

mod names;
mod value;

use wire::{TypeKind, TypeMeta};

use super::attribute;
use super::description;
use super::enumeration::is_number_on_wire;
use super::framework::{ACCESS, AUDIT, CANCELLATION, CLIENT, NAVIGATION, Owned};
use super::generator::{Generator, SourceFile};
use super::model::{Member, ModelType};
use super::options::{OptionLine, line};
use super::source::Source;
use super::text::identifier;

use names::{constant_name, string, type_name};

const OPTIONS: &[OptionLine] = &[
    line("GlobalNamespace", ""),
    line("AddServiceStackTypes", "True"),
    line("AddResponseStatus", "False"),
    line("AddImplicitVersion", ""),
    line("AddDescriptionAsComments", "True"),
    line("IncludeTypes", ""),
    line("ExcludeTypes", ""),
    line("DefaultImports", "package:servicestack/servicestack.dart"),
];

/// Has the type of bytes.
const TYPED_DATA: &str = "dart:typed_data";

/// The language.
pub(super) const GENERATOR: Generator = Generator {
    options: OPTIONS,
    owned: Owned::Groups(&[CLIENT, ACCESS, AUDIT, NAVIGATION, CANCELLATION]),
    ..Generator::usual(write)
};

fn write(file: &SourceFile<'_>, out: &mut Source) {
    let writer = Writer { file };
    writer.imports(out);
    for interface in file.interfaces() {
        out.blank();
        out.lines([&format!("abstract class {}", type_name(interface)), "{", "}"]);
    }
    for item in &file.model.types {
        out.blank();
        writer.item(item, out);
    }
    out.blank();
    writer.context(out);
}

struct Writer<'f, 'm> {
    file: &'f SourceFile<'m>,
}

impl Writer<'_, '_> {
    fn imports(&self, out: &mut Source) {
        let is_word = |word: &str| identifier(word) == word || word.is_empty();
        let is_uri = |uri: &&str| uri.split([':', '/', '.', '-']).all(is_word);
        let mut imports: Vec<&str> =
            self.file.options.list("DefaultImports").filter(is_uri).collect();
        let has_bytes = || self.members().any(|member| value::holds_bytes(&member.meta.value));
        if !imports.contains(&TYPED_DATA) && has_bytes() {
            imports.push(TYPED_DATA);
        }
        imports.sort_by_key(|uri| !uri.starts_with("dart:"));
        out.lines(imports.iter().map(|uri| format!("import {};", string(uri))));
    }

    /// All members of the file's types.
    fn members(&self) -> impl Iterator<Item = &Member> {
        self.file.model.types.iter().flat_map(|item| &item.members)
    }

    fn item(&self, item: &ModelType<'_>, out: &mut Source) {
        description::block(self.file, item.description(), out);
        out.lines(attribute::comments(self.file, item, "// @"));
        match item.meta.kind {
            TypeKind::Record => self.class(item, out),
            _ if is_number_on_wire(item.meta) => self.numbers(item.meta, out),
            _ => self.enumeration(item.meta, out),
        }
    }

    /// Texts that are not the names stand beside them, where the package looks for them.
    fn enumeration(&self, meta: &TypeMeta, out: &mut Source) {
        let name = self.name(meta);
        let members = meta.enum_members;
        let is_renamed = members.iter().any(|member| constant_name(member.name) != member.text());
        out.line(format!("enum {name}"));
        out.block("{", "}", |out| {
            for (place, member) in members.iter().enumerate() {
                let constant = constant_name(member.name);
                let end = if is_renamed && place + 1 == members.len() { ';' } else { ',' };
                out.line(match is_renamed {
                    true => format!("{constant}({}){end}", string(member.text())),
                    false => format!("{constant}{end}"),
                });
            }
            if is_renamed {
                out.blank();
                out.line("final String value;");
                out.line(format!("const {name}(this.value);"));
            }
        });
    }

    /// Names for some numbers.
    fn numbers(&self, meta: &TypeMeta, out: &mut Source) {
        if meta.kind == TypeKind::FlagsEnum {
            out.line("// @Flags()");
        }
        out.line(format!("abstract class {}", self.name(meta)));
        out.block("{", "}", |out| {
            out.lines(meta.enum_members.iter().map(|member| {
                format!("static const int {} = {};", constant_name(member.name), member.number)
            }));
        });
    }

    fn class(&self, item: &ModelType<'_>, out: &mut Source) {
        let name = self.name(item.meta);
        let base = item.base().map(|base| format!(" extends {}", self.name(base)));
        let returns = |response: &TypeMeta| format!("IReturn<{}>", self.name(response));
        let mut interfaces = self.file.implemented(item, returns, type_name);
        interfaces.push("IConvertible".to_owned());
        let base = base.unwrap_or_default();
        out.line(format!("class {name}{base} implements {}", interfaces.join(", ")));
        out.block("{", "}", |out| {
            self.fields(item, out);
            self.constructors(item, out);
            out.blank();
            self.reader(item, out);
            out.blank();
            self.serializer(item, out);
            out.blank();
            self.request_methods(item, out);
            out.line(format!("getTypeName() => \"{}\";", identifier(item.meta.name)));
            out.line("TypeContext? context = _ctx;");
        });
    }

    fn fields(&self, item: &ModelType<'_>, out: &mut Source) {
        for member in &item.members {
            description::block(self.file, member.meta.description, out);
            let attribute = attribute::of_member(member.meta);
            let needs_gap = attribute.is_some() || member.meta.description.is_some();
            out.lines(attribute.map(|text| format!("// @{text}")));
            let kind = self.value_type(&member.meta.value);
            let initial = member.initial.map(|version| format!(" = {version}"));
            let name = self.field_name(item, member);
            out.line(format!("{kind}? {name}{};", initial.unwrap_or_default()));
            if needs_gap {
                out.blank();
            }
        }
        if !item.members.is_empty() {
            out.blank();
        }
    }

    fn constructors(&self, item: &ModelType<'_>, out: &mut Source) {
        let name = self.name(item.meta);
        let is_free = |member: &&Member| member.initial.is_none();
        let own = item.members.iter().filter(is_free);
        let own = own.map(|member| format!("this.{}", self.field_name(item, member)));
        let inherited = self.file.model.inherited(item);
        let inherited = inherited.iter().filter(is_free);
        let inherited = inherited.map(|member| format!("super.{}", self.field_name(item, member)));
        let all: Vec<String> = own.chain(inherited).collect();
        out.line(match all.is_empty() {
            true => format!("{name}();"),
            false => format!("{name}({{{}}});", all.join(",")),
        });
        out.line(format!("{name}.fromJson(Map<String, dynamic> json) {{ fromMap(json); }}"));
    }

    fn reader(&self, item: &ModelType<'_>, out: &mut Source) {
        out.block("fromMap(Map<String, dynamic> json) {", "}", |out| {
            if item.base().is_some() {
                out.line("super.fromMap(json);");
            }
            for member in &item.members {
                let source = format!("json[{}]", string(item.member_name(member)));
                let value = self.read(&member.meta.value, &source);
                out.line(format!("{} = {value};", self.field_name(item, member)));
            }
            out.line("return this;");
        });
    }

    fn serializer(&self, item: &ModelType<'_>, out: &mut Source) {
        let has_base = item.base().is_some();
        if item.members.is_empty() {
            let map = if has_base { "super.toJson()" } else { "{}" };
            out.line(format!("Map<String, dynamic> toJson() => {map};"));
            return;
        }
        out.block("Map<String, dynamic> toJson() => {", "};", |out| {
            if has_base {
                out.line("...super.toJson(),");
            }
            let count = item.members.len();
            for (place, member) in item.members.iter().enumerate() {
                let end = if place + 1 == count { "" } else { "," };
                let key = string(item.member_name(member));
                let field = self.field_name(item, member);
                let value = self.write_value(&member.meta.value, &field);
                out.line(format!("{key}: {value}{end}"));
            }
        });
    }

    /// What the client needs to send a request.
    fn request_methods(&self, item: &ModelType<'_>, out: &mut Source) {
        let Some(operation) = self.file.operation(item) else { return };
        match operation.response.map(|response| self.name(response)) {
            Some(response) => {
                out.line(format!("createResponse() => {response}();"));
                out.line(format!("getResponseTypeName() => \"{response}\";"));
            }
            None => out.line("createResponse() {}"),
        }
    }

    /// Tells the package what the names of types mean.
    fn context(&self, out: &mut Source) {
        let library = match self.file.options.text("GlobalNamespace") {
            "" => "dtos",
            name => name,
        };
        let open = format!(
            "TypeContext _ctx = TypeContext(library: {}, types: <String, TypeInfo> {{",
            string(library)
        );
        out.block(&open, "});", |out| {
            for item in &self.file.model.types {
                let name = self.name(item.meta);
                match item.meta.kind {
                    TypeKind::Record => out
                        .line(format!("'{name}': TypeInfo(TypeOf.Class, create:() => {name}()),")),
                    _ if is_number_on_wire(item.meta) => {}
                    _ => out.line(format!(
                        "'{name}': TypeInfo(TypeOf.Enum, enumValues:{name}.values),"
                    )),
                }
            }
            out.lines(self.collections().iter().map(|kind| {
                format!("'{kind}': TypeInfo(TypeOf.Class, create:() => {}),", value::empty(kind))
            }));
        });
    }

    fn name(&self, meta: &TypeMeta) -> String {
        type_name(&self.file.type_name(meta))
    }
}
