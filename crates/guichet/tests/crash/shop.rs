//! What is for sale, and how it is ordered.

use std::net::SocketAddr;
use std::sync::{Arc, RwLock};

use serde_json::json;

use crate::buyers::Taste;

pub(crate) const CATALOGUE: &str = r#"
[[organiser]]
slug = "hekla"
name = "Hekla FC"
fee_basis_points = 500
[[ticket_type]]
slug = "adult"
organiser = "hekla"
name = "Adult"
price = "4000"
[[ticket_type]]
slug = "front"
organiser = "hekla"
name = "Front row"
price = "9000"
[[ticket_type]]
slug = "answer-lost"
organiser = "hekla"
name = "Charged without an answer"
price = "666"
[[ticket_type]]
slug = "nothing-done"
organiser = "hekla"
name = "Neither charged nor answered"
price = "667"
[[event]]
slug = "match"
organiser = "hekla"
name = "Hekla – Esja"
starts = "2037-05-02T19:15:00"
time_zone = "Atlantic/Reykjavik"
currency = "ISK"
capacity = 1000000
  [[event.price]]
  ticket_type = "adult"
  [[event.price]]
  ticket_type = "front"
  limit = 40
  [[event.price]]
  ticket_type = "answer-lost"
  [[event.price]]
  ticket_type = "nothing-done"
"#;

/// Where and how to order; shared by all buyers, and up to date after every restart.
#[derive(Clone)]
pub(crate) struct Shop {
    addresses: Arc<RwLock<Vec<SocketAddr>>>,
    key: Arc<str>,
    numbers: Arc<str>,
}

impl Shop {
    /// A shop that nobody serves yet; `numbers` are the lines of the import.
    pub(crate) fn new(numbers: String, key: String) -> Shop {
        Shop { addresses: Arc::default(), key: key.into(), numbers: numbers.into() }
    }

    /// Where its nodes listen from now on.
    pub(crate) fn moves_to(&self, addresses: Vec<SocketAddr>) {
        *self.addresses.write().unwrap() = addresses;
    }

    /// One of its nodes; another for another `turn`. `None` before the first has started.
    pub(crate) fn address(&self, turn: usize) -> Option<SocketAddr> {
        let addresses = self.addresses.read().unwrap();
        addresses.get(turn.checked_rem(addresses.len())?).copied()
    }

    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    /// The body of an order of one ticket.
    pub(crate) fn order(&self, taste: &Taste, tag: &str) -> String {
        let ticket_type = self.number(&format!("ticket_type {}", taste.ticket_type));
        json!({
            "order": { "eventId": self.number("event match"), "paymentMethodId": "card" },
            "orderDetails": [{ "eventSeriesOwnerTicketType": ticket_type, "count": 1 }],
            "cardInfo": {
                "paymentMethod": {
                    "paymentType": "Card", "pan": taste.card,
                    "expYear": "2036", "expMonth": "12", "cvc": "123",
                },
                "amount": taste.price,
                "currency": "ISK",
            },
            "appMetaData": tag,
        })
        .to_string()
    }

    /// The number on the line `KIND SLUG NUMBER` of the import.
    fn number(&self, item: &str) -> u32 {
        let number =
            self.numbers.lines().find_map(|line| line.strip_prefix(item)?.trim().parse().ok());
        number.unwrap_or_else(|| panic!("the import told no number of {item}"))
    }
}
