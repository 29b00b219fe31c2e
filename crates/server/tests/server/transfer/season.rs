//! A shop with events between which tickets move.

use std::collections::HashMap;
use std::sync::Arc;

use domain::catalogue::{CatalogueItem, ChangeCatalogue, Organiser};
use domain::facts::Key;
use domain::ids::Shard;
use domain::record::Kind;
use domain::seller::Seller;
use gateway::Gateway;
use gateway::sandbox::Sandbox;
use serde_json::{Value, json};
use server::catalogue::{file, import};

use crate::client::{Answer, Request};
use crate::order::{GOOD_CARD, card};
use crate::shop::{Engine, Shop};

/// Hekla's events are in its league, Esja's derby too; 5 % of the price is the platform's.
const CATALOGUE: &str = r#"
[[ticket_type]]
slug = "regular"
organiser = "hekla"
name = "Regular"
price = "5000"

[[ticket_type]]
slug = "cheap"
organiser = "hekla"
name = "Cheap"
price = "3500"

[[ticket_type]]
slug = "dear"
organiser = "hekla"
name = "Dear"
price = "6500"

[[ticket_type]]
slug = "fixed"
organiser = "hekla"
name = "Fixed"
price = "5000"
transfer_blocked = true

[[ticket_type]]
slug = "derby-regular"
organiser = "esja"
name = "Regular"
price = "5000"

[[ticket_type]]
slug = "derby-dear"
organiser = "esja"
name = "Dear"
price = "6500"

[[ticket_type]]
slug = "derby-cheap"
organiser = "esja"
name = "Cheap"
price = "3500"

[[event]]
slug = "home"
organiser = "hekla"
series = "league"
name = "Hekla – Askja"
starts = "2027-05-15T16:00:00"
price = [
  { ticket_type = "regular", limit = 100 },
  { ticket_type = "dear" },
  { ticket_type = "fixed" },
  { ticket_type = "child" },
  { ticket_type = "guest" },
]

[[event]]
slug = "rematch"
organiser = "hekla"
series = "league"
name = "Hekla – Askja, rematch"
starts = "2027-06-12T16:00:00"
price = [
  { ticket_type = "regular", limit = 100 },
  { ticket_type = "cheap", limit = 100 },
  { ticket_type = "dear", limit = 100 },
  { ticket_type = "few", limit = 1 },
  { ticket_type = "guest" },
]

[[event]]
slug = "derby"
organiser = "esja"
series = "league"
name = "Esja – Hekla, derby"
starts = "2027-06-20T16:00:00"
price = [
  { ticket_type = "derby-regular", limit = 100 },
  { ticket_type = "derby-cheap", limit = 100 },
  { ticket_type = "derby-dear", limit = 100 },
  { ticket_type = "guest" },
]

[[venue]]
slug = "arena"
name = "Arena"

[[venue.section]]
name = "A"
rows = 1
seats = 10

[[event]]
slug = "seated"
organiser = "hekla"
venue = "arena"
seats_numbered = true
name = "Seated"
starts = "2027-06-25T16:00:00"
price = [{ ticket_type = "regular" }, { ticket_type = "dear" }]

[[event]]
slug = "tonight"
organiser = "hekla"
name = "Tonight"
starts = "2027-05-01T14:00:00"
price = [{ ticket_type = "regular" }, { ticket_type = "dear" }]
"#;

/// The shop with its events.
pub(crate) struct Season {
    pub(crate) shop: Shop,
    numbers: HashMap<String, u32>,
}

impl Season {
    pub(crate) async fn open() -> Season {
        Season::of(Shop::open().await).await
    }

    pub(crate) async fn with(
        engine: Engine,
        gateway: impl FnOnce(Sandbox) -> Arc<dyn Gateway>,
    ) -> Season {
        Season::of(Shop::with(engine, gateway).await).await
    }

    pub(crate) async fn of(shop: Shop) -> Season {
        let file = file::parse(CATALOGUE).unwrap();
        let imported = import::import(shop.store(), &file).await.unwrap();
        let named = imported.into_iter().map(|it| (format!("{} {}", it.kind, it.slug), it.id));
        Season { shop, numbers: named.collect() }
    }

    /// The published number of an event.
    pub(crate) fn event(&self, slug: &str) -> u32 {
        self.number("event", slug)
    }

    /// The published number of a ticket type.
    pub(crate) fn kind(&self, slug: &str) -> u32 {
        self.number("ticket_type", slug)
    }

    fn number(&self, kind: &str, slug: &str) -> u32 {
        let known = self.numbers.get(&format!("{kind} {slug}")).copied();
        known.unwrap_or_else(|| self.shop.number(kind, slug))
    }

    pub(crate) fn seller(&self, slug: &str) -> Shard {
        Shard(self.shop.number("organiser", slug))
    }

    /// Sends to an operation as the Admin.
    pub(crate) async fn post(&self, operation: &str, body: &Value) -> Answer {
        self.post_as(&self.shop.admin, operation, body).await
    }

    pub(crate) async fn post_as(&self, key: &str, operation: &str, body: &Value) -> Answer {
        self.shop.send(&Request::post(&format!("/{operation}.json")).key(key).json(body)).await
    }

    /// An order of one line.
    pub(crate) fn order(&self, event: &str, kind: &str, count: u32) -> Value {
        json!({
            "order": { "eventId": self.event(event) },
            "orderDetails": [{ "eventSeriesOwnerTicketType": self.kind(kind), "count": count }],
            "cardInfo": card(GOOD_CARD),
        })
    }

    /// Buys admissions with a good card; answers with the ticket's handle.
    pub(crate) async fn buy(&self, event: &str, kind: &str, count: u32) -> String {
        let answer = self.shop.order(&self.order(event, kind, count)).await;
        assert_eq!(answer.code(), "OK", "{}", answer.text());
        answer.token()
    }

    /// A request to move a ticket to a club's type; the operator saw `difference`.
    pub(crate) fn request(&self, token: &str, to: (&str, &str), difference: i64) -> Value {
        json!({
            "ticketTokenId": token,
            "toEventId": self.event(to.0),
            "toOwnerTicketTypeId": self.kind(to.1),
            "expectedPriceDifference": difference,
        })
    }

    /// Moves a ticket as the Admin.
    pub(crate) async fn transfer(&self, token: &str, to: (&str, &str), difference: i64) -> Answer {
        self.post("TransferTicketToEvent", &self.request(token, to, difference)).await
    }

    /// Moves a ticket up by 1 500 and answers with what the payer gets.
    pub(crate) async fn topup(&self, token: &str) -> Value {
        let answer = self.transfer(token, ("rematch", "dear"), 1_500).await;
        assert_eq!(answer.json()["code"], "TopupRequired", "{}", answer.text());
        answer.json()["topup"].clone()
    }

    /// The published state of a ticket.
    pub(crate) async fn state(&self, token: &str) -> String {
        let answer = self.shop.status(token).await.json();
        answer["ticketStatus"].as_str().unwrap_or_default().to_owned()
    }

    /// What a session says.
    pub(crate) async fn session(&self, token: &str) -> Value {
        let target = format!("/transferTicket/topupSession/{token}.json");
        self.shop.send(&Request::get(&target)).await.json()
    }

    /// Changes how an organiser does business.
    pub(crate) async fn change(&self, organiser: &str, change: impl Fn(&mut Organiser)) {
        let seller = self.seller(organiser);
        let key = Key::number(seller, Kind::Organiser, 0);
        let known = self.shop.store().read::<Organiser>(key).await.unwrap().unwrap();
        let mut changed = Organiser::clone(&known);
        change(&mut changed);
        self.submit(seller, CatalogueItem::Organiser(changed)).await;
    }

    /// Changes an event.
    pub(crate) async fn change_event(
        &self,
        organiser: &str,
        event: &str,
        change: impl Fn(&mut domain::catalogue::Event),
    ) {
        let seller = self.seller(organiser);
        let key = Key::number(seller, Kind::Event, self.event(event));
        let known = self.shop.store().read::<domain::catalogue::Event>(key).await;
        let mut changed = domain::catalogue::Event::clone(&known.unwrap().unwrap());
        change(&mut changed);
        self.submit(seller, CatalogueItem::Event(Box::new(changed))).await;
    }

    /// Imports the file once more, without `part`.
    pub(crate) async fn import_without(&self, part: &str) {
        let file = file::parse(&CATALOGUE.replace(part, "")).unwrap();
        import::import(self.shop.store(), &file).await.unwrap();
    }

    async fn submit(&self, seller: Shard, item: CatalogueItem) {
        let row = self.shop.store().read::<Seller>(Key::seller(seller)).await.unwrap().unwrap();
        let revision_seen = row.catalogue_revision;
        let change =
            ChangeCatalogue { seller, revision_seen, items: vec![item], notes: Vec::new() };
        self.shop.store().submit(change).await.unwrap();
    }
}
