//! `/backOffice/owners`: organisers.

use contract::back_office::owners::{
    EventOwnerEntry, ListEventOwners, ListEventOwnersResult, SaveEventOwner, SaveEventOwnerResult,
};
use domain::catalogue::{CatalogueItem, Organiser, OrganiserRules};
use domain::ids::Shard;
use domain::refusal::{Code, Refusal};
use service::matched::Matched;
use service::reply::Reply;

use super::desk::{Desk, Edit, Wanted, Whose, entry, missing, save, taken, target};
use super::fields::Fields;
use super::{TAKE_DEFAULT, TAKE_MAX};
use crate::app::App;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::event_presentation::int;
use crate::operations::family::Failure;
use crate::operations::page::{Page, total};
use crate::operations::{Call, office};

/// The gateway of an organiser that names none.
const GATEWAY_DEFAULT: &str = "sandbox";

/// The most clubs that one is connected with.
const CONNECTED_MAX: usize = 50;

/// All of a sale, in hundredths of a percent.
const FEE_BASIS_POINTS_MAX: u32 = 10_000;

answers!(ListEventOwnersResult);
answers!(SaveEventOwnerResult);

/// Serves `ListEventOwners`.
pub(super) async fn serve_list(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| list(app, call, &request).await).await
}

async fn list(
    app: &App,
    call: &Call<'_>,
    request: &ListEventOwners,
) -> Result<ListEventOwnersResult, Failure> {
    let page = Page::of(request.skip, request.take, TAKE_DEFAULT, TAKE_MAX)?;
    let wanted = request.event_owner_id.map(|number| office::owner(call, number)).transpose()?;
    let mut sellers = app.store.sellers().await?;
    sellers.retain(|shard| *shard != Shard::HOUSE && wanted.is_none_or(|one| one == *shard));
    sellers.retain(|shard| call.may_act_for(*shard));
    let mut entries = Vec::new();
    for shard in page.cut(&sellers) {
        let desk = Desk::open(&app.store, Whose::Seller(*shard)).await?;
        entries.extend(desk.own::<Organiser>().next().map(|it| shown(it, desk.revision())));
    }
    Ok(ListEventOwnersResult { results: Some(entries), total: total(sellers.len()), ..ok() })
}

/// Serves `SaveEventOwner`.
pub(super) async fn serve_save(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| change(app, call, &request).await).await
}

async fn change(
    app: &App,
    call: &Call<'_>,
    request: &SaveEventOwner,
) -> Result<SaveEventOwnerResult, Failure> {
    let entry = entry(request.entry.as_ref())?;
    let known = target(entry.id, entry.revision)?.map(Shard);
    match known {
        Some(shard) => office::scope(call, shard)?,
        None => admins_only(call)?,
    }
    if sets_terms(request, entry) {
        admins_only(call)?;
    }
    let slugs = slugs(app).await?;
    let wanted = Wanted {
        whose: known.map_or(Whose::New, Whose::Seller),
        revision: entry.revision.filter(|_| known.is_some()),
        reason: request.reason.as_deref(),
    };
    let (organiser, revision) =
        save(app, call, wanted, |desk| edit(request, entry, known.is_none(), &slugs, desk)).await?;
    Ok(SaveEventOwnerResult { result: Some(shown(&organiser, revision)), ..ok() })
}

/// What is between an organiser and the platform.
fn sets_terms(request: &SaveEventOwner, entry: &EventOwnerEntry) -> bool {
    request.clear_super_owner
        || entry.fee_basis_points.is_some()
        || entry.gateway.is_some()
        || entry.phone_gateway.is_some()
        || entry.connected_owner_ids.is_some()
        || entry.super_owner_id.is_some()
        || entry.fee_kept_on_refund.is_some()
        || entry.debt_refused.is_some()
        || entry.raw_cards_refused.is_some()
        || entry.external_id.is_some()
}

fn admins_only(call: &Call<'_>) -> Result<(), Refusal> {
    if office::is_admin(call) {
        return Ok(());
    }
    let message = "Only an Admin makes organisers and changes their terms.";
    Err(Refusal::new(Code::Forbidden, message))
}

async fn slugs(app: &App) -> Result<Vec<String>, Failure> {
    let mut slugs = Vec::new();
    for shard in app.store.sellers().await? {
        let desk = Desk::open(&app.store, Whose::Seller(shard)).await?;
        slugs.extend(desk.own::<Organiser>().map(|organiser| organiser.slug.clone()));
    }
    Ok(slugs)
}

fn edit(
    request: &SaveEventOwner,
    entry: &EventOwnerEntry,
    is_new: bool,
    slugs: &[String],
    desk: &mut Desk,
) -> Result<Edit<Organiser>, Failure> {
    let before = desk.own::<Organiser>().next().cloned();
    let mut organiser = match &before {
        Some(known) => Organiser::clone(known),
        None if is_new => blank(desk.seller),
        None => return Err(missing("Entry.Id")),
    };
    let mut fields = Fields::default();
    fields.slug(entry.slug.as_ref(), is_new, desk.seller.0, &mut organiser.slug);
    fields.name("Name", entry.name.as_ref(), &mut organiser.name);
    fields.text("ExternalId", entry.external_id.as_ref(), &mut organiser.external_id);
    fields.url("ImageUrl", entry.image_url.as_ref(), &mut organiser.image_url);
    fields.url("ImageUrl2", entry.image_url2.as_ref(), &mut organiser.image_url2);
    let points = &mut organiser.fee_basis_points;
    fields.number("FeeBasisPoints", entry.fee_basis_points, (0, FEE_BASIS_POINTS_MAX), points);
    fields.name("Gateway", entry.gateway.as_ref(), &mut organiser.gateway);
    rules(request, entry, desk, &mut organiser.rules, &mut fields);
    fields.finish()?;
    if is_new && slugs.contains(&organiser.slug) {
        return Err(taken());
    }
    let items = vec![CatalogueItem::Organiser(organiser.clone())];
    let what = format!("organiser {}", desk.seller.0);
    Ok(Edit::of(what, before.as_deref(), &organiser.clone(), items, organiser))
}

fn rules(
    request: &SaveEventOwner,
    entry: &EventOwnerEntry,
    desk: &Desk,
    rules: &mut OrganiserRules,
    fields: &mut Fields,
) {
    if let Some(ids) = &entry.connected_owner_ids {
        if ids.len() > CONNECTED_MAX {
            fields.wrong("ConnectedOwnerIds", format!("{CONNECTED_MAX} at most."));
        } else {
            rules.connected = fields.organisers("ConnectedOwnerIds", ids, &desk.sellers);
        }
    }
    if let Some(id) = entry.super_owner_id {
        let found = fields.organisers("SuperOwnerId", &[id], &desk.sellers);
        rules.super_owner = found.first().copied();
    }
    if request.clear_super_owner {
        rules.super_owner = None;
    }
    fields.text("PhoneGateway", entry.phone_gateway.as_ref(), &mut rules.phone_gateway);
    Fields::flag(entry.fee_kept_on_refund, &mut rules.fee_kept_on_refund);
    Fields::flag(entry.debt_refused, &mut rules.debt_refused);
    Fields::flag(entry.transfer_reason_required, &mut rules.transfer_reason_required);
    Fields::flag(entry.raw_cards_refused, &mut rules.raw_cards_refused);
}

fn blank(shard: Shard) -> Organiser {
    Organiser {
        shard,
        slug: String::new(),
        name: String::new(),
        external_id: None,
        image_url: None,
        image_url2: None,
        fee_basis_points: 0,
        gateway: GATEWAY_DEFAULT.into(),
        rules: OrganiserRules::default(),
    }
}

fn shown(organiser: &Organiser, revision: i64) -> EventOwnerEntry {
    let rules = &organiser.rules;
    EventOwnerEntry {
        id: Some(int(organiser.shard.0)),
        revision: Some(revision),
        slug: Some(organiser.slug.clone()),
        name: Some(organiser.name.clone()),
        external_id: organiser.external_id.clone(),
        image_url: organiser.image_url.clone(),
        image_url2: organiser.image_url2.clone(),
        fee_basis_points: Some(int(organiser.fee_basis_points)),
        gateway: Some(organiser.gateway.clone()),
        phone_gateway: rules.phone_gateway.clone(),
        connected_owner_ids: Some(rules.connected.iter().map(|shard| int(shard.0)).collect()),
        super_owner_id: rules.super_owner.map(|shard| int(shard.0)),
        fee_kept_on_refund: Some(rules.fee_kept_on_refund),
        debt_refused: Some(rules.debt_refused),
        transfer_reason_required: Some(rules.transfer_reason_required),
        raw_cards_refused: Some(rules.raw_cards_refused),
    }
}
