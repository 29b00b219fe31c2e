//! Currencies and amounts as text.

use domain::money::{Currency, Money};

/// Codes in any case and numbers of three digits name a currency; nothing else does.
#[test]
fn currencies_are_read() {
    let check = |text: &str, expected: Option<&str>| {
        assert_eq!(Currency::parse(text).map(Currency::code), expected, "{text:?}");
    };
    check("ISK", Some("ISK"));
    check("isk", Some("ISK"));
    check("352", Some("ISK"));
    check("036", Some("AUD"));
    for wrong in ["", "I", "ISKR", "+36", "36", "0352", "000", "999", "XXX", "króna", "IS\u{212a}"]
    {
        check(wrong, None);
    }
}

/// Amounts are written with the decimals of their currency.
#[test]
fn amounts_are_written() {
    let check = |amount, code, expected: &str| {
        let money = Money::new(amount, Currency::parse(code).unwrap());
        assert_eq!(money.text(), expected);
    };
    check(5_000, "ISK", "5000");
    check(1_250, "EUR", "12.50");
    check(5, "EUR", "0.05");
    check(-5, "EUR", "-0.05");
    check(-1_250, "DKK", "-12.50");
    check(1_234, "BHD", "1.234");
    check(0, "JPY", "0");
    check(i64::MIN, "ISK", "-9223372036854775808");
}
