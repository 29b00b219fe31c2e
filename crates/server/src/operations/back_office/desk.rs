//! One change of the catalogue: read what is there, make the edit, commit it with its audit, and
//! say so to whoever remembers the old state.
//!
//! A change of a known item is made on the revision that the caller read, and refused when there is
//! a newer one. A new item undoes nobody's work, so it is tried again on the newest state.

use std::collections::VecDeque;
use std::sync::Arc;

use domain::audit::{AuditChange, AuditEvent, AuditNote};
use domain::catalogue::{
    CatalogueItem, ChangeCatalogue, Organiser, QuotaLimit, Series, TicketType,
};
use domain::ids::{NumberKind, QuotaId, SeriesId, Shard};
use domain::quota::Quota;
use domain::record::Aggregate;
use domain::refusal::{Code, Refusal};
use domain::seller::DrawNumbers;
use serde::Serialize;
use serde_json::{Map, Value};
use store::{CatalogueRows, Store, SubmitError};
use tokio::task::JoinSet;

use crate::app::App;
use crate::operations::family::{Failure, wrong};
use crate::operations::{Call, office};

/// How often a new item is tried while others change the same catalogue.
const TRIES_MAX: usize = 64;

/// How many organisers are told of a change of the house at once.
const TELLERS_MAX: usize = 32;

/// Members that the audit does not repeat: they open something.
const SECRET_MEMBERS: [&str; 1] = ["access_code"];

/// Members too long to be told whole.
const LONG_MEMBERS: [&str; 1] = ["sections"];

/// Whose catalogue is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// What all organisers share.
    House,
    /// A known organiser's.
    Seller(Shard),
    /// One that comes into being with this change.
    New,
}

/// What a change is made on.
pub(super) struct Desk {
    /// Whose catalogue.
    pub(super) seller: Shard,
    /// Every seller there is.
    pub(super) sellers: Vec<Shard>,
    rows: CatalogueRows,
    house: CatalogueRows,
    drawn: VecDeque<(NumberKind, u32)>,
    wanted: Vec<NumberKind>,
    /// Limits that this change writes.
    made: Vec<(String, QuotaId)>,
}

/// What is to be different.
pub(super) struct Edit<T> {
    /// What to write.
    pub(super) items: Vec<CatalogueItem>,
    /// What it is about, in words: `event 7`.
    pub(super) what: String,
    /// The item as it was; `Null` for a new one.
    pub(super) before: Value,
    /// The item as it will be.
    pub(super) after: Value,
    /// What the answer is made of.
    pub(super) shown: T,
}

impl<T> Edit<T> {
    /// An edit of one item.
    pub(super) fn of<A: Serialize>(
        what: String,
        before: Option<&A>,
        after: &A,
        items: Vec<CatalogueItem>,
        shown: T,
    ) -> Edit<T> {
        let json = |item| serde_json::to_value(item).unwrap_or_default();
        let before = before.map(json).unwrap_or_default();
        Edit { items, what, before, after: json(after), shown }
    }
}

/// What a change asks for beside its items.
pub(super) struct Wanted<'a> {
    /// Whose catalogue.
    pub(super) whose: Whose,
    /// The revision that the caller read; `None` for a new item.
    pub(super) revision: Option<i64>,
    /// Why, in the caller's words.
    pub(super) reason: Option<&'a str>,
}

impl Desk {
    /// What is stored now.
    pub(super) async fn open(store: &Store, whose: Whose) -> Result<Desk, Failure> {
        let sellers = store.sellers().await?;
        let next = Shard(sellers.iter().map(|shard| shard.0).max().unwrap_or(0) + 1);
        let seller = match whose {
            Whose::House => Shard::HOUSE,
            Whose::Seller(shard) => shard,
            Whose::New => next,
        };
        let rows = store.catalogue(seller).await?;
        let house = store.catalogue(Shard::HOUSE).await?;
        let (drawn, wanted, made) = Default::default();
        Ok(Desk { seller, sellers, rows, house, drawn, wanted, made })
    }

    /// Refuses sellers that there are not.
    pub(super) fn check_seller(&self) -> Result<(), Failure> {
        match self.own::<Organiser>().next() {
            Some(_) => Ok(()),
            None => Err(missing("Entry.EventOwnerId")),
        }
    }

    /// A ticket type that the seller may sell: its own, or one of a series.
    pub(super) fn ticket_type(&self, id: i32) -> Option<&Arc<TicketType>> {
        let mut types = self.own::<TicketType>().chain(self.shared::<TicketType>());
        types.find(|kind| i64::from(kind.id.0) == i64::from(id))
    }

    /// A series of this number.
    pub(super) fn series(&self, id: i32) -> Option<SeriesId> {
        let mut series = self.shared::<Series>();
        series.find(|it| i64::from(it.id.0) == i64::from(id)).map(|it| it.id)
    }

    /// The revision of what is stored.
    pub(super) fn revision(&self) -> i64 {
        i64::try_from(self.rows.revision).unwrap_or(i64::MAX)
    }

    /// The seller's own items of a kind.
    pub(super) fn own<A: Aggregate>(&self) -> impl Iterator<Item = &Arc<A>> {
        self.rows.records.iter().filter_map(A::from_record)
    }

    /// What all sellers share of a kind.
    pub(super) fn shared<A: Aggregate>(&self) -> impl Iterator<Item = &Arc<A>> {
        self.house.records.iter().filter_map(A::from_record)
    }

    /// A number for a new item.
    pub(super) fn number(&mut self, kind: NumberKind) -> u32 {
        let drawn = self.drawn.iter().position(|(drawn, _)| *drawn == kind);
        match drawn.and_then(|index| self.drawn.remove(index)) {
            Some((_, number)) => number,
            None => {
                self.wanted.push(kind);
                u32::MAX
            }
        }
    }

    /// The limit of this name, with what is to be written of it.
    pub(super) fn quota(&mut self, name: &str, limit: Option<u32>) -> (QuotaId, CatalogueItem) {
        let known = self.own::<Quota>().find(|quota| quota.name == name).map(|quota| quota.id);
        let id = known.unwrap_or_else(|| QuotaId(self.number(NumberKind::Quota)));
        self.made.push((name.to_owned(), id));
        (id, CatalogueItem::Quota(QuotaLimit { id, name: name.to_owned(), limit }))
    }

    /// The limit of this name, if it is known.
    pub(super) fn quota_named(&self, name: &str) -> Option<&Arc<Quota>> {
        self.own::<Quota>().find(|quota| quota.name == name)
    }

    /// The number of the limit of this name, if there is one or this change makes one.
    pub(super) fn quota_of(&self, name: &str) -> Option<QuotaId> {
        let made = self.made.iter().find(|(made, _)| made == name).map(|(_, id)| *id);
        made.or_else(|| self.quota_named(name).map(|quota| quota.id))
    }

    /// A limit that is known.
    pub(super) fn known_quota(&self, id: QuotaId) -> Option<&Arc<Quota>> {
        self.own::<Quota>().find(|quota| quota.id == id)
    }
}

/// Makes a change.
///
/// `make` is called on what is stored now, and again with numbers once it has asked for some; it
/// must not change anything but the desk's numbers.
pub(super) async fn save<T>(
    app: &App,
    call: &Call<'_>,
    wanted: Wanted<'_>,
    make: impl Fn(&mut Desk) -> Result<Edit<T>, Failure>,
) -> Result<(T, i64), Failure> {
    let reason = office::reason("Reason", wanted.reason)?;
    for _ in 0..TRIES_MAX {
        let mut desk = Desk::open(&app.store, wanted.whose).await?;
        if wanted.revision.is_some_and(|seen| seen != desk.revision()) {
            return Err(changed(desk.revision()));
        }
        let mut edit = make(&mut desk)?;
        if !desk.wanted.is_empty() {
            draw(app, &mut desk).await?;
            edit = make(&mut desk)?;
        }
        let note = note(call, &desk, &edit, reason.as_deref());
        let change = ChangeCatalogue {
            seller: desk.seller,
            revision_seen: desk.rows.revision,
            items: edit.items,
            notes: vec![note],
        };
        match app.store.submit(change).await {
            Ok(revision) => {
                publish(app, desk.seller, desk.sellers).await?;
                return Ok((edit.shown, i64::try_from(revision).unwrap_or(i64::MAX)));
            }
            Err(SubmitError::Stale) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Failure::overloaded())
}

fn changed(now: i64) -> Failure {
    let message = format!(
        "Somebody changed the catalogue meanwhile: it has revision {now} now. Nothing was saved; \
         read it again and repeat your change."
    );
    Refusal::new(Code::CatalogueChanged, message).into()
}

async fn draw(app: &App, desk: &mut Desk) -> Result<(), Failure> {
    let kinds = std::mem::take(&mut desk.wanted);
    desk.made.clear();
    let command = DrawNumbers { shard: desk.seller, kinds: kinds.clone() };
    let numbers = app.store.submit(command).await?;
    desk.drawn.extend(kinds.into_iter().zip(numbers));
    Ok(())
}

/// Lets this node know at once; others look every few seconds, and no order is decided on an older
/// state. What the house changes concerns every seller, so each gets a new revision.
async fn publish(app: &App, seller: Shard, sellers: Vec<Shard>) -> Result<(), Failure> {
    if seller != Shard::HOUSE {
        app.catalogue.reload(seller).await?;
        return Ok(());
    }
    let store = app.store.clone();
    // A task of its own, so that a caller who hangs up does not leave it half done.
    let telling = tokio::spawn(async move {
        let mut tellers = JoinSet::new();
        for shard in sellers.into_iter().filter(|shard| *shard != Shard::HOUSE) {
            if tellers.len() >= TELLERS_MAX {
                tellers.join_next().await;
            }
            tellers.spawn(raise_revision(store.clone(), shard));
        }
        while tellers.join_next().await.is_some() {}
    });
    if let Err(error) = telling.await {
        tracing::error!(%error, "not every organiser was told of a change of the house");
    }
    app.catalogue.refresh().await?;
    Ok(())
}

async fn raise_revision(store: Store, seller: Shard) {
    for _ in 0..TRIES_MAX {
        let known = store.catalogue_revisions(vec![seller]).await;
        let revision_seen = known.ok().and_then(|known| known.first().map(|(_, known)| *known));
        let Some(revision_seen) = revision_seen else { continue };
        let (items, notes) = (Vec::new(), Vec::new());
        let change = ChangeCatalogue { seller, revision_seen, items, notes };
        if store.submit(change).await.is_ok() {
            return;
        }
    }
    tracing::error!(seller = seller.0, "an organiser was not told of a change of the house");
}

fn note<T>(
    call: &Call<'_>,
    desk: &Desk,
    edit: &Edit<T>,
    reason: Option<&str>,
) -> (AuditNote, AuditChange) {
    let detail = match reason {
        Some(reason) => format!("{}: {reason}", edit.what),
        None => edit.what.clone(),
    };
    let (before, after) = difference(&edit.before, &edit.after);
    let change = AuditChange { seller: desk.seller, before, after };
    (office::audit(call, AuditEvent::CatalogueChanged, &detail), change)
}

/// The members that differ, as they were and as they are. Secrets are told of and not shown.
fn difference(before: &Value, after: &Value) -> (Option<String>, String) {
    let empty = Map::new();
    let (old, new) = (before.as_object(), after.as_object().unwrap_or(&empty));
    let (mut was, mut is) = (Map::new(), Map::new());
    for (name, value) in new {
        let known = old.and_then(|old| old.get(name));
        if known == Some(value) {
            continue;
        }
        if let Some(known) = known {
            was.insert(name.clone(), told(name, known));
        }
        is.insert(name.clone(), told(name, value));
    }
    (old.map(|_| Value::Object(was).to_string()), Value::Object(is).to_string())
}

fn told(name: &str, value: &Value) -> Value {
    if SECRET_MEMBERS.contains(&name) && !value.is_null() {
        return "not shown".into();
    }
    match value.as_array() {
        Some(list) if LONG_MEMBERS.contains(&name) => format!("{} of them", list.len()).into(),
        _ => value.clone(),
    }
}

/// The number and the revision of a known item, or `None` for a new one.
pub(super) fn target(id: Option<i32>, revision: Option<i64>) -> Result<Option<u32>, Failure> {
    let Some(id) = id.filter(|id| *id != 0) else { return Ok(None) };
    if revision.is_none() {
        let message = "Send the revision that you read, so that nobody's change is lost.";
        return Err(Failure::invalid(vec![wrong("Entry.Revision", message)]));
    }
    let id = u32::try_from(id).map_err(|_| missing("Entry.Id"))?;
    Ok(Some(id))
}

/// Whose item this is, if the caller may change it: a known one's seller, or the one that a new
/// one shall have. No organiser is the house.
pub(super) async fn seller_of(
    app: &App,
    call: &Call<'_>,
    kind: NumberKind,
    known: Option<u32>,
    owner: Option<i32>,
) -> Result<Shard, Failure> {
    let named = owner.map(|owner| u32::try_from(owner).map(Shard));
    let named = named.transpose().map_err(|_| missing("Entry.EventOwnerId"))?;
    let Some(id) = known else {
        let shard = named.unwrap_or(Shard::HOUSE);
        office::scope(call, shard)?;
        return Ok(shard);
    };
    let shard = app.store.shard_of(kind, id).await?.ok_or_else(|| missing("Entry.Id"))?;
    office::scope(call, shard)?;
    if named.is_some_and(|named| named != shard) {
        let message = "It is set once and does not change.";
        return Err(Failure::invalid(vec![wrong("Entry.EventOwnerId", message)]));
    }
    Ok(shard)
}

/// A known item of the seller, or `None` for a new one.
pub(super) fn known_item<A: Aggregate>(
    desk: &Desk,
    known: Option<u32>,
    number_of: impl Fn(&A) -> u32,
) -> Result<Option<Arc<A>>, Failure> {
    let Some(id) = known else { return Ok(None) };
    let found = desk.own::<A>().find(|item| number_of(item) == id);
    found.cloned().map(Some).ok_or_else(|| missing("Entry.Id"))
}

/// There is no such thing.
pub(super) fn missing(field: &str) -> Failure {
    Failure::invalid(vec![wrong(field, "There is no such item.")])
}

/// The entry of a request.
pub(super) fn entry<T>(entry: Option<T>) -> Result<T, Failure> {
    entry.ok_or_else(|| Failure::invalid(vec![wrong("Entry", "Send what is to be saved.")]))
}

/// A slug that another item has.
pub(super) fn taken() -> Failure {
    let message = "Another item has this short name; choose another one.";
    Failure::invalid(vec![wrong("Entry.Slug", message)])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::difference;

    /// Only what differs is told, secrets are not, and a new item has nothing before.
    #[test]
    fn differences_are_compact() {
        let old = json!({ "name": "A", "active": true, "access_code": "open-sesame" });
        let new = json!({ "name": "B", "active": true, "access_code": null });
        let (before, after) = difference(&old, &new);
        assert_eq!(before.unwrap(), r#"{"access_code":"not shown","name":"A"}"#);
        assert_eq!(after, r#"{"access_code":null,"name":"B"}"#);
        assert_eq!(difference(&json!(null), &json!({ "id": 1 })), (None, r#"{"id":1}"#.into()));
    }
}
