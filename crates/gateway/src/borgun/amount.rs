//! Money as the gateway writes it (`payments.md` §1.3, §1.6).
//!
//! A payment has two implied decimals in every currency but the yen, the króna too, although it
//! has none. The bank is told of the same sum with an exponent that says so.

use domain::money::Money;

/// The currencies that the gateway takes, with their numeric codes.
const CURRENCIES: [(&str, &str); 16] = [
    ("ISK", "352"),
    ("EUR", "978"),
    ("USD", "840"),
    ("GBP", "826"),
    ("DKK", "208"),
    ("NOK", "578"),
    ("SEK", "752"),
    ("CHF", "756"),
    ("CAD", "124"),
    ("HUF", "348"),
    ("AUD", "036"),
    ("PLN", "985"),
    ("CZK", "203"),
    ("RON", "946"),
    ("BHD", "048"),
    ("JPY", "392"),
];

/// The one currency whose payments have no implied decimals.
const WITHOUT_DECIMALS: &str = "JPY";

/// The currency of which nobody takes a part of a unit: it is multiplied all the same for a
/// payment, and the bank is told of it in whole units first.
const WHOLE: &str = "ISK";

/// What every sum of it must be a multiple of.
const WHOLE_UNITS: i64 = 100;

/// How many decimals all others have.
const DECIMALS: u32 = 2;

/// A sum in the gateway's own unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Amount {
    /// How many of that unit.
    pub(super) units: i64,
    /// The numeric code of the currency.
    pub(super) currency: &'static str,
}

/// A sum as the bank of a card is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Purchase {
    /// The sum and its currency.
    pub(super) amount: Amount,
    /// How many of its digits are decimals.
    pub(super) exponent: u32,
}

/// The sum of a payment. `None` for a currency that the gateway does not take, for a sum that its
/// unit cannot express, and for one that is too large.
pub(super) fn amount(money: Money) -> Option<Amount> {
    let code = money.currency.code();
    let amount = scaled(money, if code == WITHOUT_DECIMALS { 0 } else { DECIMALS })?;
    (code != WHOLE || amount.units % WHOLE_UNITS == 0).then_some(amount)
}

/// The sum for the bank, as it is told first: whole krónur, and all others with two decimals.
pub(super) fn purchase(money: Money) -> Option<Purchase> {
    with_exponent(money, if money.currency.code() == WHOLE { 0 } else { DECIMALS })
}

/// The same sum with the other exponent, for a bank that could not read the first.
pub(super) fn other_purchase(money: Money, first: &Purchase) -> Option<Purchase> {
    with_exponent(money, DECIMALS - first.exponent)
}

fn with_exponent(money: Money, exponent: u32) -> Option<Purchase> {
    scaled(money, exponent).map(|amount| Purchase { amount, exponent })
}

/// The sum in units of which `decimals` digits stand behind the point. What would have to be
/// rounded is no sum.
fn scaled(money: Money, decimals: u32) -> Option<Amount> {
    let (_, currency) = CURRENCIES.into_iter().find(|(code, _)| *code == money.currency.code())?;
    let exponent = money.currency.exponent();
    let units = if decimals >= exponent {
        money.amount.checked_mul(10_i64.pow(decimals - exponent))?
    } else {
        let divisor = 10_i64.pow(exponent - decimals);
        (money.amount % divisor == 0).then_some(money.amount / divisor)?
    };
    Some(Amount { units, currency })
}

#[cfg(test)]
mod tests {
    use super::{amount, other_purchase, purchase};
    use domain::money::{Currency, Money};

    fn money(minor_units: i64, code: &str) -> Money {
        Money::new(minor_units, Currency::parse(code).unwrap())
    }

    fn check(minor_units: i64, code: &str, expected: Option<(i64, &str)>) {
        let amount = amount(money(minor_units, code)).map(|it| (it.units, it.currency));
        assert_eq!(amount, expected, "{minor_units} {code}");
    }

    /// Proves in which unit and under which code every kind of currency is charged.
    #[test]
    fn payments_have_two_decimals_but_for_the_yen() {
        check(5_000, "ISK", Some((500_000, "352")));
        check(1, "ISK", Some((100, "352")));
        check(1_250, "EUR", Some((1_250, "978")));
        check(10_000, "USD", Some((10_000, "840")));
        check(1_250, "GBP", Some((1_250, "826")));
        check(99, "DKK", Some((99, "208")));
        check(99, "NOK", Some((99, "578")));
        check(99, "SEK", Some((99, "752")));
        check(99, "CHF", Some((99, "756")));
        check(99, "CAD", Some((99, "124")));
        check(99, "HUF", Some((99, "348")));
        check(99, "AUD", Some((99, "036")));
        check(99, "PLN", Some((99, "985")));
        check(99, "CZK", Some((99, "203")));
        check(99, "RON", Some((99, "946")));
        check(12_340, "BHD", Some((1_234, "048")));
        check(12_345, "BHD", None);
        check(700, "JPY", Some((700, "392")));
        check(700, "KRW", None);
        check(i64::MAX, "ISK", None);
    }

    fn check_bank(minor_units: i64, code: &str, first: (i64, u32), other: Option<(i64, u32)>) {
        let money = money(minor_units, code);
        let told = purchase(money).unwrap();
        assert_eq!((told.amount.units, told.exponent), first, "{minor_units} {code}");
        let second = other_purchase(money, &told).map(|it| (it.amount.units, it.exponent));
        assert_eq!(second, other, "{minor_units} {code}");
    }

    /// Proves the exponent rule: krónur whole and then with two decimals, all others the other way
    /// round, and no sum that is not the same.
    #[test]
    fn the_bank_is_told_the_same_sum_twice() {
        check_bank(5_000, "ISK", (5_000, 0), Some((500_000, 2)));
        check_bank(1_200, "EUR", (1_200, 2), Some((12, 0)));
        check_bank(1_250, "EUR", (1_250, 2), None);
        check_bank(700, "JPY", (70_000, 2), Some((700, 0)));
    }
}
