//! From the tables of types to schemas: one component a type and direction, named so that types of
//! the same name never meet.

use wire::{MemberMeta, NameStyle, Settings, TypeKind, TypeMeta, ValueType, limits};

use super::json::{Json, object, texts};
use crate::dto::Described;
use crate::host::Host;
use crate::operation::ComputedSample;
use crate::sample::{same_type, write_sample};
use crate::status::ErrorResponse;

/// Which way a value goes. What is read is more than what is written: a decimal may come as text, a
/// GUID with dashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// From the client.
    Input,
    /// To the client.
    Output,
}

/// How a decimal looks as text, in at most the digits that are kept exactly.
const DECIMAL_PATTERN: &str = r"^-?[0-9]{1,18}(\.[0-9]{1,8})?$";

/// Decimals beyond these bounds may come out with an exponent, which is not read.
const DECIMAL_MAX: i64 = 999_999_999_999_999;

/// A moment as it is written; without `Z` or offset it is wall-clock time. No zone of the world is
/// 14 hours or more from UTC but one, which is written `+14:00`.
const DATE_TIME_PATTERN: &str = concat!(
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?",
    r"(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|\+14:00)?$"
);

/// A duration as it is read and written: days are the largest unit (`servicestack.md` §1.6).
const TIME_SPAN_PATTERN: &str =
    r"^-?P([0-9]{1,6}D)?(T([0-9]{1,6}H)?([0-9]{1,6}M)?([0-9]{1,6}(\.[0-9]{1,7})?S)?)?$";

/// The components of one host.
pub(super) struct Schemas {
    names: NameStyle,
    /// Stands before each component's name, so that hosts in one document do not clash.
    prefix: String,
    inputs: Vec<&'static TypeMeta>,
    outputs: Vec<&'static TypeMeta>,
}

impl Schemas {
    /// Collects everything that the host's visible operations reach.
    pub(super) fn of(host: &Host, names: NameStyle, prefix: String) -> Self {
        let (mut inputs, mut outputs) = (Vec::new(), Vec::new());
        for operation in host.operations.iter().filter(|operation| !operation.is_hidden) {
            reach(operation.request, &mut inputs);
            if let Some(response) = operation.response {
                reach(response, &mut outputs);
            }
        }
        reach(ErrorResponse::META, &mut outputs);
        Self { names, prefix, inputs, outputs }
    }

    /// How the host writes a member's name.
    pub(super) fn name(&self, member: &MemberMeta) -> &'static str {
        member.name.in_style(self.names)
    }

    /// The component of the error response with that status.
    pub(super) fn response_name(&self, status: u16) -> String {
        format!("{}Status{status}", self.prefix)
    }

    /// A reference to it.
    pub(super) fn response_reference(&self, status: u16) -> Json {
        let name = self.response_name(status);
        object([("$ref", format!("#/components/responses/{name}").into())])
    }

    /// A type with every member filled.
    pub(super) fn sample(&self, meta: &'static TypeMeta, computed: &[ComputedSample]) -> Json {
        let (mut bytes, settings) = (Vec::new(), Settings::named(self.names));
        write_sample(meta, computed, &mut wire::json::Writer::new(&mut bytes, &settings));
        Json::Written(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// All components, as members of `components.schemas`.
    pub(super) fn components(&self) -> Vec<(String, Json)> {
        let written = self.outputs.iter().map(|meta| (Direction::Output, *meta));
        let read = self.inputs.iter().map(|meta| (Direction::Input, *meta));
        let read = read.filter(|(_, meta)| !(is_enum(meta) && contains(&self.outputs, meta)));
        let all = written.chain(read);
        all.map(|(direction, meta)| {
            (self.component_name(meta, direction), self.component(meta, direction))
        })
        .collect()
    }

    /// A reference to the component of a type.
    pub(super) fn reference(&self, meta: &'static TypeMeta, direction: Direction) -> Json {
        let name = self.component_name(meta, direction);
        object([("$ref", format!("#/components/schemas/{name}").into())])
    }

    fn component_name(&self, meta: &'static TypeMeta, direction: Direction) -> String {
        let in_both = contains(&self.outputs, meta) && !is_enum(meta);
        let suffix = if direction == Direction::Input && in_both { "Input" } else { "" };
        let mut same_name = self.inputs.iter().chain(&self.outputs).filter(|other| {
            let other: &TypeMeta = other;
            other.name == meta.name
        });
        let is_first = same_name.next().is_none_or(|first| same_type(first, meta));
        let namespace = if is_first { String::new() } else { format!("{}.", meta.namespace) };
        format!("{}{namespace}{}{suffix}", self.prefix, meta.name)
    }

    fn component(&self, meta: &'static TypeMeta, direction: Direction) -> Json {
        let schema = if is_enum(meta) { enumeration(meta) } else { self.record(meta, direction) };
        schema.with_some("description", meta.explanation())
    }

    fn record(&self, meta: &'static TypeMeta, direction: Direction) -> Json {
        let members: Vec<&MemberMeta> =
            meta.all_members().filter(|member| !is_elsewhere(member)).collect();
        let properties = members.iter().map(|member| {
            let schema = self.value(&member.value, direction, Nulls::Allowed);
            (self.name(member).to_owned(), schema.with_some("description", member.explanation()))
        });
        let properties = Json::Object(properties.collect());
        let is_required = |member: &&&MemberMeta| match direction {
            Direction::Input => member.required && !is_credential(member),
            Direction::Output => !can_be_null(&member.value),
        };
        let required: Vec<_> = members.iter().filter(is_required).collect();
        let schema = object([("type", "object".into()), ("properties", properties)]);
        match required.is_empty() {
            true => schema,
            false => schema.with("required", texts(required.iter().map(|m| self.name(m)))),
        }
    }

    /// Whether a request cannot do without some member of this type.
    pub(super) fn needs_body(&self, meta: &'static TypeMeta) -> bool {
        meta.all_members()
            .any(|member| member.required && !is_credential(member) && !is_elsewhere(member))
    }

    /// The schema of a value.
    pub(super) fn value(
        &self,
        value: &'static ValueType,
        direction: Direction,
        nulls: Nulls,
    ) -> Json {
        let reference = |meta: &fn() -> &'static TypeMeta| {
            let reference = self.reference(meta(), direction);
            let null = object([("type", "null".into())]);
            match nulls {
                Nulls::Allowed => object([("anyOf", Json::List(vec![reference, null]))]),
                Nulls::Never => reference,
            }
        };
        let typed = |name: &str| match nulls {
            Nulls::Allowed => object([("type", texts([name, "null"]))]),
            Nulls::Never => object([("type", name.into())]),
        };
        match value {
            ValueType::Nullable(inner) => {
                nullable(self.value(inner, direction, Nulls::Never), nulls)
            }
            ValueType::Record(meta) => reference(meta),
            ValueType::Enum(meta) => self.reference(meta(), direction),
            ValueType::String => typed("string"),
            ValueType::Secret => typed("string").with("format", "password").with("writeOnly", true),
            ValueType::Bytes => typed("string").with("contentEncoding", "base64"),
            ValueType::List(item) => {
                let list = typed("array").with("items", self.item(item, direction));
                match direction {
                    Direction::Input => list.with("maxItems", limit(limits::LIST_LENGTH_MAX)),
                    Direction::Output => list,
                }
            }
            ValueType::Map(_, value) => {
                typed("object").with("additionalProperties", self.item(value, direction))
            }
            scalar => self::scalar(scalar, direction),
        }
    }

    /// The schema of what a list or dictionary holds. A null object in a list is written as `{}`.
    fn item(&self, item: &'static ValueType, direction: Direction) -> Json {
        let is_record = matches!(item, ValueType::Record(_));
        self.value(item, direction, if is_record { Nulls::Never } else { Nulls::Allowed })
    }
}

/// Whether a value may be null where it stands; a parameter that is null is left out instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nulls {
    Allowed,
    Never,
}

/// A request member that is published as the place of a key: it may come by its security scheme.
pub(super) fn is_credential(member: &MemberMeta) -> bool {
    matches!(member.value, ValueType::Secret) && member.parameter == Some("query")
}

/// A request member that is published as a header, which is no part of a body.
pub(super) fn is_elsewhere(member: &MemberMeta) -> bool {
    member.parameter == Some("header")
}

fn limit(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn is_enum(meta: &TypeMeta) -> bool {
    meta.kind != TypeKind::Record
}

fn contains(types: &[&'static TypeMeta], meta: &TypeMeta) -> bool {
    types.iter().any(|known| same_type(known, meta))
}

fn can_be_null(value: &ValueType) -> bool {
    value.is_reference() || matches!(value, ValueType::Nullable(_))
}

/// Adds a type and everything it is made of.
fn reach(meta: &'static TypeMeta, found: &mut Vec<&'static TypeMeta>) {
    if contains(found, meta) {
        return;
    }
    found.push(meta);
    for member in meta.all_members() {
        reach_value(&member.value, found);
    }
}

fn reach_value(value: &'static ValueType, found: &mut Vec<&'static TypeMeta>) {
    match value {
        ValueType::Record(meta) | ValueType::Enum(meta) => reach(meta(), found),
        ValueType::Nullable(inner) | ValueType::List(inner) => reach_value(inner, found),
        ValueType::Map(key, value) => {
            reach_value(key, found);
            reach_value(value, found);
        }
        _ => {}
    }
}

fn nullable(schema: Json, nulls: Nulls) -> Json {
    match schema {
        schema if nulls == Nulls::Never => schema,
        Json::Object(mut members) if members.first().is_some_and(|(name, _)| name == "type") => {
            let types = match members.remove(0).1 {
                Json::List(types) => types,
                single => vec![single],
            };
            let types = types.into_iter().chain(["null".into()]).collect();
            members.insert(0, ("type".to_owned(), Json::List(types)));
            Json::Object(members)
        }
        other => {
            let null = object([("type", "null".into())]);
            object([("anyOf", Json::List(vec![other, null]))])
        }
    }
}

/// Names are read in any case, and numbers too; the names are what clients should send.
fn enumeration(meta: &'static TypeMeta) -> Json {
    let members = meta.enum_members;
    let numbers = || members.iter().map(|member| Json::Integer(member.number.into())).collect();
    match meta.kind {
        TypeKind::IntegerEnum => {
            object([("type", "integer".into()), ("enum", Json::List(numbers()))])
                .with("x-enum-varnames", texts(members.iter().map(|member| member.name)))
        }
        TypeKind::FlagsEnum => object([("type", "integer".into()), ("format", "int32".into())])
            .with("x-enum-flags", Json::List(numbers()))
            .with("x-enum-varnames", texts(members.iter().map(|member| member.name))),
        TypeKind::Enum | TypeKind::Record => object([
            ("type", "string".into()),
            ("enum", texts(members.iter().map(wire::meta::EnumMember::text))),
        ]),
    }
}

fn scalar(value: &ValueType, direction: Direction) -> Json {
    let typed = |name: &str| object([("type", name.into())]);
    let is_input = direction == Direction::Input;
    match value {
        ValueType::Boolean => typed("boolean"),
        ValueType::Int32 => integer("int32", i32::MIN.into(), i32::MAX.into()),
        ValueType::Int64 => integer("int64", i64::MIN, i64::MAX),
        ValueType::Double => typed("number").with("format", "double"),
        ValueType::Decimal if is_input => object([("type", texts(["number", "string"]))])
            .with("format", "decimal")
            .with("pattern", DECIMAL_PATTERN)
            .with("minimum", -DECIMAL_MAX)
            .with("maximum", DECIMAL_MAX),
        ValueType::Decimal => typed("number").with("format", "decimal"),
        ValueType::DateTime if is_input => {
            typed("string").with("format", "date-time").with("pattern", DATE_TIME_PATTERN)
        }
        ValueType::DateTime => typed("string").with("pattern", DATE_TIME_PATTERN),
        ValueType::TimeSpan => typed("string").with("pattern", TIME_SPAN_PATTERN),
        ValueType::Guid if is_input => typed("string").with("format", "uuid"),
        ValueType::Guid => typed("string").with("pattern", "^[0-9a-f]{32}$"),
        _ => object([]),
    }
}

fn integer(format: &str, minimum: i64, maximum: i64) -> Json {
    object([("type", "integer".into()), ("format", format.into())])
        .with("minimum", minimum)
        .with("maximum", maximum)
}
