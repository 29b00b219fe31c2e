//! The page behind an order's payment link: shows the order, opens its payment, takes the card to
//! the gateway, and shows what came of it.
//!
//! To look changes nothing, so that whoever opens links before people do (mail filters, previews)
//! begins no payment. Every state is what the order says: links, reloads and the back button lead
//! to where it stands. The secret of an open payment is in the page alone; a form brings it back,
//! so that only the payment is paid that its payer saw.

mod pay;
mod proof;
mod standing;

use std::sync::Arc;

use contract::agents::payment_page::{PaymentPage, PaymentPageReturn};
use contract::ticket_transfer::page::SCRIPT_TYPE;
use domain::agency::CustomerOrder;
use domain::enrolment::{EnrolmentState, OrderId};
use domain::refusal::Code;
use domain::sale::Sale;
use gateway::{Gateway, PaymentForm};
use service::matched::Matched;
use service::reply::Reply;
use service::types::SecretText;

use self::standing::Standing;
use super::caller::Agent;
use super::payments::receipt;
use crate::app::App;
use crate::operations::Call;
use crate::operations::family::Failure;
use crate::order_link::{self, PAGE_PATH};
use crate::pages::order::{self as pages, Bill, Ended, Head, Paid};
use crate::pages::{language, reply, see_other};
use crate::three_d_secure::find as find_enrolment;

/// Serves `GET|POST /pay/{Token}`.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let request = match matched.bind::<PaymentPage>() {
        Ok(request) => request,
        Err(error) => return matched.fail(&error),
    };
    let language = language(call.headers, request.lang.as_deref());
    let token = request.token.as_ref().map(SecretText::expose).unwrap_or_default().trim();
    let path = format!("{PAGE_PATH}{token}");
    let head = Head { language, path: &path };
    let visit = match Visit::begin(app, &request, head, token).await {
        Ok(Some(visit)) => visit,
        Ok(None) => {
            return reply(404, pages::ended(Head { path: "", ..head }, Ended::NotFound));
        }
        Err(_) => return busy(head),
    };
    let is_form = matched.exchange().verb.eq_ignore_ascii_case("POST");
    if is_form { visit.act(matched.exchange().base_url).await } else { visit.show().await }
}

/// Serves `GET /pay/page.js`.
pub(super) async fn serve_script(
    _app: &App,
    _matched: &Matched<'_, '_>,
    _call: &Call<'_>,
) -> Reply {
    Reply::new(200, SCRIPT_TYPE, pages::SCRIPT.as_bytes().to_vec())
        .with_header("Cache-Control", "public, max-age=3600")
}

/// Serves `GET /pay/return/{Nonce}`.
pub(super) async fn serve_return(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let request = match matched.bind::<PaymentPageReturn>() {
        Ok(request) => request,
        Err(error) => return matched.fail(&error),
    };
    let head = Head { language: language(call.headers, None), path: "" };
    match proof::way_back(app, &request, matched.exchange().base_url).await {
        Ok(Some(url)) => see_other(url),
        Ok(None) => reply(404, pages::ended(head, Ended::NotFound)),
        Err(_) => busy(head),
    }
}

fn busy(head: Head<'_>) -> Reply {
    reply(503, pages::ended(head, Ended::Busy)).with_header("Retry-After", "1")
}

/// Somebody at the page.
struct Visit<'a> {
    app: &'a App,
    request: &'a PaymentPage,
    head: Head<'a>,
    order: Arc<CustomerOrder>,
    agent: Agent,
    /// The last payment of the order.
    payment: Option<Arc<Sale>>,
}

impl<'a> Visit<'a> {
    /// `None` for a handle that opens nothing.
    async fn begin(
        app: &'a App,
        request: &'a PaymentPage,
        head: Head<'a>,
        token: &str,
    ) -> Result<Option<Visit<'a>>, Failure> {
        let Some(order) = order_link::find(app, token).await? else { return Ok(None) };
        let Some(agent) = Agent::read(app, order.shard).await? else { return Ok(None) };
        let payment = match order.payments.last() {
            Some(last) => app.store.read::<Sale>(Sale::key_of(order.shard, *last)).await?,
            None => None,
        };
        Ok(Some(Visit { app, request, head, order, agent, payment }))
    }

    fn standing(&self) -> Standing<'_> {
        let payment = self.payment.as_deref();
        Standing::of(&self.order, payment, self.app.clock.now())
    }

    fn gateway(&self) -> Option<Arc<dyn Gateway>> {
        self.app.till.gateway(&self.agent.organiser.gateway)
    }

    /// Where the order stands.
    async fn show(&self) -> Reply {
        match self.standing() {
            Standing::Offer(problem) => self.offer(problem),
            Standing::Open(sale) => self.ask(sale).await,
            Standing::UnderWay => reply(200, pages::pending(self.head)),
            Standing::Paid => self.paid().await,
            Standing::Cancelled => reply(200, pages::ended(self.head, Ended::Cancelled)),
            Standing::Expired => reply(410, pages::ended(self.head, Ended::Expired)),
        }
    }

    fn offer(&self, problem: Option<Code>) -> Reply {
        reply(200, pages::offer(self.head, &self.bill(), problem))
    }

    /// The form; or, for a browser that comes back from its bank, the last step.
    async fn ask(&self, sale: &Sale) -> Reply {
        let Some(order_id) = self.order_id() else { return self.form(sale, sale.failure).await };
        let Ok(enrolment) = find_enrolment(self.app, &order_id).await else {
            return self.form(sale, Some(Code::AuthenticationInvalid)).await;
        };
        let is_own = enrolment.owner == proof::owner(&self.order);
        match enrolment.state_at(self.app.clock.now()) {
            EnrolmentState::Authenticated if is_own => {
                let Some(secret) = receipt::buyer_secret(self.app, sale).await else {
                    return busy(self.head);
                };
                let order_id = order_id.text();
                reply(200, pages::confirmation(self.head, &self.bill(), order_id, &secret))
            }
            // It was used: what came of the payment is known by now.
            EnrolmentState::Used if is_own => self.form(sale, sale.failure).await,
            _ => self.form(sale, Some(Code::AuthenticationFailed)).await,
        }
    }

    fn order_id(&self) -> Option<OrderId> {
        self.request.order_id.as_deref().map(str::trim).and_then(OrderId::parse)
    }

    /// What takes the card: a form of our own, or Stripe's.
    async fn form(&self, sale: &Sale, problem: Option<Code>) -> Reply {
        let form = self.gateway().and_then(|gateway| gateway.payment_form());
        let secret = receipt::buyer_secret(self.app, sale).await;
        let (Some(form), Some(secret)) = (form, secret) else { return busy(self.head) };
        match form {
            PaymentForm::Own => reply(200, pages::form(self.head, &self.bill(), &secret, problem)),
            PaymentForm::Stripe { publishable_key } => {
                let keys = pages::StripeKeys { publishable_key, client_secret: secret };
                pages::with_stripe(pages::stripe_form(self.head, &self.bill(), &keys, problem))
            }
        }
    }

    fn bill(&self) -> Bill<'_> {
        Bill { seller: &self.agent.organiser.name, order: &self.order }
    }

    async fn paid(&self) -> Reply {
        let sale = self.payment.as_deref().filter(|sale| sale.issued_at.is_some());
        let told = match sale {
            Some(sale) => receipt::of(self.app, sale).await,
            None => None,
        };
        let mask = sale.and_then(Sale::charge).and_then(|charge| charge.approval.as_ref());
        let mask = mask.and_then(|approval| approval.card_mask.as_deref());
        let paid = Paid {
            bill: self.bill(),
            last_four: mask.and_then(|mask| mask.get(mask.len().checked_sub(4)?..)),
            receipt_url: told.and_then(|receipt| receipt.url),
        };
        reply(200, pages::paid(self.head, &paid))
    }

    /// To the page itself, by a request that may be sent again and is what the back button finds.
    fn again(&self) -> Reply {
        see_other(self.head.address())
    }
}
