//! Zig, for the package `servicestack`.
//!
//! Zig has no inheritance, so members of the bases stand in each structure. The JSON of its library
//! knows a field by one spelling only, that of the host, and an enum by the name of its tag, which
//! is therefore the text in documents. Numbered enums take any number, sums of flags too.

mod names;

use wire::{TypeKind, TypeMeta, ValueType};

use super::attribute;
use super::description;
use super::enumeration::is_number_on_wire;
use super::framework::{ACCESS, CLIENT, Owned, REGISTRATION};
use super::generator::{Generator, SourceFile};
use super::header::CommentStyle;
use super::model::{Member, ModelType};
use super::source::Source;
use super::text::{identifier, quoted};

use names::{escaped, field_name, type_name};

const COMMENTS: CommentStyle = CommentStyle { open: "", line: "/// ", off: "//", close: "///" };

/// What every file imports.
const IMPORTS: [&str; 2] =
    ["const std = @import(\"std\");", "const ss = @import(\"servicestack\");"];

/// What files call the package.
const LIBRARY: &str = "ss";

/// What requests declare for the client.
const NAME: &str = "ss_name";
const VERB: &str = "ss_verb";
const RESPONSE: &str = "Response";

/// The language.
pub(super) const GENERATOR: Generator = Generator {
    comments: &COMMENTS,
    owned: Owned::Groups(&[CLIENT, ACCESS, REGISTRATION]),
    framework_name: |name| GENERATOR.owned.has(name).then(|| format!("{LIBRARY}.{name}")),
    ..Generator::usual(write)
};

fn write(file: &SourceFile<'_>, out: &mut Source) {
    out.lines(IMPORTS);
    let is_free = |name: &&str| identifier(name) == *name && !["std", LIBRARY].contains(name);
    let asked = file.options.list("DefaultImports").filter(is_free);
    out.lines(asked.map(|name| format!("const {} = @import(\"{name}\");", type_name(name))));
    let writer = Writer { file };
    for item in &file.model.types {
        out.blank();
        writer.item(item, out);
    }
}

struct Writer<'f, 'm> {
    file: &'f SourceFile<'m>,
}

impl Writer<'_, '_> {
    fn item(&self, item: &ModelType<'_>, out: &mut Source) {
        description::line(self.file, item.description(), out);
        out.lines(attribute::comments(self.file, item, "// @"));
        match item.meta.kind {
            TypeKind::Record => self.structure(item, out),
            _ if is_number_on_wire(item.meta) => self.numbers(item.meta, out),
            _ => self.enumeration(item.meta, out),
        }
    }

    fn enumeration(&self, meta: &TypeMeta, out: &mut Source) {
        out.block(&format!("pub const {} = enum {{", self.name(meta)), "};", |out| {
            out.lines(meta.enum_members.iter().map(|tag| escaped(tag.text()) + ","));
        });
    }

    /// A number with names for some values, written as the number that it is.
    fn numbers(&self, meta: &TypeMeta, out: &mut Source) {
        if meta.kind == TypeKind::FlagsEnum {
            out.line("// @Flags()");
        }
        out.block(&format!("pub const {} = enum(i32) {{", self.name(meta)), "};", |out| {
            let tags = meta.enum_members.iter();
            out.lines(tags.map(|tag| format!("{} = {},", field_name(tag.name), tag.number)));
            out.line("_,");
            out.blank();
            let open = "pub fn jsonStringify(self: @This(), writer: anytype) !void {";
            out.block(open, "}", |out| out.line("try writer.write(@intFromEnum(self));"));
        });
    }

    fn structure(&self, item: &ModelType<'_>, out: &mut Source) {
        let name = self.name(item.meta);
        let wire_name = |member: &Member| item.member_name(member);
        let is_own = |name: &str| item.members.iter().any(|member| wire_name(member) == name);
        let mut members = self.file.model.inherited(item);
        members.retain(|member| !is_own(wire_name(member)));
        members.extend(&item.members);
        let declared = self.declarations(item, &members);
        if members.is_empty() && declared.is_empty() {
            out.line(format!("pub const {name} = struct {{}};"));
            return;
        }
        out.block(&format!("pub const {name} = struct {{"), "};", |out| {
            if !declared.is_empty() && !members.is_empty() {
                out.lines(&declared);
                out.blank();
            } else {
                out.lines(&declared);
            }
            self.fields(item, &members, out);
        });
    }

    fn fields(&self, item: &ModelType<'_>, members: &[Member], out: &mut Source) {
        let mut needs_gap = false;
        for member in members {
            if needs_gap {
                out.blank();
            }
            let attribute = attribute::of_member(member.meta);
            needs_gap = attribute.is_some() || member.meta.description.is_some();
            description::line(self.file, member.meta.description, out);
            out.lines(attribute.map(|text| format!("// @{text}")));
            out.line(self.field(item, member));
        }
    }

    fn field(&self, item: &ModelType<'_>, member: &Member) -> String {
        let name = field_name(item.member_name(member));
        let value = &member.meta.value;
        let kind = self.value_type(value);
        let default = match (member.initial, kind.as_str()) {
            (Some(version), _) => version.to_string(),
            _ if self.file.is_optional(item) || matches!(value, ValueType::Nullable(_)) => {
                "null".to_owned()
            }
            (None, "bool") => "false".to_owned(),
            (None, "i32" | "i64" | "f64") => "0".to_owned(),
            _ => "null".to_owned(),
        };
        let mark = if default == "null" { "?" } else { "" };
        format!("{name}: {mark}{kind} = {default},")
    }

    /// What the client needs to send a request; a field of that name takes its place.
    fn declarations(&self, item: &ModelType<'_>, members: &[Member]) -> Vec<String> {
        let Some(operation) = self.file.operation(item) else {
            return Vec::new();
        };
        let text = |text: &str| quoted(text, '"', &[]);
        let verb = operation.client_verb().name();
        let response = operation.response.map(|response| (RESPONSE, self.name(response)));
        let all = [(NAME, text(item.meta.name)), (VERB, text(verb))].into_iter().chain(response);
        let is_free = |name: &str| members.iter().all(|member| item.member_name(member) != name);
        all.filter(|(name, _)| is_free(name))
            .map(|(name, value)| format!("pub const {name} = {value};"))
            .collect()
    }

    fn value_type(&self, value: &ValueType) -> String {
        match value {
            ValueType::Boolean => "bool".into(),
            ValueType::Int32 => "i32".into(),
            ValueType::Int64 => "i64".into(),
            ValueType::Double | ValueType::Decimal => "f64".into(),
            ValueType::DateTime
            | ValueType::TimeSpan
            | ValueType::Guid
            | ValueType::String
            | ValueType::Secret
            | ValueType::Bytes => "[]const u8".into(),
            ValueType::Enum(meta) | ValueType::Record(meta) => self.name(meta()),
            ValueType::Nullable(inner) => self.value_type(inner),
            ValueType::List(entry) => format!("[]const {}", self.value_type(entry)),
            ValueType::Map(_, entry) => {
                format!("std.json.ArrayHashMap({})", self.value_type(entry))
            }
        }
    }

    /// The name of a type, with the package's where it comes from there.
    fn name(&self, meta: &TypeMeta) -> String {
        if self.file.is_from_library(meta, &GENERATOR.owned) {
            return format!("{LIBRARY}.{}", meta.name);
        }
        type_name(&self.file.type_name(meta))
    }
}
