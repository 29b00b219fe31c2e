//! Paying with several methods, over the wire: the worked cases and the answers of
//! `payments.md` §4.1 and §4.2.

use domain::money::{Currency, Money};
use gateway::sandbox::Operation;
use serde_json::{Value, json};

use super::stage::Stage;

const OTHER_CARD: &str = "4741520000000003";
const DECLINED: &str = "4000000000000002";
const EXPIRED: &str = "4000000000000069";
const STOLEN: &str = "4000000000009979";
const GIFT_CARD: &str = "6006490000001234";

/// What the first method is.
#[derive(Clone, Copy)]
enum First {
    Card(&'static str),
    /// With so many cents on it.
    Gift(i64),
}

/// A cap in euros, or none.
type Cap = Option<&'static str>;

/// What happens to three euros: the first method with its cap, the cap of the preferred one, the
/// rows of the answer (status and approved amount), what the gateway was asked for, and what is
/// taken in the end, both in cents.
type Row = (&'static str, First, Cap, Cap, &'static [(&'static str, f64)], &'static [i64], i64);

const ROWS: &[Row] = &[
    (
        "both approve",
        First::Card(OTHER_CARD),
        Some("1.00"),
        Some("2.00"),
        &[("StsSuccess", 1.0), ("StsSuccess", 2.0)],
        &[100, 200],
        300,
    ),
    (
        "a part, and the rest below its cap",
        First::Gift(75),
        Some("1.00"),
        Some("3.00"),
        &[("PartialApproval", 0.75), ("StsSuccess", 2.25)],
        &[100, 225],
        300,
    ),
    (
        "declined",
        First::Card(DECLINED),
        Some("1.00"),
        Some("3.00"),
        &[("StsDecline", 0.0), ("StsSuccess", 3.0)],
        &[100, 300],
        300,
    ),
    (
        "a part, and the rest",
        First::Gift(75),
        Some("1.00"),
        None,
        &[("PartialApproval", 0.75), ("StsSuccess", 2.25)],
        &[100, 225],
        300,
    ),
    (
        "a part, and a cap too low",
        First::Gift(75),
        Some("1.00"),
        Some("2.00"),
        &[("PartialApproval", 0.75), ("StsSuccess", 2.0)],
        &[100, 200],
        0,
    ),
    (
        "the first pays all",
        First::Card(OTHER_CARD),
        None,
        None,
        &[("StsSuccess", 3.0)],
        &[300],
        300,
    ),
    (
        "a cap above the price",
        First::Card(OTHER_CARD),
        Some("5.00"),
        None,
        &[("StsSuccess", 3.0)],
        &[300],
        300,
    ),
    (
        "a stolen card",
        First::Card(STOLEN),
        Some("1.00"),
        None,
        &[("HardDeclineAccount", 0.0), ("StsSuccess", 3.0)],
        &[100, 300],
        300,
    ),
    (
        "an expired card",
        First::Card(EXPIRED),
        Some("1.00"),
        None,
        &[("HardDeclineExpiry", 0.0), ("StsSuccess", 3.0)],
        &[100, 300],
        300,
    ),
    (
        "an empty gift card",
        First::Gift(0),
        Some("1.00"),
        None,
        &[("StsDecline", 0.0), ("StsSuccess", 3.0)],
        &[100, 300],
        300,
    ),
];

fn method(mut named: Value, cap: Cap) -> Value {
    named["PaymentAmount"] = json!(cap);
    named
}

async fn first(stage: &Stage, first: First) -> Value {
    let number = match first {
        First::Card(number) => number,
        First::Gift(cents) => {
            let balance = Money::new(cents, Currency::parse("EUR").unwrap());
            stage.shop.phone.set_balance("1234", balance).await;
            GIFT_CARD
        }
    };
    json!({ "AcctToken": stage.keeps(stage.anna, number).await })
}

/// The amounts of the requests of these sorts that the gateway saw, in cents, in order.
fn requests(stage: &Stage, operations: &[Operation]) -> Vec<i64> {
    let lines = stage.shop.gateway_log();
    let seen = lines.iter().filter(|line| operations.contains(&line.request.operation));
    seen.map(|line| line.request.money.unwrap().amount).collect()
}

#[tokio::test]
async fn a_gift_card_is_given_back() {
    // Proves that a gift card's part of a sale that is not covered goes back to it, by one refund
    // of what it had paid, and that what the card had reserved is voided.
    let stage = Stage::open().await;
    let gift = first(&stage, First::Gift(75)).await;
    let mut body = stage.three();
    body["PaymentMethods"] = json!([
        method(gift.clone(), Some("1.00")),
        method(json!({ "UsePreferred": true }), Some("2.00")),
    ]);
    assert_eq!(stage.sell(&body).await.json()["Success"], false);
    crate::shop::until("all to be given back", async || {
        (stage.shop.check().await.open_attempts == 0).then_some(())
    })
    .await;
    assert_eq!(requests(&stage, &[Operation::Refund]), [75]);
    assert_eq!(requests(&stage, &[Operation::Void]), [200]);
    let mut again = stage.three();
    again["PaymentMethods"] = json!([method(gift, None), { "UsePreferred": true }]);
    stage.sold(&again).await;
    let all = requests(&stage, &[Operation::Authorize, Operation::Sale]);
    assert_eq!(all[2..], [300, 225], "the gift card has its 75 cents again");
}

#[tokio::test]
async fn worked_cases() {
    // Proves each case of the table: who is asked for what, what is answered, and that all is taken
    // or nothing.
    for (what, named, cap, preferred_cap, expected, asked, taken) in ROWS {
        let stage = Stage::open().await;
        let mut body = stage.three();
        body["PaymentMethods"] = json!([
            method(first(&stage, *named).await, *cap),
            method(json!({ "UsePreferred": true }), *preferred_cap),
        ]);
        let answer = stage.sell(&body).await.json();
        assert_eq!(answer["Success"], *taken == 300, "{what}: {answer}");
        let rows = answer["PaymentResponses"].as_array().unwrap();
        let told: Vec<(&str, f64)> = rows
            .iter()
            .map(|row| {
                let status = row["ResponseStatus"].as_str().unwrap();
                (status, row["ResponseAmount"].as_f64().unwrap())
            })
            .collect();
        assert_eq!(told, *expected, "{what}: {answer}");
        crate::shop::until("what was reserved to be free", async || {
            (stage.shop.check().await.open_attempts == 0).then_some(())
        })
        .await;
        assert_eq!(requests(&stage, &[Operation::Authorize, Operation::Sale]), *asked, "{what}");
        assert_eq!(stage.taken(), *taken, "{what}");
        assert_eq!(stage.balance("order_holding").await, 0, "{what}");
        stage.shop.assert_all_is_well().await;
    }
}

#[tokio::test]
async fn what_is_reversed_says_so() {
    // Proves that a part that was approved and given back keeps its status and amount, and says
    // that it was reversed; and that no contract is named.
    let stage = Stage::open().await;
    let declined = stage.keeps(stage.anna, DECLINED).await;
    let mut body = stage.three();
    body["PaymentMethods"] = json!([
        { "UsePreferred": true, "PaymentAmount": "1.00" },
        { "AcctToken": declined },
    ]);
    let keyed = stage.request("POST", super::stage::SOLD, &body).header("Idempotency-Key", "one");
    let answer = stage.shop.send(&keyed).await.json();
    assert_eq!((&answer["Success"], &answer["ContractSaleID"]), (&json!(false), &Value::Null));
    crate::shop::until("the reservation to be free", async || {
        (stage.shop.check().await.open_attempts == 0).then_some(())
    })
    .await;
    let row = stage.shop.send(&keyed).await.json()["PaymentResponses"][0].clone();
    assert_eq!(
        (&row["ResponseStatus"], &row["ResponseAmount"]),
        (&json!("StsSuccess"), &json!(1.00))
    );
    assert!(row["ResponseText"].as_str().unwrap().ends_with("; reversed"), "{row}");
    assert_eq!(stage.taken(), 0);
}

#[tokio::test]
async fn silence_is_under_way_and_named() {
    // Proves that a payment of which nothing is heard ends the asking, names the contract so that
    // it can be asked for, and is settled by the janitor.
    let stage = Stage::open().await;
    let mut body = stage.three();
    body["PackageId"] = json!(stage.number("package", "silent"));
    body["PaymentAmount"] = json!("3.66");
    let answer = stage.sell(&body).await.json();
    assert_eq!(answer["Success"], false, "{answer}");
    assert!(answer["description"].as_str().unwrap().starts_with("PaymentPending: "), "{answer}");
    assert_eq!(answer["PaymentResponses"][0]["ResponseStatus"], "StsUnknown");
    let id = answer["ContractSaleID"].as_str().unwrap().to_owned();
    assert_eq!(stage.contract(&id).await["Status"], "Draft");
    crate::shop::until("the janitor to ask", async || {
        stage.shop.clock.advance(domain::time::Span::seconds(30));
        (stage.contract(&id).await["Status"] == "Active").then_some(())
    })
    .await;
    assert_eq!(stage.taken(), 366);
    stage.shop.assert_all_is_well().await;
}
