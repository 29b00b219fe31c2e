//! One payment of a contract (`domain.md` §7.6).
//!
//! | state     | what happened                                      | next state             |
//! |-----------|----------------------------------------------------|------------------------|
//! | —         | sold, or a further period of an evergreen plan     | Scheduled; Due ¹       |
//! | Scheduled | its day has come: a try was begun                  | Due                    |
//! | Scheduled | its day has come, and nothing can be charged       | PastDue, for people    |
//! | Due       | the try was paid                                   | Paid                   |
//! | Due       | declined, or not executed                          | PastDue, a day to retry |
//! | Due       | declined for good, or no day is left               | PastDue, for people    |
//! | PastDue   | its day to retry, a new method, or a person says so| PastDue, with a try    |
//! | PastDue   | the try was paid                                   | Paid                   |
//! | PastDue   | the try failed                                     | PastDue, as above      |
//! | Scheduled, PastDue | a person gives it up                      | WrittenOff             |
//! | Scheduled, PastDue | the contract was cancelled, from its day on | Cancelled            |
//! | Due, PastDue | as before, and the try under way failed         | Cancelled              |
//! | Paid      | all of it was paid back                            | Refunded               |
//!
//! ¹ Due is what the sale of the contract pays; it is Paid or Cancelled with that sale.
//!
//! WrittenOff, Cancelled and Refunded are final. A try is a sale ([`Instalment::trying`]); nothing
//! else is begun for the contract before it is known what came of it, however long that takes.

use serde::{Deserialize, Serialize};

use super::Date;
use super::plan::Payment;
use crate::ids::{SaleId, TaskId};
use crate::refusal::Code;

/// On which days after the first try what was declined is tried again (`domain.md` §7.6). Where
/// the till runs, the first try is on the day on which the instalment falls due.
pub const RETRY_DAYS: [i32; 3] = [3, 7, 14];

/// Where an instalment stands; see the table of the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InstalmentState {
    /// It is to be paid on a later day.
    Scheduled,
    /// It is being paid.
    Due,
    /// A try to charge it failed.
    PastDue,
    /// It is paid.
    Paid,
    /// It was paid and paid back.
    Refunded,
    /// A person gave it up.
    WrittenOff,
    /// It will not be paid.
    Cancelled,
}

impl InstalmentState {
    /// The published name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            InstalmentState::Scheduled => "Scheduled",
            InstalmentState::Due => "Due",
            InstalmentState::PastDue => "PastDue",
            InstalmentState::Paid => "Paid",
            InstalmentState::Refunded => "Refunded",
            InstalmentState::WrittenOff => "WrittenOff",
            InstalmentState::Cancelled => "Cancelled",
        }
    }

    /// Whether something may still be paid of it.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, InstalmentState::Scheduled | InstalmentState::Due | InstalmentState::PastDue)
    }
}

/// One payment of a contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instalment {
    /// Its number in the contract, from 1.
    pub number: u16,
    /// What is paid, and when it falls due.
    pub payment: Payment,
    /// Where it stands.
    pub state: InstalmentState,
    /// The sale that paid it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_by: Option<SaleId>,
    /// The sale that is trying to pay it now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trying: Option<SaleId>,
    /// How often it was tried to charge it, apart from the sale of the contract.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub tries: u16,
    /// The day of the first try, from which the days to retry count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_tried_on: Option<Date>,
    /// The day of the last try.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tried_on: Option<Date>,
    /// The day on which it is tried again; `None` while a try is under way, and where people must
    /// act first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_on: Option<Date>,
    /// Why the last try failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Code>,
    /// The task that asks people to see to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskId>,
}

fn is_zero(tries: &u16) -> bool {
    *tries == 0
}

impl Instalment {
    /// One that was not tried yet.
    #[must_use]
    pub fn new(number: u16, payment: Payment, state: InstalmentState) -> Instalment {
        Instalment {
            number,
            payment,
            state,
            paid_by: None,
            trying: None,
            tries: 0,
            first_tried_on: None,
            tried_on: None,
            retry_on: None,
            failure: None,
            task: None,
        }
    }

    /// The day on which it must be charged next, if there is one.
    #[must_use]
    pub fn next_day(&self) -> Option<Date> {
        match self.state {
            _ if self.trying.is_some() => None,
            InstalmentState::Scheduled => Some(self.payment.due),
            InstalmentState::PastDue => self.retry_on,
            _ => None,
        }
    }

    /// Whether a person may have it charged on `today`.
    #[must_use]
    pub fn is_overdue(&self, today: Date) -> bool {
        match self.state {
            InstalmentState::Scheduled => self.payment.due <= today,
            state => state == InstalmentState::PastDue,
        }
    }

    /// A try is begun.
    pub(super) fn begin_try(&mut self, sale: SaleId, today: Date) {
        if self.state == InstalmentState::Scheduled {
            self.state = InstalmentState::Due;
        }
        self.trying = Some(sale);
        self.tries = self.tries.saturating_add(1);
        self.note_day(today);
        self.retry_on = None;
    }

    /// Nothing can be charged, so that there is no try. A gateway that is switched off may come
    /// back by itself; what a member must bring does not.
    pub(super) fn cannot_try(&mut self, why: Code, today: Date) {
        self.note_day(today);
        let may_come_back = why == Code::PaymentMethodNotAvailable;
        let retry_on = self.next_retry().filter(|_| may_come_back);
        self.fail(why, retry_on);
    }

    fn note_day(&mut self, today: Date) {
        self.first_tried_on.get_or_insert(today);
        self.tried_on = Some(today);
    }

    /// The try under way was paid.
    pub(super) fn pay(&mut self, sale: SaleId) {
        self.state = InstalmentState::Paid;
        self.paid_by = Some(sale);
        self.trying = None;
        self.failure = None;
    }

    /// It is not paid now; without a day people must act first.
    pub(super) fn fail(&mut self, why: Code, retry_on: Option<Date>) {
        self.state = InstalmentState::PastDue;
        self.trying = None;
        self.failure = Some(why);
        self.retry_on = retry_on;
    }

    /// It will not be paid.
    pub(super) fn close(&mut self, state: InstalmentState) {
        self.state = state;
        self.trying = None;
        self.retry_on = None;
    }

    /// The next of the days to retry, after that of the last try.
    #[must_use]
    pub(super) fn next_retry(&self) -> Option<Date> {
        let (first, last) = (self.first_tried_on?, self.tried_on?);
        RETRY_DAYS.iter().map(|days| first.plus_days(*days)).find(|day| *day > last)
    }
}
