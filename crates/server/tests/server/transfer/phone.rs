//! Tickets that go to another phone (`domain.md` §7.1).

use domain::audit::AuditEvent;
use serde_json::json;

use super::season::Season;
use crate::signing::App;
use crate::telephone::{Device, NUMBER};

#[tokio::test]
async fn a_ticket_goes_to_another_phone() {
    // Proves that the new ticket has the same place and price and other codes, that the old one is
    // dead, that its money can still go back, and that no place is lost.
    let season = Season::open().await;
    let mut order = season.order("home", "regular", 2);
    order["phoneVerificationNumber"] = json!("+3545550123");
    let bought = season.shop.order(&order).await;
    let give = json!({ "ticketTokenId": bought.token(), "toPhoneNumber": "555 0124" });
    let given = season.post("TransferTicket", &give).await.json();
    assert_eq!((&given["message"], &given["phoneNumber"]), (&json!("OK"), &json!("+3545550124")));
    let new = given["newTicketTokenId"].as_str().unwrap();
    assert_eq!(season.state(&bought.token()).await, "Transferred");
    assert_eq!(season.state(new).await, "Bought");
    let sales = season.shop.sales("hekla").await;
    let [old, sale] = &sales[..] else { panic!("{sales:?}") };
    assert_eq!(sale.buyer.original_phone.as_deref(), Some("+3545550123"));
    assert_eq!((sale.total, sale.fee, sale.paid(), old.paid()), (10_000, 500, 10_000, 0));
    let scan = json!({ "scanCode": bought.ticket()["scanCode"], "gate": "north" });
    let scanned = season.post("gate/scan", &scan).await.json();
    assert_eq!(scanned["admitted"], json!(false), "{scanned}");
    assert_eq!(season.shop.places("hekla").await, (0, 2));
    let audit = crate::audit::told(&season.shop).await;
    let told: Vec<_> = audit.iter().filter(|it| it.note.event == AuditEvent::TicketGiven).collect();
    assert_eq!((told.len(), told[0].note.by.as_str()), (1, "a test"));
    let (ticket, seller) = (old.id.0, old.shard.0);
    let detail = format!("ticket {ticket} of seller {seller} from +354*****23 to +354*****24");
    assert_eq!(told[0].note.detail, detail);
    let again = season.post("TransferTicket", &give).await;
    assert_eq!(again.code(), "AlreadyTransferred");
    let refund = json!({ "ticketTokenIds": [new], "reason": "a test" });
    let refunded = season.post("refund/process", &refund).await;
    assert_eq!(refunded.code(), "OK", "{}", refunded.text());
    assert_eq!(season.shop.places("hekla").await, (0, 0));
    crate::shop::until("the refund", async || {
        (season.state(new).await == "Refunded").then_some(())
    })
    .await;
    season.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn who_gives_a_ticket_away_keeps_no_key_to_it() {
    // Proves that the app that gave a ticket away is not told the new one's handle, by the answer
    // or its repeat, and that the app of the new owner finds it by the phone.
    let season = Season::open().await;
    let app = App::new(&season.shop).await;
    let giver = Device { shop: &season.shop, app: &app, name: "giver" };
    let taker = Device { shop: &season.shop, app: &app, name: "taker" };
    let token = giver.verified(NUMBER).await;
    let bought = giver.order(&token, &season.order("home", "regular", 1)).await.token();
    let give = json!({ "ticketTokenId": bought, "toPhoneNumber": "+3545550000" });
    let signed = giver.signed("TransferTicket", &token, &give);
    for _ in 0..2 {
        let given = giver.post("/TransferTicket", &signed).await.json();
        assert_eq!(given["phoneNumber"], "+3545550000", "{given}");
        assert!(given["newTicketTokenId"].is_null(), "{given}");
    }
    let token = taker.verified("+3545550000").await;
    let found = taker.send("/ticketOrder/find", "TicketOrderFind", &token, &json!({})).await;
    assert!(found.text().contains("\"Bought\""), "{}", found.text());
    assert_eq!(season.state(&bought).await, "Transferred");
}

#[tokio::test]
async fn not_every_ticket_goes() {
    // Proves who may give which ticket to whom.
    let season = Season::open().await;
    let token = season.buy("home", "regular", 1).await;
    let give = |token: &str, phone: &str| json!({ "ticketTokenId": token, "toPhoneNumber": phone });
    let wrong = season.post("TransferTicket", &give(&token, "no phone")).await;
    assert_eq!((wrong.status, wrong.fields()), (400, vec!["ToPhoneNumber".to_owned()]));
    let nobody = season.post("TransferTicket", &give("x", "5550124")).await;
    assert_eq!(nobody.code(), "TicketNotFound");
    let esja = season.shop.key(&["TeamAdmin"], &["esja"]).await;
    let denied = season.post_as(&esja, "TransferTicket", &give(&token, "5550124")).await;
    assert_eq!(denied.code(), "OwnerScopeDenied");
    let fixed = season.buy("home", "fixed", 1).await;
    let blocked = season.post("TransferTicket", &give(&fixed, "5550124")).await;
    assert_eq!(blocked.code(), "TransferBlocked");
    season.topup(&token).await;
    let locked = season.post("TransferTicket", &give(&token, "5550124")).await;
    assert_eq!(locked.code(), "TransferPending");
    let mut order = season.order("home", "regular", 1);
    order["phoneVerificationNumber"] = json!("+3545550124");
    let own = season.shop.order(&order).await.token();
    let same = season.post("TransferTicket", &give(&own, "5550124")).await;
    assert_eq!(same.code(), "ValidationFailed");
}
