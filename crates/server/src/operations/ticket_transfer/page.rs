//! The page behind `paymentLinkUrl`: shows what is to be paid, takes a card through 3-D Secure, and
//! shows the new ticket. It needs no script; every state is what the session says, so links,
//! reloads and the back button lead to where it stands.

use contract::shared::{PaymentMethodCreditCardInfo, PaymentRequestCreditCard};
use contract::ticket_transfer::page::{SCRIPT_TYPE, TopupPage, TopupPageReturn};
use document::qr_svg;
use domain::enrolment::{EnrolmentState, OrderId};
use domain::mailing::require_live;
use domain::payment::{Claims, Instrument, Method};
use domain::refusal::Code;
use domain::sale::SaleState;
use gateway::{CardToken, ChallengePage, Proof, Source, SourceKind, TokenUse};
use service::matched::Matched;
use service::reply::Reply;
use service::types::SecretText;

use super::start_topup::start;
use crate::app::App;
use crate::operations::Call;
use crate::operations::family::Failure;
use crate::operations::three_d_secure::return_page::foreign;
use crate::pages::topup::{self as pages, Bill, Ended, GateCode, Head};
use crate::pages::{language, reply as page_reply, see_other};
use crate::three_d_secure::{ProofText, Standing, find as find_enrolment, go_on};
use crate::topup::{NoTopup, PAGE_PATH, Seen, Session, SessionStatus, find, of_enrolment};

/// Where a bank's challenge leads back to; what is at its end leads to no session by itself.
const RETURN_PATH: &str = "/transferTicket/payReturn/";

/// Serves `GET|POST /transferTicket/pay/{Token}`.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let request = match matched.bind::<TopupPage>() {
        Ok(request) => request,
        Err(error) => return matched.fail(&error),
    };
    let language = language(call.headers, request.lang.as_deref());
    let token = request.token.as_ref().map(SecretText::expose).unwrap_or_default();
    let path = format!("{PAGE_PATH}{}", token.trim());
    let head = Head { language, path: &path };
    let session = match find(app, token).await {
        Ok(session) => session,
        Err(NoTopup::Refused(_)) => {
            return page_reply(404, pages::ended(Head { path: "", ..head }, Ended::NotFound));
        }
        Err(NoTopup::Store(_) | NoTopup::Overloaded) => return busy(head),
    };
    let visit = Visit { app, session, request: &request, head };
    let is_form = matched.exchange().verb.eq_ignore_ascii_case("POST");
    if is_form { visit.act(matched.exchange().base_url).await } else { visit.show().await }
}

fn busy(head: Head<'_>) -> Reply {
    page_reply(503, pages::ended(head, Ended::Busy)).with_header("Retry-After", "1")
}

/// Somebody at the page.
struct Visit<'a> {
    app: &'a App,
    session: Session,
    request: &'a TopupPage,
    head: Head<'a>,
}

impl Visit<'_> {
    /// Where the session stands.
    async fn show(&self) -> Reply {
        match self.session.status(self.app) {
            SessionStatus::Completed => self.ticket().await,
            SessionStatus::PaymentPending => page_reply(200, pages::pending(self.head)),
            SessionStatus::Expired => self.over(),
            SessionStatus::Cancelled => page_reply(200, pages::ended(self.head, Ended::Cancelled)),
            SessionStatus::AwaitingTopup if self.session.is_tried_out() => {
                page_reply(200, pages::ended(self.head, Ended::TriedOut))
            }
            SessionStatus::AwaitingTopup => self.ask().await,
        }
    }

    /// The form; or, for a browser that comes back from its bank, the last step.
    async fn ask(&self) -> Reply {
        let Some(order_id) = self.order_id() else { return self.form(self.session.sale.failure) };
        let Ok(enrolment) = find_enrolment(self.app, &order_id).await else {
            return self.form(Some(Code::AuthenticationInvalid));
        };
        let is_own = enrolment.owner == self.session.owner();
        match enrolment.state_at(self.app.clock.now()) {
            EnrolmentState::Authenticated if is_own => {
                let page = pages::confirmation(self.head, &self.bill(), order_id.text());
                page_reply(200, page)
            }
            // It was used: what came of the payment is known by now.
            EnrolmentState::Used if is_own => self.form(self.session.sale.failure),
            _ => self.form(Some(Code::AuthenticationFailed)),
        }
    }

    fn order_id(&self) -> Option<OrderId> {
        self.request.order_id.as_deref().map(str::trim).and_then(OrderId::parse)
    }

    fn form(&self, problem: Option<Code>) -> Reply {
        page_reply(200, pages::form(self.head, &self.bill(), problem))
    }

    fn bill(&self) -> Bill<'_> {
        let Session { from, to, transfer, .. } = &self.session;
        Bill { from, to, due: self.session.money(), expires_at: transfer.expires_at }
    }

    /// Nothing is said of money before it is known.
    fn over(&self) -> Reply {
        if self.session.is_charge_open() {
            return page_reply(200, pages::pending(self.head));
        }
        let came = matches!(self.session.sale.state, SaleState::Returning | SaleState::Returned);
        let why = if came { Ended::Late } else { Ended::Expired };
        page_reply(200, pages::ended(self.head, why))
    }

    async fn ticket(&self) -> Reply {
        let sale = &self.session.sale;
        if require_live(sale).is_err() {
            return page_reply(200, pages::ticket(self.head, &self.session.to, &[]));
        }
        let Ok(order) = self.app.tickets.of(sale, self.head.language).await else {
            return busy(self.head);
        };
        let admissions = order.map(|order| order.admissions).unwrap_or_default();
        let codes: Vec<_> = admissions
            .into_iter()
            .filter_map(|admission| {
                let seat = admission.seat.as_ref();
                let seat = seat.map(|it| format!("{} / {} / {}", it.section, it.row, it.number));
                let svg = qr_svg(&admission.code).ok()?;
                let (number, ticket_type) = (admission.number, admission.ticket_type);
                Some(GateCode { number, ticket_type, seat, svg })
            })
            .collect();
        page_reply(200, pages::ticket(self.head, &self.session.to, &codes))
    }

    /// A form was sent: with a card, or with what a bank has confirmed. Only what is open is paid;
    /// whoever comes late or twice is shown where it stands.
    async fn act(self, base_url: &str) -> Reply {
        if self.session.status(self.app) != SessionStatus::AwaitingTopup {
            return self.see_other();
        }
        let standing = match self.order_id() {
            Some(order_id) => {
                let owner = self.session.owner();
                go_on(self.app, &order_id, Some(&owner), None).await.map_err(Failure::from)
            }
            None => self.prove(base_url).await,
        };
        match standing {
            Ok(Standing { proof: Some(proof), enrolment, .. }) => {
                let order_id = enrolment.order_id;
                let card = enrolment.card_token.as_ref().map(|token| token.0.clone());
                self.pay(ProofText { order_id, token: proof }, card).await
            }
            Ok(Standing { page: Some(ChallengePage::Url(url)), .. }) => see_other(url),
            Ok(Standing { page: Some(ChallengePage::Html(html)), .. }) => foreign(html),
            Ok(_) => self.form(Some(Code::AuthenticationUnavailable)),
            Err(failure) => self.problem(&failure),
        }
    }

    async fn prove(&self, base_url: &str) -> Result<Standing, Failure> {
        let nonce = self.app.secret()?;
        let nonce = domain::token::Token { shard: Default::default(), number: 0, secret: nonce };
        let return_url = Some(format!("{base_url}{RETURN_PATH}{}", nonce.text()));
        start(self.app, &self.session, &self.card(), base_url, return_url).await
    }

    fn card(&self) -> PaymentRequestCreditCard {
        let copy = |text: &Option<SecretText>| {
            text.as_ref().map(|text| SecretText::new(text.expose().to_owned()))
        };
        PaymentRequestCreditCard {
            payment_method: Some(PaymentMethodCreditCardInfo {
                payment_type: Some("Card".to_owned()),
                pan: copy(&self.request.pan),
                exp_month: copy(&self.request.exp_month),
                exp_year: copy(&self.request.exp_year),
                cvc: copy(&self.request.cvc),
                token: None,
            }),
            ..PaymentRequestCreditCard::default()
        }
    }

    async fn pay(self, proof: ProofText, card: Option<String>) -> Reply {
        let gateway = self.app.till.terms(&self.session.to.organiser.gateway);
        let token = card.and_then(|text| CardToken::parse(TokenUse::Single, &text).ok());
        let (Some(gateway), Some(token)) = (gateway, token) else {
            return self.form(Some(Code::GatewayUnavailable));
        };
        let claims = Claims { proof: Some(proof.claim()), ..Claims::default() };
        let method = Method::Card3D;
        let instrument = Instrument::Usable { method, gateway, payer_phone: None, claims };
        let source = Source {
            proof: Some(Proof::ThreeDSecure(proof.token)),
            ..SourceKind::Token(token).into()
        };
        let seen = Seen::default();
        match self.session.pay(self.app, Some(instrument), Some(source), seen).await {
            Ok(_) => self.see_other(),
            Err(error) => self.problem(&error.into()),
        }
    }

    fn problem(&self, failure: &Failure) -> Reply {
        match failure {
            Failure::Refused(refusal) => match refusal.code {
                Code::SessionCompleted | Code::SessionExpired | Code::PaymentPending => {
                    self.see_other()
                }
                code => self.form(Some(code)),
            },
            Failure::Service(_) => busy(self.head),
        }
    }

    /// To the page itself, by a request that may be sent again and is what the back button finds.
    fn see_other(&self) -> Reply {
        see_other(self.head.address())
    }
}

/// Serves `GET /transferTicket/payReturn/{Nonce}`: the session's own handle is not stored with the
/// authentication, so it is made again here, for whoever knows both names of it.
pub(super) async fn serve_return(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let request = match matched.bind::<TopupPageReturn>() {
        Ok(request) => request,
        Err(error) => return matched.fail(&error),
    };
    let head = Head { language: language(call.headers, None), path: "" };
    let unknown = || page_reply(404, pages::ended(head, Ended::NotFound));
    let nonce = request.nonce.as_deref().unwrap_or_default();
    let order_id = request.order_id.as_deref().map(str::trim).and_then(OrderId::parse);
    let (Some(order_id), false) = (order_id, nonce.is_empty()) else { return unknown() };
    let Ok(enrolment) = find_enrolment(app, &order_id).await else { return unknown() };
    let asked = format!("{}{RETURN_PATH}{nonce}", matched.exchange().base_url);
    let is_its = enrolment.return_url.as_ref() == Some(&asked);
    if !is_its || app.clock.now() >= enrolment.expires_at() {
        return unknown();
    }
    match of_enrolment(app, &enrolment).await {
        Ok(Some(token)) => {
            let status = match request.status.as_deref() {
                Some("passed") => "passed",
                Some("open") => "open",
                _ => "failed",
            };
            let token = token.text();
            see_other(format!("{PAGE_PATH}{token}?orderId={}&status={status}", order_id.text()))
        }
        Ok(None) => unknown(),
        Err(_) => busy(head),
    }
}

/// Serves `GET /transferTicket/pay.js`.
pub(super) async fn serve_script(
    _app: &App,
    _matched: &Matched<'_, '_>,
    _call: &Call<'_>,
) -> Reply {
    Reply::new(200, SCRIPT_TYPE, pages::SCRIPT.as_bytes().to_vec())
        .with_header("Cache-Control", "public, max-age=3600")
}
