//! Types of members.

use wire::ValueType;

use super::Writer;

impl Writer<'_, '_> {
    /// The type, without the mark that it can be missing.
    pub(super) fn value_type(&self, value: &ValueType) -> String {
        if self.is_treated_as_string(value) {
            return "String".into();
        }
        match value {
            ValueType::Boolean => "Bool".into(),
            ValueType::Int32 | ValueType::Int64 => "Int".into(),
            ValueType::Double | ValueType::Decimal => "Double".into(),
            ValueType::DateTime => "Date".into(),
            ValueType::TimeSpan => "TimeInterval".into(),
            ValueType::Guid | ValueType::String | ValueType::Secret => "String".into(),
            ValueType::Bytes => "Data".into(),
            ValueType::Enum(meta) | ValueType::Record(meta) => self.name(meta()),
            ValueType::Nullable(inner) => self.value_type(inner),
            ValueType::List(entry) => format!("[{}]", self.entry_type(entry)),
            ValueType::Map(key, entry) => {
                format!("[{}:{}]", key_type(key), self.entry_type(entry))
            }
        }
    }

    /// Whether a member is a duration, which the package's property wrapper converts.
    pub(super) fn is_duration(&self, value: &ValueType) -> bool {
        match value {
            ValueType::TimeSpan => !self.is_treated_as_string(value),
            ValueType::Nullable(inner) => self.is_duration(inner),
            _ => false,
        }
    }

    /// Durations within a collection are texts, because only a property converts them.
    fn entry_type(&self, value: &ValueType) -> String {
        if self.is_duration(value) { "String".into() } else { self.value_type(value) }
    }

    fn is_treated_as_string(&self, value: &ValueType) -> bool {
        let mut types = self.file.options.list("TreatTypesAsStrings");
        types.any(|name| name == value.dotnet_name())
    }

    /// What a member that is never missing begins with; `None` for one that can be.
    pub(super) fn default(&self, value: &ValueType) -> Option<&'static str> {
        let options = self.file.options;
        let fills_collections = options.flag("InitializeCollections");
        let is_plain = !options.flag("MakePropertiesOptional") && !self.is_treated_as_string(value);
        match value {
            ValueType::List(_) if fills_collections => Some("[]"),
            ValueType::Map(..) if fills_collections => Some("[:]"),
            ValueType::Boolean if is_plain => Some("false"),
            ValueType::Int32 | ValueType::Int64 | ValueType::Double | ValueType::Decimal
                if is_plain =>
            {
                Some("0")
            }
            _ => None,
        }
    }
}

/// Swift reads the keys of a map as texts or whole numbers only.
fn key_type(key: &ValueType) -> &'static str {
    match key {
        ValueType::Int32 | ValueType::Int64 => "Int",
        _ => "String",
    }
}
