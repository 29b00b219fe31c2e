//! The requests of the sandbox's protocol (table in [`super::protocol`]).

mod payment;

use std::sync::Arc;
use std::time::Duration;

use domain::attempt::{CallResult, DeclineReason};
use domain::phone::PhoneNumber;
use domain::refusal::Code;
use domain::time::Span;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{
    ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderValue,
};
use hyper::{Method, Request as HttpRequest, Response, StatusCode};
use serde::{Deserialize, Serialize};

use super::authentication::AuthenticationAnswer;
use super::behaviour::{Behaviour, PAYER_TAKES, Payer};
use super::book::{Decision, ENDING_LENGTH};
use super::engine::{Engine, phone_facts_of};
use super::hint::Hints;
use super::line::{CardFacts, Handling, Operation, Request, WALLET_PROOF};
use super::page::{self, preferred_language};
use super::protocol::{
    BalanceBody, BalanceQuestion, CardBody, ChallengeBody, ChargeBody, DisableBody, EnrolBody,
    MovementBody, PayerBody, ProofBody, TokenAnswer, TokenBody,
};
use super::{SandboxError, token};
use crate::gateway::TokenUse;
use crate::perform::duration;
use crate::secret::{CardNumber, Expiry, SecurityCode, YearMonth};

/// The longest body that is read, in bytes.
const BODY_LENGTH_MAX: usize = 16 * 1024;

/// The longest log that is sent, in bytes; a longer one must be read from its file.
const LOG_LENGTH_MAX: u64 = 64 * 1024 * 1024;

/// Answers the requests of all connections.
pub(super) struct Routes {
    engine: Engine,
    answer_delay: Duration,
    /// Tell the till when a payer has answered.
    hints: Option<Arc<Hints>>,
}

/// Why a request has no ordinary answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum RouteError {
    /// Not one of ours.
    #[error("there is no such operation")]
    NotFound,
    /// The body is too long, or not what the operation wants. What was wrong with it is not
    /// told, because that could quote a card number.
    #[error("the body cannot be read")]
    BodyUnreadable,
    /// The log is longer than may be sent.
    #[error("the log is too long to be sent; read its file")]
    LogTooLong,
    /// The sandbox itself is broken.
    #[error(transparent)]
    Broken(#[from] SandboxError),
    /// A row of the table wants the connection to break here.
    #[error("the connection is dropped on purpose")]
    Dropped,
}

type HttpResponse = Response<Full<Bytes>>;

impl Routes {
    pub(super) fn new(engine: Engine, answer_delay: Duration, hints: Option<Arc<Hints>>) -> Routes {
        Routes { engine, answer_delay, hints }
    }

    /// Answers one request.
    ///
    /// # Errors
    /// [`RouteError::Dropped`] alone, which makes the server close the connection.
    pub(super) async fn answer(
        &self,
        request: HttpRequest<Incoming>,
    ) -> Result<HttpResponse, RouteError> {
        match self.route(request).await {
            Ok(response) => Ok(response),
            Err(RouteError::Dropped) => Err(RouteError::Dropped),
            Err(error) => Ok(json(error.status(), error.to_string().into_bytes())),
        }
    }

    async fn route(&self, request: HttpRequest<Incoming>) -> Result<HttpResponse, RouteError> {
        let (head, body) = request.into_parts();
        let body = Limited::new(body, BODY_LENGTH_MAX).collect().await;
        let body = body.map_err(|_| RouteError::BodyUnreadable)?.to_bytes();
        let mut segments = head.uri.path().split('/').skip(1);
        let path: [&str; 4] = std::array::from_fn(|_| segments.next().unwrap_or_default());
        match (head.method, path) {
            (Method::POST, ["v1", "charges", "", ""]) => self.charge(&body).await,
            (Method::GET, ["v1", "charges", key, ""]) => {
                self.execute(key, Request::new(Operation::Lookup)).await
            }
            (Method::GET, ["v1", "charges", key, "receipt"]) => self.receipt(key),
            (Method::GET, ["v1", "payments", handle, "secret"]) => self.buyer_secret(handle),
            (Method::POST, ["v1", "payments", handle, "pay"]) => self.pay_open(handle, &body).await,
            (Method::POST, ["v1", "charges", key, verb]) => self.verb(key, verb, &body).await,
            (Method::POST, ["v1", "tokens", "", ""]) => self.tokenize(&body).await,
            (Method::POST, ["v1", "tokens", "disable", ""]) => self.disable(&body).await,
            (Method::POST, ["v1", "authentications", "", ""]) => self.enrol(&body).await,
            (Method::POST, ["v1", "authentications", handle, ""]) => {
                self.authenticate(handle, &body).await
            }
            (Method::GET, ["challenge", handle, "", ""]) => self.page(handle, &head.headers),
            (Method::POST, ["v1", "subscriptions", "", ""]) => self.subscription(&body).await,
            (Method::POST, ["v1", "gift-cards", "", ""]) => self.set_balance(&body).await,
            (Method::POST, ["v1", "gift-cards", "balance", ""]) => self.balance(&body),
            (Method::GET, ["v1", "log", "", ""]) => self.log(),
            (Method::GET, ["health", "", "", ""]) => Ok(json(StatusCode::OK, "{}".into())),
            _ => Err(RouteError::NotFound),
        }
    }

    async fn verb(
        &self,
        charge: &str,
        verb: &str,
        body: &[u8],
    ) -> Result<HttpResponse, RouteError> {
        match verb {
            "capture" => self.move_charge(Operation::Capture, charge, body).await,
            "void" => self.move_charge(Operation::Void, charge, body).await,
            "refunds" => self.move_charge(Operation::Refund, charge, body).await,
            "fence" => self.execute(charge, Request::new(Operation::Fence)).await,
            "payer" => {
                let accepts = read::<PayerBody>(body)?.accepts;
                let rejects = Operation::PayerRejects;
                let operation = if accepts { Operation::PayerAccepts } else { rejects };
                let answer = self.execute(charge, Request::new(operation)).await?;
                self.tell_after(Span::ZERO, charge);
                Ok(answer)
            }
            _ => Err(RouteError::NotFound),
        }
    }

    async fn charge(&self, body: &[u8]) -> Result<HttpResponse, RouteError> {
        let charge = read::<ChargeBody<'_>>(body)?;
        if !matches!(charge.operation, Operation::Sale | Operation::Authorize) {
            return Err(RouteError::BodyUnreadable);
        }
        let phone =
            charge.phone.map(|text| PhoneNumber::parse(text).ok_or(RouteError::BodyUnreadable));
        let request = Request {
            money: Some(charge.money),
            card: charge.card.and_then(|card| self.check(&card)),
            token: charge.token.map(token::hash_of),
            phone: phone.transpose()?.as_ref().map(phone_facts_of),
            proof: charge.proof.map(proof_of),
            ..Request::new(charge.operation)
        };
        if charge.browser {
            return self.answered(self.engine.open_payment(charge.key, request).await).await;
        }
        let answers = request.phone.as_ref().is_some_and(|phone| phone.payer != Payer::Silent);
        let answer = self.execute(charge.key, request).await?;
        if answers {
            self.tell_after(PAYER_TAKES, charge.key);
        }
        Ok(answer)
    }

    fn tell_after(&self, pause: Span, key: &str) {
        if let Some(hints) = &self.hints {
            hints.send_after(duration(pause), key);
        }
    }

    async fn enrol(&self, body: &[u8]) -> Result<HttpResponse, RouteError> {
        let enrol = read::<EnrolBody<'_>>(body)?;
        let request = Request {
            money: Some(enrol.money),
            card: enrol.card.and_then(|card| self.check(&card)),
            token: enrol.token.map(token::hash_of),
            return_url: Some(enrol.return_url.into_owned()),
            ..Request::new(Operation::Enrol)
        };
        let (decision, handle) = self.engine.enrol(enrol.key, request).await?;
        written(&AuthenticationAnswer::of(&decision.outcome, &handle))
    }

    async fn authenticate(&self, handle: &str, body: &[u8]) -> Result<HttpResponse, RouteError> {
        let answer = read::<ChallengeBody<'_>>(body)?.answer;
        let decision = self.engine.authenticate(handle, answer).await?;
        written(&AuthenticationAnswer::of(&decision.outcome, handle))
    }

    async fn disable(&self, body: &[u8]) -> Result<HttpResponse, RouteError> {
        let DisableBody { key, token } = read(body)?;
        let token = Some(token::hash_of(token));
        self.execute(key, Request { token, ..Request::new(Operation::DisableToken) }).await
    }

    fn page(&self, handle: &str, headers: &HeaderMap) -> Result<HttpResponse, RouteError> {
        let request = self.engine.enrolment(handle).ok_or(RouteError::NotFound)?;
        let preferred = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let page = page::challenge_page(&request, preferred_language(preferred));
        let mut response = Response::new(Full::new(Bytes::from(page)));
        let head = response.headers_mut();
        head.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        head.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(page::PAGE_POLICY));
        head.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        Ok(response)
    }

    async fn move_charge(
        &self,
        operation: Operation,
        charge: &str,
        body: &[u8],
    ) -> Result<HttpResponse, RouteError> {
        let movement = read::<MovementBody<'_>>(body)?;
        let (charge, money) = (Some(charge.to_owned()), Some(movement.money));
        let request = Request { charge, money, ..Request::new(operation) };
        self.execute(movement.key, request).await
    }

    async fn tokenize(&self, body: &[u8]) -> Result<HttpResponse, RouteError> {
        let keep = read::<TokenBody<'_>>(body)?;
        let card = keep.card.as_ref().and_then(|card| self.check(card));
        let from = keep.from.map(token::hash_of);
        let made = token::make(if keep.single { TokenUse::Single } else { TokenUse::Multi })?;
        let kept = self.engine.execute(keep.key, token::keep_request(&made, card, from)).await;
        let decision = self.held_back(kept).await?;
        match decision.outcome {
            CallResult::Approved(approval) => written(&TokenAnswer {
                token: made.expose().to_owned(),
                card_mask: approval.card_mask.unwrap_or_default(),
            }),
            other => written(&other),
        }
    }

    async fn set_balance(&self, body: &[u8]) -> Result<HttpResponse, RouteError> {
        let BalanceBody { ending, money } = read(body)?;
        let digits = ending.bytes().all(|byte| byte.is_ascii_digit());
        if !digits || ending.len() != ENDING_LENGTH || money.amount < 0 {
            return Err(RouteError::BodyUnreadable);
        }
        let request = Request { money: Some(money), ..Request::new(Operation::SetBalance) };
        self.execute(ending, request).await
    }

    fn balance(&self, body: &[u8]) -> Result<HttpResponse, RouteError> {
        let BalanceQuestion { token, currency } = read(body)?;
        let left = self.engine.balance(&token::hash_of(token), currency);
        written(&left.ok_or(RouteError::NotFound)?)
    }

    fn log(&self) -> Result<HttpResponse, RouteError> {
        let path = self.engine.log_path();
        let read = || {
            let fits = std::fs::metadata(&path)?.len() <= LOG_LENGTH_MAX;
            if fits { std::fs::read(&path).map(Some) } else { Ok(None) }
        };
        match read() {
            Ok(Some(log)) => Ok(json(StatusCode::OK, log)),
            Ok(None) => Err(RouteError::LogTooLong),
            Err(source) => Err(SandboxError::LogUnusable { path, source }.into()),
        }
    }

    async fn execute(&self, key: &str, request: Request) -> Result<HttpResponse, RouteError> {
        self.answered(self.engine.execute(key, request).await).await
    }

    async fn answered(
        &self,
        decision: Result<Decision, SandboxError>,
    ) -> Result<HttpResponse, RouteError> {
        let decision = self.held_back(decision).await?;
        let mut response = written(&decision.outcome)?;
        if decision.handling == Handling::Conflict {
            *response.status_mut() = StatusCode::CONFLICT;
        }
        Ok(response)
    }

    /// The book's decision, held back as long as the set-up wants.
    async fn held_back(
        &self,
        decision: Result<Decision, SandboxError>,
    ) -> Result<Decision, RouteError> {
        let decision = decision?;
        if !self.answer_delay.is_zero() {
            tokio::time::sleep(self.answer_delay).await;
        }
        if decision.handling.drops_connection() { Err(RouteError::Dropped) } else { Ok(decision) }
    }

    /// What may be known of a card, and what it does: a card that is over or whose code is
    /// wrong is declined for that. `None` when the number is none.
    fn check(&self, card: &CardBody<'_>) -> Option<CardFacts> {
        let number = CardNumber::parse(card.number).ok()?;
        let behaviour = match self.flaw(card, &number) {
            None => Behaviour::of(&number),
            Some(Code::CardExpired) => Behaviour::Decline(DeclineReason::HardExpiry),
            Some(Code::CvcInvalid) => Behaviour::Decline(DeclineReason::CvcInvalid),
            Some(_) => Behaviour::Decline(DeclineReason::CardInvalid),
        };
        Some(CardFacts { mask: number.mask(), behaviour })
    }

    fn flaw(&self, card: &CardBody<'_>, number: &CardNumber) -> Option<Code> {
        let (month, year) = (card.expiry_month.to_string(), card.expiry_year.to_string());
        let this_month = YearMonth::of(self.engine.now());
        let expiry = Expiry::parse(&month, &year).and_then(|expiry| expiry.check(this_month));
        let code = card.security_code.map(|code| SecurityCode::parse(code, number));
        expiry.err().or(code.and_then(Result::err))
    }
}

impl RouteError {
    fn status(&self) -> StatusCode {
        match self {
            RouteError::NotFound => StatusCode::NOT_FOUND,
            RouteError::BodyUnreadable => StatusCode::BAD_REQUEST,
            RouteError::LogTooLong => StatusCode::PAYLOAD_TOO_LARGE,
            RouteError::Broken(_) | RouteError::Dropped => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// What may be written down of a proof.
fn proof_of(proof: ProofBody<'_>) -> String {
    match proof {
        ProofBody::ThreeDSecure(text) => token::hash_of(text),
        ProofBody::Cryptogram => WALLET_PROOF.to_owned(),
    }
}

fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, RouteError> {
    serde_json::from_slice(body).map_err(|_| RouteError::BodyUnreadable)
}

fn written(answer: &impl Serialize) -> Result<HttpResponse, RouteError> {
    let body = serde_json::to_vec(answer).map_err(SandboxError::LineUnwritable)?;
    Ok(json(StatusCode::OK, body))
}

fn json(status: StatusCode, body: Vec<u8>) -> HttpResponse {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
