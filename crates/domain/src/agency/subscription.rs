//! The subscription that renews the recurring lines of a customer's order, one state machine
//! (`domain.md` §5.2, `payments.md` §2.7). The order's own payment pays the first period; the
//! gateway keeps the means of paying and takes the later ones by itself.
//!
//! | state                   | what happened                                   | next state  |
//! |-------------------------|-------------------------------------------------|-------------|
//! | —                       | an order with recurring lines was paid          | Wanted      |
//! | Wanted                  | the gateway keeps it                            | Active      |
//! | Wanted                  | the gateway refused it, or nobody knows for days | Failed ¹   |
//! | Active                  | a period was not paid                           | PastDue     |
//! | PastDue                 | it was paid after all                           | Active      |
//! | Wanted, Active, PastDue | the gateway has ended it                        | Cancelled   |
//! | all but Cancelled       | the order is paid back, or its agency ends it   | Ending      |
//! | Ending                  | the gateway has ended it, or never had it       | Cancelled   |
//! | Ending                  | nobody knows for days                           | Ending ¹    |
//!
//! ¹ A person is asked.
//!
//! What the gateway is asked is told by [`SubscriptionStep`], one question at a time: it is noted
//! under the seller's lock, and an answer to any but the last question is not taken in. So neither
//! two nodes nor a message that comes out of turn can make a second subscription or undo what is
//! known. Making one is sent again under its key until somebody knows what became of it.

mod renewal;
mod step;

use serde::{Deserialize, Serialize};

pub use self::step::{
    SubscriptionAnswer, SubscriptionCall, SubscriptionEvent, SubscriptionStep, SubscriptionVerb,
};
use super::Uid;
use crate::attempt::{ChargeRef, GatewayTerms};
use crate::club::Date;
use crate::ids::SaleId;
use crate::time::{Span, Timestamp};

/// How many paid periods one order may have: twenty years of months. It is what keeps the order's
/// row small.
pub const RENEWALS_MAX: usize = 240;

/// How often a subscription that runs is looked at without a message: those may get lost.
const LOOK_EVERY: Span = Span::hours(24);

/// How long a question may be out. It is longer than all calls of one take together, so that
/// nothing of an older question is on its way when the next one is asked.
const QUESTION_TIME: Span = Span::minutes(5);

/// How long whoever brought the payment has to begin, before the janitor does: so that the payer's
/// own request tells what came of it.
const BEGINNER_TIME: Span = Span::seconds(5);

/// How long it may stay unknown whether the gateway keeps a subscription, or has ended it. Longer
/// than gateways remember keys, so that one of their own faults does not decide.
const DOUBT_MAX: Span = Span::hours(72);

/// The hour of the day at which a period begins: noon in UTC, the same day in most of the world.
const HOUR_OF_PERIOD: Span = Span::hours(12);

const SECONDS_OF_DAY: i64 = 86_400;

/// How often a line recurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Interval {
    /// Every month.
    Month,
    /// Every year.
    Year,
}

impl Interval {
    /// The published name; read without regard to case.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Interval::Month => "Month",
            Interval::Year => "Year",
        }
    }

    fn months(self) -> u32 {
        match self {
            Interval::Month => 1,
            Interval::Year => 12,
        }
    }

    /// When the second period begins, if the first one begins at `paid_at`. A day that a month
    /// does not have is its last.
    #[must_use]
    pub fn second_period(self, paid_at: Timestamp) -> Timestamp {
        let days = i32::try_from(paid_at.seconds().div_euclid(SECONDS_OF_DAY)).unwrap_or(i32::MAX);
        let day = Date::of_days(days).plus_months(self.months());
        let days = i64::from(day.days_since_1970());
        Timestamp::from_seconds(days.saturating_mul(SECONDS_OF_DAY)).after(HOUR_OF_PERIOD)
    }
}

/// What recurs of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recurring {
    /// How often.
    pub interval: Interval,
    /// Minor units for each period, with tax.
    pub amount: i64,
    /// Minor units of tax in it.
    pub tax: i64,
}

/// Where a subscription stands; see the table of the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubscriptionState {
    /// The gateway is to keep it, and perhaps does already.
    Wanted,
    /// It runs.
    Active,
    /// It runs, and a period was not paid.
    PastDue,
    /// It is to end, and perhaps has already.
    Ending,
    /// It has ended, or never was.
    Cancelled,
    /// It did not come to be, as far as is known.
    Failed,
}

impl SubscriptionState {
    /// The published name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            SubscriptionState::Wanted => "Wanted",
            SubscriptionState::Active => "Active",
            SubscriptionState::PastDue => "PastDue",
            SubscriptionState::Ending => "Ending",
            SubscriptionState::Cancelled => "Cancelled",
            SubscriptionState::Failed => "Failed",
        }
    }
}

/// The subscription of one order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// Where it stands.
    pub state: SubscriptionState,
    /// What recurs.
    pub recurring: Recurring,
    /// With whom, as the first payment was made.
    pub terms: GatewayTerms,
    /// The first payment: its means of paying is the one that is kept.
    pub charge: ChargeRef,
    /// When the second period begins, the first that the gateway takes.
    pub starts_at: Timestamp,
    /// What the gateway calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Later periods that were paid, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renewals: Vec<Renewal>,
    /// Since when it is wanted, or is to end.
    pub since: Timestamp,
    /// When the gateway is asked next; `None` for never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ask_at: Option<Timestamp>,
    /// A question is out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub asking: bool,
    /// Something happened while a question was out: it is asked again after the answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ask_again: bool,
    /// The number of the last question.
    #[serde(default)]
    pub question: u32,
    /// How many questions in a row brought no answer.
    #[serde(default)]
    pub silences: u16,
    /// A person was asked about it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub told: bool,
}

/// A later period that was paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewal {
    /// What the gateway calls the bill.
    pub invoice: String,
    /// The sale that holds its money.
    pub sale: SaleId,
}

/// What a gateway tells of a subscription.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriptionTold {
    /// Its own name of it.
    pub reference: String,
    /// Its own name of the customer, who may have more than one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// Where it stands.
    pub standing: SubscriptionStanding,
    /// Periods that it took money for, in any order; perhaps only the last ones.
    #[serde(default)]
    pub paid: Vec<PaidPeriod>,
}

/// Where a subscription stands at its gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubscriptionStanding {
    /// It runs, or begins with the next period.
    Running,
    /// A period was not paid, and may be.
    PastDue,
    /// Nothing more is taken.
    Ended,
}

/// A period that a gateway took money for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaidPeriod {
    /// What it calls the bill.
    pub invoice: String,
    /// What it calls the payment, by which it is refunded.
    pub payment: String,
    /// Minor units of the order's currency.
    pub amount: i64,
}

impl Subscription {
    /// A subscription that the gateway is to keep from now on.
    #[must_use]
    pub fn wanted(
        recurring: Recurring,
        terms: GatewayTerms,
        charge: ChargeRef,
        now: Timestamp,
    ) -> Subscription {
        Subscription {
            state: SubscriptionState::Wanted,
            recurring,
            terms,
            charge,
            starts_at: recurring.interval.second_period(now),
            reference: None,
            renewals: Vec::new(),
            since: now,
            ask_at: Some(now.after(BEGINNER_TIME)),
            asking: false,
            ask_again: false,
            question: 0,
            silences: 0,
            told: false,
        }
    }

    /// The key that the gateway knows the subscription of an order by.
    #[must_use]
    pub fn key_of(order: Uid) -> String {
        format!("{KEY_PREFIX}{:032x}", order.0)
    }

    /// The order that a key leads to; `None` for a text that is no such key. The order must still
    /// be asked whether it is there.
    #[must_use]
    pub fn order_of_key(key: &str) -> Option<Uid> {
        let digits = key.strip_prefix(KEY_PREFIX).filter(|digits| digits.len() == 32)?;
        u128::from_str_radix(digits, 16).ok().map(Uid)
    }

    /// Whether it runs: the published `SubscriptionSuccess`.
    #[must_use]
    pub fn runs(&self) -> bool {
        self.state == SubscriptionState::Active
    }

    /// Whether the gateway is to be asked now.
    #[must_use]
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.ask_at.is_some_and(|at| at <= now)
    }

    /// Whether the gateway was never asked about it.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.question == 0
    }

    /// It is not wanted any more.
    pub(crate) fn end(&mut self, now: Timestamp) {
        if matches!(self.state, SubscriptionState::Ending | SubscriptionState::Cancelled) {
            return;
        }
        self.state = SubscriptionState::Ending;
        (self.since, self.silences, self.told) = (now, 0, false);
        self.ask_now(now);
    }

    /// Asks as soon as the question that is out, if one is, has had its time.
    fn ask_now(&mut self, now: Timestamp) {
        if self.asking {
            self.ask_again = true;
        } else {
            self.ask_at = Some(now);
        }
    }
}

/// How keys of subscriptions begin.
const KEY_PREFIX: &str = "sub_";
