//! Money: whole minor units of one currency. Decimals exist at the wire only (`domain.md` §1.1).

use iso_currency::Currency as IsoCurrency;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The largest amount in minor units that any sum here may reach: 18 digits.
pub const AMOUNT_MAX: i64 = 999_999_999_999_999_999;

/// The most that one thing may cost, and the most credit that a card may start with, in minor
/// units. Sums are `i64`, so nine hundred million sales at this price still fit into the books.
pub const PRICE_MAX: i64 = 10_000_000_000;

/// An ISO 4217 currency with a known number of decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Currency(IsoCurrency);

impl Currency {
    /// The Icelandic króna, which has no decimals.
    pub const ISK: Currency = Currency(IsoCurrency::ISK);

    /// Reads `ISK`, `isk` or the numeric `352` (`domain.md` §1.1). `None` for anything that is
    /// not a currency with a defined number of decimals.
    #[must_use]
    pub fn parse(text: &str) -> Option<Currency> {
        if text.len() != 3 {
            return None;
        }
        let found = if text.bytes().all(|byte| byte.is_ascii_digit()) {
            IsoCurrency::from_numeric(text.parse().ok()?)?
        } else {
            IsoCurrency::from_code(&text.to_ascii_uppercase())?
        };
        found.exponent().map(|_| Currency(found))
    }

    /// The three-letter code.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// How many decimals the currency has: ISK 0, EUR 2, BHD 3.
    #[must_use]
    pub fn exponent(self) -> u32 {
        self.0.exponent().map_or(0, u32::from)
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Currency::parse(&text).ok_or_else(|| serde::de::Error::custom("not a currency"))
    }
}

/// An amount of one currency, in its minor unit (krónur for ISK, cents for EUR).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Minor units; negative only for differences.
    pub amount: i64,
    /// What the units are of.
    pub currency: Currency,
}

impl Money {
    /// `amount` minor units of `currency`.
    #[must_use]
    pub fn new(amount: i64, currency: Currency) -> Money {
        Money { amount, currency }
    }

    /// The amount as text with the currency's decimals: `5000` for ISK, `12.50` for EUR.
    #[must_use]
    pub fn text(self) -> String {
        let exponent = self.currency.exponent();
        let unit = 10_u64.pow(exponent);
        let sign = if self.amount < 0 { "-" } else { "" };
        let (whole, part) = (self.amount.unsigned_abs() / unit, self.amount.unsigned_abs() % unit);
        match exponent {
            0 => format!("{sign}{whole}"),
            digits => format!("{sign}{whole}.{part:0width$}", width = digits as usize),
        }
    }
}

/// `amount × basis points ÷ 10 000`, rounded half away from zero (`domain.md` §1.1).
#[must_use]
pub fn basis_points_of(amount: i64, basis_points: u32) -> i64 {
    const WHOLE: i128 = 10_000;
    let product = i128::from(amount) * i128::from(basis_points);
    let half = if product < 0 { -WHOLE / 2 } else { WHOLE / 2 };
    i64::try_from((product + half) / WHOLE).unwrap_or(AMOUNT_MAX)
}
