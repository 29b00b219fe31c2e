//! What an order is made of: goods and lines, the buyer, places, rights, and what became of them.

use serde::{Deserialize, Serialize};

use super::refund::RefundWhat;
use crate::attempt::{ChargeRef, GatewayTerms};
use crate::card::{CardAddress, CardHolder, CardType};
use crate::catalogue::Period;
use crate::ids::{
    CardId, CardTypeId, ContractId, CustomerOrderId, LineId, PassId, PassTypeId, PhoneId,
    PrincipalId, QuotaId, Shard, TicketTypeId,
};
use crate::language::Language;
use crate::seating::SeatAddress;
#[cfg(doc)]
use crate::special_ticket::SpecialTicket;
use crate::time::Timestamp;
use crate::transfer::{SaleAddress, TransferAddress};

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
    /// The line of the old ticket that it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transferred_from: Option<LineId>,
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
    /// Where letters about it go: the address that its tickets were mailed to last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub letters: Option<LetterAddress>,
}

/// Where somebody is written to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterAddress {
    /// The address, checked by whoever took it in.
    pub to: String,
    /// The language of the letters.
    pub language: Language,
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
    /// An order that an agency placed for a customer.
    Order {
        /// Which.
        order: CustomerOrderId,
        /// How it is paid.
        kind: OrderPaymentKind,
        /// Minor units of tax in the total.
        tax: i64,
        /// To whom the tax is owed.
        tax_jurisdiction: String,
        /// The gateway's bill of a later period that it pays; `None` for the order's own payment.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        renewal: Option<String>,
    },
    /// What is due today of a package that is sold to a member of a club.
    Contract {
        /// The contract, which is there from the moment the sale is placed.
        contract: ContractId,
    },
    /// A payment of a contract that has fallen due; each try to charge it is a sale of its own.
    Instalment {
        /// Which contract.
        contract: ContractId,
        /// Which payment of it, from 1.
        number: u16,
        /// Minor units of tax in the total.
        tax: i64,
        /// To whom the tax is owed.
        tax_jurisdiction: String,
    },
}

impl Goods {
    pub(super) fn is_admissions(&self) -> bool {
        *self == Goods::Admissions
    }
}

/// How a customer's order is paid (`PaymentType`, `domain.md` §5.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderPaymentKind {
    /// By something that is not told.
    #[default]
    Unknown,
    /// With a card, through a gateway.
    Card,
    /// A person says: on an invoice.
    Invoice,
    /// A person says: in cash.
    Cash,
    /// A person says: by check.
    Check,
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
    /// What else it gives; without it, what its kind says when it is paid for.
    #[serde(default)]
    pub terms: Option<CardTerms>,
}

/// What a season card gives beside credit, as the buyer saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardTerms {
    /// When it is good.
    pub valid: Period,
    /// Free tickets; `None` for no limit.
    pub tickets_max: Option<u32>,
    /// Free tickets for one event; `None` for no limit of its own.
    pub tickets_per_event_max: Option<u32>,
}

impl CardTerms {
    /// What cards of a kind give now.
    #[must_use]
    pub fn of(kind: &CardType) -> CardTerms {
        CardTerms {
            valid: kind.valid,
            tickets_max: kind.tickets_max,
            tickets_per_event_max: kind.tickets_per_event_max,
        }
    }
}

impl CardPrice {
    /// Minor units of the price that are not the buyer's own credit: what the club earns, and the
    /// platform a part of.
    #[must_use]
    pub fn earned(&self) -> i64 {
        self.price - self.credit.min(self.price)
    }
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
        /// What the code was given out for.
        #[serde(default)]
        campaign: Option<String>,
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
    /// The third club, whose season card the old ticket was paid with: when that is replaced, the
    /// card is touched, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card_seller: Option<Shard>,
}

/// What a ticket that waits for its payment takes over from the one it replaces, which has it until
/// then: a place that both need of one quota, a seat that stays the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenOver {
    /// Places of quotas.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<Place>,
    /// Numbered seats.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seats: Vec<SeatAddress>,
}

impl TakenOver {
    pub(super) fn is_empty(&self) -> bool {
        self.places.is_empty() && self.seats.is_empty()
    }
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
    /// When by the scanner's clock, where that cannot be: ahead of ours, or before the gates opened
    /// or the ticket was sold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told_at: Option<Timestamp>,
    /// The ticket was not good: a person was told, and no gate counts it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_invalid: bool,
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
    /// What the caller asked for by that name; the same name may not stand for anything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<RefundWhat>,
}
