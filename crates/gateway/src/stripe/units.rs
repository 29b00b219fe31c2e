//! Amounts as Stripe counts them (`payments.md` §2.6).
//!
//! Our own money has the decimals of ISO 4217. Stripe differs for two currencies without minor
//! unit that it once counted in hundredths, the króna among them, and for some that it counts
//! whole although a minor unit exists.

use domain::money::{Currency, Money};

/// Counted in hundredths although they have none; only whole units are taken.
const HUNDREDTHS_OF_WHOLE: [&str; 2] = ["ISK", "UGX"];

/// Counted whole although ISO 4217 knows a minor unit.
const WHOLE: [&str; 1] = ["MGA"];

/// How many thousandths the last digit of a currency with three decimals must make up: card
/// schemes know hundredths only.
const THOUSANDTHS_STEP: i64 = 10;

/// An amount that Stripe would refuse, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The amount cannot be told to Stripe exactly; nothing was sent.")]
pub(super) struct Inexact;

/// The amount in Stripe's unit.
///
/// # Errors
/// [`Inexact`] for an amount that its unit cannot say, or that it refuses: króna in hundredths
/// that are no whole króna, three decimals that do not end in zero.
pub(super) fn units(money: Money) -> Result<i64, Inexact> {
    let (ours, theirs) = (money.currency.exponent(), exponent(money.currency));
    let units = if theirs >= ours {
        money.amount.checked_mul(10_i64.pow(theirs - ours)).ok_or(Inexact)?
    } else {
        whole_part(money.amount, 10_i64.pow(ours - theirs))?
    };
    if units % step(money.currency, theirs) == 0 { Ok(units) } else { Err(Inexact) }
}

/// The amount that Stripe tells as `units`; `None` when it is no whole number of our own units.
pub(super) fn money(units: i64, currency: Currency) -> Option<Money> {
    let (ours, theirs) = (currency.exponent(), exponent(currency));
    let amount = if theirs >= ours {
        whole_part(units, 10_i64.pow(theirs - ours)).ok()?
    } else {
        units.checked_mul(10_i64.pow(ours - theirs))?
    };
    Some(Money::new(amount, currency))
}

/// The name of a currency as Stripe writes it.
pub(super) fn currency_name(currency: Currency) -> String {
    currency.code().to_ascii_lowercase()
}

fn exponent(currency: Currency) -> u32 {
    match currency.code() {
        code if HUNDREDTHS_OF_WHOLE.contains(&code) => 2,
        code if WHOLE.contains(&code) => 0,
        _ => currency.exponent(),
    }
}

/// What every amount of the currency is a multiple of.
fn step(currency: Currency, exponent: u32) -> i64 {
    match exponent {
        2 if HUNDREDTHS_OF_WHOLE.contains(&currency.code()) => 100,
        3 => THOUSANDTHS_STEP,
        _ => 1,
    }
}

fn whole_part(amount: i64, unit: i64) -> Result<i64, Inexact> {
    if amount % unit == 0 { Ok(amount / unit) } else { Err(Inexact) }
}

#[cfg(test)]
mod tests {
    use domain::money::{Currency, Money};

    use super::{Inexact, currency_name, money, units};

    fn check(currency: &str, amount: i64, expected: Result<i64, Inexact>) {
        let currency = Currency::parse(currency).expect("it is a currency");
        let asked = Money::new(amount, currency);
        assert_eq!(units(asked), expected, "{amount} {}", currency.code());
        if let Ok(units) = expected {
            assert_eq!(money(units, currency), Some(asked), "and back");
        }
    }

    /// Proves that each kind of currency goes out in Stripe's unit, and that an amount Stripe
    /// would refuse does not go out at all.
    #[test]
    fn amounts_go_out_in_stripes_unit() {
        check("ISK", 5_000, Ok(500_000));
        check("ISK", 1, Ok(100));
        check("UGX", 7, Ok(700));
        check("JPY", 5_000, Ok(5_000));
        check("KRW", 1, Ok(1));
        check("EUR", 1_250, Ok(1_250));
        check("USD", 1, Ok(1));
        check("BHD", 1_230, Ok(1_230));
        check("KWD", 1_234, Err(Inexact));
        check("MGA", 500, Ok(5));
        check("MGA", 501, Err(Inexact));
        check("ISK", i64::MAX, Err(Inexact));
        assert_eq!(currency_name(Currency::ISK), "isk");
    }
}
