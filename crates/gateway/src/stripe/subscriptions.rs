//! Subscriptions: what a payment paid once is taken again by Stripe itself (`payments.md` §2.7).
//!
//! ```text
//! keep ─▶ which payment method paid ─▶ whose it is, else a customer of ours ─▶ their subscriptions
//!         none of our key: attach the payment method ─▶ a price ─▶ a subscription
//! read ─▶ the subscription ─▶ its paid bills
//! end  ─▶ delete it, and read it
//! ```
//!
//! The order's own payment has paid the first period. So the subscription begins as a trial that
//! lasts until the second one, and nothing is prorated: Stripe takes no money when it is made, and
//! the whole amount when the trial is over. Each step is found before it is made, or has a key of
//! its own, so that the same question again makes nothing twice, whenever it was broken off: keys
//! are remembered for a day, lists and metadata for good.

use domain::agency::{
    Interval, PaidPeriod, SubscriptionAnswer, SubscriptionCall, SubscriptionStanding,
    SubscriptionTold, SubscriptionVerb,
};
use domain::attempt::CallResult;

use super::answer::{Invoice, Named, Page, Subscription};
use super::intents::KEY_MEMBER;
use super::methods::CUSTOMERS;
use super::wire::{done, is_success, told, unreadable};
use super::{METADATA_KEY, NOT_SENDABLE, StripeGateway, is_key, is_plain, units};
use crate::silence::Sending;

/// Where subscriptions are.
const SUBSCRIPTIONS: &str = "/v1/subscriptions";

/// Where prices are.
const PRICES: &str = "/v1/prices";

/// How many bills or subscriptions are read at once; Stripe gives the newest, and no more.
const PAGE_SIZE: u8 = 100;

/// What a subscription is made of.
struct Made<'a> {
    customer: &'a str,
    method: &'a str,
    price: &'a str,
}

impl StripeGateway {
    /// Keeps, reads or ends a subscription; see [`crate::Gateway::subscription`].
    pub(super) async fn renew(&self, call: &SubscriptionCall) -> SubscriptionAnswer {
        if !is_key(&call.key) || !is_key(&call.customer_key) {
            return Err(CallResult::NotExecuted(NOT_SENDABLE.into()));
        }
        let found = match (&call.reference, call.verb) {
            (Some(reference), _) => Some(self.read_subscription(reference).await?),
            (None, SubscriptionVerb::Keep) => Some(self.find_or_keep(call).await?),
            (None, _) => self.find_subscription(call).await?.1,
        };
        let found = match found {
            Some(found) if call.verb == SubscriptionVerb::End => self.end_renewing(found).await?,
            Some(found) => found,
            None => return Ok(None),
        };
        self.tell(call, &found).await.map(Some)
    }

    async fn find_or_keep(&self, call: &SubscriptionCall) -> Result<Subscription, CallResult> {
        let (payer, found) = self.find_subscription(call).await?;
        if let Some(found) = found {
            return Ok(found);
        }
        if !payer.is_attached {
            self.attach_to(&call.key, &payer.method, &payer.customer, Sending::Repeatable).await?;
        }
        let price = self.make_price(call).await?;
        let (customer, method) = (payer.customer.as_str(), payer.method.as_str());
        self.make_subscription(call, &Made { customer, method, price: &price }).await
    }

    /// Who pays, and the subscription of this key among theirs.
    async fn find_subscription(
        &self,
        call: &SubscriptionCall,
    ) -> Result<(Payer, Option<Subscription>), CallResult> {
        let payer = self.payer(call).await?;
        let customer = &payer.customer;
        if !is_plain(customer) {
            return Err(unreadable());
        }
        let path = format!("{SUBSCRIPTIONS}?customer={customer}&status=all&limit={PAGE_SIZE}");
        let page: Page<Subscription> = told(self.wire.get(&path).await)?;
        let is_ours = |it: &Subscription| it.key() == Some(call.key.as_str());
        match page.data.into_iter().find(is_ours) {
            None if page.has_more => {
                Err(CallResult::Unknown("The customer has too many subscriptions.".into()))
            }
            found => Ok((payer, found)),
        }
    }

    /// What paid, and whose it is. A payment method that belongs to a customer already can be
    /// charged for nobody else.
    async fn payer(&self, call: &SubscriptionCall) -> Result<Payer, CallResult> {
        let intent = self.read(&call.charge.reference).await?;
        let method = intent.payment_method.as_ref().and_then(name_of).ok_or_else(unreadable)?;
        let known = self.read_method(&method).await?;
        if let Some(customer) = known.customer.as_ref().and_then(name_of) {
            return Ok(Payer { method, customer, is_attached: true });
        }
        let customer = match &call.customer {
            Some(customer) => customer.clone(),
            None => self.customer_of(&call.customer_key).await?,
        };
        Ok(Payer { method, customer, is_attached: false })
    }

    /// The customer of a key; made if there is none. The search may be an hour behind, and a key is
    /// remembered for a day at least.
    async fn customer_of(&self, key: &str) -> Result<String, CallResult> {
        let query = format!("metadata%5B%27{METADATA_KEY}%27%5D%3A%27{key}%27");
        let path = format!("{CUSTOMERS}/search?query={query}&limit=1");
        let page: Page<Named> = told(self.wire.get(&path).await)?;
        match page.data.into_iter().next() {
            Some(found) => Ok(found.id),
            None => self.make_customer(key, Sending::Repeatable).await,
        }
    }

    async fn make_price(&self, call: &SubscriptionCall) -> Result<String, CallResult> {
        let amount = units::units(call.money);
        let amount = amount.map_err(|error| CallResult::NotExecuted(error.to_string()))?;
        let (amount, currency) = (amount.to_string(), units::currency_name(call.money.currency));
        let form = [
            ("currency", currency.as_str()),
            ("unit_amount", amount.as_str()),
            ("recurring[interval]", interval_name(call.interval)),
            ("product_data[name]", call.description.as_str()),
            (KEY_MEMBER, call.key.as_str()),
        ];
        let key = format!("{}:price", call.key);
        let made: Named =
            done(self.wire.post(PRICES, &form, Some(&key)).await, Sending::Repeatable)?;
        Ok(made.id)
    }

    async fn make_subscription(
        &self,
        call: &SubscriptionCall,
        made: &Made<'_>,
    ) -> Result<Subscription, CallResult> {
        let trial_end = call.starts_at.seconds().to_string();
        let form = [
            ("customer", made.customer),
            ("default_payment_method", made.method),
            ("items[0][price]", made.price),
            ("trial_end", trial_end.as_str()),
            ("proration_behavior", "none"),
            ("off_session", "true"),
            (KEY_MEMBER, call.key.as_str()),
        ];
        done(self.wire.post(SUBSCRIPTIONS, &form, Some(&call.key)).await, Sending::Repeatable)
    }

    async fn read_subscription(&self, id: &str) -> Result<Subscription, CallResult> {
        told(self.wire.get(&path_of(id)?).await)
    }

    /// What was ended before is refused; then it is read.
    async fn end_renewing(&self, found: Subscription) -> Result<Subscription, CallResult> {
        if standing(&found) == Some(SubscriptionStanding::Ended) {
            return Ok(found);
        }
        let answer = self.wire.delete(&path_of(&found.id)?).await;
        let answer = answer.map_err(|silence| silence.result(Sending::Repeatable))?;
        match answer.json::<Subscription>().filter(|_| is_success(&answer)) {
            Some(ended) => Ok(ended),
            None => self.read_subscription(&found.id).await,
        }
    }

    async fn tell(
        &self,
        call: &SubscriptionCall,
        found: &Subscription,
    ) -> Result<SubscriptionTold, CallResult> {
        let standing = standing(found).ok_or_else(unreadable)?;
        let paid = self.paid_periods(call, &found.id).await?;
        let customer = found.customer.as_ref().and_then(name_of);
        Ok(SubscriptionTold { reference: found.id.clone(), customer, standing, paid })
    }

    /// The newest paid bills. That of the trial is of nothing, and one that a person marked as paid
    /// brought Stripe no money; both are left out.
    async fn paid_periods(
        &self,
        call: &SubscriptionCall,
        id: &str,
    ) -> Result<Vec<PaidPeriod>, CallResult> {
        path_of(id)?;
        let path = format!("/v1/invoices?subscription={id}&status=paid&limit={PAGE_SIZE}");
        let page: Page<Invoice> = told(self.wire.get(&path).await)?;
        let currency = units::currency_name(call.money.currency);
        let bills = page.data.into_iter();
        let is_taken = |it: &Invoice| it.amount_paid > 0 && it.payment_intent.is_some();
        let bills = bills.filter(|it| is_taken(it) && it.currency == currency);
        bills.map(|bill| paid_period(call, bill).ok_or_else(unreadable)).collect()
    }
}

/// Who pays a subscription.
struct Payer {
    method: String,
    customer: String,
    /// The payment method is the customer's already.
    is_attached: bool,
}

fn paid_period(call: &SubscriptionCall, bill: Invoice) -> Option<PaidPeriod> {
    let payment = bill.payment_intent.as_ref().and_then(name_of)?;
    let amount = units::money(bill.amount_paid, call.money.currency)?.amount;
    Some(PaidPeriod { invoice: Some(bill.id).filter(|id| is_plain(id))?, payment, amount })
}

/// What Stripe calls something that stands in an answer by its name or whole.
fn name_of(value: &serde_json::Value) -> Option<String> {
    let name = value.as_str().or_else(|| value.get("id")?.as_str())?;
    is_plain(name).then(|| name.to_owned())
}

/// `None` for a state of tomorrow. A subscription that waits for its first payment cannot be one
/// of ours, which begin with a trial; if one does, it is not paid.
fn standing(subscription: &Subscription) -> Option<SubscriptionStanding> {
    match subscription.status.as_str() {
        "active" | "trialing" => Some(SubscriptionStanding::Running),
        "past_due" | "unpaid" | "incomplete" | "paused" => Some(SubscriptionStanding::PastDue),
        "canceled" | "incomplete_expired" => Some(SubscriptionStanding::Ended),
        _ => None,
    }
}

fn interval_name(interval: Interval) -> &'static str {
    match interval {
        Interval::Month => "month",
        Interval::Year => "year",
    }
}

fn path_of(id: &str) -> Result<String, CallResult> {
    if is_plain(id) { Ok(format!("{SUBSCRIPTIONS}/{id}")) } else { Err(unreadable()) }
}
