//! Writing: what a value tells a format about itself.

use crate::meta::{MemberMeta, TypeMeta, ValueType};
use crate::{DateTime, Decimal, Guid, Settings, TimeSpan};

/// The order in which a format wants a record's members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberOrder {
    /// Most derived class first, as JSON and JSV do (`servicestack.md` §1.2).
    Declared,
    /// Base class first, alphabetically in each, as the .NET XML format does (§4).
    BaseFirstAlphabetical,
}

/// A format being written.
///
/// It is offered every member, nulls too, and decides itself how a null looks. Writing cannot fail:
/// the output is a growing buffer. A sink may be used as `dyn Sink`; the usual formats are not, so
/// that their code is made for each type.
pub trait Sink {
    /// How the document is to be written.
    fn settings(&self) -> &Settings;

    /// The order in which members shall come.
    fn member_order(&self) -> MemberOrder {
        MemberOrder::Declared
    }

    /// A record begins.
    fn begin_record(&mut self, meta: &'static TypeMeta);
    /// A member begins; its value follows.
    fn member(&mut self, member: &'static MemberMeta);
    /// A member that is null.
    fn null_member(&mut self, member: &'static MemberMeta);
    /// The record ends.
    fn end_record(&mut self, meta: &'static TypeMeta);

    /// A list of items of one type begins.
    fn begin_list(&mut self, item: &'static ValueType);
    /// The item at `index` (from 0) begins; its value follows.
    fn item(&mut self, index: usize);
    /// The list ends.
    fn end_list(&mut self);

    /// A dictionary begins.
    fn begin_map(&mut self, key: &'static ValueType, value: &'static ValueType);
    /// The entry at `index` (from 0) begins; its key follows as a scalar.
    fn begin_key(&mut self, index: usize);
    /// The key is written; the value follows.
    fn end_key(&mut self);
    /// The dictionary ends.
    fn end_map(&mut self);

    /// A null that is an item, an entry's value or the whole document.
    fn null(&mut self, absent: &'static ValueType);

    /// A text.
    fn text(&mut self, value: &str);
    /// A boolean.
    fn boolean(&mut self, value: bool);
    /// A whole number.
    fn integer(&mut self, value: i64);
    /// A decimal, whose scale is kept.
    fn decimal(&mut self, value: Decimal);
    /// A double.
    fn double(&mut self, value: f64);
    /// A point in time.
    fn date_time(&mut self, value: DateTime);
    /// A duration.
    fn time_span(&mut self, value: TimeSpan);
    /// A GUID.
    fn guid(&mut self, value: Guid);
    /// Bytes.
    fn bytes(&mut self, value: &[u8]);
    /// An enum by its number.
    fn enumeration(&mut self, meta: &'static TypeMeta, number: i32);
}
