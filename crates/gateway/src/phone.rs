//! Payment by phone, as Icelandic providers do it: the till puts a cart into the payer's app, the
//! payer accepts or rejects it there, and the till asks what came of it (`payments.md` §3).
//!
//! ```text
//! sale, authorize ─▶ InsertCart ─▶ Pending(transaction)
//! lookup          ─▶ CheckCart ─┬▶ reserved: ConfirmCart ─▶ Approved
//!                               └▶ Approved, Declined, Pending
//! fence, void     ─▶ CancelCart;  capture ─▶ ConfirmCart
//! ```
//!
//! A cart is known by the transaction that `InsertCart` answers with; when that answer is lost,
//! nobody can ask about it. So carts are *confirmed by the till* unless the provider wants it
//! otherwise: the payer's yes only reserves, and what the till does not confirm never becomes a
//! payment. That makes this gateway resumable, although it has no keys.

mod answer;
mod protocol;
mod settings;

use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use domain::attempt::{CallResult, DeclineReason, GatewayTerms};
use domain::money::Currency;
use serde::Serialize;
use zeroize::Zeroizing;

use self::answer::{CartAnswer, Said};
use self::protocol::{CartBody, TransactionBody};
use crate::callback::Callback;
use crate::client::{Client, ClientError, Message};
use crate::gateway::{ChargeName, Gateway, PaymentRequest};
use crate::secret::{Source, SourceKind};
use crate::silence::Sending;

pub use settings::{Confirmation, PhoneSettings};

/// The headers of a request and of a signed answer.
const APP_KEY_HEADER: &str = "netgiro_appkey";
const NONCE_HEADER: &str = "netgiro_nonce";
const SIGNATURE_HEADER: &str = "netgiro_signature";

/// A provider of payment by phone.
pub struct PhoneGateway {
    settings: PhoneSettings,
    client: Client,
    last_nonce: AtomicI64,
}

impl PhoneGateway {
    /// A gateway with these settings; connects with the first call.
    ///
    /// # Errors
    /// [`ClientError`] when the provider's address cannot be used.
    pub fn new(mut settings: PhoneSettings) -> Result<PhoneGateway, ClientError> {
        settings.terms.resumable = settings.confirmation == Confirmation::ByTill;
        settings.terms.push.get_or_insert_default();
        let client = Client::new(&settings.client)?;
        Ok(PhoneGateway { settings, client, last_nonce: AtomicI64::new(0) })
    }

    /// Asks the payer. The key of a cart is sent once.
    async fn insert(&self, request: &PaymentRequest<'_>, source: &Source) -> CallResult {
        let SourceKind::Phone(phone) = &source.what else {
            let reason = "This gateway asks payers on their phones and charges nothing else.";
            return CallResult::NotExecuted(reason.into());
        };
        if request.money.currency != Currency::ISK {
            return CallResult::NotExecuted("This gateway takes Icelandic krónur only.".into());
        }
        let Some(customer) = phone.text().strip_prefix("+354") else {
            return CallResult::Declined(DeclineReason::RejectedByPayer);
        };
        let body = CartBody {
            amount: request.money.amount,
            reference: request.key,
            customer_id: customer,
            confirmation_type: self.settings.confirmation.code(),
            callback_url: self.settings.callback_url.as_deref(),
            callback_cancel_url: self.settings.callback_url.as_deref(),
            description: self.settings.description.as_deref(),
        };
        match self.call("/InsertCart", &body, Sending::Once).await {
            Ok(answer) => answer.inserted(),
            Err(result) => result,
        }
    }

    /// What became of a cart. One that its payer has accepted is confirmed, unless the till only
    /// wanted a reservation.
    async fn check(&self, request: &PaymentRequest<'_>, transaction: &str) -> CallResult {
        let checked = match self.about("/CheckCart", transaction).await {
            Ok(answer) => answer.checked(request, transaction),
            Err(result) => return result,
        };
        match checked {
            Said::Reserved(approval) if request.reserves => CallResult::Approved(approval),
            Said::Reserved(_) => self.confirm(request, transaction).await,
            Said::Result(result) => result,
        }
    }

    async fn confirm(&self, request: &PaymentRequest<'_>, transaction: &str) -> CallResult {
        match self.about("/ConfirmCart", transaction).await {
            Ok(answer) => match answer.checked(request, transaction) {
                Said::Reserved(_) => CallResult::Unknown("The cart is not confirmed yet.".into()),
                Said::Result(result) => result,
            },
            Err(result) => result,
        }
    }

    /// Cancels a cart; `None` when its payer was faster.
    async fn cancel(&self, request: &PaymentRequest<'_>, transaction: &str) -> Option<CallResult> {
        match self.about("/CancelCart", transaction).await {
            Ok(answer) if answer.is_confirmed() => None,
            Ok(answer) => match answer.checked(request, transaction) {
                Said::Reserved(_) => None,
                Said::Result(result) => Some(result),
            },
            Err(result) => Some(result),
        }
    }

    /// Whether a cart that could not be cancelled is a reservation and no payment.
    async fn given_up(&self, request: &PaymentRequest<'_>, charge: &ChargeName<'_>) -> CallResult {
        let checked = match self.about("/CheckCart", charge.reference).await {
            Ok(answer) => answer.checked(request, charge.reference),
            Err(result) => return result,
        };
        match checked {
            Said::Reserved(_) => CallResult::Approved(answer::approval(charge)),
            Said::Result(CallResult::Approved(_)) => {
                CallResult::Unknown("The cart is confirmed and cannot be given up.".into())
            }
            Said::Result(other) => other,
        }
    }

    async fn about(&self, path: &str, transaction: &str) -> Result<CartAnswer, CallResult> {
        let body = TransactionBody { transaction_id: transaction };
        self.call(path, &body, Sending::Repeatable).await
    }

    /// One signed call. Whatever is not a readable answer is told as what it proves.
    async fn call(
        &self,
        path: &str,
        body: &(impl Serialize + Sync),
        sending: Sending,
    ) -> Result<CartAnswer, CallResult> {
        let body = serde_json::to_vec(body)
            .map_err(|_| CallResult::NotExecuted("The request cannot be written.".into()))?;
        let url = self.client.url_of(path);
        let nonce = self.nonce();
        let message = Message::post(path)
            .header(APP_KEY_HEADER, &self.settings.app_key)
            .header(NONCE_HEADER, &nonce)
            .header(SIGNATURE_HEADER, &self.settings.sign(&nonce, &url, &body))
            .with_body("application/json", Zeroizing::new(body));
        let answer = self.client.send(message).await.map_err(|silence| silence.result(sending))?;
        let signed = answer.header(SIGNATURE_HEADER).map(|signature| Callback {
            nonce: answer.header(NONCE_HEADER).unwrap_or_default(),
            signature,
            path: &url,
            body: answer.body(),
        });
        if signed.is_some_and(|signed| !self.settings.signed(&signed)) {
            return Err(CallResult::Unknown("The gateway's answer is signed wrongly.".into()));
        }
        CartAnswer::read(&answer, sending)
    }

    /// A number that was never used before: the time, and always more than the last one.
    fn nonce(&self) -> String {
        let now = (self.settings.clock)().0;
        let last = self.last_nonce.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| {
            Some(now.max(last.saturating_add(1)))
        });
        let last = last.unwrap_or_else(|last| last);
        now.max(last.saturating_add(1)).to_string()
    }

    /// What is said about a key whose cart is not known by name.
    fn without_cart(&self) -> CallResult {
        match self.settings.confirmation {
            Confirmation::ByTill => {
                CallResult::NotExecuted("The cart was never confirmed, and never will be.".into())
            }
            Confirmation::ByPayer => {
                CallResult::Unknown("The number of the cart was lost on the way.".into())
            }
        }
    }
}

#[async_trait]
impl Gateway for PhoneGateway {
    fn terms(&self) -> &GatewayTerms {
        &self.settings.terms
    }

    /// Only where the till confirms: the payer's yes is then a reservation.
    async fn authorize(&self, request: &PaymentRequest<'_>, source: &Source) -> CallResult {
        match self.settings.confirmation {
            Confirmation::ByTill => self.insert(request, source).await,
            Confirmation::ByPayer => {
                CallResult::NotExecuted("To reserve money is not offered by this gateway.".into())
            }
        }
    }

    async fn sale(&self, request: &PaymentRequest<'_>, source: &Source) -> CallResult {
        self.insert(request, source).await
    }

    async fn capture(&self, request: &PaymentRequest<'_>, charge: &ChargeName<'_>) -> CallResult {
        self.confirm(request, charge.reference).await
    }

    /// What its payer has accepted cannot be cancelled any more, but it is no payment as long as
    /// the till does not confirm it, which it will not do now. A confirmed cart cannot be given up.
    async fn void(&self, request: &PaymentRequest<'_>, charge: &ChargeName<'_>) -> CallResult {
        match self.cancel(request, charge.reference).await {
            Some(CallResult::NotExecuted(_)) => CallResult::Approved(answer::approval(charge)),
            Some(other) => other,
            None => self.given_up(request, charge).await,
        }
    }

    async fn lookup(&self, request: &PaymentRequest<'_>) -> CallResult {
        match (request.handle, self.settings.confirmation) {
            (Some(transaction), _) => self.check(request, transaction).await,
            (None, Confirmation::ByTill) => CallResult::NotFound,
            (None, Confirmation::ByPayer) => self.without_cart(),
        }
    }

    /// A payer who was faster than the till has paid.
    async fn fence(&self, request: &PaymentRequest<'_>) -> CallResult {
        let Some(transaction) = request.handle else {
            return self.without_cart();
        };
        match self.cancel(request, transaction).await {
            Some(result) => result,
            None => self.check(request, transaction).await,
        }
    }

    /// Messages are signed with the address that they were asked for at, not only with its path.
    fn sent(&self, callback: &Callback<'_>) -> bool {
        let url = self.settings.callback_url.as_deref().unwrap_or_default();
        let is_here = url.ends_with(callback.path) && !callback.path.is_empty();
        is_here && self.settings.signed(&Callback { path: url, ..*callback })
    }
}
