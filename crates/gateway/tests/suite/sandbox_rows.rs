//! Every row of the sandbox's table (`payments.md` §5.5), in both forms.

use crate::support::{
    CHALLENGE_CARD, FORMS, GIFT_CARD, GOOD_CARD, Till, card, charge, kind, krona, request,
};
use domain::attempt::CallResult;
use domain::money::{Currency, Money};
use gateway::sandbox::Operation;
use gateway::{Source, SourceKind, TokenUse};

#[tokio::test]
async fn each_card_does_what_its_row_says() {
    // Proves the answer to a sale, and what a look-up says afterwards.
    for form in FORMS {
        let folder = tempfile::tempdir().unwrap();
        let till = Till::open(form, &folder).await;
        for (number, expected) in [
            (GOOD_CARD, "approved"),
            ("4741520000000003", "approved"),
            ("4176669999000104", "approved"),
            ("4000000000000002", "declined Soft"),
            ("4000000000009995", "declined InsufficientFunds"),
            ("4000000000000069", "declined HardExpiry"),
            ("4000000000009979", "declined HardAccount"),
            ("4000000000000119", "unknown"),
            ("4000000000000259", "approved"),
            (CHALLENGE_CARD, "declined AuthenticationRequired"),
            ("4000008400001629", "declined AuthenticationRequired"),
        ] {
            let key = format!("key_{number}");
            let result = till.sale(&key, 5_000, number).await;
            assert_eq!(kind(&result), expected, "{form:?} {number}");
            assert_eq!(till.lookup(&key).await, result, "{form:?} {number}");
        }
    }
}

#[tokio::test]
async fn amounts_lose_their_connection() {
    // Proves the rows .66 and .67 in currencies with 0, 2 and 3 decimals: the answer is lost,
    // and only the first of the two has a charge behind it.
    let bahraini_dinar = Currency::parse("BHD").unwrap();
    let euro = Currency::parse("EUR").unwrap();
    for form in FORMS {
        let folder = tempfile::tempdir().unwrap();
        let till = Till::open(form, &folder).await;
        for (number, (amount, currency, answer, truth)) in [
            (5_666, Currency::ISK, "unknown", "approved"),
            (5_667, Currency::ISK, "unknown", "not found"),
            (566, Currency::ISK, "approved", "approved"),
            (1_066, Currency::ISK, "approved", "approved"),
            (1_066, euro, "unknown", "approved"),
            (1_067, euro, "unknown", "not found"),
            (1_666, euro, "unknown", "approved"),
            (6_660, euro, "approved", "approved"),
            (12_660, bahraini_dinar, "unknown", "approved"),
            (12_670, bahraini_dinar, "unknown", "not found"),
            (12_066, bahraini_dinar, "approved", "approved"),
        ]
        .into_iter()
        .enumerate()
        {
            let key = format!("key_{number}");
            let request = request(&key, amount, currency);
            let result = till.gateway.sale(&request, &card(GOOD_CARD)).await;
            assert_eq!(kind(&result), answer, "{form:?} {amount} {currency:?}");
            assert_eq!(kind(&till.lookup(&key).await), truth, "{form:?} {amount} {currency:?}");
        }
    }
}

#[tokio::test]
async fn a_lost_refund_is_told_when_it_is_sent_again() {
    // Proves that the answer of a repeat is not lost, so that a till can learn of its refund.
    for form in FORMS {
        let folder = tempfile::tempdir().unwrap();
        let till = Till::open(form, &folder).await;
        till.sale("charge", 5_666, GOOD_CARD).await;
        assert_eq!(kind(&till.refund("refund", "charge", 5_666).await), "unknown", "{form:?}");
        assert_eq!(kind(&till.refund("refund", "charge", 5_666).await), "approved", "{form:?}");
        assert_eq!(kind(&till.refund("more", "charge", 1).await), "not executed", "{form:?}");
    }
}

#[tokio::test]
async fn gift_cards_pay_as_far_as_they_go() {
    // Proves partial approval, the end of a balance, and that a refund fills it again.
    for form in FORMS {
        let folder = tempfile::tempdir().unwrap();
        let till = Till::open(form, &folder).await;
        assert_eq!(kind(&till.sale("a", 100, GIFT_CARD).await), "declined InsufficientFunds");
        till.set_balance("7891", Money::new(3_000, Currency::ISK)).await;
        assert_eq!(kind(&till.sale("b", 1_000, GIFT_CARD).await), "approved");
        assert_eq!(kind(&till.sale("c", 5_000, GIFT_CARD).await), "approved 2000");
        assert_eq!(kind(&till.sale("d", 1, GIFT_CARD).await), "declined InsufficientFunds");
        assert_eq!(kind(&till.refund("e", "c", 2_001).await), "not executed");
        assert_eq!(kind(&till.refund("f", "c", 2_000).await), "approved");
        assert_eq!(kind(&till.sale("g", 2_000, GIFT_CARD).await), "approved");
    }
}

#[tokio::test]
async fn a_balance_is_what_can_be_spent() {
    // Proves that the balance behind a token follows what is paid and paid back, that asking leaves
    // no line in the log, and that a card that is no gift card has none.
    for form in FORMS {
        let folder = tempfile::tempdir().unwrap();
        let till = Till::open(form, &folder).await;
        let gateway = &till.gateway;
        till.set_balance("7891", Money::new(3_000, Currency::ISK)).await;
        let keep = async |key: &str, number: &str| {
            let kept = gateway.tokenize(&krona(key, 1), &card(number), TokenUse::Multi).await;
            kept.unwrap().token
        };
        let (gift, other) = (keep("k1", GIFT_CARD).await, keep("k2", GOOD_CARD).await);
        let lines = till.log_lines().len();
        let left = async || gateway.balance(&gift, Currency::ISK).await.map(|left| left.amount);
        assert_eq!(left().await, Ok(3_000), "{form:?}");
        assert_eq!(till.log_lines().len(), lines, "{form:?}");
        till.sale("a", 1_000, GIFT_CARD).await;
        assert_eq!(left().await, Ok(2_000), "{form:?}");
        till.refund("b", "a", 1_000).await;
        assert_eq!(left().await, Ok(3_000), "{form:?}");
        let none = gateway.balance(&other, Currency::ISK).await;
        assert_eq!(none, Err(CallResult::NotFound), "{form:?}");
    }
}

#[tokio::test]
async fn reservations_are_captured_or_given_up() {
    // Proves authorise, capture in part, void, and what cannot follow what.
    for form in FORMS {
        let folder = tempfile::tempdir().unwrap();
        let till = Till::open(form, &folder).await;
        let gateway = &till.gateway;
        for key in ["captured", "voided"] {
            let result = gateway.authorize(&krona(key, 5_000), &card(GOOD_CARD)).await;
            assert_eq!(kind(&result), "approved", "{form:?}");
        }
        for (expected, key, verb, on, amount) in [
            ("not executed", "k1", "refund", "captured", 1),
            ("not executed", "k2", "capture", "captured", 5_001),
            ("approved", "k3", "capture", "captured", 3_000),
            ("approved", "k3", "capture", "captured", 3_000),
            ("not executed", "k4", "capture", "captured", 1_000),
            ("not executed", "k5", "void", "captured", 5_000),
            ("not executed", "k6", "refund", "captured", 3_001),
            ("approved", "k7", "refund", "captured", 3_000),
            ("approved", "k8", "void", "voided", 5_000),
            ("not executed", "k9", "capture", "voided", 5_000),
            ("not executed", "k10", "void", "nothing", 5_000),
        ] {
            let (request, charge) = (krona(key, amount), charge(on));
            let result = match verb {
                "capture" => gateway.capture(&request, &charge).await,
                "void" => gateway.void(&request, &charge).await,
                _ => gateway.refund(&request, &charge).await,
            };
            assert_eq!(kind(&result), expected, "{form:?} {key}");
        }
        assert_eq!(kind(&till.lookup("voided").await), "not executed", "{form:?}");
    }
}

#[tokio::test]
async fn tokens_behave_like_the_card_they_were_made_from() {
    // Proves tokens of either kind: single ones die, unknown ones are declined.
    for form in FORMS {
        let folder = tempfile::tempdir().unwrap();
        let till = Till::open(form, &folder).await;
        for (token_use, number, first, second) in [
            (TokenUse::Single, GOOD_CARD, "approved", "declined CardInvalid"),
            (TokenUse::Multi, GOOD_CARD, "approved", "approved"),
            (TokenUse::Multi, "4000000000000002", "declined Soft", "declined Soft"),
        ] {
            let request = krona("token", 0);
            let saved = till.gateway.tokenize(&request, &card(number), token_use).await.unwrap();
            assert_eq!(saved.card_mask, format!("{}******{}", &number[..6], &number[12..]));
            let text = saved.token.expose().to_owned();
            let source = Source::from(SourceKind::Token(saved.token));
            for (turn, expected) in [("a", first), ("b", second)] {
                let key = format!("{number}_{token_use:?}_{turn}");
                let result = till.gateway.sale(&krona(&key, 500), &source).await;
                assert_eq!(kind(&result), expected, "{form:?} {key}");
                assert_eq!(till.gateway.sale(&krona(&key, 500), &source).await, result);
            }
            assert!(!std::fs::read_to_string(&till.log).unwrap().contains(&text), "{form:?}");
        }
        let unknown = gateway::CardToken::parse(TokenUse::Multi, "sandbox_multi_0").unwrap();
        let unknown = Source::from(SourceKind::Token(unknown));
        let result = till.gateway.sale(&krona("u", 500), &unknown).await;
        assert_eq!(kind(&result), "declined CardInvalid", "{form:?}");
        let again = till.gateway.tokenize(&krona("t", 0), &unknown, TokenUse::Multi).await;
        assert_eq!(kind(&again.unwrap_err()), "declined CardInvalid", "{form:?}");
    }
}

#[tokio::test]
async fn a_dispute_follows_its_card() {
    // Proves that the log tells of the dispute, and only for the card of that row.
    for form in FORMS {
        let folder = tempfile::tempdir().unwrap();
        let till = Till::open(form, &folder).await;
        till.sale("disputed", 5_000, "4000000000000259").await;
        till.sale("disputed", 5_000, "4000000000000259").await;
        till.sale("quiet", 5_000, GOOD_CARD).await;
        let disputes: Vec<_> = till
            .log_lines()
            .into_iter()
            .filter(|line| line.request.operation == Operation::Dispute)
            .map(|line| line.key)
            .collect();
        assert_eq!(disputes, ["disputed"], "{form:?}");
    }
}

#[tokio::test]
async fn nothing_is_no_amount() {
    // Proves that zero and less than zero move nothing.
    for form in FORMS {
        let folder = tempfile::tempdir().unwrap();
        let till = Till::open(form, &folder).await;
        for amount in [0, -1, i64::MIN, -5_666] {
            let key = format!("key{}", amount.unsigned_abs());
            let result = till.sale(&key, amount, GOOD_CARD).await;
            assert_eq!(kind(&result), "not executed", "{form:?} {amount}");
        }
    }
}
