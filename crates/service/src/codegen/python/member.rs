//! The line of a member: its type, and what it is when nothing is set.

use wire::{NameStyle, ValueType};

use super::Writer;
use super::names::{is_taken, member_name};
use crate::codegen::model::{Member, ModelType, named_types};
use crate::codegen::text::quoted;

/// Collection interfaces that are lists; others keep their name.
const LISTS: [&str; 3] = ["ICollection", "IEnumerable", "IList"];

/// Whether a collection interface is written as a list.
pub(super) fn is_list(interface: &str) -> bool {
    LISTS.contains(&interface)
}

impl Writer<'_, '_> {
    /// `name: type = default`.
    pub(super) fn member_line(&self, item: &ModelType<'_>, member: &Member) -> String {
        let wire_name = member.meta.name.in_style(NameStyle::Camel);
        let name = member_name(wire_name);
        let value = &member.meta.value;
        let plain = self.member_type(member);
        let (kind, default) = match self.default(item, member) {
            Some(default) => (plain, default),
            None if matches!(value, ValueType::Nullable(_)) => (plain, "None".to_owned()),
            None => (format!("Optional[{plain}]"), "None".to_owned()),
        };
        let kind = if self.is_coming(value) { format!("'{kind}'") } else { kind };
        let is_renamed = is_taken(name.trim_end_matches('_'))
            || wire::case::camel(member.meta.name.declared) != wire_name;
        if !is_renamed {
            return format!("{name}: {kind} = {default}");
        }
        let wire_name = quoted(wire_name, '\'', &[]);
        let default = match default.strip_prefix("field(") {
            Some(factory) => factory.trim_end_matches(')').to_owned(),
            None => format!("default={default}"),
        };
        format!("{name}: {kind} = field(metadata=config(field_name={wire_name}), {default})")
    }

    /// What the member is when it is not optional.
    fn default(&self, item: &ModelType<'_>, member: &Member) -> Option<String> {
        if let Some(initial) = member.initial {
            return Some(initial.to_string());
        }
        if self.file.is_optional(item) {
            return None;
        }
        let fills_collections = self.file.options.flag("InitializeCollections")
            || (member.meta.required && item.host.conventions.python_factories);
        let default = match &member.meta.value {
            ValueType::Boolean => "False",
            ValueType::Int32 | ValueType::Int64 => "0",
            ValueType::Double => "0.0",
            ValueType::Decimal => "decimal.Decimal(0)",
            ValueType::DateTime => "datetime.datetime(1, 1, 1)",
            ValueType::TimeSpan => "datetime.timedelta()",
            ValueType::List(_) if fills_collections => "field(default_factory=list)",
            ValueType::Map(..) if fills_collections => "field(default_factory=dict)",
            _ => return None,
        };
        Some(default.to_owned())
    }

    /// Whether a type within is not defined yet. The whole annotation is quoted then, because the
    /// package can look up a quoted annotation, but not a quoted name within one.
    fn is_coming(&self, value: &ValueType) -> bool {
        let mentioned = named_types(value).into_iter().flatten();
        mentioned.into_iter().any(|meta| !self.is_defined(meta))
    }

    fn member_type(&self, member: &Member) -> String {
        match (&member.meta.value, member.meta.interface) {
            (ValueType::List(entry), Some(interface)) if !is_list(interface) => {
                format!("{interface}[{}]", self.value_type(entry))
            }
            (value, _) => self.value_type(value),
        }
    }

    fn value_type(&self, value: &ValueType) -> String {
        match value {
            ValueType::Boolean => "bool".into(),
            ValueType::Int32 | ValueType::Int64 => "int".into(),
            ValueType::Double => "float".into(),
            ValueType::Decimal => "Decimal".into(),
            ValueType::DateTime => "datetime.datetime".into(),
            ValueType::TimeSpan => "datetime.timedelta".into(),
            ValueType::String | ValueType::Secret | ValueType::Guid => "str".into(),
            ValueType::Bytes => "bytes".into(),
            ValueType::Enum(meta) | ValueType::Record(meta) => self.file.type_name(meta()),
            ValueType::Nullable(inner) => format!("Optional[{}]", self.value_type(inner)),
            ValueType::List(entry) => format!("List[{}]", self.value_type(entry)),
            ValueType::Map(key, entry) => {
                format!("Dict[{}, {}]", key_type(key), self.value_type(entry))
            }
        }
    }
}

/// Keys of a dictionary are texts unless JSON reads them as something simple.
fn key_type(key: &ValueType) -> &'static str {
    match key {
        ValueType::Boolean => "bool",
        ValueType::Int32 | ValueType::Int64 => "int",
        _ => "str",
    }
}
