//! `/v1/CustomerPayments`: an order is paid, and its payment is shown (`domain.md` §5).
//!
//! A payment is opened for the amount that is due and stays open until it is paid, given up or
//! past its time. `POST` opens it, or goes on with the one that is open; `PUT` asks the gateway
//! what became of it; `GET` only tells what is known.

mod intake;
mod presentation;
pub(super) mod receipt;

use std::sync::Arc;

use contract::customer_payments::{CustomerPaymentsRequest, CustomerPaymentsResponse};
use domain::agency::{CustomerOrder, OrderState};
use domain::audit::AuditEvent;
use domain::payment::Claims;
use domain::refusal::{Code, Refusal};
use domain::sale::{Buyer, OrderMeans, PayOrder, PayStep, Sale};
use gateway::Source;
use service::matched::Matched;
use service::reply::Reply;

use self::intake::{Intake, Means};
use self::presentation::Shown;
use super::caller::{self, Agent, is_administrator};
use crate::app::App;
use crate::operations::clubs::answer::answer;
use crate::operations::family::Failure;
use crate::operations::{Call, office, payment};

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let verb = matched.verb().to_ascii_uppercase();
    let for_script = matched.is_jsonp();
    let run = async |request: CustomerPaymentsRequest| match verb.as_str() {
        "GET" | "HEAD" => read(app, call, &request, for_script).await,
        "PUT" => go_on(app, call, &request).await,
        _ => pay(app, call, &request).await,
    };
    answer(matched, run).await
}

/// An order that the request names, and its agent.
struct Subject {
    order: Arc<CustomerOrder>,
    agent: Agent,
    payment: Option<Arc<Sale>>,
}

impl Subject {
    async fn find(
        app: &App,
        call: &Call<'_>,
        request: &CustomerPaymentsRequest,
    ) -> Result<Subject, Failure> {
        let order = caller::order(app, call, request.order_id).await?;
        intake::check_agents(call, request, order.shard)?;
        let agent = Agent::read(app, order.shard).await?.ok_or_else(CustomerOrder::not_found)?;
        let payment = match order.payments.last() {
            Some(last) => app.store.read::<Sale>(Sale::key_of(order.shard, *last)).await?,
            None => None,
        };
        Ok(Subject { order, agent, payment })
    }
}

/// Tells what is known.
async fn read(
    app: &App,
    call: &Call<'_>,
    request: &CustomerPaymentsRequest,
    for_script: bool,
) -> Result<CustomerPaymentsResponse, Failure> {
    let Subject { order, agent, payment } = Subject::find(app, call, request).await?;
    let in_full = is_administrator(call) && !for_script;
    let shown = Shown { order, agent, payment, already_paid: false, in_full };
    presentation::response(app, &shown, !for_script).await
}

/// Asks the gateway what became of the open payment; with something to pay with, pays it.
async fn go_on(
    app: &App,
    call: &Call<'_>,
    request: &CustomerPaymentsRequest,
) -> Result<CustomerPaymentsResponse, Failure> {
    let subject = Subject::find(app, call, request).await?;
    check_unchanged(&subject)?;
    let intake = intake::read(app, request, &subject.agent)?;
    if intake.source.is_some() || !matches!(intake.means, Means::Card) {
        return pay_with(app, call, subject, intake).await;
    }
    let Subject { order, agent, payment } = subject;
    let open = payment.clone().filter(|sale| sale.state.holds_places());
    let Some(open) = open else {
        let in_full = is_administrator(call);
        let shown = Shown { order, agent, payment, already_paid: false, in_full };
        return presentation::response(app, &shown, true).await;
    };
    let place = app.till.place().ok_or_else(Failure::overloaded)?;
    let refreshed = app.till.refresh(place, open).await;
    let subject = Subject::find(app, call, request).await?;
    let subject = Subject { payment: Some(refreshed), ..subject };
    check_unchanged(&subject)?;
    let Subject { order, agent, payment } = subject;
    let shown =
        Shown { order, agent, payment, already_paid: false, in_full: is_administrator(call) };
    presentation::response(app, &shown, true).await
}

/// The payment that was begun must still be that of the order.
fn check_unchanged(subject: &Subject) -> Result<(), Refusal> {
    if subject.order.state == OrderState::Cancelled {
        return Err(Refusal::new(Code::OrderCancelled, "The order was cancelled."));
    }
    let is_other = |sale: &&Arc<Sale>| {
        let did_not_fit = sale.failure == Some(Code::OrderChanged);
        sale.withdrawn || did_not_fit || sale.total != subject.order.due()
    };
    let payment = subject.payment.as_ref().filter(|_| subject.order.state.is_unpaid());
    if payment.filter(is_other).is_some() {
        let message = "The order was changed after its payment was begun; that was given up. \
                       Begin a new one with POST.";
        return Err(Refusal::new(Code::OrderChanged, message));
    }
    Ok(())
}

/// Begins a payment, or goes on with the one that is open.
async fn pay(
    app: &App,
    call: &Call<'_>,
    request: &CustomerPaymentsRequest,
) -> Result<CustomerPaymentsResponse, Failure> {
    let subject = Subject::find(app, call, request).await?;
    let intake = intake::read(app, request, &subject.agent)?;
    pay_with(app, call, subject, intake).await
}

async fn pay_with(
    app: &App,
    call: &Call<'_>,
    subject: Subject,
    intake: Intake,
) -> Result<CustomerPaymentsResponse, Failure> {
    if !app.standing.is_ready() {
        return Err(Failure::unable());
    }
    let Subject { order, agent, .. } = subject;
    let Intake { customer, means, source } = intake;
    let buyer =
        Buyer { principal: call.principal.as_ref().map(|caller| caller.id), ..Buyer::default() };
    let command = PayOrder {
        uid: order.uid,
        customer,
        means: means_of(app, call, &agent, &means, (&order, source.as_ref()))?,
        buyer,
        secret: app.secret()?,
        seen: None,
        random: app.secret()?,
        node: app.store.node(),
    };
    let place = app.till.place().ok_or_else(Failure::overloaded)?;
    let paid = app.till.pay_order(place, command, source).await;
    let paid = paid.map_err(|refused| Failure::from(refused.error))?;
    let key = CustomerOrder::key_of(order.shard, order.id);
    let order = app.store.read::<CustomerOrder>(key).await?.unwrap_or(paid.order);
    let already_paid = paid.step == PayStep::NothingDue;
    let in_full = is_administrator(call);
    let shown = Shown { order, agent, payment: paid.sale, already_paid, in_full };
    presentation::response(app, &shown, true).await
}

fn means_of(
    app: &App,
    call: &Call<'_>,
    agent: &Agent,
    means: &Means,
    (order, source): (&CustomerOrder, Option<&Source>),
) -> Result<OrderMeans, Failure> {
    if let Means::Hand(kind) = means {
        if !is_administrator(call) {
            let message = "Only an administrator can say that an order was paid without a card.";
            return Err(Refusal::new(Code::PaymentTypeNotAllowed, message).into());
        }
        let detail = format!("order {} of seller {}", order.id.0, order.shard.0);
        let note = office::audit(call, AuditEvent::OrderPaidByHand, &detail);
        return Ok(OrderMeans::Hand { kind: *kind, note });
    }
    let gateway = app.till.gateway(&agent.organiser.gateway).ok_or_else(|| {
        let message = "No gateway is set up for this agent; nothing was charged.";
        Refusal::new(Code::GatewayUnavailable, message)
    })?;
    let claims =
        source.map(|source| Claims { card: payment::card_hash(app, source), ..Claims::default() });
    let opened = gateway.browser_terms();
    let opens = opened.is_some();
    let terms = opened.unwrap_or_else(|| gateway.terms().clone());
    let subscribes = gateway.subscribes();
    Ok(OrderMeans::Gateway { terms, opens, subscribes, claims })
}
