//! The exact requests for payments, in every currency and with every means (`payments.md` §1.3,
//! §1.6, §1.9), and how the tokens are written (§1.1).

use domain::attempt::{Approval, CallResult};
use domain::money::Currency;
use gateway::borgun::{Authorization, BorgunError, order_id, sale_of_order_id};
use gateway::{
    CardToken, Cryptogram, Gateway as _, MpiToken, PaymentRequest, Proof, Source, SourceKind,
    TokenUse,
};
use serde_json::{Value, json};

use super::fake::Turn;
use super::{CARD, KEY, card_method, open, open_with, sale_body, settings};
use crate::support::{card, kind, krona, phone, request};

fn wallet(number: &str, level: &str, cavv: &str, ucaf: &str) -> Source {
    let cryptogram = Cryptogram::parse(level, cavv, ucaf).expect("it is one");
    Source { proof: Some(Proof::Cryptogram(cryptogram)), ..card(number) }
}

fn token(token_use: TokenUse, text: &str) -> Source {
    SourceKind::Token(CardToken::parse(token_use, text).expect("it is one")).into()
}

#[tokio::test]
async fn a_sale_is_sent_once_in_the_gateways_form() {
    // Proves the whole request and what is kept of its answer.
    let (fake, gateway) = open().await;
    let result = gateway.sale(&krona(KEY, 5_000), &card(CARD)).await;
    let approval = Approval {
        reference: "tr_0001".into(),
        auth_code: Some("842517".into()),
        card_mask: Some("474152******0003".into()),
    };
    assert_eq!(result, CallResult::Approved(approval));
    let seen = fake.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].line, "POST /rpg/api/payment");
    assert_eq!(seen[0].authorization, "Basic cHJpdmF0ZS10b2tlbjo=");
    assert_eq!(seen[0].body, sale_body(&card_method()));
    assert_eq!(sale_of_order_id(&order_id(KEY)).map(|sale| sale.0), Some(7));
}

#[tokio::test]
async fn a_reservation_says_so() {
    // Proves that a reservation is one, and that a sale that was only reserved is no sale.
    let (fake, gateway) = open().await;
    let result = gateway.authorize(&krona(KEY, 5_000), &card(CARD)).await;
    assert_eq!(kind(&result), "approved");
    assert_eq!(fake.seen()[0].body["TransactionType"], "PreAuthorization");
    assert_eq!(fake.state().payments["tr_0001"].status, "Uncaptured");
    assert_eq!(fake.kept(), [0_i64; 0], "nothing was taken");
}

#[tokio::test]
async fn each_currency_is_sent_in_its_unit() {
    // Proves the amount and the code on the wire, and that what cannot be expressed is not sent.
    let (fake, gateway) = open().await;
    let rows = [
        ("ISK", 1, Some((100, "352"))),
        ("EUR", 1_250, Some((1_250, "978"))),
        ("JPY", 700, Some((700, "392"))),
        ("BHD", 12_340, Some((1_234, "048"))),
        ("BHD", 12_345, None),
        ("KRW", 1_000, None),
    ];
    for (at, (code, minor_units, expected)) in rows.into_iter().enumerate() {
        let key = format!("att_2_{at:x}_1_00000000000000ab");
        let currency = Currency::parse(code).expect("it is one");
        let result = gateway.sale(&request(&key, minor_units, currency), &card(CARD)).await;
        let seen = fake.seen();
        let sent = seen.first().map(|seen| (&seen.body["Amount"], &seen.body["Currency"]));
        let expected = expected.map(|(units, code)| (json!(units), json!(code)));
        assert_eq!(sent, expected.as_ref().map(|(units, code)| (units, code)), "{code}");
        let kind = kind(&result);
        assert_eq!(kind, if expected.is_some() { "approved" } else { "not executed" }, "{code}");
    }
}

#[tokio::test]
async fn every_means_is_written_in_its_members() {
    // Proves tokens, proofs of 3-D Secure, and wallets by the scheme of their card.
    let (fake, gateway) = open().await;
    fake.state().proofs.insert("mpi_71ab".into());
    let mpi = MpiToken::parse("mpi_71ab").expect("it is one");
    let proven = Source { proof: Some(Proof::ThreeDSecure(mpi)), ..card(CARD) };
    let manual = |name: &str, text: &str, level: &str| {
        let mut proof = json!({ "DataType": "Manual", "SecurityLevelInd": level });
        proof[name] = json!(text);
        proof
    };
    let rows: [(Source, &str, Value); 8] = [
        (token(TokenUse::Multi, "tm_9f2c"), "TokenMulti", json!(null)),
        (token(TokenUse::Single, "ts_9f2c"), "TokenSingle", json!(null)),
        (proven, "Card", json!({ "DataType": "Token", "MpiToken": "mpi_71ab" })),
        (wallet("4242424242424242", "2", "AAAB", ""), "Card", manual("CAVV", "AAAB", "2")),
        (wallet("4242424242424242", "", "", "AAAC"), "Card", manual("CAVV", "AAAC", "2")),
        (wallet("5555555555554444", "5", "", "AAAD"), "Card", manual("UCAF", "AAAD", "5")),
        (wallet("2223003122003222", "", "AAAE", ""), "Card", manual("UCAF", "AAAE", "2")),
        (wallet("2223003122003222", "", "AAAE", "AAAF"), "Card", manual("UCAF", "AAAF", "2")),
    ];
    for (source, payment_type, proof) in rows {
        fake.next([Turn::Say(500, json!({}))]);
        let _unknown = gateway.sale(&krona(KEY, 5_000), &source).await;
        let body = fake.seen().remove(0).body;
        assert_eq!(body["PaymentMethod"]["PaymentType"], payment_type);
        assert_eq!(body["ThreeDSecure"], proof, "{source:?}");
    }
    let body = {
        fake.next([Turn::Say(500, json!({}))]);
        let _unknown = gateway.sale(&krona(KEY, 5_000), &token(TokenUse::Multi, "tm_9f2c")).await;
        fake.seen().remove(0).body
    };
    assert_eq!(body["PaymentMethod"], json!({ "PaymentType": "TokenMulti", "Token": "tm_9f2c" }));
}

#[tokio::test]
async fn a_phone_or_a_browser_is_not_charged_here() {
    // Proves that means which the gateway does not know are not sent.
    let (fake, gateway) = open().await;
    for source in [phone("+3545550001"), SourceKind::Browser.into()] {
        let result = gateway.sale(&krona(KEY, 5_000), &source).await;
        assert_eq!(kind(&result), "not executed");
    }
    assert!(fake.lines().is_empty());
}

#[tokio::test]
async fn the_tokens_are_written_in_three_forms() {
    // Proves the header in each form, what the gateway makes of a wrong one, and what is refused
    // before anything is called.
    let rows = [
        (Authorization::Private, "Basic cHJpdmF0ZS10b2tlbjo="),
        (Authorization::Bare, "Basic cHJpdmF0ZS10b2tlbg=="),
        (Authorization::Pair, "Basic cHVibGljOnByaXZhdGUtdG9rZW4="),
    ];
    for (authorization, header) in rows {
        let (fake, gateway) = open_with(|settings| {
            settings.authorization = authorization;
            settings.public_token = Some("public".to_owned().into());
        })
        .await;
        let result = gateway.sale(&krona(KEY, 5_000), &card(CARD)).await;
        assert_eq!(fake.seen()[0].authorization, header, "{authorization:?}");
        let accepted = authorization == Authorization::Private;
        assert_eq!(kind(&result), if accepted { "approved" } else { "misconfigured" });
    }
    let check = |change: fn(&mut gateway::borgun::BorgunSettings), expected: &BorgunError| {
        let mut settings = settings("http://127.0.0.1:1/rpg".into());
        change(&mut settings);
        assert_eq!(gateway::borgun::Borgun::new(settings).err().as_ref(), Some(expected));
    };
    check(|it| it.authorization = Authorization::Pair, &BorgunError::PublicTokenMissing);
    check(|it| it.private_token = String::new().into(), &BorgunError::PrivateTokenEmpty);
    check(|it| it.event_secrets = vec!["short".to_owned().into()], &BorgunError::EventSecret);
    let slash = |it: &mut gateway::borgun::BorgunSettings| {
        it.event_secrets = vec!["a/secret/for/events".to_owned().into()];
    };
    check(slash, &BorgunError::EventSecret);
}

#[tokio::test]
async fn what_was_named_can_be_asked_for() {
    // Proves that a payment is found by the gateway's name of it, only as what it should be, and
    // that without the name nothing is asked.
    let (fake, gateway) = open().await;
    fake.next([Turn::Pay("Error", "909")]);
    let request = krona(KEY, 5_000);
    let result = gateway.sale(&request, &card(CARD)).await;
    assert_eq!(kind(&result), "unknown");
    fake.seen();
    let known = super::about(request, "tr_0001");
    let state = |status, code| {
        let mut state = fake.state();
        let payment = state.payments.get_mut("tr_0001").expect("it is there");
        (payment.status, payment.code) = (status, code);
    };
    for (status, code, expected) in [
        ("Error", "909", "unknown"),
        ("Accepted", "000", "approved"),
        ("Declined", "116", "declined InsufficientFunds"),
        ("Cancelled", "000", "not executed"),
        ("Refunded", "000", "unknown"),
        ("Uncaptured", "000", "unknown"),
        ("Declined", "955", "not executed"),
    ] {
        state(status, code);
        assert_eq!(kind(&gateway.lookup(&known).await), expected, "{status} {code}");
        assert_eq!(fake.lines(), ["GET /rpg/api/payment/tr_0001"]);
    }
    let reserves = PaymentRequest { reserves: true, ..known };
    state("Uncaptured", "000");
    assert_eq!(kind(&gateway.lookup(&reserves).await), "approved");
    state("Accepted", "000");
    let other_key = PaymentRequest { key: "att_2_8_1_00000000000000ab", ..known };
    assert_eq!(kind(&gateway.lookup(&other_key).await), "unknown");
    let other_sum = super::about(krona(KEY, 4_000), "tr_0001");
    assert_eq!(kind(&gateway.lookup(&other_sum).await), "unknown");
    assert_eq!(kind(&gateway.lookup(&super::about(request, "tr_0009")).await), "not found");
    fake.seen();
    assert_eq!(kind(&gateway.lookup(&request).await), "unknown");
    for wrong in ["", "../token", "a b", "tr?x=1", "tr%2f"] {
        assert_eq!(kind(&gateway.lookup(&super::about(request, wrong)).await), "unknown");
    }
    assert!(fake.lines().is_empty(), "nothing was asked");
    assert_eq!(kind(&gateway.fence(&request).await), "unknown", "it refuses no key in advance");
}

#[tokio::test]
async fn a_receipt_shows_what_is_harmless() {
    // Proves what is told of a payment for people.
    let (_fake, gateway) = open().await;
    let approved = gateway.sale(&krona(KEY, 5_000), &card(CARD)).await;
    let receipt = gateway.receipt(&super::charge(super::reference(&approved))).await.unwrap();
    assert_eq!(receipt.last_four.as_deref(), Some("0003"));
    assert_eq!(receipt.brand.as_deref(), Some("visa"));
    let answer = receipt.answer.unwrap();
    assert!(answer.contains("\"AuthCode\":\"842517\"") && !answer.contains(CARD), "{answer}");
    assert!(gateway.receipt(&super::charge("tr_9999")).await.is_none());
}
