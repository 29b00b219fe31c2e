//! Paying with several methods, over the wire: the worked cases and the answers of
//! `payments.md` §4.1 and §4.2.

use domain::money::{Currency, Money};
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
/// rows of the answer (status and approved amount), and what is taken in the end, in cents.
type Row = (&'static str, First, Cap, Cap, &'static [(&'static str, f64)], i64);

const ROWS: &[Row] = &[
    (
        "both approve",
        First::Card(OTHER_CARD),
        Some("1.00"),
        Some("2.00"),
        &[("StsSuccess", 1.0), ("StsSuccess", 2.0)],
        300,
    ),
    (
        "a part, and the rest below its cap",
        First::Gift(75),
        Some("1.00"),
        Some("3.00"),
        &[("PartialApproval", 0.75), ("StsSuccess", 2.25)],
        300,
    ),
    (
        "declined",
        First::Card(DECLINED),
        Some("1.00"),
        Some("3.00"),
        &[("StsDecline", 0.0), ("StsSuccess", 3.0)],
        300,
    ),
    (
        "a part, and the rest",
        First::Gift(75),
        Some("1.00"),
        None,
        &[("PartialApproval", 0.75), ("StsSuccess", 2.25)],
        300,
    ),
    (
        "a part, and a cap too low",
        First::Gift(75),
        Some("1.00"),
        Some("2.00"),
        &[("PartialApproval", 0.75), ("StsSuccess", 2.0)],
        0,
    ),
    ("the first pays all", First::Card(OTHER_CARD), None, None, &[("StsSuccess", 3.0)], 300),
    (
        "a cap above the price",
        First::Card(OTHER_CARD),
        Some("5.00"),
        None,
        &[("StsSuccess", 3.0)],
        300,
    ),
    (
        "a stolen card",
        First::Card(STOLEN),
        Some("1.00"),
        None,
        &[("HardDeclineAccount", 0.0), ("StsSuccess", 3.0)],
        300,
    ),
    (
        "an expired card",
        First::Card(EXPIRED),
        Some("1.00"),
        None,
        &[("HardDeclineExpiry", 0.0), ("StsSuccess", 3.0)],
        300,
    ),
    (
        "an empty gift card",
        First::Gift(0),
        Some("1.00"),
        None,
        &[("StsDecline", 0.0), ("StsSuccess", 3.0)],
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

#[tokio::test]
async fn worked_cases() {
    // Proves each case of the table: who is asked for what, what is answered, and that all is taken
    // or nothing.
    for (what, named, cap, preferred_cap, expected, taken) in ROWS {
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
