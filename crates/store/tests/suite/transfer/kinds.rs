//! Every kind of aggregate moves, on every engine.

use domain::agency::{Agency, Customer, CustomerCode, CustomerOrder};
use domain::allowance::Allowance;
use domain::books::OwnerBook;
use domain::card::CardType;
use domain::club::contract::Contract;
use domain::club::{Chain, ClubStore, Member, Package, PromoCode, Staff};
use domain::enrolment::{Enrolment, OrderReference};
use domain::facts::{Facts, Halt};
use domain::gate::Gate;
use domain::ids::Shard;
use domain::job::Job;
use domain::pass::PassType;
use domain::payout::Payout;
use domain::phone::Phone;
use domain::profile::{PaymentProfile, Wallet};
use domain::record::{Aggregate, Kind};
use domain::seating::{Reservation, SeatBlock, SeatMap};
use domain::settlement::{SettlementDifference, SettlementFile};
use domain::task::Task;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use store::engine::Engine;
use store::memory::MemoryEngine;
use store::snapshot::Reader;
use store::testing::dump;

use super::{Empty, exported, imported, in_a_file, in_memory, in_postgres};
use crate::common::{Bed, Rule, rule};
use crate::window::open_window_of;

fn put<A: Aggregate + DeserializeOwned>(facts: &mut Facts<'_>, body: Value) -> Result<(), Halt> {
    facts.put(serde_json::from_value::<A>(body).unwrap());
    Ok(())
}

fn of_the_house(facts: &mut Facts<'_>) -> Result<(), Halt> {
    put::<SeatMap>(facts, json!({ "venue": 1 }))?;
    put::<Phone>(facts, json!({ "hash": 5, "id": 1, "number": "+3545550123" }))?;
    put::<Allowance>(facts, json!({ "hash": 6, "tries": [5] }))?;
    settlements(facts)
}

fn clubs(facts: &mut Facts<'_>) -> Result<(), Halt> {
    put::<Chain>(facts, json!({ "shard": 7, "active": true }))?;
    put::<ClubStore>(
        facts,
        json!({ "shard": 7, "id": 1, "slug": "north", "name": "North", "active": true,
                "time_zone": "Atlantic/Reykjavik", "currency": "EUR", "jurisdiction": "IS" }),
    )?;
    put::<Member>(
        facts,
        json!({ "shard": 7, "id": 1, "store": 1, "name": "Anna Gestsdóttir", "active": true,
                "phone": "+3545550123", "created_at": 1, "changed_at": 1 }),
    )?;
    put::<Staff>(facts, json!({ "shard": 7, "id": 1, "name": "Jón Gestsson", "active": true }))?;
    let plan = json!({ "id": 1, "slug": "monthly", "name": "Monthly", "payments": 12,
                       "interval": { "months": 1 }, "pay_today": true });
    put::<Package>(
        facts,
        json!({ "shard": 7, "id": 1, "slug": "gold", "name": "Gold", "active": true, "price": 5,
                "currency": "EUR", "tax_basis_points": 2400, "plans": [plan] }),
    )?;
    put::<PromoCode>(
        facts,
        json!({ "shard": 7, "hash": 9, "code": "SUMMER", "active": true,
                "benefit": { "percent": 1000 }, "lines": ["package"] }),
    )?;
    let terms = json!({ "package": 1, "package_name": "Gold", "plan": 1, "plan_name": "Monthly",
                        "currency": "EUR", "jurisdiction": "IS", "is_evergreen": false });
    put::<Contract>(
        facts,
        json!({ "shard": 7, "id": 1, "sale": 1, "member": 1, "store": 1, "state": "not_sold",
                "start": "2027-01-31", "sold_on": "2027-01-31", "terms": terms,
                "instalments": [], "changed_at": 1 }),
    )
}

fn wallets(facts: &mut Facts<'_>) -> Result<(), Halt> {
    put::<PaymentProfile>(
        facts,
        json!({ "shard": 7, "id": 1, "secret": "AAAAAAAAAAAAAAAAAAAAAA", "owner": { "member": 1 },
                "gateway": "sandbox", "token": "pm_sandbox_1", "account": "visa",
                "last_four": "4242", "last_month": { "year": 2036, "month": 12 },
                "fingerprint": 5, "temporary": false, "state": "usable", "added_at": 1,
                "imported_by": 6, "drop_at": 9 }),
    )?;
    put::<Wallet>(facts, json!({ "shard": 7, "member": 1, "profiles": [1], "preferred": 1 }))
}

fn settlements(facts: &mut Facts<'_>) -> Result<(), Halt> {
    put::<SettlementFile>(
        facts,
        json!({ "hash": 7, "gateway": "sandbox", "format": "plain", "name": "", "at": 1,
                "by": "Anna", "settled": 0, "repeated": 0, "differences": 1, "others": 0,
                "sums": [] }),
    )?;
    put::<Task>(
        facts,
        json!({ "shard": 0, "id": 1, "kind": "settlement_difference", "text": "",
                "created_at": 1 }),
    )?;
    put::<SettlementDifference>(
        facts,
        json!({ "hash": 8, "gateway": "sandbox", "kind": "unknown_payment", "task": 1, "at": 1 }),
    )
}

fn agencies(facts: &mut Facts<'_>) -> Result<(), Halt> {
    put::<Agency>(
        facts,
        json!({ "shard": 7, "number": "A-1", "currency": "ISK", "tax_jurisdiction": "IS" }),
    )?;
    put::<Customer>(
        facts,
        json!({ "shard": 7, "id": 1, "uid": "0000000700000001fedcba9876543210", "code": "K-1",
                "first_name": "Anna", "created_at": 1, "changed_at": 1 }),
    )?;
    put::<CustomerCode>(facts, json!({ "shard": 7, "hash": 10, "customer": 1 }))?;
    let line = json!({ "number": 1, "description": "Bus", "quantity": 2, "unit_price": 5 });
    put::<CustomerOrder>(
        facts,
        json!({ "shard": 7, "id": 1, "uid": "0000000700000001ffffffffffffffff", "customer": 1,
                "state": "open", "currency": "ISK", "lines": [line], "next_line": 2,
                "placed_at": 1, "changed_at": 1 }),
    )
}

fn of_the_seller(facts: &mut Facts<'_>) -> Result<(), Halt> {
    agencies(facts)?;
    clubs(facts)?;
    wallets(facts)?;
    let valid = json!({ "from": 1, "to": 2 });
    put::<SeatBlock>(
        facts,
        json!({ "shard": 7, "id": 1, "event": 1, "section": 1, "rows": [], "free": 0,
                "seats": "" }),
    )?;
    put::<Reservation>(
        facts,
        json!({ "shard": 7, "id": 1, "secret": "AAAAAAAAAAAAAAAAAAAAAA", "event": 1, "seats": [],
                "made_at": 1, "until": 2 }),
    )?;
    put::<Enrolment>(
        facts,
        json!({ "shard": 7, "id": 1, "order_id": "AAAAAAAAAAAA", "gateway": "sandbox",
                "money": { "amount": 5, "currency": "ISK" }, "owner": {}, "state": "started",
                "started_at": 1, "card_hash": 7 }),
    )?;
    put::<OrderReference>(facts, json!({ "shard": 7, "hash": 8, "used_at": 1 }))?;
    put::<CardType>(
        facts,
        json!({ "shard": 7, "id": 1, "slug": "gold", "name": "Gold", "active": true,
                "valid": valid, "price": 5, "currency": "ISK", "tickets_max": null }),
    )?;
    put::<PassType>(
        facts,
        json!({ "shard": 7, "id": 1, "slug": "all", "name": "All", "series": 1, "ticket_type": 1,
                "of_series": false, "price": 5, "currency": "ISK", "active": true,
                "team_only": false, "created_at": 1, "changed_at": 1 }),
    )?;
    put::<OwnerBook>(facts, json!({ "shard": 7 }))?;
    put::<Payout>(
        facts,
        json!({ "shard": 7, "id": 1, "event": 2, "payable": 0, "netted": 0, "paid": 0,
                "currency": "ISK", "at": 1, "by": "Anna", "reference": null }),
    )?;
    put::<Gate>(facts, json!({ "shard": 7, "event": 1, "entries": { "north": 0 } }))?;
    put::<Job>(
        facts,
        json!({ "shard": 7, "id": 1, "event": 1, "state": "running", "after": 0, "next_at": 5,
                "by": "Anna", "reason": "rain", "started_at": 1, "changed_at": 1 }),
    )
}

/// A shop with at least one of every kind that nobody derives.
fn one_of_each() -> Bed<MemoryEngine> {
    let mut bed = Bed::memory();
    super::busy_shop(&mut bed);
    bed.run(open_window_of()).unwrap();
    bed.run(rule(of_the_seller)).unwrap();
    bed.run(Rule { shard: Shard::HOUSE, decide: of_the_house }).unwrap();
    bed
}

/// One of every kind arrives on every engine, and can be told from none.
#[test]
fn every_kind_arrives() {
    let bed = one_of_each();
    assert_eq!(bed.findings(), Vec::<String>::new());
    let there = dump(&*bed.reader).unwrap().records;
    let catalogue = [Kind::Series, Kind::Venue, Kind::Principal];
    for kind in Kind::ALL.iter().filter(|kind| !catalogue.contains(kind)) {
        assert!(there.iter().any(|record| record.key().kind == *kind), "{kind:?}");
    }
    arrives(&*bed.reader, in_memory());
    arrives(&*bed.reader, in_a_file());
    in_postgres().into_iter().for_each(|target| arrives(&*bed.reader, target));
}

fn arrives<E: Engine>(source: &dyn Reader, mut target: Empty<E>) {
    let (stream, _) = exported(source);
    imported(&mut target, &stream).unwrap();
    let (old, new) = (dump(source).unwrap(), dump(&*target.backend.reader).unwrap());
    assert_eq!(old, new);
    assert_eq!(exported(&*target.backend.reader).0, stream);
}
