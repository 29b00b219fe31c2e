//! Aggregates under one roof: what the store loads, caches, locks and writes as one row.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::agency::{Agency, Customer, CustomerCode, CustomerOrder};
use crate::allowance::Allowance;
use crate::audit::AuditRecord;
use crate::books::{EventBook, OwnerBook};
use crate::card::{Card, CardType};
use crate::catalogue::{Event, Organiser, Principal, Series, TicketType, Venue};
use crate::club::contract::Contract;
use crate::club::{Chain, ClubStore, Member, Package, PromoCode, Staff};
use crate::enrolment::{Enrolment, OrderReference};
use crate::facts::Key;
use crate::gate::Gate;
use crate::idempotency::Idempotency;
use crate::ids::Shard;
use crate::job::Job;
use crate::pass::{Pass, PassType};
use crate::payout::Payout;
use crate::phone::Phone;
use crate::profile::{PaymentProfile, Wallet};
use crate::quota::Quota;
use crate::sale::Sale;
use crate::seating::{Reservation, SeatBlock, SeatMap};
use crate::seller::Seller;
use crate::settlement::{SettlementDifference, SettlementFile};
use crate::special_ticket::SpecialTicket;
use crate::task::Task;
use crate::time::Timestamp;
use crate::transfer::Transfer;
use crate::user::{User, UserName};

/// What stands in the finder for `text` as a word of the given kind: `word("phone", "+354…")`.
///
/// The finder holds hashes only, so that it tells nothing to whoever reads it.
#[must_use]
pub fn word(kind: &str, text: &str) -> u128 {
    let mut hasher = Sha256::new();
    hasher.update(kind.as_bytes());
    hasher.update([0]);
    hasher.update(text.as_bytes());
    let hash = hasher.finalize();
    u128::from_be_bytes(std::array::from_fn(|index| hash[index]))
}

/// A thing that is loaded, changed and written whole.
pub trait Aggregate: Clone + Send + Sync + 'static {
    /// Which table it lives in.
    const KIND: Kind;

    /// Where it lives.
    fn key(&self) -> Key;

    /// Puts it under the common roof.
    fn into_record(this: Arc<Self>) -> Record;

    /// Takes it out again; `None` when the record is of another kind.
    fn from_record(record: &Record) -> Option<&Arc<Self>>;

    /// The same, to change it.
    fn from_record_mut(record: &mut Record) -> Option<&mut Arc<Self>>;
}

macro_rules! aggregates {
    ($($(#[$doc:meta])* $name:ident = $code:literal, |$this:ident| $key:expr;)*) => {
        /// The kinds of aggregates.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Kind { $($(#[$doc])* $name = $code,)* }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Kind] = &[$(Kind::$name,)*];
        }

        /// Any aggregate, shared until it is changed.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Record { $($(#[$doc])* $name(Arc<$name>),)* }

        impl Record {
            /// Where it lives.
            #[must_use]
            pub fn key(&self) -> Key {
                match self { $(Record::$name(this) => this.key(),)* }
            }
        }

        $(impl Aggregate for $name {
            const KIND: Kind = Kind::$name;

            fn key(&self) -> Key { let $this = self; $key }

            fn into_record(this: Arc<Self>) -> Record { Record::$name(this) }

            fn from_record(record: &Record) -> Option<&Arc<Self>> {
                match record { Record::$name(this) => Some(this), _ => None }
            }

            fn from_record_mut(record: &mut Record) -> Option<&mut Arc<Self>> {
                match record { Record::$name(this) => Some(this), _ => None }
            }
        })*
    };
}

aggregates! {
    /// The shard row.
    Seller = 1, |this| Key::number(this.shard, Kind::Seller, 0);
    /// Who sells and is paid out.
    Organiser = 2, |this| Key::number(this.shard, Kind::Organiser, 0);
    /// A competition or season.
    Series = 3, |this| Key::number(Shard::HOUSE, Kind::Series, this.id.0);
    /// A place.
    Venue = 4, |this| Key::number(Shard::HOUSE, Kind::Venue, this.id.0);
    /// One performance.
    Event = 5, |this| Key::number(this.organiser, Kind::Event, this.id.0);
    /// A price class.
    TicketType = 6, |this| Key::number(this.shard(), Kind::TicketType, this.id.0);
    /// A limit on admissions.
    Quota = 7, |this| Key::number(this.shard, Kind::Quota, this.id.0);
    /// An order of admissions with its payments and tickets.
    Sale = 8, |this| Key::number(this.shard, Kind::Sale, this.id.0);
    /// Which sale a caller's key led to.
    Idempotency = 9, |this| Key::hashed(
        this.shard, Kind::Idempotency, this.day, this.identity.hash);
    /// Somebody who may call.
    Principal = 10, |this| Key::hashed(Shard::HOUSE, Kind::Principal, 0, this.key_id);
    /// Somebody who signs in.
    User = 11, |this| User::key_of(this.id);
    /// Whose a user name is.
    UserName = 12, |this| UserName::key_of(this.hash);
    /// A line of the audit.
    AuditRecord = 13, |this| this.address();
    /// Where the seats of a venue are.
    SeatMap = 14, |this| Key::number(Shard::HOUSE, Kind::SeatMap, this.venue.0);
    /// The seats of one section at one event.
    SeatBlock = 15, |this| Key::number(this.shard, Kind::SeatBlock, this.id.0);
    /// A hold of seats, for minutes.
    Reservation = 16, |this| Key::number(this.shard, Kind::Reservation, this.id.0);
    /// A phone that somebody has proved, with the cards saved for it.
    Phone = 17, |this| Key::hashed(Shard::HOUSE, Kind::Phone, 0, this.hash);
    /// How often something may still be tried.
    Allowance = 18, |this| Key::hashed(this.shard, Kind::Allowance, 0, this.hash);
    /// A proof of who a card's holder is.
    Enrolment = 19, |this| Key::number(this.shard, Kind::Enrolment, this.id.0);
    /// A payment reference that a client chose and may choose once.
    OrderReference = 20, |this| Key::hashed(this.shard, Kind::OrderReference, 0, this.hash);
    /// A kind of season card.
    CardType = 21, |this| Key::number(this.shard, Kind::CardType, this.id.0);
    /// A season card.
    Card = 22, |this| Key::number(this.shard, Kind::Card, this.id.0);
    /// A kind of team pass.
    PassType = 23, |this| Key::number(this.shard, Kind::PassType, this.id.0);
    /// A team pass.
    Pass = 24, |this| Key::number(this.shard, Kind::Pass, this.id.0);
    /// A single-use code of a campaign.
    SpecialTicket = 25, |this| Key::hashed(this.shard, Kind::SpecialTicket, 0, this.hash);
    /// A move of a ticket.
    Transfer = 26, |this| Key::number(this.shard, Kind::Transfer, this.id.0);
    /// What an organiser is owed for an event.
    EventBook = 27, |this| Key::number(this.shard, Kind::EventBook, this.event.0);
    /// What an organiser is owed and owes apart from events.
    OwnerBook = 28, |this| Key::number(this.shard, Kind::OwnerBook, 0);
    /// Money paid out to an organiser.
    Payout = 29, |this| Key::number(this.shard, Kind::Payout, this.id.0);
    /// Who went in at an event.
    Gate = 30, |this| Key::number(this.shard, Kind::Gate, this.event.0);
    /// A long piece of work.
    Job = 31, |this| Key::number(this.shard, Kind::Job, this.id.0);
    /// What an agency has beside its organiser record.
    Agency = 60, |this| Agency::key_of(this.shard);
    /// A customer of an agency.
    Customer = 61, |this| Customer::key_of(this.shard, this.id);
    /// Whose an agency's code of a customer is.
    CustomerCode = 62, |this| Key::hashed(this.shard, Kind::CustomerCode, 0, this.hash);
    /// An order that an agency placed for a customer.
    CustomerOrder = 63, |this| CustomerOrder::key_of(this.shard, this.id);
    /// Something a person must do.
    Task = 32, |this| Key::number(this.shard, Kind::Task, this.id.0);
    /// That a seller is a chain of clubs.
    Chain = 40, |this| Chain::key_of(this.shard);
    /// One house of a chain of clubs.
    ClubStore = 41, |this| ClubStore::key_of(this.shard, this.id);
    /// A member of a club.
    Member = 42, |this| Member::key_of(this.shard, this.id);
    /// Somebody who works at a club.
    Staff = 43, |this| Staff::key_of(this.shard, this.id);
    /// What a club sells by contract.
    Package = 44, |this| Package::key_of(this.shard, this.id);
    /// A promo code of a club.
    PromoCode = 45, |this| PromoCode::key_of(this.shard, this.hash);
    /// A package that was sold to a member.
    Contract = 46, |this| Contract::key_of(this.shard, this.id);
    /// A gateway's settlement that was taken in.
    SettlementFile = 70, |this| SettlementFile::key_of(this.hash);
    /// What a settlement and the till do not agree about.
    SettlementDifference = 71, |this| SettlementDifference::key_of(this.hash);
    /// A means of paying of a member of a club.
    PaymentProfile = 50, |this| PaymentProfile::key_of(this.shard, this.id);
    /// What a member of a club has on file.
    Wallet = 51, |this| Wallet::key_of(this.shard, this.member);
}

impl Record {
    /// When the janitor must look at it again; `None` when nothing is open.
    ///
    /// The work table is derived from this: whoever writes a record writes its due row too.
    #[must_use]
    pub fn due(&self) -> Option<Timestamp> {
        match self {
            Record::Sale(sale) => sale.due(),
            Record::Reservation(reservation) => reservation.due(),
            Record::Transfer(transfer) => transfer.due(),
            Record::Job(job) => job.due(),
            Record::Enrolment(enrolment) => enrolment.due(),
            Record::PaymentProfile(profile) => profile.due(),
            Record::CustomerOrder(order) => order.ask_at(),
            Record::Contract(contract) => contract.due(),
            _ => None,
        }
    }

    /// The words under which a person may look for it: hashes made by [`word`].
    ///
    /// The finder is derived from this: whoever writes a record writes its words too. Sales
    /// without a phone have none, so that a rush at a box office writes none.
    #[must_use]
    pub fn words(&self) -> Vec<u128> {
        match self {
            Record::Sale(sale) => sale.words(),
            Record::Card(card) => card.words(),
            Record::Pass(pass) => pass.words(),
            Record::Member(member) => member.words(),
            Record::Contract(contract) => contract.words(),
            _ => Vec::new(),
        }
    }
}
