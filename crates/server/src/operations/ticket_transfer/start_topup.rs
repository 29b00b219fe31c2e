//! `POST /transferTicket/startTopup3DSecure`: asks the bank who a card's holder is, before the
//! difference is paid with it.

use contract::shared::PaymentRequestCreditCard;
use contract::three_d_secure_start::ThreeDSecureResult;
use contract::ticket_transfer::start_topup_3d_secure::StartTopup3DSecureRequest;
use domain::enrolment::OrderId;
use domain::refusal::{Code, Refusal};
use service::matched::Matched;
use service::reply::Reply;
use service::types::SecretText;

use crate::app::App;
use crate::operations::Call;
use crate::operations::answer::answer;
use crate::operations::family::Failure;
use crate::operations::payment::{self, Means, Parties};
use crate::operations::three_d_secure as app_facing;
use crate::three_d_secure::{Begin, CHALLENGE_ANSWER_LENGTH_MAX, Standing, begin, go_on};
use crate::topup::{Session, SessionStatus, find};

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let run = async |request| prove(app, &request, matched.exchange().base_url).await;
    answer(app, matched, call, run).await
}

async fn prove(
    app: &App,
    request: &StartTopup3DSecureRequest,
    base_url: &str,
) -> Result<ThreeDSecureResult, Failure> {
    let token = request.session_token.as_ref().map(SecretText::expose).unwrap_or_default();
    let session = find(app, token).await?;
    let standing = match request.order_id.as_deref().map(str::trim) {
        None | Some("") => {
            let (url, hosts) = (request.return_url.as_deref(), &app.http.return_hosts);
            let return_url = app_facing::return_url::checked(url, base_url, hosts)?;
            let no_card = || Refusal::new(Code::PaymentMethodRequired, "Send a card.");
            let card = request.card_info.as_ref().ok_or_else(no_card)?;
            start(app, &session, card, base_url, return_url).await?
        }
        Some(order_id) => {
            let order_id = OrderId::parse(order_id).ok_or_else(app_facing::no_order_id)?;
            let answer = request.cres.as_deref().map(str::trim).filter(|text| !text.is_empty());
            let answer = answer.filter(|text| text.len() <= CHALLENGE_ANSWER_LENGTH_MAX);
            go_on(app, &order_id, Some(&session.owner()), answer).await?
        }
    };
    Ok(app_facing::result(&app_facing::with_base(standing, base_url)))
}

/// Starts the proof for a card, good for the difference of this session alone.
///
/// # Errors
/// [`Code::SessionExpired`], [`Code::SessionCompleted`], [`Code::PaymentPending`], whatever is
/// wrong with the card, or a fault.
pub(super) async fn start(
    app: &App,
    session: &Session,
    card: &PaymentRequestCreditCard,
    base_url: &str,
    return_url: Option<String>,
) -> Result<Standing, Failure> {
    if !app.standing.is_ready() {
        return Err(Failure::unable());
    }
    check_open(session.status(app))?;
    let organiser = &session.to.organiser;
    let means = Means { card_info: Some(card), ..Means::default() };
    let parties = Parties { organiser, phone: None, for_proof: true };
    let (source, named) = payment::read(app, &means, &parties).await?;
    let source = source.ok_or_else(|| named.refusal())?;
    let no_card = || Refusal::new(Code::PaymentMethodMismatch, "3-D Secure is for cards.");
    let card_hash = payment::card_hash(app, &source).ok_or_else(no_card)?;
    let return_base = &format!("{base_url}{}", app_facing::start::RETURN_PATH);
    let (money, owner) = (session.money(), session.owner());
    let starters = vec![session.starter()];
    let asked = Begin { organiser, money, owner, card_hash, starters, return_base, return_url };
    Ok(begin(app, asked, source).await?)
}

/// No bank is asked for a session that cannot be paid.
fn check_open(status: SessionStatus) -> Result<(), Refusal> {
    let refuse = |code, message: &str| Err(Refusal::new(code, message));
    match status {
        SessionStatus::AwaitingTopup => Ok(()),
        SessionStatus::Completed => {
            refuse(Code::SessionCompleted, "The difference is paid, and the ticket has moved.")
        }
        SessionStatus::PaymentPending => {
            refuse(Code::PaymentPending, "A payment is under way; wait what comes of it.")
        }
        SessionStatus::Expired | SessionStatus::Cancelled => {
            refuse(Code::SessionExpired, "The payment link is over; nothing was charged.")
        }
    }
}
