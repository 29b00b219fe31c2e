//! One change of the catalogue: read what is there, make the edit, commit it with its audit, and
//! say so to whoever remembers the old state.
//!
//! A change of a known item is made on the revision that the caller read, and refused when there is
//! a newer one. A new item undoes nobody's work, so it is tried again on the newest state.

mod difference;
mod publish;
mod subject;

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
use serde_json::Value;
use store::{CatalogueRows, Store, SubmitError};

use self::difference::difference;
use self::publish::publish;
pub(super) use self::subject::{entry, known_item, missing, seller_of, taken, target};
use crate::app::App;
use crate::operations::family::Failure;
use crate::operations::{Call, office};

/// How often a new item is tried while others change the same catalogue.
const TRIES_MAX: usize = 64;

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
        let note = note(call, &edit, reason.as_deref());
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

fn note<T>(call: &Call<'_>, edit: &Edit<T>, reason: Option<&str>) -> (AuditNote, AuditChange) {
    let detail = match reason {
        Some(reason) => format!("{}: {reason}", edit.what),
        None => edit.what.clone(),
    };
    let (before, after) = difference(&edit.before, &edit.after);
    let change = AuditChange { before, after };
    (office::audit(call, AuditEvent::CatalogueChanged, &detail), change)
}
