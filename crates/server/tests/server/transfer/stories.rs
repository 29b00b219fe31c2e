//! Every code of moves and their payment links (`domain.md` §9.5) before which something must have
//! happened to ticket, place or session.

use domain::time::Span;
use serde_json::{Value, json};

use super::session::{pay_well, prove};
use crate::client::Request;
use crate::order::{GOOD_CARD, card};
use crate::purchases::Purchase;
use crate::stories::{Leaves, Scene, Story, Till, check};

const MOVE: &str = "TransferTicketToEvent";
const PAY: &str = "transferTicket/payTopupWith3DSecure";
const MARK: &str = "transferTicket/markTopupPaid";

/// The first seat of the arena.
const SEAT: u32 = 100_500;

pub(super) const MOVES: &[Story] = &[
    ("a stranger", 401, "Unauthorized", Till::Usual, Leaves::Nothing, |_| {
        Box::pin(async { Request::post("/TransferTicketToEvent.json").json(&json!({})) })
    }),
    ("a ticket being paid back", 409, "RefundPending", Till::Stuck, Leaves::Nothing, |scene| {
        Box::pin(async {
            let token = scene.season.buy("home", "regular", 1).await;
            let part = json!({
                "ticketTokenIds": [token], "amount": 500, "idempotencyKey": "kindness",
            });
            let told = scene.season.post("refund/process", &part).await;
            assert_eq!((told.status_code(), told.code()), (202, "RefundPending".to_owned()));
            scene.office(MOVE, &scene.season.request(&token, ("rematch", "regular"), 500))
        })
    }),
    ("a seat that another holds", 409, "SeatTaken", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let token = scene.season.buy("home", "regular", 1).await;
            let hold = json!({
                "eventId": scene.season.event("seated"), "seatsToReserve": [SEAT],
                "deviceId": "somebody's",
            });
            assert_eq!(scene.season.post("EventSeatingReserveSeats", &hold).await.code(), "OK");
            let mut request = scene.season.request(&token, ("seated", "regular"), 0);
            request["toSeatId"] = json!(SEAT);
            scene.office(MOVE, &request)
        })
    }),
    ("an event within the hour", 410, "SessionExpired", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let token = scene.season.buy("home", "regular", 1).await;
            scene.shop().clock.advance(Span::minutes(61));
            scene.office(MOVE, &scene.season.request(&token, ("tonight", "dear"), 1_500))
        })
    }),
    ("from an event within the hour", 410, "SessionExpired", Till::Usual, Leaves::Nothing, |it| {
        Box::pin(async {
            let token = it.season.buy("tonight", "regular", 1).await;
            it.shop().clock.advance(Span::minutes(61));
            it.office(MOVE, &it.season.request(&token, ("rematch", "dear"), 1_500))
        })
    }),
    ("a used key", 409, "IdempotencyConflict", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let token = scene.season.buy("home", "regular", 1).await;
            let mut request = scene.season.request(&token, ("rematch", "regular"), 0);
            request["idempotencyKey"] = json!("the only key");
            assert_eq!(scene.season.post(MOVE, &request).await.json()["code"], "Transferred");
            request["reason"] = json!("another one");
            scene.office(MOVE, &request)
        })
    }),
];

pub(super) const STATES: &[Story] = &[
    ("a type that stays", 409, "TransferBlocked", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async { even(scene, &scene.season.buy("home", "fixed", 1).await) })
    }),
    (
        "two admissions to seats",
        409,
        "MultiAdmissionNotSupported",
        Till::Usual,
        Leaves::Nothing,
        |scene| {
            Box::pin(async {
                let token = scene.season.buy("home", "regular", 2).await;
                scene.office(MOVE, &scene.season.request(&token, ("seated", "regular"), 0))
            })
        },
    ),
    ("a ticket that has moved", 409, "AlreadyTransferred", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let token = scene.season.buy("home", "regular", 1).await;
            scene.season.transfer(&token, ("rematch", "regular"), 0).await;
            even(scene, &token)
        })
    }),
    ("a ticket that waits", 409, "TransferPending", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let token = scene.season.buy("home", "regular", 1).await;
            scene.season.topup(&token).await;
            even(scene, &token)
        })
    }),
    ("a used ticket", 409, "TicketUsed", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let bought = scene.shop().order(&scene.season.order("home", "regular", 1)).await;
            let scan = json!({ "scanCode": bought.ticket()["scanCode"], "gate": "north" });
            let scanned = scene.season.post("gate/scan", &scan).await.json();
            assert_eq!(scanned["admitted"], json!(true), "{scanned}");
            even(scene, &bought.token())
        })
    }),
    ("a ticket paid back", 409, "TicketRefunded", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let token = scene.season.buy("home", "regular", 1).await;
            let refund = json!({ "ticketTokenIds": [token], "reason": "a test" });
            assert_eq!(scene.season.post("refund/process", &refund).await.code(), "OK");
            even(scene, &token)
        })
    }),
    ("a ticket not paid yet", 409, "TicketNotPaid", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let mut order = scene.season.order("home", "regular", 1);
            order["cardInfo"] = card("4000000000000119");
            assert_eq!(scene.shop().order(&order).await.status_code(), 202);
            even(scene, &scene.shop().sales("hekla").await.last().unwrap().token().text())
        })
    }),
    ("a ticket of yesterday", 409, "TicketExpired", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let token = scene.season.buy("tonight", "regular", 1).await;
            scene.shop().clock.advance(Span::hours(24));
            even(scene, &token)
        })
    }),
    ("two for the last place", 409, "SoldOut", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let token = scene.season.buy("home", "regular", 2).await;
            scene.office(MOVE, &scene.season.request(&token, ("rematch", "few"), -2_000))
        })
    }),
    ("one of two clubs", 403, "OwnerScopeDenied", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let token = scene.season.buy("home", "regular", 1).await;
            let own = scene.shop().key(&["TeamAdmin"], &["hekla"]).await;
            let request = scene.season.request(&token, ("derby", "derby-regular"), 0);
            Request::post("/TransferTicketToEvent.json").key(&own).json(&request)
        })
    }),
    ("on behalf of another", 403, "Forbidden", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let token = scene.season.buy("home", "regular", 1).await;
            let own = scene.shop().key(&["TeamAdmin"], &["hekla"]).await;
            let mut request = scene.season.request(&token, ("rematch", "regular"), 0);
            request["userId"] = json!(4_711);
            Request::post("/TransferTicketToEvent.json").key(&own).json(&request)
        })
    }),
    ("a club that may not owe", 409, "PaidOutNotAllowed", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let season = &scene.season;
            season.change("hekla", |hekla| hekla.rules.debt_refused = true).await;
            let token = season.buy("tonight", "regular", 1).await;
            season.change_event("hekla", "tonight", |event| event.postponed = true).await;
            scene.shop().clock.advance(Span::hours(24));
            let payout = json!({ "eventId": season.event("tonight") });
            assert_eq!(season.post("payouts", &payout).await.code(), "OK");
            let own = scene.shop().key(&["TeamAdmin"], &["hekla"]).await;
            let request = season.request(&token, ("rematch", "regular"), 0);
            Request::post("/TransferTicketToEvent.json").key(&own).json(&request)
        })
    }),
];

pub(super) const LINKS: &[Story] = &[
    ("a link of nobody", 404, "SessionNotFound", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async { scene.office(PAY, &json!({ "sessionToken": "nobody's" })) })
    }),
    ("a handle of nobody", 404, "SessionNotFound", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            scene.office(PAY, &json!({ "sessionToken": "AAAAAQAAAAEAAAAAAAAAAAAAAAAAAAAA" }))
        })
    }),
    ("a look at a link of nobody", 404, "SessionNotFound", Till::Usual, Leaves::Nothing, |_| {
        Box::pin(async { Request::get("/transferTicket/topupSession/x.json") })
    }),
    ("another amount", 409, "AmountMismatch", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let mut payment = payment(scene).await;
            payment["amountMinor"] = json!(1_400);
            scene.office(PAY, &payment)
        })
    }),
    ("a made-up proof", 402, "AuthenticationInvalid", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let mut payment = payment(scene).await;
            payment["borgunMpiToken"] = json!("STB000012345.made_up");
            scene.office(PAY, &payment)
        })
    }),
    ("a declined card", 402, "PaymentDeclined", Till::Usual, Leaves::Attempt, |scene| {
        Box::pin(async {
            let session = session(scene).await;
            scene.office(PAY, &payment_by(scene, &session, "4000000000000002").await)
        })
    }),
    ("a link that was paid", 409, "SessionCompleted", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let payment = payment(scene).await;
            pay_well(&scene.season, &payment["sessionToken"]).await;
            scene.office(PAY, &payment)
        })
    }),
    ("a link that is over", 410, "SessionExpired", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let payment = payment(scene).await;
            scene.shop().clock.advance(Span::hours(24));
            crate::shop::until("the return of the place", async || {
                (scene.shop().places("hekla").await == (0, 1)).then_some(())
            })
            .await;
            scene.office(PAY, &payment)
        })
    }),
    ("a word for another amount", 409, "AmountMismatch", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let session = session(scene).await;
            scene.office(MARK, &mark(&session, "bank-1", 1_400))
        })
    }),
    ("a word for two links", 409, "DuplicateOrderId", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let first = session(scene).await;
            let marked = scene.season.post(MARK, &mark(&first, "bank-1", 1_500)).await;
            assert_eq!(marked.code(), "OK", "{}", marked.text());
            let second = session(scene).await;
            scene.office(MARK, &mark(&second, "bank-1", 1_500))
        })
    }),
    ("the word of a club", 403, "Forbidden", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let session = session(scene).await;
            let own = scene.shop().key(&["TeamAdmin"], &["hekla"]).await;
            let request = Request::post("/transferTicket/markTopupPaid.json").key(&own);
            request.json(&mark(&session, "bank-1", 1_500))
        })
    }),
];

/// A move of the ticket by the Admin that costs nothing.
fn even(scene: &Scene, token: &str) -> Request {
    scene.office(MOVE, &scene.season.request(token, ("rematch", "regular"), 0))
}

/// The link of a ticket that waits for 1 500 ISK.
async fn session(scene: &Scene) -> Value {
    let token = scene.season.buy("home", "regular", 1).await;
    scene.season.topup(&token).await["sessionToken"].clone()
}

/// A good payment of such a link.
async fn payment(scene: &Scene) -> Value {
    let session = session(scene).await;
    payment_by(scene, &session, GOOD_CARD).await
}

async fn payment_by(scene: &Scene, session: &Value, number: &str) -> Value {
    let proof = prove(&scene.season, session, number).await;
    json!({
        "sessionToken": session, "borgunCardToken": proof["cardToken"],
        "borgunMpiToken": proof["mpiToken"], "amountMinor": 1_500, "currency": "ISK",
    })
}

fn mark(session: &Value, reference: &str, amount: i64) -> Value {
    json!({
        "sessionToken": session, "topupPaymentReference": reference, "amountPaid": amount,
    })
}

#[tokio::test]
async fn moves_are_refused() {
    // Proves each refusal of a move that ticket, place, hour, caller or key bring about, and that
    // nothing changes.
    check(&[Purchase::Tickets], MOVES).await;
    check(&[Purchase::Tickets], STATES).await;
}

#[tokio::test]
async fn payments_of_links_are_refused() {
    // Proves each refusal of a payment by a link, or of the word that it was paid elsewhere, and
    // that neither money nor places move.
    check(&[Purchase::Tickets], LINKS).await;
}
