//! Every code that the sale of a contract answers (`domain.md` §9.1, §9.2, §9.7): what is sent,
//! what is answered, and that nothing is different afterwards.

use std::pin::Pin;

use domain::time::Span;
use serde_json::{Value, json};

use super::stage::{SOLD, Stage};
use crate::client::{Answer, Request};
use crate::order::GOOD_CARD;

/// Does what must happen before; answers with the request that is refused.
type Tell = for<'s> fn(&'s Stage) -> Pin<Box<dyn Future<Output = Request> + 's>>;

/// What is wrong, the status and the code of the answer, and the story.
type Row = (&'static str, u16, &'static str, Tell);

const OTHER_CARD: &str = "4741520000000003";

/// A sale of three euros, changed.
fn sale(stage: &Stage, change: impl Fn(&mut Value)) -> Request {
    let mut body = stage.three();
    change(&mut body);
    stage.request("POST", SOLD, &body)
}

/// The same of another package.
fn of(stage: &Stage, package: &str, amount: f64, change: impl Fn(&mut Value)) -> Request {
    sale(stage, |body| {
        body["PackageId"] = json!(stage.number("package", package));
        body["PaymentAmount"] = json!(amount);
        change(body);
    })
}

/// The same at another store.
fn at(stage: &Stage, chain_store: u32) -> Request {
    sale(stage, |body| body["StoreId"] = json!(chain_store))
}

/// The same with these methods.
fn with(stage: &Stage, methods: &Value) -> Request {
    sale(stage, |body| body["PaymentMethods"] = methods.clone())
}

fn coded(stage: &Stage, code: &str) -> Request {
    sale(stage, |body| body["PromoCode"] = json!(code))
}

macro_rules! tell {
    (|$stage:ident| $request:expr) => {
        |$stage| Box::pin(async move { $request })
    };
}

const ROWS: &[Row] = &[
    (
        "no key",
        401,
        "ApiKeyInvalid",
        tell!(|stage| Request::post(&format!("/clubs{SOLD}"))
            .accept("application/json")
            .json(&stage.three())),
    ),
    (
        "another key in the body",
        401,
        "ApiKeyInvalid",
        tell!(|stage| {
            let mut body = stage.three();
            body["ApiKey"] = json!("a key that is none");
            Request::post(&format!("/clubs{SOLD}")).accept("application/json").json(&body)
        }),
    ),
    (
        "another chain",
        403,
        "ChainMismatch",
        tell!(|stage| sale(stage, |body| body["ChainId"] = json!(stage.number("chain", "rival")))),
    ),
    (
        "narrowed to another store",
        403,
        "StoreNotAllowed",
        tell!(|stage| sale(stage, |body| {
            body["RestrictedResourceType"] = json!("Store");
            body["RestrictedId"] = json!(stage.number("store", "south"));
        })),
    ),
    (
        "narrowed to another member",
        403,
        "RestrictedScopeDenied",
        tell!(|stage| sale(stage, |body| {
            body["RestrictedResourceType"] = json!("User");
            body["RestrictedId"] = json!(stage.anna + 1);
        })),
    ),
    (
        "a key of another store",
        403,
        "StoreNotAllowed",
        tell!(|stage| {
            let key = stage.limited(&["south"], None).await;
            Request::post(&format!("/clubs{SOLD}"))
                .accept("application/json")
                .header("X-Api-Key", &key)
                .json(&stage.three())
        }),
    ),
    (
        "a key of another store than the member's",
        403,
        "StoreNotAllowed",
        tell!(|stage| {
            let key = stage.limited(&["south"], None).await;
            let mut body = stage.three();
            body["StoreId"] = json!(stage.number("store", "south"));
            Request::post(&format!("/clubs{SOLD}"))
                .accept("application/json")
                .header("X-Api-Key", &key)
                .json(&body)
        }),
    ),
    (
        "no store",
        400,
        "ValidationFailed",
        tell!(|stage| sale(stage, |body| body["StoreId"] = Value::Null)),
    ),
    (
        "no amount",
        400,
        "ValidationFailed",
        tell!(|stage| sale(stage, |body| body["PaymentAmount"] = Value::Null)),
    ),
    (
        "a key that is none",
        400,
        "ValidationFailed",
        tell!(|stage| sale(stage, |_| ()).header("Idempotency-Key", &"x".repeat(256))),
    ),
    (
        "too many methods",
        400,
        "ValidationFailed",
        tell!(|stage| with(stage, &json!(vec![json!({ "UsePreferred": true }); 11]))),
    ),
    (
        "half a cent",
        400,
        "InvalidAmount",
        tell!(|stage| sale(stage, |body| body["PaymentAmount"] = json!("2.995"))),
    ),
    (
        "a cap of half a cent",
        400,
        "InvalidAmount",
        tell!(|stage| with(stage, &json!([{ "UsePreferred": true, "PaymentAmount": "3.005" }]))),
    ),
    ("no such store", 404, "StoreNotFound", tell!(|stage| at(stage, 99_999))),
    (
        "a store of another chain",
        404,
        "StoreNotFound",
        tell!(|stage| at(stage, stage.number("store", "elsewhere"))),
    ),
    (
        "no such member",
        404,
        "MemberNotFound",
        tell!(|stage| sale(stage, |body| body["MemberId"] = json!(99_999))),
    ),
    (
        "a member who left",
        409,
        "MemberInactive",
        tell!(|stage| {
            let path = format!("/members/{}", stage.anna);
            assert_eq!(stage.send("PUT", &path, &json!({ "IsActive": false })).await.status, 200);
            sale(stage, |_| ())
        }),
    ),
    (
        "no such package",
        404,
        "PackageNotFound",
        tell!(|stage| sale(stage, |body| body["PackageId"] = json!(99_999))),
    ),
    (
        "a package whose sale is over",
        409,
        "PackageNotSellable",
        tell!(|stage| of(stage, "over", 20.0, |_| ())),
    ),
    (
        "a package of another store",
        409,
        "PackageNotSellable",
        tell!(|stage| of(stage, "southern", 20.0, |_| ())),
    ),
    (
        "a package in another currency",
        409,
        "PackageNotSellable",
        tell!(|stage| of(stage, "krona", 2_000.0, |_| ())),
    ),
    (
        "a store that is shut",
        409,
        "PackageNotSellable",
        tell!(|stage| at(stage, stage.number("store", "shut"))),
    ),
    (
        "no default plan",
        400,
        "InstallmentPlanRequired",
        tell!(|stage| of(stage, "choice", 20.0, |_| ())),
    ),
    (
        "a plan of another package",
        400,
        "InstallmentPlanInvalid",
        tell!(|stage| sale(stage, |body| body["InstallmentId"] =
            json!(stage.number("plan", "gold/monthly")))),
    ),
    (
        "31 days ago",
        400,
        "StartDateOutOfRange",
        tell!(|stage| sale(stage, |body| body["StartDate"] = json!("2027-03-31"))),
    ),
    (
        "in more than a year",
        400,
        "StartDateOutOfRange",
        tell!(|stage| sale(stage, |body| body["StartDate"] = json!("2028-05-01"))),
    ),
    (
        "nobody of the staff",
        404,
        "StaffNotFound",
        tell!(|stage| sale(stage, |body| body["StaffId"] = json!(99_999))),
    ),
    (
        "staff of another store",
        404,
        "StaffNotFound",
        tell!(|stage| {
            let staff = json!({ "Name": "Jón", "StoreIds": [stage.number("store", "south")] });
            let saved = stage.send("POST", "/staff", &staff).await.json();
            sale(stage, |body| body["StaffId"] = saved["Staff"]["StaffId"].clone())
        }),
    ),
    ("no such code", 400, "PromoCodeInvalid", tell!(|stage| coded(stage, "NOTHING"))),
    ("a code that is over", 400, "PromoCodeExpired", tell!(|stage| coded(stage, "old"))),
    ("a code for next year", 400, "PromoCodeNotApplicable", tell!(|stage| coded(stage, "SOON"))),
    ("another package's code", 400, "PromoCodeNotApplicable", tell!(|stage| coded(stage, "GOLD"))),
    ("a code for fees", 400, "PromoCodeNotApplicable", tell!(|stage| coded(stage, "JOIN"))),
    (
        "a code that is used up",
        409,
        "PromoCodeUsedUp",
        tell!(|stage| {
            let mut first = stage.three();
            (first["PromoCode"], first["PaymentAmount"]) = (json!("LAST"), json!(2));
            stage.sold(&first).await;
            coded(stage, "LAST")
        }),
    ),
    (
        "a code for the second time",
        409,
        "PromoCodeAlreadyUsedByMember",
        tell!(|stage| {
            let mut first = stage.three();
            (first["PromoCode"], first["PaymentAmount"]) = (json!("ONCE"), json!(2));
            stage.sold(&first).await;
            coded(stage, "once")
        }),
    ),
    (
        "a cent too little",
        400,
        "PaymentAmountMismatch",
        tell!(|stage| sale(stage, |body| body["PaymentAmount"] = json!(2.99))),
    ),
    (
        "no discount asked for",
        400,
        "PaymentAmountMismatch",
        tell!(|stage| of(stage, "gold", 5.00, |_| ())),
    ),
    ("an empty list", 400, "PaymentMethodRequired", tell!(|stage| with(stage, &json!([])))),
    (
        "a method that names nothing",
        400,
        "PaymentMethodAmbiguous",
        tell!(|stage| with(stage, &json!([{ "PaymentAmount": 3 }]))),
    ),
    (
        "a method that names two",
        400,
        "PaymentMethodAmbiguous",
        tell!(|stage| with(stage, &json!([{ "UsePreferred": true, "AcctToken": stage.card }]))),
    ),
    (
        "a cap of nothing",
        400,
        "InvalidAmount",
        tell!(|stage| with(stage, &json!([{ "UsePreferred": true, "PaymentAmount": 0 }]))),
    ),
    (
        "caps of less than the price",
        400,
        "PaymentMethodsInsufficient",
        tell!(|stage| {
            let other = stage.keeps(stage.anna, OTHER_CARD).await;
            with(
                stage,
                &json!([
                    { "UsePreferred": true, "PaymentAmount": "1.00" },
                    { "AcctToken": other, "PaymentAmount": "1.99" },
                ]),
            )
        }),
    ),
    (
        "the same twice",
        400,
        "DuplicatePaymentMethod",
        tell!(|stage| with(
            stage,
            &json!([
                { "AcctToken": stage.card, "PaymentAmount": 1 },
                { "AcctToken": stage.card },
            ]),
        )),
    ),
    (
        "the same under two names",
        400,
        "DuplicatePaymentMethod",
        tell!(|stage| with(
            stage,
            &json!([
                { "AcctToken": stage.card, "PaymentAmount": 1 },
                { "UsePreferred": true },
            ]),
        )),
    ),
    (
        "nothing on file",
        400,
        "PreferredMethodMissing",
        tell!(|stage| {
            let jon = stage.member("Jón Gestsson").await;
            sale(stage, |body| body["MemberId"] = json!(jon))
        }),
    ),
    (
        "an evergreen plan without a card",
        400,
        "PaymentProfileRequired",
        tell!(|stage| {
            let jon = stage.member("Jón Gestsson").await;
            let other = stage.keeps(jon, OTHER_CARD).await;
            of(stage, "gold", 161.20, |body| {
                body["MemberId"] = json!(jon);
                body["InstallmentId"] = json!(stage.number("plan", "gold/forever"));
                body["PaymentMethods"] = json!([{ "AcctToken": other }]);
            })
        }),
    ),
    (
        "a token that is none",
        404,
        "AcctTokenInvalid",
        tell!(|stage| with(stage, &json!([{ "AcctToken": "eyJ" }]))),
    ),
    (
        "a profile that is none",
        404,
        "AcctTokenInvalid",
        tell!(|stage| with(stage, &json!([{ "PaymentProfileId": "the blue one" }]))),
    ),
    (
        "somebody else's token",
        404,
        "AcctTokenInvalid",
        tell!(|stage| {
            let jon = stage.member("Jón Gestsson").await;
            let other = stage.prefers(jon, OTHER_CARD).await;
            with(stage, &json!([{ "AcctToken": other }]))
        }),
    ),
    (
        "a ProfileToken that is none",
        400,
        "ProfileTokenInvalid",
        tell!(|stage| with(stage, &json!([{ "ProfileToken": "eyJ.e30.x" }]))),
    ),
    (
        "a ProfileToken that is too old",
        400,
        "ProfileTokenExpired",
        tell!(|stage| {
            let token = stage.vaulted(stage.anna, OTHER_CARD).await;
            stage.shop.clock.advance(Span::minutes(5));
            with(stage, &json!([{ "ProfileToken": token }]))
        }),
    ),
    (
        "a ProfileToken for the second time",
        409,
        "ProfileTokenAlreadyUsed",
        tell!(|stage| {
            let token = stage.vaulted(stage.anna, OTHER_CARD).await;
            let methods = json!([{ "ProfileToken": token }]);
            let mut first = stage.three();
            first["PaymentMethods"] = methods.clone();
            stage.sold(&first).await;
            sale(stage, |body| {
                body["PaymentMethods"] = methods.clone();
                body["PackageId"] = json!(stage.number("package", "trial"));
                body["PaymentAmount"] = json!(0);
            })
            .header("Idempotency-Key", "another sale")
        }),
    ),
    (
        "another sale under the same key",
        409,
        "IdempotencyConflict",
        tell!(|stage| {
            let first = sale(stage, |_| ()).header("Idempotency-Key", "one");
            assert_eq!(stage.shop.send(&first).await.status, 200);
            let other = stage.keeps(stage.anna, OTHER_CARD).await;
            with(stage, &json!([{ "AcctToken": other }])).header("Idempotency-Key", "one")
        }),
    ),
];

fn told(answer: &Answer) -> (u16, String) {
    let status = answer.json()["ResponseStatus"]["ErrorCode"].clone();
    (answer.status, status.as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn sales_are_refused() {
    // Proves each refusal, and that nothing is sold, used, put on file or asked of a gateway by it.
    for (what, status, code, tell) in ROWS {
        let stage = Stage::open().await;
        let request = tell(&stage).await;
        let before = stage.traces().await;
        let answer = stage.shop.send(&request).await;
        assert_eq!(told(&answer), (*status, (*code).to_owned()), "{what}: {}", answer.text());
        assert_eq!(stage.traces().await, before, "{what}");
    }
}

#[tokio::test]
async fn the_expected_amount_is_told() {
    // Proves that a client that has calculated wrongly reads what is due today.
    let stage = Stage::open().await;
    let answer = stage.shop.send(&of(&stage, "gold", 5.00, |_| ())).await;
    // A twelfth of 120.00 and its tax of 24 %, and the fee of 10.00 with its tax.
    assert!(answer.text().contains("24.80 EUR"), "{}", answer.text());
}

#[tokio::test]
async fn a_refusal_uses_up_no_token() {
    // Proves that a ProfileToken that came with a refused sale can be shown again with a right one.
    let stage = Stage::open().await;
    let token = stage.vaulted(stage.anna, GOOD_CARD).await;
    let mut body = stage.three();
    body["PaymentMethods"] = json!([{ "ProfileToken": token }]);
    body["PaymentAmount"] = json!(1);
    assert_eq!(told(&stage.sell(&body).await).1, "PaymentAmountMismatch");
    body["PaymentAmount"] = json!(3);
    stage.sold(&body).await;
}
