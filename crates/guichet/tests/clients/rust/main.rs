//! Signs in, orders a ticket and meets every kind of refusal, with the crate `servicestack`.
//!
//! The types come from the server:
//!
//! ```sh
//! cargo add servicestack --features blocking && cargo add serde --features derive
//! curl http://HOST/types/rust > src/dtos.rs
//! cargo run -- http://HOST/tickets USER OTHER_USER PASSWORD
//! ```
//!
//! The second user may not read data, and is refused.

// Of all the types of a host a program uses some.
#[expect(dead_code, reason = "generated for every operation")]
mod dtos;

use std::env;

use dtos::{
    EventDetails, EventDetailsAndPrices, EventTicketPrice, EventsListing,
    PaymentMethodCreditCardInfo, PaymentRequestCreditCard, Ticket, TicketDetails, TicketOrder,
    TicketOrderStatus,
};
use servicestack::blocking::JsonServiceClient;
use servicestack::{Error, GetAccessToken, Result};

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [url, user, other_user, password] = arguments.as_slice() else {
        panic!("give a URL, two users and their password");
    };
    let (client, refresh_token) = sign_in(url, user, password)?;
    let (event, price) = find_event(&client)?;
    count_around(&client, &event)?;
    let ticket_token_id = buy(&client, &event, &price)?;

    let cent_less = price.ticket_price.map(|price| (price * 100.0 - 1.0).round() / 100.0);
    let cheaper = client.post(&order(&event, &price, cent_less))?;
    let message = cheaper.message.unwrap_or_default();
    let code = message.split(':').next().unwrap_or_default();
    println!("a cent less: {} {code}", cheaper.status_code.unwrap_or_default());
    let question = TicketOrderStatus { ticket_token_id: Some(ticket_token_id) };
    let answers = client.send_all(&[question.clone(), question.clone()])?;
    let states: Vec<String> = answers.into_iter().filter_map(|one| one.ticket_status).collect();
    println!("batch: {}", states.join(", "));

    let broken = TicketOrder::default();
    refused("batch with a broken order", client.send_all(std::slice::from_ref(&broken)));
    refused("broken order", client.post(&broken));
    refused("nobody", JsonServiceClient::new(url).post(&question));
    let (other, _) = sign_in(url, other_user, password)?;
    refused("somebody else", other.post(&question));
    refused("nowhere", client.get_url::<TicketOrderStatus>("/nowhere"));

    refresh(client, refresh_token, &question)
}

/// A client that shows the token of a user, and fetches a new one when it has expired.
fn sign_in(url: &str, user: &str, password: &str) -> Result<(JsonServiceClient, String)> {
    let client = JsonServiceClient::new(url);
    let answer = client.authenticate(user, password)?;
    println!("signed in: {}, {}", answer.user_name, answer.roles.join(", "));
    Ok((client, answer.refresh_token))
}

/// The first event, with the price of its first ticket type.
fn find_event(client: &JsonServiceClient) -> Result<(EventDetails, EventTicketPrice)> {
    let listing = client.send(&EventsListing { take: Some(1), ..Default::default() })?;
    let event = first(listing.results);
    let name = event.name.as_deref().unwrap_or_default();
    // Dates are texts here, with all their digits.
    let start = event.time_of_event.as_deref().unwrap_or_default();
    let start = start.split('.').next().unwrap_or_default();
    let [latitude, longitude] = [event.latitude, event.longitude].map(Option::unwrap_or_default);
    println!("event: {name}, {start}, {latitude} {longitude}");
    let request = EventDetailsAndPrices { id: event.id, ..Default::default() };
    let price = first(client.get(&request)?.prices);
    let currency = price.currency.as_deref().unwrap_or_default();
    println!("price: {} {currency}", price.ticket_price.unwrap_or_default());
    Ok((event, price))
}

fn first<T>(list: Option<Vec<T>>) -> T {
    list.and_then(|list| list.into_iter().next()).expect("the list is not empty")
}

/// How many events start at its start or later, and how many before.
fn count_around(client: &JsonServiceClient, event: &EventDetails) -> Result<()> {
    let start = event.time_of_event_u_t_c.clone();
    let from = client.send(&EventsListing { from: start.clone(), ..Default::default() })?;
    let before = client.send(&EventsListing { to: start, ..Default::default() })?;
    let [from, before] = [from, before].map(|listing| listing.total.unwrap_or_default());
    println!("from its start: {from}, before: {before}");
    Ok(())
}

/// One ticket, paid by card; `amount` is the price that the buyer agreed to.
fn order(event: &EventDetails, price: &EventTicketPrice, amount: Option<f64>) -> TicketOrder {
    let payment_method = PaymentMethodCreditCardInfo {
        payment_type: Some("Card".to_owned()),
        pan: Some("4242424242424242".to_owned()),
        exp_year: Some("2036".to_owned()),
        exp_month: Some("12".to_owned()),
        cvc: Some("123".to_owned()),
        ..Default::default()
    };
    let details = TicketDetails {
        event_series_owner_ticket_type: price.event_series_owner_ticket_type,
        count: Some(1),
        ..Default::default()
    };
    let card_info = PaymentRequestCreditCard {
        payment_method: Some(payment_method),
        amount,
        currency: price.currency.clone(),
        ..Default::default()
    };
    TicketOrder {
        order: Some(Ticket {
            event_id: event.id,
            payment_method_id: Some("card".to_owned()),
            ..Default::default()
        }),
        order_details: Some(vec![details]),
        card_info: Some(card_info),
        ..Default::default()
    }
}

/// Orders it; answers the handle of the ticket.
fn buy(
    client: &JsonServiceClient,
    event: &EventDetails,
    price: &EventTicketPrice,
) -> Result<String> {
    let answer = client.post(&order(event, price, price.ticket_price))?;
    let bought = answer.ticket_and_details.unwrap_or_default();
    let ticket = bought.event_ticket.unwrap_or_default();
    // What a type inherits is a member of it.
    let details = first(bought.event_ticket_details).ticket_details;
    println!(
        "bought: {}, {} {}, {} x {}",
        ticket.ticket_status.unwrap_or_default(),
        ticket.total_paid_for_ticket.unwrap_or_default(),
        ticket.currency.unwrap_or_default(),
        details.count.unwrap_or_default(),
        details.ticket_name.unwrap_or_default()
    );
    Ok(ticket.ticket_token_id.unwrap_or_default())
}

/// Prints how a call is refused: the status, the code, and what is wrong with which member.
fn refused<T>(what: &str, outcome: Result<T>) {
    let Err(Error::Api(error)) = outcome else {
        println!("{what}: not refused");
        return;
    };
    let status = error.response_status.unwrap_or_default();
    println!("{what}: {} {}", error.status_code, status.error_code);
    for problem in &status.errors {
        println!("  {}: {}", problem.field_name, problem.message);
    }
    if let Some(index) = status.meta.and_then(|meta| meta.get("AutoBatchIndex").cloned()) {
        println!("  after {index} of the batch");
    }
}

/// An expired token is noticed and replaced by the client; asking for one works as well.
fn refresh(
    mut client: JsonServiceClient,
    refresh_token: String,
    question: &TicketOrderStatus,
) -> Result<()> {
    client.set_bearer_token("expired");
    let status = client.post(question)?.ticket_status.unwrap_or_default();
    println!("with a new token: {status}");
    let renewed = client.post(&GetAccessToken { refresh_token, ..Default::default() })?;
    println!("asked for: {}", if renewed.access_token.is_empty() { "none" } else { "a token" });
    Ok(())
}
