//! What a chain of clubs does: a contract is sold, and paid with two cards or not at all.

use anyhow::ensure;
use serde_json::json;

use super::Tour;

/// Takes what its owner allows of it.
const CARD_FIRST: &str = "5555555555554444";

impl Tour {
    pub(super) async fn sell_contract(&self) -> anyhow::Result<()> {
        self.told.title("A club sells a year, paid with two cards");
        let (shops, client) = (&self.shops, &self.client);
        let member = shops.join(client, "tour@example.org").await?;
        let first = shops.keep_card(client, member, CARD_FIRST).await?;
        let preferred = shops.keep_card(client, member, super::agents::CARD).await?;
        ensure!(first != preferred, "two cards have the same token");
        let due = shops.due(client).await?;
        let part = due / 3;
        let sale = json!({
            "ChainId": shops.chain, "StoreId": shops.store, "MemberId": member,
            "PackageId": shops.package, "InstallmentId": shops.plan, "PaymentAmount": due,
            "PaymentMethods": [
                { "AcctToken": first, "PaymentAmount": part },
                { "UsePreferred": true },
            ],
        });
        let sold = client.post("/clubs/sales/contract/sold", sale).await?;
        ensure!(sold["Success"] == true, "the contract was not sold: {sold}");
        for tried in sold["PaymentResponses"].as_array().into_iter().flatten() {
            let (amount, last4) = (&tried["ResponseAmount"], tried["Last4"].as_str());
            self.told.came(&format!("ISK {amount} with {}", last4.unwrap_or_default()));
        }
        let contract = sold["ContractSaleID"].as_str().unwrap_or_default();
        self.told.came(&format!("contract {contract}: ISK {due} today, eleven payments follow"));
        Ok(())
    }
}
