//! Types of members, and how they come out of documents and get into them.

use wire::{EnumMember, TypeMeta, ValueType};

use super::Writer;
use super::names::{case_name, property_name, string};
use crate::codegen::enumeration::is_number_on_wire;
use crate::codegen::model::{Member, ModelType};

impl Writer<'_, '_> {
    /// `?string $name=null`.
    pub(super) fn parameter(&self, item: &ModelType<'_>, member: &Member) -> String {
        let kind = self.native_type(&member.meta.value);
        let name = property_name(item.member_name(member));
        if self.is_nullable(item, member) {
            return format!("?{kind} ${name}=null");
        }
        let default = match (member.initial, kind.as_str()) {
            (Some(version), _) => version.to_string(),
            (None, "bool") => "false".to_owned(),
            (None, "float") => "0.0".to_owned(),
            (None, _) => "0".to_owned(),
        };
        format!("{kind} ${name}={default}")
    }

    /// `string|null`, `array<int,Node>|null`.
    pub(super) fn documented_type(&self, item: &ModelType<'_>, member: &Member) -> String {
        let kind = self.described(&member.meta.value);
        if self.is_nullable(item, member) { kind + "|null" } else { kind }
    }

    /// Whether the member can be null: all but flags and numbers can, because an empty text would
    /// be no GUID and no date.
    fn is_nullable(&self, item: &ModelType<'_>, member: &Member) -> bool {
        let is_plain =
            matches!(self.native_type(&member.meta.value).as_str(), "bool" | "int" | "float");
        let is_asked = self.file.is_optional(item) && member.initial.is_none();
        !is_plain || is_asked || matches!(member.meta.value, ValueType::Nullable(_))
    }

    /// What PHP itself checks.
    fn native_type(&self, value: &ValueType) -> String {
        match value {
            ValueType::Nullable(inner) => self.native_type(inner),
            ValueType::List(_) | ValueType::Map(..) => "array".into(),
            ValueType::Enum(meta) if !is_number_on_wire(meta()) => self.name(meta()),
            ValueType::Record(meta) => self.name(meta()),
            other => self.searched_type(other),
        }
    }

    /// What tools that read comments check.
    fn described(&self, value: &ValueType) -> String {
        match value {
            ValueType::List(entry) => format!("array<{}>", self.described_entry(entry)),
            ValueType::Map(key, entry) => {
                format!("array<{},{}>", self.searched_type(key), self.described_entry(entry))
            }
            other => self.native_type(other),
        }
    }

    fn described_entry(&self, value: &ValueType) -> String {
        match value {
            ValueType::Enum(_) => self.searched_type(value),
            other => self.described(other),
        }
    }

    /// The name by which the package finds how to convert a type.
    fn searched_type(&self, value: &ValueType) -> String {
        match value {
            ValueType::Boolean => "bool".into(),
            ValueType::Int32 | ValueType::Int64 => "int".into(),
            ValueType::Double | ValueType::Decimal => "float".into(),
            ValueType::DateTime
            | ValueType::TimeSpan
            | ValueType::Guid
            | ValueType::String
            | ValueType::Secret => "string".into(),
            ValueType::Bytes => "ByteArray".into(),
            ValueType::Enum(meta) if is_number_on_wire(meta()) => "int".into(),
            ValueType::Enum(meta) if !self.is_searchable(meta()) => "string".into(),
            ValueType::Enum(meta) | ValueType::Record(meta) => self.searched_name(meta()),
            ValueType::Nullable(inner) => self.searched_type(inner),
            ValueType::List(entry) => format!("List<{}>", self.searched_type(entry)),
            ValueType::Map(key, entry) => {
                format!("Dictionary<{},{}>", self.searched_type(key), self.searched_type(entry))
            }
        }
    }

    /// A value out of a document.
    pub(super) fn read(&self, value: &ValueType, source: &str) -> String {
        match value {
            ValueType::Nullable(inner) => self.read(inner, source),
            ValueType::Enum(meta) if !is_number_on_wire(meta()) && !self.is_searchable(meta()) => {
                format!("{}::tryFrom({source})", self.name(meta()))
            }
            other => self.converted(other, source, "from"),
        }
    }

    /// A value for a document.
    pub(super) fn write_value(&self, value: &ValueType, source: &str) -> String {
        match value {
            ValueType::Nullable(inner) => self.write_value(inner, source),
            ValueType::Enum(meta) if !is_number_on_wire(meta()) && !self.is_searchable(meta()) => {
                format!("{source}->value")
            }
            other => self.converted(other, source, "to"),
        }
    }

    fn converted(&self, value: &ValueType, source: &str, direction: &str) -> String {
        match value {
            ValueType::List(entry) => {
                let entry = string(&self.searched_type(entry));
                format!("JsonConverters::{direction}Array({entry}, {source})")
            }
            ValueType::Map(key, entry) => {
                let [key, entry] = [key, entry].map(|part| string(&self.searched_type(part)));
                let context =
                    format!("JsonConverters::context('Dictionary',genericArgs:[{key},{entry}])");
                format!("JsonConverters::{direction}({context}, {source})")
            }
            other => match self.searched_type(other).as_str() {
                "bool" | "int" | "float" | "string" => source.to_owned(),
                kind => format!("JsonConverters::{direction}({}, {source})", string(kind)),
            },
        }
    }

    /// Whether the package reads an enum: its texts are the names of its cases, and the package has
    /// no type of that name, which it would take first.
    fn is_searchable(&self, meta: &TypeMeta) -> bool {
        let is_case = |member: &EnumMember| member.text() == case_name(member.name);
        meta.enum_members.iter().all(is_case) && !self.is_hidden(meta)
    }
}
