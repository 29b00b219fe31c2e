//! `POST /v1/OrderHeaders/{OrderID}/PaymentLink`: the link with which an order's customer pays.

use contract::agents::payment_link::{CreatePaymentLink, PaymentLinkResponse};
use domain::agency::{CustomerOrder, OfferPaymentLink};
use domain::refusal::{Code, Refusal};
use domain::time::Span;
use service::matched::Matched;
use service::reply::Reply;
use service::types::DateTime;

use super::caller::{self, Agent};
use crate::app::App;
use crate::operations::Call;
use crate::operations::clubs::answer::answer;
use crate::operations::family::{Failure, wrong};
use crate::order_link::{self, PAGE_PATH};

/// How long a link is good where the request does not say, in hours.
const VALID_HOURS_DEFAULT: u32 = 7 * 24;

/// The longest time for which a link can be good, in hours.
const VALID_HOURS_MAX: u32 = 30 * 24;

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let base_url = matched.exchange().base_url;
    answer(matched, async |request| offer(app, call, &request, base_url).await).await
}

async fn offer(
    app: &App,
    call: &Call<'_>,
    request: &CreatePaymentLink,
    base_url: &str,
) -> Result<PaymentLinkResponse, Failure> {
    let order = caller::order(app, call, request.order_id).await?;
    let within = within(request.valid_hours)?;
    let agent = Agent::read(app, order.shard).await?.ok_or_else(CustomerOrder::not_found)?;
    check_form(app, &agent)?;
    let hash = order_link::hash_of(order_link::secret(&app.link_key, order.uid));
    let order = app.store.submit(OfferPaymentLink { uid: order.uid, hash, within }).await?;
    let handle = order_link::handle(&app.link_key, &order);
    let expires_at =
        order.payment_link.and_then(|link| DateTime::from_unix_microseconds(link.expires_at.0));
    Ok(PaymentLinkResponse {
        response_status: None,
        payment_page_url: Some(format!("{base_url}{PAGE_PATH}{}", handle.text())),
        expires_at: expires_at.unwrap_or(DateTime::MIN),
        public_order_id: Some(order.public_id()),
    })
}

fn within(valid_hours: i32) -> Result<Span, Failure> {
    let hours = u32::try_from(valid_hours).ok().filter(|hours| *hours <= VALID_HOURS_MAX);
    let hours = hours.ok_or_else(|| {
        let message = format!("It must be 1 to {VALID_HOURS_MAX}, or 0 for a week.");
        Failure::invalid(vec![wrong("ValidHours", message)])
    })?;
    Ok(Span::hours(if hours == 0 { VALID_HOURS_DEFAULT } else { hours }))
}

/// No link leads to a page that could not take the payment.
fn check_form(app: &App, agent: &Agent) -> Result<(), Refusal> {
    let gateway = app.till.gateway(&agent.organiser.gateway);
    if gateway.and_then(|gateway| gateway.payment_form()).is_some() {
        return Ok(());
    }
    let message = "This agent's gateway takes no payments at a page of ours; pay with \
                   /v1/CustomerPayments.";
    Err(Refusal::new(Code::GatewayUnavailable, message))
}
