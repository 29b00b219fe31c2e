//! Moving a ticket to another event or phone and settling the difference (`domain.md` §4, §7.3).
//!
//! The ticket that replaces another one is a sale of its own ([`crate::sale::Origin`]); the
//! [`Transfer`] is the line of the log, and while somebody must pay first, the payment session:
//!
//! | state         | what happened                    | next state    | old ticket  | new ticket |
//! |---------------|----------------------------------|---------------|-------------|------------|
//! | —             | moved at the same price or lower | Completed     | Transferred | Issued     |
//! | —             | moved at a higher price          | AwaitingTopup | locked      | held       |
//! | AwaitingTopup | the difference was paid          | Completed     | Transferred | Issued     |
//! | AwaitingTopup | a payment failed or was partial  | AwaitingTopup | locked      | held       |
//! | AwaitingTopup | paid, but old ticket was used    | Cancelled     | free        | money back |
//! | AwaitingTopup | over, and no answer is awaited   | Expired       | free        | Expired    |
//! | AwaitingTopup | old ticket was used, or given up | Cancelled     | free        | Expired    |
//! | AwaitingTopup | its event was called off         | Cancelled     | free        | Expired    |
//! | any end       | a payment arrives all the same   | as before     | —           | money back |
//!
//! "Locked" ([`Sale::locked_by`]): it lets in and does nothing else. Both tickets change in one
//! commit, which locks both sellers where there are two.

mod books;
mod end;
mod log;
mod pay;
mod payout;
mod phone;
mod place;
mod quote;
mod rights;
mod route;
mod seat;
mod swap;
mod taken_over;

use serde::{Deserialize, Serialize};

pub use self::end::{EndTransfer, Ending, cancel_on_use};
pub(crate) use self::end::{charged, not_charged};
pub use self::log::{ReferenceUsed, RefundLeg};
pub use self::pay::{NoteTopup, PayTopup, SESSION_CHARGES_MAX, session_hash};
pub use self::phone::{MoveToPhone, MovedToPhone};
pub use self::place::{MoveTicket, Moved};
pub use self::quote::{Direction, Quote, QuoteTransfer, Quoted};
pub use self::route::{Choice, Route};
pub(crate) use self::swap::arrive;
use crate::facts::Key;
use crate::ids::{EventId, SaleId, Shard, TransferId};
use crate::record::Kind;
#[cfg(doc)]
use crate::sale::Sale;
use crate::time::Timestamp;
use crate::token::{Secret, Token};

/// Names a transfer wherever it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TransferAddress {
    /// The seller of the target event.
    pub shard: Shard,
    /// Its number.
    pub id: TransferId,
}

/// Names a sale wherever it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SaleAddress {
    /// Its seller.
    pub shard: Shard,
    /// Its number.
    pub id: SaleId,
}

/// Where a transfer stands; see the table of the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransferState {
    /// The ticket has moved.
    Completed,
    /// The holder must pay the difference first.
    AwaitingTopup,
    /// It was not paid in time.
    Expired,
    /// The old ticket was used, or a person gave it up.
    Cancelled,
}

impl TransferState {
    /// The published name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            TransferState::Completed => "Completed",
            TransferState::AwaitingTopup => "AwaitingTopup",
            TransferState::Expired => "Expired",
            TransferState::Cancelled => "Cancelled",
        }
    }
}

/// One line of the transfer log. It lies with the seller of the target event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// The seller of the target event.
    pub shard: Shard,
    /// Its number.
    pub id: TransferId,
    /// The first half of the SHA-256 of the session's handle, of which the raw form is told to
    /// the payer alone; zero without one.
    pub session: Secret,
    /// Where it stands.
    pub state: TransferState,
    /// The old ticket.
    pub from: SaleAddress,
    /// The new ticket.
    pub to: SaleAddress,
    /// When an unpaid one ends.
    pub expires_at: Option<Timestamp>,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// The event of the old ticket.
    #[serde(default)]
    pub from_event: EventId,
    /// The event of the new ticket.
    #[serde(default)]
    pub to_event: EventId,
    /// What it was decided on.
    #[serde(default)]
    pub quote: Quote,
    /// A person must put a payout right.
    #[serde(default)]
    pub by_hand: bool,
    /// Minor units that go back by the gateways.
    #[serde(default)]
    pub money_back: i64,
    /// Minor units that went back to season cards.
    #[serde(default)]
    pub credit_back: i64,
    /// Who asked for it.
    #[serde(default)]
    pub by: String,
    /// Why, as they said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When somebody must look at it before it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look_at: Option<Timestamp>,
    /// When it came to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// Payments that were reported as the difference.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<ReferenceUsed>,
}

impl Transfer {
    /// Where a transfer lives.
    #[must_use]
    pub fn key_of(address: TransferAddress) -> Key {
        Key::number(address.shard, Kind::Transfer, address.id.0)
    }

    /// Names it.
    #[must_use]
    pub fn address(&self) -> TransferAddress {
        TransferAddress { shard: self.shard, id: self.id }
    }

    /// When somebody must look whether it has expired.
    #[must_use]
    pub fn due(&self) -> Option<Timestamp> {
        let at = self.look_at.or(self.expires_at);
        at.filter(|_| self.state == TransferState::AwaitingTopup)
    }

    /// The handle of its payment session; `secret` is the raw form of [`Transfer::session`].
    #[must_use]
    pub fn token(&self, secret: Secret) -> Token {
        Token { shard: self.shard, number: self.id.0, secret }
    }
}
