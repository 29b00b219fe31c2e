//! `GET /ledger/entries/{EventOwnerId}`: what was booked.

use contract::ledger::entries::{LedgerEntries, LedgerEntriesResult, LedgerEntry, LedgerLeg};
use domain::ids::Shard;
use domain::ledger::{Posting, Source};
use domain::time::Timestamp;
use service::matched::Matched;
use service::reply::Reply;
use service::types::DateTime;
use store::PAGE_ROWS_MAX;
use store::snapshot::PostingPlace;

use super::amount;
use crate::app::App;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::event_presentation::{int, utc};
use crate::operations::family::{Failure, wrong};
use crate::operations::page::Page;
use crate::operations::{Call, office};

/// The most entries of one page.
const ENTRIES_MAX: i32 = 1_000;

/// How many entries a page has where the request does not say.
const ENTRIES_DEFAULT: i32 = 100;

/// How many pages of the store one request reads; who wants more asks again from `next`.
const READS_MAX: usize = 20;

answers!(LedgerEntriesResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let run = async |request| {
        let (entries, next) = list(app, call, &request).await?;
        let next =
            next.map(|PostingPlace { number, step, kind }| format!("{number}-{step}-{kind}"));
        Ok(LedgerEntriesResult { entries: Some(entries), next, ..ok() })
    };
    answer(app, matched, call, run).await
}

/// What a request asks for.
struct Wanted {
    shard: Shard,
    source: Option<u32>,
    since: Option<Timestamp>,
    before: Option<Timestamp>,
    take: usize,
}

impl Wanted {
    fn is_past(&self, posting: &Posting) -> bool {
        self.source.is_some_and(|source| posting.source.number() > source)
    }

    fn is_shown(&self, posting: &Posting) -> bool {
        self.source.is_none_or(|source| posting.source.number() == source)
            && self.since.is_none_or(|since| posting.at >= since)
            && self.before.is_none_or(|before| posting.at < before)
    }
}

async fn list(
    app: &App,
    call: &Call<'_>,
    request: &LedgerEntries,
) -> Result<(Vec<LedgerEntry>, Option<PostingPlace>), Failure> {
    let moment = |date: DateTime| Timestamp(date.assume_utc().to_utc().unix_microseconds());
    let wanted = Wanted {
        shard: office::owner(call, request.event_owner_id)?,
        source: request.source_id.map(office::number),
        since: request.since_utc.map(moment),
        before: request.before_utc.map(moment),
        take: Page::of(None, request.take, ENTRIES_DEFAULT, ENTRIES_MAX)?.take,
    };
    let number = wanted.source.unwrap_or_default();
    let mut after = match request.after.as_deref() {
        Some(text) => read_after(text)?,
        None => PostingPlace { number, ..PostingPlace::default() },
    };
    let mut entries = Vec::new();
    for _ in 0..READS_MAX {
        let postings = app.store.postings(wanted.shard, after, PAGE_ROWS_MAX).await?;
        if postings.is_empty() {
            return Ok((entries, None));
        }
        for posting in postings {
            if wanted.is_past(&posting) {
                return Ok((entries, None));
            }
            after = PostingPlace::of(&posting);
            if wanted.is_shown(&posting) {
                entries.push(shown(&posting));
            }
            if entries.len() >= wanted.take {
                return Ok((entries, Some(after)));
            }
        }
    }
    Ok((entries, Some(after)))
}

fn read_after(text: &str) -> Result<PostingPlace, Failure> {
    let read = || {
        let (number, rest) = text.split_once('-')?;
        let (step, kind) = rest.split_once('-')?;
        let (number, step) = (number.parse().ok()?, step.parse().ok()?);
        Some(PostingPlace { number, step, kind: kind.parse().ok()? })
    };
    read().ok_or_else(|| Failure::invalid(vec![wrong("After", "It is no `next` of a page.")]))
}

fn shown(posting: &Posting) -> LedgerEntry {
    let code = posting.currency.code();
    let legs = posting.legs.iter().map(|leg| LedgerLeg {
        account: Some(leg.account.to_string()),
        amount: amount(leg.amount, code),
    });
    let kind = serde_json::to_value(posting.kind).unwrap_or_default();
    let source = match posting.source {
        Source::Sale(_) => "sale",
        Source::Payout(_) => "payout",
        Source::Card(_) => "card",
    };
    LedgerEntry {
        source: Some(source.into()),
        source_id: int(posting.source.number()),
        step: i32::from(posting.step),
        kind: kind.as_str().map(str::to_owned),
        at_utc: utc(posting.at),
        currency: Some(code.into()),
        legs: Some(legs.collect()),
    }
}
