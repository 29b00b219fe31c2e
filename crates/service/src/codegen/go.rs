//! Go, for the module `servicestack-go`.
//!
//! Three things differ from what other services generate, because the documents of these hosts ask
//! for it: decimals are `json.Number`, which loses nothing; dates and durations are texts, because
//! `time.Time` reads one of the many forms of a date only; and members are called as the host calls
//! them.

mod format;

use wire::{TypeKind, TypeMeta, ValueType};

use self::format::columns;
use super::attribute;
use super::description;
use super::enumeration::is_number_on_wire;
use super::framework::{ACCESS, AUDIT, CLIENT, NAVIGATION, Owned, QUERIES, REGISTRATION};
use super::generator::{Generator, SourceFile};
use super::model::{Member, ModelType};
use super::source::Source;
use super::text::{identifier, quoted};

/// The module of the client library, and what files call it.
const LIBRARY: &str = "ss \"github.com/ServiceStack/servicestack-go\"";
const LIBRARY_PREFIX: &str = "ss.";

/// Words and names that a type or a package may not have.
const KEYWORDS: &str = "\
    _ any bool break byte case chan const continue default defer else fallthrough float64 for \
    func go goto if import init int int64 interface json main map package range return select ss \
    string struct switch type var";

/// Methods of requests; a field of that name takes their place.
const RESPONSE_METHOD: &str = "CreateResponse";
const VOID_METHOD: &str = "CreateResponseVoid";
const VERB_METHOD: &str = "HttpMethod";

/// The language.
pub(super) const GENERATOR: Generator = Generator {
    owned: Owned::Groups(&[CLIENT, ACCESS, REGISTRATION, AUDIT, NAVIGATION, QUERIES]),
    ..Generator::usual(write)
};

fn write(file: &SourceFile<'_>, out: &mut Source) {
    let writer = Writer { file };
    let mut types = Source::new("\t");
    for item in &file.model.types {
        types.blank();
        writer.item(item, &mut types);
    }
    let package = match file.options.text("GlobalNamespace") {
        "" => "dtos".to_owned(),
        name => escaped(&name.replace('.', "_")),
    };
    out.line(format!("package {package}"));
    let types = types.finish();
    imports(file, &types, out);
    out.lines(types.lines());
}

/// Imports what was asked for and what the types use.
fn imports(file: &SourceFile<'_>, types: &str, out: &mut Source) {
    let is_path = |path: &&str| path.split(['/', '.', '-']).all(|word| identifier(word) == word);
    let asked = file.options.list("DefaultImports").filter(is_path);
    let mut imports: Vec<String> = asked.map(|path| format!("\"{path}\"")).collect();
    let used = [("json.Number", "\"encoding/json\""), (LIBRARY_PREFIX, LIBRARY)];
    for (_, import) in used.into_iter().filter(|(name, _)| format::mentions(types, name)) {
        if !imports.iter().any(|known| known == import) {
            imports.push(import.to_owned());
        }
    }
    if !imports.is_empty() {
        imports.sort_by(|left, right| left.split('"').nth(1).cmp(&right.split('"').nth(1)));
        out.blank();
        out.line("import (");
        out.lines(imports.iter().map(|import| format!("\t{import}")));
        out.line(")");
    }
}

struct Writer<'f, 'm> {
    file: &'f SourceFile<'m>,
}

impl Writer<'_, '_> {
    fn item(&self, item: &ModelType<'_>, out: &mut Source) {
        description::tagged(self.file, item.description(), out);
        out.lines(attribute::comments(self.file, item, "// @"));
        match item.meta.kind {
            TypeKind::Record => {
                self.structure(item, out);
                self.methods(item, out);
            }
            _ => self.enumeration(item.meta, out),
        }
    }

    fn enumeration(&self, meta: &TypeMeta, out: &mut Source) {
        let name = self.name(meta);
        let is_number = is_number_on_wire(meta);
        out.line(format!("type {name} {}", if is_number { "int" } else { "string" }));
        out.blank();
        let is_taken = |name: &str| {
            let mut others = self.file.model.types.iter();
            others.any(|other| self.name(other.meta) == name)
        };
        let rows = meta.enum_members.iter().map(|member| {
            let mut constant = format!("{name}{}", identifier(member.name));
            while is_taken(&constant) {
                constant.push('_');
            }
            let value = match is_number {
                true => member.number.to_string(),
                false => quoted(member.text(), '"', &[]),
            };
            [constant, name.clone(), format!("= {value}")]
        });
        out.block("const (", ")", |out| out.lines(columns(rows.collect())));
    }

    fn structure(&self, item: &ModelType<'_>, out: &mut Source) {
        out.block(&format!("type {} struct {{", self.name(item.meta)), "}", |out| {
            out.lines(item.base().map(|base| self.name(base)));
            let mut rows = Vec::new();
            for member in &item.members {
                let attribute = attribute::of_member(member.meta);
                if member.meta.description.is_some() || attribute.is_some() {
                    out.lines(columns(std::mem::take(&mut rows)));
                }
                description::tagged(self.file, member.meta.description, out);
                out.lines(attribute.map(|text| format!("// @{text}")));
                rows.push(self.field(item, member));
            }
            out.lines(columns(rows));
        });
    }

    /// Name, type and tag.
    fn field(&self, item: &ModelType<'_>, member: &Member) -> [String; 3] {
        let value = &member.meta.value;
        let is_pointer = self.is_pointer(item, member);
        let is_date = matches!(value, ValueType::DateTime | ValueType::TimeSpan | ValueType::Guid);
        // An empty text is no date, so it is never sent.
        let is_sent = member.meta.required && !is_pointer && !is_date;
        let kind = self.value_type(value);
        let kind = if is_pointer { format!("*{kind}") } else { kind };
        let wire_name = identifier(item.member_name(member));
        let options = if is_sent { "" } else { ",omitempty" };
        let note = member.initial.map(|version| format!(" // {version}")).unwrap_or_default();
        let tag = format!("`json:\"{wire_name}{options}\"`{note}");
        [field_name(member.meta.name.declared), kind, tag]
    }

    /// Whether a member may be missing where its type alone cannot say so. Lists and maps can.
    fn is_pointer(&self, item: &ModelType<'_>, member: &Member) -> bool {
        match &member.meta.value {
            ValueType::List(_) | ValueType::Map(..) | ValueType::Bytes => false,
            ValueType::Nullable(_) | ValueType::Record(_) => true,
            value => {
                let is_reference = value.is_reference() && !member.meta.required;
                is_reference || self.file.is_optional(item)
            }
        }
    }

    /// What the client needs to send a request.
    fn methods(&self, item: &ModelType<'_>, out: &mut Source) {
        let Some(operation) = self.file.operation(item) else { return };
        let receiver = format!("func ({})", self.name(item.meta));
        let (name, returned, body) = match operation.response {
            Some(response) => {
                (RESPONSE_METHOD, format!(" (r {})", self.name(response)), "{ return }".to_owned())
            }
            None => (VOID_METHOD, String::new(), "{}".to_owned()),
        };
        let verb = format!("{{ return \"{}\" }}", operation.client_verb().name());
        let methods = [(name, returned, body), (VERB_METHOD, " string".to_owned(), verb)];
        let has_field = |name: &str| {
            item.members.iter().any(|member| field_name(member.meta.name.declared) == name)
        };
        let written = methods.into_iter().filter(|(name, ..)| !has_field(name));
        let rows: Vec<_> = written
            .map(|(name, returned, body)| [format!("{receiver} {name}(){returned}"), body])
            .collect();
        if !rows.is_empty() {
            out.blank();
            out.lines(columns(rows));
        }
    }

    fn value_type(&self, value: &ValueType) -> String {
        match value {
            ValueType::Boolean => "bool".into(),
            ValueType::Int32 => "int".into(),
            ValueType::Int64 => "int64".into(),
            ValueType::Double => "float64".into(),
            ValueType::Decimal => "json.Number".into(),
            ValueType::DateTime
            | ValueType::TimeSpan
            | ValueType::Guid
            | ValueType::String
            | ValueType::Secret => "string".into(),
            ValueType::Bytes => "[]byte".into(),
            ValueType::Enum(meta) | ValueType::Record(meta) => self.name(meta()),
            ValueType::Nullable(inner) => self.value_type(inner),
            ValueType::List(entry) => format!("[]{}", self.value_type(entry)),
            ValueType::Map(key, entry) => {
                format!("map[{}]{}", self.key_type(key), self.value_type(entry))
            }
        }
    }

    /// Keys are texts unless the JSON package reads them from one.
    fn key_type(&self, key: &ValueType) -> String {
        match key {
            ValueType::Int32 | ValueType::Int64 => self.value_type(key),
            _ => "string".into(),
        }
    }

    /// The name of a type, with the module's where it comes from there.
    fn name(&self, meta: &TypeMeta) -> String {
        let name = escaped(&self.file.type_name(meta));
        let is_theirs = self.file.is_from_library(meta, &GENERATOR.owned);
        if is_theirs { format!("{LIBRARY_PREFIX}{name}") } else { name }
    }
}

/// A name that other packages see: its first letter is a capital.
fn field_name(declared: &str) -> String {
    let name = identifier(declared);
    let mut letters = name.chars();
    match letters.next() {
        Some(first) if first.is_alphabetic() => {
            first.to_uppercase().collect::<String>() + letters.as_str()
        }
        _ => format!("X{name}"),
    }
}

fn escaped(name: &str) -> String {
    let name = identifier(name);
    if KEYWORDS.split(' ').any(|word| word == name) { name + "_" } else { name }
}
