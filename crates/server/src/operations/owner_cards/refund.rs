//! `POST /OwnerCards/refund`: a season card ends, and its price or a part of it goes back.

use std::sync::Arc;
use std::time::Duration;

use contract::owner_cards::refund::{RefundOwnerCard, RefundOwnerCardResult};
use domain::audit::AuditEvent;
use domain::card::Card;
use domain::ids::SaleId;
use domain::money::Money;
use domain::refusal::{Code, Refusal};
use domain::sale::Sale;
use domain::sale::refund::{RefundRequest, RefundSale, RefundWhat, RefundedSale};
use service::matched::Matched;
use service::reply::Reply;

use super::{found, office, presentation};
use crate::app::App;
use crate::money::{decimal, minor_units};
use crate::operations::Call;
use crate::operations::answer::{answer, answers};
use crate::operations::family::{Failure, MESSAGE_OK, STATUS_OK, told, wrong};
use crate::operations::refund::way_back;
use crate::text;

/// How long an answer waits for the gateway; what is not known by then is told as pending.
const ANSWER_WAIT: Duration = Duration::from_secs(5);

/// The shortest and the longest key of a caller (`payments.md` §6.5).
const KEY_LENGTH: std::ops::RangeInclusive<usize> = 8..=255;

/// A gateway has the refund in its hands.
const STATUS_PENDING: i32 = 202;

answers!(RefundOwnerCardResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| refund(app, call, &request).await).await
}

async fn refund(
    app: &App,
    call: &Call<'_>,
    request: &RefundOwnerCard,
) -> Result<RefundOwnerCardResult, Failure> {
    let reason = office::reason("Reason", request.reason.as_deref())?.unwrap_or_default();
    let key = key(request.idempotency_key.as_deref().or(call.idempotency_key))?;
    let card = found::one(app, call, request.id).await?;
    let (sale, what) = (sale_of(&card)?, what(request, &card)?);
    let detail =
        format!("card {} of sale {} of seller {}: {reason}", card.id.0, sale.0, card.shard.0);
    let command = RefundSale {
        shard: card.shard,
        sale,
        partner: None,
        request: RefundRequest {
            what,
            reason,
            by: call.by().name,
            fee_returned: None,
            force: false,
            // A key is good for one card, and an order may have several.
            reference: key.map(|key| format!("card {}: {key}", card.id.0)),
        },
        note: office::audit(call, AuditEvent::Refunded, &detail),
    };
    let refunded = app.store.submit(command).await?;
    let sale = paid_back(app, &refunded).await;
    result(app, call, request.id, &refunded, &sale).await
}

fn key(key: Option<&str>) -> Result<Option<String>, Failure> {
    let invalid = |message: String| Failure::invalid(vec![wrong("IdempotencyKey", message)]);
    let key = text::checked_key(key, *KEY_LENGTH.end()).map_err(invalid)?;
    match key {
        Some(key) if !KEY_LENGTH.contains(&key.chars().count()) => {
            Err(invalid("A key has 8 to 255 characters.".to_owned()))
        }
        key => Ok(key),
    }
}

fn sale_of(card: &Card) -> Result<SaleId, Refusal> {
    card.sale.ok_or_else(|| {
        let message = "The card was given away, so there is nothing to pay back; close it instead.";
        Refusal::new(Code::NotRefundable, message)
    })
}

fn what(request: &RefundOwnerCard, card: &Card) -> Result<RefundWhat, Refusal> {
    match request.amount {
        None => Ok(RefundWhat::Cards(vec![card.id])),
        Some(amount) => {
            let amount = minor_units(amount, card.currency)?;
            Ok(RefundWhat::PartOfCard { card: card.id, amount })
        }
    }
}

/// The sale when its gateway has answered, or as it is after a while: the money loop has a task of
/// its own, and where there is no room for a call now, the janitor makes it.
async fn paid_back(app: &App, refunded: &RefundedSale) -> Arc<Sale> {
    let ordered = Arc::clone(&refunded.sale);
    let Some(place) = app.till.place() else { return ordered };
    let (till, next) = (app.till.clone(), refunded.next.clone());
    let call = tokio::spawn({
        let sale = Arc::clone(&ordered);
        async move { till.drive(place, sale, next, None).await }
    });
    match tokio::time::timeout(ANSWER_WAIT, call).await {
        Ok(Ok(sale)) => sale,
        _ => ordered,
    }
}

async fn result(
    app: &App,
    call: &Call<'_>,
    id: i32,
    refunded: &RefundedSale,
    sale: &Sale,
) -> Result<RefundOwnerCardResult, Failure> {
    let card = found::one(app, call, id).await?;
    let (status_code, message) = match sale.owed() > 0 {
        true => {
            let message = format!("The card is not good any more; {}.", way_back(sale));
            (STATUS_PENDING, told(Code::RefundPending, &message).1)
        }
        false => (STATUS_OK, MESSAGE_OK.into()),
    };
    Ok(RefundOwnerCardResult {
        status_code,
        message: Some(message),
        amount_refunded: decimal(Money::new(refunded.refund.money, sale.currency)),
        currency: Some(sale.currency.code().to_owned()),
        already_refunded: refunded.repeated,
        card: Some(presentation::card(app, &card, None).await?),
    })
}
