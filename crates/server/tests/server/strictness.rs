//! What cannot be read is never guessed: HTTP 400 names the member (`design.md` §4).

use serde_json::{Value, json};

use crate::client::Request;
use crate::order::{jsv, paid, parameters};
use crate::shop::Shop;

/// Where a value is put, the value, the member that must be named.
const ROWS: &[(&str, &str, &str)] = &[
    ("/cardInfo/amount", "1,50", "CardInfo.Amount"),
    ("/cardInfo/amount", "150 EUR", "CardInfo.Amount"),
    ("/cardInfo/amount", "0x96", "CardInfo.Amount"),
    ("/cardInfo/amount", "1.2.3", "CardInfo.Amount"),
    ("/cardInfo/amount", "NaN", "CardInfo.Amount"),
    ("/orderDetails/0/count", "abc", "OrderDetails[0].Count"),
    ("/orderDetails/0/count", "1e3", "OrderDetails[0].Count"),
    ("/orderDetails/0/count", "1.5", "OrderDetails[0].Count"),
    ("/orderDetails/0/count", "99999999999", "OrderDetails[0].Count"),
    ("/orderDetails/0/count", "one", "OrderDetails[0].Count"),
    ("/orderDetails/0/ticketPrice", "1,500", "OrderDetails[0].TicketPrice"),
    (
        "/orderDetails/0/eventSeriesOwnerTicketType",
        "7a",
        "OrderDetails[0].EventSeriesOwnerTicketType",
    ),
    ("/order/eventId", "the match", "Order.EventId"),
    ("/order/timestampBought", "yesterday", "Order.TimestampBought"),
    ("/order/timestampBought", "2027-13-45", "Order.TimestampBought"),
    ("/cardInfo/transActionDate", "32/13/2027", "CardInfo.TransActionDate"),
    ("/cardInfo/saveCardToToken", "maybe", "CardInfo.SaveCardToToken"),
    ("/requestUnixUTCTimeStamp", "now", "RequestUnixUTCTimeStamp"),
    ("/paymentCardId", "mine", "PaymentCardId"),
    ("/dontReturnTickets", "maybe", "DontReturnTickets"),
];

fn order_with(shop: &Shop, pointer: &str, value: Value) -> Value {
    let mut order = paid(shop, "concert", "balcony", 1);
    let (parent, member) = pointer.rsplit_once('/').unwrap();
    order.pointer_mut(parent).unwrap()[member] = value;
    order
}

async fn check(shop: &Shop, what: &str, request: Request, field: &str) {
    let answer = shop.send(&request.key(&shop.admin).accept("application/json")).await;
    assert_eq!(answer.status, 400, "{what}: {}", answer.text());
    assert_eq!(answer.fields(), [field], "{what}: {}", answer.text());
}

#[tokio::test]
async fn what_cannot_be_read_is_named() {
    // Proves for each format that a text which is no number, date or flag is refused with its
    // member, and that nothing is sold or charged.
    let shop = Shop::open().await;
    let before = shop.traces().await;
    for (pointer, value, field) in ROWS {
        let order = order_with(&shop, pointer, json!(value));
        let post = || Request::post("/ticketOrder");
        let what = |format: &str| format!("{pointer} = {value} in {format}");
        check(&shop, &what("JSON"), post().json(&order), field).await;
        check(&shop, &what("JSV"), post().body("text/jsv", jsv(&order)), field).await;
        let form = "application/x-www-form-urlencoded";
        check(&shop, &what("a form"), post().body(form, parameters(&order)), field).await;
    }
    assert_eq!(shop.traces().await, before);
}

#[tokio::test]
async fn numbers_of_json_are_as_strict_as_texts() {
    // Proves that a bare number is no way around: no fraction, no exponent, no overflow.
    let shop = Shop::open().await;
    for count in ["1.5", "1e3", "99999999999", "true", "{}", "[1]"] {
        let marked = order_with(&shop, "/orderDetails/0/count", json!("MARK")).to_string();
        let body = marked.replace("\"MARK\"", count);
        let request = Request::post("/ticketOrder").body("application/json", body);
        check(&shop, count, request, "OrderDetails[0].Count").await;
    }
}

#[tokio::test]
async fn all_wrong_members_are_named_together() {
    // Proves that a client sees every member it must mend, from the wire and from the rules.
    let shop = Shop::open().await;
    let mut order = order_with(&shop, "/cardInfo/amount", json!("much"));
    order["orderDetails"][0]["count"] = json!("many");
    let answer = shop.order(&order).await;
    let mut fields = answer.fields();
    fields.sort();
    assert_eq!(fields, ["CardInfo.Amount", "OrderDetails[0].Count"]);

    let mut order = paid(&shop, "match", "adult", 1);
    order["appMetaData"] = json!("x".repeat(4_001));
    order["deviceId"] = json!("bell\u{7}");
    order["ticketHolders"] = json!({ "ticketHolders": [{ "name": "x".repeat(101) }] });
    order["order"]["eventId"] = json!(0);
    let answer = shop.order(&order).await;
    let mut fields = answer.fields();
    fields.sort();
    let expected =
        ["AppMetaData", "DeviceId", "Order.EventId", "TicketHolders.TicketHolders[0].Name"];
    assert_eq!((answer.status, fields), (400, expected.map(str::to_owned).to_vec()));
}

#[tokio::test]
async fn lists_have_limits() {
    // Proves that lines and holders beyond the limits are refused by name.
    let shop = Shop::open().await;
    let mut order = paid(&shop, "match", "adult", 1);
    let line = order["orderDetails"][0].clone();
    order["orderDetails"] = json!(vec![line; 21]);
    assert_eq!(shop.order(&order).await.fields(), ["OrderDetails"]);
    let mut order = paid(&shop, "match", "adult", 1);
    order["ticketHolders"] = json!({ "ticketHolders": vec![json!({ "name": "A" }); 51] });
    assert_eq!(shop.order(&order).await.fields(), ["TicketHolders.TicketHolders"]);
}

#[tokio::test]
async fn two_members_for_one_thing_must_agree() {
    // Proves that the copy inside `order` is a guard, never a silent second opinion.
    let shop = Shop::open().await;
    let mut order = paid(&shop, "match", "adult", 1);
    order["deviceId"] = json!("one");
    order["order"]["deviceId"] = json!("another");
    assert_eq!(shop.order(&order).await.fields(), ["Order.DeviceId"]);
    order["order"]["deviceId"] = json!("one");
    assert_eq!(shop.order(&order).await.code(), "OK");
    let mut order = paid(&shop, "match", "adult", 1);
    order["order"]["deviceId"] = json!("one");
    order["order"]["phoneVerificationNumber"] = json!("+3545550123");
    let fields = shop.order(&order).await.fields();
    assert_eq!(fields, ["Order.DeviceId", "Order.PhoneVerificationNumber"], "inside alone");
    order["order"]["deviceId"] = json!(" ");
    order["order"]["phoneVerificationNumber"] = json!("");
    assert_eq!(shop.order(&order).await.code(), "OK", "nothing is sent");
}

/// Members of an order that stand on one line wherever they are shown.
const LINES: &[(&str, &str)] = &[
    ("/deviceId", "DeviceId"),
    ("/order/freeTicketFromId", "Order.FreeTicketFromId"),
    ("/ticketHolders/ticketHolders/0/name", "TicketHolders.TicketHolders[0].Name"),
    (
        "/ticketHolders/ticketHolders/0/fullPhoneNumber",
        "TicketHolders.TicketHolders[0].FullPhoneNumber",
    ),
    ("/ticketHolders/ticketHolders/0/holderId", "TicketHolders.TicketHolders[0].HolderId"),
];

#[tokio::test]
async fn texts_of_an_order_are_one_line() {
    // Proves that nothing that is printed on tickets and in lists can add a line to them, and that
    // an app's own text may have several.
    let shop = Shop::open().await;
    let before = shop.traces().await;
    let good = || {
        let mut order = paid(&shop, "match", "adult", 1);
        order["deviceId"] = json!("phone");
        order["order"]["freeTicketFromId"] = json!("1");
        let holder =
            json!({ "name": "A", "fullPhoneNumber": "+3545550123", "holderId": "010130-2989" });
        order["ticketHolders"] = json!({ "ticketHolders": [holder] });
        order
    };
    for (pointer, field) in LINES {
        for text in ["a\nb", "a\tb", "a\u{202e}b"] {
            let mut order = good();
            *order.pointer_mut(pointer).unwrap() = json!(text);
            assert_eq!(shop.order(&order).await.fields(), [*field], "{text:?}");
        }
    }
    assert_eq!(shop.traces().await, before);
    let mut order = good();
    order["appMetaData"] = json!("a\nb");
    assert_eq!(shop.order(&order).await.code(), "OK");
}
