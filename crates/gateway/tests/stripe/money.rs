//! Money as it goes over the wire (`payments.md` §2.6).

use domain::attempt::CallResult;
use gateway::Gateway as _;
use serde_json::json;

use crate::fake::Fault;
use crate::support::{Till, kind, request, token};

/// Proves the number that each kind of currency is sent as, and that an amount which Stripe has
/// no number for is not sent.
#[tokio::test]
async fn amounts_are_sent_in_stripes_unit() {
    let check = async |currency: &str, amount: i64, expected: Option<&str>| {
        let till = Till::open().await;
        let asked = request("att_1", amount, currency);
        let result = till.gateway.sale(&asked, &token("tok_visa")).await;
        let sent = till.requests();
        match expected {
            Some(expected) => {
                assert!(matches!(result, CallResult::Approved(_)), "{currency}: {result:?}");
                let told = format!("amount={expected}&currency={}&", currency.to_lowercase());
                assert!(sent[0].contains(&told), "{}", sent[0]);
            }
            None => {
                assert_eq!(kind(&result), "not executed", "{currency}");
                assert_eq!(sent, Vec::<String>::new());
            }
        }
    };
    check("ISK", 5_000, Some("500000")).await;
    check("ISK", 1, Some("100")).await;
    check("JPY", 5_000, Some("5000")).await;
    check("EUR", 1_999, Some("1999")).await;
    check("BHD", 12_340, Some("12340")).await;
    check("BHD", 12_345, None).await;
    check("ISK", i64::MAX, None).await;
}

/// Proves that the stand-in refuses what Stripe refuses, so that the test above can fail: a
/// fraction of a króna.
#[tokio::test]
async fn a_fraction_of_a_krona_is_refused() {
    let till = Till::open().await;
    let client = gateway::client::Client::new(
        &crate::support::settings(&format!("http://{}", till.fake.address)).client,
    )
    .expect("the address is good");
    let form = [("amount", "550"), ("currency", "isk")];
    let message = gateway::client::Message::post("/v1/payment_intents").form(&form);
    let answer = client.send(message.header("authorization", "Bearer sk_test_1")).await;
    let answer = answer.expect("it answers");
    assert_eq!(answer.status, 400);
    let body: serde_json::Value = answer.json().expect("it is JSON");
    assert_eq!(body["error"]["code"], "invalid_charge_amount_no_decimal_compatible");
}

/// Proves that an approval of another amount or currency is not taken for ours.
#[tokio::test]
async fn another_amount_is_unknown() {
    for (amount, currency) in [(499_900, "isk"), (5_000, "isk"), (500_000, "eur")] {
        let till = Till::open().await;
        let body = json!({
            "id": "pi_1", "status": "succeeded", "amount": amount, "currency": currency,
        });
        till.fake.breaks("confirm", Fault::Answer(200, body));
        let result = till.sale("att_1", &token("tok_visa")).await;
        assert_eq!(kind(&result), "unknown", "{amount} {currency}");
    }
}
