//! Tickets move: to a dearer place with the difference paid, to a cheaper one with it returned.

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};

use super::buying::plain_card;
use super::{Event, Tour};
use crate::commands::demo::client::status;

impl Tour {
    pub(super) async fn move_up(&self) -> anyhow::Result<()> {
        self.told.title("A ticket moves up, and its holder pays the difference");
        let (from, to) = (&self.league[0], &self.league[1]);
        let token = self.buy(from, "Youth").await?;
        let asked = self.transfer(&token, to, "Adult").await?;
        ensure!(status(&asked) == 202, "no difference was asked for: {}", asked["message"]);
        let topup = &asked["topup"];
        self.told.came(&format!(
            "ISK {} to pay at {}",
            topup["amountIsk"],
            topup["paymentLinkUrl"].as_str().unwrap_or_default()
        ));
        let amount = super::whole(&topup["amountIsk"]);
        let session = &topup["sessionToken"];
        let started = json!({ "sessionToken": session, "cardInfo": plain_card(amount) });
        let started = self.client.post("/transferTicket/startTopup3DSecure", started).await?;
        let paid = self
            .client
            .post(
                "/transferTicket/payTopupWith3DSecure",
                json!({
                    "sessionToken": session, "borgunCardToken": started["cardToken"],
                    "borgunMpiToken": started["mpiToken"], "amountMinor": amount * 100,
                    "currency": "ISK",
                }),
            )
            .await?;
        ensure!(paid["newTicketTokenId"].is_string(), "no new ticket came: {}", paid["message"]);
        self.told.came(&format!("paid; the new ticket is for {}", to.name));
        Ok(())
    }

    pub(super) async fn move_down(&self) -> anyhow::Result<()> {
        self.told.title("A ticket moves down, and the difference goes back");
        let token = self.buy(&self.league[0], "Adult").await?;
        let moved = self.transfer(&token, &self.league[1], "Youth").await?;
        ensure!(status(&moved) == 200, "it did not move: {}", moved["message"]);
        self.told.came(&format!(
            "{}: ISK {} back to the card ({})",
            moved["direction"].as_str().unwrap_or_default(),
            moved["refund"]["amountIsk"],
            moved["refund"]["instruction"].as_str().unwrap_or_default()
        ));
        Ok(())
    }

    /// Asks what it costs and then for the move at that price, as an operator does.
    async fn transfer(&self, token: &str, to: &Event, name: &str) -> anyhow::Result<Value> {
        let ticket_type = to.price(name)?.id;
        let asked = json!({ "ticketTokenId": token, "toEventId": to.id,
            "toOwnerTicketTypeId": ticket_type });
        let quote = self.client.post("/transferTicket/quote", asked.clone()).await?;
        let mut request = asked;
        request["expectedPriceDifference"] = quote["priceDifference"].clone();
        request["reason"] = json!("the tour moves a ticket");
        self.client.ask("/TransferTicketToEvent", request).await.context("the move failed")
    }
}
