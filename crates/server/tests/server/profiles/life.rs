//! From the vault to the gateway's bin.

use domain::time::Span;
use gateway::sandbox::Operation;
use serde_json::{Value, json};

use super::club::{ANNA, Club, GIFT_CARD, IMPORT, JON, VAULT, card, good_card};
use crate::client::Request;
use crate::order::GOOD_CARD;
use crate::shop::until;

const MASTERCARD: &str = "5555 5555 5555 4444";

fn of(profile: &Value, member: &str) -> Value {
    profile[member].clone()
}

#[tokio::test]
async fn a_card_is_kept_preferred_and_removed() {
    // Proves the life of a card: two tokens, one profile, shown to its member, preferred until
    // another is, and gone from list and gateway when it is removed.
    let club = Club::open().await;
    let (acct, token) = club.vaulted(&good_card(Some(ANNA))).await;
    assert_eq!(acct.len(), 64);
    assert!(club.list(ANNA).await.is_empty(), "not on file before it was imported");
    let first = club.send("POST", IMPORT, &json!({ "ProfileToken": token })).await.json();
    let shown = &first["PaymentProfile"];
    assert_eq!((of(shown, "AcctToken"), of(shown, "Last4")), (json!(acct), json!("4242")));
    assert_eq!((of(shown, "AcctType"), of(shown, "AcctTypeId")), (json!("Visa"), json!(1)));
    assert_eq!((of(shown, "ExpMonth"), of(shown, "ExpYear")), (json!(12), json!(2036)));
    assert_eq!((of(shown, "IsTemp"), of(shown, "IsPreferred")), (json!(false), json!(true)));
    let again = club.send("POST", IMPORT, &json!({ "ProfileToken": token })).await.json();
    assert_eq!(again, first, "the same request has the same answer");
    let second = club.on_file(MASTERCARD).await;
    let preferred = async || -> Vec<bool> {
        let list = club.list(ANNA).await;
        list.iter().map(|profile| profile["IsPreferred"].as_bool().unwrap()).collect()
    };
    assert_eq!(preferred().await, [false, true]);
    let own = first["PaymentProfile"]["PaymentProfileId"].as_str().unwrap();
    let path = |rest: &str| format!("/sales/member/{ANNA}/payment/profile/{rest}");
    let told = club.send("POST", &path(&format!("{own}/prefer")), &json!({})).await;
    assert_eq!((told.status, told.json()["Success"].clone()), (200, json!(true)));
    assert_eq!(preferred().await, [true, false]);
    let one = club.send("GET", &path(&second), &json!({})).await.json();
    assert_eq!(one["PaymentProfiles"][0]["AcctType"], "MC");
    assert_eq!(club.send("DELETE", &path(own), &json!({})).await.status, 200);
    assert_eq!(preferred().await, [false]);
    let dropped = |operation| {
        let log = club.shop.gateway_log();
        log.iter().filter(|line| line.request.operation == operation).count()
    };
    let id = own.parse().unwrap();
    until("the gateway to be told", async || {
        club.stored(id).await.filter(|profile| profile.token.is_none())
    })
    .await;
    assert_eq!(dropped(Operation::DisableToken), 1);
    club.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_stranger_becomes_a_member() {
    // Proves that a card left before there was a member is given to one, by either address, and
    // leaves the preference as it is where that is wanted.
    let club = Club::open().await;
    let (_, token) = club.vaulted(&good_card(None)).await;
    let body = json!({ "ProfileToken": token, "NewOwnerId": ANNA });
    assert_eq!(club.send("POST", IMPORT, &body).await.status, 200);
    let (_, token) = club.vaulted(&card(MASTERCARD, None)).await;
    let body = json!({ "ProfileToken": token, "DoNotUpdatePaymentTypePreference": true });
    let path = format!("/sales/member/{ANNA}/payment/profile");
    let added = club.send("POST", &path, &body).await.json();
    assert_eq!(added["PaymentProfile"]["IsPreferred"], false, "{added}");
    assert_eq!(club.list(ANNA).await.len(), 2);
    assert!(club.list(JON).await.is_empty());
}

#[tokio::test]
async fn gift_cards_and_cards_for_one_use_last_a_day() {
    // Proves that neither is preferred, that a gift card needs no month and no code, and that both
    // are gone after a day, at the gateway too.
    let club = Club::open().await;
    let gift = json!({ "MemberId": ANNA, "CardNumber": GIFT_CARD });
    let once = json!({ "IsTemp": true });
    let mut temporary = good_card(Some(ANNA));
    temporary["IsTemp"] = once["IsTemp"].clone();
    for (card, class) in [(gift, "GC"), (temporary, "CC")] {
        let vaulted = club.send("POST", VAULT, &card).await.json();
        assert_eq!(
            (of(&vaulted, "AcctClass"), of(&vaulted, "IsTemp")),
            (json!(class), json!(true))
        );
        let token = &vaulted["ProfileToken"];
        let shown = club.send("POST", IMPORT, &json!({ "ProfileToken": token })).await.json();
        assert_eq!(shown["PaymentProfile"]["IsPreferred"], false, "{shown}");
    }
    assert_eq!(club.list(ANNA).await.len(), 2);
    club.shop.clock.advance(Span::hours(24));
    assert!(club.list(ANNA).await.is_empty());
    until("both to be forgotten", async || {
        let (wallets, profiles, _) = club.traces().await;
        let is_empty = wallets[0].as_ref().is_some_and(|wallet| wallet.profiles.is_empty());
        (is_empty && profiles.iter().all(|profile| profile.token.is_none())).then_some(())
    })
    .await;
    club.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn every_format_is_read() {
    // Proves that the vault reads JSON, JSV and forms alike.
    let club = Club::open().await;
    let jsv =
        format!("{{MemberId:{ANNA},CardNumber:{GOOD_CARD},ExpMonth:12,ExpYear:2036,Cvc:123}}");
    let form = format!("MemberId={ANNA}&CardNumber={GOOD_CARD}&ExpMonth=12&ExpYear=2036&Cvc=123");
    for (content_type, body) in [
        ("application/json", good_card(Some(ANNA)).to_string()),
        ("text/jsv", jsv),
        ("application/x-www-form-urlencoded", form),
    ] {
        let request = Request::post(&format!("/clubs{VAULT}")).accept("application/json");
        let request = request.header("X-Api-Key", &club.key).body(content_type, body);
        let answer = club.shop.send(&request).await;
        assert_eq!(answer.status, 200, "{content_type}: {}", answer.text());
        assert_eq!(answer.json()["Last4"], "4242");
    }
}
