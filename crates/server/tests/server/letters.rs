//! Letters that nobody asks for: of refunds, cancelled events and payment links.

use std::sync::Arc;

use domain::effect::Effect;
use serde_json::{Value, json};

use crate::client::Request;
use crate::order::paid;
use crate::post_office::{Arrived, Mood, PostOffice};
use crate::shop::{Shop, until};

/// Whom letters go to.
const ANNA: &str = "anna@example.org";

/// A shop that sends letters, and where they arrive.
pub(crate) async fn open() -> (Shop, PostOffice) {
    let office = PostOffice::open(Mood::Takes).await;
    (Shop::mailing(Arc::new(office.way())).await, office)
}

/// Sends to an operation as the Admin, which must go well.
async fn ask(shop: &Shop, path: &str, body: &Value) {
    let answer = shop.send(&Request::post(path).key(&shop.admin).json(body)).await;
    assert!(answer.status_code() < 300, "{path}: {}", answer.text());
}

/// Has the tickets mailed, by which the order gets an address.
pub(crate) async fn mail(shop: &Shop, token: &str) {
    let request = json!({ "ticketTokenId": token, "email": ANNA, "language": "en" });
    ask(shop, "/ticketOrder/mail.json", &request).await;
}

async fn refund(shop: &Shop, token: &str) {
    let request = json!({ "ticketTokenIds": [token], "reason": "ill" });
    ask(shop, "/refund/process.json", &request).await;
}

/// The letters, once there are so many and none waits.
pub(crate) async fn arrived(shop: &Shop, office: &PostOffice, count: usize) -> Vec<Arrived> {
    let is_mail = |effect: &Effect| matches!(effect, Effect::Mail { .. });
    until("the letters", async || {
        let owed = shop.store().outbox(1_000).await.unwrap();
        let waits = owed.iter().any(|owed| is_mail(&owed.effect));
        Some(office.arrived()).filter(|all| !waits && all.len() >= count)
    })
    .await
}

/// Checks that these are all letters about one order: who got them, how their subjects begin, and
/// what the last one says.
fn check(letters: &[Arrived], subjects: &[&str], said: &str) {
    let told: Vec<_> = letters.iter().map(|letter| letter.headers("Subject").remove(0)).collect();
    let as_expected = told.iter().zip(subjects).all(|(told, begin)| told.starts_with(begin));
    assert!(as_expected && told.len() == subjects.len(), "{told:?} and not {subjects:?}");
    assert!(letters.iter().all(|letter| letter.headers("To") == [ANNA]));
    let last = plain(&letters.last().unwrap().data);
    assert!(last.contains(said), "{said} is missing in {last}");
}

/// A letter without the line breaks and signs of its transport (RFC 2045, quoted-printable).
pub(crate) fn plain(data: &str) -> String {
    data.replace("=\r\n", "").replace("=3D", "=")
}

#[tokio::test]
async fn a_refund_is_told_where_the_tickets_went() {
    // Proves that whoever got the tickets is told what goes back, and that an order without an
    // address is refunded without a letter.
    let (shop, office) = open().await;
    let told = shop.order(&paid(&shop, "match", "adult", 2)).await.token();
    let silent = shop.order(&paid(&shop, "match", "adult", 1)).await.token();
    mail(&shop, &told).await;
    arrived(&shop, &office, 1).await;
    refund(&shop, &silent).await;
    refund(&shop, &told).await;
    let letters = arrived(&shop, &office, 2).await;
    check(&letters, &["Your tickets: ", "Refund started: "], "8000 ISK");
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_cancelled_event_is_told() {
    // Proves that buyers of a cancelled event hear of it and of their money, and that of a job that
    // only refunds they hear of the money alone.
    let (shop, office) = open().await;
    for (slug, path, subjects) in [
        ("rush", "/events/cancel.json", &["Your", "Cancelled: ", "Refund started: "][..]),
        ("match", "/refund/process.json", &["Your", "Refund started: "][..]),
    ] {
        let before = office.arrived().len();
        let token = shop.order(&paid(&shop, slug, "adult", 1)).await.token();
        mail(&shop, &token).await;
        arrived(&shop, &office, before + 1).await;
        let event = shop.number("event", slug);
        let whole = json!({ "eventId": event, "refundAllForEvent": true, "reason": "storm" });
        ask(&shop, path, &whole).await;
        let mut letters = arrived(&shop, &office, before + subjects.len()).await.split_off(before);
        letters[1..].sort_by_key(|letter| letter.headers("Subject"));
        check(&letters, subjects, "4000 ISK");
    }
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn nothing_is_promised_of_what_stays() {
    // Proves that of an event that is cancelled without refunds nobody is told that money comes,
    // also not whoever got a part back before.
    let (shop, office) = open().await;
    let token = shop.order(&paid(&shop, "match", "adult", 1)).await.token();
    mail(&shop, &token).await;
    let part = json!({
        "ticketTokenIds": [token], "amount": 500, "idempotencyKey": "kindness-1",
        "reason": "a bad seat",
    });
    ask(&shop, "/refund/process.json", &part).await;
    arrived(&shop, &office, 2).await;
    let event = shop.number("event", "match");
    let cancel = json!({ "eventId": event, "withoutRefund": true, "reason": "storm" });
    ask(&shop, "/events/cancel.json", &cancel).await;
    let letters = arrived(&shop, &office, 3).await;
    let last = plain(&letters[2].data);
    assert!(letters[2].headers("Subject")[0].starts_with("Cancelled: "), "{last}");
    assert!(!last.contains("what you paid goes back"), "{last}");
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn the_holder_of_a_season_card_is_told() {
    // Proves that the refund of a card is told to the address that its order named, by its name.
    let (shop, office) = open().await;
    let order = json!({
        "ownerCardTypeIds": [shop.number("card_type", "gold")], "holderName": "Anna",
        "holderEmail": ANNA, "returnCards": true,
        "cardInfo": crate::order::card(crate::order::GOOD_CARD),
    });
    let request = Request::post("/OrderOwnerCards.json").key(&shop.admin).json(&order);
    let bought = shop.send(&request).await.json();
    let refund = json!({ "id": bought["cards"][0]["id"], "reason": "moves away" });
    ask(&shop, "/OwnerCards/refund.json", &refund).await;
    let letters = arrived(&shop, &office, 2).await;
    assert_eq!(letters[1].headers("To"), [ANNA]);
    let name = bought["cards"][0]["cardPrice"].to_string();
    assert!(plain(&letters[1].data).contains(&format!("{name} ISK")), "{}", letters[1].data);
    shop.assert_all_is_well().await;
}
