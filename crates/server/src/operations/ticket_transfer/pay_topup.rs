//! `POST /transferTicket/payTopupWith3DSecure`: pays the difference.

use contract::shared::{
    Borgun3DFinal3DSecureInfo, Borgun3DFinalPaymentMethodInfo, Borgun3DFinalRequest,
};
use contract::ticket_transfer::pay_topup::{
    PayTopupWith3DSecureRequest, PayTopupWith3DSecureResult,
};
use domain::money::Currency;
use domain::refusal::{Code, Refusal};
use gateway::Source;
use service::matched::Matched;
use service::reply::Reply;
use service::types::SecretText;

use crate::app::App;
use crate::money::decimal;
use crate::operations::Call;
use crate::operations::event_presentation::int;
use crate::operations::family::{Failure, MESSAGE_OK, STATUS_OK, payment_message, told};
use crate::operations::payment::{self, Means, Named, Parties};
use crate::three_d_secure::ProofText;
use crate::topup::{Seen, Session, SessionStatus, find};

/// How many hundredths a gateway counts for one króna (`payments.md` §1.6).
const GATEWAY_UNITS: i64 = 100;

/// How many digits of a card may be shown.
const LAST_DIGITS: usize = 4;

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, _call: &Call<'_>) -> Reply {
    let request = match matched.bind::<PayTopupWith3DSecureRequest>() {
        Ok(request) => request,
        Err(error) => return matched.fail(&error),
    };
    let token = request.session_token.as_ref().map(SecretText::expose).unwrap_or_default();
    let session = match find(app, token).await {
        Ok(session) => session,
        Err(error) => {
            return failed(matched, &error.into(), &PayTopupWith3DSecureResult::default());
        }
    };
    match pay(app, &session, &request).await {
        Ok(session) => matched.reply(&standing(app, &session), 200),
        Err(failure) => {
            let now = session.again(app).await.ok();
            let shown = now.as_ref().map(|now| shown(app, now)).unwrap_or_default();
            failed(matched, &failure, &shown)
        }
    }
}

fn failed(
    matched: &Matched<'_, '_>,
    failure: &Failure,
    shown: &PayTopupWith3DSecureResult,
) -> Reply {
    failure.reply(matched, |status_code, message| PayTopupWith3DSecureResult {
        ok: false,
        status_code,
        code: message.split(':').next().map(str::to_owned),
        message: Some(message),
        ..shown.clone()
    })
}

async fn pay(
    app: &App,
    session: &Session,
    request: &PayTopupWith3DSecureRequest,
) -> Result<Session, Failure> {
    if !app.standing.is_ready() {
        return Err(Failure::unable());
    }
    let seen = seen(session, request)?;
    let (source, named) = instrument(app, session, request).await?;
    Ok(session.pay(app, named.instrument, source, seen).await?)
}

/// What the payer saw. Some count a króna in hundredths, as gateways do; both are guards only.
fn seen(session: &Session, request: &PayTopupWith3DSecureRequest) -> Result<Seen, Refusal> {
    let due = session.money();
    let currency = request.currency.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let currency = currency.map(|text| {
        let message = "currency is no currency.";
        Currency::parse(text).ok_or_else(|| Refusal::new(Code::CurrencyMismatch, message))
    });
    let in_hundredths = due.amount.checked_mul(GATEWAY_UNITS) == Some(request.amount_minor);
    let amount = if in_hundredths { due.amount } else { request.amount_minor };
    Ok(Seen { amount: Some(amount).filter(|amount| *amount != 0), currency: currency.transpose()? })
}

async fn instrument(
    app: &App,
    session: &Session,
    request: &PayTopupWith3DSecureRequest,
) -> Result<(Option<Source>, Named), Failure> {
    let proved = request.borgun_mpi_token.as_ref().map(|token| proved(session, request, token));
    let means = Means {
        borgun_3d_final_info: proved.as_ref(),
        payment_phone_number: request.payment_phone_number.as_deref(),
        ..Means::default()
    };
    let parties = Parties { organiser: &session.to.organiser, phone: None, for_proof: false };
    payment::read(app, &means, &parties).await
}

/// The same as an order would say it.
fn proved(
    session: &Session,
    request: &PayTopupWith3DSecureRequest,
    mpi_token: &SecretText,
) -> Borgun3DFinalRequest {
    let order_id = ProofText::read(mpi_token.expose()).map(|proof| proof.order_id);
    let copy = |text: &SecretText| SecretText::new(text.expose().to_owned());
    Borgun3DFinalRequest {
        amount: session.money().amount.saturating_mul(GATEWAY_UNITS),
        order_id: order_id.map(|order_id| order_id.text().to_owned()),
        payment_method: Some(Borgun3DFinalPaymentMethodInfo {
            payment_type: Some("TokenSingle".to_owned()),
            token: request.borgun_card_token.as_ref().map(copy),
        }),
        three_d_secure: Some(Borgun3DFinal3DSecureInfo {
            data_type: Some("Token".to_owned()),
            mpi_token: Some(copy(mpi_token)),
        }),
        ..Borgun3DFinalRequest::default()
    }
}

/// Where the session stands, as the answer to a payment.
fn standing(app: &App, session: &Session) -> PayTopupWith3DSecureResult {
    let shown = shown(app, session);
    let (status_code, code, message) = match session.status(app) {
        SessionStatus::Completed => (STATUS_OK, "Transferred", MESSAGE_OK.to_owned()),
        SessionStatus::PaymentPending => {
            let message = "It is not known yet whether the payer was charged; ask again soon.";
            refused(Code::PaymentPending, message)
        }
        SessionStatus::AwaitingTopup => {
            let code = session.sale.failure.unwrap_or(Code::PaymentDeclined);
            refused(code, payment_message(code))
        }
        SessionStatus::Expired | SessionStatus::Cancelled => {
            let message = "The payment link is over; a payment that came too late is sent back.";
            refused(Code::SessionExpired, message)
        }
    };
    let ok = status_code == STATUS_OK;
    PayTopupWith3DSecureResult {
        ok,
        status_code,
        code: Some(code.to_owned()),
        message: Some(message),
        ..shown
    }
}

fn refused(code: Code, message: &str) -> (i32, &'static str, String) {
    let (status_code, message) = told(code, message);
    let code = if code == Code::PaymentBlocked { Code::PaymentDeclined } else { code };
    (status_code, code.name(), message)
}

/// What may be told of a session whatever came of the request.
fn shown(app: &App, session: &Session) -> PayTopupWith3DSecureResult {
    let status = session.status(app);
    let is_done = status == SessionStatus::Completed;
    let approval = session.sale.charge().and_then(|charge| charge.approval.as_ref());
    let approval = approval.filter(|_| is_done);
    let mask = approval.and_then(|approval| approval.card_mask.as_deref());
    PayTopupWith3DSecureResult {
        transfer_log_id: Some(int(session.transfer.id.0)),
        status: Some(status.name().to_owned()),
        new_ticket_token_id: is_done.then(|| session.sale.token().text()),
        payment_reference: approval.map(|approval| approval.reference.clone()),
        auth_code: approval.and_then(|approval| approval.auth_code.clone()),
        last_four_digits: mask.and_then(last_digits),
        amount_isk: decimal(session.money()),
        ..PayTopupWith3DSecureResult::default()
    }
}

fn last_digits(mask: &str) -> Option<String> {
    let start = mask.len().checked_sub(LAST_DIGITS)?;
    mask.get(start..)
        .filter(|digits| digits.bytes().all(|it| it.is_ascii_digit()))
        .map(str::to_owned)
}
