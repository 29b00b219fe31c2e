//! The one request that is sent again and again: a whole, paid order.

use std::net::SocketAddr;

/// What an order must name.
#[derive(Clone, Debug)]
pub(super) struct Shop {
    /// The published number of the event.
    pub(super) event: u32,
    /// The published number of the ticket type.
    pub(super) ticket_type: u32,
    /// The caller's API key.
    pub(super) key: String,
}

/// The bytes of one order of one ticket, paid with the sandbox's approving card.
pub(super) fn order(shop: &Shop, address: SocketAddr) -> Vec<u8> {
    let body = format!(
        concat!(
            r#"{{"order":{{"eventId":{event},"paymentMethodId":"card"}},"#,
            r#""orderDetails":[{{"eventSeriesOwnerTicketType":{ticket_type},"count":1}}],"#,
            r#""cardInfo":{{"paymentMethod":{{"paymentType":"Card","pan":"4242424242424242","#,
            r#""expYear":"2030","expMonth":"12","cvc":"123"}},"amount":4000,"currency":"ISK"}},"#,
            r#""dontReturnTickets":false}}"#
        ),
        event = shop.event,
        ticket_type = shop.ticket_type,
    );
    let head = format!(
        "POST /ticketOrder HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\n\
         Content-Type: application/json\r\nAccept: application/json\r\n\
         Content-Length: {length}\r\n\r\n",
        key = shop.key,
        length = body.len(),
    );
    (head + &body).into_bytes()
}
