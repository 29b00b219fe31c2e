//! What sales to new members and sales of drafts refuse (`domain.md` §9.7): the codes of a sale to
//! a member that apply to them, and their own. What is sent, what is answered, and that nothing is
//! different afterwards.

use serde_json::{Value, json};

use super::stage::{COMPLETE, DRAFT, SOLD_TO_NEW, Stage};
use crate::client::{Answer, Request};
use crate::order::GOOD_CARD;

/// What is wrong, the status and the code of the answer, and the change of a right request.
type Row = (&'static str, u16, &'static str, fn(&Stage, &mut Value));

fn told(answer: &Answer) -> (u16, String) {
    let code = answer.json()["ResponseStatus"]["ErrorCode"].clone();
    (answer.status, code.as_str().unwrap_or_default().to_owned())
}

fn package(stage: &Stage, body: &mut Value, slug: &str) {
    body["PackageId"] = json!(stage.number("package", slug));
}

/// What both a sale to a new member and a draft look at.
const WISHES: &[Row] = &[
    ("another chain", 403, "ChainMismatch", |stage, body| {
        body["ChainId"] = json!(stage.number("chain", "rival"));
    }),
    ("narrowed to another store", 403, "StoreNotAllowed", |stage, body| {
        body["RestrictedResourceType"] = json!("Store");
        body["RestrictedId"] = json!(stage.number("store", "south"));
    }),
    ("narrowed to a member", 403, "RestrictedScopeDenied", |stage, body| {
        body["RestrictedResourceType"] = json!("User");
        body["RestrictedId"] = json!(stage.anna + 1);
    }),
    ("no store", 400, "ValidationFailed", |_, body| body["StoreId"] = Value::Null),
    ("no such store", 404, "StoreNotFound", |_, body| body["StoreId"] = json!(99_999)),
    ("no such package", 404, "PackageNotFound", |_, body| body["PackageId"] = json!(99_999)),
    ("not on sale", 409, "PackageNotSellable", |stage, body| package(stage, body, "over")),
    ("no plan", 400, "InstallmentPlanRequired", |stage, body| package(stage, body, "choice")),
    ("another plan", 400, "InstallmentPlanInvalid", |stage, body| {
        body["InstallmentId"] = json!(stage.number("plan", "gold/monthly"));
    }),
    ("31 days ago", 400, "StartDateOutOfRange", |_, body| body["StartDate"] = json!("2027-03-31")),
    ("no such staff", 404, "StaffNotFound", |_, body| body["StaffId"] = json!(99_999)),
    ("no such code", 400, "PromoCodeInvalid", |_, body| body["PromoCode"] = json!("NOTHING")),
    ("an old code", 400, "PromoCodeExpired", |_, body| body["PromoCode"] = json!("old")),
    ("a code for fees", 400, "PromoCodeNotApplicable", |_, body| body["PromoCode"] = json!("JOIN")),
];

const DRAFTS: &[Row] =
    &[("no such member", 404, "MemberNotFound", |_, body| body["MemberId"] = json!(99_999))];

const NEW_MEMBERS: &[Row] = &[
    ("no name", 400, "ValidationFailed", |_, body| body["Name"] = Value::Null),
    ("no address", 400, "ValidationFailed", |_, body| body["Email"] = json!("sif")),
    ("no phone", 400, "ValidationFailed", |_, body| body["Phone"] = json!("12")),
    ("no amount", 400, "ValidationFailed", |_, body| body["PaymentAmount"] = Value::Null),
    ("a cent too little", 400, "PaymentAmountMismatch", |_, body| {
        body["PaymentAmount"] = json!(2.99);
    }),
    ("nothing on file", 400, "PreferredMethodMissing", |_, body| {
        body["PaymentMethods"] = Value::Null;
    }),
    ("no methods", 400, "PaymentMethodRequired", |_, body| body["PaymentMethods"] = json!([])),
    ("two in one", 400, "PaymentMethodAmbiguous", |_, body| {
        body["PaymentMethods"][0]["UsePreferred"] = json!(true);
    }),
    ("a cap too low", 400, "PaymentMethodsInsufficient", |_, body| {
        body["PaymentMethods"][0]["PaymentAmount"] = json!(1);
    }),
    ("the same twice", 400, "DuplicatePaymentMethod", |_, body| {
        let method = body["PaymentMethods"][0].clone();
        body["PaymentMethods"] = json!([method.clone(), method]);
    }),
    ("somebody's card", 404, "AcctTokenInvalid", |stage, body| {
        body["PaymentMethods"] = json!([{ "AcctToken": stage.card }]);
    }),
    ("no ProfileToken", 400, "ProfileTokenInvalid", |_, body| {
        body["PaymentMethods"] = json!([{ "ProfileToken": "eyJ.e30.x" }]);
    }),
];

const SALES_OF_DRAFTS: &[Row] = &[
    ("another chain", 403, "ChainMismatch", |stage, body| {
        body["ChainId"] = json!(stage.number("chain", "rival"));
    }),
    ("narrowed to another member", 403, "RestrictedScopeDenied", |stage, body| {
        body["RestrictedResourceType"] = json!("User");
        body["RestrictedId"] = json!(stage.anna + 1);
    }),
    ("narrowed to another store", 403, "StoreNotAllowed", |stage, body| {
        body["RestrictedResourceType"] = json!("Store");
        body["RestrictedId"] = json!(stage.number("store", "south"));
    }),
    ("no token", 400, "ValidationFailed", |_, body| {
        body["IncompleteAgreementToken"] = Value::Null;
    }),
    ("a made-up token", 404, "AgreementNotFound", |_, body| {
        body["IncompleteAgreementToken"] = json!("AAAAAQAAAAEAAAAAAAAAAAAAAAAAAAAA");
    }),
    ("another member", 404, "MemberNotFound", |stage, body| {
        body["MemberId"] = json!(stage.anna + 1);
    }),
    ("a cent too little", 400, "PaymentAmountMismatch", |_, body| {
        body["PaymentAmount"] = json!(2.99);
    }),
    ("no methods", 400, "PaymentMethodRequired", |_, body| body["PaymentMethods"] = json!([])),
    ("a wrong card", 404, "AcctTokenInvalid", |_, body| {
        body["PaymentMethods"] = json!([{ "AcctToken": "eyJ" }]);
    }),
];

async fn check(path: &str, right: &Value, stage: &Stage, rows: &[Row]) {
    for (what, status, code, change) in rows {
        let mut body = right.clone();
        change(stage, &mut body);
        let before = stage.traces().await;
        let answer = stage.send("POST", path, &body).await;
        assert_eq!(told(&answer), (*status, (*code).to_owned()), "{what}: {}", answer.text());
        assert_eq!(stage.traces().await, before, "{what}");
    }
    let stranger = Request::post(&format!("/clubs{path}")).accept("application/json").json(right);
    assert_eq!(told(&stage.shop.send(&stranger).await), (401, "ApiKeyInvalid".into()));
}

#[tokio::test]
async fn drafts_are_refused() {
    // Proves what a draft refuses.
    let stage = Stage::open().await;
    for rows in [WISHES, DRAFTS] {
        check(DRAFT, &stage.three(), &stage, rows).await;
    }
}

#[tokio::test]
async fn sales_of_drafts_are_refused() {
    // Proves what the sale of a draft refuses, a changed price included, and that none of it uses
    // the token up.
    let stage = Stage::open().await;
    let right = json!({ "IncompleteAgreementToken": stage.drafted(&stage.three()).await });
    check(COMPLETE, &right, &stage, SALES_OF_DRAFTS).await;
    let southern = stage.limited(&["south"], None).await;
    let request = Request::post(&format!("/clubs{COMPLETE}")).accept("application/json");
    let request = request.header("X-Api-Key", &southern).json(&right);
    assert_eq!(told(&stage.shop.send(&request).await), (403, "StoreNotAllowed".into()));
    stage.member_leaves().await;
    let answer = stage.send("POST", COMPLETE, &right).await;
    assert_eq!(told(&answer), (409, "MemberInactive".into()));
    stage.member_returns().await;
    assert_eq!(stage.send("POST", COMPLETE, &right).await.json()["Success"], true);
}

#[tokio::test]
async fn sales_to_new_members_are_refused() {
    // Proves what a sale to a new member refuses, and that nobody joins by it.
    let stage = Stage::open().await;
    let right = stage.newcomer(GOOD_CARD).await;
    for rows in [WISHES, NEW_MEMBERS] {
        check(SOLD_TO_NEW, &right, &stage, rows).await;
    }
    let found = stage.send("GET", "/members?Email=sif@example.org", &Value::Null).await;
    assert_eq!(found.json()["Members"], json!([]));
    let annas = stage.limited(&[], Some(stage.anna)).await;
    let request = Request::post(&format!("/clubs{SOLD_TO_NEW}")).accept("application/json");
    let answer = stage.shop.send(&request.header("X-Api-Key", &annas).json(&right)).await;
    assert_eq!(told(&answer), (403, "RestrictedScopeDenied".into()));
}

#[tokio::test]
async fn a_changed_price_is_told() {
    // Proves that a draft whose price has changed since is not sold, and that the new sum is named.
    let stage = Stage::open().await;
    let token = stage.drafted(&stage.three()).await;
    stage.price_of_three("4.00").await;
    let body = json!({ "IncompleteAgreementToken": token });
    let answer = stage.send("POST", COMPLETE, &body).await;
    assert_eq!(told(&answer), (400, "PaymentAmountMismatch".into()));
    assert!(answer.text().contains("4.00 EUR"), "{}", answer.text());
    assert_eq!(stage.taken(), 0);
}
