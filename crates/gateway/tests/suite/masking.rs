//! Masking card numbers in text (`payments.md` §5.2.6).

use std::borrow::Cow;

use gateway::masking::mask_card_numbers;
use proptest::prelude::*;

#[test]
fn card_numbers_are_masked_wherever_they_stand() {
    // Proves which runs of digits are taken for card numbers and what is left of them.
    let check = |text: &str, expected: &str| assert_eq!(mask_card_numbers(text), expected);
    check("4242424242424242", "424242******4242");
    check("pan=4242424242424242;", "pan=424242******4242;");
    check("4242 4242 4242 4242", "4242 42** **** 4242");
    check("4242-4242-4242-4242", "4242-42**-****-4242");
    check("4242  4242 - 4242  4242", "4242  42** - ****  4242");
    check("2026-11-22 4242424242424242", "2026-11-22 424242******4242");
    check("4242424242424242 123", "424242******4242 123");
    check("é4242424242424242é", "é424242******4242é");
    check("4222222222222", "*********2222");
    check("5018018018018018019", "501801*********8019");
    check("4242424242424242,378282246310005", "424242******4242,378282*****0005");
}

#[test]
fn other_text_is_left_alone() {
    // Proves that numbers which are no cards stay readable, without a copy being made.
    for text in [
        "",
        "order 12345 of 2026-11-22",
        "4242424242424241",
        "501801801801",
        "50180180180180180180180180",
        "at=1795305600000001",
        "4242.4242.4242.4242",
    ] {
        assert!(matches!(mask_card_numbers(text), Cow::Borrowed(same) if same == text), "{text}");
    }
}

#[test]
fn long_text_takes_linear_time() {
    // Proves that 200 kB of the worst texts are done at once.
    for pattern in ["1 ", "4242424242424242 ", "- ", "0"] {
        let text = pattern.repeat(200_000 / pattern.len());
        assert_eq!(mask_card_numbers(&text).len(), text.len());
    }
}

proptest! {
    #[test]
    fn a_number_never_survives(before in "[a-z0-9 ,.-]{0,20}", after in "[a-z ,.-]{0,20}") {
        // Proves it for any text around the number that is not glued to its digits.
        let before = before.trim_end_matches(|last: char| last.is_ascii_digit());
        let text = format!("{before}4741520000000003{after}");
        prop_assert!(!mask_card_numbers(&text).contains("4741520000000003"));
    }

    #[test]
    fn any_text_keeps_its_length(text in any::<String>()) {
        // Proves that only characters are replaced, and that no text makes it panic.
        prop_assert_eq!(mask_card_numbers(&text).len(), text.len());
    }
}
