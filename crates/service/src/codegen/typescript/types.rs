//! Types of members as TypeScript and the comments of JavaScript write them.

use wire::{TypeKind, TypeMeta, ValueType};

use crate::codegen::generator::SourceFile;
use crate::codegen::model::Member;
use crate::codegen::text::{identifier, quoted};

/// The type of a value. Dates, durations, identifiers and bytes are texts, as in JSON.
pub(crate) fn value_type(file: &SourceFile<'_>, value: &ValueType) -> String {
    match value {
        ValueType::Boolean => "boolean".into(),
        ValueType::Int32 | ValueType::Int64 | ValueType::Double | ValueType::Decimal => {
            "number".into()
        }
        ValueType::DateTime
        | ValueType::TimeSpan
        | ValueType::Guid
        | ValueType::String
        | ValueType::Secret
        | ValueType::Bytes => "string".into(),
        ValueType::Enum(meta) | ValueType::Record(meta) => file.type_name(meta()),
        ValueType::Nullable(inner) => value_type(file, inner),
        ValueType::List(entry) => format!("{}[]", value_type(file, entry)),
        ValueType::Map(key, entry) => {
            format!("{{ [index:{}]: {}; }}", key_type(key), value_type(file, entry))
        }
    }
}

fn key_type(key: &ValueType) -> &'static str {
    match key {
        ValueType::Int32 | ValueType::Int64 => "number",
        _ => "string",
    }
}

/// Whether a member may be left out: it is nullable, or all members of the source may be.
pub(crate) fn is_optional(file: &SourceFile<'_>, member: &Member) -> bool {
    matches!(member.meta.value, ValueType::Nullable(_))
        || file.options.flag("MakePropertiesOptional")
}

/// A member's name, in quotes when it is not one word.
pub(crate) fn member_name(name: &str) -> String {
    if identifier(name) == name { name.to_owned() } else { quoted(name, '\'', &[]) }
}

/// Whether an enum is a number. It is what JSON holds, because nothing converts it at run time: an
/// enum with gaps in its numbers is a text here although Python makes it a number.
pub(crate) fn is_numeric(meta: &TypeMeta) -> bool {
    meta.kind != TypeKind::Enum
}
