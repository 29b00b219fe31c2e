//! What an organiser is owed, event by event, kept beside the books so that a rule can pay it out.
//!
//! The ledger's balances are derived after a decision; a payout must know them while it decides.
//! So whatever is booked for or against an organiser goes through [`owe`], which also says on
//! which account it lands: after an event was paid out nothing is payable for it any more, and
//! every later change is the organiser's debt or claim (`payments.md` §7.2, §7.3).

use serde::{Deserialize, Serialize};

use crate::club::contract;
use crate::facts::{Facts, Halt, Key};
use crate::ids::{ContractId, EventId, JobId, PayoutId, Shard};
use crate::ledger::{Account, Posting};
use crate::record::Kind;
use crate::time::Timestamp;

/// What an organiser is owed for one event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventBook {
    /// Whose.
    pub shard: Shard,
    /// For which event.
    pub event: EventId,
    /// Minor units of the event's currency that are payable: what [`Account::OwnerPayable`] says.
    pub payable: i64,
    /// When it was paid out, and how.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_out: Option<PaidOut>,
    /// The last job that refunded or cancelled all its sales.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<JobId>,
}

/// That an event was paid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaidOut {
    /// When it was first.
    pub at: Timestamp,
    /// With which payout; the last one, if claims were paid later.
    pub payout: PayoutId,
}

/// What an organiser is owed and owes apart from events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerBook {
    /// Whose.
    pub shard: Shard,
    /// Minor units payable for season cards, by currency code.
    #[serde(default)]
    pub cards: std::collections::BTreeMap<String, i64>,
    /// Minor units payable for team passes, by currency code.
    #[serde(default)]
    pub passes: std::collections::BTreeMap<String, i64>,
    /// Minor units payable for customers' orders, by currency code.
    #[serde(default)]
    pub orders: std::collections::BTreeMap<String, i64>,
    /// Minor units payable for contracts that have begun, by currency code.
    #[serde(default)]
    pub contracts: std::collections::BTreeMap<String, i64>,
    /// Minor units the organiser owes back, by currency code; negative when it has more to get.
    #[serde(default)]
    pub receivable: std::collections::BTreeMap<String, i64>,
}

/// For what an organiser is owed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwedFor {
    /// Admissions to an event.
    Event(EventId),
    /// Season cards.
    Cards,
    /// Team passes.
    Passes,
    /// A contract: payable to its chain once it has begun, and until then paid in advance.
    Contract(ContractId),
    /// Customers' orders.
    Orders,
}

impl EventBook {
    /// Where the book of an event lives.
    #[must_use]
    pub fn key_of(shard: Shard, event: EventId) -> Key {
        Key::number(shard, Kind::EventBook, event.0)
    }
}

impl OwnerBook {
    /// Where the book of an organiser lives.
    #[must_use]
    pub fn key_of(shard: Shard) -> Key {
        Key::number(shard, Kind::OwnerBook, 0)
    }
}

/// Whether the event was paid out.
///
/// # Errors
/// [`Halt::Missing`] when its book is not in memory.
pub fn paid_out(facts: &Facts<'_>, shard: Shard, event: EventId) -> Result<Option<PaidOut>, Halt> {
    let book = facts.look::<EventBook>(EventBook::key_of(shard, event))?;
    Ok(book.and_then(|book| book.paid_out))
}

/// Adds to `posting` that its organiser is owed `amount` minor units more for `what`; less when
/// `amount` is negative.
///
/// # Errors
/// [`Halt::Missing`] when a book is not in memory.
pub fn owe(
    facts: &mut Facts<'_>,
    posting: Posting,
    what: OwedFor,
    amount: i64,
) -> Result<Posting, Halt> {
    if amount == 0 {
        return Ok(posting);
    }
    if let OwedFor::Contract(id) = what
        && contract::defer(facts, posting.shard, id, amount)?
    {
        return Ok(posting.credit(Account::DeferredRevenue(id), amount));
    }
    let (shard, code) = (posting.shard, posting.currency.code().to_owned());
    if let OwedFor::Event(event) = what {
        let book = facts.look::<EventBook>(EventBook::key_of(shard, event))?.cloned();
        let mut book = book.unwrap_or(EventBook { shard, event, ..EventBook::default() });
        #[cfg(feature = "planted-bugs")]
        if crate::planted::is(crate::planted::Bug::PayoutIgnored) {
            book.payable += amount;
            facts.put(book);
            return Ok(posting.credit(Account::OwnerPayable(event), amount));
        }
        if book.paid_out.is_none() {
            book.payable += amount;
            facts.put(book);
            return Ok(posting.credit(Account::OwnerPayable(event), amount));
        }
    }
    let book = facts.look::<OwnerBook>(OwnerBook::key_of(shard))?.cloned();
    let mut book = book.unwrap_or(OwnerBook { shard, ..OwnerBook::default() });
    let (sums, account, change) = match what {
        OwedFor::Event(_) => (&mut book.receivable, Account::OwnerReceivable, -amount),
        OwedFor::Contract(_) => (&mut book.contracts, Account::OwnerPayableContracts, amount),
        OwedFor::Cards => (&mut book.cards, Account::OwnerPayableCards, amount),
        OwedFor::Passes => (&mut book.passes, Account::OwnerPayablePasses, amount),
        OwedFor::Orders => (&mut book.orders, Account::OwnerPayableOrders, amount),
    };
    *sums.entry(code).or_default() += change;
    facts.put(book);
    Ok(posting.credit(account, amount))
}
