//! Rust, for the crate `servicestack`, releases 0.1.x.
//!
//! The crate reads and writes JSON by serde, which knows a member by one spelling only: that of the
//! host. Dates, durations and GUIDs are texts, so nothing of them is lost; decimals are `f64`, the
//! crate's convention, which keeps 15 digits. Numbered enums are numbers with names, because serde
//! writes an `enum` by name and a sum of flags has none.

use wire::{EnumMember, TypeKind, TypeMeta, ValueType};

use super::attribute;
use super::description;
use super::enumeration::is_number_on_wire;
use super::framework::{ACCESS, AUDIT, CLIENT, NAVIGATION, Owned, QUERIES, REGISTRATION};
use super::generator::{Generator, SourceFile};
use super::import;
use super::model::{Member, ModelType};
use super::options::usual;
use super::source::Source;
use super::text::identifier;

const DEFAULT_IMPORTS: &str =
    "serde::Serialize,serde::Deserialize,std::collections::HashMap,servicestack::*";

/// Words that Rust keeps for itself; a name that is one gets `r#`.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// Words that `r#` does not help; they get `_`.
const PATH_WORDS: &[&str] = &["Self", "_", "crate", "self", "super"];

const DERIVES: &str = "#[derive(Serialize, Deserialize, Debug, Clone, PartialEq, Default)]";

/// The language.
pub(super) const GENERATOR: Generator = Generator {
    options: &usual("", DEFAULT_IMPORTS),
    owned: Owned::Groups(&[CLIENT, ACCESS, REGISTRATION, AUDIT, NAVIGATION, QUERIES]),
    ..Generator::usual(write)
};

fn write(file: &SourceFile<'_>, out: &mut Source) {
    let has_maps = has_maps(file);
    let imports = import::paths(file.options, "::").into_iter();
    let used = imports.filter(|path| has_maps || !path.ends_with("::HashMap"));
    out.lines(used.map(|path| format!("use {path};")));
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
        out.lines(attribute::comments(self.file, item, "// "));
        match item.meta.kind {
            TypeKind::Record => {
                self.structure(item, out);
                self.request(item, out);
            }
            _ if is_number_on_wire(item.meta) => self.numbers(item.meta, out),
            _ => self.enumeration(item.meta, out),
        }
    }

    fn enumeration(&self, meta: &TypeMeta, out: &mut Source) {
        out.line(DERIVES);
        out.block(&format!("pub enum {} {{", self.name(meta)), "}", |out| {
            let default = default_member(meta);
            for (place, member) in meta.enum_members.iter().enumerate() {
                if place == default {
                    out.line("#[default]");
                }
                out.line(format!("#[serde(rename = {})]", string(member.text())));
                out.line(format!("{},", escaped(member.name)));
            }
        });
    }

    /// A number with names for some values, which keeps all others too.
    fn numbers(&self, meta: &TypeMeta, out: &mut Source) {
        let name = self.name(meta);
        out.line(DERIVES.replace("Default", "Eq, Copy, Default"));
        out.line("#[serde(transparent)]");
        out.line(format!("pub struct {name}(pub i32);"));
        out.blank();
        out.line("#[allow(non_upper_case_globals)]");
        out.block(&format!("impl {name} {{"), "}", |out| {
            out.lines(meta.enum_members.iter().map(|EnumMember { name, number, .. }| {
                format!("pub const {}: Self = Self({number});", escaped(name))
            }));
        });
    }

    fn structure(&self, item: &ModelType<'_>, out: &mut Source) {
        out.line(DERIVES);
        out.line("#[serde(default)]");
        let open = format!("pub struct {} {{", self.name(item.meta));
        if item.members.is_empty() && item.base().is_none() {
            out.line(open + "}");
            return;
        }
        out.block(&open, "}", |out| {
            if let Some(base) = item.base() {
                let kind = self.name(base);
                out.line("#[serde(flatten)]");
                out.line(format!("pub {}: {kind},", field_name(base.name)));
            }
            for member in &item.members {
                self.member(item, member, out);
            }
        });
    }

    fn member(&self, item: &ModelType<'_>, member: &Member, out: &mut Source) {
        description::line(self.file, member.meta.description, out);
        out.lines(attribute::of_member(member.meta).map(|text| format!("// {text}")));
        let wire_name = item.member_name(member);
        let name = field_name(member.meta.name.declared);
        if name.trim_start_matches("r#") != wire_name {
            out.line(format!("#[serde(rename = {})]", string(wire_name)));
        }
        let kind = self.value_type(&member.meta.value);
        let kind = if self.is_optional(item, member) { format!("Option<{kind}>") } else { kind };
        if kind.starts_with("Option<") {
            out.line("#[serde(skip_serializing_if = \"Option::is_none\")]");
        }
        out.line(match member.initial {
            Some(version) => format!("pub {name}: {kind}, // {version}"),
            None => format!("pub {name}: {kind},"),
        });
    }

    /// Whether the member becomes an `Option` that it is not yet. A text that stands for a date or
    /// a GUID is one too, because an empty text would be no date.
    fn is_optional(&self, item: &ModelType<'_>, member: &Member) -> bool {
        let value = &member.meta.value;
        let can_be_missing = value.is_reference() || is_text(value);
        let is_asked = can_be_missing && !member.meta.required || self.file.is_optional(item);
        is_asked && !matches!(value, ValueType::Nullable(_))
    }

    /// What the client needs to send a request.
    fn request(&self, item: &ModelType<'_>, out: &mut Source) {
        let Some(operation) = self.file.operation(item) else { return };
        let name = self.name(item.meta);
        let verb = operation.client_verb().name();
        out.blank();
        out.block(&format!("impl IRequest for {name} {{"), "}", |out| {
            out.line(format!("const NAME: &'static str = {};", string(item.meta.name)));
            out.line(format!("const VERB: &'static str = {};", string(verb)));
        });
        out.line(match operation.response {
            Some(response) => {
                format!("impl IReturn for {name} {{ type Response = {}; }}", self.name(response))
            }
            None => format!("impl IReturnVoid for {name} {{}}"),
        });
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
            | ValueType::Bytes => "String".into(),
            ValueType::Enum(meta) | ValueType::Record(meta) => self.name(meta()),
            ValueType::Nullable(inner) => format!("Option<{}>", self.value_type(inner)),
            ValueType::List(entry) => format!("Vec<{}>", self.value_type(entry)),
            ValueType::Map(key, entry) => {
                format!("HashMap<{}, {}>", self.key_type(key), self.value_type(entry))
            }
        }
    }

    /// Keys are texts unless serde reads them from one.
    fn key_type(&self, key: &ValueType) -> String {
        match key {
            ValueType::Boolean | ValueType::Int32 | ValueType::Int64 => self.value_type(key),
            _ => "String".into(),
        }
    }

    fn name(&self, meta: &TypeMeta) -> String {
        escaped(&self.file.type_name(meta))
    }
}

/// Whether a member of the file is a map.
fn has_maps(file: &SourceFile<'_>) -> bool {
    let mut members = file.model.types.iter().flat_map(|item| &item.members);
    members.any(|member| holds_map(&member.meta.value))
}

fn holds_map(value: &ValueType) -> bool {
    match value {
        ValueType::Map(..) => true,
        ValueType::List(entry) => holds_map(entry),
        _ => false,
    }
}

/// Whether a value type is written as a text.
fn is_text(value: &ValueType) -> bool {
    matches!(value, ValueType::DateTime | ValueType::TimeSpan | ValueType::Guid)
}

/// The place of the member that .NET starts with: the one with the number 0, else the first.
fn default_member(meta: &TypeMeta) -> usize {
    meta.enum_members.iter().position(|member| member.number == 0).unwrap_or_default()
}

/// `TicketName` becomes `ticket_name`, and `OrderID` becomes `order_i_d`, as in Python.
fn field_name(declared: &str) -> String {
    escaped(&wire::case::snake(declared))
}

fn escaped(name: &str) -> String {
    let name = identifier(name);
    if KEYWORDS.contains(&name.as_str()) {
        format!("r#{name}")
    } else if PATH_WORDS.contains(&name.as_str()) {
        name + "_"
    } else {
        name
    }
}

/// A string of Rust: its own debug form is one.
fn string(text: &str) -> String {
    format!("{text:?}")
}
