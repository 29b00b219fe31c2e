//! Requests to Stripe, and what their answers mean whatever they were about.

use domain::attempt::{CallResult, DeclineReason};
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::answer::{Problem, Refused};
use super::declines::{Verdict, is_about_token, verdict};
use crate::client::{Answer, Client, Message};
use crate::silence::{Sending, Silence};

/// The version of Stripe's interface that this client was written for. Sent with each request,
/// so that a newer default of the account changes nothing.
const VERSION: &str = "2024-06-20";

/// Stripe wants to be asked later.
const TOO_MANY_REQUESTS: u16 = 429;

/// The longest code of Stripe's that is repeated in a reason, in bytes.
const CODE_LENGTH_MAX: usize = 64;

/// The connection to one account.
pub(super) struct Wire {
    client: Client,
    authorization: Zeroizing<String>,
}

impl Wire {
    pub(super) fn new(client: Client, secret_key: &str) -> Wire {
        Wire { client, authorization: Zeroizing::new(format!("Bearer {}", secret_key.trim())) }
    }

    /// Reads what is at `path`.
    pub(super) async fn get(&self, path: &str) -> Result<Answer, Silence> {
        self.send(Message::get(path)).await
    }

    /// Sends a form. What was sent before under the same `key` is not done again: Stripe answers
    /// as it did then, for a day at least.
    pub(super) async fn post(
        &self,
        path: &str,
        form: &[(&str, &str)],
        key: Option<&str>,
    ) -> Result<Answer, Silence> {
        let message = Message::post(path).form(form);
        let message = match key {
            Some(key) => message.header("idempotency-key", key),
            None => message,
        };
        self.send(message).await
    }

    /// Removes what is at `path`; it can be removed once.
    pub(super) async fn delete(&self, path: &str) -> Result<Answer, Silence> {
        self.send(Message::delete(path)).await
    }

    async fn send(&self, message: Message) -> Result<Answer, Silence> {
        let message = message.header("authorization", &self.authorization);
        self.client.send(message.header("stripe-version", VERSION)).await
    }
}

/// Reads the answer to something that was done.
///
/// # Errors
/// What the silence or the refusal means.
pub(super) fn done<T: DeserializeOwned>(
    answer: Result<Answer, Silence>,
    sending: Sending,
) -> Result<T, CallResult> {
    let answer = answer.map_err(|silence| silence.result(sending))?;
    if is_success(&answer) {
        return answer.json().ok_or_else(unreadable);
    }
    // What may be sent again is not refused by it.
    if answer.status == TOO_MANY_REQUESTS && sending == Sending::Repeatable {
        return Err(CallResult::Unknown("Stripe has no time for this request now.".into()));
    }
    Err(refused(&answer))
}

/// Reads the answer to a question; a refusal of it says nothing about the payment.
///
/// # Errors
/// [`CallResult::Unknown`]
pub(super) fn told<T: DeserializeOwned>(answer: Result<Answer, Silence>) -> Result<T, CallResult> {
    done(answer, Sending::Repeatable).map_err(|result| match result {
        CallResult::Unknown(reason) => CallResult::Unknown(reason),
        _ => CallResult::Unknown("Stripe did not say how the payment stands.".into()),
    })
}

pub(super) fn is_success(answer: &Answer) -> bool {
    (200..300).contains(&answer.status)
}

/// Why Stripe refused; empty when the body does not say it.
pub(super) fn problem_of(answer: &Answer) -> Option<Problem> {
    answer.json::<Refused>().map(|refused| refused.error)
}

/// What a refusal means for money that was to move (`payments.md` §2.4). A body that cannot be
/// read may come from something between Stripe and us, and then says nothing.
pub(super) fn refused(answer: &Answer) -> CallResult {
    let Some(problem) = problem_of(answer) else { return unreadable() };
    if problem.is_of_kind("idempotency_error") {
        return CallResult::Unknown("Stripe knows this key from another request.".into());
    }
    match answer.status {
        402 => said_of_card(&problem),
        400 | 404 if is_about_token(&problem) => CallResult::Declined(DeclineReason::CardInvalid),
        401 | 403 => CallResult::Misconfigured(format!(
            "Stripe does not accept the key of this account ({}).",
            code_of(&problem)
        )),
        400 | 404 | 429 => CallResult::NotExecuted(format!(
            "Stripe refused the request with status {} ({}).",
            answer.status,
            code_of(&problem)
        )),
        status => CallResult::Unknown(format!(
            "Stripe answered with status {status} ({}).",
            code_of(&problem)
        )),
    }
}

fn said_of_card(problem: &Problem) -> CallResult {
    match verdict(problem) {
        Verdict::Declined(reason) => CallResult::Declined(reason),
        Verdict::Challenge => CallResult::ChallengeRequired(String::new()),
        Verdict::Trouble => {
            CallResult::Unknown(format!("Stripe could not say ({}).", code_of(problem)))
        }
    }
}

pub(super) fn unreadable() -> CallResult {
    CallResult::Unknown("Stripe's answer cannot be read.".into())
}

/// The code, as far as it is one: nothing else of a foreign text gets into a reason.
fn code_of(problem: &Problem) -> &str {
    let code = problem.code.as_deref().or(problem.kind.as_deref()).unwrap_or_default();
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let is_code = (1..=CODE_LENGTH_MAX).contains(&code.len()) && code.bytes().all(plain);
    if is_code { code } else { "no code" }
}
