//! What the page's forms do: begin a payment, pay it, ask what became of it.

use contract::shared::PaymentMethodCreditCardInfo;
use domain::agency::CustomerNamed;
use domain::ids::SaleId;
use domain::payment::Claims;
use domain::refusal::{Code, Refusal};
use domain::sale::{Buyer, OrderMeans, OrderPayment, PayOrder, Sale};
use domain::token::is_same_secret;
use gateway::{PaymentForm, Source};
use service::reply::Reply;
use service::types::SecretText;

use super::standing::Standing;
use super::{Visit, busy};
use crate::operations::agents::payments::receipt;
use crate::operations::family::Failure;
use crate::operations::payment;

impl Visit<'_> {
    /// A form was sent. Whoever comes late or twice is shown where the order stands.
    pub(super) async fn act(self, base_url: &str) -> Reply {
        let done = match self.request.act.as_deref() {
            Some("begin") => self.open().await,
            Some("look") => self.look().await,
            _ => self.pay(base_url).await,
        };
        match done {
            Ok(reply) => reply,
            Err(failure) => self.problem(&failure).await,
        }
    }

    /// Opens a payment of what is due.
    async fn open(&self) -> Result<Reply, Failure> {
        if matches!(self.standing(), Standing::Offer(_)) {
            self.submit(None, None, None).await?;
        }
        Ok(self.again())
    }

    /// Asks the gateway what became of the payment.
    async fn look(&self) -> Result<Reply, Failure> {
        let is_open = matches!(self.standing(), Standing::Open(_) | Standing::UnderWay);
        if let Some(sale) = self.payment.clone().filter(|_| is_open) {
            let place = self.app.till.place().ok_or_else(Failure::overloaded)?;
            self.app.till.refresh(place, sale).await;
        }
        Ok(self.again())
    }

    /// Pays with what came, where our own form asked for it.
    async fn pay(&self, base_url: &str) -> Result<Reply, Failure> {
        let sale = match self.standing() {
            Standing::Open(sale) => sale,
            Standing::Offer(_) => return Ok(self.offer(Some(Code::OrderChanged))),
            _ => return Ok(self.again()),
        };
        let form = self.gateway().and_then(|gateway| gateway.payment_form());
        if form != Some(PaymentForm::Own) {
            return Ok(self.again());
        }
        if !self.shows_secret_of(sale).await {
            return Ok(self.form(sale, Some(Code::OrderChanged)).await);
        }
        match self.order_id() {
            Some(order_id) => self.pay_proved(sale, &order_id).await,
            None => self.pay_with_card(sale, base_url).await,
        }
    }

    /// Whether the form that was sent showed this very payment.
    async fn shows_secret_of(&self, sale: &Sale) -> bool {
        let shown = self.request.client_secret.as_ref().map(SecretText::expose);
        let secret = receipt::buyer_secret(self.app, sale).await;
        let is_same =
            |(shown, secret): (&str, &str)| is_same_secret(shown.as_bytes(), secret.as_bytes());
        shown.zip(secret.as_deref()).is_some_and(is_same)
    }

    async fn pay_with_card(&self, sale: &Sale, base_url: &str) -> Result<Reply, Failure> {
        let source = self.card()?;
        let card = payment::card_hash(self.app, &source);
        let claims = Claims { card, ..Claims::default() };
        let paid = self.submit(Some(sale.id), Some(claims), Some(source)).await?;
        let failure = paid.sale.and_then(|sale| sale.failure);
        if failure == Some(Code::AuthenticationRequired) {
            return self.prove(sale, base_url).await;
        }
        Ok(self.again())
    }

    /// The card that was typed in, in the type that cannot be printed.
    pub(super) fn card(&self) -> Result<Source, Refusal> {
        let copy = |text: &Option<SecretText>| {
            text.as_ref().map(|text| SecretText::new(text.expose().to_owned()))
        };
        let typed = PaymentMethodCreditCardInfo {
            payment_type: Some("Card".to_owned()),
            pan: copy(&self.request.pan),
            exp_month: copy(&self.request.exp_month),
            exp_year: copy(&self.request.exp_year),
            cvc: copy(&self.request.cvc),
            token: None,
        };
        payment::card_to_keep(self.app, &typed)
    }

    /// Opens a payment, or pays the one that was seen.
    pub(super) async fn submit(
        &self,
        seen: Option<SaleId>,
        claims: Option<Claims>,
        source: Option<Source>,
    ) -> Result<OrderPayment, Failure> {
        if !self.app.standing.is_ready() {
            return Err(Failure::unable());
        }
        let gateway = self.gateway();
        let subscribes = gateway.as_ref().is_some_and(|gateway| gateway.subscribes());
        let terms = gateway.and_then(|gateway| gateway.browser_terms());
        let terms = terms.ok_or_else(|| {
            let message = "This agent's gateway opens no payments; nothing was charged.";
            Refusal::new(Code::GatewayUnavailable, message)
        })?;
        let command = PayOrder {
            uid: self.order.uid,
            customer: CustomerNamed::default(),
            means: OrderMeans::Gateway { terms, opens: true, subscribes, claims },
            buyer: Buyer::default(),
            secret: self.app.secret()?,
            seen,
            random: self.app.secret()?,
            node: self.app.store.node(),
        };
        let place = self.app.till.place().ok_or_else(Failure::overloaded)?;
        let paid = self.app.till.pay_order(place, command, source).await;
        paid.map_err(|refused| Failure::from(refused.error))
    }

    /// Says why nothing came of a form, beside how the order stands now.
    async fn problem(&self, failure: &Failure) -> Reply {
        let Failure::Refused(refusal) = failure else { return busy(self.head) };
        match (refusal.code, self.standing()) {
            (Code::OrderCancelled | Code::OrderChanged, _) => self.again(),
            (code, Standing::Open(sale)) => self.form(sale, Some(code)).await,
            (code, Standing::Offer(_)) => self.offer(Some(code)),
            _ => self.again(),
        }
    }
}
