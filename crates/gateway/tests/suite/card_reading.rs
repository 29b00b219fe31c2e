//! Reading cards as buyers type them (`payments.md` §5.2.7).

use domain::refusal::Code;
use domain::time::Timestamp;
use gateway::secret::{FingerprintKey, YearMonth};
use gateway::{Card, CardNumber, CardToken, Expiry, SecurityCode, SourceKind, TokenUse};

const NOVEMBER: YearMonth = YearMonth { year: 2026, month: 11 };

fn card(number: &str, month: &str, code: &str) -> Card {
    let number = CardNumber::parse(number).expect("a genuine number");
    let code = SecurityCode::parse(code, &number).expect("a code");
    let expiry = Expiry::parse(month, "2031").expect("a month");
    Card::new(number, expiry, Some(code), NOVEMBER).expect("a valid card")
}

#[test]
fn numbers_need_12_to_19_digits_and_their_check_digit() {
    // Proves the accepted forms of a number, and what is shown of it.
    let check = |text: &str, expected: Result<&str, Code>| {
        let mask = CardNumber::parse(text).map(|number| number.mask());
        assert_eq!(mask, expected.map(str::to_owned), "{text:?}");
    };
    check("4242424242424242", Ok("424242******4242"));
    check(" 4242 4242-4242 4242 ", Ok("424242******4242"));
    check("378282246310005", Ok("378282******0005"));
    check("30569309025904", Ok("******5904"));
    check("501801801801", Ok("******1801"));
    check("5018018018018018019", Ok("501801******8019"));
    check("50180180180", Err(Code::CardInvalid));
    check("50180180180180180180", Err(Code::CardInvalid));
    check("4242424242424241", Err(Code::CardInvalid));
    check("4242/4242/4242/4242", Err(Code::CardInvalid));
    check("４２４２４２４２４２４２４２４２", Err(Code::CardInvalid));
    check("", Err(Code::CardInvalid));
    check(&"4".repeat(100_000), Err(Code::CardInvalid));
}

#[test]
fn codes_have_three_digits_or_four() {
    // Proves that American Express alone has four.
    let check = |number: &str, code: &str, expected: Result<(), Code>| {
        let number = CardNumber::parse(number).expect("a genuine number");
        assert_eq!(SecurityCode::parse(code, &number).map(|_| ()), expected, "{code:?}");
    };
    check("4242424242424242", "123", Ok(()));
    check("4242424242424242", " 123 ", Ok(()));
    check("4242424242424242", "1234", Err(Code::CvcInvalid));
    check("4242424242424242", "12", Err(Code::CvcInvalid));
    check("4242424242424242", "12a", Err(Code::CvcInvalid));
    check("378282246310005", "1234", Ok(()));
    check("378282246310005", "123", Err(Code::CvcInvalid));
}

#[test]
fn expiries_are_a_month_and_a_year() {
    // Proves the accepted forms, apart and joined.
    let december = Ok(YearMonth { year: 2026, month: 12 });
    let invalid = Err(Code::CardInvalid);
    let check = |month: &str, year: &str, expected| {
        assert_eq!(Expiry::parse(month, year).map(Expiry::last_month), expected, "{month} {year}");
    };
    check("12", "26", december);
    check("12", "2026", december);
    check("1", "26", Ok(YearMonth { year: 2026, month: 1 }));
    for (month, year) in [
        ("0", "26"),
        ("13", "26"),
        ("+1", "26"),
        ("1", "126"),
        ("1", "1999"),
        ("", ""),
        ("1", "-1"),
    ] {
        check(month, year, invalid);
    }
    let check = |text: &str, expected| {
        assert_eq!(Expiry::parse_joined(text).map(Expiry::last_month), expected, "{text}");
    };
    for text in ["1226", "12/26", "122026", "12/2026", " 12/26 "] {
        check(text, december);
    }
    for text in ["126", "1/26", "12//26", "12-26", "12/ 26", "", "é/26", "12/26/1"] {
        check(text, invalid);
    }
}

#[test]
fn a_card_is_valid_to_the_end_of_its_month() {
    // Proves that the month itself still counts and the next does not.
    let check = |year: u16, month: u8, expected| {
        let number = CardNumber::parse("4242424242424242").expect("a genuine number");
        let expiry = Expiry::parse("11", "2026").expect("a month");
        let card = Card::new(number, expiry, None, YearMonth { year, month });
        assert_eq!(card.map(|_| ()), expected, "{month}/{year}");
    };
    check(2025, 12, Ok(()));
    check(2026, 11, Ok(()));
    check(2026, 12, Err(Code::CardExpired));
    check(2027, 1, Err(Code::CardExpired));
}

#[test]
fn a_moment_has_a_month() {
    // Proves the month of moments around a year's end, and of nonsense.
    let check = |seconds: i64, year: u16, month: u8| {
        let moment = Timestamp::from_seconds(seconds);
        assert_eq!(YearMonth::of(moment), YearMonth { year, month }, "{seconds}");
    };
    check(1_798_761_599, 2026, 12);
    check(1_798_761_600, 2027, 1);
    check(i64::MAX, 1970, 1);
}

#[test]
fn a_fingerprint_knows_number_and_month_but_not_the_code() {
    // Proves what makes two cards the same, and that the key matters.
    let key = FingerprintKey::new(&[7; 32]);
    let of = |card: &Card| card.fingerprint(&key);
    let known = of(&card("4242424242424242", "12", "123"));
    assert_eq!(known, of(&card("4242 4242 4242 4242", "12", "999")));
    assert_ne!(known, of(&card("4242424242424242", "11", "123")));
    assert_ne!(known, of(&card("4741520000000003", "12", "123")));
    let other_key = FingerprintKey::new(&[8; 32]);
    assert_ne!(known, card("4242424242424242", "12", "123").fingerprint(&other_key));
}

#[test]
fn nothing_secret_can_be_printed() {
    // Proves that Debug of every secret type hides what it holds.
    let token = CardToken::parse(TokenUse::Multi, "tm_9f2c_secret").expect("a token");
    let printed = [
        format!("{:?}", card("4242424242424242", "12", "987")),
        format!("{:?}", SourceKind::Card(card("4242424242424242", "12", "987"))),
        format!("{:?}", SourceKind::Token(token)),
        format!("{:?}", FingerprintKey::new(&[77; 32])),
    ];
    for text in printed {
        for secret in ["4242424242424242", "987", "tm_9f2c", "77"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}

#[test]
fn tokens_are_short_visible_text() {
    // Proves the limits of a token.
    let check = |text: &str, good: bool| {
        assert_eq!(CardToken::parse(TokenUse::Single, text).is_ok(), good, "{text:?}");
    };
    check("tok_1", true);
    check("", false);
    check("tok 1", false);
    check("tok\n1", false);
    check(&"t".repeat(512), true);
    check(&"t".repeat(513), false);
}
