//! Paying back payments of contracts, and paying chains out.

use domain::api_key::ClubScope;
use domain::money::{Currency, Money};
use gateway::sandbox::Operation;
use serde_json::{Value, json};
use server::access::keys::{NewKey, create};

use super::stage::{SOLD, Stage};
use crate::client::{Answer, Request};

const GIFT_CARD: &str = "6006490000001234";

/// Sends a refund with this key, under a name of its own.
async fn refund(stage: &Stage, key: &str, id: &str, name: &str, body: &Value) -> Answer {
    let path = format!("/clubs/sales/contracts/{id}/refund");
    let request = Request::post(&path).accept("application/json").header("X-Api-Key", key);
    stage.shop.send(&request.header("Idempotency-Key", name).json(body)).await
}

/// A key of the chain's that may pay back.
async fn refunder(stage: &Stage) -> String {
    let new = NewKey {
        name: "the chain's office".into(),
        roles: vec!["Club".into()],
        permissions: vec!["Contracts.Refund".into()],
        organisers: Vec::new(),
        club: Some(ClubScope::of_chain(stage.chain)),
    };
    create(stage.shop.store(), new).await.unwrap()
}

fn gold(stage: &Stage) -> Value {
    let mut body = stage.three();
    body["PackageId"] = json!(stage.number("package", "gold"));
    body["PaymentAmount"] = json!(24.80);
    body
}

/// What the gateway was asked to pay back, in cents, in order.
fn paid_back(stage: &Stage) -> Vec<i64> {
    let lines = stage.shop.gateway_log();
    let refunds = lines.iter().filter(|line| line.request.operation == Operation::Refund);
    refunds.map(|line| line.moved().abs()).collect()
}

#[tokio::test]
async fn parts_go_back_last_tender_first() {
    // Proves that a payment in two parts goes back to both, the last one first, a gift card's part
    // to the gift card, and that no more goes back than was paid, however often it is asked.
    let stage = Stage::open().await;
    let key = refunder(&stage).await;
    let euros = Money::new(100, Currency::parse("EUR").unwrap());
    stage.shop.phone.set_balance("1234", euros).await;
    let gift = stage.keeps(stage.anna, GIFT_CARD).await;
    let mut body = stage.three();
    body["PaymentMethods"] = json!([{ "AcctToken": gift }, { "UsePreferred": true }]);
    let sale = stage.request("POST", SOLD, &body).header("Idempotency-Key", "one sale");
    let first = stage.shop.send(&sale).await.json();
    let id = first["ContractSaleID"].as_str().unwrap().to_owned();
    let part = json!({ "Amount": 2.50 });
    let answer = refund(&stage, &key, &id, "the first part", &part).await.json();
    assert_eq!((&answer["Success"], &answer["AmountRefunded"]), (&json!(true), &json!(2.5)));
    let again = refund(&stage, &key, &id, "the first part", &part).await.json();
    assert_eq!(again["AlreadyRefunded"], true, "{again}");
    assert_eq!(paid_back(&stage), [200, 50]);
    let too_much = refund(&stage, &key, &id, "too much of it", &part).await;
    assert_eq!(too_much.status, 409, "{}", too_much.text());
    assert!(too_much.text().contains("RefundExceedsPaid"), "{}", too_much.text());
    let rest = refund(&stage, &key, &id, "all of the rest", &json!({})).await.json();
    assert_eq!((&rest["AmountRefunded"], &rest["TotalRefunded"]), (&json!(0.5), &json!(3.0)));
    assert_eq!((paid_back(&stage), stage.taken()), (vec![200, 50, 50], 0));
    assert_eq!(rest["Status"], "Active", "the contract goes on");
    let repeated = stage.shop.send(&sale).await.json();
    assert_eq!((&repeated["Success"], &repeated["ContractSaleID"]), (&json!(true), &json!(id)));
    assert_eq!(stage.contract(&id).await["Installments"][0]["Status"], "Refunded");
    stage.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn tax_and_fee_go_back_in_proportion() {
    // Proves that tax, fee and the chain's part of a refund are in proportion to the cent, and all
    // of them nothing when the rest has gone back too.
    let stage = Stage::open().await;
    let key = refunder(&stage).await;
    let mut body = gold(&stage);
    body["StartDate"] = json!("2027-06-01");
    let id = stage.sold(&body).await;
    refund(&stage, &key, &id, "a third of it", &json!({ "Amount": 8.27 })).await;
    assert_eq!(stage.balance("tax_payable").await, -480 + 160);
    assert_eq!(stage.balance("platform_fee_income").await, -100 + 33);
    assert_eq!(stage.balance("deferred_revenue").await, -1_900 + 634);
    refund(&stage, &key, &id, "all the rest of it", &json!({})).await;
    for account in ["tax_payable", "platform_fee_income", "deferred_revenue"] {
        assert_eq!(stage.balance(account).await, 0, "{account}");
    }
    assert_eq!(stage.taken(), 0);
    stage.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn before_its_first_day_it_is_cancelled() {
    // Proves that a contract that has not begun ends with the whole of its first payment, and that
    // the use of its code is free again; and that a part of it does not end it.
    let stage = Stage::open().await;
    let key = refunder(&stage).await;
    let mut body = gold(&stage);
    (body["StartDate"], body["PromoCode"]) = (json!("2027-06-01"), json!("SUMMER"));
    body["PaymentAmount"] = json!(23.56);
    let id = stage.sold(&body).await;
    assert_eq!(
        (stage.uses("SUMMER").await, stage.balance("deferred_revenue").await < 0),
        (1, true)
    );
    let part = refund(&stage, &key, &id, "a part of it", &json!({ "Amount": 1 })).await.json();
    assert_eq!(part["Status"], "Scheduled", "{part}");
    let whole = refund(&stage, &key, &id, "the rest of it", &json!({})).await.json();
    assert_eq!(whole["Status"], "Cancelled", "{whole}");
    assert_eq!(stage.uses("SUMMER").await, 0);
    for account in ["deferred_revenue", "owner_payable_contracts", "tax_payable"] {
        assert_eq!(stage.balance(account).await, 0, "{account}");
    }
    let rows = stage.contract(&id).await["Installments"].as_array().unwrap().clone();
    assert!(rows.iter().all(|row| row["Status"] == "Refunded" || row["Status"] == "Cancelled"));
    assert_eq!(stage.taken(), 0);
    stage.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn refunds_are_refused() {
    // Proves each refusal, and that nothing goes back by it.
    let stage = Stage::open().await;
    let key = refunder(&stage).await;
    let id = stage.sold(&stage.three()).await;
    let mut trial = stage.three();
    trial["PackageId"] = json!(stage.number("package", "trial"));
    (trial["PaymentAmount"], trial["StartDate"]) = (json!(0), json!("2027-06-01"));
    let free = stage.sold(&trial).await;
    let southern = stage.limited(&["south"], None).await;
    let rows: [(&str, &str, &str, Value, u16, &str); 9] = [
        ("none", "a long name", &id, json!({}), 401, "ApiKeyInvalid"),
        (&stage.key, "a long name", &id, json!({}), 403, "Forbidden"),
        (&southern, "a long name", &id, json!({}), 403, "Forbidden"),
        (&key, "a long name", "99999", json!({}), 404, "ContractNotFound"),
        (&key, "a long name", &id, json!({ "InstallmentNumber": 9 }), 400, "ValidationFailed"),
        (&key, "a long name", &id, json!({ "Amount": 0.001 }), 400, "InvalidAmount"),
        (&key, "a long name", &id, json!({ "Amount": 0 }), 400, "ValidationFailed"),
        (&key, "a long name", &id, json!({ "Amount": 3.01 }), 409, "RefundExceedsPaid"),
        (&key, "a long name", &free, json!({ "InstallmentNumber": 1 }), 409, "NotRefundable"),
    ];
    for (key, name, id, body, status, code) in rows {
        let answer = refund(&stage, key, id, name, &body).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.text());
        assert!(answer.text().contains(code), "{code}: {}", answer.text());
    }
    assert_eq!((paid_back(&stage), stage.taken()), (Vec::new(), 300));
    stage.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_chain_is_paid_out() {
    // Proves that what was paid on contracts that have begun goes to the chain without the fee,
    // once, and that a refund after it is netted with what comes next.
    let stage = Stage::open().await;
    let key = refunder(&stage).await;
    let id = stage.sold(&stage.three()).await;
    let pay = async || {
        let wish = json!({ "payoutFor": "Contracts", "eventOwnerId": stage.chain.0,
                           "currency": "EUR" });
        let request = Request::post("/payouts").accept("application/json");
        stage.shop.send(&request.key(&stage.shop.admin).json(&wish)).await
    };
    let paid = pay().await.json();
    assert_eq!(paid["payout"]["paid"], json!(2.85), "{paid}");
    assert!(pay().await.text().contains("NothingToPayOut"));
    assert_eq!(stage.balance("owner_payable_contracts").await, 0);
    refund(&stage, &key, &id, "all of it", &json!({})).await;
    assert_eq!(stage.balance("owner_payable_contracts").await, 285);
    stage.sold(&stage.three()).await;
    stage.sold(&stage.three()).await;
    assert_eq!(pay().await.json()["payout"]["paid"], json!(2.85));
    stage.shop.assert_all_is_well().await;
}
