//! Who signed in, who was turned away and whose rights were changed: records that are only added.
//!
//! A change writes its record in its own commit. Refusals come from strangers, so they are counted
//! together before they are written ([`RecordAudit`]). Nothing secret is ever in a record: of a
//! name that nobody has, not even the name, because people type passwords into the wrong field.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::facts::{COMMAND_RECORDS_MAX, Command, Facts, Halt, Key, Shards};
use crate::ids::{PrincipalId, Shard};
use crate::record::Kind;
use crate::time::Timestamp;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditEvent {
    /// A user showed the right password.
    SignedIn,
    /// A user ended a session.
    SignedOut,
    /// A wrong password, or a name that nobody has.
    SignInFailed,
    /// Too many wrong passwords: the account is closed for a while.
    LockedOut,
    /// A caller that is not known, or no longer (401).
    NotAuthenticated,
    /// A known caller without the right (403).
    Forbidden,
    /// Too many tries from one address (429).
    TooManyRequests,
    /// A new user.
    UserCreated,
    /// A user's roles, permissions or organisers are others now.
    RightsChanged,
    /// A user has another password.
    PasswordChanged,
    /// A user may no longer sign in.
    UserLocked,
    /// A user may sign in again.
    UserUnlocked,
    /// A user is gone.
    UserRemoved,
    /// A new API key.
    KeyCreated,
    /// An API key opens nothing any more.
    KeyWithdrawn,
    /// Tickets were sent to an address.
    TicketsMailed,
    /// No device speaks for a phone any more.
    PhoneRevoked,
    /// Seats were taken off the sale.
    SeatsBlocked,
    /// Seats were put back on sale.
    SeatsUnblocked,
    /// A sale, or a part of it, was refunded, or a refund was tried again.
    Refunded,
    /// A sale was cancelled without a refund.
    SaleCancelled,
    /// An event was cancelled, or the refund of all its sales began.
    EventCancelled,
    /// Long work was stopped.
    JobStopped,
    /// An organiser was paid out, or a payout was put right.
    PaidOut,
    /// A person said what became of a payment in doubt.
    PaymentDecided,
    /// A person did what the machine could not.
    TaskDone,
    /// A scan at the gate was taken back.
    ScanUndone,
    /// A ticket was moved to another event, or waits for the payment of that.
    TicketMoved,
    /// A ticket was given to another phone.
    TicketGiven,
    /// A move that waited for its payment was given up.
    TransferCancelled,
    /// A person said that the difference of a move was paid elsewhere.
    TopupNoted,
    /// Season cards were given away.
    CardsGiven,
    /// A season card has another holder, or its holder other data.
    CardChanged,
    /// A season card was closed.
    CardBlocked,
    /// A season card was opened again.
    CardUnblocked,
    /// A member of a club is new, or has other data.
    MemberSaved,
    /// Somebody on the staff of a club is new, or has other data.
    StaffSaved,
    /// What is for sale, or how, is different now.
    CatalogueChanged,
    /// A person said that a customer's order was paid without a card.
    OrderPaidByHand,
    /// A member of a club has a new means of paying.
    ProfileImported,
    /// A member of a club prefers another means of paying.
    ProfilePreferred,
    /// A contract was frozen.
    ContractFrozen,
    /// A frozen contract goes on.
    ContractUnfrozen,
    /// A contract was cancelled.
    ContractCancelled,
    /// A person had an overdue payment of a contract charged.
    InstalmentCharged,
    /// A person gave an overdue payment of a contract up.
    InstalmentWrittenOff,
    /// A means of paying of a club's member was removed.
    ProfileRemoved,
    /// A gateway's settlement was taken in, or an amount of it accepted.
    SettlementTaken,
}

/// A record on its way to the store, where it gets its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditNote {
    /// Random bits that tell it from others of the same microsecond.
    pub nonce: u64,
    /// What happened.
    pub event: AuditEvent,
    /// Whom it is about; `None` for strangers.
    pub subject: Option<PrincipalId>,
    /// The name of that user or key; empty for strangers.
    pub name: String,
    /// Who did it, when that is somebody else: a caller's name, or `command line`.
    pub by: String,
    /// The address it came from; empty for the command line.
    pub address: String,
    /// The operation that was called, or what is different now.
    pub detail: String,
    /// How often it happened from this address before it was written.
    pub count: u32,
}

/// What a change was made of, for whoever wants to know or to undo it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditChange {
    /// The members that are different now as they were, in JSON; `None` for what is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The same members as they are now, in JSON.
    pub after: String,
}

/// One line of the audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRecord {
    /// When it was written.
    pub at: Timestamp,
    /// What happened.
    #[serde(flatten)]
    pub note: AuditNote,
    /// Whose it is, so that they may read it: one seller, both of a move between two, the house
    /// for what all share. Nobody for sign-ins, keys and rights.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sellers: Vec<Shard>,
    /// What is different, where the audit keeps that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<AuditChange>,
}

impl AuditChange {
    /// What differs of members that are told by their name, as they were and as they are.
    #[must_use]
    pub fn of(members: &[(&str, Option<&str>, Option<&str>)]) -> AuditChange {
        let differing = members.iter().filter(|(_, was, is)| was != is);
        let (mut was, mut is) = (Map::new(), Map::new());
        for (name, before, after) in differing {
            was.insert((*name).to_owned(), (*before).into());
            is.insert((*name).to_owned(), (*after).into());
        }
        let text = |members| Value::Object(members).to_string();
        AuditChange { before: Some(text(was)), after: text(is) }
    }
}

impl AuditRecord {
    /// Where it lives: by day, and within it in the order of time.
    #[must_use]
    pub fn address(&self) -> Key {
        let moment = u128::from(self.at.0.unsigned_abs());
        let hash = moment << 64 | u128::from(self.note.nonce);
        Key::hashed(Shard::HOUSE, Kind::AuditRecord, self.at.day(), hash)
    }

    /// The key before all records of `moment` and later ones.
    #[must_use]
    pub fn before(moment: Timestamp) -> Key {
        let hash = u128::from(moment.0.unsigned_abs()) << 64;
        Key::hashed(Shard::HOUSE, Kind::AuditRecord, moment.day(), hash.saturating_sub(1))
    }
}

impl AuditNote {
    /// Adds it to what a command changes, where it is no seller's.
    pub(crate) fn record(&self, facts: &mut Facts<'_>, now: Timestamp) {
        facts.put(AuditRecord { at: now, note: self.clone(), sellers: Vec::new(), change: None });
    }

    /// The same for what is done with a seller's own.
    pub(crate) fn record_of(&self, seller: Shard, facts: &mut Facts<'_>, now: Timestamp) {
        let sellers = vec![seller];
        facts.put(AuditRecord { at: now, note: self.clone(), sellers, change: None });
    }

    /// The same for a ticket that goes from one seller to another, or stays with one.
    pub(crate) fn record_of_both(
        &self,
        (from, to): (Shard, Shard),
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) {
        let sellers = if from == to { vec![to] } else { vec![to, from] };
        facts.put(AuditRecord { at: now, note: self.clone(), sellers, change: None });
    }

    /// The same as [`AuditNote::record_of`], with what is different.
    pub(crate) fn record_change(
        &self,
        seller: Shard,
        change: &AuditChange,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) {
        let (sellers, change) = (vec![seller], Some(change.clone()));
        facts.put(AuditRecord { at: now, note: self.clone(), sellers, change });
    }
}

/// Writes what was counted together.
#[derive(Clone, Debug)]
pub struct RecordAudit {
    /// At most [`COMMAND_RECORDS_MAX`]; more are left out.
    pub notes: Vec<AuditNote>,
}

impl Command for RecordAudit {
    type Outcome = ();

    fn shards(&self) -> Shards {
        Shards::One(Shard::HOUSE)
    }

    fn keys(&self, _now: Timestamp, _keys: &mut Vec<Key>) {}

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        self.notes.iter().take(COMMAND_RECORDS_MAX).for_each(|note| note.record(facts, now));
        Ok(())
    }
}
