//! Every code of `domain.md` §9.1 and §9.2 that both operations which sell can answer once
//! something has happened: who calls, what was sent before, what the gateway says.

use domain::time::Span;
use serde_json::json;

use crate::client::Request;
use crate::order::GOOD_CARD;
use crate::purchases::Purchase;
use crate::shop::until;
use crate::signing::Signing;
use crate::stories::{Leaves, Scene, Story, Till, check, refusal};
use crate::telephone::NUMBER;

const DECLINED_CARD: &str = "4000000000000002";
const REJECTS: &str = "+3545550002";
const SILENT: &str = "+3545550003";

const CALLERS: &[Story] = &[
    ("a stranger", 401, "Unauthorized", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async { Request::post(&path(scene)).json(&scene.wanted()) })
    }),
    ("another club", 403, "OwnerScopeDenied", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let esja = scene.shop().key(&["TeamAdmin"], &["esja"]).await;
            scene.purchase.request(&esja, &scene.wanted())
        })
    }),
    ("a card in the URL", 400, "CardDataInUrl", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let target = format!("{}?cardInfo={{paymentMethod:{{pan:{GOOD_CARD}}}}}", path(scene));
            Request::post(&target).key(&scene.shop().admin).json(&scene.wanted())
        })
    }),
    ("an app that did not sign", 403, "SignatureInvalid", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async { scene.purchase.request(&scene.app.key, &scene.wanted()) })
    }),
    ("signed too long ago", 403, "RequestExpired", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let signed = signing(scene).sign(&scene.wanted());
            scene.shop().clock.advance(Span::seconds(301));
            scene.by_admin(&signed)
        })
    }),
    ("signed for another", 403, "SignatureReplayed", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let signing = signing(scene);
            let first = scene.by_admin(&signing.sign(&scene.wanted()));
            assert_eq!(scene.shop().send(&first).await.code(), "OK");
            let mut other = signing.sign(&scene.wanted());
            other["appMetaData"] = json!("another body");
            scene.by_admin(&other)
        })
    }),
    ("no phone", 403, "PhoneVerificationRequired", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async { by_phone_of(scene, "phone", "") })
    }),
    ("nobody's phone", 403, "PhoneVerificationInvalid", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async { by_phone_of(scene, "phone", "nobody's") })
    }),
    (
        "a phone that another device proved",
        403,
        "PhoneVerificationDeviceMismatch",
        Till::Usual,
        Leaves::Nothing,
        |scene| {
            Box::pin(async {
                let token = scene.device("phone").verified(NUMBER).await;
                by_phone_of(scene, "tablet", &token)
            })
        },
    ),
    ("a used key", 409, "IdempotencyConflict", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let first = scene.by_admin(&scene.wanted()).header("Idempotency-Key", "key");
            assert_eq!(scene.shop().send(&first).await.code(), "OK");
            let mut other = scene.wanted();
            other["appMetaData"] = json!("another body");
            scene.by_admin(&other).header("Idempotency-Key", "key")
        })
    }),
];

const PAYMENTS: &[Story] = &[
    ("a decline", 402, "PaymentDeclined", Till::Usual, Leaves::Attempt, |scene| {
        Box::pin(async { by_card(scene, DECLINED_CARD) })
    }),
    ("too little money", 402, "InsufficientFunds", Till::Usual, Leaves::Attempt, |scene| {
        Box::pin(async { by_card(scene, "4000000000009995") })
    }),
    ("a card that the bank ended", 400, "CardExpired", Till::Usual, Leaves::Attempt, |scene| {
        Box::pin(async { by_card(scene, "4000000000000069") })
    }),
    // Why a card was blocked is not told.
    ("a stolen card", 402, "PaymentDeclined", Till::Usual, Leaves::Attempt, |scene| {
        Box::pin(async { by_card(scene, "4000000000009979") })
    }),
    (
        "a bank that wants to know who pays",
        402,
        "AuthenticationRequired",
        Till::Usual,
        Leaves::Attempt,
        |scene| Box::pin(async { by_card(scene, "4000002760003184") }),
    ),
    ("ten declines before", 429, "TooManyRequests", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let request = by_card(scene, DECLINED_CARD);
            for _ in 0..10 {
                assert_eq!(scene.shop().send(&request).await.code(), "PaymentDeclined");
            }
            request
        })
    }),
    ("a line that is down", 502, "GatewayUnavailable", Till::Refusing, Leaves::Attempt, |scene| {
        Box::pin(async { scene.by_admin(&scene.wanted()) })
    }),
    (
        "a club that takes no card numbers",
        400,
        "RawCardNotAllowed",
        Till::Usual,
        Leaves::Nothing,
        |scene| {
            Box::pin(async {
                scene.shop().change_rules("hekla", |rules| rules.raw_cards_refused = true).await;
                scene.by_admin(&scene.wanted())
            })
        },
    ),
    ("a used reference", 409, "DuplicateOrderId", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(async {
            let mut first = scene.purchase.paid_by(scene.shop(), DECLINED_CARD);
            first["cardInfo"]["orderId"] = json!("STB000012345");
            let declined = scene.shop().send(&scene.by_admin(&first)).await;
            assert_eq!(declined.code(), "PaymentDeclined");
            let mut second = scene.wanted();
            second["cardInfo"]["orderId"] = json!("STB000012345");
            scene.by_admin(&second)
        })
    }),
    ("a payer who is asked", 202, "PaymentPending", Till::Usual, Leaves::Hold, |scene| {
        Box::pin(async {
            scene.shop().take_phones("hekla").await;
            scene.by_admin(&scene.purchase.paid_by_phone(scene.shop(), SILENT))
        })
    }),
    ("a payer who said no", 402, "PaymentRejectedByPayer", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(decided(scene, REJECTS, Span::seconds(2)))
    }),
    ("a payer who said nothing", 402, "PaymentExpired", Till::Usual, Leaves::Nothing, |scene| {
        Box::pin(decided(scene, SILENT, Span::minutes(5)))
    }),
];

/// The codes that both operations which sell are seen to tell.
pub(crate) fn codes() -> Vec<&'static str> {
    [crate::stories::codes(CALLERS), crate::stories::codes(PAYMENTS)].concat()
}

fn path(scene: &Scene) -> String {
    format!("{}.json", scene.purchase.path())
}

fn signing(scene: &Scene) -> Signing {
    let operation = scene.purchase.operation();
    Signing { operation, ..Signing::new(scene.shop(), &scene.app, "phone") }
}

/// A request of the app on a device, with that proof of a phone.
fn by_phone_of(scene: &Scene, device: &'static str, token: &str) -> Request {
    let operation = scene.purchase.operation();
    let signed = scene.device(device).signed(operation, token, &scene.wanted());
    scene.purchase.request(&scene.app.key, &signed)
}

fn by_card(scene: &Scene, number: &str) -> Request {
    scene.by_admin(&scene.purchase.paid_by(scene.shop(), number))
}

/// A repeat of what a payer was asked for, when that is decided.
async fn decided(scene: &Scene, payer: &str, after: Span) -> Request {
    scene.shop().take_phones("hekla").await;
    let wanted = scene.purchase.paid_by_phone(scene.shop(), payer);
    let request = scene.by_admin(&wanted).header("Idempotency-Key", "key");
    assert_eq!(scene.shop().send(&request).await.code(), "PaymentPending");
    scene.shop().clock.advance(after);
    until("the payer's decision", async || {
        let (status, _) = refusal(&scene.shop().send(&request).await);
        (status != 202).then_some(())
    })
    .await;
    request
}

#[tokio::test]
async fn callers_are_refused() {
    // Proves what strangers, apps without their proofs and used keys meet, and that nothing
    // changes by it.
    check(&Purchase::ALL, CALLERS).await;
}

#[tokio::test]
async fn payments_are_refused() {
    // Proves what is told of each end of a payment but the good one, that no money moves and no
    // place is lost by it.
    check(&Purchase::ALL, PAYMENTS).await;
}
