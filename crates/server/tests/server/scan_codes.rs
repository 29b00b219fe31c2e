//! Codes that a gate checks without asking (`design.md` §8).

use domain::scan_code::{Admission, ScanError, check_code};
use serde_json::{Value, json};

use crate::client::Request;
use crate::order::paid;
use crate::shop::Shop;

/// The public key with this id, as `/health` tells it to gates.
fn public_key(health: &Value, id: u8) -> Option<[u8; 32]> {
    let keys = health["scan_code_keys"].as_array()?;
    let text = keys.iter().find(|key| key["id"] == id)?["public_key"].as_str()?;
    let pair = |index: usize| u8::from_str_radix(text.get(index * 2..index * 2 + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..32).map(pair).collect();
    bytes?.try_into().ok()
}

#[tokio::test]
async fn every_admission_has_a_genuine_code() {
    // Proves with the published key that each admission of an order of two lines has a code of
    // its own that names its sale, event and number, and that a changed code is found out.
    let shop = Shop::open().await;
    let health = shop.send(&Request::get("/health")).await.json();
    assert_eq!(health["status"], "ok");
    let mut order = paid(&shop, "match", "adult", 2);
    let child =
        json!({ "eventSeriesOwnerTicketType": shop.number("ticket_type", "child"), "count": 1 });
    order["orderDetails"].as_array_mut().unwrap().push(child);
    let answer = shop.order(&order).await;
    let ticket = answer.ticket();
    let lines = answer.json()["ticketAndDetails"]["eventTicketDetails"].clone();
    let of_line = |line: &Value| line["gateAccessCodes"].as_array().cloned().unwrap();
    let codes: Vec<Value> = lines.as_array().unwrap().iter().flat_map(of_line).collect();
    let codes: Vec<&str> = codes.iter().map(|code| code["code"].as_str().unwrap()).collect();
    let admissions: Vec<Admission> =
        codes.iter().map(|code| check_code(code, |id| public_key(&health, id)).unwrap()).collect();
    assert_eq!(admissions.iter().map(|found| found.number).collect::<Vec<_>>(), [1, 2, 3]);
    for found in &admissions {
        assert_eq!(json!(found.sale.0), ticket["id"]);
        assert_eq!(json!(found.event.0), ticket["eventId"]);
    }
    assert_eq!(
        (&ticket["scanCode"], &ticket["multipleScanCodes"]),
        (&json!(codes[0]), &json!(true))
    );
    let mut forged = codes[0].to_owned().into_bytes();
    forged[10] = if forged[10] == b'A' { b'B' } else { b'A' };
    let forged = String::from_utf8(forged).unwrap();
    assert_eq!(check_code(&forged, |id| public_key(&health, id)), Err(ScanError::Forged));
}
