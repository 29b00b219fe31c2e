//! Which function serves which operation: a row an operation, a look a request.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::LazyLock;

use service::matched::Matched;
use service::operation::Operation;
use service::reply::Reply;

use super::{
    Call, authentication, back_office, borgun_event, clubs, event_details_and_prices,
    event_seating, events_listing, gate, ledger, owner_card_type, owner_cards,
    owner_cards_order_status, payment_cards, payouts, phone_payment_callback, phone_verification,
    refund, stripe_webhook, tasks, team_pass_type, team_pass_types_search, team_passes,
    three_d_secure, ticket_order, ticket_order_document, ticket_order_find, ticket_order_mail,
    ticket_order_review, ticket_order_status, ticket_transfer,
};
use crate::app::App;

/// An operation and what serves it.
pub(super) struct Handler {
    pub(super) operation: &'static Operation,
    pub(super) serve: for<'a> fn(&'a App, &'a Matched<'_, '_>, &'a Call<'_>) -> Serving<'a>,
}

/// A request that is being served. It is boxed here, once: the states of all operations in one
/// would be as large as the largest.
pub(super) type Serving<'a> = Pin<Box<dyn Future<Output = Reply> + Send + 'a>>;

/// The row of an operation and the `async` function that serves it.
macro_rules! handler {
    ($operation:path, $serve:path) => {
        $crate::operations::handlers::Handler {
            operation: &$operation,
            serve: |app, matched, call| Box::pin($serve(app, matched, call)),
        }
    };
}
pub(super) use handler;

/// What serves operations that are in one file.
static SINGLE: &[Handler] = &[
    handler!(contract::ticket_order::TICKET_ORDER, ticket_order::serve),
    handler!(contract::ticket_order_status::TICKET_ORDER_STATUS, ticket_order_status::serve),
    handler!(contract::ticket_order_find::TICKET_ORDER_FIND, ticket_order_find::serve),
    handler!(contract::ticket_order_review::TICKET_ORDER_REVIEW, ticket_order_review::serve),
    handler!(contract::ticket_order_document::TICKET_ORDER_DOCUMENT, ticket_order_document::serve),
    handler!(contract::ticket_order_mail::TICKET_ORDER_MAIL, ticket_order_mail::serve),
    handler!(
        contract::owner_cards_order_status::OWNER_CARDS_ORDER_STATUS,
        owner_cards_order_status::serve
    ),
    handler!(contract::owner_card_type::GET_OWNER_CARD_TYPE, owner_card_type::serve_one),
    handler!(contract::owner_card_type::OWNER_CARD_TYPES, owner_card_type::serve_list),
    handler!(contract::team_pass_type::GET_TEAM_PASS_TYPE, team_pass_type::serve),
    handler!(
        contract::team_pass_types_search::SEARCH_TEAM_PASS_TYPES,
        team_pass_types_search::serve
    ),
    handler!(contract::team_passes::TEAM_PASSES, team_passes::serve),
    handler!(
        contract::event_details_and_prices::EVENT_DETAILS_AND_PRICES,
        event_details_and_prices::serve
    ),
    handler!(contract::events_listing::EVENTS_LISTING, events_listing::serve),
    handler!(
        contract::phone_payment_callback::PHONE_PAYMENT_CALLBACK,
        phone_payment_callback::serve
    ),
    handler!(contract::borgun_event::BORGUN_EVENT, borgun_event::serve),
    handler!(contract::stripe_webhook::STRIPE_WEBHOOK, stripe_webhook::serve),
];

/// All that is served.
static FAMILIES: &[&[Handler]] = &[
    SINGLE,
    super::agents::HANDLERS,
    authentication::HANDLERS,
    back_office::HANDLERS,
    clubs::HANDLERS,
    clubs::profiles::HANDLERS,
    clubs::life::HANDLERS,
    clubs::agreements::HANDLERS,
    event_seating::HANDLERS,
    gate::HANDLERS,
    ledger::HANDLERS,
    owner_cards::HANDLERS,
    payment_cards::HANDLERS,
    payouts::HANDLERS,
    phone_verification::HANDLERS,
    refund::HANDLERS,
    tasks::HANDLERS,
    three_d_secure::HANDLERS,
    ticket_transfer::HANDLERS,
];

/// The rows by the names of their operations.
static TABLE: LazyLock<HashMap<&str, &Handler>> = LazyLock::new(|| {
    let rows = FAMILIES.iter().copied().flatten();
    rows.map(|handler| (handler.operation.name(), handler)).collect()
});

/// What serves an operation; `None` for one that is published and not served.
pub(super) fn of(operation: &Operation) -> Option<&'static Handler> {
    TABLE.get(operation.name()).copied()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Proves that every published operation is served by its own row, and that no row is of
    /// anything else or stands twice.
    #[test]
    fn every_operation_has_one_handler() {
        let hosts = contract::hosts("Agents", "Clubs");
        let published = hosts.iter().flat_map(|host| host.operations.iter().copied());
        let (served, not_served): (Vec<_>, Vec<_>) =
            published.partition(|operation| of(operation).is_some());
        for operation in &served {
            let row = of(operation).map(|handler| handler.operation);
            assert!(row.is_some_and(|row| std::ptr::eq(row, *operation)), "{}", operation.name());
        }
        let names = |operations: Vec<&Operation>| {
            operations.into_iter().map(Operation::name).collect::<BTreeSet<_>>()
        };
        assert_eq!(names(not_served), BTreeSet::new());
        let rows: Vec<_> =
            FAMILIES.iter().copied().flatten().map(|handler| handler.operation).collect();
        assert_eq!(rows.len(), TABLE.len(), "a row stands twice");
        assert_eq!(names(rows), names(served));
    }
}
