//! `POST /paymentCards`: what the owner of a phone can pay with.

use contract::payment_cards::list::{PaymentCards, PaymentCardsResult};
use service::matched::Matched;
use service::reply::Reply;

use super::{Shown, cards, gateways, owner, phone, shown};
use crate::app::App;
use crate::operations::family::{Failure, MESSAGE_OK, STATUS_OK};
use crate::operations::{Call, origin};

/// The name that is signed.
const OPERATION: &str = "PaymentCards";

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let request = match matched.bind::<PaymentCards>() {
        Ok(request) => request,
        Err(error) => return matched.fail(&error),
    };
    match list(app, call, request).await {
        Ok(result) => matched.reply(&result, 200),
        Err(failure) => {
            origin::audit(app, call, OPERATION, &failure);
            failure.reply(matched, |status_code, message| {
                let message = Some(message);
                PaymentCardsResult { status_code, message, ..PaymentCardsResult::default() }
            })
        }
    }
}

async fn list(
    app: &App,
    call: &Call<'_>,
    mut request: PaymentCards,
) -> Result<PaymentCardsResult, Failure> {
    let shown = Shown {
        operation: OPERATION,
        device_id: request.device_id.as_deref(),
        phone_verification_number: request.phone_verification_number.as_deref(),
        signature: &mut request.signature,
        timestamp: &mut request.request_unix_utc_time_stamp,
    };
    let owner = owner(app, call, shown).await?;
    let phone = phone(app, &owner).await?;
    gateways::tell(app, phone.as_deref());
    let now = app.clock.now();
    Ok(PaymentCardsResult {
        credit_cards: Some(cards(phone.as_deref()).map(|card| shown::info(card, now)).collect()),
        federation_cards: Some(Vec::new()),
        owner_cards: None,
        status_code: STATUS_OK,
        message: Some(MESSAGE_OK.to_owned()),
    })
}
