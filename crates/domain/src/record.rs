//! Aggregates under one roof: what the store loads, caches, locks and writes as one row.

use std::sync::Arc;

use crate::audit::AuditRecord;
use crate::catalogue::{Event, Organiser, Principal, Series, TicketType, Venue};
use crate::facts::Key;
use crate::idempotency::Idempotency;
use crate::ids::Shard;
use crate::quota::Quota;
use crate::sale::Sale;
use crate::seller::Seller;
use crate::time::Timestamp;
use crate::user::{User, UserName};

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
}

impl Record {
    /// When the janitor must look at it again; `None` when nothing is open.
    ///
    /// The work table is derived from this: whoever writes a record writes its due row too.
    #[must_use]
    pub fn due(&self) -> Option<Timestamp> {
        match self {
            Record::Sale(sale) => sale.due(),
            _ => None,
        }
    }
}
