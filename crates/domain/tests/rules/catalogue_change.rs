//! Changing the catalogue.

use domain::catalogue::{CATALOGUE_ITEMS_MAX, CatalogueItem, ChangeCatalogue, Event, Organiser};
use domain::facts::{Halt, Key};
use domain::ids::{EventId, NumberKind, Shard};
use domain::money::AMOUNT_MAX;
use domain::quota::Quota;
use domain::record::Kind;
use domain::refusal::Code;
use domain::seller::DrawNumbers;

use crate::common::{CHILD, Club, EVENT, GROUND, SHARD, code};

/// Tries one item; `None` when it is accepted.
#[track_caller]
fn check(item: impl FnOnce(&Club) -> CatalogueItem, expected: Option<Code>) {
    let mut club = Club::new();
    let (item, before) = (item(&club), club.till.records.clone());
    match (club.change(vec![item]), expected) {
        (Ok(_), None) => {}
        (refused, Some(expected)) => {
            assert_eq!(code(refused), expected);
            assert_eq!(club.till.records, before);
        }
        (refused, None) => panic!("{refused:?}"),
    }
}

fn event(change: impl FnOnce(&mut Event)) -> impl FnOnce(&Club) -> CatalogueItem {
    |club| {
        let mut event = club.event.clone();
        change(&mut event);
        CatalogueItem::Event(Box::new(event))
    }
}

fn organiser(change: impl FnOnce(&mut Organiser)) -> impl FnOnce(&Club) -> CatalogueItem {
    |club| {
        let mut organiser = club.organiser.clone();
        change(&mut organiser);
        CatalogueItem::Organiser(organiser)
    }
}

/// A change counts the revision up, and one made on an older revision is stale.
#[test]
fn revisions_count() {
    let mut club = Club::new();
    let seen = club.revision();
    let change =
        ChangeCatalogue { seller: SHARD, revision_seen: seen, items: vec![], notes: Vec::new() };
    assert_eq!(club.till.run(&change), Ok(seen + 1));
    assert_eq!(club.till.run(&change), Err(Halt::Stale));
    assert_eq!(club.revision(), seen + 1);
}

/// Prices and fees stay in their range, so no order can cost less than nothing.
#[test]
fn amounts_have_a_range() {
    let invalid = Some(Code::ValidationFailed);
    check(event(|event| event.prices[0].price = Some(AMOUNT_MAX)), None);
    check(event(|event| event.prices[0].price = Some(AMOUNT_MAX + 1)), invalid);
    check(event(|event| event.prices[2].price = Some(-1)), invalid);
    check(organiser(|organiser| organiser.fee_basis_points = 10_000), None);
    check(organiser(|organiser| organiser.fee_basis_points = 10_001), invalid);
    let priced = |price| {
        move |club: &Club| {
            let mut ticket_type = club.types[0].clone();
            ticket_type.price = price;
            CatalogueItem::TicketType(ticket_type)
        }
    };
    check(priced(0), None);
    check(priced(-1), invalid);
}

/// A change writes to its seller and the house only: nobody else's rows are locked.
#[test]
fn other_sellers_are_out_of_reach() {
    let invalid = Some(Code::ValidationFailed);
    check(event(|event| event.organiser = Shard(8)), invalid);
    check(organiser(|organiser| organiser.shard = Shard(8)), invalid);
    check(|club| CatalogueItem::Series(club.series.clone()), None);
}

/// A change has a size.
#[test]
fn changes_have_a_size() {
    let mut club = Club::new();
    let events = (100..).map(|number| Event { id: EventId(number), ..club.event.clone() });
    let items = events.map(|event| CatalogueItem::Event(Box::new(event)));
    let more: Vec<_> = items.take(CATALOGUE_ITEMS_MAX + 1).collect();
    let most = more[1..].to_vec();
    assert_eq!(code(club.change(more)), Code::ValidationFailed);
    assert!(club.change(most).is_ok());
}

/// A changed limit keeps what is taken; a changed event replaces the earlier one.
#[test]
fn limits_keep_what_is_taken() {
    let mut club = Club::new();
    club.place(&club.order(&[(CHILD, 4)])).unwrap();
    club.limit(GROUND, Some(4)).unwrap();
    let quota = club.till.find::<Quota>(Key::number(SHARD, Kind::Quota, GROUND.0)).unwrap();
    assert_eq!((quota.limit, quota.sold, quota.free()), (Some(4), 4, Some(0)));
    club.event.name = "moved".into();
    club.publish();
    let event = club.till.find::<Event>(Key::number(SHARD, Kind::Event, EVENT.0)).unwrap();
    assert_eq!(event.name, "moved");
}

/// Drawn numbers begin at 1, go up, and never come twice, block after block.
#[test]
fn numbers_are_drawn_once() {
    let mut club = Club::new();
    let draw = DrawNumbers { shard: SHARD, kinds: vec![NumberKind::Event; 700] };
    let mut drawn: Vec<u32> = (0..4).flat_map(|_| club.till.run(&draw).unwrap()).collect();
    assert_eq!((drawn[0], drawn.len()), (1, 2_800));
    assert!(drawn.is_sorted());
    drawn.dedup();
    assert_eq!(drawn.len(), 2_800);
}
