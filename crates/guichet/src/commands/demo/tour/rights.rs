//! Season cards and a team pass: bought, and used.

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};

use super::buying::plain_card;
use super::{DEVICE, Tour, whole};

/// The cards the tour bought.
pub(super) struct Cards {
    /// Ten free matches.
    season: i64,
    /// Store credit.
    prepaid: i64,
}

impl Tour {
    pub(super) async fn buy_cards(&self) -> anyhow::Result<Cards> {
        self.told.title("A season card and a prepaid card, in one payment");
        let owner = self.cup.owner;
        let listed = self.client.get(&format!("/OwnerCardTypes?ownerId={owner}")).await?;
        let (season, season_price) = card_type(&listed, "Season card")?;
        let (prepaid, prepaid_price) = card_type(&listed, "Prepaid card")?;
        let bought = self
            .client
            .post(
                "/OrderOwnerCards",
                json!({
                    "ownerCardTypeIds": [season, prepaid], "returnCards": true,
                    "cardInfo": plain_card(season_price + prepaid_price),
                    "holderName": "Anna Gestsdóttir", "holderEmail": "anna@example.org",
                    "deviceId": DEVICE, "phoneVerificationNumber": self.phone_token,
                }),
            )
            .await?;
        let cards = bought["cards"].as_array().cloned().unwrap_or_default();
        ensure!(cards.len() == 2, "{} cards came instead of 2", cards.len());
        self.told.came(&format!(
            "season card {}: {} free tickets",
            cards[0]["id"], cards[0]["currentAvailableTickets"]
        ));
        self.told.came(&format!(
            "prepaid card {}: ISK {} to spend",
            cards[1]["id"], cards[1]["currentStoreCredit"]
        ));
        let number = |card: &Value| card["id"].as_i64().context("a card has no number");
        Ok(Cards { season: number(&cards[0])?, prepaid: number(&cards[1])? })
    }

    pub(super) async fn use_cards(&self, cards: &Cards) -> anyhow::Result<()> {
        self.told.title("The cards are used");
        let event = &self.league[1];
        let adult = event.price("Adult")?;
        let mut free = self.order(event, adult.id, 2);
        free["order"]["freeTicketCardId"] = json!(cards.season);
        free["order"]["freeTicketFromTypeId"] = json!("ownerCard");
        let ticket = self.client.post("/ticketOrder", free).await?;
        let ticket = &ticket["ticketAndDetails"]["eventTicket"];
        ensure!(ticket["isFree"] == true, "the card did not make the tickets free");
        self.told.came(&format!("two free tickets for {}", event.name));
        let mut credit = self.order(event, adult.id, 2);
        credit["order"]["freeTicketCardId"] = json!(cards.prepaid);
        credit["order"]["freeTicketFromTypeId"] = json!("storeCredit");
        let ticket = self.client.post("/ticketOrder", credit).await?;
        let paid = whole(&ticket["ticketAndDetails"]["eventTicket"]["totalPaidForTicket"]);
        self.told.came(&format!("two tickets for ISK {paid} of the prepaid card's credit"));
        Ok(())
    }

    pub(super) async fn use_pass(&self) -> anyhow::Result<()> {
        self.told.title("A team pass");
        let path = format!("/teamPassTypes/Search?ownerId={}", self.cup.owner);
        let listed = self.client.get(&path).await?;
        let kind = listed["results"].as_array().and_then(|all| all.first()).cloned();
        let kind = kind.context("the club sells no pass")?;
        let price = whole(&kind["price"]);
        let bought = self
            .client
            .post(
                "/ticketOrder",
                json!({
                    "teamPass": { "id": kind["id"] }, "cardInfo": plain_card(price),
                    "deviceId": DEVICE, "phoneVerificationNumber": self.phone_token,
                }),
            )
            .await?;
        let pass = &bought["ticketAndDetails"]["eventTicket"]["teamPassId"];
        self.told.came(&format!("pass {pass} for ISK {price}"));
        let event = &self.league[2];
        let mut order = self.order(event, event.price("Adult")?.id, 1);
        order["order"]["teamPassId"] = pass.clone();
        self.client.post("/ticketOrder", order).await?;
        self.told.came(&format!("and a ticket by it for {}", event.name));
        Ok(())
    }
}

fn card_type(listed: &Value, name: &str) -> anyhow::Result<(i64, i64)> {
    let kinds = listed["results"].as_array().cloned().unwrap_or_default();
    let named = |kind: &&Value| kind["name"].as_str().is_some_and(|text| text.starts_with(name));
    let kind = kinds.iter().find(named).with_context(|| format!("the club sells no {name}"))?;
    let id = kind["id"].as_i64().context("a card type has no number")?;
    Ok((id, whole(&kind["price"])))
}
