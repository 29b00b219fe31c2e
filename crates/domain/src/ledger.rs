//! The books: double entry, append-only, whole minor units (`payments.md` §7).
//!
//! One [`Posting`] is one event in the life of one sale or payout; its legs sum to zero. It is
//! named by its source and step, so that a replay cannot book twice. Balances are derived: the
//! store adds a batch's legs to one row an account.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::ids::{CardId, ContractId, EventId, PayoutId, SaleId, Shard};
use crate::money::Currency;
use crate::time::Timestamp;

/// Where money is, or to whom it is owed (`payments.md` §7.1). Every account lies in one shard.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// Captured money that the named gateway owes us. An asset.
    GatewayClearing(String),
    /// Sales we owe the organiser for an event. A liability.
    OwnerPayable(EventId),
    /// What the platform keeps. Income.
    PlatformFeeIncome,
    /// A buyer's money for an order that is not complete. A liability.
    OrderHolding(SaleId),
    /// Refunds promised and not yet accepted by the gateway. A liability.
    RefundPayable(SaleId),
    /// Sales of season cards we owe the organiser. A liability.
    OwnerPayableCards,
    /// Sales of team passes we owe the organiser. A liability.
    OwnerPayablePasses,
    /// Orders of customers we owe the agency. A liability.
    OwnerPayableOrders,
    /// Payments of contracts that have begun, which we owe the chain. A liability.
    OwnerPayableContracts,
    /// What the organiser owes back, after a payout. An asset.
    OwnerReceivable,
    /// Unspent credit on a season card; never below 0. A liability.
    StoreCredit(CardId),
    /// Credit granted above the price that was paid: the organiser's own expense.
    StoreCreditPromo,
    /// What this seller's books are owed by another's, because a ticket moved between them. All
    /// such balances of an installation add up to zero.
    Between(Shard),
    /// Settled money.
    Bank,
    /// Amounts given up. An expense.
    Goodwill,
    /// What gateways keep of the money that they pay out. An expense.
    GatewayFeeExpense,
    /// What a member has paid on a contract that has not begun, less tax and fee. A liability.
    DeferredRevenue(ContractId),
    /// Tax that was taken with prices, for the named jurisdiction. A liability.
    TaxPayable(String),
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Account::GatewayClearing(gateway) => write!(f, "gateway_clearing:{gateway}"),
            Account::OwnerPayable(event) => write!(f, "owner_payable:{}", event.0),
            Account::PlatformFeeIncome => f.write_str("platform_fee_income"),
            Account::OrderHolding(sale) => write!(f, "order_holding:{}", sale.0),
            Account::RefundPayable(sale) => write!(f, "refund_payable:{}", sale.0),
            Account::OwnerPayableCards => f.write_str("owner_payable_cards"),
            Account::OwnerPayablePasses => f.write_str("owner_payable_passes"),
            Account::OwnerPayableOrders => f.write_str("owner_payable_orders"),
            Account::OwnerPayableContracts => f.write_str("owner_payable_contracts"),
            Account::OwnerReceivable => f.write_str("owner_receivable"),
            Account::StoreCredit(card) => write!(f, "store_credit:{}", card.0),
            Account::StoreCreditPromo => f.write_str("store_credit_promo"),
            Account::Between(shard) => write!(f, "between:{}", shard.0),
            Account::Bank => f.write_str("bank"),
            Account::Goodwill => f.write_str("goodwill"),
            Account::GatewayFeeExpense => f.write_str("gateway_fee_expense"),
            Account::DeferredRevenue(contract) => write!(f, "deferred_revenue:{}", contract.0),
            Account::TaxPayable(jurisdiction) => write!(f, "tax_payable:{jurisdiction}"),
        }
    }
}

impl Account {
    /// Reads what [`fmt::Display`] wrote; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Account> {
        let (kind, detail) = text.split_once(':').unwrap_or((text, ""));
        let number = || detail.parse::<u32>().ok();
        let account = match kind {
            "gateway_clearing" => Account::GatewayClearing(detail.to_owned()),
            "owner_payable" => Account::OwnerPayable(EventId(number()?)),
            "platform_fee_income" => Account::PlatformFeeIncome,
            "order_holding" => Account::OrderHolding(SaleId(number()?)),
            "refund_payable" => Account::RefundPayable(SaleId(number()?)),
            "owner_payable_cards" => Account::OwnerPayableCards,
            "owner_payable_passes" => Account::OwnerPayablePasses,
            "owner_payable_orders" => Account::OwnerPayableOrders,
            "owner_payable_contracts" => Account::OwnerPayableContracts,
            "owner_receivable" => Account::OwnerReceivable,
            "store_credit" => Account::StoreCredit(CardId(number()?)),
            "store_credit_promo" => Account::StoreCreditPromo,
            "between" => Account::Between(Shard(number()?)),
            "bank" => Account::Bank,
            "goodwill" => Account::Goodwill,
            "gateway_fee_expense" => Account::GatewayFeeExpense,
            "deferred_revenue" => Account::DeferredRevenue(ContractId(number()?)),
            "tax_payable" => Account::TaxPayable(detail.to_owned()),
            _ => return None,
        };
        // One account, one name: `owner_payable:+7` would be a second balance for event 7.
        (account.to_string() == text).then_some(account)
    }
}

impl Serialize for Account {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Account {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Account::parse(&text).ok_or_else(|| serde::de::Error::custom("not an account"))
    }
}

/// One side of a posting: debit positive, credit negative, in minor units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leg {
    /// Which account.
    pub account: Account,
    /// Debit positive, credit negative.
    pub amount: i64,
}

/// What a posting is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// An order.
    Sale(SaleId),
    /// A payout.
    Payout(PayoutId),
    /// A card that was given away or paid back by hand.
    Card(CardId),
}

impl Source {
    /// Its number; with the posting's kind it names the source.
    #[must_use]
    pub fn number(self) -> u32 {
        match self {
            Source::Sale(SaleId(number))
            | Source::Payout(PayoutId(number))
            | Source::Card(CardId(number)) => number,
        }
    }

    /// The sale, if it is one.
    #[must_use]
    pub fn sale(self) -> Option<SaleId> {
        match self {
            Source::Sale(sale) => Some(sale),
            _ => None,
        }
    }
}

/// What happened to the money. Each may happen once per source and step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum PostingKind {
    /// Money came in and the tickets went out.
    Sold = 1,
    /// Money came in for a sale that cannot be fulfilled; it is promised back at once.
    TakenForReturn = 2,
    /// The gateway took a refund.
    Returned = 3,
    /// A refund of live tickets or cards was promised.
    RefundOrdered = 4,
    /// The ticket went to another sale, and its money with it.
    MovedOut = 5,
    /// The ticket came from another sale, and its money with it.
    MovedIn = 6,
    /// An organiser was paid out.
    PaidOut = 7,
    /// A season card was given away with credit on it.
    CardGiven = 8,
    /// A person settled what the machine could not.
    Corrected = 9,
    /// A sale of another seller spent credit of a card.
    CreditSpent = 10,
    /// A sale of another seller gave such credit back.
    CreditRestored = 11,
    /// A gateway paid out what it took, or kept what it gave back, less its fee.
    Settled = 12,
    /// A part of a sale that is paid in parts came in; it waits until all of it has.
    Collected = 13,
    /// The sale it came in for is not to be: it is promised back.
    CollectedReturned = 14,
    /// A contract began: what was paid in advance on it is its chain's. It is about the contract's
    /// first sale.
    ContractBegan = 15,
}

impl PostingKind {
    /// Every kind.
    pub const ALL: [PostingKind; 15] = [
        PostingKind::Sold,
        PostingKind::TakenForReturn,
        PostingKind::Returned,
        PostingKind::RefundOrdered,
        PostingKind::MovedOut,
        PostingKind::MovedIn,
        PostingKind::PaidOut,
        PostingKind::CardGiven,
        PostingKind::Corrected,
        PostingKind::CreditSpent,
        PostingKind::CreditRestored,
        PostingKind::Settled,
        PostingKind::Collected,
        PostingKind::CollectedReturned,
        PostingKind::ContractBegan,
    ];

    /// Whether the sale it is about lies with another seller than the posting.
    #[must_use]
    pub fn is_foreign(self) -> bool {
        matches!(self, PostingKind::CreditSpent | PostingKind::CreditRestored)
    }

    /// The source with this number that postings of this kind are about.
    #[must_use]
    pub fn source(self, number: u32) -> Source {
        match self {
            PostingKind::PaidOut => Source::Payout(PayoutId(number)),
            PostingKind::CardGiven => Source::Card(CardId(number)),
            _ => Source::Sale(SaleId(number)),
        }
    }

    /// The number under which the kind is stored; never reused.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }
}

/// One event in the books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// Whose books.
    pub shard: Shard,
    /// What it is about.
    pub source: Source,
    /// Which step of the source caused it: the number of a sale's attempt, or of its refund; with
    /// `source` and `kind` it names the posting for good.
    pub step: u8,
    /// What happened.
    pub kind: PostingKind,
    /// When it was booked.
    pub at: Timestamp,
    /// The currency of all legs.
    pub currency: Currency,
    /// At least two; they sum to zero.
    pub legs: Vec<Leg>,
}

impl Posting {
    /// Adds `amount` to the debit of `account`; nothing for zero.
    #[must_use]
    pub fn debit(mut self, account: Account, amount: i64) -> Posting {
        if amount != 0 {
            self.legs.push(Leg { account, amount });
        }
        self
    }

    /// Adds `amount` to the credit of `account`; nothing for zero.
    #[must_use]
    pub fn credit(self, account: Account, amount: i64) -> Posting {
        self.debit(account, -amount)
    }

    /// Debits minus credits; zero for every posting that may be booked.
    #[must_use]
    pub fn sum(&self) -> i64 {
        self.legs.iter().map(|leg| leg.amount).sum()
    }
}
