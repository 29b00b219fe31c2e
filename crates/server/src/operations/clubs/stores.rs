//! `GET /stores`, and the store that a request is about.

use std::sync::Arc;

use contract::clubs::stores::{ListStores, ListStoresResponse, StoreDto};
use domain::club::{ClubStore, Date};
use domain::record::Aggregate;
use domain::refusal::{Code, Refusal};
use service::matched::Matched;
use service::reply::Reply;

use super::answer::answer;
use super::caller::{ClubCaller, club_caller};
use super::dates;
use crate::app::App;
use crate::operations::Call;
use crate::operations::event_presentation::int;
use crate::operations::family::Failure;

/// Serves `ListStores`.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(matched, async |request| list(app, call, &request).await).await
}

async fn list(
    app: &App,
    call: &Call<'_>,
    request: &ListStores,
) -> Result<ListStoresResponse, Failure> {
    let by = club_caller(app, call, &super::asked!(request, "ListStores")).await?;
    let stores = items::<ClubStore>(app, &by).await?;
    let allowed = stores.iter().filter(|store| by.store(int(store.id.0)).is_ok());
    Ok(ListStoresResponse { stores: Some(allowed.map(|store| shown(store)).collect()) })
}

fn shown(store: &ClubStore) -> StoreDto {
    StoreDto {
        store_id: int(store.id.0),
        chain_id: int(store.shard.0),
        name: Some(store.name.clone()),
        is_active: store.active,
        time_zone: Some(store.time_zone.clone()),
        currency: Some(store.currency.code().to_owned()),
    }
}

/// What a chain's catalogue has of a kind, by number.
pub(super) async fn items<A: Aggregate>(
    app: &App,
    by: &ClubCaller,
) -> Result<Vec<Arc<A>>, Failure> {
    let rows = app.store.catalogue(by.chain).await?;
    let mut items: Vec<Arc<A>> = rows.records.iter().filter_map(A::from_record).cloned().collect();
    items.sort_by_key(|item| item.key());
    Ok(items)
}

/// The store of a published number, if the caller may sell there.
///
/// # Errors
/// [`Code::StoreNotFound`], [`Code::StoreNotAllowed`]
pub(super) async fn one(
    app: &App,
    by: &ClubCaller,
    number: Option<i32>,
) -> Result<Arc<ClubStore>, Failure> {
    let id = by.store(number.unwrap_or(0))?;
    let store = app.store.read::<ClubStore>(ClubStore::key_of(by.chain, id)).await?;
    let message = format!("This chain has no store {}.", id.0);
    store.ok_or_else(|| Refusal::new(Code::StoreNotFound, message).into())
}

/// Today by the calendar of a store.
///
/// # Errors
/// A fault when the store's zone is none, which no import and no form lets in.
pub(super) fn today(app: &App, store: &ClubStore) -> Result<Date, Failure> {
    dates::today(store, app.clock.now()).ok_or_else(|| {
        tracing::error!(store = store.id.0, zone = store.time_zone, "a store's zone is none");
        Failure::unable()
    })
}
