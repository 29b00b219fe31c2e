//! The sale: an order with its payment attempts and what it bought, one state machine.
//!
//! Whatever is paid for is a sale: admissions, season cards, a team pass, and the ticket that
//! replaces another ([`Goods`], [`Origin`]). So there is one money loop, one recovery, one check.
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
//! | AwaitingPayment | in parts: all are taken                | Issued          | held → sold   |
//! | AwaitingPayment | in parts: not covered, nothing taken   | PaymentFailed ¹ | given back    |
//! | AwaitingPayment | in parts: not covered, a part taken    | Returning       | given back    |
//! | AwaitingPayment | in parts: what was reserved is refused | UnderReview     | stay held     |
//! | UnderReview     | as AwaitingPayment, or a person decides| as there        | as there      |
//! | UnderReview     | in parts: known, and more is to be done| AwaitingPayment | stay held     |
//! | PaymentFailed, Expired | late approval, equal places free | Issued         | taken: sold   |
//! | PaymentFailed, Expired | late approval, otherwise        | Returning       | —             |
//! | Issued          | everything is refunded                 | Returning       | given back    |
//! | Issued          | all of it ends for a part of the price | Cancelled       | given back    |
//! | Issued          | a part is refunded                     | Issued          | that part back |
//! | Issued          | the ticket moved to another sale       | Transferred     | given back    |
//! | Issued          | the event is cancelled, or a person says so | Cancelled  | given back    |
//! | Returning       | refund succeeded, in full              | Returned        | —             |
//! | Returning       | refund succeeded, in part              | Returning, the rest is refunded |
//! | Returning       | refund never sent in time              | Returning, it is sent now       |
//! | Returning       | refund failed or unknown for 24 h      | Returning, a task for a person  |
//! | Returned        | a refund that was given up got through | Returned, a task if too much    |
//! | Returned        | a charge that was given up got through | Returning, it goes back         |
//!
//! ¹ Or Expired, if the last part was never sent in time. How a sale is paid in parts is told in
//! `split.rs`: its parts must be known one after another before it moves at all.
//!
//! Returned, Transferred and Cancelled are final but for that. Places, seats and entitlements
//! change hands only in these transitions (`taken.rs`), so no expiry can race a payment. Money that
//! is owed back is `owed_back` until a gateway has taken the refund, whatever state the sale is in.

mod advance;
mod card_use;
mod entitle;
mod issue;
mod money;
mod open_payment;
mod parts;
mod pay_opened;
mod pay_order;
mod place;
mod place_cards;
mod place_pass;
pub mod refund;
mod review;
mod settle;
mod split;
mod taken;
mod tender;

use serde::{Deserialize, Serialize};

pub use self::advance::{Advance, Advanced, Event as AdvanceEvent};
pub use self::entitle::{FreeFrom, Rights};
pub use self::parts::{
    Buyer, CardPrice, CardTerms, Entitlement, Fund, Goods, Holder, LetterAddress, Line,
    OrderPaymentKind, Origin, Place, Refund, Scan, TakenOver,
};
pub use self::pay_opened::PayOpened;
pub use self::pay_order::{OrderMeans, OrderPayment, PayOrder, PayStep};
pub use self::place::{PlaceOrder, Placed, ReservedFor};
pub use self::place_cards::{ORDER_CARDS_MAX, PlaceCards};
pub use self::place_pass::PlacePass;
pub use self::refund::HandRefund;
pub use self::review::{ReviewSale, Verdict};
pub use self::split::{Reversal, TENDER_PARTS_MAX, TenderOutcome, TenderPart, TenderStatus};
pub use self::tender::{Tender, sale_of_key};
use crate::attempt::{Attempt, Verb};
use crate::facts::Key;
use crate::ids::{EventId, ReservationId, SaleId, Shard, TaskId};
use crate::money::{Currency, Money};
use crate::payment::Method;
use crate::record::{Kind, word};
use crate::refusal::Code;
use crate::seating::SeatAddress;
use crate::settlement::Settled;
use crate::time::Timestamp;
use crate::token::{Secret, Token};
use crate::transfer::{SaleAddress, TransferAddress};

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
    /// The ticket went to another event or phone; another sale replaced it.
    Transferred,
    /// Not good any more, and what was not promised back stays with the seller.
    Cancelled,
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
            SaleState::Transferred => "transferred",
            SaleState::Cancelled => "cancelled",
        }
    }

    /// The published ticket status (`domain.md` §7.1), of a ticket that was not used yet.
    #[must_use]
    pub fn ticket_status(self) -> &'static str {
        match self {
            SaleState::AwaitingPayment | SaleState::UnderReview => "PendingPayment",
            SaleState::Issued => "Bought",
            SaleState::PaymentFailed => "PaymentFailed",
            SaleState::Expired => "Expired",
            SaleState::Returning => "RefundRequested",
            SaleState::Returned => "Refunded",
            SaleState::Transferred => "Transferred",
            SaleState::Cancelled => "Cancelled",
        }
    }

    /// Whether the sale holds places without having sold them.
    #[must_use]
    pub fn holds_places(self) -> bool {
        matches!(self, SaleState::AwaitingPayment | SaleState::UnderReview)
    }
}

/// An order. Of admissions it is published as one `Ticket`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sale {
    /// Whose sale.
    pub shard: Shard,
    /// Its number.
    pub id: SaleId,
    /// The random part of its handle.
    pub secret: Secret,
    /// The event; 0 when it is not about one.
    pub event: EventId,
    /// What was bought.
    #[serde(default, skip_serializing_if = "Goods::is_admissions")]
    pub goods: Goods,
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
    /// The means of paying that it is paid with part by part (`split.rs`); empty where one pays.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tenders: Vec<TenderPart>,
    /// Every try to move its money, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<Attempt>,
    /// Who bought.
    #[serde(default)]
    pub buyer: Buyer,
    /// An open payment is not wanted any more: the gateway is told to give it up.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
    /// Until then one caller has the turn to pay an open payment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirming_until: Option<Timestamp>,
    /// How many tries to pay an open payment were declined, whatever card was shown.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub declined_tries: u8,
    /// Why the payment failed; of an open payment, why the last try to pay it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Code>,
    /// How it is paid; `None` in orders of the first version, which took cards only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<Method>,
    /// The phone that pays, for [`Method::Phone`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer_phone: Option<String>,
    /// Numbered seats, one an admission, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seats: Vec<SeatAddress>,
    /// The hold the seats came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reservation: Option<ReservationId>,
    /// The hash of the request, where that hold is its identity (`payments.md` §6.5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<u128>,
    /// Rights that were used instead of money.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entitlements: Vec<Entitlement>,
    /// Money that came with the ticket from earlier sales.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub carried: Vec<Fund>,
    /// Money that a person took, and that only a person can give back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taken_by_hand: Vec<Fund>,
    /// Minor units of money that went on with the ticket to the next sale.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub moved_out: i64,
    /// Minor units promised back that no gateway has taken yet.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub owed_back: i64,
    /// The open task that asks a person to pay back what is owed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund_task: Option<TaskId>,
    /// The keys of charges that came when the sale had no use for them; theirs goes back first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unwanted: Vec<String>,
    /// Refunds of what was live, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refunds: Vec<Refund>,
    /// What a person paid back by other means than a gateway.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hand_refunds: Vec<HandRefund>,
    /// The ticket it replaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// What it takes over from that ticket when it goes live.
    #[serde(default, skip_serializing_if = "TakenOver::is_empty")]
    pub takes_over: TakenOver,
    /// The ticket that replaced it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<SaleAddress>,
    /// A transfer that waits for its payment; meanwhile the ticket lets in and does nothing else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locked_by: Option<TransferAddress>,
    /// Who went in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scans: Vec<Scan>,
    /// When `scans` last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate_changed_at: Option<Timestamp>,
    /// What gateways have paid out of it, an entry an attempt.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settled: Vec<Settled>,
}

fn is_zero<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What a new sale begins with.
#[derive(Clone, Copy, Debug)]
pub struct NewSale {
    /// Whose sale.
    pub shard: Shard,
    /// Its number.
    pub id: SaleId,
    /// The random part of its handle.
    pub secret: Secret,
    /// The event; 0 when it is not about one.
    pub event: EventId,
    /// The currency of every amount in it.
    pub currency: Currency,
}

impl Sale {
    /// An order that was accepted now and has nothing in it yet; it waits for its payment.
    #[must_use]
    pub fn new(new: NewSale, now: Timestamp) -> Sale {
        Sale {
            shard: new.shard,
            id: new.id,
            secret: new.secret,
            event: new.event,
            goods: Goods::Admissions,
            state: SaleState::AwaitingPayment,
            previous_state: None,
            changed_at: now,
            placed_at: now,
            issued_at: None,
            currency: new.currency,
            total: 0,
            fee: 0,
            lines: Vec::new(),
            places: Vec::new(),
            tenders: Vec::new(),
            attempts: Vec::new(),
            buyer: Buyer::default(),
            withdrawn: false,
            confirming_until: None,
            declined_tries: 0,
            failure: None,
            method: None,
            payer_phone: None,
            seats: Vec::new(),
            reservation: None,
            request: None,
            entitlements: Vec::new(),
            carried: Vec::new(),
            taken_by_hand: Vec::new(),
            moved_out: 0,
            owed_back: 0,
            refund_task: None,
            unwanted: Vec::new(),
            refunds: Vec::new(),
            hand_refunds: Vec::new(),
            origin: None,
            takes_over: TakenOver::default(),
            moved_to: None,
            locked_by: None,
            scans: Vec::new(),
            gate_changed_at: None,
            settled: Vec::new(),
        }
    }

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

    /// The published ticket status (`domain.md` §7.1).
    #[must_use]
    pub fn ticket_status(&self) -> &'static str {
        match self.state {
            SaleState::Issued if !self.scans.is_empty() => "Activated",
            state => state.ticket_status(),
        }
    }

    /// The seller other than its own that the rules must lock with it: whose ticket it replaces,
    /// or whose season card it or that ticket was paid with.
    #[must_use]
    pub fn partner(&self) -> Option<Shard> {
        let origin = self.origin.into_iter();
        let origin = origin.flat_map(|it| [Some(it.from.shard), it.card_seller]).flatten();
        origin.chain(self.card_sellers()).find(|shard| *shard != self.shard)
    }

    /// The clubs whose season cards it was paid with, one entry a card.
    pub fn card_sellers(&self) -> impl Iterator<Item = Shard> {
        self.entitlements.iter().filter_map(|entitlement| match entitlement {
            Entitlement::FreeTickets { card, .. } | Entitlement::StoreCredit { card, .. } => {
                Some(card.shard)
            }
            _ => None,
        })
    }

    /// What it is looked for by: the buyer's phone.
    #[must_use]
    pub fn words(&self) -> Vec<u128> {
        self.buyer.phone.iter().map(|phone| word("phone", phone)).collect()
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

    pub(crate) fn enter(&mut self, state: SaleState, now: Timestamp) {
        self.previous_state = Some(self.state);
        self.state = state;
        self.changed_at = now;
        if state == SaleState::Issued {
            self.issued_at = Some(now);
        }
    }
}
