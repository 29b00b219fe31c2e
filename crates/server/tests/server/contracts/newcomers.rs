//! Sales to somebody who becomes a member with it (`payments.md` §4.4).

use serde_json::{Value, json};

use super::race::sold;
use super::stage::{SOLD_TO_NEW, Stage};
use crate::client::Request;
use crate::order::{GOOD_CARD, jsv, parameters};

const DECLINED: &str = "4000000000000002";

async fn members(stage: &Stage) -> Vec<Value> {
    let found = stage.send("GET", "/members?Email=sif@example.org", &Value::Null).await;
    found.json()["Members"].as_array().unwrap().clone()
}

#[tokio::test]
async fn somebody_joins_and_buys() {
    // Proves that the member, the card on file and the contract come of one request, that its
    // repeat makes no second member, and that the audit tells who joined.
    let stage = Stage::open().await;
    let body = stage.newcomer(GOOD_CARD).await;
    let first = stage.send("POST", SOLD_TO_NEW, &body).await;
    let answer = first.json();
    assert_eq!(answer["Success"], true, "{answer}");
    assert_eq!(stage.send("POST", SOLD_TO_NEW, &body).await.text(), first.text());
    let found = members(&stage).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["MemberId"], answer["MemberId"]);
    let member = u32::try_from(answer["MemberId"].as_u64().unwrap()).unwrap();
    assert_eq!(stage.contracts(member).await.len(), 1);
    let wallet = stage.wallet(member).await.unwrap();
    assert_eq!((wallet.profiles.len(), wallet.preferred), (1, wallet.profiles.first().copied()));
    let audit = Request::get("/audit?take=1000").accept("application/json").key(&stage.shop.admin);
    assert!(stage.shop.send(&audit).await.text().contains("sif@example.org"));
    assert_eq!(stage.taken(), 300);
    stage.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn who_is_not_sold_to_stays() {
    // Proves that a declined card leaves a member without a contract, to whom it can be sold by
    // number, and whose address is taken.
    let stage = Stage::open().await;
    let mut body = stage.newcomer(DECLINED).await;
    let answer = stage.send("POST", SOLD_TO_NEW, &body).await.json();
    assert_eq!((&answer["Success"], &answer["ContractSaleID"]), (&json!(false), &Value::Null));
    let member = u32::try_from(answer["MemberId"].as_u64().unwrap()).unwrap();
    assert_eq!(stage.wallet(member).await.unwrap().preferred, None);
    body["PaymentMethods"] = json!([{ "ProfileToken": stage.vaulted(0, GOOD_CARD).await }]);
    let again = stage.send("POST", SOLD_TO_NEW, &body).await;
    assert_eq!(again.status, 409, "{}", again.text());
    assert!(again.text().contains("MemberAlreadyExists"), "{}", again.text());
    let mut sale = stage.three();
    (sale["MemberId"], sale["PaymentMethods"]) = (json!(member), body["PaymentMethods"].clone());
    stage.sold(&sale).await;
    assert_eq!((members(&stage).await.len(), stage.taken()), (1, 300));
    stage.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn every_format_adds_a_member() {
    // Proves that JSON, JSV, a form and a query string say the same.
    let stage = Stage::open().await;
    let target = format!("/clubs{SOLD_TO_NEW}?ApiKey={}", stage.key);
    let post = |target: &str| Request::post(target).accept("application/json");
    for format in 0..4 {
        let mut body = stage.newcomer(GOOD_CARD).await;
        body["Email"] = json!(format!("sif{format}@example.org"));
        let request = match format {
            0 => post(&target).json(&body),
            1 => post(&target).body("text/jsv", jsv(&body)),
            2 => post(&target).body("application/x-www-form-urlencoded", parameters(&body)),
            _ => post(&format!("{target}&{}", parameters(&body))),
        };
        let answer = stage.shop.send(&request).await;
        assert_eq!(answer.json()["Success"], true, "{}", answer.text());
    }
    assert_eq!(stage.taken(), 1_200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_address_is_one_member() {
    // Proves that of 64 different requests for one address at once, one adds a member and sells.
    let stage = Stage::on_disk().await;
    let mut body = stage.newcomer(GOOD_CARD).await;
    body["PackageId"] = json!(stage.number("package", "trial"));
    (body["PaymentAmount"], body["PaymentMethods"]) = (json!(0), Value::Null);
    let request = |number: usize| {
        let mut body = body.clone();
        body["Name"] = json!(format!("Sif {number}"));
        stage.request("POST", SOLD_TO_NEW, &body)
    };
    assert_eq!(sold(&stage, (0..64).map(request).collect()).await, 1);
    assert_eq!(members(&stage).await.len(), 1);
    stage.shop.assert_all_is_well().await;
}
