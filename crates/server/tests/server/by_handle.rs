//! Whose ticket a handle opens, when the app shows it.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::client::Answer;
use crate::order::paid;
use crate::post_office::{Mood, PostOffice};
use crate::shop::Shop;
use crate::signing::App;
use crate::telephone::{Device, NUMBER};

/// Path and name of what hands out or sends away, and what the handle is called there.
const BY_HANDLE: [(&str, &str, &str); 4] = [
    ("/ticketOrder/document", "TicketOrderDocument", "ticketTokenId"),
    ("/ticketOrder/mail", "TicketOrderMail", "ticketTokenId"),
    ("/ticketOrder/find", "TicketOrderFind", "ticketTokenId"),
    ("/OrderOwnerCards/status", "OwnerCardsOrderStatus", "orderTokenId"),
];

/// What an answer refuses with, as a result or as an error of HTTP; nothing when it does not.
fn refused(answer: &Answer) -> String {
    match answer.header("content-type") {
        Some("application/pdf") => String::new(),
        _ if answer.status != 200 => answer.error().1,
        _ => Some(answer.code()).filter(|code| code != "OK").unwrap_or_default(),
    }
}

fn asked(member: &str, handle: &str) -> Value {
    json!({ member: handle, "format": "pdf", "email": "thief@example.org", "deviceId": "phone" })
}

#[tokio::test]
async fn a_handle_alone_opens_nothing_in_the_app() {
    // Proves that whoever has the app's key and a handle gets, and sends, no ticket: not without
    // a signature, not without a phone, and not with a phone that the ticket does not belong to.
    // Its owner does, and a client that knows nothing but the handle may ask for its state.
    let office = PostOffice::open(Mood::Takes).await;
    let shop = Shop::mailing(Arc::new(office.way())).await;
    let app = App::new(&shop).await;
    let owner = Device { shop: &shop, app: &app, name: "phone" };
    let thief = Device { shop: &shop, app: &app, name: "thief" };
    let (token, stolen) = (owner.verified(NUMBER).await, thief.verified("+3545550000").await);
    let bought = owner.order(&token, &paid(&shop, "match", "adult", 1)).await;
    let handle = bought.token();
    for (path, operation, member) in BY_HANDLE {
        let body = asked(member, &handle);
        let bare = owner.post(path, &body).await;
        assert_eq!(refused(&bare), "SignatureInvalid", "{operation}: {}", bare.text());
        let nobody = owner.send(path, operation, "", &body).await;
        assert_eq!(refused(&nobody), "PhoneVerificationRequired", "{operation}");
        let other = thief.send(path, operation, &stolen, &body).await;
        assert_eq!(refused(&other), "TicketNotFound", "{operation}: {}", other.text());
    }
    for (path, operation, member) in &BY_HANDLE[..3] {
        let own = owner.send(path, operation, &token, &asked(member, &handle)).await;
        assert_eq!(refused(&own), "", "{operation}: {}", own.text());
    }
    let state = owner.post("/ticketOrder/status", &json!({ "ticketTokenId": handle })).await;
    assert_eq!(state.json()["ticketStatus"], "Bought", "{}", state.text());
}
