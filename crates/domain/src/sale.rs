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
//! | UnderReview     | as AwaitingPayment, or a person decides| as there        | as there      |
//! | PaymentFailed, Expired | late approval, equal places free | Issued         | taken: sold   |
//! | PaymentFailed, Expired | late approval, otherwise        | Returning       | —             |
//! | Issued          | everything is refunded                 | Returning       | given back    |
//! | Issued          | a part is refunded                     | Issued          | that part is given back |
//! | Issued          | the ticket moved to another sale       | Transferred     | given back    |
//! | Issued          | the event is cancelled, or a person says so | Cancelled  | given back    |
//! | Returning       | refund succeeded, in full              | Returned        | —             |
//! | Returning       | refund succeeded, in part              | Returning, the rest is refunded |
//! | Returning       | refund never sent in time              | Returning, it is sent now       |
//! | Returning       | refund failed or unknown for 24 h      | Returning, a task for a person  |
//! | Returned        | a refund that was given up got through | Returned, a task if too much    |
//!
//! Returned, Transferred and Cancelled are final. Places, seats and entitlements change hands only
//! in these transitions ([`taken`]), so no expiry can race a payment. Money that is owed back is
//! `owed_back` until a gateway has taken the refund, whatever state the sale is in.

mod advance;
mod card_use;
mod entitle;
mod issue;
mod place;
mod place_cards;
mod place_pass;
pub mod refund;
mod review;
mod settle;
mod taken;
mod tender;

use serde::{Deserialize, Serialize};

pub use self::advance::{Advance, Advanced, Event as AdvanceEvent};
pub use self::entitle::{FreeFrom, Rights};
pub use self::place::{PlaceOrder, Placed, ReservedFor};
pub use self::place_cards::{ORDER_CARDS_MAX, PlaceCards};
pub use self::place_pass::PlacePass;
pub use self::refund::HandRefund;
pub use self::review::{ReviewSale, Verdict};
pub use self::tender::{Tender, sale_of_key};
use crate::attempt::{Attempt, AttemptState, ChargeRef, GatewayTerms, Verb};
use crate::card::{CardAddress, CardHolder};
use crate::facts::Key;
use crate::ids::{
    CardId, CardTypeId, EventId, LineId, PassId, PassTypeId, PhoneId, PrincipalId, QuotaId,
    ReservationId, SaleId, Shard, TicketTypeId,
};
use crate::language::Language;
use crate::money::{Currency, Money};
use crate::payment::Method;
use crate::record::{Kind, word};
use crate::refusal::Code;
use crate::seating::SeatAddress;
#[cfg(doc)]
use crate::special_ticket::SpecialTicket;
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
    /// Not good any more, and nothing goes back.
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
    /// That caller is the app, which acts for whoever proved the phone, and not a box office.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_app: bool,
    /// The device it was ordered from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_id: Option<String>,
    /// The phone it belongs to, in international form where it was verified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The published number of that phone, if it was verified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_id: Option<PhoneId>,
    /// The first buyer's phone, after the ticket went to another phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_phone: Option<String>,
    /// Opaque text for support, card-like digits masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_meta_data: Option<String>,
}

/// What was bought.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goods {
    /// Admissions to one event: the sale's lines.
    #[default]
    Admissions,
    /// A team pass.
    Pass {
        /// Of which kind.
        pass_type: PassTypeId,
        /// The pass, once it is paid for.
        pass: Option<PassId>,
    },
    /// Season cards.
    Cards {
        /// Their kinds and prices, one entry a card.
        types: Vec<CardPrice>,
        /// Who shall hold them.
        holder: CardHolder,
        /// The language of the receipt that the holder is sent; `None` for no receipt.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        receipt: Option<Language>,
        /// The cards, once they are paid for, in the order of `types`.
        cards: Vec<CardId>,
    },
}

impl Goods {
    fn is_admissions(&self) -> bool {
        *self == Goods::Admissions
    }
}

/// One season card of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardPrice {
    /// Its kind.
    pub card_type: CardTypeId,
    /// Minor units it costs.
    pub price: i64,
    /// Minor units of credit on it.
    #[serde(default)]
    pub credit: i64,
}

/// A right that was used instead of money; given back when the sale ends without its goods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entitlement {
    /// Free tickets of a season card.
    FreeTickets {
        /// Which card; it may be another club's.
        card: CardAddress,
        /// The card's kind, for the answer.
        card_type: CardTypeId,
        /// How many.
        count: u32,
    },
    /// Credit of a season card, in minor units of the sale's currency.
    StoreCredit {
        /// Which card; it may be another club's.
        card: CardAddress,
        /// The card's kind, for the answer.
        card_type: CardTypeId,
        /// How much.
        amount: i64,
    },
    /// A team pass, for one admission.
    Pass {
        /// Which pass.
        pass: PassId,
        /// The line it paid for.
        line: LineId,
    },
    /// A single-use code of a campaign.
    SpecialTicket {
        /// The hash of the code.
        hash: u128,
        /// The line it was used on.
        line: LineId,
    },
    /// A federation's card, for one admission; each card once an event.
    FederationCard {
        /// The hash that stands for event, kind and holder; see [`SpecialTicket`].
        hash: u128,
        /// The federation's name of the card's kind.
        card_type: String,
    },
    /// The club gave the tickets away.
    GiveAway {
        /// What for, as the club named it.
        campaign: Option<String>,
    },
}

/// Where a ticket came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The ticket it replaced, or will replace when it is paid.
    pub from: SaleAddress,
    /// The transfer, if it went to another event; `None` when it went to another phone.
    pub transfer: Option<TransferAddress>,
}

/// Money that came with the ticket from an earlier sale, and can go back where it came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fund {
    /// The charge at its gateway.
    pub charge: ChargeRef,
    /// That gateway.
    pub terms: GatewayTerms,
    /// Minor units that came along.
    pub amount: i64,
}

/// That an admission went through a gate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scan {
    /// Which admission of the sale, from 1.
    pub admission: u16,
    /// When, by the clock that saw it.
    pub at: Timestamp,
    /// At which gate.
    pub gate: String,
    /// The scanner, when it was offline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
}

/// A refund of something that was live.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// Its place in the sale, from 1.
    pub number: u8,
    /// When it was asked for.
    pub at: Timestamp,
    /// Minor units that go back by the gateways.
    pub money: i64,
    /// Minor units that go back to store credit.
    pub credit: i64,
    /// The platform's part of both that is given up.
    pub fee: i64,
    /// The admissions that are not good any more, from 1; empty when it ended all that were left
    /// (the sale's state says so) or none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub admissions: Vec<u16>,
    /// Why.
    pub reason: String,
    /// Who asked for it.
    pub by: String,
    /// The caller's name for it, by which a repeat is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
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
    /// Every try to move its money, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<Attempt>,
    /// Who bought.
    #[serde(default)]
    pub buyer: Buyer,
    /// Why the payment failed.
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
    /// Refunds of what was live, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refunds: Vec<Refund>,
    /// What a person paid back by other means than a gateway.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hand_refunds: Vec<HandRefund>,
    /// The ticket it replaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
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
}

fn is_zero(amount: &i64) -> bool {
    *amount == 0
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
            attempts: Vec::new(),
            buyer: Buyer::default(),
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
            refunds: Vec::new(),
            hand_refunds: Vec::new(),
            origin: None,
            moved_to: None,
            locked_by: None,
            scans: Vec::new(),
            gate_changed_at: None,
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

    /// Minor units of money it holds: what came in, by its own charges and with the ticket, and
    /// neither went back nor on.
    #[must_use]
    pub fn paid(&self) -> i64 {
        self.money_in() - self.money_back() - self.money_out()
    }

    /// Minor units that its own charges and persons took and that came with the ticket.
    #[must_use]
    pub fn money_in(&self) -> i64 {
        let others = self.carried.iter().chain(&self.taken_by_hand);
        self.moved(Verb::Charge) + others.map(|fund| fund.amount).sum::<i64>()
    }

    /// Minor units that gateways and people gave back.
    #[must_use]
    pub fn money_back(&self) -> i64 {
        let by_hand: i64 = self.hand_refunds.iter().map(|refund| refund.amount).sum();
        self.moved(Verb::Refund) + by_hand
    }

    /// Minor units that went on with the ticket, without store credit.
    #[must_use]
    pub fn money_out(&self) -> i64 {
        self.moved_out
    }

    fn moved(&self, verb: Verb) -> i64 {
        let of_verb = self.attempts.iter().filter(|attempt| attempt.verb == verb);
        of_verb.map(|attempt| attempt.moved).sum()
    }

    /// Minor units of store credit it was paid with.
    #[must_use]
    pub fn credit_used(&self) -> i64 {
        let amounts = self.entitlements.iter().filter_map(|entitlement| match entitlement {
            Entitlement::StoreCredit { amount, .. } => Some(*amount),
            _ => None,
        });
        amounts.sum()
    }

    /// Where its money is, last in first: what can still go back, charge by charge.
    #[must_use]
    pub fn funds(&self) -> Vec<Fund> {
        let succeeded = |attempt: &&Attempt| {
            attempt.verb == Verb::Charge && attempt.state == AttemptState::Succeeded
        };
        let own = self.attempts.iter().rev().filter(succeeded).map(|attempt| Fund {
            charge: attempt.charge_ref(),
            terms: attempt.terms.clone(),
            amount: attempt.moved,
        });
        let carried = self.carried.iter().chain(&self.taken_by_hand).rev().cloned();
        let left = own.chain(carried).map(|mut fund| {
            fund.amount -= self.refunded_of(&fund.charge);
            fund
        });
        without_oldest(left.filter(|fund| fund.amount > 0).collect(), self.moved_out)
    }

    /// Minor units of its price that were not paid back or promised back, store credit included.
    #[must_use]
    pub fn value(&self) -> i64 {
        self.total - self.refunded()
    }

    /// Minor units of one charge that went back or are on their way.
    fn refunded_of(&self, charge: &ChargeRef) -> i64 {
        let own = self.charge().map(Attempt::charge_ref);
        let refunds = self.attempts.iter().filter(|attempt| attempt.verb == Verb::Refund);
        let of_charge = refunds.filter(|refund| {
            refund.of.as_ref().or(own.as_ref()).is_some_and(|of| of.key == charge.key)
        });
        let by_gateway: i64 = of_charge
            .map(|refund| if refund.state.is_open() { refund.amount } else { refund.moved })
            .sum();
        let by_hand = self.hand_refunds.iter().filter(|refund| refund.charge == charge.key);
        by_gateway + by_hand.map(|refund| refund.amount).sum::<i64>()
    }

    /// The seller other than its own that the rules must lock with it: whose ticket it replaces,
    /// or whose season card it was paid with.
    #[must_use]
    pub fn partner(&self) -> Option<Shard> {
        let origin = self.origin.map(|origin| origin.from.shard);
        origin.into_iter().chain(self.card_sellers()).find(|shard| *shard != self.shard)
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

/// Funds, the last one in first, without the `moved` minor units that went on with the ticket:
/// those were the ones that had come in first.
fn without_oldest(funds: Vec<Fund>, moved: i64) -> Vec<Fund> {
    let mut staying = funds.iter().map(|fund| fund.amount).sum::<i64>() - moved;
    let mut left = Vec::new();
    for mut fund in funds {
        fund.amount = fund.amount.min(staying);
        staying -= fund.amount;
        if fund.amount > 0 {
            left.push(fund);
        }
    }
    left
}
