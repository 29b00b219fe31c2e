//! Every refusal that an order can meet (`domain.md` §9): what is sent and what is said. A refused
//! order changes nothing.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::client::{Answer, Request};
use crate::gate::Refusal;
use crate::order::{card, paid, unpaid};
use crate::shop::{Engine, Shop};

/// What is wrong with an order, its `statusCode`, its code, and how a good order becomes it.
type Row = (&'static str, u64, &'static str, fn(&Shop, &mut Value));

const LINES: &[Row] = &[
    ("no lines", 400, "NothingToOrder", |_, order| order["orderDetails"] = json!([])),
    ("lines left out", 400, "NothingToOrder", |_, order| {
        order.as_object_mut().unwrap().remove("orderDetails");
    }),
    ("none of it", 400, "NothingToOrder", |_, order| line(order)["count"] = json!(0)),
    ("less than none", 400, "NothingToOrder", |_, order| line(order)["count"] = json!(-1)),
    ("no type", 400, "TicketTypeRequired", |_, order| {
        line(order)["eventSeriesOwnerTicketType"] = json!(0);
    }),
    ("two types", 400, "TicketTypeAmbiguous", |shop, order| {
        line(order)["eventSeriesTicketType"] = json!(shop.number("ticket_type", "guest"));
    }),
    ("another club's type", 409, "TicketTypeNotAvailable", |shop, order| {
        line(order)["eventSeriesOwnerTicketType"] = json!(shop.number("ticket_type", "esja-adult"));
    }),
    ("a series' type as the club's", 409, "TicketTypeNotAvailable", |shop, order| {
        line(order)["eventSeriesOwnerTicketType"] = json!(shop.number("ticket_type", "guest"));
    }),
    ("a type nobody has", 409, "TicketTypeNotAvailable", |_, order| {
        line(order)["eventSeriesOwnerTicketType"] = json!(999_999);
    }),
    ("more than the type allows", 400, "TooManyTickets", |_, order| {
        line(order)["count"] = json!(11);
    }),
    ("more than the type allows, in two lines", 400, "TooManyTickets", |_, order| {
        line(order)["count"] = json!(6);
        let line = line(order).clone();
        order["orderDetails"].as_array_mut().unwrap().push(line);
    }),
    ("more than an order allows", 400, "TooManyTickets", |_, order| {
        line(order)["count"] = json!(i32::MAX);
    }),
    ("more than there are", 409, "SoldOut", |shop, order| {
        line(order)["eventSeriesOwnerTicketType"] = json!(shop.number("ticket_type", "few"));
        line(order)["count"] = json!(3);
    }),
    ("a second line that is sold out", 409, "SoldOut", |shop, order| {
        let few = shop.number("ticket_type", "few");
        let second = json!({ "eventSeriesOwnerTicketType": few, "count": 3 });
        order["orderDetails"].as_array_mut().unwrap().push(second);
    }),
    ("a holder too many", 400, "HolderCountMismatch", |_, order| {
        order["ticketHolders"] = json!({ "ticketHolders": [{ "name": "A" }, { "name": "B" }] });
    }),
    ("no holder", 400, "HolderInfoRequired", |shop, order| {
        line(order)["eventSeriesOwnerTicketType"] = json!(shop.number("ticket_type", "named"));
    }),
    ("half a holder", 400, "HolderInfoRequired", |shop, order| {
        line(order)["eventSeriesOwnerTicketType"] = json!(shop.number("ticket_type", "named"));
        order["ticketHolders"] = json!({ "ticketHolders": [{ "name": "Anna" }] });
    }),
    ("a special code", 404, "SpecialTicketInvalid", |_, order| {
        line(order)["specialTicketId"] = json!("VIP");
    }),
];

const PRICES: &[Row] = &[
    ("another price", 409, "PriceChanged", |_, order| line(order)["ticketPrice"] = json!(3999)),
    ("another line total", 409, "PriceChanged", |_, order| line(order)["totalPrice"] = json!(1)),
    ("another total", 409, "PriceChanged", |_, order| order["cardInfo"]["amount"] = json!(4001)),
    ("half a króna", 400, "InvalidAmount", |_, order| line(order)["ticketPrice"] = json!(4000.5)),
    ("half a króna to pay", 400, "InvalidAmount", |_, order| {
        order["cardInfo"]["amount"] = json!("4000.50");
    }),
    ("less than nothing", 400, "InvalidAmount", |_, order| {
        order["cardInfo"]["amount"] = json!(-4000);
    }),
    ("more money than there is", 400, "InvalidAmount", |_, order| {
        order["cardInfo"]["amount"] = json!("1000000000000000000");
    }),
    ("another currency", 400, "CurrencyMismatch", |_, order| {
        order["order"]["currency"] = json!("EUR");
    }),
    ("another currency of a line", 400, "CurrencyMismatch", |_, order| {
        line(order)["currency"] = json!("EUR");
    }),
    ("another currency to pay in", 400, "CurrencyMismatch", |_, order| {
        order["cardInfo"]["currency"] = json!("EUR");
    }),
    ("no currency", 400, "CurrencyMismatch", |_, order| {
        order["cardInfo"]["currency"] = json!("shells");
    }),
];

const PAYMENT: &[Row] = &[
    ("nothing to pay with", 400, "PaymentMethodRequired", |_, order| {
        order.as_object_mut().unwrap().remove("cardInfo");
    }),
    ("a card named and not sent", 400, "PaymentMethodRequired", |_, order| {
        order.as_object_mut().unwrap().remove("cardInfo");
        order["order"]["paymentMethodId"] = json!("card");
    }),
    ("card and phone", 400, "PaymentMethodAmbiguous", |_, order| {
        order["paymentPhoneNumber"] = json!("+3545550001");
    }),
    ("card and saved card", 400, "PaymentMethodAmbiguous", |_, order| {
        order["paymentCardId"] = json!(5);
    }),
    ("card called phone", 400, "PaymentMethodMismatch", |_, order| {
        order["order"]["paymentMethodId"] = json!("phone");
    }),
    ("card called free", 400, "PaymentMethodMismatch", |_, order| {
        order["order"]["paymentMethodId"] = json!("free");
    }),
    ("a type of payment nobody knows", 400, "PaymentMethodMismatch", |_, order| {
        method(order)["paymentType"] = json!("Shells");
    }),
    ("phone", 400, "PaymentMethodNotAvailable", |_, order| {
        order.as_object_mut().unwrap().remove("cardInfo");
        order["paymentPhoneNumber"] = json!("+3545550001");
    }),
    ("Apple Pay without its proof", 400, "ApplePayCryptogramMissing", |_, order| {
        order["applePayInfo"] = json!({ "orderId": "A1" });
    }),
    ("a saved card", 404, "PaymentCardNotFound", |_, order| {
        order.as_object_mut().unwrap().remove("cardInfo");
        order["paymentCardId"] = json!(5);
    }),
    ("a token of nobody", 404, "PaymentCardNotFound", |_, order| {
        order["cardInfo"]["paymentMethod"] = json!({ "paymentType": "TokenMulti", "token": "t" });
    }),
    ("a card to keep", 400, "SaveCardNotAllowed", |_, order| {
        order["cardInfo"]["saveCardToToken"] = json!(true);
    }),
    ("a digit mistyped", 400, "CardInvalid", |_, order| {
        method(order)["pan"] = json!("4242424242424241");
    }),
    ("no number", 400, "CardInvalid", |_, order| method(order)["pan"] = json!("")),
    ("letters", 400, "CardInvalid", |_, order| method(order)["pan"] = json!("forty-two")),
    ("no card at all", 400, "CardInvalid", |_, order| order["cardInfo"] = json!({})),
    ("last year's card", 400, "CardExpired", |_, order| method(order)["expYear"] = json!("2026")),
    ("last month's card", 400, "CardExpired", |_, order| {
        method(order)["expYear"] = json!("27");
        method(order)["expMonth"] = json!("4");
    }),
    ("a short code", 400, "CvcInvalid", |_, order| method(order)["cvc"] = json!("12")),
    ("a client's reference in small letters", 400, "ValidationFailed", |_, order| {
        order["cardInfo"]["orderId"] = json!("abc");
    }),
];

const OTHERS: &[Row] = &[
    ("an event nobody has", 404, "EventNotFound", |_, order| {
        order["order"]["eventId"] = json!(999_999);
    }),
    ("a signature", 403, "SignatureInvalid", |_, order| {
        order["signature"] = json!({ "systemId": "app", "signature": "00" });
    }),
    ("a team pass to buy", 409, "TeamPassNotValid", |_, order| {
        order["teamPass"] = json!({ "id": 1 });
    }),
    ("a team pass to use", 409, "TeamPassNotValid", |_, order| {
        order["order"]["teamPassId"] = json!(1);
    }),
    ("an owner card", 404, "OwnerCardNotFound", |_, order| {
        order["order"]["freeTicketCardId"] = json!(1);
    }),
    ("a reservation", 404, "ReservationNotFound", |_, order| {
        order["seatReservationTokenId"] = json!("seats");
    }),
    ("a reservation inside", 404, "ReservationNotFound", |_, order| {
        order["order"]["seatsReservationId"] = json!("seats");
    }),
];

/// Events that cannot be ordered for, by slug.
const CLOSED: &[(&str, u64, &str)] = &[
    ("switched-off", 409, "EventNotActive"),
    ("postponed", 409, "EventPostponed"),
    ("over", 409, "EventOver"),
    ("not-yet", 409, "SaleNotActive"),
    ("no-more", 409, "SaleNotActive"),
    ("sleeping", 409, "SaleNotActive"),
    ("suspended", 409, "SaleSuspended"),
    ("hidden", 403, "AccessCodeRequired"),
];

/// Cards that the sandbox declines (`payments.md` §5.5), and what the buyer is told.
const DECLINED: &[(&str, u64, &str)] = &[
    ("4000000000000002", 402, "PaymentDeclined"),
    ("4000000000009995", 402, "InsufficientFunds"),
    ("4000000000000069", 400, "CardExpired"),
    // Why a card was blocked is not told.
    ("4000000000009979", 402, "PaymentDeclined"),
    ("4000002760003184", 402, "AuthenticationRequired"),
    // A gift card without any money.
    ("6006491234567891", 402, "InsufficientFunds"),
];

fn line(order: &mut Value) -> &mut Value {
    &mut order["orderDetails"][0]
}

fn method(order: &mut Value) -> &mut Value {
    &mut order["cardInfo"]["paymentMethod"]
}

fn assert_refused(what: &str, answer: &Answer, status_code: u64, code: &str) {
    assert_eq!(answer.status, 200, "{what}: {}", answer.text());
    let told = (answer.status_code(), answer.code());
    assert_eq!(told, (status_code, code.to_owned()), "{what}: {}", answer.text());
    assert!(answer.ticket().is_null(), "{what}");
    let message = answer.json()["message"].as_str().unwrap().to_owned();
    assert!(message.len() > code.len() + 10, "{what}: a sentence is missing in {message}");
}

/// The codes that orders of tickets are seen to be told by the tables of this file.
pub(crate) fn codes() -> Vec<&'static str> {
    let tables = [LINES, PRICES, PAYMENT, OTHERS];
    let rows = tables.iter().flat_map(|rows| rows.iter().map(|row| row.2));
    rows.chain(CLOSED.iter().map(|row| row.2)).collect()
}

async fn check_rows(rows: &[Row]) {
    let shop = Shop::open().await;
    let before = shop.traces().await;
    for (what, status_code, code, change) in rows {
        let mut order = paid(&shop, "match", "adult", 1);
        change(&shop, &mut order);
        assert_refused(what, &shop.order(&order).await, *status_code, code);
        assert_eq!(shop.traces().await, before, "{what}");
    }
}

#[tokio::test]
async fn wrong_lines_are_refused() {
    // Proves the codes of lines, types, counts and holders.
    check_rows(LINES).await;
}

#[tokio::test]
async fn wrong_prices_are_refused() {
    // Proves that a price the client sent is a guard, and that no amount is bent to fit.
    check_rows(PRICES).await;
}

#[tokio::test]
async fn wrong_means_of_paying_are_refused() {
    // Proves the codes of cards that no gateway need see.
    check_rows(PAYMENT).await;
}

#[tokio::test]
async fn things_that_are_not_sold_are_refused() {
    // Proves the codes of passes, cards, reservations, signatures and unknown events.
    check_rows(OTHERS).await;
}

#[tokio::test]
async fn closed_events_are_refused() {
    // Proves the code of every reason for which an event is not on sale.
    let shop = Shop::open().await;
    let before = shop.traces().await;
    for (event, status_code, code) in CLOSED {
        let answer = shop.order(&paid(&shop, event, "adult", 1)).await;
        assert_refused(event, &answer, *status_code, code);
    }
    assert_eq!(shop.traces().await, before);
}

#[tokio::test]
async fn the_order_is_judged_before_its_card() {
    // Proves the order of checks: what is wrong with the order itself is said first.
    let shop = Shop::open().await;
    for (event, ticket_type, count, code) in
        [("over", "adult", 1, "EventOver"), ("match", "few", 0, "NothingToOrder")]
    {
        let mut order = unpaid(&shop, event, ticket_type, count);
        order["cardInfo"] = card("4242424242424241");
        assert_eq!(shop.order(&order).await.code(), code);
    }
    for (pointer, price) in [("/orderDetails/0/ticketPrice", 0.5), ("/cardInfo/amount", 0.5)] {
        let mut order = paid(&shop, "over", "adult", 1);
        order["orderDetails"][0]["ticketPrice"] = json!(0);
        order["cardInfo"]["amount"] = json!(0);
        *order.pointer_mut(pointer).unwrap() = json!(price);
        assert_eq!(shop.order(&order).await.code(), "EventOver", "{pointer}");
    }
    let mut free = unpaid(&shop, "match", "child", 1);
    free["cardInfo"] = card("4242424242424241");
    assert_eq!(shop.order(&free).await.code(), "OK", "a card beside nothing to pay is ignored");
}

#[tokio::test]
async fn declined_cards_give_their_places_back() {
    // Proves what the buyer is told of each decline, that no money moved, and that the places
    // are free again.
    let shop = Shop::open().await;
    for (number, status_code, code) in DECLINED {
        let mut order = unpaid(&shop, "match", "few", 2);
        order["cardInfo"] = card(number);
        assert_refused(number, &shop.order(&order).await, *status_code, code);
        assert_eq!(shop.places("hekla").await, (0, 0), "{number}");
    }
    assert!(shop.charges().is_empty());
    shop.assert_all_is_well().await;
    let answer = shop.order(&paid(&shop, "match", "few", 2)).await;
    assert_eq!(answer.code(), "OK", "the last two places can still be sold");
}

#[tokio::test]
async fn a_gateway_out_of_reach_is_told() {
    // Proves 502 both for a gateway that nobody set up and for one that took no call.
    let shop = Shop::with(Engine::Memory, |_| Arc::new(Refusal::new())).await;
    for (event, ticket_type) in [("dark", "faxi-adult"), ("match", "adult")] {
        let answer = shop.order(&paid(&shop, event, ticket_type, 1)).await;
        assert_refused(event, &answer, 502, "GatewayUnavailable");
    }
    assert_eq!(shop.places("hekla").await, (0, 0));
    shop.assert_all_is_well().await;
}

#[tokio::test]
async fn handles_of_nobody_lead_nowhere() {
    // Proves that status and review tell nothing about tickets that are not there, and that a
    // bought ticket needs no review.
    let shop = Shop::open().await;
    let sold = shop.order(&paid(&shop, "match", "adult", 1)).await.token();
    let mut mistyped = sold.clone().into_bytes();
    mistyped[20] = if mistyped[20] == b'A' { b'B' } else { b'A' };
    let mistyped = String::from_utf8(mistyped).unwrap();
    for token in ["", "nonsense", &mistyped, &"A".repeat(5_000)] {
        let answer = shop.status(token).await;
        assert_eq!((answer.status_code(), answer.code()), (404, "TicketNotFound".to_owned()));
        assert_eq!(review(&shop, token).await.code(), "TicketNotFound");
    }
    let answer = review(&shop, &sold).await;
    assert_eq!((answer.status_code(), answer.code()), (409, "NotUnderReview".to_owned()));
    assert_eq!(shop.status(&sold).await.json()["ticketStatus"], "Bought");
}

async fn review(shop: &Shop, token: &str) -> Answer {
    let body = json!({ "ticketTokenId": token, "verdict": "NotCharged" });
    shop.send(&Request::post("/ticketOrder/review.json").key(&shop.admin).json(&body)).await
}
