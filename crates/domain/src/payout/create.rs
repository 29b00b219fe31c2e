//! Paying out what is owed for an event, for season cards or for team passes.

use std::sync::Arc;

use super::{Payout, PayoutFor};
use crate::audit::AuditNote;
use crate::books::{EventBook, OwnerBook, PaidOut};
use crate::catalogue::Event;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{EventId, PayoutId, Shard};
use crate::ledger::{Account, Posting, PostingKind, Source};
use crate::money::Currency;
use crate::record::Kind;
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;

/// Pays an organiser out.
#[derive(Clone, Debug)]
pub struct CreatePayout {
    /// To whom.
    pub shard: Shard,
    /// For what.
    pub what: PayoutFor,
    /// For which event; ignored for the rest.
    pub event: EventId,
    /// The currency of cards and passes; an event has its own.
    pub currency: Currency,
    /// Who does it.
    pub by: String,
    /// What the bank calls it.
    pub reference: Option<String>,
    /// What the audit tells of it.
    pub note: AuditNote,
}

/// A payout, now or when it was first asked for.
#[derive(Clone, Debug)]
pub struct CreatedPayout {
    /// The payout.
    pub payout: Arc<Payout>,
    /// Whether the event had been paid out before and nothing came in since; then nothing was done
    /// now.
    pub repeated: bool,
}

impl Command for CreatePayout {
    type Outcome = CreatedPayout;

    fn shards(&self) -> Shards {
        Shards::Two(self.shard, Shard::HOUSE)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        let book = EventBook::key_of(self.shard, self.event);
        keys.extend([Key::seller(self.shard), OwnerBook::key_of(self.shard), book]);
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<CreatedPayout, Halt> {
        match self.what {
            PayoutFor::Event => self.pay_event(facts, now),
            PayoutFor::Cards | PayoutFor::Passes | PayoutFor::Orders | PayoutFor::Contracts => {
                self.pay_rest(facts, now)
            }
        }
    }
}

impl CreatePayout {
    fn pay_event(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<CreatedPayout, Halt> {
        let event = Key::number(self.shard, Kind::Event, self.event.0);
        let currency = facts.look::<Event>(event)?.map(|event| event.currency);
        let currency = currency.ok_or_else(|| {
            Halt::from(Refusal::new(Code::EventNotFound, "There is no such event."))
        })?;
        let key = EventBook::key_of(self.shard, self.event);
        let (shard, event) = (self.shard, self.event);
        let book = facts.look::<EventBook>(key)?.cloned();
        let mut book = book.unwrap_or(EventBook { shard, event, ..EventBook::default() });
        let claim = self.claim(facts, currency)?;
        if let Some(paid_out) = book.paid_out.filter(|_| claim == 0) {
            let payout = facts.share::<Payout>(Payout::key_of(shard, paid_out.payout))?;
            let payout = payout.ok_or(Halt::Stale)?;
            return Ok(CreatedPayout { payout, repeated: true });
        }
        // To close an event that is owed nothing would move its later sales to the claim.
        if book.paid_out.is_none() && book.payable == 0 {
            return Err(nothing_owed("Nothing is owed for the event that could be paid out."));
        }
        let payable = std::mem::take(&mut book.payable);
        let created = self.pay(payable, currency, Account::OwnerPayable(event), facts, now)?;
        let at = book.paid_out.map_or(now, |paid_out| paid_out.at);
        book.paid_out = Some(PaidOut { at, payout: created.payout.id });
        facts.put(book);
        Ok(created)
    }

    /// What is not about an event is paid out again and again; a second time at once finds nothing.
    fn pay_rest(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<CreatedPayout, Halt> {
        let mut book = self.owner_book(facts)?;
        let (sums, account) = match self.what {
            PayoutFor::Passes => (&mut book.passes, Account::OwnerPayablePasses),
            PayoutFor::Orders => (&mut book.orders, Account::OwnerPayableOrders),
            PayoutFor::Contracts => (&mut book.contracts, Account::OwnerPayableContracts),
            _ => (&mut book.cards, Account::OwnerPayableCards),
        };
        let payable = sums.remove(self.currency.code()).unwrap_or(0);
        if payable <= 0 {
            return Err(nothing_owed("Nothing is owed for these that could be paid out."));
        }
        facts.put(book);
        self.pay(payable, self.currency, account, facts, now)
    }

    /// What the organiser has to get of what came in for events after their payouts, in minor
    /// units; 0 when it owes instead.
    fn claim(&self, facts: &Facts<'_>, currency: Currency) -> Result<i64, Halt> {
        let debt = self.owner_book(facts)?.receivable.get(currency.code()).copied();
        Ok(debt.map_or(0, |debt| debt.min(0).saturating_neg()))
    }

    fn owner_book(&self, facts: &Facts<'_>) -> Result<OwnerBook, Halt> {
        let book = facts.look::<OwnerBook>(OwnerBook::key_of(self.shard))?.cloned();
        Ok(book.unwrap_or(OwnerBook { shard: self.shard, ..OwnerBook::default() }))
    }

    /// Books the payout. What the organiser owes is taken off as far as it goes; an event for which
    /// less than nothing is payable adds to the debt.
    fn pay(
        &self,
        payable: i64,
        currency: Currency,
        account: Account,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<CreatedPayout, Halt> {
        let mut book = self.owner_book(facts)?;
        let debt = book.receivable.entry(currency.code().to_owned()).or_default();
        let netted = payable.min(*debt);
        *debt -= netted;
        facts.put(book);
        let paid = payable - netted;
        let id = PayoutId(facts.number(self.shard, PayoutId::KIND)?);
        let posting = Posting {
            shard: self.shard,
            source: Source::Payout(id),
            step: 0,
            kind: PostingKind::PaidOut,
            at: now,
            currency,
            legs: Vec::new(),
        };
        let posting = posting.debit(account, payable);
        facts.post(posting.credit(Account::OwnerReceivable, netted).credit(Account::Bank, paid));
        self.note.record_of(self.shard, facts, now);
        let event = if self.what == PayoutFor::Event { self.event } else { EventId(0) };
        let payout = facts.put(Payout {
            shard: self.shard,
            id,
            what: self.what,
            event,
            payable,
            netted,
            paid,
            currency,
            at: now,
            by: self.by.clone(),
            reference: self.reference.clone(),
        });
        Ok(CreatedPayout { payout, repeated: false })
    }
}

fn nothing_owed(message: &'static str) -> Halt {
    Refusal::new(Code::NothingToPayOut, message).into()
}
