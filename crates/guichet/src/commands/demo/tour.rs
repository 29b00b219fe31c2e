//! `guichet demo --tour`: one season day, played over HTTP as an app, a back office and a gate
//! would, told in the terminal, and ended by the books.

mod agents;
mod books;
mod buying;
mod clubs;
mod gate;
mod moving;
mod office;
mod rights;
mod seats;
mod told;

use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::Context as _;
use serde_json::Value;
use store::Store;

use self::told::Told;
use super::client::Client;
use super::shops::Shops;

/// The device that plays the app.
const DEVICE: &str = "tour-device";

/// A phone that answers payments with yes.
const PHONE: &str = "+3545550001";

/// What the steps of the tour share.
struct Tour {
    client: Client,
    told: Told,
    /// The proof of the phone, once it is verified.
    phone_token: String,
    league: Vec<Event>,
    cup: Event,
    /// The agency, and the chain of clubs.
    shops: Shops,
}

/// One event as the tour needs it.
#[derive(Clone, Debug)]
struct Event {
    id: i64,
    name: String,
    owner: i64,
    prices: Vec<Price>,
}

/// What one ticket type costs.
#[derive(Clone, Debug)]
struct Price {
    name: String,
    id: i64,
    amount: i64,
}

impl Event {
    /// The club's own type of this name.
    fn price(&self, name: &str) -> anyhow::Result<&Price> {
        let found = self.prices.iter().find(|price| price.name.starts_with(name));
        found.with_context(|| format!("{} has no ticket type {name}", self.name))
    }
}

/// Plays the whole day; the exit code says whether the books are right.
pub(super) async fn play(
    address: SocketAddr,
    key: &str,
    shops: Shops,
    store: &Store,
) -> anyhow::Result<ExitCode> {
    let client = Client::new(address, key);
    let told = Told::new();
    told.title("One day at the ticket window");
    let (league, cup) = season(&client).await?;
    let mut tour = Tour { client, told, phone_token: String::new(), league, cup, shops };
    tour.verify_phone().await?;
    let reservation = tour.hold_seats().await?;
    let stand = tour.buy_with_challenge(&reservation).await?;
    tour.pay_by_phone().await?;
    let cards = tour.buy_cards().await?;
    tour.use_cards(&cards).await?;
    tour.use_pass().await?;
    tour.move_up().await?;
    tour.move_down().await?;
    tour.refund_one().await?;
    tour.cancel_event().await?;
    tour.scan(&stand).await?;
    tour.pay_out().await?;
    tour.pay_order().await?;
    tour.sell_contract().await?;
    tour.close_books(store).await
}

/// The demo's season: the league's matches of the first club, and the match with numbered seats.
async fn season(client: &Client) -> anyhow::Result<(Vec<Event>, Event)> {
    let listed = client.get("/events.json?take=100").await?;
    let (mut league, mut cup) = (Vec::new(), None);
    for entry in listed["results"].as_array().context("no events are listed")? {
        let event = event(client, entry).await?;
        match entry["eventSeriesName"].as_str() {
            Some("North Cup") => cup = Some(event),
            _ if entry["eventOwnerName"] == "Hekla" => league.push(event),
            _ => {}
        }
    }
    anyhow::ensure!(league.len() >= 5, "the demo's season has too few matches");
    Ok((league, cup.context("the demo's season has no cup match")?))
}

async fn event(client: &Client, entry: &Value) -> anyhow::Result<Event> {
    let id = entry["id"].as_i64().context("an event has no number")?;
    let details = client.get(&format!("/eventDetailsAndPrices/{id}.json")).await?;
    let rows = details["prices"].as_array().cloned().unwrap_or_default();
    let own = |row: &Value| row["eventSeriesOwnerTicketType"].as_i64().filter(|id| *id != 0);
    let prices = rows.iter().filter_map(|row| {
        let name = row["ticketName"].as_str()?.to_owned();
        Some(Price { name, id: own(row)?, amount: whole(&row["ticketPrice"]) })
    });
    Ok(Event {
        id,
        name: entry["name"].as_str().unwrap_or_default().to_owned(),
        owner: entry["eventOwnerId"].as_i64().unwrap_or_default(),
        prices: prices.collect(),
    })
}

/// An amount in whole krónur, which have no decimals.
fn whole(value: &Value) -> i64 {
    value.as_i64().unwrap_or(0)
}
