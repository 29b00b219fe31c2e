//! `GET /ledger/attempts/{EventOwnerId}`: calls of gateways in doubt.

use contract::ledger::attempts::{LedgerAttempt, LedgerAttempts, LedgerAttemptsResult};
use domain::attempt::{Attempt, AttemptState, Verb};
use domain::ids::SaleId;
use domain::sale::Sale;
use service::matched::Matched;
use service::reply::Reply;

use super::amount;
use crate::app::App;
use crate::operations::Call;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::event_presentation::{int, utc};
use crate::operations::family::Failure;
use crate::operations::office_lists::{Wanted, left, places};

answers!(LedgerAttemptsResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let run = async |request| {
        let attempts = Some(list(app, call, &request).await?);
        Ok(LedgerAttemptsResult { attempts, ..ok() })
    };
    answer(app, matched, call, run).await
}

async fn list(
    app: &App,
    call: &Call<'_>,
    request: &LedgerAttempts,
) -> Result<Vec<LedgerAttempt>, Failure> {
    let wanted = Wanted {
        owner: request.event_owner_id,
        after_owner: request.after_owner_id,
        after: request.after_id,
    };
    let (mut attempts, mut sales) = (Vec::new(), 0);
    for (shard, after) in places(app, call, wanted).await? {
        let Some(limit) = left(sales) else { break };
        let found = app.store.sales_in_doubt(shard, SaleId(after), limit).await?;
        sales += found.len();
        attempts.extend(found.iter().flat_map(|sale| in_doubt(sale)));
    }
    Ok(attempts)
}

fn in_doubt(sale: &Sale) -> impl Iterator<Item = LedgerAttempt> + '_ {
    sale.attempts.iter().filter_map(|attempt| {
        let state = match attempt.state {
            AttemptState::Unknown => "unknown",
            AttemptState::Review => "review",
            _ => return None,
        };
        Some(shown(sale, attempt, state))
    })
}

fn shown(sale: &Sale, attempt: &Attempt, state: &str) -> LedgerAttempt {
    let verb = match attempt.verb {
        Verb::Charge => "charge",
        Verb::Authorize => "authorize",
        Verb::Capture => "capture",
        Verb::Void => "void",
        Verb::Refund => "refund",
    };
    let code = sale.currency.code();
    LedgerAttempt {
        event_owner_id: int(sale.shard.0),
        ticket_id: int(sale.id.0),
        ticket_token_id: Some(sale.token().text()),
        attempt: i32::from(attempt.number),
        verb: Some(verb.into()),
        state: Some(state.into()),
        gateway: Some(attempt.terms.name.clone()),
        gateway_key: Some(attempt.key.clone()),
        amount: amount(attempt.amount, code),
        currency: Some(code.into()),
        created_utc: utc(attempt.created_at),
    }
}
