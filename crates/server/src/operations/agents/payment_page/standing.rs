//! What the page of an order shows.

use domain::agency::{CustomerOrder, OrderState};
use domain::refusal::Code;
use domain::sale::{Sale, SaleState};
use domain::time::Timestamp;

/// Where an order stands for whoever is to pay it.
#[derive(Debug)]
pub(super) enum Standing<'a> {
    /// No payment is open; one can be begun. Why the last one came to nothing, if one did.
    Offer(Option<Code>),
    /// This payment is open, and can be paid.
    Open(&'a Sale),
    /// It is not known yet what became of a payment.
    UnderWay,
    /// Nothing is due any more.
    Paid,
    /// The order was cancelled.
    Cancelled,
    /// The link's time is over.
    Expired,
}

impl Standing<'_> {
    /// What an order and its last payment come to.
    pub(super) fn of<'a>(
        order: &CustomerOrder,
        payment: Option<&'a Sale>,
        now: Timestamp,
    ) -> Standing<'a> {
        if order.state == OrderState::Cancelled {
            return Standing::Cancelled;
        }
        if !order.state.is_unpaid() {
            return Standing::Paid;
        }
        let open = payment.filter(|sale| order.open == Some(sale.id));
        let is_over = order.payment_link.is_none_or(|link| link.expires_at <= now);
        match open {
            // What is under way counts, also when the link ends meanwhile.
            Some(sale) if is_under_way(sale, now) => Standing::UnderWay,
            _ if is_over => Standing::Expired,
            Some(sale) if !sale.withdrawn && sale.total == order.due() => Standing::Open(sale),
            _ => Standing::Offer(payment.and_then(problem)),
        }
    }
}

/// Somebody is paying it at this moment, or nobody knows yet what came of it.
fn is_under_way(sale: &Sale, now: Timestamp) -> bool {
    let is_confirming = sale.confirming_until.is_some_and(|until| now < until);
    is_confirming || sale.pending_charge().is_none()
}

/// Why the payment that was begun last came to nothing.
fn problem(sale: &Sale) -> Option<Code> {
    let went_back = matches!(sale.state, SaleState::Returning | SaleState::Returned);
    if sale.withdrawn || went_back {
        return Some(Code::OrderChanged);
    }
    sale.failure.filter(|code| *code != Code::PaymentExpired)
}
