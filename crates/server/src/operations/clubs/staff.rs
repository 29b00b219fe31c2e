//! `/staff`: who works at clubs and is credited with sales.

use contract::clubs::staff::{
    ListStaff, ListStaffResponse, SaveStaff, SaveStaffResponse, StaffDto,
};
use domain::audit::AuditEvent;
use domain::club::{self, Staff, StaffDetails};
use domain::ids::StaffId;
use service::matched::Matched;
use service::reply::Reply;

use super::answer::answer;
use super::caller::{ClubCaller, club_caller};
use super::packages::store_ids;
use super::stores;
use crate::app::App;
use crate::operations::event_presentation::int;
use crate::operations::family::{Failure, wrong};
use crate::operations::{Call, office};
use crate::text;

/// The longest name, in characters.
const NAME_LENGTH_MAX: usize = 100;

/// The most stores that somebody is named to work at; who works at more works at all.
const STORES_MAX: usize = 100;

/// Serves `ListStaff`.
pub(super) async fn serve_list(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(matched, async |request| list(app, call, &request).await).await
}

async fn list(
    app: &App,
    call: &Call<'_>,
    request: &ListStaff,
) -> Result<ListStaffResponse, Failure> {
    let by = club_caller(app, call, &super::asked!(request, "ListStaff")).await?;
    let store = request.store_id.filter(|number| *number != 0);
    let store = store.map(|number| by.store(number)).transpose()?;
    let staff = stores::items::<Staff>(app, &by).await?;
    let wanted = staff.iter().filter(|staff| store.is_none_or(|store| staff.works_at(store)));
    let allowed = wanted.filter(|staff| may_touch(&by, staff));
    Ok(ListStaffResponse { staff: Some(allowed.map(|staff| shown(staff)).collect()) })
}

/// A caller that is limited to stores sees and changes who works at those and at no other.
fn may_touch(by: &ClubCaller, staff: &Staff) -> bool {
    let is_allowed = |store: &domain::ids::ClubStoreId| by.store(int(store.0)).is_ok();
    staff.stores.iter().all(is_allowed)
}

/// Serves `SaveStaff`.
pub(super) async fn serve_save(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(matched, async |request| save(app, call, &request).await).await
}

async fn save(
    app: &App,
    call: &Call<'_>,
    request: &SaveStaff,
) -> Result<SaveStaffResponse, Failure> {
    let by = club_caller(app, call, &super::asked!(request, "SaveStaff")).await?;
    by.any_member()?;
    by.any_store()?;
    let reason = office::reason("Reason", request.reason.as_deref())?.unwrap_or_default();
    let named = request.staff_id.filter(|number| *number != 0);
    let staff = named.map(|number| StaffId(office::number(number)));
    let details = read(&by, request)?;
    let note = super::note(call, &by, AuditEvent::StaffSaved, &reason);
    let command = club::SaveStaff { shard: by.chain, staff, details, note };
    let staff = app.store.submit(command).await?;
    Ok(SaveStaffResponse { staff: Some(shown(&staff)) })
}

fn read(by: &ClubCaller, request: &SaveStaff) -> Result<StaffDetails, Failure> {
    let mut problems = Vec::new();
    let name = text::kept_line(request.name.as_deref(), NAME_LENGTH_MAX);
    let name = name.unwrap_or_else(|message| {
        problems.push(wrong("Name", message));
        None
    });
    let is_new = request.staff_id.is_none_or(|number| number == 0);
    if is_new && name.is_none() && problems.is_empty() {
        problems.push(wrong("Name", "Somebody new on the staff needs a name."));
    }
    let named = request.store_ids.as_deref();
    if named.is_some_and(|stores| stores.len() > STORES_MAX) {
        problems.push(wrong("StoreIds", format!("{STORES_MAX} stores at most.")));
    }
    if !problems.is_empty() {
        return Err(Failure::invalid(problems));
    }
    let store = |number: &i32| by.store(*number);
    let stores = named.map(|stores| stores.iter().map(store).collect::<Result<_, _>>());
    Ok(StaffDetails { name, stores: stores.transpose()?, active: request.is_active })
}

fn shown(staff: &Staff) -> StaffDto {
    StaffDto {
        staff_id: int(staff.id.0),
        name: Some(staff.name.clone()),
        store_ids: Some(store_ids(&staff.stores)),
        is_active: staff.active,
    }
}
