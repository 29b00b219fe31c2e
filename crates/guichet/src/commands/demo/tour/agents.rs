//! What an agency does: an order is placed, and paid once: with the second card, after a decline.

use anyhow::ensure;
use serde_json::{Value, json};

use super::Tour;

/// A card that is declined.
const CARD_DECLINED: &str = "4000000000000002";

/// A card that pays.
pub(super) const CARD: &str = "4242424242424242";

impl Tour {
    pub(super) async fn pay_order(&self) -> anyhow::Result<()> {
        self.told.title("An agency sells a week in the highlands");
        let order = self.shops.place_order(&self.client).await?;
        let opened = self.pay(&order, None).await?;
        let secret = opened["ClientSecret"].is_string();
        ensure!(secret, "the payment was not opened: {opened}");
        self.told.came("a payment is opened, and its secret is for the customer's browser");
        let declined = self.pay(&order, Some(CARD_DECLINED)).await?;
        self.told.came(&format!("a card: {}", declined["Message"].as_str().unwrap_or_default()));
        let paid = self.pay(&order, Some(CARD)).await?;
        ensure!(paid["PaymentSuccess"] == true, "the order was not paid: {paid}");
        let payment = &paid["CustomerPayment"];
        let (amount, card) = (payment["Amount"].as_str(), payment["CardNumber"].as_str());
        let (amount, card) = (amount.unwrap_or_default(), card.unwrap_or_default());
        self.told.came(&format!("another one: ISK {amount} with {card}"));
        let again = self.pay(&order, Some(CARD)).await?;
        ensure!(again["Message"] == "AlreadyPaid", "the order was paid twice: {again}");
        self.told.came("once more: it is paid already, and nobody is charged");
        Ok(())
    }

    /// Opens the payment of an order, or pays it with a card.
    async fn pay(&self, order: &str, card: Option<&str>) -> anyhow::Result<Value> {
        let info =
            card.map(|number| json!({ "CardNumber": number, "ExpDate": "12/2036", "CCV": "123" }));
        let body = json!({ "OrderID": order, "PaymentInfo": info });
        self.client.post("/v1/CustomerPayments", body).await
    }
}
