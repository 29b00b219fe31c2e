//! A ticket type that an event sells no longer: what was sold of it stays what it was.

use serde_json::{Value, json};

use super::season::Season;
use crate::client::Request;

/// How the type is taken off the event, and how it comes back.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// Its row alone.
    Row,
    /// The list of rows without it.
    List,
    /// A catalogue file without it.
    File,
}

#[tokio::test]
async fn what_was_sold_keeps_its_rules() {
    // Proves for each way of taking a type off an event that its tickets keep name and block, that
    // it is not shown, ordered or moved to, and that it is sold again when it comes back.
    for way in [Way::Row, Way::List, Way::File] {
        let season = Season::open().await;
        let token = season.buy("home", "fixed", 1).await;
        let guest = season.buy("rematch", "regular", 1).await;
        let before = rows(&season).await;
        let line = line_of(&season, &token).await;
        assert_eq!((&line["ticketName"], &line["blockTransfer"]), (&json!("Fixed"), &json!(true)));
        season.withdraw(way).await;

        assert_eq!(line_of(&season, &token).await, line, "{way:?}");
        let moved = season.transfer(&token, ("rematch", "regular"), 0).await.json();
        assert_eq!(moved["code"], "TransferBlocked", "{way:?}: {moved}");
        let ordered = season.shop.order(&season.order("home", "fixed", 1)).await;
        assert_eq!(ordered.code(), "TicketTypeNotAvailable", "{way:?}");
        let moved = season.transfer(&guest, ("home", "fixed"), 0).await.json();
        assert_eq!(moved["code"], "TicketTypeNotAvailable", "{way:?}: {moved}");
        let left: Vec<_> = before.iter().filter(|row| !season.is_fixed(row)).cloned().collect();
        assert_eq!(rows(&season).await, left, "{way:?}");
        assert!(!shown(&season).await.contains(&json!("Fixed")), "{way:?}");

        season.bring_back(way).await;
        season.buy("home", "fixed", 1).await;
        assert!(shown(&season).await.contains(&json!("Fixed")), "{way:?}");
        season.shop.assert_all_is_well().await;
    }
}

/// The line of a ticket as box offices find it.
async fn line_of(season: &Season, token: &str) -> Value {
    let found = season.post("ticketOrder/find", &json!({ "ticketTokenId": token })).await.json();
    found["results"][0]["eventTicketDetails"][0].clone()
}

/// The names of the types that buyers are shown.
async fn shown(season: &Season) -> Vec<Value> {
    let target = format!("/eventDetailsAndPrices/{}.json", season.event("home"));
    let target = format!("{target}?returnSoldOutTickets=true");
    let answer = season.shop.send(&Request::get(&target).key(&season.shop.admin)).await.json();
    let prices = answer["prices"].as_array().cloned().unwrap_or_default();
    prices.iter().map(|price| price["ticketName"].clone()).collect()
}

/// The event as the back office has it.
async fn entry(season: &Season) -> Value {
    let target = format!("/backOffice/events.json?eventOwnerId={}", season.seller("hekla").0);
    let answer = season.shop.send(&Request::get(&target).key(&season.shop.admin)).await.json();
    let events = answer["results"].as_array().cloned().unwrap_or_default();
    let home = events.into_iter().find(|event| event["id"] == season.event("home"));
    home.unwrap_or_else(|| panic!("no home match in {answer}"))
}

/// The rows that the event sells, as the back office has them.
async fn rows(season: &Season) -> Vec<Value> {
    entry(season).await["prices"].as_array().cloned().unwrap_or_default()
}

impl Season {
    fn is_fixed(&self, row: &Value) -> bool {
        row["ticketTypeId"] == self.kind("fixed")
    }

    async fn withdraw(&self, way: Way) {
        match way {
            Way::Row => self.save_row(true).await,
            Way::List => {
                let mut rows = rows(self).await;
                rows.retain(|row| !self.is_fixed(row));
                self.save_list(rows).await;
            }
            Way::File => self.import_without("{ ticket_type = \"fixed\" },").await,
        }
    }

    async fn bring_back(&self, way: Way) {
        match way {
            Way::Row => self.save_row(false).await,
            Way::List => {
                let mut rows = rows(self).await;
                rows.push(json!({ "ticketTypeId": self.kind("fixed") }));
                self.save_list(rows).await;
            }
            Way::File => self.import_without("nothing").await,
        }
    }

    async fn save_row(&self, remove: bool) {
        let body = json!({ "revision": entry(self).await["revision"], "remove": remove,
            "entry": { "ticketTypeId": self.kind("fixed") } });
        let path = format!("backOffice/events/{}/prices", self.event("home"));
        let answer = self.post(&path, &body).await;
        assert_eq!(answer.code(), "OK", "{}", answer.text());
    }

    async fn save_list(&self, rows: Vec<Value>) {
        let mut event = entry(self).await;
        event["prices"] = json!(rows);
        let answer = self.post("backOffice/events", &json!({ "entry": event })).await;
        assert_eq!(answer.code(), "OK", "{}", answer.text());
    }
}
