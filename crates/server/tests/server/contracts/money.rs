//! What a sale leaves: the contract with its instalments, the books, the preference, the promo
//! code's use; and what a sale that is not to be leaves of them.

use serde_json::{Value, json};

use super::stage::{SOLD, Stage};
use crate::client::Request;
use crate::order::{jsv, parameters};

const OTHER_CARD: &str = "4741520000000003";
const DECLINED: &str = "4000000000000002";

fn gold(stage: &Stage) -> Value {
    let mut body = stage.three();
    body["PackageId"] = json!(stage.number("package", "gold"));
    body["PaymentAmount"] = json!(24.80);
    body
}

#[tokio::test]
async fn a_sale_leaves_a_contract_and_books() {
    // Proves that a sale is paid with the preferred card, that its instalments stand in the
    // contract to the cent, and that tax, fee and what was paid in advance are booked.
    let stage = Stage::open().await;
    let staff = json!({ "Name": "Jón Gestsson" });
    let staff = stage.send("POST", "/staff", &staff).await.json()["Staff"]["StaffId"].clone();
    let mut body = gold(&stage);
    (body["StaffId"], body["StartDate"]) = (staff.clone(), json!("2027-05-31"));
    let answer = stage.sell(&body).await.json();
    assert_eq!(answer["Success"], true, "{answer}");
    assert_eq!(answer["description"], "Sold: Gold, Monthly");
    let row = &answer["PaymentResponses"][0];
    assert_eq!(
        (&row["ResponseStatus"], &row["Last4"]),
        (&json!("StsSuccess"), &json!("4242")),
        "{row}"
    );
    assert_eq!((&row["AcctClass"], &row["AcctType"]), (&json!("CC"), &json!("Visa")));
    assert_eq!(row["ResponseAmount"], json!(24.80));
    assert_eq!(row["AcctToken"], json!(stage.card));
    let contract = stage.contract(answer["ContractSaleID"].as_str().unwrap()).await;
    assert_eq!((&contract["Status"], &contract["StaffId"]), (&json!("Scheduled"), &staff));
    let rows = contract["Installments"].as_array().unwrap();
    assert_eq!(rows.len(), 14, "{contract}");
    let total: f64 = rows.iter().map(|row| row["Total"].as_f64().unwrap()).sum();
    assert!((total - 166.20).abs() < 0.001, "120.00 and 10.00 with 24 %, and 5.00: {total}");
    let paid = rows.iter().filter(|row| row["Status"] == "Paid");
    assert_eq!(paid.map(|row| row["Total"].clone()).collect::<Vec<_>>(), [12.40, 12.40]);
    let due = |index: usize| rows[index]["DueDate"].as_str().unwrap()[..10].to_owned();
    assert_eq!((due(3), due(4)), ("2027-06-30".into(), "2027-07-31".into()), "{contract}");
    assert_eq!(stage.balance("gateway_clearing").await, 2_480);
    assert_eq!(stage.balance("tax_payable").await, -480);
    assert_eq!(stage.balance("platform_fee_income").await, -100);
    assert_eq!(stage.balance("deferred_revenue").await, -1_900);
    assert_eq!(stage.taken(), 2_480);
    stage.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn nothing_due_today_asks_no_gateway() {
    // Proves that a plan that begins later is sold without an attempt, with or without methods.
    let stage = Stage::open().await;
    let before = stage.shop.gateway_log().len();
    for methods in [Value::Null, json!([]), json!([{ "UsePreferred": true }])] {
        let mut body = stage.three();
        body["PackageId"] = json!(stage.number("package", "trial"));
        body["StartDate"] = json!("2027-05-31");
        (body["PaymentAmount"], body["PaymentMethods"]) = (json!(0), methods);
        let answer = stage.sell(&body).await.json();
        assert_eq!((&answer["Success"], &answer["PaymentResponses"]), (&json!(true), &json!([])));
    }
    assert_eq!(stage.shop.gateway_log().len(), before);
    assert_eq!(stage.contracts(stage.anna).await[0]["Status"], "Scheduled");
    stage.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_new_card_is_preferred_once_it_has_sold() {
    // Proves that a ProfileToken puts its card on file even where the sale is declined, that it is
    // preferred only by a sale that succeeds, and not where that is not wanted.
    let stage = Stage::open().await;
    let preferred = || async { stage.wallet(stage.anna).await.unwrap().preferred };
    let count = || async { stage.wallet(stage.anna).await.unwrap().profiles.len() };
    let first = preferred().await;
    let mut body = stage.three();
    body["PaymentMethods"] = json!([{ "ProfileToken": stage.vaulted(stage.anna, DECLINED).await }]);
    let answer = stage.sell(&body).await.json();
    assert_eq!((&answer["Success"], &answer["ContractSaleID"]), (&json!(false), &Value::Null));
    let told = answer["description"].as_str().unwrap();
    assert!(told.starts_with("PaymentNotCovered: "), "{told}");
    assert_eq!(answer["PaymentResponses"][0]["ResponseStatus"], "StsDecline");
    assert_eq!((preferred().await, count().await), (first, 2));
    let token = stage.vaulted(stage.anna, OTHER_CARD).await;
    body["PaymentMethods"] =
        json!([{ "ProfileToken": token, "DoNotUpdatePaymentTypePreference": true }]);
    stage.sold(&body).await;
    assert_eq!((preferred().await, count().await), (first, 3));
    let token = stage.vaulted(stage.anna, "5555555555554444").await;
    body["PaymentMethods"] = json!([{ "ProfileToken": token }]);
    stage.sold(&body).await;
    assert_ne!(preferred().await, first);
    stage.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_use_of_a_code_comes_back() {
    // Proves that a sale takes a use of its code and gives it back when it is not paid.
    let stage = Stage::open().await;
    let jon = stage.member("Jón Gestsson").await;
    stage.prefers(jon, DECLINED).await;
    let mut body = stage.three();
    (body["PromoCode"], body["PaymentAmount"]) = (json!(" once "), json!(2));
    body["MemberId"] = json!(jon);
    assert_eq!(stage.sell(&body).await.json()["Success"], false);
    assert_eq!(stage.uses("ONCE").await, 0);
    assert_eq!(stage.contracts(jon).await[0]["Status"], "NotSold");
    body["MemberId"] = json!(stage.anna);
    stage.sold(&body).await;
    assert_eq!(stage.uses("ONCE").await, 1);
    assert_eq!(stage.taken(), 200);
    stage.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn every_format_sells() {
    // Proves that JSON, JSV, a form and a query string say the same, with the key in the query.
    let stage = Stage::open().await;
    let mut body = stage.three();
    body["PaymentMethods"] = json!([{ "AcctToken": stage.card, "PaymentAmount": "3.00" }]);
    let target = format!("/clubs{SOLD}?ApiKey={}", stage.key);
    let post = |target: &str| Request::post(target).accept("application/json");
    let in_query = format!("{target}&{}", parameters(&body));
    let requests = [
        post(&target).json(&body),
        post(&target).body("text/jsv", jsv(&body)),
        post(&target).body("application/x-www-form-urlencoded", parameters(&body)),
        post(&in_query),
    ];
    for request in requests {
        let answer = stage.shop.send(&request).await;
        assert_eq!(answer.json()["Success"], true, "{}", answer.text());
    }
    assert_eq!(stage.contracts(stage.anna).await.len(), 4);
    assert_eq!(stage.taken(), 1_200);
    stage.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn a_repeat_is_the_same_sale() {
    // Proves that the same request under the same key, or with the same ProfileToken, is one sale
    // with one answer.
    let stage = Stage::open().await;
    let keyed = stage.request("POST", SOLD, &stage.three()).header("Idempotency-Key", "one");
    let mut shown = stage.three();
    shown["PaymentMethods"] =
        json!([{ "ProfileToken": stage.vaulted(stage.anna, OTHER_CARD).await }]);
    let shown = stage.request("POST", SOLD, &shown);
    for request in [keyed, shown] {
        let first = stage.shop.send(&request).await.text();
        assert_eq!(stage.shop.send(&request).await.text(), first);
        assert!(first.contains("\"Success\":true"), "{first}");
    }
    assert_eq!(stage.taken(), 600);
    stage.shop.assert_all_is_well().await;
}
