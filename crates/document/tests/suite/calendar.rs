//! Calendar entries, read back by the rules of RFC 5545.

use document::{Language, calendar};
use domain::time::Timestamp;

use crate::sample::{KICK_OFF, order};

/// Unfolds a file into its properties; every line must end and be short as the standard says.
fn properties(file: &str) -> Vec<(String, String)> {
    assert!(file.ends_with("\r\n"));
    assert!(file.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\r', '\n'])));
    let unfolded = file.replace("\r\n ", "");
    let lines = unfolded.split("\r\n").filter(|line| !line.is_empty());
    let split = |line: &str| {
        let (name, value) = line.split_once(':').unwrap();
        (name.to_owned(), plain(value))
    };
    lines.map(split).collect()
}

/// Takes the escapes out of a text.
fn plain(value: &str) -> String {
    let mut letters = value.chars();
    let mut out = String::new();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next().unwrap() {
                'n' => out.push('\n'),
                other => out.push(other),
            },
            ';' | ',' => panic!("not escaped: {value}"),
            letter => out.push(letter),
        }
    }
    out
}

fn value<'a>(properties: &'a [(String, String)], name: &str) -> &'a str {
    let found: Vec<_> = properties.iter().filter(|(known, _)| known == name).collect();
    assert_eq!(found.len(), 1, "{name} in {properties:?}");
    &found[0].1
}

/// Proves that a calendar reads back what the ticket says, and no code.
#[test]
fn entries_are_read_back() {
    let order = order(Language::Icelandic);
    let file = calendar(&order, "order-17@example.org", Timestamp(KICK_OFF.0 - 3_600_000_000));
    let properties = properties(&file);
    assert_eq!(value(&properties, "VERSION"), "2.0");
    assert_eq!(value(&properties, "UID"), "order-17@example.org");
    assert_eq!(value(&properties, "DTSTAMP"), "20270502T130000Z");
    assert_eq!(value(&properties, "DTSTART"), "20270502T140000Z");
    assert_eq!(value(&properties, "DTEND"), "20270502T160000Z");
    assert_eq!(value(&properties, "SUMMARY"), "Þór – Ægir, bikarúrslit");
    assert_eq!(value(&properties, "LOCATION"), "Laugardalsvöllur, Reykjavík");
    let description = "Íþróttafélagið Þór\nPöntun: 17\nSæti: hólf Á, röð 12, númer 1\n\
                       Sæti: hólf Á, röð 12, númer 2";
    assert_eq!(value(&properties, "DESCRIPTION"), description);
    assert!(!file.contains(&order.admissions[0].code[..20]));
}

/// Proves that no name adds a property of its own, and that lines fold between letters.
#[test]
fn names_stay_values() {
    let mut order = order(Language::English);
    order.occasion.name = format!("a\r\nATTENDEE:x;y,z\\{}", "þ".repeat(200));
    order.occasion.ends_at = None;
    order.occasion.venue = None;
    let properties = properties(&calendar(&order, "u", KICK_OFF));
    let name = format!("a \nATTENDEE:x;y,z\\{}", "þ".repeat(200));
    assert_eq!(value(&properties, "SUMMARY"), name);
    for absent in ["ATTENDEE", "DTEND", "LOCATION"] {
        assert!(properties.iter().all(|(name, _)| name != absent), "{absent}");
    }
}

/// Proves that a moment outside of every calendar is left out rather than a panic.
#[test]
fn odd_moments_do_no_harm() {
    let mut order = order(Language::English);
    order.occasion.starts_at = Timestamp(i64::MAX);
    order.occasion.time_zone = "Nowhere/At_All".to_owned();
    let properties = properties(&calendar(&order, "u", Timestamp(i64::MIN)));
    assert!(properties.iter().all(|(name, _)| name != "DTSTART" && name != "DTSTAMP"));
    assert!(document::pdf(&order).is_ok());
}
