//! `POST /refund/process`: orders, payments, or a whole event.

use std::sync::Arc;
use std::time::Duration;

use contract::refund::process::{RefundOutcome, RefundProcess, RefundProcessResult};
use domain::audit::AuditEvent;
use domain::ids::EventId;
use domain::money::Currency;
use domain::refusal::{Code, Refusal};
use domain::sale::Sale;
use domain::sale::refund::{RefundRequest, RefundSale, RefundWhat, RefundedSale};
use service::matched::Matched;
use service::reply::Reply;
use service::types::Decimal;
use store::SubmitError;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::cancel_event::{JobWish, start};
use super::named::{Named, named};
use super::{STALE_TRIES_MAX, event_owner, outcome};
use crate::app::App;
use crate::money;
use crate::operations::answer::{answer, answers};
use crate::operations::family::{Failure, MESSAGE_OK, STATUS_OK, wrong};
use crate::operations::{Call, office};
use crate::text;

/// How long an answer waits for the gateways; what is not known by then is told as pending.
const ANSWER_WAIT: Duration = Duration::from_secs(5);

/// The shortest and the longest key of a caller (`payments.md` §6.5).
const KEY_LENGTH: std::ops::RangeInclusive<usize> = 8..=255;

answers!(RefundProcessResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| process(app, call, &request).await).await
}

async fn process(
    app: &App,
    call: &Call<'_>,
    request: &RefundProcess,
) -> Result<RefundProcessResult, Failure> {
    check_user(call, request.user_id)?;
    let wish = Wish::read(call, request)?;
    if request.refund_all_for_event {
        return whole_event(app, call, request, wish).await;
    }
    let named = named(app, call, request).await?;
    if named.is_empty() {
        return Err(Refusal::new(Code::NothingToOrder, "Name the orders to refund.").into());
    }
    if wish.is_partial() && named.len() != 1 {
        let message = "A part can be refunded of one order at a time.";
        return Err(Failure::invalid(vec![wrong("TicketTokenIds", message)]));
    }
    let mut ordered = Vec::new();
    for order in &named {
        ordered.push(refund(app, call, order, &wish).await?);
    }
    Ok(result(&finish(app, &named, ordered).await))
}

/// A user may be named by itself, or by an Admin.
fn check_user(call: &Call<'_>, user: Option<i32>) -> Result<(), Refusal> {
    let caller = call.principal.as_ref().map(|caller| caller.id.0);
    let is_caller = |user: &i32| u32::try_from(*user).ok() == caller;
    match user.filter(|user| *user != 0) {
        Some(user) if !is_caller(&user) && !office::is_admin(call) => {
            Err(Refusal::new(Code::Forbidden, "Only an Admin may name another user."))
        }
        _ => Ok(()),
    }
}

/// What is wanted of each order.
struct Wish {
    admissions: Vec<u16>,
    amount: Option<Decimal>,
    reason: String,
    by: String,
    reference: Option<String>,
    force: bool,
}

impl Wish {
    fn read(call: &Call<'_>, request: &RefundProcess) -> Result<Wish, Failure> {
        let invalid = |field, message: &str| Failure::invalid(vec![wrong(field, message)]);
        let admissions = request.admissions.iter().flatten().map(|number| {
            u16::try_from(*number)
                .map_err(|_| invalid("Admissions", "Admissions are counted from 1."))
        });
        let admissions: Vec<u16> = admissions.collect::<Result<_, _>>()?;
        // Who works a part out and comes to nothing does not mean all of it.
        if request.amount.is_some_and(|amount| amount.is_zero()) {
            return Err(invalid("Amount", "Say more than 0, or leave it out for all of it."));
        }
        if request.amount.is_some() && (!admissions.is_empty() || request.refund_all_for_event) {
            return Err(invalid("Amount", "An amount is refunded of one whole order."));
        }
        let key = request.idempotency_key.as_deref().or(call.idempotency_key);
        let reference = text::checked_key(key, *KEY_LENGTH.end())
            .map_err(|message| invalid("IdempotencyKey", &message))?;
        if reference.as_ref().is_some_and(|key| !KEY_LENGTH.contains(&key.chars().count())) {
            return Err(invalid("IdempotencyKey", "A key has 8 to 255 characters."));
        }
        if request.amount.is_some() && reference.is_none() {
            let message = "A part of the price needs a key, so that it is paid back once.";
            return Err(invalid("IdempotencyKey", message));
        }
        Ok(Wish {
            admissions,
            amount: request.amount,
            reason: office::reason("Reason", request.reason.as_deref())?.unwrap_or_default(),
            by: by(call, request.user_id),
            reference,
            force: office::force(call, request.force)?,
        })
    }

    fn is_partial(&self) -> bool {
        !self.admissions.is_empty() || self.amount.is_some()
    }

    fn request(&self, currency: Currency) -> Result<RefundRequest, Refusal> {
        let what = match self.amount {
            Some(amount) => RefundWhat::Amount(money::minor_units(amount, currency)?),
            None if self.admissions.is_empty() => RefundWhat::Whole,
            None => RefundWhat::Admissions(self.admissions.clone()),
        };
        Ok(RefundRequest {
            what,
            reason: self.reason.clone(),
            by: self.by.clone(),
            fee_returned: None,
            force: self.force,
            reference: self.reference.clone(),
        })
    }
}

fn by(call: &Call<'_>, user: Option<i32>) -> String {
    let name = call.by().name;
    match user.filter(|user| *user != 0) {
        Some(user) => format!("{name} for user {user}"),
        None => name,
    }
}

/// Orders the refund of one order; a refusal concerns it alone.
async fn refund(
    app: &App,
    call: &Call<'_>,
    order: &Named,
    wish: &Wish,
) -> Result<Result<RefundedSale, Refusal>, Failure> {
    let mut sale = match &order.found {
        Ok(sale) => Arc::clone(sale),
        Err(refusal) => return Ok(Err(refusal.clone())),
    };
    let request = match wish.request(sale.currency) {
        Ok(request) => request,
        Err(refusal) => return Ok(Err(refusal)),
    };
    for _ in 0..STALE_TRIES_MAX {
        let detail = format!("ticket {} of seller {}: {}", sale.id.0, sale.shard.0, wish.reason);
        let command = RefundSale {
            shard: sale.shard,
            sale: sale.id,
            partner: sale.card_seller(),
            request: request.clone(),
            note: office::audit(call, AuditEvent::Refunded, &detail),
        };
        match app.store.submit(command).await {
            Ok(refunded) => return Ok(Ok(refunded)),
            Err(SubmitError::Refused(refusal)) => return Ok(Err(refusal)),
            Err(SubmitError::Stale) => {}
            Err(error) => return Err(error.into()),
        }
        let key = Sale::key_of(sale.shard, sale.id);
        sale = app.store.read::<Sale>(key).await?.ok_or_else(Failure::overloaded)?;
    }
    Err(Failure::overloaded())
}

/// Calls the gateways, all at once, and waits a little for what they say. Where there is no room
/// for a call now, the janitor makes it.
async fn finish(
    app: &App,
    named: &[Named],
    ordered: Vec<Result<RefundedSale, Refusal>>,
) -> Vec<RefundOutcome> {
    let mut calls = JoinSet::new();
    let mut sales: Vec<Option<Arc<Sale>>> = vec![None; ordered.len()];
    for (index, refunded) in ordered.iter().enumerate() {
        let Ok(refunded) = refunded else { continue };
        let Some(place) = app.till.place() else { continue };
        let (till, sale, next) =
            (app.till.clone(), Arc::clone(&refunded.sale), refunded.next.clone());
        calls.spawn(async move { (index, till.drive(place, sale, next, None).await) });
    }
    let deadline = Instant::now() + ANSWER_WAIT;
    while let Ok(Some(called)) = tokio::time::timeout_at(deadline, calls.join_next()).await {
        if let Ok((index, sale)) = called {
            sales[index] = Some(sale);
        }
    }
    // Who is still calling goes on: the money loop has a task of its own.
    calls.detach_all();
    let told =
        named.iter().zip(&ordered).zip(&sales).map(|((named, ordered), sale)| match ordered {
            Ok(refunded) => {
                let sale = sale.as_deref().unwrap_or(&refunded.sale);
                outcome::refunded(named, refunded, sale)
            }
            Err(refusal) => outcome::refused(named, refusal),
        });
    told.collect()
}

fn result(outcomes: &[RefundOutcome]) -> RefundProcessResult {
    let count = |is: fn(&RefundOutcome) -> bool| {
        i32::try_from(outcomes.iter().filter(|outcome| is(outcome)).count()).unwrap_or(i32::MAX)
    };
    let failed_count = count(|outcome| outcome.status_code >= 300);
    let total = outcomes.iter().map(|outcome| outcome.amount_refunded + outcome.credit_returned);
    let mut currencies: Vec<_> = outcomes.iter().filter_map(|it| it.currency.clone()).collect();
    currencies.sort_unstable();
    currencies.dedup();
    let (status_code, message) = match outcomes {
        [only] => (only.status_code, only.message.clone()),
        _ if failed_count > 0 => (STATUS_OK, Some(failed(outcomes, failed_count))),
        _ => (STATUS_OK, Some(MESSAGE_OK.into())),
    };
    RefundProcessResult {
        status_code,
        success: failed_count == 0,
        message,
        requested_count: count(|_| true),
        refunded_count: count(|outcome| outcome.status_code == STATUS_OK),
        pending_count: count(|outcome| (STATUS_OK + 1..300).contains(&outcome.status_code)),
        failed_count,
        total_refunded: if currencies.len() > 1 { Decimal::ZERO } else { total.sum() },
        currency: currencies.pop().filter(|_| currencies.is_empty()),
        outcomes: Some(outcomes.to_vec()),
        job: None,
    }
}

/// Begins with the code of the first order that was not refunded, as every message of a failure
/// begins with a code.
fn failed(outcomes: &[RefundOutcome], failed_count: i32) -> String {
    let first = outcomes.iter().find(|outcome| outcome.status_code >= 300);
    let code = first.and_then(|outcome| outcome.message.as_deref()?.split(':').next());
    let count = outcomes.len();
    let code = code.unwrap_or_default();
    format!("{code}: {failed_count} of {count} were not refunded; each outcome says why.")
}

/// The refund of a whole event is long work.
async fn whole_event(
    app: &App,
    call: &Call<'_>,
    request: &RefundProcess,
    wish: Wish,
) -> Result<RefundProcessResult, Failure> {
    let is_named = |list: &Option<Vec<String>>| list.iter().flatten().next().is_some();
    let names_orders = is_named(&request.ticket_token_ids) || is_named(&request.payment_references);
    if names_orders || wish.is_partial() {
        let message = "Refund a whole event, or the orders that are named.";
        return Err(Failure::invalid(vec![wrong("RefundAllForEvent", message)]));
    }
    let event = EventId(office::number(request.event_id.unwrap_or(0)));
    let shard = event_owner(app, call, event).await?;
    let job_wish = JobWish {
        kind: domain::job::JobKind::Refund,
        cancel_event: false,
        force: wish.force,
        reason: wish.reason,
    };
    let job = start(app, call, shard, event, job_wish).await?;
    Ok(RefundProcessResult {
        status_code: STATUS_OK,
        success: true,
        message: Some(MESSAGE_OK.into()),
        currency: job.currency.clone(),
        job: Some(job),
        ..RefundProcessResult::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Amounts of several currencies are no sum; refused orders have no currency and no amount.
    #[test]
    fn only_one_currency_is_added_up() {
        let check = |parts: &[(i64, Option<&str>)], total: i64, currency: Option<&str>| {
            let outcome = |(amount, currency): &(i64, Option<&str>)| RefundOutcome {
                amount_refunded: Decimal::from(*amount),
                currency: currency.map(str::to_owned),
                ..RefundOutcome::default()
            };
            let told = result(&parts.iter().map(outcome).collect::<Vec<_>>());
            let expected = (Decimal::from(total), currency);
            assert_eq!((told.total_refunded, told.currency.as_deref()), expected, "{parts:?}");
        };
        check(&[(5, Some("ISK")), (0, None), (7, Some("ISK"))], 12, Some("ISK"));
        check(&[(5, Some("ISK")), (7, Some("EUR")), (5, Some("ISK"))], 0, None);
        check(&[(0, None)], 0, None);
    }
}
