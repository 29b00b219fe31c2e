//! Between the wire's decimals and the rules' whole minor units: nowhere else (`domain.md` §1.1).

use domain::money::{AMOUNT_MAX, Currency, Money, PRICE_MAX};
use domain::refusal::{Code, Refusal};
use rust_decimal::Decimal;

/// A decimal in major units as whole minor units.
///
/// # Errors
/// [`Code::InvalidAmount`] for a negative amount, one with a non-zero digit beyond the currency's
/// decimals, and one of more than 18 digits.
pub(crate) fn minor_units(amount: Decimal, currency: Currency) -> Result<i64, Refusal> {
    let refuse = |why: &str| {
        let message = format!("{amount} {} {why}.", currency.code());
        Err(Refusal::new(Code::InvalidAmount, message))
    };
    if amount.is_sign_negative() && !amount.is_zero() {
        return refuse("is negative");
    }
    let amount_normal = amount.normalize();
    if amount_normal.scale() > currency.exponent() {
        return refuse("has more decimals than the currency");
    }
    let unit = Decimal::from(10_u64.pow(currency.exponent()));
    let minor = amount_normal.checked_mul(unit).and_then(|minor| i64::try_from(minor).ok());
    match minor {
        Some(minor) if minor <= AMOUNT_MAX => Ok(minor),
        _ => refuse("is too large"),
    }
}

/// A price or a credit that somebody sets, in minor units: what everything sold at it adds up to
/// must stay far from the largest number there is.
///
/// # Errors
/// As [`minor_units`], and for more than [`PRICE_MAX`].
pub(crate) fn price(amount: Decimal, currency: Currency) -> Result<i64, Refusal> {
    let minor = minor_units(amount, currency)?;
    if minor <= PRICE_MAX {
        return Ok(minor);
    }
    let most = decimal(Money::new(PRICE_MAX, currency));
    let message =
        format!("{amount} {0} is more than a price may be ({most} {0}).", currency.code());
    Err(Refusal::new(Code::InvalidAmount, message))
}

/// A price the client sent: 0 means "not stated", anything else is a guard.
///
/// # Errors
/// As [`minor_units`].
pub(crate) fn guard(amount: Decimal, currency: Currency) -> Result<Option<i64>, Refusal> {
    Ok(Some(minor_units(amount, currency)?).filter(|minor| *minor != 0))
}

/// Minor units as a decimal with exactly the currency's decimals: `5000`, `12.50`.
#[must_use]
pub(crate) fn decimal(money: Money) -> Decimal {
    Decimal::new(money.amount, money.currency.exponent())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, currency: &str, expected: Option<i64>) {
        let amount: Decimal = text.parse().unwrap();
        let currency = Currency::parse(currency).unwrap();
        assert_eq!(minor_units(amount, currency).ok(), expected, "{text}");
    }

    /// Excess digits are refused, trailing zeros are fine, nothing is rounded.
    #[test]
    fn excess_digits_are_refused() {
        check("5000", "ISK", Some(5_000));
        check("5000.00", "ISK", Some(5_000));
        check("5000.50", "ISK", None);
        check("12.5", "EUR", Some(1_250));
        check("12.505", "EUR", None);
        check("1.234", "BHD", Some(1_234));
        check("-1", "ISK", None);
        check("0", "ISK", Some(0));
        check("999999999999999999", "ISK", Some(999_999_999_999_999_999));
        check("1000000000000000000", "ISK", None);
    }

    /// What somebody sets is bounded in minor units, whatever the currency's decimals are.
    #[test]
    fn prices_are_bounded() {
        let check = |text: &str, currency: &str, expected: Option<i64>| {
            let currency = Currency::parse(currency).unwrap();
            let told = price(text.parse().unwrap(), currency);
            assert_eq!(told.as_ref().ok(), expected.as_ref(), "{text}: {told:?}");
        };
        check("10000000000", "ISK", Some(PRICE_MAX));
        check("10000000001", "ISK", None);
        check("100000000.00", "EUR", Some(PRICE_MAX));
        check("100000000.01", "EUR", None);
        check("-1", "ISK", None);
        let refusal = price(Decimal::from(PRICE_MAX + 1), Currency::ISK).unwrap_err();
        let message = "10000000001 ISK is more than a price may be (10000000000 ISK).";
        assert_eq!(refusal.message, message);
    }
}
