//! What is told of an order's payment (`domain.md` §5.2).

use std::sync::Arc;

use contract::customer_payments::{CustomerPayment, CustomerPaymentsResponse};
use domain::agency::{CustomerOrder, OrderState, Subscription};
use domain::attempt::{Attempt, AttemptState};
use domain::money::Money;
use domain::refusal::Code;
use domain::sale::{Goods, OrderPaymentKind, Sale, SaleState};
use domain::time::Timestamp;
use service::types::DateTime;

use super::receipt;
use crate::app::App;
use crate::operations::agents::caller::Agent;
use crate::operations::agents::shown::number;
use crate::operations::family::{Failure, payment_message};

/// The payment came.
const APPROVED: &str = "Approved";

/// Nothing was due.
const ALREADY_PAID: &str = "AlreadyPaid";

/// The payer must do something.
const ACTION_REQUIRED: &str = "ActionRequired";

/// An answer is awaited.
const PROCESSING: &str = "Processing";

/// What came too late or for another amount goes back.
const SENT_BACK: &str = "The payment does not fit the order any more; it is sent back.";

/// An open payment was given up.
const GIVEN_UP: &str = "The order was changed, so its payment was given up; nothing was charged.";

/// What an answer is made of.
pub(super) struct Shown {
    pub(super) order: Arc<CustomerOrder>,
    pub(super) agent: Agent,
    /// The last payment.
    pub(super) payment: Option<Arc<Sale>>,
    /// The request found nothing to be paid.
    pub(super) already_paid: bool,
    /// For an administrator.
    pub(super) in_full: bool,
}

/// Where a payment stands, in published words and numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Told {
    message: &'static str,
    /// 0 not tried, 1 approved, 2 declined, 3 error, 4 pending or action needed.
    response_code: i32,
    /// `PaymentStatus`
    status: i32,
    /// The payer still has to act.
    acts: bool,
}

impl Told {
    const fn new(message: &'static str, response_code: i32, status: i32) -> Told {
        Told { message, response_code, status, acts: false }
    }

    fn of(sale: &Sale, now: Timestamp) -> Told {
        match sale.state {
            SaleState::Issued | SaleState::Returned if sale.is_disputed() => {
                Told::new(APPROVED, 1, 9)
            }
            SaleState::Issued if sale.refunded() > 0 => Told::new(APPROVED, 1, 7),
            SaleState::Issued => Told::new(APPROVED, 1, 4),
            SaleState::Returning | SaleState::Returned | SaleState::Cancelled => {
                let was_good = sale.issued_at.is_some();
                Told::new(if was_good { APPROVED } else { SENT_BACK }, 1, 8)
            }
            SaleState::UnderReview => Told::new(PROCESSING, 4, 10),
            SaleState::AwaitingPayment | SaleState::Transferred => Told::of_open(sale, now),
            SaleState::PaymentFailed | SaleState::Expired => Told::of_failed(sale),
        }
    }

    fn of_open(sale: &Sale, now: Timestamp) -> Told {
        let is_confirming = sale.confirming_until.is_some_and(|until| now < until);
        let is_under_way = sale.withdrawn || is_confirming;
        match (sale.pending_charge(), sale.failure) {
            (None, _) if is_unknown(sale) => Told::new(PROCESSING, 4, 10),
            (None, _) => Told::new(PROCESSING, 4, 1),
            (Some(_), _) if is_under_way => Told::new(PROCESSING, 4, 1),
            (Some(_), None) => Told { acts: true, ..Told::new(ACTION_REQUIRED, 4, 1) },
            (Some(_), Some(Code::AuthenticationRequired)) => {
                Told { acts: true, ..Told::new(ACTION_REQUIRED, 4, 2) }
            }
            (Some(_), Some(Code::GatewayUnavailable)) => {
                let message = payment_message(Code::GatewayUnavailable);
                Told { acts: true, ..Told::new(message, 3, 1) }
            }
            (Some(_), Some(code)) => Told { acts: true, ..Told::new(payment_message(code), 2, 5) },
        }
    }

    fn of_failed(sale: &Sale) -> Told {
        let code = sale.failure.unwrap_or(Code::PaymentDeclined);
        match code {
            Code::PaymentExpired if sale.withdrawn => Told::new(GIVEN_UP, 3, 6),
            Code::PaymentExpired | Code::GatewayUnavailable => {
                Told::new(payment_message(code), 3, 6)
            }
            _ => Told::new(payment_message(code), 2, 5),
        }
    }
}

fn is_unknown(sale: &Sale) -> bool {
    sale.charge().is_some_and(|charge| charge.state == AttemptState::Unknown)
}

/// The answer. The client's secret is told only where the payer still has to act, and to no script.
pub(super) async fn response(
    app: &App,
    shown: &Shown,
    with_secret: bool,
) -> Result<CustomerPaymentsResponse, Failure> {
    let (order, sale) = (&shown.order, shown.payment.as_deref());
    let told = sale.map(|sale| Told::of(sale, app.clock.now()));
    let is_settled = !order.state.is_unpaid() && order.state != OrderState::Cancelled;
    let is_paid = sale.map_or(is_settled, |sale| sale.issued_at.is_some());
    let is_open = sale.is_some_and(|sale| {
        sale.pending_charge().is_some() && !sale.withdrawn && sale.total == order.due()
    });
    let message = match told {
        _ if shown.already_paid => Some(ALREADY_PAID),
        Some(told) => Some(told.message),
        None => None,
    };
    let acts = told.is_some_and(|told| told.acts) && is_open && with_secret;
    let client_secret = match sale {
        Some(sale) if acts => receipt::buyer_secret(app, sale).await,
        _ => None,
    };
    let receipt = match sale {
        Some(sale) if is_paid => receipt::of(app, sale).await,
        _ => None,
    };
    let full = receipt.as_ref().and_then(|it| it.answer.clone()).filter(|_| shown.in_full);
    let payment = sale.zip(told).map(|(sale, told)| payment(order, sale, told));
    Ok(CustomerPaymentsResponse {
        response_status: None,
        payment_intent_success: is_open || is_paid,
        payment_success: is_paid,
        subscription_success: order.subscription.as_ref().is_some_and(Subscription::runs),
        message: message.map(str::to_owned),
        receipt_url: receipt.and_then(|receipt| receipt.url),
        agent_number: Some(shown.agent.agency.number.clone()),
        client_secret,
        customer_payment: payment.map(|it| CustomerPayment { full_response: full, ..it }),
        public_order_id: Some(order.public_id()),
    })
}

fn payment(order: &CustomerOrder, sale: &Sale, told: Told) -> CustomerPayment {
    let charge = sale.charge();
    let approval = charge.and_then(|charge| charge.approval.as_ref());
    let reference = approval.map(|approval| approval.reference.clone());
    let has_result = sale.state != SaleState::AwaitingPayment || sale.failure.is_some();
    let told_at = DateTime::from_unix_microseconds(sale.changed_at.0).filter(|_| has_result);
    CustomerPayment {
        id: number(sale.id.0),
        customer_id: order.customer.map_or(0, |id| number(id.0)),
        order_header_id: number(order.id.0),
        amount: Some(Money::new(sale.total, sale.currency).text()),
        approved: sale.issued_at.is_some(),
        auth_code: approval.and_then(|approval| approval.auth_code.clone()),
        card_number: charge.and_then(masked),
        message: Some(told.message.to_owned()),
        response_code: told.response_code,
        transaction_id: reference.or_else(|| charge.and_then(|charge| charge.handle.clone())),
        transaction_date: told_at.unwrap_or(DateTime::MIN),
        full_response: None,
        payment_status: told.status,
        payment_type: payment_type(sale),
    }
}

/// The last four digits behind stars (`payments.md` §5.2).
fn masked(charge: &Attempt) -> Option<String> {
    let mask = charge.approval.as_ref()?.card_mask.as_deref()?;
    let last_four = mask.get(mask.len().checked_sub(4)?..)?;
    Some(format!("************{last_four}"))
}

fn payment_type(sale: &Sale) -> i32 {
    let Goods::Order { kind, .. } = &sale.goods else { return 0 };
    match kind {
        OrderPaymentKind::Unknown => 0,
        OrderPaymentKind::Card => 1,
        OrderPaymentKind::Invoice => 2,
        OrderPaymentKind::Cash => 3,
        OrderPaymentKind::Check => 4,
    }
}
