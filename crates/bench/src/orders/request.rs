//! The bytes of one order.

use std::net::SocketAddr;

use super::catalogue::PRICE;

/// What an order must name, as one seller's catalogue numbers it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shop {
    /// The event with places for everybody.
    pub(crate) event: u32,
    /// The event with few places.
    pub(crate) hot_event: u32,
    /// The event with a single place.
    pub(crate) sold_out_event: u32,
    /// The ticket type that costs something.
    pub(crate) adult: u32,
    /// The ticket type that is free.
    pub(crate) child: u32,
    /// The caller's API key.
    pub(crate) key: String,
}

/// One order of one ticket.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Order {
    /// The event's number.
    pub(crate) event: u32,
    /// The ticket type's number.
    pub(crate) ticket_type: u32,
    /// What the card is said to be charged; none for an order without a card.
    pub(crate) amount: Option<u32>,
    /// Whether it has an idempotency key.
    pub(crate) keyed: bool,
}

impl Order {
    /// A ticket paid with the sandbox's approving card.
    pub(crate) fn paid(shop: &Shop) -> Order {
        Order { event: shop.event, ticket_type: shop.adult, amount: Some(PRICE), keyed: false }
    }

    /// A free ticket.
    pub(crate) fn free(shop: &Shop) -> Order {
        Order { event: shop.event, ticket_type: shop.child, amount: None, keyed: false }
    }

    /// The whole request. A key is a run of `#` that the load client fills.
    pub(crate) fn bytes(&self, shop: &Shop, address: SocketAddr) -> Vec<u8> {
        let body = self.body();
        let idempotency_key = if self.keyed { "Idempotency-Key: ################\r\n" } else { "" };
        let head = format!(
            "POST /ticketOrder HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\n\
             {idempotency_key}Content-Type: application/json\r\nAccept: application/json\r\n\
             Content-Length: {length}\r\n\r\n",
            key = shop.key,
            length = body.len(),
        );
        (head + &body).into_bytes()
    }

    fn body(&self) -> String {
        let (method, card) = match self.amount {
            Some(amount) => ("card", card_info(amount)),
            None => ("free", String::new()),
        };
        format!(
            concat!(
                r#"{{"order":{{"eventId":{event},"paymentMethodId":"{method}"}},"#,
                r#""orderDetails":[{{"eventSeriesOwnerTicketType":{ticket_type},"count":1}}],"#,
                r#"{card}"dontReturnTickets":false}}"#
            ),
            event = self.event,
            method = method,
            ticket_type = self.ticket_type,
            card = card,
        )
    }
}

fn card_info(amount: u32) -> String {
    format!(
        concat!(
            r#""cardInfo":{{"paymentMethod":{{"paymentType":"Card","pan":"4242424242424242","#,
            r#""expYear":"2030","expMonth":"12","cvc":"123"}},"amount":{amount},"#,
            r#""currency":"ISK"}},"#
        ),
        amount = amount,
    )
}
