//! Contracts that are drafted first and sold with a token (`payments.md` §4.4).

use domain::time::Span;
use serde_json::{Value, json};

use super::race::sold;
use super::stage::{COMPLETE, DRAFT, Stage};
use crate::client::{Answer, Request};
use crate::order::{jsv, parameters};

const DECLINED: &str = "4000000000000002";

fn told(answer: &Answer) -> (u16, String) {
    let code = answer.json()["ResponseStatus"]["ErrorCode"].clone();
    (answer.status, code.as_str().unwrap_or_default().to_owned())
}

async fn complete(stage: &Stage, body: &Value) -> Answer {
    stage.send("POST", COMPLETE, body).await
}

#[tokio::test]
async fn what_is_drafted_is_sold_once() {
    // Proves that a draft takes nothing, that its token sells the contract of the id that it was
    // told, that the same request is the same sale, and that any other is refused.
    let stage = Stage::open().await;
    let mut wish = stage.three();
    (wish["PromoCode"], wish["StartDate"]) = (json!("ONCE"), json!("2027-06-01"));
    let before = stage.traces().await;
    let drafted = stage.send("POST", DRAFT, &wish).await.json();
    assert_eq!(drafted["TotalDueToday"], json!(2.0), "{drafted}");
    assert_eq!(stage.traces().await, before);
    let id = drafted["contractId"].as_str().unwrap();
    let shown = stage.contract(id).await;
    assert_eq!((&shown["Status"], &shown["MemberId"]), (&json!("Incomplete"), &json!(stage.anna)));
    let token = &drafted["incompleteAgreementToken"];
    let body = json!({ "IncompleteAgreementToken": token, "PaymentAmount": 2 });
    let first = complete(&stage, &body).await;
    let answer = first.json();
    assert_eq!(answer["Success"], true, "{answer}");
    assert_eq!(answer["ContractSaleID"], id);
    assert_eq!(complete(&stage, &body).await.text(), first.text());
    let other = json!({ "IncompleteAgreementToken": token });
    assert_eq!(told(&complete(&stage, &other).await), (409, "AgreementCompleted".into()));
    assert_eq!(stage.contract(id).await["Status"], "Scheduled");
    assert_eq!((stage.uses("ONCE").await, stage.taken()), (1, 200));
    stage.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_failed_sale_uses_the_token_up() {
    // Proves that a sale that is not covered ends the agreement: no other card sells it later.
    let stage = Stage::open().await;
    let declined = stage.keeps(stage.anna, DECLINED).await;
    let token = stage.drafted(&stage.three()).await;
    let mut body = json!({ "IncompleteAgreementToken": token });
    body["PaymentMethods"] = json!([{ "AcctToken": declined }]);
    let answer = complete(&stage, &body).await.json();
    let description = answer["description"].as_str().unwrap();
    assert!(description.starts_with("PaymentNotCovered: "), "{answer}");
    body["PaymentMethods"] = json!([{ "UsePreferred": true }]);
    assert_eq!(told(&complete(&stage, &body).await), (409, "AgreementCompleted".into()));
    assert_eq!(stage.taken(), 0);
    stage.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn drafts_end_after_a_day() {
    // Proves that a token is refused from its time on, and that the janitor ends the draft, whose
    // number is kept.
    let stage = Stage::open().await;
    let drafted = stage.send("POST", DRAFT, &stage.three()).await.json();
    let token = &drafted["incompleteAgreementToken"];
    stage.shop.clock.advance(Span::hours(24));
    let body = json!({ "IncompleteAgreementToken": token });
    assert_eq!(told(&complete(&stage, &body).await), (410, "AgreementExpired".into()));
    let id = drafted["contractId"].as_str().unwrap();
    crate::shop::until("the draft to be ended", async || {
        (stage.contract(id).await["Status"] == "NotSold").then_some(())
    })
    .await;
    assert_eq!(told(&complete(&stage, &body).await), (410, "AgreementExpired".into()));
    assert_ne!(stage.sold(&stage.three()).await, id);
    stage.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn every_format_completes() {
    // Proves that JSON, JSV and a form say the same, with the key in the query, and that the token
    // is refused in a URL.
    let stage = Stage::open().await;
    let target = format!("/clubs{COMPLETE}?ApiKey={}", stage.key);
    let post = |target: &str| Request::post(target).accept("application/json");
    for format in 0..3 {
        let token = stage.drafted(&stage.three()).await;
        let methods = json!([{ "AcctToken": stage.card, "PaymentAmount": "3.00" }]);
        let body = json!({ "IncompleteAgreementToken": token, "PaymentMethods": methods });
        let request = match format {
            0 => post(&target).json(&body),
            1 => post(&target).body("text/jsv", jsv(&body)),
            _ => post(&target).body("application/x-www-form-urlencoded", parameters(&body)),
        };
        let answer = stage.shop.send(&request).await;
        assert_eq!(answer.json()["Success"], true, "{}", answer.text());
    }
    let body = json!({ "IncompleteAgreementToken": stage.drafted(&stage.three()).await });
    let in_query = post(&format!("{target}&{}", parameters(&body)));
    let answer = stage.shop.send(&in_query).await;
    assert_eq!(told(&answer), (400, "CardDataInUrl".into()), "{}", answer.text());
    assert_eq!(stage.taken(), 900);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_token_is_one_sale() {
    // Proves that of 64 requests with one token, each under a key of its own and half of them with
    // another amount said, one sale is made.
    let stage = Stage::on_disk().await;
    let token = stage.drafted(&stage.three()).await;
    let request = |number: usize| {
        let mut body = json!({ "IncompleteAgreementToken": token });
        if number.is_multiple_of(2) {
            body["PaymentAmount"] = json!(3);
        }
        let request = stage.request("POST", COMPLETE, &body);
        request.header("Idempotency-Key", &format!("one of many {number}"))
    };
    sold(&stage, (0..64).map(request).collect()).await;
    crate::shop::until("the sale to be settled", async || {
        (stage.shop.check().await.open_attempts == 0).then_some(())
    })
    .await;
    assert_eq!((stage.contracts(stage.anna).await.len(), stage.taken()), (1, 300));
    stage.shop.assert_all_is_well().await;
}
