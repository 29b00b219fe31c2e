//! Sample values (`servicestack.md §8.3`): what a type looks like when every member is filled.
//!
//! A sample is written straight from the description of a type, so it needs no value and no
//! knowledge of any format.

use wire::sink::MemberOrder;
use wire::walk::base_first_alphabetical;
use wire::{DateTime, Decimal, Guid, MemberMeta, Sink, TimeSpan, TypeKind, TypeMeta, ValueType};

use crate::operation::ComputedSample;

/// How deep a type may stand in itself before it is null.
const SELF_NESTING_MAX: usize = 3;

/// Levels of a whole sample; the published contracts need six.
const DEPTH_MAX: usize = 16;

/// Writes the sample of a request or response; `computed` are members of `meta` itself that show a
/// text of their own.
pub fn write_sample<S: Sink + ?Sized>(
    meta: &'static TypeMeta,
    computed: &[ComputedSample],
    sink: &mut S,
) {
    Sample { sink, computed, open: Vec::new() }.record(meta);
}

/// Positions of a record's members in the order `sink` wants.
pub(crate) fn ordered_members<S: Sink + ?Sized>(
    meta: &'static TypeMeta,
    sink: &S,
) -> Vec<&'static MemberMeta> {
    let positions = match sink.member_order() {
        MemberOrder::BaseFirstAlphabetical => base_first_alphabetical(meta),
        MemberOrder::Declared if meta.order.is_empty() => (0..meta.all_members().count()).collect(),
        MemberOrder::Declared => meta.order.to_vec(),
    };
    positions.into_iter().filter_map(|position| meta.member(position)).collect()
}

/// Whether two descriptions are of one type. Their addresses do not tell: a description is a
/// constant, of which the compiler may keep several copies.
pub(crate) fn same_type(left: &TypeMeta, right: &TypeMeta) -> bool {
    left.name == right.name && left.namespace == right.namespace
}

struct Sample<'s, S: ?Sized> {
    sink: &'s mut S,
    computed: &'s [ComputedSample],
    /// The types whose samples are being written, outermost first.
    open: Vec<&'static TypeMeta>,
}

impl<S: Sink + ?Sized> Sample<'_, S> {
    fn record(&mut self, meta: &'static TypeMeta) {
        self.sink.begin_record(meta);
        self.open.push(meta);
        for member in ordered_members(meta, self.sink) {
            self.member(member);
        }
        self.open.pop();
        self.sink.end_record(meta);
    }

    fn member(&mut self, member: &'static MemberMeta) {
        let is_root = self.open.len() == 1;
        let computed = self.computed.iter().find(|sample| sample.member == member.name.declared);
        if let Some(sample) = computed.filter(|_| is_root) {
            self.sink.member(member);
            self.sink.text(sample.text);
        } else if self.is_absent(&member.value) || member.interface.is_some() {
            self.sink.null_member(member);
        } else {
            self.sink.member(member);
            self.value(&member.value);
        }
    }

    /// Whether the framework leaves such a member null.
    fn is_absent(&self, value: &ValueType) -> bool {
        match value {
            ValueType::Nullable(inner) => matches!(inner, ValueType::Enum(_)),
            ValueType::Record(meta) => !self.can_create(meta()),
            _ => false,
        }
    }

    fn can_create(&self, meta: &'static TypeMeta) -> bool {
        let nested = self.open.iter().filter(|open| same_type(open, meta)).count();
        meta.has_constructor && nested <= SELF_NESTING_MAX && self.open.len() < DEPTH_MAX
    }

    fn value(&mut self, value: &'static ValueType) {
        match value {
            ValueType::String | ValueType::Secret => self.sink.text("String"),
            ValueType::Bytes => self.sink.bytes(&[0]),
            ValueType::Nullable(inner) => self.value(inner),
            ValueType::Record(meta) => self.record(meta()),
            ValueType::List(item) => self.list(item),
            ValueType::Map(key, value) => self.map(key, value),
            ValueType::Enum(meta) => lowest(meta(), self.sink),
            scalar => write_zero(scalar, self.sink),
        }
    }

    fn list(&mut self, item: &'static ValueType) {
        self.sink.begin_list(item);
        self.sink.item(0);
        self.value_or_null(item);
        self.sink.end_list();
    }

    fn map(&mut self, key: &'static ValueType, value: &'static ValueType) {
        self.sink.begin_map(key, value);
        self.sink.begin_key(0);
        self.value(key);
        self.sink.end_key();
        self.value_or_null(value);
        self.sink.end_map();
    }

    fn value_or_null(&mut self, value: &'static ValueType) {
        if self.is_absent(value) { self.sink.null(value) } else { self.value(value) }
    }
}

/// The enum member with the lowest number; flags show no flag.
fn lowest<S: Sink + ?Sized>(meta: &'static TypeMeta, sink: &mut S) {
    let numbers = meta.enum_members.iter().map(|member| member.number);
    // .NET sorts enum values as unsigned numbers, so a negative one is never the lowest.
    sink.enumeration(meta, numbers.min_by_key(|number| number.cast_unsigned()).unwrap_or(0));
}

/// Writes the default of a value type.
pub(crate) fn write_zero<S: Sink + ?Sized>(value: &'static ValueType, sink: &mut S) {
    match value {
        ValueType::Boolean => sink.boolean(false),
        ValueType::Int32 | ValueType::Int64 => sink.integer(0),
        ValueType::Double => sink.double(0.0),
        ValueType::Decimal => sink.decimal(Decimal::ZERO),
        ValueType::DateTime => sink.date_time(DateTime::default()),
        ValueType::TimeSpan => sink.time_span(TimeSpan::default()),
        ValueType::Guid => sink.guid(Guid::default()),
        ValueType::Enum(meta) if meta().kind != TypeKind::Record => sink.enumeration(meta(), 0),
        other => sink.null(other),
    }
}
