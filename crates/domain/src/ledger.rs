//! The books: double entry, append-only, whole minor units (`payments.md` §7).
//!
//! One [`Posting`] is one event in the life of one sale; its legs sum to zero. A posting is
//! named by its source and step, so that a replay cannot book twice. Balances are derived: the
//! store adds a batch's legs to one row an account.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::ids::{EventId, SaleId, Shard};
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
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Account::GatewayClearing(gateway) => write!(f, "gateway_clearing:{gateway}"),
            Account::OwnerPayable(event) => write!(f, "owner_payable:{}", event.0),
            Account::PlatformFeeIncome => f.write_str("platform_fee_income"),
            Account::OrderHolding(sale) => write!(f, "order_holding:{}", sale.0),
            Account::RefundPayable(sale) => write!(f, "refund_payable:{}", sale.0),
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

/// What happened to a sale's money. Each may happen once per attempt.
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
}

impl PostingKind {
    /// Every kind.
    pub const ALL: [PostingKind; 3] =
        [PostingKind::Sold, PostingKind::TakenForReturn, PostingKind::Returned];

    /// The number under which the kind is stored; never reused.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }
}

/// One event in the books of one sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// Whose books.
    pub shard: Shard,
    /// The sale it is about.
    pub sale: SaleId,
    /// Which attempt of that sale caused it; with `kind` it names the posting for good.
    pub attempt: u8,
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
