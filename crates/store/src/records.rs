//! One declaration per aggregate: its table, the columns SQL must see, its body.
//!
//! From it come the statements that load and write it, on every engine with SQL. The body is
//! the aggregate as self-describing JSON, which views and people can open; the columns repeat
//! what must be found, summed or sorted without opening it.

use std::sync::Arc;

use domain::catalogue::{Event, Organiser, Principal, Series, TicketType, Venue};
use domain::idempotency::Idempotency;
use domain::quota::Quota;
use domain::record::{Kind, Record};
use domain::sale::Sale;
use domain::seller::Seller;

/// How rows of a table are addressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Address {
    /// `id`: shard and number in one integer, the row's own number in the file.
    Number,
    /// `shard, day, hash`: what is looked for by a hash lies together by day.
    DayHash,
    /// `shard`: the shard row itself.
    Shard,
}

/// What SQL sees of an aggregate beside its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// A number, or `NULL`.
    Integer(Option<i64>),
    /// A word.
    Text(&'static str),
}

/// Where an aggregate is stored.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Table {
    pub(crate) kind: Kind,
    pub(crate) name: &'static str,
    pub(crate) address: Address,
    pub(crate) columns: &'static [&'static str],
}

/// The version of every body this program writes, and the newest it can read.
pub(crate) const BODY_VERSION: u32 = 1;

macro_rules! tables {
    ($($name:ident => $table:literal, $address:ident,
       [$($column:literal = |$this:ident| $value:expr),*];)*) => {
        /// Every table of aggregates.
        pub(crate) const TABLES: &[Table] = &[$(Table {
            kind: Kind::$name,
            name: $table,
            address: Address::$address,
            columns: &[$($column),*],
        }),*];

        /// The columns beside address and body, in the order of the declaration.
        pub(crate) fn columns(record: &Record, values: &mut Vec<Value>) {
            match record {
                $(Record::$name(_this) => {
                    values.extend_from_slice(&[$({ let $this = _this; $value }),*]);
                })*
            }
        }

        /// Appends the body.
        pub(crate) fn encode(record: &Record, body: &mut Vec<u8>) -> Result<(), String> {
            let written = match record {
                $(Record::$name(this) => serde_json::to_writer(body, &**this),)*
            };
            written.map_err(|error| error.to_string())
        }

        /// Reads what [`encode`] wrote.
        pub(crate) fn decode(kind: Kind, body: &[u8]) -> Result<Record, String> {
            let read = match kind {
                $(Kind::$name => serde_json::from_slice(body)
                    .map(|this| Record::$name(Arc::<$name>::new(this))),)*
            };
            read.map_err(|error| error.to_string())
        }
    };
}

tables! {
    Seller => "shard", Shard, [
        "catalogue_revision" = |this| unsigned(this.catalogue_revision)];
    Organiser => "organiser", Number, [];
    Series => "series", Number, [];
    Venue => "venue", Number, [];
    Event => "event", Number, [
        "starts_at" = |this| Value::Integer(Some(this.starts_at.0))];
    TicketType => "ticket_type", Number, [];
    Quota => "quota", Number, [
        "capacity" = |this| Value::Integer(this.limit.map(i64::from)),
        "held" = |this| Value::Integer(Some(this.held.into())),
        "sold" = |this| Value::Integer(Some(this.sold.into()))];
    Sale => "sale", Number, [
        "state" = |this| Value::Text(this.state.name()),
        "event" = |this| Value::Integer(Some(this.event.0.into())),
        "total" = |this| Value::Integer(Some(this.total)),
        "currency" = |this| Value::Text(this.currency.code()),
        "placed_at" = |this| Value::Integer(Some(this.placed_at.0)),
        "changed_at" = |this| Value::Integer(Some(this.changed_at.0))];
    Idempotency => "idempotency", DayHash, [
        "sale" = |this| Value::Integer(Some(this.sale.0.into()))];
    Principal => "principal", DayHash, [];
}

fn unsigned(value: u64) -> Value {
    Value::Integer(i64::try_from(value).ok())
}

/// Whether a rule that puts such an aggregate without having looked means a new one, so that
/// finding one there contradicts it. Catalogue items are replaced without a look.
pub(crate) fn never_replaced_unseen(kind: Kind) -> bool {
    matches!(kind, Kind::Sale | Kind::Idempotency)
}
