//! Payments and reservations, and asking about one whose name is known (`payments.md` §1.3, §1.4).

use domain::attempt::CallResult;
use domain::time::Timestamp;
use serde::Serialize;

use super::amount::{Amount, amount};
use super::card::{PaymentMethod, ThreeDSecure};
use super::document::Document;
use super::order_id::order_id;
use super::payment::{Expected, Payment, is_transaction_id};
use super::{Borgun, Reply, STATUS_NOT_FOUND, STATUS_OK};
use crate::gateway::PaymentRequest;
use crate::secret::Source;
use crate::silence::{Sending, Silence};

/// Where payments are.
const PATH: &str = "/api/payment";

/// A payment or a reservation.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PaymentBody<'a> {
    transaction_type: &'static str,
    amount: i64,
    currency: &'static str,
    transaction_date: String,
    order_id: &'a str,
    payment_method: PaymentMethod<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    three_d_secure: Option<ThreeDSecure<'a>>,
    metadata: Metadata<'a>,
}

/// What the gateway keeps beside a payment: our key, for people who look there.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Metadata<'a> {
    payload: &'a str,
}

impl Borgun {
    /// Charges, or reserves if the request says so. Sent once, unless the operator wants otherwise.
    pub(super) async fn pay(&self, request: &PaymentRequest<'_>, source: &Source) -> CallResult {
        let Some(amount) = amount(request.money) else { return unsendable("the sum") };
        let Some(method) = PaymentMethod::of(source) else { return unsendable("the means") };
        let order_id = order_id(request.key);
        let body = PaymentBody {
            transaction_type: if request.reserves { "PreAuthorization" } else { "Sale" },
            amount: amount.units,
            currency: amount.currency,
            transaction_date: date_time((self.clock)()),
            order_id: &order_id,
            payment_method: method,
            three_d_secure: ThreeDSecure::of(source),
            metadata: Metadata { payload: request.key },
        };
        let expected = Expected { order_id: &order_id, amount, reserves: request.reserves };
        match self.send_payment(&body).await {
            Ok(reply) => self.payment_result(&reply, &expected).await,
            Err(silence) => silence.result(Sending::Once),
        }
    }

    /// What was answered. An answer that leaves it open, but names the payment, is the only moment
    /// at which the gateway can be asked about it.
    async fn payment_result(&self, reply: &Reply, expected: &Expected<'_>) -> CallResult {
        if !reply.is_answer() {
            return reply.failure();
        }
        let Some(document) = &reply.document else {
            return CallResult::Unknown("The gateway's answer cannot be read.".into());
        };
        let payment = Payment::read(document);
        let said = payment.result(expected);
        match (&said, &payment.transaction_id) {
            (CallResult::Unknown(_), Some(transaction_id)) => {
                match self.named(transaction_id, expected).await {
                    CallResult::NotFound => said,
                    read => read,
                }
            }
            _ => said,
        }
    }

    /// A second try can only find out what is true: the gateway takes an order id once. What it
    /// answers then counts, and its refusal of the id leaves the outcome unknown.
    async fn send_payment(&self, body: &PaymentBody<'_>) -> Result<Reply, Silence> {
        let first = self.post(PATH, body).await;
        let is_lost = matches!(first, Err(Silence::NoAnswer(_)));
        if !is_lost || !self.resend_same_order_id {
            return first;
        }
        let second = self.post(PATH, body).await;
        second.map_err(|silence| match silence {
            // It is the first one of which nothing is known.
            Silence::NotSent(reason) => Silence::NoAnswer(reason),
            silence @ Silence::NoAnswer(_) => silence,
        })
    }

    /// What became of the payment that the gateway gave a name. Without the name it cannot be
    /// asked.
    pub(super) async fn look_up(&self, request: &PaymentRequest<'_>) -> CallResult {
        let Some(transaction_id) = request.handle else {
            return CallResult::Unknown("The gateway cannot be asked about an order id.".into());
        };
        let Some(amount) = amount(request.money) else { return unsendable("the sum") };
        let order_id = order_id(request.key);
        let expected = Expected { order_id: &order_id, amount, reserves: request.reserves };
        self.named(transaction_id, &expected).await
    }

    /// What the payment of this name came to, if it is the one that is meant.
    async fn named(&self, transaction_id: &str, expected: &Expected<'_>) -> CallResult {
        let payment = match self.read(transaction_id).await {
            Ok(payment) if payment.is_named(expected.order_id) => payment,
            Ok(_) => return CallResult::Unknown("The gateway told of another payment.".into()),
            Err(result) => return result,
        };
        match payment.result(expected) {
            // Whoever asks did get an answer: it was not executed.
            CallResult::Misconfigured(reason) => CallResult::NotExecuted(reason),
            said => said,
        }
    }

    /// The payment of this name.
    ///
    /// # Errors
    /// Why it cannot be read; nothing has happened because of that.
    pub(super) async fn read(&self, transaction_id: &str) -> Result<Payment, CallResult> {
        self.read_document(transaction_id).await.map(|document| Payment::read(&document))
    }

    /// The same as the gateway wrote it.
    ///
    /// # Errors
    /// As [`Borgun::read`].
    pub(super) async fn read_document(&self, transaction_id: &str) -> Result<Document, CallResult> {
        if !is_transaction_id(transaction_id) {
            return Err(CallResult::Unknown("The payment has no name at the gateway.".into()));
        }
        let reply = self.get(&format!("{PATH}/{transaction_id}")).await;
        let reply = reply.map_err(|silence| silence.result(Sending::Repeatable))?;
        match (reply.status, reply.document) {
            (STATUS_OK, Some(document)) => Ok(document),
            (STATUS_NOT_FOUND, _) => Err(CallResult::NotFound),
            (status, _) => Err(CallResult::Unknown(format!(
                "The gateway answered a question with status {status}."
            ))),
        }
    }
}

fn unsendable(what: &str) -> CallResult {
    CallResult::NotExecuted(format!("This gateway does not take {what}; nothing was sent."))
}

/// `2026-05-02T14:03:11`, in the time of Iceland, which is UTC.
fn date_time(now: Timestamp) -> String {
    let moment = jiff::Timestamp::from_second(now.seconds()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    moment.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

/// The sum of a refund.
pub(super) fn refunded(request: &PaymentRequest<'_>) -> Result<Amount, CallResult> {
    amount(request.money).ok_or_else(|| unsendable("the sum"))
}

/// Where a movement of a payment is asked for; `None` for a name that leads nowhere.
pub(super) fn path_of(transaction_id: &str, verb: &str) -> Option<String> {
    is_transaction_id(transaction_id).then(|| format!("{PATH}/{transaction_id}/{verb}"))
}
