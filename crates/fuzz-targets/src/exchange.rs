//! Whole requests: the router, negotiation and binding of the published contracts.

use std::sync::LazyLock;

use contract::contract_sold::ContractSoldEndpoint;
use contract::customer_payments::CustomerPaymentsRequest;
use contract::event_details_and_prices::EventDetailsAndPrices;
use contract::events_listing::EventsListing;
use contract::ticket_order::TicketOrder;
use contract::ticket_order_review::TicketOrderReview;
use contract::ticket_order_status::TicketOrderStatus;
use service::batch::Batch;
use service::exchange::{Exchange, HeaderPairs};
use service::matched::Matched;
use service::negotiate::Negotiation;
use service::registry::{Registry, RegistrySettings};
use service::reply::Reply;
use service::status::ServiceError;

/// The published contracts.
pub(crate) static REGISTRY: LazyLock<Registry> = LazyLock::new(|| {
    let hosts = contract::hosts("Agents", "Clubs");
    let negotiation = Negotiation::with_html();
    let settings = RegistrySettings { negotiation, ..RegistrySettings::default() };
    Registry::new(hosts, settings).expect("the published contracts fit together")
});

/// The first line is `VERB PATH?QUERY`, then headers up to an empty line, then the body.
pub(crate) fn exchange(input: &[u8]) {
    let Some((head, body)) = parted(input) else { return };
    let mut lines = head.lines();
    let (verb, target) = lines.next().and_then(|line| line.split_once(' ')).unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let headers: Vec<(&str, &str)> = lines.filter_map(|line| line.split_once(": ")).collect();
    let headers = HeaderPairs(&headers);
    let exchange = Exchange { verb, query, headers: &headers, body, ..Exchange::get(path) };
    match REGISTRY.batch(&exchange) {
        Ok(None) => {
            single(&exchange);
        }
        Ok(Some(batch)) => several(batch),
        Err(reply) => check(&reply),
    }
}

fn single(exchange: &Exchange<'_>) -> Reply {
    match REGISTRY.route(exchange) {
        Ok(matched) => serve(&matched),
        Err(reply) => {
            check(&reply);
            reply
        }
    }
}

/// Whatever the items are, the batch comes to an end, and says how far it came.
fn several(mut batch: Batch<'_, '_>) {
    let mut completed = 0;
    let reply = loop {
        let Some(item) = batch.next() else { break batch.finish() };
        match batch.add(single(&item)) {
            Ok(()) => completed += 1,
            Err(failed) => break failed,
        }
    };
    check(&reply);
    assert_eq!(reply.header("X-AutoBatch-Completed"), Some(completed.to_string().as_str()));
}

/// Head and body; without an empty line all is head.
pub(crate) fn parted(input: &[u8]) -> Option<(&str, &[u8])> {
    let end = input.windows(2).position(|pair| pair == b"\n\n");
    let (head, body) = end.map_or((input, &[][..]), |end| (&input[..end], &input[end + 2..]));
    Some((std::str::from_utf8(head).ok()?, body))
}

fn serve(matched: &Matched<'_, '_>) -> Reply {
    let refused = matched.check_url().is_err();
    for member in matched.operation.card_members {
        let sent = matched.query_value(member).is_some_and(|value| !value.is_empty());
        assert!(refused || !sent, "card data in the URL is taken");
    }
    let bound = bind(matched);
    assert!(!refused || bound.is_err(), "card data in the URL is bound");
    let reply = match bound {
        Ok(()) => matched.no_content(),
        Err(error) => matched.fail(&error),
    };
    check(&reply);
    check(&matched.not_implemented());
    reply
}

/// Binds the operation's own type.
fn bind(matched: &Matched<'_, '_>) -> Result<(), ServiceError> {
    match matched.operation.name() {
        "TicketOrder" => matched.bind::<TicketOrder>().map(drop),
        "TicketOrderReview" => matched.bind::<TicketOrderReview>().map(drop),
        "EventDetailsAndPrices" => matched.bind::<EventDetailsAndPrices>().map(drop),
        "EventsListing" => matched.bind::<EventsListing>().map(drop),
        "CustomerPayments" | "CustomerPaymentsRequest" => {
            matched.bind::<CustomerPaymentsRequest>().map(drop)
        }
        "ContractSoldEndpoint" => matched.bind::<ContractSoldEndpoint>().map(drop),
        _ => matched.bind::<TicketOrderStatus>().map(drop),
    }
}

/// Nothing of a request can become another header, and a body says what it is.
fn check(reply: &Reply) {
    assert!((100..600).contains(&reply.status), "{}", reply.status);
    let headers = reply.headers.iter().map(|(_, value)| value.as_ref());
    let texts = headers.chain(reply.content_type.as_deref()).chain(reply.reason.as_deref());
    for text in texts {
        assert!(!text.contains(['\r', '\n', '\0']), "{text:?}");
    }
    assert!(reply.body.is_empty() || reply.content_type.is_some());
}
