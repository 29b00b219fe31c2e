//! Members as C# declares them: `List<int> Ids`, `DateTime? ExpiresAt`.

use service::Dto;
use service::codegen::Language;
use service::dto::Described;
use wire::{TypeMeta, ValueType};

/// A type that stands for whatever class or enum a vector names; its name is put in afterwards.
pub(crate) const PLACEHOLDER: &str = "TypeThatTheVectorNames";

/// The type of that name. It has no members, so that those of the vector are the only ones.
#[derive(Debug, Default, Dto)]
#[dto(name = "TypeThatTheVectorNames")]
struct Placeholder {}

/// A request without members.
#[derive(Debug, Default, Dto)]
pub(crate) struct Nothing {}

/// A member, taken apart.
pub(crate) struct Declared<'v> {
    /// Its name.
    pub(crate) name: &'v str,
    /// Its type.
    pub(crate) value: ValueType,
    /// The interface that it is declared as.
    pub(crate) interface: Option<&'static str>,
    /// The class or enum within its type.
    pub(crate) named: Option<&'v str>,
    /// Whether the service says that it must be sent.
    pub(crate) required: bool,
}

/// Generic types that are lists to every generator.
const LISTS: [&str; 7] =
    ["List", "HashSet", "Queue", "Stack", "IEnumerable", "ICollection", "IList"];

/// Generic types that are dictionaries.
const MAPS: [&str; 2] = ["Dictionary", "IDictionary"];

/// Interfaces of collections whose name is kept.
const INTERFACES: [&str; 2] = ["IReadOnlyList", "IReadOnlyCollection"];

/// Attributes that make a member required.
const REQUIRED: [&str; 3] = ["[Required", "IsRequired=true", "[ValidateNotEmpty"];

/// Reads `type name`, which attributes may precede; what follows in brackets is a remark. `None`
/// for a type that no contract has.
pub(crate) fn member(declared: &str, language: Language) -> Option<Declared<'_>> {
    let (attributes, declared) = match declared.rsplit_once("] ") {
        Some((attributes, rest)) if declared.starts_with('[') => (attributes, rest),
        _ => ("", declared),
    };
    let blankless: String = attributes.split(' ').collect();
    let required = REQUIRED.iter().any(|attribute| blankless.contains(attribute))
        || declared.contains("(required");
    let declared = declared.split(" (").next()?.trim();
    let (kind, name) = declared.rsplit_once(' ')?;
    let mut types = Types { language, named: None };
    let interface = INTERFACES.into_iter().find(|name| arguments(kind, name).is_some());
    let value = match interface.and_then(|name| arguments(kind, name)) {
        Some(entry) => ValueType::List(leak(types.read(entry)?)),
        None => types.read(kind)?,
    };
    Some(Declared { name, value, interface, named: types.named, required })
}

struct Types<'v> {
    language: Language,
    named: Option<&'v str>,
}

impl<'v> Types<'v> {
    fn read(&mut self, kind: &'v str) -> Option<ValueType> {
        let kind = kind.trim();
        if let Some(inner) = kind.strip_suffix('?').or_else(|| arguments(kind, "Nullable")) {
            // A class with a question mark is nullable too, where a service declares it so.
            return Some(ValueType::Nullable(leak(self.read(inner)?)));
        }
        if let Some(plain) = plain(kind, self.language) {
            return Some(plain);
        }
        let entry = kind.strip_suffix("[]");
        if let Some(entry) = entry.or_else(|| LISTS.iter().find_map(|list| arguments(kind, list))) {
            return Some(ValueType::List(leak(self.read(entry)?)));
        }
        if let Some(pair) = MAPS.iter().find_map(|map| arguments(kind, map)) {
            let (key, entry) = pair.split_once(',')?;
            return Some(ValueType::Map(leak(self.read(key)?), leak(self.read(entry)?)));
        }
        let is_class = kind.starts_with(char::is_uppercase);
        let is_word =
            is_class && kind.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
        let is_known = self.named.is_none_or(|named| named == kind);
        (is_word && is_known).then(|| {
            self.named = Some(kind);
            ValueType::Record(placeholder)
        })
    }
}

/// What stands between the angle brackets of `name<...>`.
fn arguments<'v>(kind: &'v str, name: &str) -> Option<&'v str> {
    kind.strip_prefix(name)?.strip_prefix('<')?.strip_suffix('>')
}

/// Types without arguments. What contracts lack is taken for the type that the language writes in
/// the same way; Kotlin tells the numbers apart.
fn plain(kind: &str, language: Language) -> Option<ValueType> {
    Some(match kind.strip_prefix("System.").unwrap_or(kind) {
        "bool" | "Boolean" => ValueType::Boolean,
        "int" | "Int32" => ValueType::Int32,
        "long" | "Int64" => ValueType::Int64,
        "uint" if language == Language::Kotlin => ValueType::Int64,
        "byte" | "sbyte" | "short" | "ushort" | "uint" | "ulong"
            if language != Language::Kotlin =>
        {
            ValueType::Int32
        }
        "double" | "Double" => ValueType::Double,
        "float" if language != Language::Kotlin => ValueType::Double,
        "decimal" | "Decimal" => ValueType::Decimal,
        "DateTime" | "DateTimeOffset" | "DateOnly" => ValueType::DateTime,
        "TimeSpan" | "TimeOnly" => ValueType::TimeSpan,
        "Guid" => ValueType::Guid,
        "string" | "String" | "char" | "Char" | "Uri" | "Type" => ValueType::String,
        "byte[]" | "Stream" => ValueType::Bytes,
        _ => return None,
    })
}

fn placeholder() -> &'static TypeMeta {
    Placeholder::META
}

/// Keeps a type as long as the program runs, as the product's own tables are.
fn leak(value: ValueType) -> &'static ValueType {
    Box::leak(Box::new(value))
}
