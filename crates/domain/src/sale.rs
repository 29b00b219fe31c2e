//! The sale: an order of admissions with its payment attempts and its tickets, one state machine.
//!
//! | state           | what happened                          | next state      | places        |
//! |-----------------|----------------------------------------|-----------------|---------------|
//! | —               | placed, something to pay               | AwaitingPayment | taken: held   |
//! | —               | placed, nothing to pay                 | Issued          | taken: sold   |
//! | AwaitingPayment | charge succeeded, in full              | Issued          | held → sold   |
//! | AwaitingPayment | charge succeeded, in part              | Returning       | given back    |
//! | AwaitingPayment | charge declined or not executed        | PaymentFailed   | given back    |
//! | AwaitingPayment | never sent in time                     | Expired         | given back    |
//! | AwaitingPayment | unknown for 24 h                       | UnderReview     | stay held     |
//! | UnderReview     | as AwaitingPayment, or a person decides| as there        | as there      |
//! | PaymentFailed, Expired | late approval, equal places free | Issued         | taken: sold   |
//! | PaymentFailed, Expired | late approval, otherwise        | Returning       | —             |
//! | Returning       | refund succeeded, in full              | Returned        | —             |
//! | Returning       | refund succeeded, in part              | Returning, the rest is refunded |
//! | Returning       | refund never sent in time              | Returning, it is sent now       |
//! | Returning       | refund failed or unknown for 24 h      | Returning, a task for a person  |
//! | Returned        | a refund that was given up got through | Returned, a task if too much    |
//!
//! Issued and Returned are final here. Places change hands only in these transitions, so no
//! expiry can race a payment.

mod advance;
mod place;
mod review;
mod settle;

use serde::{Deserialize, Serialize};

pub use self::advance::{Advance, Advanced, Event as AdvanceEvent};
pub use self::place::{Instrument, PlaceOrder, Placed};
pub use self::review::{ReviewSale, Verdict};
use crate::attempt::{Attempt, Verb};
use crate::facts::Key;
use crate::ids::{EventId, LineId, PrincipalId, QuotaId, SaleId, Shard, TicketTypeId};
use crate::money::{Currency, Money};
use crate::record::Kind;
use crate::refusal::Code;
use crate::time::Timestamp;
use crate::token::{Secret, Token};

/// Where a sale stands; see the table of the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaleState {
    /// Places held, money on its way.
    AwaitingPayment,
    /// Paid, or nothing to pay: the tickets are live.
    Issued,
    /// The money did not come; nothing was charged.
    PaymentFailed,
    /// The payment was never sent in time; nothing was charged.
    Expired,
    /// A person must find out whether the money came; the places stay held.
    UnderReview,
    /// Money came that cannot be used and is on its way back.
    Returning,
    /// That money is back.
    Returned,
}

impl SaleState {
    /// The name in the store's column.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            SaleState::AwaitingPayment => "awaiting_payment",
            SaleState::Issued => "issued",
            SaleState::PaymentFailed => "payment_failed",
            SaleState::Expired => "expired",
            SaleState::UnderReview => "under_review",
            SaleState::Returning => "returning",
            SaleState::Returned => "returned",
        }
    }

    /// The published ticket status (`domain.md` §7.1).
    #[must_use]
    pub fn ticket_status(self) -> &'static str {
        match self {
            SaleState::AwaitingPayment | SaleState::UnderReview => "PendingPayment",
            SaleState::Issued => "Bought",
            SaleState::PaymentFailed => "PaymentFailed",
            SaleState::Expired => "Expired",
            SaleState::Returning => "RefundRequested",
            SaleState::Returned => "Refunded",
        }
    }

    /// Whether the sale holds places without having sold them.
    #[must_use]
    pub fn holds_places(self) -> bool {
        matches!(self, SaleState::AwaitingPayment | SaleState::UnderReview)
    }
}

/// The person on one admission.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// Their name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Their phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Their national id or member number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder_id: Option<String>,
}

impl Holder {
    /// Whether everything is there that a type may ask for (`domain.md` §3.4).
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let all = [&self.name, &self.phone, &self.holder_id];
        all.iter().all(|text| text.as_deref().is_some_and(|text| !text.trim().is_empty()))
    }
}

/// One line of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Its number.
    pub id: LineId,
    /// What was bought.
    pub ticket_type: TicketTypeId,
    /// Whether the type is one of the series.
    pub of_series: bool,
    /// How many admissions.
    pub count: u32,
    /// Minor units an admission.
    pub unit_price: i64,
    /// Minor units for the line.
    pub total: i64,
    /// One entry an admission, in order; may be shorter than `count`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holders: Vec<Holder>,
}

/// Places taken of one quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Of which quota.
    pub quota: QuotaId,
    /// How many.
    pub count: u32,
}

/// Who bought, as far as the order said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Buyer {
    /// The caller that sold it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal: Option<PrincipalId>,
    /// The device it was ordered from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_id: Option<String>,
    /// The phone it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Opaque text for support, card-like digits masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_meta_data: Option<String>,
}

/// An order of admissions to one event. Published as one `Ticket`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sale {
    /// Whose sale.
    pub shard: Shard,
    /// Its number.
    pub id: SaleId,
    /// The random part of its handle.
    pub secret: Secret,
    /// The event.
    pub event: EventId,
    /// Where it stands.
    pub state: SaleState,
    /// Where it stood before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_state: Option<SaleState>,
    /// When the state last changed.
    pub changed_at: Timestamp,
    /// When the order was accepted.
    pub placed_at: Timestamp,
    /// When the tickets went live.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_at: Option<Timestamp>,
    /// The currency of every amount in it.
    pub currency: Currency,
    /// Minor units for all lines.
    pub total: i64,
    /// The platform's part of `total`.
    pub fee: i64,
    /// What was bought.
    pub lines: Vec<Line>,
    /// Places taken, quota by quota.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<Place>,
    /// Every try to move its money, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<Attempt>,
    /// Who bought.
    #[serde(default)]
    pub buyer: Buyer,
    /// Why the payment failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Code>,
}

impl Sale {
    /// Where it lives.
    #[must_use]
    pub fn key_of(shard: Shard, id: SaleId) -> Key {
        Key::number(shard, Kind::Sale, id.0)
    }

    /// Its published handle (`ticketTokenId`).
    #[must_use]
    pub fn token(&self) -> Token {
        Token { shard: self.shard, number: self.id.0, secret: self.secret }
    }

    /// How many persons it lets in.
    #[must_use]
    pub fn admissions(&self) -> u32 {
        self.lines.iter().map(|line| line.count).sum()
    }

    /// Minor units that came in and did not go back.
    #[must_use]
    pub fn paid(&self) -> i64 {
        let moved = |verb| {
            let of_verb = self.attempts.iter().filter(move |attempt| attempt.verb == verb);
            of_verb.map(|attempt| attempt.moved).sum::<i64>()
        };
        moved(Verb::Charge) - moved(Verb::Refund)
    }

    /// The last try to charge.
    #[must_use]
    pub fn charge(&self) -> Option<&Attempt> {
        self.attempts.iter().rev().find(|attempt| attempt.verb == Verb::Charge)
    }

    /// When the janitor must look at it; `None` when no attempt is open.
    #[must_use]
    pub fn due(&self) -> Option<Timestamp> {
        let open = self.attempts.iter().filter(|attempt| attempt.state.is_open());
        open.map(|attempt| attempt.ask_at).min()
    }

    fn money(&self, amount: i64) -> Money {
        Money::new(amount, self.currency)
    }

    fn enter(&mut self, state: SaleState, now: Timestamp) {
        self.previous_state = Some(self.state);
        self.state = state;
        self.changed_at = now;
        if state == SaleState::Issued {
            self.issued_at = Some(now);
        }
    }
}
