//! Which part of a response a table shows: CSV and JSON Lines choose alike (`servicestack.md`
//! §3.1).
//!
//! A class with `[DataContract]` is a wrapper: its first list is the table; if it has none, its
//! first member that .NET stores as a reference is the only row; if it has none of these either, it
//! is the row itself. Every other value is shown whole.

use crate::meta::{MemberMeta, TypeMeta, ValueType};
use crate::sink::{MemberOrder, Sink};
use crate::{DateTime, Decimal, Guid, Settings, TimeSpan};

/// The member of every response that tells of an error; no table is made of it.
const STATUS_MEMBER: &str = "ResponseStatus";

/// The members of a record in the order they are written.
pub(crate) fn columns(meta: &'static TypeMeta) -> Vec<&'static MemberMeta> {
    if meta.order.is_empty() {
        return meta.all_members().collect();
    }
    meta.order.iter().filter_map(|&index| meta.member(index)).collect()
}

/// The member that is shown instead of a wrapper; `None` if the record is shown itself.
pub(crate) fn shown_member(meta: &'static TypeMeta) -> Option<&'static MemberMeta> {
    if !meta.data_contract {
        return None;
    }
    let mut candidates = columns(meta);
    candidates.retain(|member| {
        let is_table =
            matches!(member.value, ValueType::List(_) | ValueType::Map(..) | ValueType::Record(_));
        is_table && member.name.declared != STATUS_MEMBER
    });
    let is_list = |member: &&&MemberMeta| matches!(member.value, ValueType::List(_));
    candidates.iter().find(is_list).or(candidates.first()).copied()
}

/// A sink that hands on only what the table shows, as if it were the whole document.
#[derive(Debug)]
pub struct Shown<S> {
    inner: S,
    /// The member that is shown of the wrapper at hand, by its declared name: descriptions are
    /// constants, whose addresses do not tell them apart.
    member: Option<&'static str>,
    is_shown: bool,
    /// Open records, lists and dictionaries, the wrapper included.
    depth: usize,
}

impl<S: Sink> Shown<S> {
    pub(crate) fn of(inner: S) -> Self {
        Self { inner, member: None, is_shown: true, depth: 0 }
    }

    /// Whether the event at hand lies between the members of a wrapper.
    fn is_in_wrapper(&self) -> bool {
        self.member.is_some() && self.depth == 1
    }

    /// Whether the member at hand is to be handed on as a member.
    fn is_inner_member(&mut self, member: &'static MemberMeta) -> bool {
        if self.is_in_wrapper() {
            self.is_shown = self.member == Some(member.name.declared);
            return false;
        }
        self.is_shown
    }

    fn open(&mut self, open: impl FnOnce(&mut S)) {
        self.depth += 1;
        self.show(open);
    }

    fn close(&mut self, close: impl FnOnce(&mut S)) {
        self.depth -= 1;
        self.show(close);
    }

    fn show(&mut self, event: impl FnOnce(&mut S)) {
        if self.is_shown {
            event(&mut self.inner);
        }
    }
}

impl<S: Sink> Sink for Shown<S> {
    fn settings(&self) -> &Settings {
        self.inner.settings()
    }

    fn member_order(&self) -> MemberOrder {
        self.inner.member_order()
    }

    fn begin_record(&mut self, meta: &'static TypeMeta) {
        let shown = if self.depth == 0 { shown_member(meta) } else { None };
        if shown.is_some() {
            (self.member, self.is_shown) = (shown.map(|member| member.name.declared), false);
        }
        self.open(|inner| inner.begin_record(meta));
    }

    fn member(&mut self, member: &'static MemberMeta) {
        if self.is_inner_member(member) {
            self.inner.member(member);
        }
    }

    fn null_member(&mut self, member: &'static MemberMeta) {
        if self.is_inner_member(member) {
            self.inner.null_member(member);
        } else if self.is_in_wrapper() {
            self.show(|inner| inner.null(&member.value));
        }
    }

    fn end_record(&mut self, meta: &'static TypeMeta) {
        if self.is_in_wrapper() {
            self.is_shown = false;
        }
        self.close(|inner| inner.end_record(meta));
    }

    fn begin_list(&mut self, item: &'static ValueType) {
        self.open(|inner| inner.begin_list(item));
    }

    fn item(&mut self, index: usize) {
        self.show(|inner| inner.item(index));
    }

    fn end_list(&mut self) {
        self.close(S::end_list);
    }

    fn begin_map(&mut self, key: &'static ValueType, value: &'static ValueType) {
        self.open(|inner| inner.begin_map(key, value));
    }

    fn begin_key(&mut self, index: usize) {
        self.show(|inner| inner.begin_key(index));
    }

    fn end_key(&mut self) {
        self.show(S::end_key);
    }

    fn end_map(&mut self) {
        self.close(S::end_map);
    }

    fn null(&mut self, absent: &'static ValueType) {
        self.show(|inner| inner.null(absent));
    }

    fn text(&mut self, value: &str) {
        self.show(|inner| inner.text(value));
    }

    fn boolean(&mut self, value: bool) {
        self.show(|inner| inner.boolean(value));
    }

    fn integer(&mut self, value: i64) {
        self.show(|inner| inner.integer(value));
    }

    fn decimal(&mut self, value: Decimal) {
        self.show(|inner| inner.decimal(value));
    }

    fn double(&mut self, value: f64) {
        self.show(|inner| inner.double(value));
    }

    fn date_time(&mut self, value: DateTime) {
        self.show(|inner| inner.date_time(value));
    }

    fn time_span(&mut self, value: TimeSpan) {
        self.show(|inner| inner.time_span(value));
    }

    fn guid(&mut self, value: Guid) {
        self.show(|inner| inner.guid(value));
    }

    fn bytes(&mut self, value: &[u8]) {
        self.show(|inner| inner.bytes(value));
    }

    fn enumeration(&mut self, meta: &'static TypeMeta, number: i32) {
        self.show(|inner| inner.enumeration(meta, number));
    }
}
