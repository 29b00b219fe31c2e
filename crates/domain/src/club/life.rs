//! The life of a contract from its first day on: when something is to be done with it, and what
//! follows from the calendar alone (table in [`super::contract`]).
//!
//! Days are days of the store, and begin for contracts at [`CHARGED_FROM_HOUR`]. Rules know no
//! time zones, so whoever looks says which day it is ([`Calendar`]), and a contract says when to
//! look at the earliest, wherever its store is.

use serde::{Deserialize, Serialize};

use super::Date;
use super::contract::{Contract, ContractState};
use super::instalment::{Instalment, InstalmentState};
use super::package::{InstallmentPlan, Package};
use super::plan::next_run;
use crate::books::{OwedFor, owe};
use crate::facts::{Facts, Halt};
use crate::ids::SaleId;
use crate::ledger::{Account, Posting, PostingKind, Source};
use crate::sale::Sale;
use crate::time::{Span, Timestamp};

/// At what hour of its store's day an instalment is charged at the earliest: early enough that
/// somebody is there all day to help a member whose card was declined.
pub const CHARGED_FROM_HOUR: u32 = 6;

/// How many hours before UTC a day begins in the zone where it begins first.
const ZONE_AHEAD_MAX_HOURS: u32 = 14;

/// How many instalments that are over an evergreen contract keeps; what was paid with older ones is
/// added up, so that a contract of fifty years is no longer than one of five.
pub const CLOSED_KEPT_MAX: usize = 60;

/// How many periods may lie behind where a plan has got shorter ones: forty years of weeks.
const RUNS_SKIPPED_MAX: usize = 2_080;

/// The calendar of a contract's store, as whoever looks at it reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// The day.
    pub today: Date,
    /// When the next one begins.
    pub tomorrow_at: Timestamp,
}

/// That a contract is not charged for some days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freeze {
    /// The first of these days.
    pub from: Date,
    /// The day on which it goes on; `None` until somebody says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

/// What was paid with instalments that the contract lists no longer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierPaid {
    /// How many there were, paid or not.
    pub count: u32,
    /// Minor units that were paid, with tax.
    pub paid: i64,
}

/// What a contract knows beside its instalments, from its first day on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractLife {
    /// It has begun: what is paid on it is its chain's.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub begun: bool,
    /// Minor units of it in `deferred_revenue`; `None` while it is not sold, and in contracts of
    /// the first version, where it follows from the sale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deferred: Option<i64>,
    /// The first day after its last period; `None` for an evergreen one, and before it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<Date>,
    /// A freeze that is to come or lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub freeze: Option<Freeze>,
    /// By how many days freezes have moved what is to come.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub moved_days: i32,
    /// How many further periods of an evergreen plan were added.
    #[serde(default, skip_serializing_if = "is_none_yet")]
    pub runs_added: u32,
    /// What was paid with instalments that are listed no longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier: Option<EarlierPaid>,
    /// Nothing is to be done before then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look_at: Option<Timestamp>,
    /// The day from which it was cancelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled_from: Option<Date>,
}

fn is_zero(days: &i32) -> bool {
    *days == 0
}

fn is_none_yet(runs: &u32) -> bool {
    *runs == 0
}

impl Contract {
    /// When somebody must look at it; `None` while a try is under way, whose end leads here again.
    #[must_use]
    pub fn due(&self) -> Option<Timestamp> {
        if self.state == ContractState::Incomplete {
            return self.agreement.map(|agreement| agreement.expires_at);
        }
        let at = earliest(self.next_day()?);
        Some(self.life.look_at.map_or(at, |look_at| look_at.max(at)))
    }

    /// The sale that is trying to charge one of its instalments.
    #[must_use]
    pub fn trying(&self) -> Option<SaleId> {
        self.instalments.iter().find_map(|instalment| instalment.trying)
    }

    /// The next day on which something is to be done.
    fn next_day(&self) -> Option<Date> {
        if self.trying().is_some() {
            return None;
        }
        let freeze = self.life.freeze;
        let day = match self.state {
            ContractState::Scheduled => Some(self.start),
            ContractState::Active if !self.life.begun => Some(self.start),
            ContractState::Active => {
                let charges = self.instalments.iter().filter_map(Instalment::next_day);
                let days = charges.chain(freeze.map(|freeze| freeze.from));
                days.chain(self.end_day()).min()
            }
            ContractState::Frozen => freeze.and_then(|freeze| freeze.until),
            // What it still owes is tried again once there is another means of paying.
            ContractState::Cancelled => {
                return self.instalments.iter().filter_map(|it| it.retry_on).min();
            }
            _ => return None,
        };
        day.into_iter().chain(self.life.cancelled_from).min()
    }

    /// The day on which nothing is left of it.
    fn end_day(&self) -> Option<Date> {
        if self.life.cancelled_from.is_some() {
            return None;
        }
        let is_open = self.instalments.iter().any(|instalment| instalment.state.is_open());
        match self.life.ends_on {
            Some(day) if !is_open => Some(day),
            // Nothing could be added to it.
            None if !is_open => Some(self.start),
            _ => None,
        }
    }

    /// Does what the calendar says, but for charging.
    pub(super) fn follow_calendar(
        &mut self,
        today: Date,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        if self.state == ContractState::Scheduled && self.start <= today {
            self.enter_state(ContractState::Active, now);
        }
        if self.state == ContractState::Active && !self.life.begun {
            self.begin(facts, now)?;
        }
        self.follow_cancel(today, facts, now)?;
        self.follow_freeze(today, now);
        if self.state == ContractState::Active {
            self.add_period(today, facts)?;
            if self.end_day().is_some_and(|day| day <= today) {
                self.enter_state(ContractState::Completed, now);
            }
        }
        Ok(())
    }

    /// What was paid in advance is its chain's from now on (`payments.md` §7.2).
    pub(super) fn begin(&mut self, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        let deferred = self.deferred(facts)?;
        self.life.begun = true;
        self.life.deferred = Some(0);
        self.life.ends_on = self.last_day(facts)?;
        let posting = Posting {
            shard: self.shard,
            source: Source::Sale(self.sale),
            step: 0,
            kind: PostingKind::ContractBegan,
            at: now,
            currency: self.terms.currency,
            legs: Vec::new(),
        };
        let posting = posting.debit(Account::DeferredRevenue(self.id), deferred);
        facts.put(self.clone());
        let posting = owe(facts, posting, OwedFor::Contract(self.id), deferred)?;
        facts.post(posting);
        Ok(())
    }

    /// Minor units of it that are booked as paid in advance.
    ///
    /// # Errors
    /// [`Halt::Missing`] when the first sale of a contract of the first version is not in memory.
    pub(super) fn deferred(&self, facts: &Facts<'_>) -> Result<i64, Halt> {
        if let Some(deferred) = self.life.deferred {
            return Ok(deferred);
        }
        let is_paid = |it: &&Instalment| it.state == InstalmentState::Paid;
        let paid = self.instalments.iter().filter(is_paid);
        let amounts = paid.map(|instalment| instalment.payment.amount).sum::<i64>();
        let sale = facts.look::<Sale>(Sale::key_of(self.shard, self.sale))?;
        Ok(amounts - sale.map_or(0, |sale| sale.fee))
    }

    /// The first day after its last period: one interval a payment from its first day on.
    fn last_day(&self, facts: &Facts<'_>) -> Result<Option<Date>, Halt> {
        if self.terms.is_evergreen {
            return Ok(None);
        }
        let last_due = self.instalments.iter().map(|it| it.payment.due).max();
        let package = facts.look::<Package>(Package::key_of(self.shard, self.terms.package))?;
        let plan = package.and_then(|package| package.plan(self.terms.plan));
        let after = plan.map(|plan| plan.interval.after(self.start, plan.payments.into()));
        Ok(after.max(last_due).or(Some(self.start)))
    }

    pub(super) fn follow_freeze(&mut self, today: Date, now: Timestamp) {
        let Some(freeze) = self.life.freeze else { return };
        if self.state == ContractState::Active && freeze.from <= today {
            self.enter_state(ContractState::Frozen, now);
        }
        if self.state == ContractState::Frozen
            && let Some(until) = freeze.until.filter(|until| *until <= today)
        {
            self.thaw(until, now);
        }
    }

    /// Goes on after a freeze that lasted until the day before `until`: what was to be charged
    /// while it lasted, or later, is charged so many days later.
    pub(super) fn thaw(&mut self, until: Date, now: Timestamp) {
        let Some(freeze) = self.life.freeze.take() else { return };
        let days = until.days_since_1970() - freeze.from.days_since_1970();
        let days = days.max(0);
        for instalment in self.instalments.iter_mut().filter(|it| it.state.is_open()) {
            if instalment.payment.due >= freeze.from {
                instalment.payment.due = instalment.payment.due.plus_days(days);
            }
            instalment.retry_on = instalment
                .retry_on
                .map(|day| if day >= freeze.from { day.plus_days(days) } else { day });
        }
        self.life.moved_days += days;
        self.life.ends_on = self.life.ends_on.map(|day| day.plus_days(days));
        self.enter_state(ContractState::Active, now);
    }

    /// Writes down the next period of an evergreen contract when the last one has no day left that
    /// is still to come. A package that is gone, or costs another currency now, gives no further
    /// period; a contract that was cancelled is still paid for up to its last day.
    fn add_period(&mut self, today: Date, facts: &Facts<'_>) -> Result<(), Halt> {
        let mut rows = self.instalments.iter();
        let is_to_come =
            |it: &Instalment| it.state == InstalmentState::Scheduled && it.payment.due > today;
        if !self.terms.is_evergreen || rows.any(is_to_come) {
            return Ok(());
        }
        let package = facts.look::<Package>(Package::key_of(self.shard, self.terms.package))?;
        let package = package.filter(|package| package.currency == self.terms.currency);
        let plan = package.and_then(|package| Some((package, package.plan(self.terms.plan)?)));
        let Some((package, plan)) = plan else { return Ok(()) };
        self.life.runs_added = self.next_run_number(plan);
        let run = next_run(package, plan, self.start, self.life.runs_added);
        for mut payment in run {
            payment.due = payment.due.plus_days(self.life.moved_days);
            if self.life.cancelled_from.is_some_and(|from| payment.due >= from) {
                continue;
            }
            let number = self.last_number().saturating_add(1);
            self.instalments.push(Instalment::new(number, payment, InstalmentState::Scheduled));
        }
        self.forget_oldest();
        Ok(())
    }

    /// How many whole runs lie before the next one. It begins after all that is listed even where
    /// the plan was changed meanwhile, so that nobody pays for the same days again; where runs have
    /// got longer the count is out of step, and is made anew from the first.
    fn next_run_number(&self, plan: &InstallmentPlan) -> u32 {
        let parts = self.instalments.iter().filter(|it| it.payment.fee.is_none());
        let last = parts.map(|it| it.payment.due).max();
        let begins = |runs: u32| {
            let before = runs.saturating_mul(plan.payments.into());
            plan.interval.after(self.start, before).plus_days(self.life.moved_days)
        };
        let next = self.life.runs_added.saturating_add(1);
        let is_in_step = last.is_none_or(|last| begins(self.life.runs_added) <= last);
        let mut later = (if is_in_step { next } else { 1 }..).take(RUNS_SKIPPED_MAX);
        later.find(|runs| last.is_none_or(|last| begins(*runs) > last)).unwrap_or(next)
    }

    fn last_number(&self) -> u16 {
        self.instalments.iter().map(|instalment| instalment.number).max().unwrap_or(0)
    }

    /// Keeps the list short: the oldest that are over are only added up.
    fn forget_oldest(&mut self) {
        let is_over = |it: &Instalment| !it.state.is_open() && it.trying.is_none();
        let mut surplus = self.instalments.iter().filter(|it| is_over(it)).count();
        surplus = surplus.saturating_sub(CLOSED_KEPT_MAX);
        let mut earlier = self.life.earlier.unwrap_or_default();
        self.instalments.retain(|instalment| {
            if surplus == 0 || !is_over(instalment) {
                return true;
            }
            surplus -= 1;
            earlier.count += 1;
            if instalment.state == InstalmentState::Paid {
                earlier.paid += instalment.payment.total();
            }
            false
        });
        self.life.earlier = Some(earlier).filter(|earlier| earlier.count > 0);
    }
}

/// When a day begins in the first zone in which it does.
fn earliest(day: Date) -> Timestamp {
    let midnight = Timestamp::from_seconds(i64::from(day.days_since_1970()) * 86_400);
    midnight.before(Span::hours(ZONE_AHEAD_MAX_HOURS - CHARGED_FROM_HOUR))
}
