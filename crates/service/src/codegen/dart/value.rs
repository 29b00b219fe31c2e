//! Types of members, and how they come out of documents and get into them.

use wire::ValueType;

use super::Writer;
use super::names::string;
use crate::codegen::enumeration::is_number_on_wire;

impl Writer<'_, '_> {
    /// The type, without the mark that it can be null.
    pub(super) fn value_type(&self, value: &ValueType) -> String {
        match value {
            ValueType::Boolean => "bool".into(),
            ValueType::Int32 | ValueType::Int64 => "int".into(),
            ValueType::Double | ValueType::Decimal => "double".into(),
            ValueType::DateTime => "DateTime".into(),
            ValueType::TimeSpan => "Duration".into(),
            ValueType::Guid | ValueType::String | ValueType::Secret => "String".into(),
            ValueType::Bytes => "Uint8List".into(),
            ValueType::Enum(meta) if is_number_on_wire(meta()) => "int".into(),
            ValueType::Enum(meta) | ValueType::Record(meta) => self.name(meta()),
            ValueType::Nullable(inner) => self.value_type(inner),
            ValueType::List(entry) => format!("List<{}>", self.value_type(entry)),
            ValueType::Map(key, entry) => {
                format!("Map<{},{}?>", self.value_type(key), self.value_type(entry))
            }
        }
    }

    /// A value out of a document.
    pub(super) fn read(&self, value: &ValueType, source: &str) -> String {
        let kind = self.value_type(value);
        match kind.as_str() {
            "bool" | "int" | "String" => source.to_owned(),
            "double" => format!("JsonConverters.toDouble({source})"),
            "Map<String,String?>" => format!("JsonConverters.toStringMap({source})"),
            kind => format!("JsonConverters.fromJson({source},{},context!)", string(kind)),
        }
    }

    /// A value for a document.
    pub(super) fn write_value(&self, value: &ValueType, source: &str) -> String {
        let kind = self.value_type(value);
        match kind.as_str() {
            "bool" | "int" | "String" | "double" | "Map<String,String?>" => source.to_owned(),
            kind => format!("JsonConverters.toJson({source},{},context!)", string(kind)),
        }
    }

    /// The lists and maps of the file's members, inner ones too, each once.
    pub(super) fn collections(&self) -> Vec<String> {
        let mut found = Vec::new();
        for member in self.members() {
            self.collect(&member.meta.value, &mut found);
        }
        found
    }

    fn collect(&self, value: &ValueType, found: &mut Vec<String>) {
        if let ValueType::List(entry) | ValueType::Map(_, entry) = value {
            self.collect(entry, found);
            let kind = self.value_type(value);
            if !found.contains(&kind) {
                found.push(kind);
            }
        }
    }
}

/// An empty list or map of such a type.
pub(super) fn empty(kind: &str) -> String {
    match kind.strip_prefix("List") {
        Some(entry) => format!("{entry}[]"),
        None => format!("{}{{}}", kind.trim_start_matches("Map")),
    }
}

/// Whether bytes are within.
pub(super) fn holds_bytes(value: &ValueType) -> bool {
    match value {
        ValueType::Bytes => true,
        ValueType::List(entry) | ValueType::Map(_, entry) => holds_bytes(entry),
        _ => false,
    }
}
