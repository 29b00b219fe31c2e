//! Every code that `/refund/process` answers (`domain.md` §9): what is sent, what is said, and
//! that nothing changed.

use serde_json::{Value, json};

use crate::client::Request;
use crate::order::{card, paid, unpaid};
use crate::purchases::Purchase;
use crate::shop::Shop;
use crate::stories::{Leaves, Scene, Story, Till, check, refusal};

const PATH: &str = "refund/process";

/// Who asks.
enum Caller {
    Admin,
    /// A TeamAdmin of the tickets' club.
    Own,
    /// A TeamAdmin of another club.
    Other,
}

/// What is there to be refunded.
struct Sold {
    /// The handle of a ticket for 4 000 ISK.
    token: String,
    /// The number of its event.
    event: u32,
}

/// Who asks, the number and the code of the answer, and the request.
type Row = (Caller, u64, &'static str, fn(&Sold) -> Value);

const REQUESTS: &[Row] = &[
    (Caller::Admin, 400, "NothingToOrder", |_| json!({})),
    (Caller::Admin, 404, "TicketNotFound", |_| json!({ "ticketTokenIds": ["x"] })),
    (Caller::Admin, 404, "TicketNotFound", |_| json!({ "paymentReferences": ["x"] })),
    (Caller::Admin, 400, "ValidationFailed", |sold| part(sold, &json!({ "admissions": [2] }))),
    (Caller::Admin, 409, "RefundExceedsPaid", |sold| amount(sold, &json!(4_001))),
    (Caller::Admin, 400, "InvalidAmount", |sold| amount(sold, &json!(1.5))),
    (Caller::Admin, 400, "ValidationFailed", |sold| amount(sold, &json!(0))),
    (Caller::Admin, 400, "ValidationFailed", |sold| part(sold, &json!({ "amount": 0 }))),
    (Caller::Admin, 404, "EventNotFound", |_| json!({ "refundAllForEvent": true, "eventId": 99 })),
    (
        Caller::Other,
        403,
        "OwnerScopeDenied",
        |sold| json!({ "refundAllForEvent": true, "eventId": sold.event }),
    ),
    (Caller::Own, 403, "Forbidden", |sold| part(sold, &json!({ "force": true }))),
    (Caller::Own, 403, "Forbidden", |sold| part(sold, &json!({ "userId": 7 }))),
];

/// Codes that need something to have happened to the ticket.
const TICKETS: &[Story] = &[
    ("a stranger", 401, "Unauthorized", Till::Usual, Leaves::Nothing, |_| {
        Box::pin(async { Request::post("/refund/process.json").json(&json!({})) })
    }),
    ("a ticket paid back", 409, "NotRefundable", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let token = bought(scene).await;
            assert_eq!(ask(scene, &one(&token)).await.1, "OK");
            scene.office(PATH, &one(&token))
        })
    }),
    ("a ticket cancelled", 409, "NotRefundable", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let order = unpaid(scene.shop(), "match", "child", 1);
            let token = scene.shop().order(&order).await.token();
            let cancel = json!({ "ticketTokenId": token });
            scene.shop().send(&scene.office("ticketOrder/cancel", &cancel)).await;
            scene.office(PATH, &one(&token))
        })
    }),
    ("a ticket that moved", 409, "NotRefundable", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let token = scene.season.buy("home", "regular", 1).await;
            scene.season.transfer(&token, ("rematch", "regular"), 0).await;
            scene.office(PATH, &one(&token))
        })
    }),
    ("a ticket not paid yet", 409, "NotRefundable", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            scene.shop().take_phones("hekla").await;
            let order = Purchase::Tickets.paid_by_phone(scene.shop(), "+3545550003");
            let token = scene.shop().order(&order).await.token();
            scene.office(PATH, &one(&token))
        })
    }),
    ("a ticket never paid", 409, "NotRefundable", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let mut order = paid(scene.shop(), "match", "adult", 1);
            order["cardInfo"] = card("4000000000000002");
            scene.shop().order(&order).await;
            let token = scene.shop().sales("hekla").await.last().unwrap().token().text();
            scene.office(PATH, &one(&token))
        })
    }),
    (
        "a ticket that waits to move",
        409,
        "TransferPending",
        Till::Usual,
        Leaves::Nothing,
        |scene| {
            Box::pin(async {
                let token = scene.season.buy("home", "regular", 1).await;
                scene.season.topup(&token).await;
                scene.office(PATH, &one(&token))
            })
        },
    ),
    ("a used ticket", 409, "TicketUsed", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let bought = scene.shop().order(&paid(scene.shop(), "match", "adult", 1)).await;
            let scan = json!({ "scanCode": bought.ticket()["scanCode"], "gate": "north" });
            let scanned = scene.shop().send(&scene.office("gate/scan", &scan)).await;
            assert_eq!(scanned.json()["admitted"], json!(true), "{}", scanned.text());
            scene.office(PATH, &one(&bought.token()))
        })
    }),
    (
        "another part of one under way",
        409,
        "RefundPending",
        Till::Stuck,
        Leaves::Nothing,
        |scene| {
            Box::pin(async {
                let token = bought(scene).await;
                let first = json!({
                    "ticketTokenIds": [token], "amount": 500, "idempotencyKey": "the first",
                });
                assert_eq!(ask(scene, &first).await, (202, "RefundPending".to_owned()));
                let second = json!({
                    "ticketTokenIds": [token], "amount": 500, "idempotencyKey": "the second",
                });
                scene.office(PATH, &second)
            })
        },
    ),
    ("the whole of one under way", 409, "RefundPending", Till::Stuck, Leaves::Nothing, |scene| {
        Box::pin(async {
            let token = bought(scene).await;
            assert_eq!(ask(scene, &one(&token)).await, (202, "RefundPending".to_owned()));
            scene.office(PATH, &one(&token))
        })
    }),
    ("a used key", 409, "IdempotencyConflict", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let token = bought(scene).await;
            let mut part = json!({
                "ticketTokenIds": [token], "amount": 500, "idempotencyKey": "kindness",
            });
            assert_eq!(ask(scene, &part).await.1, "OK");
            part["amount"] = json!(501);
            scene.office(PATH, &part)
        })
    }),
    ("other work on the event", 409, "RequestInProgress", Till::Stuck, Leaves::Hold, |scene| {
        Box::pin(async {
            for _ in 0..20 {
                bought(scene).await;
            }
            let event = scene.shop().number("event", "match");
            let all = json!({ "eventId": event, "refundAllForEvent": true });
            assert_eq!(ask(scene, &all).await.1, "OK");
            scene.office(
                PATH,
                &json!({
                    "eventId": event, "refundAllForEvent": true, "force": true,
                }),
            )
        })
    }),
];

fn one(token: &str) -> Value {
    json!({ "ticketTokenIds": [token] })
}

/// The ticket with more members.
fn part(sold: &Sold, more: &Value) -> Value {
    let mut request = one(&sold.token);
    request.as_object_mut().unwrap().append(&mut more.as_object().unwrap().clone());
    request
}

fn amount(sold: &Sold, amount: &Value) -> Value {
    part(sold, &json!({ "amount": amount, "idempotencyKey": "12345678" }))
}

async fn bought(scene: &Scene) -> String {
    scene.shop().order(&paid(scene.shop(), "match", "adult", 1)).await.token()
}

async fn ask(scene: &Scene, body: &Value) -> (u64, String) {
    refusal(&scene.shop().send(&scene.office(PATH, body)).await)
}

/// The codes that the tables of refunds tell.
pub(crate) fn codes() -> Vec<&'static str> {
    let stories = crate::stories::codes(TICKETS);
    stories.into_iter().chain(REQUESTS.iter().map(|row| row.2)).collect()
}

#[tokio::test]
async fn wrong_requests_are_refused() {
    // Proves each refusal of a refund that its request brings about, and that nothing changes.
    let shop = Shop::open().await;
    let token = shop.order(&paid(&shop, "match", "adult", 1)).await.token();
    let sold = Sold { token, event: shop.number("event", "match") };
    let own = shop.key(&["TeamAdmin"], &["hekla"]).await;
    let other = shop.key(&["TeamAdmin"], &["esja"]).await;
    let before = shop.traces().await;
    for (caller, status, code, request) in REQUESTS {
        let key = match caller {
            Caller::Admin => &shop.admin,
            Caller::Own => &own,
            Caller::Other => &other,
        };
        let body = request(&sold);
        let answer = shop.send(&Request::post("/refund/process.json").key(key).json(&body)).await;
        assert_eq!(refusal(&answer), (*status, (*code).to_owned()), "{body}");
        assert_eq!(shop.traces().await, before, "{body}");
    }
}

#[tokio::test]
async fn tickets_that_are_not_paid_back() {
    // Proves each refusal that the state of a ticket brings about, and that nothing changes.
    check(&[Purchase::Tickets], TICKETS).await;
}
