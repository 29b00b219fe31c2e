//! The demo's other sellers: an agency with an order that waits for its customer, and a chain of
//! clubs with a member whose card is on file.

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use server::catalogue::{file, import};
use store::Store;

use super::client::Client;

/// The agency and the chain, as a catalogue file describes them.
const CATALOGUE: &str = r#"
[[agency]]
slug = "highland"
name = "Highland Tours"
number = "A-100"
fee_basis_points = 500
raw_cards_allowed = true

[[chain]]
slug = "fit"
name = "Fit"
fee_basis_points = 500

[[store]]
slug = "fit-north"
chain = "fit"
name = "Fit North"

[[package]]
slug = "gold"
chain = "fit"
name = "Gold"
price = "120000"
tax_basis_points = 2400

[[package.plan]]
slug = "monthly"
name = "Monthly"
default = true
payments = 12
"#;

/// The member's address, by which she is found again.
const MEMBER_EMAIL: &str = "anna@example.org";

/// The numbers of what [`CATALOGUE`] describes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shops {
    pub(super) agency: u32,
    pub(super) chain: u32,
    pub(super) store: u32,
    pub(super) package: u32,
    pub(super) plan: u32,
}

/// What a person can try in a browser and a terminal.
pub(super) struct Offers {
    /// The page where a customer pays the agency's order.
    pub(super) payment_page: String,
    /// The member with a card on file.
    pub(super) member: i64,
    /// What is due today for the package, in krónur.
    pub(super) due: i64,
}

impl Shops {
    /// Brings both in; the same again changes nothing.
    pub(super) async fn import(store: &Store) -> anyhow::Result<Shops> {
        let catalogue = file::parse(CATALOGUE).map_err(anyhow::Error::msg)?;
        let imported = import::import(store, &catalogue).await?;
        let number = |kind: &str| {
            let item = imported.iter().find(|item| item.kind == kind);
            item.map(|item| item.id).with_context(|| format!("the demo has no {kind}"))
        };
        Ok(Shops {
            agency: number("agency")?,
            chain: number("chain")?,
            store: number("store")?,
            package: number("package")?,
            plan: number("plan")?,
        })
    }

    /// Makes what waits for people, unless it is there.
    pub(super) async fn open(&self, client: &Client) -> anyhow::Result<Offers> {
        let order = match self.waiting_order(client).await? {
            Some(order) => order,
            None => self.place_order(client).await?,
        };
        let path = format!("/v1/OrderHeaders/{order}/PaymentLink");
        let link = client.post(&path, json!({})).await?;
        let page = link["PaymentPageUrl"].as_str().context("the order has no link")?;
        let member = match self.known_member(client).await? {
            Some(member) => member,
            None => self.join(client, MEMBER_EMAIL).await?,
        };
        Ok(Offers { payment_page: page.to_owned(), member, due: self.due(client).await? })
    }

    /// Places an order of one week in the highlands; answers with its GUID.
    pub(super) async fn place_order(&self, client: &Client) -> anyhow::Result<String> {
        let line = json!({ "Description": "A week in the highlands", "Quantity": 2,
            "UnitPrice": 45_000, "TaxPercent": 11 });
        let order = json!({ "AgentID": self.agency, "OrderLines": [line] });
        let placed = client.post("/v1/OrderHeaders", order).await?;
        uid(&placed["OrderHeader"]).context("the order was not placed")
    }

    async fn waiting_order(&self, client: &Client) -> anyhow::Result<Option<String>> {
        let listed = client.get("/v1/OrderHeaders/Open").await?;
        let orders = listed["OrderHeaders"].as_array().cloned().unwrap_or_default();
        let waits = |order: &&Value| {
            let is_unpaid = ["Open", "PaymentPending"].map(Value::from);
            order["AgentID"] == self.agency && is_unpaid.contains(&order["OrderStatusText"])
        };
        Ok(orders.iter().find(waits).and_then(uid))
    }

    async fn known_member(&self, client: &Client) -> anyhow::Result<Option<i64>> {
        let path = format!("/clubs/members?ChainId={}&Email={MEMBER_EMAIL}", self.chain);
        let found = client.get(&path).await?;
        Ok(found["Members"][0]["MemberId"].as_i64())
    }

    /// Makes a member who prefers to pay with a card that is always good.
    pub(super) async fn join(&self, client: &Client, email: &str) -> anyhow::Result<i64> {
        let body = json!({ "ChainId": self.chain, "StoreId": self.store, "Email": email,
            "Name": "Anna Gestsdóttir" });
        let made = client.post("/clubs/members", body).await?;
        let member = made["Member"]["MemberId"].as_i64().context("nobody has joined")?;
        self.keep_card(client, member, "4242424242424242").await?;
        Ok(member)
    }

    /// Puts a card on file, which the member prefers from then on; answers with its `AcctToken`.
    pub(super) async fn keep_card(
        &self,
        client: &Client,
        member: i64,
        number: &str,
    ) -> anyhow::Result<String> {
        let card = json!({ "ChainId": self.chain, "MemberId": member, "CardNumber": number,
            "ExpMonth": "12", "ExpYear": "2036", "Cvc": "123" });
        let left = client.post("/clubs/sales/paymentprofile/vault", card).await?;
        let import = json!({ "ChainId": self.chain, "ProfileToken": left["ProfileToken"] });
        let kept = client.post("/clubs/sales/paymentprofile/import", import).await?;
        let token = kept["PaymentProfile"]["AcctToken"].as_str();
        Ok(token.context("the card is not on file")?.to_owned())
    }

    /// What is due today for the package, in krónur.
    pub(super) async fn due(&self, client: &Client) -> anyhow::Result<i64> {
        let Shops { chain, store, package, plan, .. } = self;
        let path = format!("/clubs/sales/packages/{package}/installments/calculate/{plan}");
        let told = client.get(&format!("{path}?ChainId={chain}&StoreId={store}")).await?;
        let due = told["TotalDueToday"].as_i64().filter(|due| *due > 0);
        ensure!(due.is_some(), "what the plan costs was not told: {told}");
        Ok(due.unwrap_or_default())
    }
}

fn uid(order: &Value) -> Option<String> {
    order["UID"].as_str().map(str::to_owned)
}
