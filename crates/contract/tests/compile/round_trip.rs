//! A request through a program that was built from generated sources.

use std::io::Write;
use std::process::{Command, Stdio};

use wire::{Bytes, DateTime, Decimal, Guid, Map, NameStyle, Settings, TimeSpan, Zone};

use crate::model::{Color, Entity, Level, Node, Rights, SaveEverything, Size, Stage};

/// Proves that a program, which reads a request and writes it again, loses nothing of it.
pub(crate) fn check(program: &mut Command) {
    let mut child = program
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&json()).unwrap();
    let output = child.wait_with_output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
    compare(&output.stdout);
}

/// The request as a document.
pub(crate) fn json() -> Vec<u8> {
    let mut json = Vec::new();
    wire::json::write(&request(), &Settings::named(NameStyle::Camel), &mut json);
    json
}

/// Proves that a document is the request.
pub(crate) fn compare(json: &[u8]) {
    let mut read = SaveEverything::default();
    wire::json::read(json, &mut read, &Settings::named(NameStyle::Camel)).unwrap();
    assert_eq!(read, request(), "{}", String::from_utf8_lossy(json));
}

/// A date that clients write as they read it: whole seconds and an offset.
fn date() -> DateTime {
    DateTime::from_ticks(637_135_502_450_000_000, Zone::Offset(0)).unwrap()
}

/// A request with something in every member.
fn request() -> SaveEverything {
    let text = |text: &str| Some(text.to_owned());
    let node = |name: &str, children| Node {
        entity: Entity { id: 1 << 50, created: Some(date()) },
        name: text(name),
        children,
    };
    SaveEverything {
        flag: true,
        number: -7,
        large: i64::MAX,
        ratio: 0.1,
        price: Decimal::new(123_456_789_012_345, 2),
        starts: date(),
        lasts: TimeSpan::default(),
        order_id: Guid::default(),
        title: text("Þórr \"2\" \\"),
        secret: None,
        picture: Some(Bytes(vec![0, 255, 7])),
        maybe_flag: Some(false),
        maybe_number: Some(0),
        maybe_price: Some(Decimal::new(995, 1)),
        maybe_starts: Some(date()),
        color: Color::Green,
        maybe_color: Some(Color::Red),
        stage: Stage::Closed,
        size: Size::Small,
        rights: Rights::Other(3),
        level: Level::High,
        root: Some(node("root", Some(vec![node("leaf", None)]))),
        numbers: Some(vec![1, 2]),
        texts: Some(vec![text("a"), text("b")]),
        nodes: Some(vec![node("n", None)]),
        read_only: Some(vec![node("r", None)]),
        lists: Some(vec![Some(vec![text("c")])]),
        meta: Some(Map::from_iter([("k".to_owned(), text("v"))])),
        by_number: Some(Map::from_iter([(5, node("five", None))])),
    }
}
