//! Every code that the operations on phones answer (`domain.md` §1.5, §9.1), that nothing is
//! stored or sent then, and that no message leaves.

use domain::time::Span;
use serde_json::{Value, json};

use crate::client::Request;
use crate::purchases::Purchase;
use crate::stories::{Leaves, Scene, Story, Till, check};
use crate::telephone::{NUMBER, code, wrong};

const ASK: &str = "phoneverification/request";
const CONFIRM: &str = "phoneverification/verification";

const PHONES: &[Story] = &[
    ("a stranger", 401, "Unauthorized", Till::Usual, Leaves::Nothing, |_| {
        Box::pin(async { Request::post("/phoneverification/request.json").json(&wanted()) })
    }),
    ("no number", 400, "ValidationFailed", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async { scene.office(ASK, &json!({ "fullPhoneNumber": "Anna" })) })
    }),
    ("an app that did not sign", 403, "SignatureInvalid", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async { by_app(scene, &wanted()) })
    }),
    ("signed too long ago", 403, "RequestExpired", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let signed = signed(scene);
            scene.shop().clock.advance(Span::minutes(10));
            by_app(scene, &signed)
        })
    }),
    ("signed for another", 403, "SignatureReplayed", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let mut signed = signed(scene);
            let first = scene.shop().send(&by_app(scene, &signed)).await;
            assert_eq!(first.status_code(), 200, "{}", first.text());
            scene.shop().clock.advance(Span::minutes(2));
            signed["fullPhoneNumber"] = json!("+3545550000");
            by_app(scene, &signed)
        })
    }),
    ("a second message at once", 429, "TooManyRequests", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            asked(scene).await;
            scene.office(ASK, &wanted())
        })
    }),
    ("a wrong code", 403, "PhoneVerificationInvalid", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let request = asked(scene).await;
            let wrong = wrong(&code(scene.shop(), NUMBER));
            scene.office(CONFIRM, &json!({ "requestId": request, "code": wrong }))
        })
    }),
    ("a sixth try", 429, "TooManyRequests", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let request = asked(scene).await;
            let right = code(scene.shop(), NUMBER);
            let body = json!({ "requestId": request, "code": wrong(&right) });
            for _ in 0..5 {
                scene.shop().send(&scene.office(CONFIRM, &body)).await;
            }
            scene.office(CONFIRM, &json!({ "requestId": request, "code": right }))
        })
    }),
    (
        "a code on another device",
        403,
        "PhoneVerificationDeviceMismatch",
        Till::Usual,
        Leaves::Nothing,
        |scene| {
            Box::pin(async {
                let first = scene.shop().send(&by_app(scene, &signed(scene))).await.json();
                let right = code(scene.shop(), NUMBER);
                let body = json!({ "requestId": first["token"], "code": right });
                let tablet = scene.device("tablet");
                let signed = tablet.signed("PhoneVerificationConfirm", "", &body);
                let request = Request::post(&format!("/{CONFIRM}.json"));
                request.key(&scene.app.key).json(&signed)
            })
        },
    ),
    ("messages that a club reads", 403, "Forbidden", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let own = scene.shop().key(&["TeamAdmin"], &["hekla"]).await;
            Request::get("/phoneverification/outbox.json").key(&own)
        })
    }),
    ("no phone to revoke", 403, "PhoneVerificationRequired", Till::Usual, Leaves::Nothing, |it| {
        Box::pin(async {
            let signed = it.device("phone").signed("PhoneVerificationRevoke", "", &json!({}));
            let request = Request::post("/phoneverification/revoke.json").key(&it.app.key);
            request.json(&signed)
        })
    }),
];

fn wanted() -> Value {
    json!({ "fullPhoneNumber": NUMBER })
}

/// What the app asks, signed on the device `phone`.
fn signed(scene: &Scene) -> Value {
    scene.device("phone").signed("PhoneVerificationRequest", "", &wanted())
}

fn by_app(scene: &Scene, body: &Value) -> Request {
    Request::post(&format!("/{ASK}.json")).key(&scene.app.key).json(body)
}

/// What the confirmation of a message must name.
async fn asked(scene: &Scene) -> Value {
    let answer = scene.shop().send(&scene.office(ASK, &wanted())).await;
    assert_eq!(answer.status_code(), 200, "{}", answer.text());
    answer.json()["token"].clone()
}

/// The codes that these stories end with, and those of a till without a way to send messages.
pub(crate) fn codes() -> Vec<&'static str> {
    let unsent = crate::phones::UNSENT.iter().map(|row| row.1);
    crate::stories::codes(PHONES).into_iter().chain(unsent).collect()
}

#[tokio::test]
async fn phones_are_refused() {
    // Proves each refusal of a message, of a code and of a revocation, and that nothing is sold,
    // booked or sent by what is refused.
    check(&[Purchase::Tickets], PHONES).await;
}
