//! `POST /stripe/webhook/{Gateway}`: Stripe says that something happened. A message about a payment
//! only makes the till ask at once; what Stripe then answers counts. What no machine can settle
//! becomes a task. Each message is written down before it is acknowledged, so that one which comes
//! again does nothing (`payments.md` §2.3, §6.6).

mod subscription;

use std::sync::Arc;

use contract::stripe_webhook::{SIGNATURE_HEADER, StripeWebhook, StripeWebhookResult};
use domain::ids::{SaleId, Shard};
use domain::money::Money;
use domain::sale::refund::LostDispute;
use domain::sale::{Sale, sale_of_key};
use domain::task::{NoticeTask, Noticed, TakeNotice, TaskKind};
use gateway::stripe::{Event, Occasion};
use gateway::{Callback, Dispute, DisputeState, Gateway};
use service::matched::Matched;
use service::reply::Reply;
use tracing::info;

use super::Call;
use super::gateway_message::{self, Untaken, later};
use crate::app::App;
use crate::idempotency::identity_of_message;

/// A message whose sender is known.
struct Message<'a> {
    app: &'a App,
    /// The configured name of the gateway.
    name: &'a str,
    gateway: Arc<dyn Gateway>,
    event: Event,
}

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, _call: &Call<'_>) -> Reply {
    let request = match matched.bind::<StripeWebhook>() {
        Ok(request) => request,
        Err(error) => return gateway_message::reply(app, matched, "", Err(error.into())),
    };
    let name = request.gateway.unwrap_or_default();
    let taken = take(app, matched, &name).await;
    let taken = taken.map(|()| matched.reply(&StripeWebhookResult { received: true }, 200));
    gateway_message::reply(app, matched, &name, taken)
}

async fn take(app: &App, matched: &Matched<'_, '_>, name: &str) -> Result<(), Untaken> {
    let exchange = matched.exchange();
    let signature = exchange.headers.get(SIGNATURE_HEADER).unwrap_or_default();
    let (nonce, path, body) = ("", exchange.path, exchange.body);
    let gateway = gateway_message::sender(app, name, &Callback { nonce, signature, path, body })?;
    match Event::read(body) {
        Some(event) => Message { app, name, gateway, event }.take().await,
        // Signed, and of a form that nobody here knows: to send it again would not help.
        None => Ok(()),
    }
}

impl Message<'_> {
    async fn take(&self) -> Result<(), Untaken> {
        match self.event.occasion {
            Occasion::Other => return Ok(()),
            Occasion::Subscription => return self.renew().await,
            _ => {}
        }
        // The right to have one more sale under way is taken first: a message that was written
        // down is not heard again.
        let place = gateway_message::place(self.app)?;
        let Some((key, shard, sale)) = self.payment().await? else { return Ok(()) };
        let decided = self.decided().await?;
        let is_payment = self.event.occasion == Occasion::Payment;
        match self.write_down(shard, sale, &key, decided).await? {
            Noticed::Now if is_payment => self.app.till.hint(place, shard, sale, key),
            Noticed::Now | Noticed::Before => {}
            Noticed::Unknown => drop(self.leave::<()>()),
        }
        Ok(())
    }

    /// The payment that it is about; `None` for none of ours, because the account may be used by
    /// others, too. A sale is stored before Stripe hears of it, so no message precedes its sale.
    async fn payment(&self) -> Result<Option<(String, Shard, SaleId)>, Untaken> {
        let key = self.key().await?;
        let place = key.as_deref().and_then(sale_of_key);
        let (Some(key), Some((shard, sale))) = (key, place) else { return Ok(self.leave()) };
        match self.app.store.read::<Sale>(Sale::key_of(shard, sale)).await {
            Ok(Some(_)) => Ok(Some((key, shard, sale))),
            Ok(None) => Ok(self.leave()),
            Err(fault) => Err(later(&fault)),
        }
    }

    /// The key that the message carries, or that the payment it names was made with.
    async fn key(&self) -> Result<Option<String>, Untaken> {
        let (Event { key: None, payment: Some(payment), .. }, gateway) =
            (&self.event, &*self.gateway)
        else {
            return Ok(self.event.key.clone());
        };
        match gateway::within(gateway, gateway.key_of(payment)).await {
            Some(Ok(key)) => Ok(key),
            Some(Err(_)) | None => Err(later(&"the gateway does not answer")),
        }
    }

    /// How a dispute that is said to be closed really stands.
    async fn decided(&self) -> Result<Option<Dispute>, Untaken> {
        let name = self.event.subject.as_deref().unwrap_or_default();
        if self.event.occasion != Occasion::DisputeClosed {
            return Ok(None);
        }
        match gateway::within(&*self.gateway, self.gateway.dispute(name)).await {
            Some(Ok(Dispute { state: DisputeState::Open, .. })) => {
                Err(later(&"a dispute is said to be closed and is open"))
            }
            Some(Ok(dispute)) => Ok(Some(dispute)),
            Some(Err(_)) | None => Err(later(&"the gateway does not answer")),
        }
    }

    async fn write_down(
        &self,
        shard: Shard,
        sale: SaleId,
        key: &str,
        decided: Option<Dispute>,
    ) -> Result<Noticed, Untaken> {
        let (key, gateway) = (key.to_owned(), self.name.to_owned());
        let message = identity_of_message(self.name, &self.event.id);
        let is_lost = |dispute: &Dispute| dispute.state == DisputeState::Lost;
        let lost = decided.filter(is_lost).map(|dispute| LostDispute {
            name: self.event.subject.clone().unwrap_or_default(),
            charge: key.clone(),
            money: dispute.money,
        });
        let ask = self.task(decided);
        let notice = TakeNotice { shard, sale, key, gateway, message, ask, lost };
        self.app.store.submit(notice).await.map_err(|error| later(&error))
    }

    /// An event about nothing of ours is acknowledged, or Stripe would send it for days.
    fn leave<T>(&self) -> Option<T> {
        info!(event = self.event.id, gateway = self.name, "a message is about no payment of ours");
        None
    }

    fn task(&self, decided: Option<Dispute>) -> Option<NoticeTask> {
        let money = self.event.money;
        let payment = self.event.payment.as_deref().unwrap_or("unknown");
        let (kind, text) = match self.event.occasion {
            Occasion::Payment | Occasion::Subscription | Occasion::Other => return None,
            Occasion::RefundFailed => (
                TaskKind::RefundReversed,
                format!(
                    "A refund{} of payment {payment} did not reach the buyer; Stripe has the money \
                     again. Pay it back by other means and close this task with a note.",
                    of(money)
                ),
            ),
            Occasion::DisputeClosed => {
                let end = match decided.map(|dispute| dispute.state) {
                    Some(DisputeState::Won) => "was decided for you: the money stays",
                    Some(DisputeState::Lost) => "was decided for the buyer",
                    _ => "is closed, and moved nothing",
                };
                let text = format!("The dispute{} of payment {payment} {end}.", of(money));
                (TaskKind::PaymentDisputed, text)
            }
            Occasion::DisputeReversed => (
                TaskKind::PaymentDisputed,
                format!(
                    "Stripe gave back the money{} of a dispute of payment {payment}. If the \
                     dispute was booked as lost before, book that by hand.",
                    of(money)
                ),
            ),
            Occasion::DisputeOpened => (
                TaskKind::PaymentDisputed,
                format!(
                    "The buyer's bank wants the money{} of payment {payment} back. Answer at \
                     Stripe, and decide whether what was sold stays valid.",
                    of(money)
                ),
            ),
        };
        Some(NoticeTask { kind, money, text })
    }
}

fn of(money: Option<Money>) -> String {
    money.map(|money| format!(" of {} {}", money.text(), money.currency.code())).unwrap_or_default()
}
