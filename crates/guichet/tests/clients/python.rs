//! The Python package `servicestack`.

use std::fs;
use std::process::Command;
use std::time::Duration;

use crate::order::{BUYS, PRINTED};
use crate::published::write_sources;
use crate::stage::{PASSWORD, SELLER, STRANGER, Stage};
use crate::tool::{named_by, succeed};

const LIMIT: Duration = Duration::from_secs(60);

/// What `published.py` prints. The order that it pays for an agent is nobody's: the client must be
/// able to read why.
const PUBLISHED: &str = "\
signed in: anna, TeamAdmin, Agent
event: Hekla – Esja, 2037-05-02T19:15:00, 64.146582
bought: Bought, 12.35 EUR, 1 x Adult
batch: Bought, Bought
broken order: 400 ValidationFailed
  Order.EventId: Name the event to order for.
nobody: 401 Unauthorized
signed in: bert, MobileApp
somebody else: 403 Forbidden
nowhere: 404 404
event: Hekla – Esja, 2037-05-02T19:15:00, 64.146582
bought: Bought, 12.35 EUR, 1 x Adult
season cards: 2 x 99.95 EUR, 10 tickets each, of Anna
season card of no kind: 404 CardTypeNotFound
signed in: anna, TeamAdmin, Agent
payment: 404 OrderNotFound
";
/// The sales that are stored afterwards.
const PUBLISHED_BUYS: u32 = 5;

#[test]
fn the_published_types_work_as_they_are_printed() {
    // Proves that a program generated from the published pages cannot tell the servers apart.
    let (Some(python), Some(pages)) = (named_by("GUICHET_PYTHON"), named_by("GUICHET_SHARED"))
    else {
        return;
    };
    let stage = Stage::start();
    write_sources(&pages, &["000", "001", "003"], stage.folder.path());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients/python/published.py");
    let mut command = Command::new(python);
    command.arg(script).args([&stage.url(""), SELLER, STRANGER, PASSWORD]);
    command.args([&stage.event, &stage.ticket_type, &stage.card_type, "12.35", "EUR"]);
    command.env("PYTHONPATH", stage.folder.path());
    let printed = succeed(&mut command, stage.folder.path(), LIMIT);
    assert_eq!(printed, PUBLISHED);
    assert_eq!(stage.end_well(), PUBLISHED_BUYS);
}

#[test]
fn the_types_of_the_server_work_as_they_are_served() {
    // Proves that the stock client signs in, buys, reads decimals, dates and refusals, sends
    // batches and fetches new tokens.
    let Some(python) = named_by("GUICHET_PYTHON") else { return };
    let stage = Stage::start();
    fs::write(stage.folder.path().join("dtos.py"), stage.types("python")).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients/python/order.py");
    let mut command = Command::new(python);
    command.arg(script).args([&stage.url("/tickets"), SELLER, STRANGER, PASSWORD]);
    command.env("PYTHONPATH", stage.folder.path());
    let printed = succeed(&mut command, stage.folder.path(), LIMIT);
    assert_eq!(printed, PRINTED);
    assert_eq!(stage.end_well(), BUYS);
}
