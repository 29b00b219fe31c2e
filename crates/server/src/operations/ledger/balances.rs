//! `GET /ledger/balances/{EventOwnerId}`: what the accounts stand at.

use std::collections::BTreeMap;

use contract::ledger::balances::{LedgerBalance, LedgerBalances, LedgerBalancesResult, LedgerSum};
use domain::ids::Shard;
use service::matched::Matched;
use service::reply::Reply;
use store::PAGE_ROWS_MAX;
use store::snapshot::Balance;

use super::amount;
use crate::app::App;
use crate::operations::Call;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::event_presentation::int;
use crate::operations::family::Failure;
use crate::operations::office_lists::{Wanted, places};
use crate::operations::page::{Page, total};

/// The most balances of one page, and how many there are where the request does not say.
const BALANCES_MAX: i32 = PAGE_ROWS_MAX.cast_signed();

answers!(LedgerBalancesResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| list(app, call, &request).await).await
}

async fn list(
    app: &App,
    call: &Call<'_>,
    request: &LedgerBalances,
) -> Result<LedgerBalancesResult, Failure> {
    let page = Page::of(request.skip, request.take, BALANCES_MAX, BALANCES_MAX)?;
    let wanted = Wanted { owner: request.event_owner_id, after_owner: 0, after: 0 };
    let shards = places(app, call, wanted).await?.into_iter().map(|(shard, _)| shard);
    let mut balances = app.store.balances(shards.collect()).await?;
    if let Some(sort) = &request.sort {
        balances.retain(|(_, balance)| sort_of(&balance.account.to_string()) == sort);
    }
    Ok(LedgerBalancesResult {
        balances: Some(page.cut(&balances).map(shown).collect()),
        total: total(balances.len()),
        sums: Some(sums(&balances)),
        ..ok()
    })
}

/// The sort of account: its name up to its colon.
fn sort_of(account: &str) -> &str {
    account.split(':').next().unwrap_or(account)
}

fn shown((shard, balance): &(Shard, Balance)) -> LedgerBalance {
    LedgerBalance {
        event_owner_id: int(shard.0),
        account: Some(balance.account.to_string()),
        currency: Some(balance.currency.clone()),
        amount: amount(balance.amount, &balance.currency),
    }
}

fn sums(balances: &[(Shard, Balance)]) -> Vec<LedgerSum> {
    let mut sums: BTreeMap<(String, &str), i64> = BTreeMap::new();
    for (_, balance) in balances {
        let sort = sort_of(&balance.account.to_string()).to_owned();
        let sum = sums.entry((sort, &balance.currency)).or_default();
        *sum = sum.saturating_add(balance.amount);
    }
    let sum = |((sort, currency), sum): ((String, &str), i64)| LedgerSum {
        sort: Some(sort),
        currency: Some(currency.to_owned()),
        amount: amount(sum, currency),
    };
    sums.into_iter().map(sum).collect()
}
