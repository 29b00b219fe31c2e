//! Tickets are bought: by a card whose bank asks, by phone, and by a plain card.

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};

use super::{DEVICE, Event, PHONE, Tour};
use crate::commands::demo::client::status;

/// A card whose bank wants to know who pays.
const CARD_CHALLENGED: &str = "4000002760003184";

/// A card that pays.
const CARD: &str = "4242424242424242";

/// A card payment of so many krónur.
pub(super) fn card(number: &str, amount: i64) -> Value {
    json!({
        "amount": amount, "currency": "ISK",
        "paymentMethod": { "paymentType": "Card", "pan": number, "expYear": "2032",
            "expMonth": "12", "cvc": "123" },
    })
}

impl Tour {
    /// The handle and the scan code of four seats.
    pub(super) async fn buy_with_challenge(&self, reservation: &str) -> anyhow::Result<Value> {
        self.told.title("The seats are bought by a card whose bank asks who pays (3-D Secure)");
        let stand = self.cup.price("Stand")?;
        let total = stand.amount * 4;
        let started = self
            .client
            .ask(
                "/threeDSecure/start",
                json!({
                    "eventId": self.cup.id, "cardInfo": card(CARD_CHALLENGED, total),
                    "deviceId": DEVICE, "phoneVerificationNumber": self.phone_token,
                }),
            )
            .await?;
        ensure!(status(&started) == 202, "the bank did not ask: {}", started["message"]);
        self.told.came("the bank wants an answer; the fan says yes");
        let passed = self
            .client
            .post(
                "/threeDSecure/finish",
                json!({
                    "orderId": started["orderId"], "cres": "ok",
                    "deviceId": DEVICE, "phoneVerificationNumber": self.phone_token,
                }),
            )
            .await?;
        let mut order = self.order(&self.cup, stand.id, 4);
        order["seatReservationTokenId"] = json!(reservation);
        order["borgun3DFinalInfo"] = json!({
            "transactionType": "Sale", "amount": total * 100, "currency": "ISK",
            "orderId": started["orderId"],
            "paymentMethod": { "paymentType": passed["paymentType"],
                "token": passed["cardToken"] },
            "threeDSecure": { "dataType": "Token", "mpiToken": passed["mpiToken"] },
        });
        let bought = self.client.post("/ticketOrder", order).await?;
        let ticket = bought["ticketAndDetails"]["eventTicket"].clone();
        self.told.came(&format!(
            "paid ISK {total}; ticket {} is {}",
            ticket["id"],
            ticket["ticketStatus"].as_str().unwrap_or_default()
        ));
        Ok(ticket)
    }

    pub(super) async fn pay_by_phone(&self) -> anyhow::Result<()> {
        self.told.title("A ticket is paid by phone");
        let event = &self.league[0];
        let adult = event.price("Adult")?;
        let mut order = self.order(event, adult.id, 1);
        order["paymentPhoneNumber"] = json!(PHONE);
        let pending = self.client.ask("/ticketOrder", order).await?;
        ensure!(status(&pending) == 202, "the phone was not asked: {}", pending["message"]);
        self.told.came("the phone rings; the order waits, its place is held");
        let token = handle(&pending)?;
        let path = format!("/ticketOrder/status?ticketTokenId={token}");
        self.client.wait_for(&path, |answer| answer["ticketStatus"] == "Bought").await?;
        self.told.came("the payer said yes; the ticket is bought");
        Ok(())
    }

    /// Buys one admission by a plain card; answers with the ticket's handle.
    pub(super) async fn buy(&self, event: &Event, ticket_type: &str) -> anyhow::Result<String> {
        let price = event.price(ticket_type)?;
        let mut order = self.order(event, price.id, 1);
        order["cardInfo"] = card(CARD, price.amount);
        handle(&self.client.post("/ticketOrder", order).await?)
    }

    /// An order of one line that says nothing yet of how it is paid.
    pub(super) fn order(&self, event: &Event, ticket_type: i64, count: i64) -> Value {
        json!({
            "order": { "eventId": event.id },
            "orderDetails": [{ "eventSeriesOwnerTicketType": ticket_type, "count": count }],
            "deviceId": DEVICE, "phoneVerificationNumber": self.phone_token,
        })
    }
}

/// The handle of the ticket in an order's answer.
pub(super) fn handle(answer: &Value) -> anyhow::Result<String> {
    let handle = answer["ticketAndDetails"]["eventTicket"]["ticketTokenId"].as_str();
    handle.map(str::to_owned).context("the order has no handle")
}

/// A plain card payment.
pub(super) fn plain_card(amount: i64) -> Value {
    card(CARD, amount)
}
