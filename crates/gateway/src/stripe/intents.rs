//! Payment intents: one for each key, made before it is paid (`payments.md` §2.1, §2.2).
//!
//! | status                    | a charge                    | opened for a browser |
//! |---------------------------|-----------------------------|----------------------|
//! | `requires_payment_method` | NotFound, or Declined ¹     | Pending              |
//! | `requires_confirmation`   | NotFound                    | Pending              |
//! | `requires_action`         | ChallengeRequired           | Pending              |
//! | `processing`              | Pending                     | Pending              |
//! | `requires_capture`        | Approved ²                  | Unknown              |
//! | `succeeded`               | Approved                    | Approved             |
//! | `canceled`                | NotExecuted                 | NotExecuted          |
//!
//! Anything else is Unknown, and so is an approval of another amount.
//!
//! ¹ Where the intent tells of a payment that failed. ² Of a reservation.
//!
//! Where nobody is there to be asked ([`Consent::Earlier`]), ChallengeRequired is a decline.

use domain::attempt::{Approval, CallResult, Consent, DeclineReason};

use super::answer::{Intent, Page};
use super::declines::{Verdict, verdict};
use super::wire::{done, is_success, problem_of, refused, told, unreadable};
use super::{METADATA_KEY, StripeGateway, units};
use crate::client::Answer;
use crate::gateway::PaymentRequest;
use crate::silence::{Sending, Silence};

/// Where intents are.
const INTENTS: &str = "/v1/payment_intents";

/// The charge comes with the intent and not its id alone.
pub(super) const EXPANDED: (&str, &str) = ("expand[]", "latest_charge");

/// The means of paying may be charged later, when nobody is there.
pub(super) const KEPT: (&str, &str) = ("setup_future_usage", "off_session");

/// How many intents of one key are looked at; there is one, or two after a day of silence.
const FOUND_MAX: u8 = 10;

/// The longest code of an issuer that is kept, in bytes.
const AUTH_CODE_LENGTH_MAX: usize = 32;

/// What an intent is held against.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) request: &'a PaymentRequest<'a>,
    /// In Stripe's unit.
    pub(super) units: i64,
    /// A browser may still pay it.
    pub(super) open: bool,
}

impl<'a> Wanted<'a> {
    /// What a request wants of a payment that only the till pays.
    ///
    /// # Errors
    /// [`CallResult::NotExecuted`] for an amount that Stripe has no number for.
    pub(super) fn of(request: &'a PaymentRequest<'a>) -> Result<Wanted<'a>, CallResult> {
        let units = units::units(request.money);
        let units = units.map_err(|error| CallResult::NotExecuted(error.to_string()))?;
        Ok(Wanted { request, units, open: false })
    }

    /// What it means that the bank wants to ask the payer: of a charge at which nobody is there,
    /// that it said no.
    fn challenge(&self, id: &str) -> CallResult {
        match self.request.consent {
            Consent::Earlier => CallResult::Declined(DeclineReason::AuthenticationRequired),
            Consent::ThisCharge | Consent::Keep => CallResult::ChallengeRequired(id.to_owned()),
        }
    }
}

impl StripeGateway {
    /// Makes the intent of a key, or brings the one that was made: the body consists of what is
    /// stored, so that Stripe recognises it. Nothing is paid by it.
    pub(super) async fn create(&self, wanted: &Wanted<'_>) -> Result<Answer, Silence> {
        let request = wanted.request;
        let (amount, currency) =
            (wanted.units.to_string(), units::currency_name(request.money.currency));
        let mut form = vec![
            ("amount", amount.as_str()),
            ("currency", currency.as_str()),
            ("payment_method_types[]", "card"),
            ("capture_method", if request.reserves { "manual" } else { "automatic" }),
            (KEY_MEMBER, request.key),
        ];
        // It belongs to what is made, because a browser that pays later cannot say it.
        form.extend((request.consent == Consent::Keep).then_some(KEPT));
        self.wire.post(INTENTS, &form, Some(request.key)).await
    }

    /// The intent as it is now.
    ///
    /// # Errors
    /// [`CallResult::Unknown`]
    pub(super) async fn read(&self, id: &str) -> Result<Intent, CallResult> {
        let path = path_of(id, "")?;
        told(self.wire.get(&format!("{path}?expand%5B%5D=latest_charge")).await)
    }

    /// The name of a key's intent: the one that was told before, or what making it again brings.
    ///
    /// # Errors
    /// [`CallResult::Unknown`]
    pub(super) async fn find(&self, wanted: &Wanted<'_>) -> Result<String, CallResult> {
        if let Some(handle) = wanted.request.handle {
            return Ok(handle.to_owned());
        }
        let made: Intent = told(self.create(wanted).await)?;
        Ok(made.id)
    }

    /// Cancels an intent unless it is paid or reserved; tells how it stands then.
    pub(super) async fn give_up(&self, id: &str, wanted: &Wanted<'_>) -> CallResult {
        let before = match self.read(id).await {
            Ok(intent) => judge(&intent, wanted),
            Err(result) => return result,
        };
        if matches!(before, CallResult::Approved(_) | CallResult::NotExecuted(_)) {
            return before;
        }
        match self.cancel(id, None).await {
            Ok(intent) => finally(judge(&intent, wanted)),
            // It may have been paid in this very moment.
            Err(_) => match self.read(id).await {
                Ok(intent) => finally(judge(&intent, wanted)),
                Err(result) => result,
            },
        }
    }

    /// Cancels an intent.
    ///
    /// # Errors
    /// What Stripe answered instead.
    pub(super) async fn cancel(&self, id: &str, key: Option<&str>) -> Result<Intent, CallResult> {
        let answer = self.wire.post(&path_of(id, "/cancel")?, &[], key).await;
        done(answer, Sending::Repeatable)
    }

    /// All intents of a key by Stripe's search. It is the only way to one that was made longer
    /// ago than keys are remembered, and it may be an hour behind, so it is asked beside
    /// [`StripeGateway::find`] and never in its place.
    ///
    /// # Errors
    /// [`CallResult::Unknown`]
    pub(super) async fn search(&self, key: &str) -> Result<Vec<Intent>, CallResult> {
        let query = format!("metadata%5B%27{METADATA_KEY}%27%5D%3A%27{key}%27");
        let path = format!("{INTENTS}/search?query={query}&limit={FOUND_MAX}");
        let page: Page<Intent> = told(self.wire.get(&path).await)?;
        if page.has_more {
            return Err(CallResult::Unknown("Stripe knows too many payments of this key.".into()));
        }
        Ok(page.data)
    }

    /// What an answer about an intent means. One that is not in the state the request was made
    /// for is read: an earlier request may have done what this one wanted.
    ///
    /// # Errors
    /// What a refusal says of this request alone, not of the intent.
    pub(super) async fn outcome(
        &self,
        answer: &Answer,
        id: &str,
        wanted: &Wanted<'_>,
    ) -> Result<CallResult, CallResult> {
        if is_success(answer) {
            let intent = answer.json::<Intent>().ok_or_else(unreadable)?;
            return Ok(judge(&intent, wanted));
        }
        if problem_of(answer).is_some_and(|problem| problem.is(UNEXPECTED_STATE)) {
            return Ok(judge(&self.read(id).await?, wanted));
        }
        Err(match refused(answer) {
            CallResult::ChallengeRequired(_) => wanted.challenge(id),
            other => other,
        })
    }
}

/// The code of a request that came too late or too early for the state of its intent.
const UNEXPECTED_STATE: &str = "payment_intent_unexpected_state";

/// The member that carries our key.
pub(super) const KEY_MEMBER: &str = "metadata[guichet_key]";

/// The path of an intent and what is done with it.
///
/// # Errors
/// [`CallResult::Unknown`] for an id that is none.
pub(super) fn path_of(id: &str, verb: &str) -> Result<String, CallResult> {
    if super::is_plain(id) { Ok(format!("{INTENTS}/{id}{verb}")) } else { Err(unreadable()) }
}

/// See the table of the module.
pub(super) fn judge(intent: &Intent, wanted: &Wanted<'_>) -> CallResult {
    let (id, open) = (|| intent.id.clone(), wanted.open);
    match intent.status.as_str() {
        "succeeded" => approved(intent, wanted),
        "requires_capture" if wanted.request.reserves => approved(intent, wanted),
        "canceled" => CallResult::NotExecuted("The payment was cancelled.".into()),
        "processing" => CallResult::Pending(id()),
        "requires_payment_method" | "requires_confirmation" | "requires_action" if open => {
            CallResult::Pending(id())
        }
        "requires_action" => wanted.challenge(&intent.id),
        "requires_payment_method" => not_paid(intent, wanted),
        "requires_confirmation" => CallResult::NotFound,
        _ => CallResult::Unknown("Stripe tells a state that is not known here.".into()),
    }
}

/// The payment was tried and refused, or nobody has tried it yet. That Stripe had trouble with it
/// is a refusal by now: it says that it took nothing.
fn not_paid(intent: &Intent, wanted: &Wanted<'_>) -> CallResult {
    match intent.last_payment_error.as_ref().map(verdict) {
        None => CallResult::NotFound,
        Some(Verdict::Declined(reason)) => CallResult::Declined(reason),
        Some(Verdict::Challenge) => wanted.challenge(&intent.id),
        Some(Verdict::Trouble) => CallResult::Declined(DeclineReason::Soft),
    }
}

fn approved(intent: &Intent, wanted: &Wanted<'_>) -> CallResult {
    let currency = units::currency_name(wanted.request.money.currency);
    if intent.amount != wanted.units || intent.currency != currency {
        return CallResult::Unknown("Stripe tells of another amount than was asked for.".into());
    }
    CallResult::Approved(approval(intent))
}

/// What an approval says. Stripe shows the end of the card's number only.
pub(super) fn approval(intent: &Intent) -> Approval {
    let card = |name| intent.of_charge(&["payment_method_details", "card", name]);
    let auth_code = card("authorization_code").filter(|code| code.len() <= AUTH_CODE_LENGTH_MAX);
    Approval {
        reference: intent.id.clone(),
        auth_code: auth_code.map(str::to_owned),
        card_mask: card("last4").and_then(mask),
    }
}

/// The mask of a card of which the last four digits are told; `None` when they are none.
pub(super) fn mask(last_four: &str) -> Option<String> {
    let are_digits = last_four.len() == 4 && last_four.bytes().all(|byte| byte.is_ascii_digit());
    are_digits.then(|| format!("******{last_four}"))
}

/// After a cancellation only these are certain.
fn finally(standing: CallResult) -> CallResult {
    match standing {
        CallResult::Approved(_) | CallResult::NotExecuted(_) | CallResult::Unknown(_) => standing,
        _ => CallResult::Unknown("Stripe did not cancel the payment.".into()),
    }
}
