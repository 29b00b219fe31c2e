//! Which kind of account pays, by the names and numbers that clients of clubs know
//! (`payments.md` §4.3).

use serde::{Deserialize, Serialize};

/// A kind of account (`AcctType`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountType {
    /// Visa.
    Visa,
    /// Mastercard.
    Mastercard,
    /// Discover.
    Discover,
    /// American Express.
    Amex,
    /// Diners Club.
    Diners,
    /// JCB.
    Jcb,
    /// Maestro.
    Maestro,
    /// UnionPay.
    UnionPay,
    /// A gift card.
    GiftCard,
    /// A card of a brand that is not known here.
    Other,
}

/// What kinds have in common (`AcctClass`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccountClass {
    /// A credit or debit card.
    Card,
    /// A gift card.
    GiftCard,
}

/// The first six digits of each kind, from and to, the closer ranges first. Public ranges of
/// ISO/IEC 7812; that of gift cards is the one of the sandbox (`payments.md` §5.5).
const RANGES: [(u32, u32, AccountType); 22] = [
    (600_649, 600_649, AccountType::GiftCard),
    (400_000, 499_999, AccountType::Visa),
    (510_000, 559_999, AccountType::Mastercard),
    (222_100, 272_099, AccountType::Mastercard),
    (340_000, 349_999, AccountType::Amex),
    (370_000, 379_999, AccountType::Amex),
    (300_000, 305_999, AccountType::Diners),
    (360_000, 369_999, AccountType::Diners),
    (380_000, 399_999, AccountType::Diners),
    (352_800, 358_999, AccountType::Jcb),
    (501_800, 501_899, AccountType::Maestro),
    (502_000, 502_099, AccountType::Maestro),
    (503_800, 503_899, AccountType::Maestro),
    (589_300, 589_399, AccountType::Maestro),
    (630_400, 630_499, AccountType::Maestro),
    (675_900, 675_999, AccountType::Maestro),
    (676_100, 676_399, AccountType::Maestro),
    (601_100, 601_199, AccountType::Discover),
    (644_000, 659_999, AccountType::Discover),
    (620_000, 629_999, AccountType::UnionPay),
    (810_000, 817_199, AccountType::UnionPay),
    (560_000, 560_099, AccountType::Maestro),
];

impl AccountType {
    /// The kind of a card by what its gateway shows of it: its first six digits, stars, its last
    /// four. A gateway that hides the first six hides the kind.
    #[must_use]
    pub fn of_mask(mask: &str) -> AccountType {
        let first = mask.get(..6).and_then(|digits| digits.parse::<u32>().ok());
        let Some(first) = first else { return AccountType::Other };
        let found = RANGES.iter().find(|(from, to, _)| (*from..=*to).contains(&first));
        found.map_or(AccountType::Other, |(_, _, kind)| *kind)
    }

    /// What kinds have in common.
    #[must_use]
    pub fn class(self) -> AccountClass {
        if self == AccountType::GiftCard { AccountClass::GiftCard } else { AccountClass::Card }
    }

    /// The published number; −1 for a brand that has none.
    #[must_use]
    pub fn number(self) -> i32 {
        match self {
            AccountType::Visa => 1,
            AccountType::Mastercard => 2,
            AccountType::Discover => 3,
            AccountType::Amex => 4,
            AccountType::Diners => 5,
            AccountType::Jcb => 6,
            AccountType::Maestro => 20,
            AccountType::UnionPay => 28,
            AccountType::GiftCard => 42,
            AccountType::Other => -1,
        }
    }

    /// The published name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            AccountType::Visa => "Visa",
            AccountType::Mastercard => "MC",
            AccountType::Discover => "Disc",
            AccountType::Amex => "Amex",
            AccountType::Diners => "Diners",
            AccountType::Jcb => "JCB",
            AccountType::Maestro => "Maestro",
            AccountType::UnionPay => "UnionPay",
            AccountType::GiftCard => "Factor4",
            AccountType::Other => "Error",
        }
    }
}

impl AccountClass {
    /// The published name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            AccountClass::Card => "CC",
            AccountClass::GiftCard => "GC",
        }
    }
}
