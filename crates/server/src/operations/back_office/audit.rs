//! `GET /audit`: what was changed, by whom.

use contract::back_office::audit::{AuditEntry, ListAudit, ListAuditResult};
use domain::audit::AuditRecord;
use domain::facts::Key;
use domain::ids::Shard;
use domain::record::Kind;
use domain::time::Timestamp;
use service::matched::Matched;
use service::reply::Reply;
use store::Store;

use super::fields::moment;
use crate::app::App;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::event_presentation::{int, utc};
use crate::operations::family::{Failure, wrong};
use crate::operations::page::Page;
use crate::operations::{Call, office};

/// The most records of one page.
const RECORDS_MAX: i32 = 1_000;

/// How many records a page has where the request does not say.
const RECORDS_DEFAULT: i32 = 100;

/// How many pages of the store one request reads; who wants more asks again from `next`.
const READS_MAX: usize = 20;

answers!(ListAuditResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let run = async |request| {
        let (results, next) = list(app, call, &request).await?;
        Ok(ListAuditResult { results: Some(results), next, ..ok() })
    };
    answer(app, matched, call, run).await
}

async fn list(
    app: &App,
    call: &Call<'_>,
    request: &ListAudit,
) -> Result<(Vec<AuditEntry>, Option<String>), Failure> {
    let page = Page::of(None, request.take, RECORDS_DEFAULT, RECORDS_MAX)?;
    let mut after = match request.after.as_deref() {
        Some(text) => read_after(text)?,
        None => Store::audit_start(request.since_utc.map(moment).unwrap_or_default()),
    };
    let mut entries = Vec::new();
    for _ in 0..READS_MAX {
        let records = app.store.audit(after).await?;
        if records.is_empty() {
            return Ok((entries, None));
        }
        for record in records {
            after = record.address();
            if is_shown(call, request, &record) {
                entries.push(shown(&record));
            }
            if entries.len() >= page.take {
                return Ok((entries, Some(after_text(&after))));
            }
        }
    }
    Ok((entries, Some(after_text(&after))))
}

/// An Admin reads everything; others what was done with what is their organisers'.
fn is_shown(call: &Call<'_>, request: &ListAudit, record: &AuditRecord) -> bool {
    let is_of = |owner| record.sellers.iter().any(|seller| int(seller.0) == owner);
    if request.event_owner_id.is_some_and(|owner| !is_of(owner)) {
        return false;
    }
    let may_see = |seller: &Shard| *seller != Shard::HOUSE && call.may_act_for(*seller);
    office::is_admin(call) || record.sellers.iter().any(may_see)
}

/// Where a page ended, as text: the moment and the random bits of its last record.
fn after_text(key: &Key) -> String {
    format!("{:032x}", key.hash)
}

fn read_after(text: &str) -> Result<Key, Failure> {
    let invalid = || Failure::invalid(vec![wrong("After", "It is no `next` of a page.")]);
    let is_hex = text.len() == 32 && text.bytes().all(|letter| letter.is_ascii_hexdigit());
    let hash = u128::from_str_radix(text, 16).ok().filter(|_| is_hex).ok_or_else(invalid)?;
    let moment = i64::try_from(hash >> 64).map_err(|_| invalid())?;
    Ok(Key::hashed(Shard::HOUSE, Kind::AuditRecord, Timestamp(moment).day(), hash))
}

fn shown(record: &AuditRecord) -> AuditEntry {
    let note = &record.note;
    let event = serde_json::to_value(note.event).unwrap_or_default();
    let change = record.change.as_ref();
    AuditEntry {
        at_utc: utc(record.at),
        event: event.as_str().map(str::to_owned),
        name: Some(note.name.clone()),
        by: Some(note.by.clone()),
        address: Some(note.address.clone()),
        detail: Some(note.detail.clone()),
        count: int(note.count),
        event_owner_id: record.sellers.first().map(|seller| int(seller.0)),
        before: change.and_then(|change| change.before.clone()),
        after: change.map(|change| change.after.clone()),
    }
}
