//! A shop that also sells numbered seats.

use std::collections::HashMap;

use domain::ids::{SeatBlockId, Shard};
use domain::seating::SeatBlock;
use gateway::Gateway;
use gateway::sandbox::Sandbox;
use serde_json::{Value, json};
use server::catalogue::{file, import};
use std::sync::Arc;

use crate::client::{Answer, Request};
use crate::order::{GOOD_CARD, card};
use crate::shop::{Engine, Shop};

/// Section A: rows of 10 and 10 for everybody. Section B: a row of 6 with names, an aisle, and a
/// place in the picture, where alone "named" is sold.
const CATALOGUE: &str = r#"
[[venue]]
slug = "stadium"
name = "Stadium"
seating_image_url = "https://example.org/stadium.png"

[[venue.section]]
name = "A"
rows = 2
seats = 10

[[venue.section]]
name = "B"
image_url = "https://example.org/b.png"
at = [100, 200]
seat_step = [12, 1]

[[venue.section.row]]
name = "AA"
names = ["1", "2", "3", "4", "5", "6b"]
aisles = [3]

[[event]]
slug = "final"
organiser = "hekla"
venue = "stadium"
seats_numbered = true
name = "Final"
starts = "2027-05-20T19:15:00"
price = [
  { ticket_type = "adult" },
  { ticket_type = "child" },
  { ticket_type = "named", sections = ["B"] },
]

[[event]]
slug = "secret-final"
organiser = "hekla"
venue = "stadium"
seats_numbered = true
name = "Secret final"
starts = "2027-05-21T19:15:00"
access_code = "open-sesame"
price = [{ ticket_type = "adult" }]
"#;

pub(crate) const SEAT_A1: u32 = 100_500;
pub(crate) const SEAT_B1: u32 = 200_500;

/// The shop with its stadium.
pub(crate) struct Stadium {
    pub(crate) shop: Shop,
    numbers: HashMap<String, u32>,
}

impl Stadium {
    pub(crate) async fn open() -> Stadium {
        Stadium::with(Engine::Memory, |sandbox| Arc::new(sandbox)).await
    }

    pub(crate) async fn with(
        engine: Engine,
        gateway: impl FnOnce(Sandbox) -> Arc<dyn Gateway>,
    ) -> Stadium {
        Stadium::of(Shop::with(engine, gateway).await).await
    }

    pub(crate) async fn of(shop: Shop) -> Stadium {
        let mut stadium = Stadium { shop, numbers: HashMap::new() };
        stadium.import(CATALOGUE).await.unwrap();
        stadium
    }

    pub(crate) async fn import(&mut self, text: &str) -> Result<(), String> {
        let file = file::parse(text)?;
        let imported = import::import(self.shop.store(), &file).await;
        let imported = imported.map_err(|error| error.to_string())?;
        let numbers = imported.into_iter().filter(|item| item.kind == "event");
        self.numbers.extend(numbers.map(|item| (item.slug, item.id)));
        Ok(())
    }

    pub(crate) fn event(&self, slug: &str) -> u32 {
        self.numbers.get(slug).copied().unwrap_or_else(|| self.shop.number("event", slug))
    }

    /// Sends to an operation as the Admin.
    pub(crate) async fn post(&self, operation: &str, body: &Value) -> Answer {
        self.post_as(&self.shop.admin, operation, body).await
    }

    pub(crate) async fn post_as(&self, key: &str, operation: &str, body: &Value) -> Answer {
        self.shop.send(&Request::post(&format!("/{operation}.json")).key(key).json(body)).await
    }

    /// What the picture says to the Admin; `query` begins with `?` or is empty.
    pub(crate) async fn picture(&self, event: &str, query: &str) -> Answer {
        let target = format!("/eventSeating/{}.json{query}", self.event(event));
        self.shop.send(&Request::get(&target).key(&self.shop.admin)).await
    }

    /// Finds seats for a device.
    pub(crate) async fn find(&self, device: &str, quantity: u32) -> Answer {
        let event = self.event("final");
        let body = json!({ "eventId": event, "quantity": quantity, "deviceId": device });
        self.post("EventSeatingFindAndReserve", &body).await
    }

    /// Holds chosen seats for a device.
    pub(crate) async fn reserve(&self, device: &str, seats: &[u32]) -> Answer {
        let event = self.event("final");
        let body = json!({ "eventId": event, "seatsToReserve": seats, "deviceId": device });
        self.post("EventSeatingReserveSeats", &body).await
    }

    /// The handle of a hold of these seats.
    pub(crate) async fn held(&self, device: &str, seats: &[u32]) -> String {
        token(&self.reserve(device, seats).await)
    }

    /// An order of held seats, by a device and with a good card.
    pub(crate) fn order(&self, device: &str, hold: &str, kind: &str, count: u32) -> Value {
        json!({
            "order": { "eventId": self.event("final") },
            "orderDetails": [{
                "eventSeriesOwnerTicketType": self.shop.number("ticket_type", kind),
                "count": count,
            }],
            "seatReservationTokenId": hold,
            "deviceId": device,
            "cardInfo": card(GOOD_CARD),
        })
    }

    /// The seats of the event as they are stored, as text.
    pub(crate) async fn seats(&self) -> Vec<String> {
        let shard = Shard(self.shop.number("organiser", "hekla"));
        let ids = (1..=4).map(SeatBlockId).collect();
        let blocks = self.shop.store().seat_blocks(shard, ids).await.unwrap();
        blocks.iter().map(|block| describe(block)).collect()
    }
}

fn describe(block: &SeatBlock) -> String {
    serde_json::to_string(block).unwrap()
}

/// The handle of a hold that was made.
#[track_caller]
pub(crate) fn token(answer: &Answer) -> String {
    let token = answer.json()["reservationTokenId"].as_str().map(str::to_owned);
    token.unwrap_or_else(|| panic!("nothing is held: {}", answer.json()))
}

/// The numbers of the seats that an answer says are held.
pub(crate) fn seats(answer: &Answer) -> Vec<u32> {
    let seats = answer.json()["seats"].as_array().cloned().unwrap_or_default();
    seats.iter().map(|seat| u32::try_from(seat["seatId"].as_u64().unwrap()).unwrap()).collect()
}
