//! The payment session: paid, declined, over, cancelled, marked (`domain.md` §4.4).

use domain::time::Span;
use serde_json::{Value, json};

use super::season::Season;
use crate::client::{Answer, Request};
use crate::order::{GOOD_CARD, card};
use crate::shop::until;

/// A card that is declined after its holder was proved.
pub(super) const DECLINED_CARD: &str = "4000000000000002";

/// Proves a holder within a session, without a challenge.
pub(super) async fn prove(season: &Season, session: &Value, number: &str) -> Value {
    let body = json!({ "sessionToken": session, "cardInfo": card(number) });
    let request = Request::post("/transferTicket/startTopup3DSecure.json").json(&body);
    season.shop.send(&request).await.json()
}

/// Pays with what [`prove`] gave.
pub(super) async fn pay(season: &Season, session: &Value, proof: &Value) -> Answer {
    let body = json!({
        "sessionToken": session, "borgunCardToken": proof["cardToken"],
        "borgunMpiToken": proof["mpiToken"], "amountMinor": 1_500, "currency": "ISK",
    });
    season.shop.send(&Request::post("/transferTicket/payTopupWith3DSecure.json").json(&body)).await
}

/// Pays with a card that is good.
pub(super) async fn pay_well(season: &Season, session: &Value) -> Answer {
    let proof = prove(season, session, GOOD_CARD).await;
    pay(season, session, &proof).await
}

#[tokio::test]
async fn paying_the_difference_moves_the_ticket() {
    // Proves both phases: place held and ticket locked but good, then both swapped by the payment.
    let season = Season::open().await;
    let token = season.buy("home", "regular", 1).await;
    let topup = season.topup(&token).await;
    let session = &topup["sessionToken"];
    assert_eq!(topup["amountIsk"], json!(1_500));
    let link = topup["paymentLinkUrl"].as_str().unwrap();
    assert_eq!(link, format!("http://till/transferTicket/pay/{}", session.as_str().unwrap()));
    assert_eq!(topup["expiresAt"], json!("2027-05-02T12:00:00.0000000Z"), "{topup}");
    assert_eq!(
        (season.shop.places("hekla").await, season.state(&token).await),
        ((1, 1), "Bought".into())
    );
    let told = season.session(session.as_str().unwrap()).await;
    assert_eq!((&told["status"], &told["amountIsk"]), (&json!("AwaitingTopup"), &json!(1_500)));
    assert_eq!(told["fromEventName"], "Hekla – Askja");
    assert_eq!(told["toEventName"], "Hekla – Askja, rematch");
    let paid = pay_well(&season, session).await.json();
    assert_eq!((&paid["ok"], &paid["status"]), (&json!(true), &json!("Completed")), "{paid}");
    assert_eq!((&paid["amountIsk"], &paid["lastFourDigits"]), (&json!(1_500), &json!("4242")));
    let new = paid["newTicketTokenId"].as_str().unwrap();
    assert_eq!(
        (season.state(&token).await, season.state(new).await),
        ("Transferred".into(), "Bought".into())
    );
    assert_eq!(season.shop.places("hekla").await, (0, 1));
    assert_eq!(season.shop.charges(), [5_000, 1_500]);
    let again = pay_well(&season, session).await.json();
    assert_eq!(again["code"], "SessionCompleted", "{again}");
    season.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn two_clubs_settle_a_topup() {
    // Proves the same between two sellers, whose tickets change in one commit.
    let season = Season::open().await;
    let token = season.buy("home", "regular", 1).await;
    let answer = season.transfer(&token, ("derby", "derby-dear"), 1_500).await.json();
    let paid = pay_well(&season, &answer["topup"]["sessionToken"]).await.json();
    assert_eq!(paid["status"], "Completed", "{paid}");
    assert_eq!(season.state(&token).await, "Transferred");
    season.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_declined_payer_may_try_again() {
    // Proves that a decline keeps session and place, and that a better card completes it.
    let season = Season::open().await;
    let token = season.buy("home", "regular", 1).await;
    let topup = season.topup(&token).await;
    let session = &topup["sessionToken"];
    let proof = prove(&season, session, DECLINED_CARD).await;
    let declined = pay(&season, session, &proof).await.json();
    assert_eq!(
        (&declined["code"], &declined["status"]),
        (&json!("PaymentDeclined"), &json!("AwaitingTopup"))
    );
    assert_eq!(season.shop.places("hekla").await, (1, 1));
    let paid = pay_well(&season, session).await.json();
    assert_eq!(paid["status"], "Completed", "{paid}");
    assert_eq!(season.shop.charges(), [5_000, 1_500]);
    season.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_session_tries_out_no_cards() {
    // Proves that a bank is asked ten times within one session, whatever cards are sent, and that
    // another session is not stopped by that.
    let season = Season::open().await;
    let token = season.buy("home", "regular", 1).await;
    let session = season.topup(&token).await["sessionToken"].clone();
    for turn in 0..10 {
        let proof = prove(&season, &session, GOOD_CARD).await;
        assert_eq!(proof["statusCode"], json!(200), "{turn}: {proof}");
    }
    for number in [GOOD_CARD, DECLINED_CARD] {
        let told = prove(&season, &session, number).await;
        assert_eq!(told["statusCode"], json!(429), "{told}");
    }
    let other = season.buy("home", "regular", 1).await;
    let other = season.topup(&other).await["sessionToken"].clone();
    assert_eq!(prove(&season, &other, GOOD_CARD).await["statusCode"], json!(200));
    assert_eq!(season.shop.charges(), [5_000, 5_000]);
}

#[tokio::test]
async fn an_unpaid_session_ends() {
    // Proves that after its time the place is free, the old ticket unlocked, and that it can be
    // moved again.
    let season = Season::open().await;
    let token = season.buy("home", "regular", 1).await;
    let topup = season.topup(&token).await;
    let session = topup["sessionToken"].as_str().unwrap().to_owned();
    season.shop.clock.advance(Span::hours(24));
    until("the end", async || {
        let places = season.shop.places("hekla").await;
        (places == (0, 1)).then_some(())
    })
    .await;
    assert_eq!(season.session(&session).await["status"], "Expired");
    let late = prove(&season, &topup["sessionToken"], GOOD_CARD).await;
    assert!(late["message"].as_str().unwrap().starts_with("SessionExpired"), "{late}");
    let moved = season.transfer(&token, ("rematch", "regular"), 0).await.json();
    assert_eq!(moved["code"], "Transferred", "{moved}");
    season.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_session_ends_before_the_events() {
    // Proves that a session ends an hour before either event, and is refused within that hour.
    let season = Season::open().await;
    let token = season.buy("tonight", "regular", 1).await;
    let topup = season.topup(&token).await;
    assert_eq!(topup["expiresAt"], json!("2027-05-01T13:00:00.0000000Z"), "{topup}");
    let token = season.buy("tonight", "regular", 1).await;
    season.shop.clock.advance(Span::minutes(61));
    let late = season.transfer(&token, ("rematch", "dear"), 1_500).await.json();
    assert_eq!(late["code"], "SessionExpired", "{late}");
}

#[tokio::test]
async fn the_office_gives_a_session_up() {
    // Proves that cancelling frees place and ticket, may be repeated, and is refused once paid.
    let season = Season::open().await;
    let token = season.buy("home", "regular", 1).await;
    let answer = season.transfer(&token, ("rematch", "dear"), 1_500).await.json();
    let cancel = json!({ "transferLogId": answer["transferLogId"], "reason": "a mistake" });
    for _ in 0..2 {
        let told = season.post("transferTicket/cancel", &cancel).await.json();
        assert_eq!(told["transfer"]["status"], "Cancelled", "{told}");
    }
    assert_eq!(season.shop.places("hekla").await, (0, 1));
    let over = pay_well(&season, &answer["topup"]["sessionToken"]).await.json();
    assert_eq!(over["ok"], json!(false), "{over}");
    let topup = season.transfer(&token, ("rematch", "dear"), 1_500).await.json();
    pay_well(&season, &topup["topup"]["sessionToken"]).await;
    let cancel = json!({ "transferLogId": topup["transferLogId"] });
    let told = season.post("transferTicket/cancel", &cancel).await;
    assert_eq!(told.code(), "SessionCompleted");
    season.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_cancelled_event_ends_its_sessions() {
    // Proves that whoever waits to pay for an event that is called off has the old ticket back at
    // once, of another club too, and that the work is done then, without waiting for the session.
    let season = Season::open().await;
    let token = season.buy("home", "regular", 1).await;
    let answer = season.transfer(&token, ("derby", "derby-dear"), 1_500).await.json();
    assert_eq!(answer["code"], "TopupRequired", "{answer}");
    let called_off = json!({ "eventId": season.event("derby"), "reason": "storm" });
    season.post("events/cancel", &called_off).await;
    let log = json!({ "eventOwnerId": season.seller("esja").0 });
    until("the end of the session", async || {
        let told = season.post("transferTicket/log", &log).await.json();
        (told["transfers"][0]["status"] == "Cancelled").then_some(())
    })
    .await;
    let over = pay_well(&season, &answer["topup"]["sessionToken"]).await.json();
    assert_eq!((&over["ok"], &over["code"]), (&json!(false), &json!("SessionExpired")), "{over}");
    let moved = season.transfer(&token, ("rematch", "regular"), 0).await.json();
    assert_eq!(moved["code"], "Transferred", "the old ticket is free: {moved}");
    season.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_payment_made_elsewhere_is_marked() {
    // Proves that an Admin's word completes a session once per reference and only for the right
    // amount, that no reference serves two sessions, and that another's word counts for what this
    // till took.
    let season = Season::open().await;
    let token = season.buy("home", "regular", 1).await;
    let topup = season.topup(&token).await;
    let team = season.shop.key(&["TeamAdmin"], &["hekla"]).await;
    let mark = |reference: &str, amount: i64| {
        json!({
            "sessionToken": topup["sessionToken"], "topupPaymentReference": reference,
            "amountPaid": amount,
        })
    };
    let doubted =
        season.post_as(&team, "transferTicket/markTopupPaid", &mark("bank-1", 1_500)).await;
    assert_eq!(doubted.code(), "Forbidden");
    let wrong = season.post("transferTicket/markTopupPaid", &mark("bank-1", 1_400)).await;
    assert_eq!(wrong.code(), "AmountMismatch");
    for _ in 0..2 {
        let marked = season.post("transferTicket/markTopupPaid", &mark("bank-1", 1_500)).await;
        assert_eq!((marked.code(), &marked.json()["status"]), ("OK".into(), &json!("Completed")));
    }
    let other = season.post("transferTicket/markTopupPaid", &mark("bank-2", 1_500)).await;
    assert_eq!(other.code(), "SessionCompleted");
    assert_eq!(season.state(&token).await, "Transferred");
    season.shop.assert_all_is_well().await;

    let token = season.buy("home", "regular", 1).await;
    let topup = season.topup(&token).await;
    let twice = json!({
        "sessionToken": topup["sessionToken"], "topupPaymentReference": "bank-1",
        "amountPaid": 1_500,
    });
    let twice = season.post("transferTicket/markTopupPaid", &twice).await;
    assert_eq!(twice.code(), "DuplicateOrderId", "one payment is for one ticket");
    assert_eq!(season.state(&token).await, "Bought");
    let paid = pay_well(&season, &topup["sessionToken"]).await.json();
    let mark = json!({
        "sessionToken": topup["sessionToken"], "amountPaid": 1_500,
        "topupPaymentReference": paid["paymentReference"],
    });
    let known = season.post_as(&team, "transferTicket/markTopupPaid", &mark).await;
    assert_eq!(known.code(), "OK", "{}", known.text());
}
