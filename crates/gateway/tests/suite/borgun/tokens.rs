//! Cards left with the gateway (`payments.md` §1.7).

use domain::attempt::{CallResult, DeclineReason};
use gateway::{CardToken, Gateway as _, Source, SourceKind, TokenUse};
use serde_json::{Value, json};

use super::fake::Turn;
use super::{CARD, KEY, open, open_with};
use crate::support::{card, kind, krona, phone};

const KEEP: &str = "att_2_7_1_00000000000000ab_keep";

fn source(token: CardToken) -> Source {
    SourceKind::Token(token).into()
}

fn card_members() -> Value {
    json!({ "PAN": CARD, "ExpYear": "2031", "ExpMonth": "12" })
}

fn with(mut members: Value, name: &str, value: Value) -> Value {
    members[name] = value;
    members
}

#[tokio::test]
async fn a_single_token_pays_once_and_not_for_long() {
    // Proves the request, and that the token is dead once it was used, disabled, or is too old.
    let (fake, gateway) = open().await;
    let make = async || gateway.tokenize(&krona(KEEP, 1), &card(CARD), TokenUse::Single).await;
    let made = make().await.unwrap();
    assert_eq!(made.card_mask, "474152******0003");
    let seen = fake.seen().remove(0);
    assert_eq!(seen.line, "POST /rpg/api/token/single");
    assert_eq!(seen.body, with(card_members(), "TokenLifetime", json!(1_200)));
    let pay = async |at: u32, source: &Source| {
        let key = format!("att_2_{at:x}_1_00000000000000ab");
        kind(&gateway.sale(&krona(&key, 5_000), source).await)
    };
    let used = source(made.token);
    assert_eq!(pay(1, &used).await, "approved");
    assert_eq!(pay(2, &used).await, "not executed");

    let old = source(make().await.unwrap().token);
    fake.wait_s(1_199);
    assert_eq!(pay(3, &old).await, "approved");
    let older = source(make().await.unwrap().token);
    fake.wait_s(1_200);
    assert_eq!(pay(4, &older).await, "not executed");

    let disabled = make().await.unwrap().token;
    fake.seen();
    gateway.disable_token(&krona(KEEP, 1), &disabled).await.unwrap();
    let path = format!("PUT /rpg/api/token/single/{}/disable", disabled.expose());
    assert_eq!(fake.lines(), [path]);
    assert_eq!(pay(5, &source(disabled)).await, "not executed");
}

#[tokio::test]
async fn a_multi_token_is_made_of_a_card_or_a_single_token() {
    // Proves both requests, and that the token may be charged again and again.
    let (fake, gateway) = open().await;
    let made = gateway.tokenize(&krona(KEEP, 1), &card(CARD), TokenUse::Multi).await.unwrap();
    let seen = fake.seen().remove(0);
    assert_eq!((seen.line.as_str(), &seen.body), ("POST /rpg/api/token/multi", &card_members()));
    assert_eq!(made.expiry.unwrap().last_month().year, 2031);
    let kept = source(made.token);
    for at in 1..3 {
        let key = format!("att_2_{at:x}_1_00000000000000ab");
        assert_eq!(kind(&gateway.sale(&krona(&key, 5_000), &kept).await), "approved");
    }

    let single = gateway.tokenize(&krona(KEEP, 1), &card(CARD), TokenUse::Single).await.unwrap();
    let text = single.token.expose().to_owned();
    fake.seen();
    let single = source(single.token);
    let made = gateway.tokenize(&krona(KEEP, 1), &single, TokenUse::Multi).await.unwrap();
    assert_eq!(fake.seen()[0].body, json!({ "TokenSingle": text }));
    assert_eq!(made.card_mask, "474152******0003", "the gateway tells it");
    let again = gateway.tokenize(&krona(KEEP, 1), &single, TokenUse::Multi).await.unwrap_err();
    assert_eq!(kind(&again), "not executed", "it was used");

    fake.seen();
    for (source, token_use) in [
        (kept, TokenUse::Multi),
        (single, TokenUse::Single),
        (phone("+3545550001"), TokenUse::Multi),
    ] {
        let refused = gateway.tokenize(&krona(KEEP, 1), &source, token_use).await.unwrap_err();
        assert_eq!(kind(&refused), "not executed");
    }
    assert!(fake.lines().is_empty(), "nothing was asked");
}

#[tokio::test]
async fn a_card_may_be_tried_before_it_is_kept() {
    // Proves that a token of a card which its bank refuses is no token, and that it is disabled.
    let (fake, gateway) = open_with(|settings| settings.verify_cards = true).await;
    let keep = async || gateway.tokenize(&krona(KEEP, 1), &card(CARD), TokenUse::Multi).await;
    keep().await.unwrap();
    let check = json!({ "CheckAmount": 0, "Currency": "352", "CVC": "123" });
    assert_eq!(fake.seen()[0].body, with(card_members(), "VerifyCard", check));

    fake.next([Turn::Pay("Declined", "209")]);
    let refused = keep().await.unwrap_err();
    assert_eq!(refused, CallResult::Declined(DeclineReason::HardAccount));
    let token = "PUT /rpg/api/token/multi/tm_0002/disable";
    assert_eq!(fake.lines(), ["POST /rpg/api/token/multi", token]);
    assert!(!fake.state().tokens["tm_0002"].enabled);

    fake.next([Turn::Say(201, json!({ "Token": "tm_x" }))]);
    assert_eq!(kind(&keep().await.unwrap_err()), "not executed", "it was not tried");
    gateway.tokenize(&krona(KEEP, 1), &card(CARD), TokenUse::Single).await.unwrap();
    assert_eq!(fake.seen().last().unwrap().body["VerifyCard"], json!(null));
}

#[tokio::test]
async fn what_the_gateway_finds_wrong_is_named() {
    // Proves how a list of problems becomes the one that the buyer can do something about.
    let (fake, gateway) = open().await;
    let said = |message: &str| Turn::Say(400, json!({ "Message": message }));
    for (turn, expected) in [
        (said("PAN: InvalidFormat"), "declined CardInvalid"),
        (said("ExpMonth: Invalid expiration date"), "declined HardExpiry"),
        (said("ExpMonth: x; ExpYear: y; PAN: InvalidFormat"), "declined CardInvalid"),
        (said("CVC: Invalid"), "declined CvcInvalid"),
        (said("TokenLifetime: Invalid"), "not executed"),
        (said(""), "not executed"),
        (Turn::Say(401, json!({ "Message": "denied" })), "misconfigured"),
        (Turn::Say(500, json!({})), "unknown"),
        (Turn::Say(201, json!({})), "not executed"),
        (Turn::Say(201, json!({ "Token": "a b" })), "not executed"),
        (Turn::Garble("<html>"), "unknown"),
        (Turn::LoseAnswer, "unknown"),
    ] {
        fake.next([turn.clone()]);
        let made = gateway.tokenize(&krona(KEEP, 1), &card(CARD), TokenUse::Multi).await;
        assert_eq!(kind(&made.unwrap_err()), expected, "{turn:?}");
    }
}

#[tokio::test]
async fn a_token_nobody_knows_is_as_good_as_disabled() {
    // Proves what the answers to disabling become.
    let (fake, gateway) = open().await;
    let disable = async |text: &str| {
        let token = CardToken::parse(TokenUse::Multi, text).unwrap();
        gateway.disable_token(&krona(KEY, 1), &token).await.map_err(|result| kind(&result))
    };
    assert_eq!(disable("tm_unknown").await, Ok(()));
    assert_eq!(fake.lines(), ["PUT /rpg/api/token/multi/tm_unknown/disable"]);
    assert_eq!(disable("a/b").await, Ok(()), "no token of this gateway looks so");
    assert!(fake.lines().is_empty());
    fake.next([Turn::Say(500, json!({})), Turn::LoseRequest]);
    assert_eq!(disable("tm_1").await, Err("unknown".into()));
    assert_eq!(disable("tm_1").await, Err("unknown".into()));
}
