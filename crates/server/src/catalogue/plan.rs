//! From a file's entries to catalogue items: every reference resolved, every value checked.

use std::collections::{BTreeMap, HashSet};

use domain::catalogue::{
    CatalogueItem, Event, EventPrice, EventRules, Organiser, OrganiserRules, Period, QuotaLimit,
    Series, TicketType, Venue, Visitor,
};
use domain::ids::{EventId, NumberKind, QuotaId, SeriesId, Shard, TicketTypeId, VenueId};
use domain::money::Currency;

use super::clubs;
use super::file::{
    CatalogueFile, EventEntry, OrganiserEntry, PriceEntry, SeriesEntry, TicketTypeEntry, VenueEntry,
};
use super::known::{Known, series_id, venue_id};
use super::rights::{
    CardTypeEntry, PassTypeEntry, card_type, pass_type, special_ticket, stock_name,
};
use super::seats::{block_name, event_sections, price_sections, seat_map};
use super::time::moment;
use crate::money;

/// One imported item, for the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The table it stands in: `organiser`, `agency`, `series`, `venue`, `event` and so on.
    pub kind: &'static str,
    /// Its slug in the file.
    pub slug: String,
    /// Its published number.
    pub id: u32,
}

/// The items of a file, by whose catalogue they belong to.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) house: Vec<CatalogueItem>,
    pub(super) sellers: BTreeMap<Shard, Vec<CatalogueItem>>,
    pub(super) imported: Vec<Imported>,
}

/// The longest slug, in bytes.
const SLUG_LENGTH_MAX: usize = 64;

/// Checks a whole file without drawing a number, by planning it with numbers that are never used.
pub(super) fn check(file: &CatalogueFile, known: &Known) -> Result<(), String> {
    unique("organiser", file.seller_slugs().map(str::to_owned))?;
    unique("series", file.series.iter().map(|entry| entry.slug.clone()))?;
    unique("venue", file.venue.iter().map(|entry| entry.slug.clone()))?;
    // Types of all series share one list, so their slugs must differ from each other.
    let owner = |entry: &TicketTypeEntry| entry.organiser.clone().unwrap_or("series".into());
    unique(
        "ticket_type",
        file.ticket_type.iter().map(|entry| format!("{}\n{}", owner(entry), entry.slug)),
    )?;
    let of_club = |club: &str, slug: &str| format!("{club}\n{slug}");
    unique("card_type", file.card_type.iter().map(|it| of_club(&it.organiser, &it.slug)))?;
    clubs::check_slugs(file)?;
    unique("pass_type", file.pass_type.iter().map(|it| of_club(&it.organiser, &it.slug)))?;
    unique("event", file.event.iter().map(|entry| format!("{}\n{}", entry.organiser, entry.slug)))?;
    for entry in &file.organiser {
        at("organiser", &entry.slug, known.organiser(&entry.slug).ok_or("unknown"))?;
    }
    let mut trial = known.trial(&numbers_wanted(file, known));
    Plan::make(file, &mut trial).map(|_| ())
}

/// How many numbers of which kind each shard needs for what is new.
pub(super) fn numbers_wanted(
    file: &CatalogueFile,
    known: &Known,
) -> BTreeMap<Shard, Vec<NumberKind>> {
    let mut wanted: BTreeMap<Shard, Vec<NumberKind>> = BTreeMap::new();
    let mut want = |shard: Shard, kind: NumberKind, slug: &str| {
        if known.number(shard, kind, slug).is_none() {
            wanted.entry(shard).or_default().push(kind);
        }
    };
    file.series.iter().for_each(|entry| want(Shard::HOUSE, NumberKind::Series, &entry.slug));
    file.venue.iter().for_each(|entry| want(Shard::HOUSE, NumberKind::Venue, &entry.slug));
    for entry in &file.ticket_type {
        if let Ok(shard) = type_shard(entry, known) {
            want(shard, NumberKind::TicketType, &entry.slug);
        }
    }
    for entry in &file.event {
        let Some(shard) = known.organiser(&entry.organiser) else { continue };
        want(shard, NumberKind::Event, &entry.slug);
        quota_names(entry).iter().for_each(|name| want(shard, NumberKind::Quota, name));
        for section in numbered_sections(entry, file, known) {
            want(shard, NumberKind::SeatBlock, &block_name(&entry.slug, &section));
        }
    }
    for entry in &file.card_type {
        let Some(shard) = known.organiser(&entry.organiser) else { continue };
        want(shard, NumberKind::CardType, &entry.slug);
        if entry.limit.is_some() {
            want(shard, NumberKind::Quota, &stock_name(&entry.slug));
        }
    }
    for entry in &file.pass_type {
        let Some(shard) = known.organiser(&entry.organiser) else { continue };
        want(shard, NumberKind::PassType, &entry.slug);
    }
    clubs::want_numbers(file, known, &mut want);
    wanted
}

fn numbered_sections(entry: &EventEntry, file: &CatalogueFile, known: &Known) -> Vec<String> {
    let venue = entry.venue.as_ref().filter(|_| entry.seats_numbered);
    venue.map(|venue| known.section_names(file, venue)).unwrap_or_default()
}

fn quota_names(entry: &EventEntry) -> Vec<String> {
    let each = entry.price.iter().map(|price| quota_name(entry, price));
    entry.capacity.map(|_| entry.slug.clone()).into_iter().chain(each).collect()
}

fn quota_name(entry: &EventEntry, price: &PriceEntry) -> String {
    format!("{}/{}", entry.slug, price.ticket_type)
}

/// Slugs are given with their owner before a line break, where they are unique within one.
pub(super) fn unique(kind: &str, slugs: impl Iterator<Item = String>) -> Result<(), String> {
    let mut seen = HashSet::new();
    for slug in slugs {
        // A slash separates the parts of names made of slugs, so no slug may have one.
        let own = slug.rsplit_once('\n').map_or(slug.as_str(), |(_, own)| own);
        let allowed = |letter: char| letter.is_alphanumeric() || "-_.".contains(letter);
        if !(1..=SLUG_LENGTH_MAX).contains(&own.len()) || !own.chars().all(allowed) {
            return Err(format!(
                "{kind} \"{own}\": a slug has 1 to {SLUG_LENGTH_MAX} letters, digits, '-', '_', '.'"
            ));
        }
        let own = own.to_owned();
        if !seen.insert(slug) {
            return Err(format!("{kind} \"{own}\" stands in the file twice"));
        }
    }
    Ok(())
}

/// Says in which item something is wrong.
pub(super) fn at<T, E: std::fmt::Display>(
    kind: &str,
    slug: &str,
    result: Result<T, E>,
) -> Result<T, String> {
    result.map_err(|error| format!("{kind} \"{slug}\": {error}"))
}

fn type_shard(entry: &TicketTypeEntry, known: &Known) -> Result<Shard, String> {
    match (&entry.organiser, &entry.series) {
        (Some(organiser), _) => {
            known.organiser(organiser).ok_or_else(|| format!("no organiser \"{organiser}\""))
        }
        (None, Some(_)) => Ok(Shard::HOUSE),
        (None, None) => Err("name an organiser or a series".into()),
    }
}

impl Plan {
    /// Plans a file.
    pub(super) fn make(file: &CatalogueFile, known: &mut Known) -> Result<Plan, String> {
        let mut plan = Plan::default();
        for entry in &file.organiser {
            at("organiser", &entry.slug, plan.organiser(entry, known))?;
        }
        for entry in &file.agency {
            at("agency", &entry.slug, plan.agency(entry, known))?;
        }
        plan.clubs(file, known)?;
        for entry in &file.series {
            at("series", &entry.slug, plan.series(entry, known))?;
        }
        for entry in &file.venue {
            at("venue", &entry.slug, plan.venue(entry, known))?;
        }
        for entry in &file.ticket_type {
            at("ticket_type", &entry.slug, plan.ticket_type(entry, known))?;
        }
        for entry in &file.event {
            at("event", &entry.slug, plan.event(entry, known))?;
        }
        for entry in &file.card_type {
            at("card_type", &entry.slug, plan.card_type(entry, known))?;
        }
        for entry in &file.pass_type {
            at("pass_type", &entry.slug, plan.pass_type(entry, known))?;
        }
        for entry in &file.special_ticket {
            let planned = at("special_ticket", &entry.campaign, special_ticket(entry, known))?;
            plan.seller(planned.0).push(planned.1);
        }
        Ok(plan)
    }

    fn organiser(&mut self, entry: &OrganiserEntry, known: &Known) -> Result<(), String> {
        let shard = known.organiser(&entry.slug).ok_or("it has no number")?;
        if entry.fee_basis_points > 10_000 {
            return Err("fee_basis_points may be 10000 (100 %) at most".into());
        }
        self.seller(shard).push(CatalogueItem::Organiser(Organiser {
            shard,
            slug: entry.slug.clone(),
            name: entry.name.clone(),
            external_id: entry.external_id.clone(),
            image_url: entry.image_url.clone(),
            image_url2: entry.image_url2.clone(),
            fee_basis_points: entry.fee_basis_points,
            gateway: entry.gateway.clone(),
            rules: organiser_rules(entry, known)?,
        }));
        self.report("organiser", &entry.slug, shard.0);
        Ok(())
    }

    fn series(&mut self, entry: &SeriesEntry, known: &mut Known) -> Result<(), String> {
        let id = known.number_or_new(Shard::HOUSE, NumberKind::Series, &entry.slug)?;
        self.house.push(CatalogueItem::Series(Series {
            id: SeriesId(id),
            slug: entry.slug.clone(),
            name: entry.name.clone(),
            active: entry.active,
            external_id: entry.external_id.clone(),
            show_by_default: entry.show_by_default,
            sport_gender_id: entry.sport_gender_id.clone(),
            suspended: period(
                (entry.suspended_from.as_deref(), entry.suspended_to.as_deref()),
                super::time::TIME_ZONE_DEFAULT,
                "suspended",
            )?,
        }));
        self.report("series", &entry.slug, id);
        Ok(())
    }

    fn venue(&mut self, entry: &VenueEntry, known: &mut Known) -> Result<(), String> {
        let id = known.number_or_new(Shard::HOUSE, NumberKind::Venue, &entry.slug)?;
        self.house.push(CatalogueItem::Venue(Venue {
            id: VenueId(id),
            slug: entry.slug.clone(),
            name: entry.name.clone(),
            latitude: entry.latitude.clone(),
            longitude: entry.longitude.clone(),
            seating_image_url: entry.seating_image_url.clone(),
        }));
        if !entry.section.is_empty() {
            let map = seat_map(VenueId(id), &entry.section, known.seat_map(VenueId(id)))?;
            known.set_seat_map(map.clone());
            self.house.push(CatalogueItem::SeatMap(map));
        }
        self.report("venue", &entry.slug, id);
        Ok(())
    }

    fn ticket_type(&mut self, entry: &TicketTypeEntry, known: &mut Known) -> Result<(), String> {
        let shard = type_shard(entry, known)?;
        let id = known.number_or_new(shard, NumberKind::TicketType, &entry.slug)?;
        let series = entry.series.as_deref().map(|slug| series_id(slug, known)).transpose()?;
        known.set_currency(TicketTypeId(id), currency(&entry.currency)?);
        let item = CatalogueItem::TicketType(TicketType {
            organiser: entry.organiser.is_some().then_some(shard),
            id: TicketTypeId(id),
            slug: entry.slug.clone(),
            series,
            name: entry.name.clone(),
            display: entry.display.clone(),
            color: entry.color.clone(),
            price: price(&entry.price, &entry.currency)?,
            currency: currency(&entry.currency)?,
            order_max: entry.order_max,
            holder_required: entry.holder_required,
            transfer_blocked: entry.transfer_blocked,
            shown_when_used: entry.shown_when_used,
            image_url: entry.image_url.clone(),
        });
        if shard == Shard::HOUSE { &mut self.house } else { self.seller(shard) }.push(item);
        self.report("ticket_type", &entry.slug, id);
        Ok(())
    }

    fn event(&mut self, entry: &EventEntry, known: &mut Known) -> Result<(), String> {
        let shard = known.organiser(&entry.organiser);
        let shard = shard.ok_or_else(|| format!("no organiser \"{}\"", entry.organiser))?;
        let id = known.number_or_new(shard, NumberKind::Event, &entry.slug)?;
        let capacity =
            entry.capacity.map(|limit| self.quota(shard, entry.slug.clone(), Some(limit), known));
        let capacity = capacity.transpose()?;
        let venue = entry.venue.as_deref().map(|slug| venue_id(slug, known)).transpose()?;
        let mut seat_blocks = Vec::new();
        if entry.seats_numbered {
            let own = (shard, EventId(id), entry.slug.as_str());
            let (items, sections) = event_sections(own, venue, known)?;
            self.seller(shard).extend(items);
            seat_blocks = sections;
        }
        let mut prices = Vec::new();
        for row in &entry.price {
            let sections = price_sections(&row.sections, venue, &seat_blocks, known)?;
            let price = self.price(shard, entry, row, capacity, known)?;
            prices.push(EventPrice { sections, ..price });
        }
        prices.extend(withdrawn(known.prices(EventId(id)), &prices));
        let rules = EventRules {
            seat_blocks,
            // Cancelling is done once and for all, not by a file.
            cancelled: known.is_cancelled(EventId(id)),
            re_entry: entry.re_entry,
            gates_open_minutes: entry.gates_open_minutes,
            federation_cards: entry.federation_cards.clone(),
            default_values: entry.default_values.clone(),
            external_id_type: entry.external_id_type.clone(),
        };
        let event = Event { rules, ..event(entry, shard, EventId(id), prices, known)? };
        self.seller(shard).push(CatalogueItem::Event(Box::new(event)));
        self.report("event", &entry.slug, id);
        Ok(())
    }

    fn price(
        &mut self,
        shard: Shard,
        entry: &EventEntry,
        row: &PriceEntry,
        capacity: Option<QuotaId>,
        known: &mut Known,
    ) -> Result<EventPrice, String> {
        let slug = &row.ticket_type;
        let own = known.number(shard, NumberKind::TicketType, slug);
        let shared = known.number(Shard::HOUSE, NumberKind::TicketType, slug);
        let id = own.or(shared).ok_or_else(|| format!("no ticket_type \"{slug}\""))?;
        if known.currency(TicketTypeId(id)) != Some(currency(&entry.currency)?) {
            return Err(format!("ticket_type \"{slug}\" has another currency than the event"));
        }
        let quota = self.quota(shard, quota_name(entry, row), row.limit, known)?;
        Ok(EventPrice {
            ticket_type: TicketTypeId(id),
            price: row.price.as_deref().map(|text| price(text, &entry.currency)).transpose()?,
            quotas: [quota].into_iter().chain(capacity).collect(),
            sections: Vec::new(),
            withdrawn: false,
        })
    }

    fn card_type(&mut self, entry: &CardTypeEntry, known: &mut Known) -> Result<(), String> {
        let shard = known.organiser(&entry.organiser);
        let shard = shard.ok_or_else(|| format!("no organiser \"{}\"", entry.organiser))?;
        let name = stock_name(&entry.slug);
        let stock = entry.limit.map(|limit| self.quota(shard, name, Some(limit), known));
        let item = card_type(entry, stock.transpose()?, known)?;
        self.report("card_type", &entry.slug, item.id.0);
        self.seller(shard).push(CatalogueItem::CardType(item));
        Ok(())
    }

    fn pass_type(&mut self, entry: &PassTypeEntry, known: &mut Known) -> Result<(), String> {
        let item = pass_type(entry, known)?;
        self.report("pass_type", &entry.slug, item.id.0);
        self.seller(item.shard).push(CatalogueItem::PassType(item));
        Ok(())
    }

    fn quota(
        &mut self,
        shard: Shard,
        name: String,
        limit: Option<u32>,
        known: &mut Known,
    ) -> Result<QuotaId, String> {
        let id = QuotaId(known.number_or_new(shard, NumberKind::Quota, &name)?);
        self.seller(shard).push(CatalogueItem::Quota(QuotaLimit { id, name, limit }));
        Ok(id)
    }

    pub(super) fn seller(&mut self, shard: Shard) -> &mut Vec<CatalogueItem> {
        self.sellers.entry(shard).or_default()
    }

    pub(super) fn report(&mut self, kind: &'static str, slug: &str, id: u32) {
        self.imported.push(Imported { kind, slug: slug.to_owned(), id });
    }
}

fn organiser_rules(entry: &OrganiserEntry, known: &Known) -> Result<OrganiserRules, String> {
    let club = |slug: &String| {
        known.organiser(slug).ok_or_else(|| format!("no organiser \"{slug}\" to be connected with"))
    };
    Ok(OrganiserRules {
        connected: entry.connected.iter().map(club).collect::<Result<_, _>>()?,
        super_owner: entry.super_owner.as_ref().map(club).transpose()?,
        phone_gateway: entry.phone_gateway.clone(),
        fee_kept_on_refund: entry.fee_kept_on_refund,
        debt_refused: entry.debt_refused,
        transfer_reason_required: entry.transfer_reason_required,
        raw_cards_refused: entry.raw_cards_refused,
    })
}

/// The rows that a file does not name any more: what was sold of them still needs them.
fn withdrawn(before: &[EventPrice], now: &[EventPrice]) -> Vec<EventPrice> {
    let is_named = |row: &&EventPrice| now.iter().any(|it| it.ticket_type == row.ticket_type);
    let left = before.iter().filter(|row| !is_named(row)).cloned();
    left.map(|row| EventPrice { withdrawn: true, ..row }).collect()
}

fn event(
    entry: &EventEntry,
    organiser: Shard,
    id: EventId,
    prices: Vec<EventPrice>,
    known: &Known,
) -> Result<Event, String> {
    let zone = entry.time_zone.as_str();
    let visitor = entry.visitor.as_ref().map(|name| Visitor {
        id: None,
        name: name.clone(),
        external_id: entry.visitor_external_id.clone(),
    });
    let starts_at = moment(&entry.starts, zone)?;
    let ends_at = entry.ends.as_deref().map(|text| moment(text, zone)).transpose()?;
    if ends_at.is_some_and(|end| end <= starts_at) {
        return Err("it ends before it starts".into());
    }
    Ok(Event {
        organiser,
        id,
        slug: entry.slug.clone(),
        series: entry.series.as_deref().map(|slug| series_id(slug, known)).transpose()?,
        venue: entry.venue.as_deref().map(|slug| venue_id(slug, known)).transpose()?,
        name: entry.name.clone(),
        description: entry.description.clone(),
        detailed_description: entry.detailed_description.clone(),
        external_reference: entry.external_reference.clone(),
        external_reference_type: entry.external_reference_type.clone(),
        visitor,
        starts_at,
        ends_at,
        time_zone: entry.time_zone.clone(),
        active: entry.active,
        hidden: entry.access_code.is_some(),
        access_code: entry.access_code.clone(),
        postponed: entry.postponed,
        sale: sale_period(entry)?,
        owner_cards_not_allowed: entry.owner_cards_not_allowed,
        seats_numbered: entry.seats_numbered,
        currency: currency(&entry.currency)?,
        prices,
        image_url: entry.image_url.clone(),
        image_url2: entry.image_url2.clone(),
        rules: EventRules::default(),
    })
}

/// A sale with only one bound is open on the other side.
fn sale_period(entry: &EventEntry) -> Result<Option<Period>, String> {
    const FIRST: &str = "1970-01-02T00:00:00";
    const LAST: &str = "9999-12-30T00:00:00";
    if entry.sale_from.is_none() && entry.sale_to.is_none() {
        return Ok(None);
    }
    let from = entry.sale_from.as_deref().unwrap_or(FIRST);
    let to = entry.sale_to.as_deref().unwrap_or(LAST);
    period((Some(from), Some(to)), &entry.time_zone, "sale")
}

pub(super) fn period(
    bounds: (Option<&str>, Option<&str>),
    time_zone: &str,
    name: &str,
) -> Result<Option<Period>, String> {
    let (from, to) = match bounds {
        (None, None) => return Ok(None),
        (Some(from), Some(to)) => (moment(from, time_zone)?, moment(to, time_zone)?),
        _ => return Err(format!("write both {name}_from and {name}_to, or neither")),
    };
    if to <= from {
        return Err(format!("{name}_to lies before {name}_from"));
    }
    Ok(Some(Period { from, to }))
}

pub(super) fn currency(text: &str) -> Result<Currency, String> {
    Currency::parse(text).ok_or_else(|| format!("\"{text}\" is no currency; use a code like ISK"))
}

pub(super) fn price(text: &str, of: &str) -> Result<i64, String> {
    let amount = text
        .parse::<rust_decimal::Decimal>()
        .map_err(|_| format!("\"{text}\" is no price; write it as \"3500\" or \"12.50\""))?;
    money::price(amount, currency(of)?).map_err(|refusal| refusal.message)
}
