//! Paying a customer's order: the payment is opened, then paid with what came for it, or left to
//! the payer's browser (`domain.md` §5.3).

use std::sync::Arc;

use domain::attempt::{Attempt, CallResult, GatewayCall, Next};
use domain::sale::{
    Advance, AdvanceEvent, OrderMeans, OrderPayment, PayOpened, PayOrder, PayStep, Sale,
};
use gateway::{PaymentRequest, Source, SourceKind, within};
use store::{Fault, SubmitError};

use super::{NotPlaced, Place, Till};

/// How many steps one request takes at most: give an old payment up, open a new one, pay it, and
/// one to spare.
const STEPS_MAX: u32 = 4;

impl Till {
    /// Pays an order as far as it goes now, in a task of its own: a client that hangs up cuts
    /// nothing.
    ///
    /// # Errors
    /// [`NotPlaced`]
    pub async fn pay_order(
        &self,
        place: Place,
        command: PayOrder,
        source: Option<Source>,
    ) -> Result<OrderPayment, Box<NotPlaced>> {
        let till = self.clone();
        let task = tokio::spawn(async move {
            let _place = place;
            till.take_steps(command, source).await
        });
        let paid = task.await.unwrap_or_else(|failure| {
            let told = format!("the task of a payment ended early: {failure}");
            Err(Fault::Unknown(told).into())
        });
        paid.map_err(|error| Box::new(NotPlaced { error, place: None }))
    }

    async fn take_steps(
        &self,
        command: PayOrder,
        mut source: Option<Source>,
    ) -> Result<OrderPayment, SubmitError> {
        let opens = matches!(command.means, OrderMeans::Gateway { opens: true, .. });
        let mut steps = 1;
        let mut payment = self.store.submit(command.clone()).await?;
        loop {
            let Some(sale) = payment.sale.take() else { return Ok(payment) };
            let next = payment.next.clone();
            let (sale, goes_on) = match (payment.step, next) {
                (PayStep::Begun, Next::Call(call)) if opens && source.is_some() => {
                    match self.open_to_pay(&command, sale, &call).await {
                        Ok(opened) => {
                            (payment, steps) = (opened, steps + 1);
                            continue;
                        }
                        Err(sale) => {
                            let is_open = sale.pending_charge().is_some();
                            (sale, is_open)
                        }
                    }
                }
                (PayStep::Begun, next) if opens => {
                    let sale = self.run(sale, next, Some(SourceKind::Browser.into())).await;
                    let is_open = sale.pending_charge().is_some();
                    (sale, is_open && source.is_some())
                }
                (PayStep::Begun, next) => (self.run(sale, next, source.take()).await, false),
                (PayStep::Confirm(number), _) => {
                    (self.confirm(sale, number, source.take()).await, false)
                }
                (PayStep::GivingUp, next) => {
                    let sale = self.run(sale, next, None).await;
                    let is_given_up = !sale.state.holds_places();
                    (sale, is_given_up)
                }
                (PayStep::NothingDue | PayStep::Waiting | PayStep::Noted, _) => (sale, false),
            };
            if !goes_on || steps >= STEPS_MAX {
                return Ok(OrderPayment { sale: Some(sale), ..payment });
            }
            steps += 1;
            payment = self.store.submit(command.clone()).await?;
        }
    }

    /// Opens a payment that something came to pay with, and takes the turn to pay it in the commit
    /// that takes in the gateway's answer. `Err` is the sale after that answer, where nothing more
    /// was decided.
    async fn open_to_pay(
        &self,
        command: &PayOrder,
        sale: Arc<Sale>,
        call: &GatewayCall,
    ) -> Result<OrderPayment, Arc<Sale>> {
        let result = self.perform(call, Some(&SourceKind::Browser.into())).await;
        let is_open = matches!(result, CallResult::Pending(_));
        let opened = about(&sale, AdvanceEvent::Result(call.attempt, result));
        if is_open {
            let both = PayOpened { opened: opened.clone(), pay: command.clone() };
            if let Ok(payment) = self.store.submit(both).await {
                return Ok(payment);
            }
        }
        let Some(advanced) = self.advance(opened).await else { return Err(sale) };
        Err(self.run(advanced.sale, advanced.next, None).await)
    }

    /// Asks the gateway what became of an open payment, and waits for its answer.
    pub async fn refresh(&self, place: Place, sale: Arc<Sale>) -> Arc<Sale> {
        let charge = sale.charge().filter(|charge| charge.is_in_doubt());
        let Some(key) = charge.map(|charge| charge.key.clone()) else { return sale };
        let event = AdvanceEvent::Hinted { key, node: self.store.node() };
        match self.advance(about(&sale, event)).await {
            Some(advanced) => self.drive(place, advanced.sale, advanced.next, None).await,
            None => sale,
        }
    }

    /// Pays an open payment with what came for it.
    async fn confirm(&self, sale: Arc<Sale>, number: u8, source: Option<Source>) -> Arc<Sale> {
        let charge = sale.attempts.iter().find(|charge| charge.number == number);
        let (Some(charge), Some(source)) = (charge, source) else { return sale };
        let result = self.pay_open(&sale, charge, &source).await;
        let is_unknown = matches!(result, CallResult::Unknown(_));
        let key = charge.key.clone();
        let advanced = self.advance(about(&sale, AdvanceEvent::Tried(number, result))).await;
        let Some(advanced) = advanced else { return sale };
        let sale = self.run(advanced.sale, advanced.next, None).await;
        if !is_unknown {
            return sale;
        }
        let event = AdvanceEvent::Hinted { key, node: self.store.node() };
        match self.advance(about(&sale, event)).await {
            Some(advanced) => self.run(advanced.sale, advanced.next, None).await,
            None => sale,
        }
    }

    async fn pay_open(&self, sale: &Sale, charge: &Attempt, source: &Source) -> CallResult {
        let Some(gateway) = self.gateways.get(&charge.terms.name) else {
            return CallResult::NotExecuted("the gateway is not configured".into());
        };
        let Some(handle) = &charge.handle else {
            return CallResult::NotExecuted("the payment is not open".into());
        };
        let money = domain::money::Money::new(charge.amount, sale.currency);
        let request = PaymentRequest::new(&charge.key, money, charge.terms.deadline);
        let request = PaymentRequest { handle: Some(handle), consent: charge.consent, ..request };
        let answer = within(&**gateway, gateway.pay_open(&request, handle, source)).await;
        answer.unwrap_or_else(|| CallResult::Unknown("The gateway did not answer in time.".into()))
    }
}

fn about(sale: &Sale, event: AdvanceEvent) -> Advance {
    Advance { shard: sale.shard, sale: sale.id, partner: sale.partner(), event }
}
