//! One declaration per aggregate: its table, the columns SQL must see, its body.
//!
//! From it come the statements that load and write it, on every engine with SQL. The body is
//! the aggregate as self-describing JSON, which views and people can open; the columns repeat
//! what must be found, summed or sorted without opening it.

use std::sync::Arc;

use domain::agency::{Agency, Customer, CustomerCode, CustomerOrder};
use domain::allowance::Allowance;
use domain::audit::AuditRecord;
use domain::books::{EventBook, OwnerBook};
use domain::card::{Card, CardType};
use domain::catalogue::{Event, Organiser, Principal, Series, TicketType, Venue};
use domain::club::contract::Contract;
use domain::club::{Chain, ClubStore, Member, Package, PromoCode, Staff};
use domain::enrolment::{Enrolment, OrderReference};
use domain::facts::Key;
use domain::gate::Gate;
use domain::idempotency::{Idempotency, Identity};
use domain::ids::{CardId, SaleId, Shard};
use domain::job::Job;
use domain::pass::{Pass, PassType};
use domain::payout::Payout;
use domain::phone::Phone;
use domain::profile::{PaymentProfile, Wallet};
use domain::quota::Quota;
use domain::record::{Kind, Record};
use domain::sale::Sale;
use domain::seating::{Reservation, SeatBlock, SeatMap};
use domain::seller::Seller;
use domain::settlement::{SettlementDifference, SettlementFile};
use domain::special_ticket::SpecialTicket;
use domain::task::Task;
use domain::transfer::Transfer;
use domain::user::{User, UserName};
use serde::{Deserialize, Serialize};

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

/// How an aggregate becomes a body and comes back.
trait Body: Sized {
    fn write(&self, body: &mut Vec<u8>) -> serde_json::Result<()>;
    fn read(key: &Key, body: &[u8]) -> serde_json::Result<Self>;
}

/// The usual body: the whole aggregate as it describes itself.
macro_rules! whole_bodies {
    ($($name:ident),*) => {$(
        impl Body for $name {
            fn write(&self, body: &mut Vec<u8>) -> serde_json::Result<()> {
                serde_json::to_writer(body, self)
            }

            fn read(_key: &Key, body: &[u8]) -> serde_json::Result<$name> {
                serde_json::from_slice(body)
            }
        }
    )*};
}

whole_bodies!(Seller, Organiser, Series, Venue, Event, TicketType, Quota, Sale, Principal);
whole_bodies!(User, UserName, AuditRecord, SeatMap, SeatBlock, Reservation, Phone, Allowance);
whole_bodies!(Enrolment, OrderReference, CardType, Card, PassType, Pass, SpecialTicket, Transfer);
whole_bodies!(EventBook, OwnerBook, Payout, Gate, Job, Task);
whole_bodies!(Agency, Customer, CustomerCode, CustomerOrder);
whole_bodies!(Chain, ClubStore, Member, Staff, Package, PromoCode, Contract);
whole_bodies!(SettlementFile, SettlementDifference);
whole_bodies!(PaymentProfile, Wallet);

/// An idempotency row repeats nothing of its address: there is one for every order, spread
/// over the whole day's part of the table, so its size decides how many pages a batch touches.
#[derive(Serialize, Deserialize)]
struct IdempotencyBody {
    /// In hex.
    fingerprint: String,
    sale: SaleId,
    /// Whose sale, if not that of the shard in the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seller: Option<Shard>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    cards: Vec<CardId>,
}

impl Body for Idempotency {
    fn write(&self, body: &mut Vec<u8>) -> serde_json::Result<()> {
        let fingerprint = format!("{:x}", self.identity.fingerprint);
        let seller = Some(self.seller).filter(|seller| *seller != self.shard);
        let (sale, cards) = (self.sale, self.cards.clone());
        serde_json::to_writer(body, &IdempotencyBody { fingerprint, sale, seller, cards })
    }

    fn read(key: &Key, body: &[u8]) -> serde_json::Result<Idempotency> {
        let body: IdempotencyBody = serde_json::from_slice(body)?;
        let fingerprint = u128::from_str_radix(&body.fingerprint, 16)
            .map_err(<serde_json::Error as serde::de::Error>::custom)?;
        let identity = Identity { hash: key.hash, fingerprint };
        let seller = body.seller.unwrap_or(key.shard);
        let (sale, cards) = (body.sale, body.cards);
        Ok(Idempotency { shard: key.shard, day: key.number, identity, seller, sale, cards })
    }
}

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
                $(Record::$name(this) => this.write(body),)*
            };
            written.map_err(|error| error.to_string())
        }

        /// Reads what [`encode`] wrote at this address.
        pub(crate) fn decode(key: &Key, body: &[u8]) -> Result<Record, String> {
            let read = match key.kind {
                $(Kind::$name => {
                    <$name as Body>::read(key, body).map(|this| Record::$name(Arc::new(this)))
                })*
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
    Idempotency => "idempotency", DayHash, [];
    Principal => "principal", DayHash, [];
    User => "user_account", Number, [];
    UserName => "user_name", DayHash, [];
    AuditRecord => "audit", DayHash, [];
    SeatMap => "seat_map", Number, [];
    SeatBlock => "seat_block", Number, [];
    Reservation => "reservation", Number, [];
    Phone => "phone", DayHash, [];
    Allowance => "allowance", DayHash, [];
    Enrolment => "enrolment", Number, [];
    OrderReference => "order_reference", DayHash, [];
    CardType => "card_type", Number, [];
    Card => "card", Number, [];
    PassType => "pass_type", Number, [];
    Pass => "pass", Number, [];
    SpecialTicket => "special_ticket", DayHash, [];
    Transfer => "transfer", Number, [];
    EventBook => "event_book", Number, [];
    OwnerBook => "owner_book", Number, [];
    Payout => "payout", Number, [];
    Gate => "gate", Number, [];
    Job => "job", Number, [];
    Agency => "agency", Number, [];
    Customer => "customer", Number, [];
    CustomerCode => "customer_code", DayHash, [];
    CustomerOrder => "customer_order", Number, [];
    Task => "task", Number, [];
    Chain => "chain", Number, [];
    ClubStore => "club_store", Number, [];
    Member => "member", Number, [];
    Staff => "staff", Number, [];
    Package => "package", Number, [];
    PromoCode => "promo_code", DayHash, [];
    Contract => "contract", Number, [];
    SettlementFile => "settlement_file", DayHash, [];
    SettlementDifference => "settlement_difference", DayHash, [];
    PaymentProfile => "payment_profile", Number, [];
    Wallet => "wallet", Number, [];
}

/// The table that holds a kind.
pub(crate) fn table_of(kind: Kind) -> Option<&'static Table> {
    TABLES.iter().find(|table| table.kind == kind)
}

fn unsigned(value: u64) -> Value {
    Value::Integer(i64::try_from(value).ok())
}

/// Whether a rule that puts such an aggregate without having looked means a new one, so that
/// finding one there contradicts it. So does every kind that is due or found by words at times:
/// which of its rows must go is told by what was there. Catalogue items are replaced without a
/// look.
pub(crate) fn never_replaced_unseen(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Sale
            | Kind::Idempotency
            | Kind::AuditRecord
            | Kind::Reservation
            | Kind::Enrolment
            | Kind::PaymentProfile
            | Kind::CustomerOrder
            | Kind::Card
            | Kind::Pass
            | Kind::Transfer
            | Kind::Payout
            | Kind::Job
            | Kind::Task
            | Kind::Member
            | Kind::Contract
            | Kind::SettlementFile
            | Kind::SettlementDifference
    )
}
