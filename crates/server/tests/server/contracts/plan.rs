//! What a plan costs is what its sale takes (`payments.md` §4.4).

use serde_json::{Value, json};

use super::stage::Stage;

fn path(stage: &Stage, package: &str, plan: &str, query: &str) -> String {
    let (package, plan) =
        (stage.number("package", package), stage.number("plan", &format!("{package}/{plan}")));
    let store = stage.number("store", "north");
    format!("/sales/packages/{package}/installments/calculate/{plan}?StoreId={store}{query}")
}

#[tokio::test]
async fn members_of_the_answer() {
    // Proves every member of the calculation on one package with fees, tax and a discount.
    let stage = Stage::open().await;
    let path = path(&stage, "gold", "monthly", "&StartDate=2027-05-31&PromoCode=summer");
    let answer = stage.send("GET", &path, &Value::Null).await.json();
    let told = |name: &str| answer[name].as_f64().unwrap_or_else(|| panic!("{name}: {answer}"));
    assert_eq!((told("SubTotal"), told("TaxRate")), (108.0, 24.0));
    assert_eq!((told("EnhancementFee"), told("EnhancementFeeTaxAmount")), (5.0, 0.0));
    assert_eq!((told("Tax"), told("PlanTotal")), (28.32, 151.32));
    assert_eq!(told("TotalDueToday"), 23.56);
    assert_eq!(
        (&answer["TaxEnhFee"], &answer["IsEvergreen"], &answer["RequirePaymentProfile"]),
        (&json!(false), &json!(false), &json!(false))
    );
    let payments = answer["Payments"].as_array().unwrap();
    assert_eq!(payments.len(), 12);
    let due = |index: usize| payments[index]["DueDate"].as_str().unwrap()[..10].to_owned();
    assert_eq!(
        (due(0), due(1), due(9)),
        ("2027-05-31".into(), "2027-06-30".into(), "2028-02-29".into())
    );
    assert_eq!((&payments[0]["PayToday"], &payments[1]["PayToday"]), (&json!(true), &json!(false)));
    assert_eq!((&payments[1]["Amount"], &payments[1]["Total"]), (&json!(9.00), &json!(11.16)));
    let fee = &answer["Fees"][0];
    assert_eq!((&fee["FeeName"], &fee["SetupFeeId"]), (&json!("Joining"), &json!(1)));
    assert_eq!((&fee["Taxed"], &fee["TaxAmount"]), (&json!(true), &json!(2.40)));
}

#[tokio::test]
async fn what_is_told_is_taken() {
    // Proves that the total due today of each plan is the amount that its sale asks for.
    let stage = Stage::open().await;
    for (package, plan) in [("gold", "monthly"), ("gold", "forever"), ("choice", "one")] {
        let path = path(&stage, package, plan, "");
        let answer = stage.send("GET", &path, &Value::Null).await.json();
        let mut body = stage.three();
        body["PackageId"] = json!(stage.number("package", package));
        body["InstallmentId"] = json!(stage.number("plan", &format!("{package}/{plan}")));
        body["PaymentAmount"] = answer["TotalDueToday"].clone();
        stage.sold(&body).await;
    }
}

#[tokio::test]
async fn plans_are_refused() {
    // Proves the refusals of the calculation; what it has in common with the sale is told alike.
    let stage = Stage::open().await;
    let gold = |query: &str| path(&stage, "gold", "monthly", query);
    let other = stage.number("plan", "three/once");
    let package = stage.number("package", "gold");
    let north = stage.number("store", "north");
    let calculate = |package: u32, plan: u32, store: u32| {
        format!("/sales/packages/{package}/installments/calculate/{plan}?StoreId={store}")
    };
    let rows = [
        (gold("&StartDate=2028-06-01"), 400, "StartDateOutOfRange"),
        (gold("&PromoCode=NOTHING"), 400, "PromoCodeInvalid"),
        (gold("&PromoCode=OLD"), 400, "PromoCodeExpired"),
        (gold("&PromoCode=SOON"), 400, "PromoCodeNotApplicable"),
        (gold("&PromoCode=KRONUR"), 400, "PromoCodeNotApplicable"),
        (gold("&ChainId=99"), 403, "ChainMismatch"),
        (calculate(package, other, north), 400, "InstallmentPlanInvalid"),
        (calculate(99_999, other, north), 404, "PackageNotFound"),
        (calculate(package, 0, 99_999), 404, "StoreNotFound"),
        (calculate(stage.number("package", "over"), 0, north), 409, "PackageNotSellable"),
        (calculate(stage.number("package", "choice"), 0, north), 400, "InstallmentPlanRequired"),
    ];
    for (path, status, code) in rows {
        let answer = stage.send("GET", &path, &Value::Null).await;
        let told = answer.json()["ResponseStatus"]["ErrorCode"].clone();
        assert_eq!((answer.status, told), (status, json!(code)), "{path}");
    }
}
