//! No input makes a reader panic, recurse without bound or take quadratic time; and what is written
//! is read back.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall stop")]

mod dto_support;

use dto_support::{Color, Sub, T2};
use proptest::prelude::*;
use service::dto::wire::{
    DateHandler, DurationHandler, Fault, NameStyle, Problems, Settings, limits, query,
};
use service::dto::{read_json, read_jsv, read_parameters, write_json, write_jsv, write_query};
use service::types::{Bytes, DateTime, Decimal, Guid, Map, TimeSpan, Zone};

const STYLES: [NameStyle; 3] = [NameStyle::Pascal, NameStyle::Camel, NameStyle::Snake];

/// Reads bytes in every format, style and strictness; only panics matter.
fn read_all_ways(bytes: &[u8]) {
    for names in STYLES {
        for strict in [false, true] {
            let settings = Settings { names, strict, ..Settings::default() };
            let _ = read_json(bytes, &mut T2::default(), &settings);
            let _ = read_jsv(bytes, &mut T2::default(), &settings);
            if let Ok(pairs) = query::pairs(bytes) {
                let pairs = pairs.iter().map(|(name, value)| (name.as_ref(), value.as_ref()));
                let _ = read_parameters(pairs, &mut T2::default(), &settings);
            }
            if let Ok(text) = std::str::from_utf8(bytes) {
                let every = "ABCDEFGHIJKLMNOP".split("").map(|name| (name, text));
                let _ = read_parameters(every, &mut T2::default(), &settings);
            }
        }
    }
    let _ = service::dto::wire::json::split_list(bytes);
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{0,12}",
        "[\\[\\]{},:\"\\\\/]{0,8}",
        any::<String>(),
        Just("null".to_owned()),
        Just("\u{feff}\u{2028}é😀".to_owned()),
    ]
}

fn any_date() -> impl Strategy<Value = DateTime> {
    let ticks = prop_oneof![
        Just(0),
        0..3_155_378_975_999_999_999_i64,
        (0..3_652_059_i64).prop_map(|days| days * 864_000_000_000),
        (0..315_537_897_599_i64).prop_map(|seconds| seconds * 10_000_000),
    ];
    let zone = prop_oneof![
        Just(Zone::Unspecified),
        Just(Zone::Utc),
        (-840..=840_i16).prop_map(Zone::Offset)
    ];
    (ticks, zone).prop_map(|(ticks, zone)| DateTime::from_ticks(ticks, zone).unwrap())
}

fn any_decimal() -> impl Strategy<Value = Decimal> {
    let limit = 9_999_999_999_999_999_999_999_999_999_i128;
    (-limit..=limit, 0..=28_u32)
        .prop_map(|(digits, scale)| Decimal::try_from_i128_with_scale(digits, scale).unwrap())
}

fn any_sub() -> impl Strategy<Value = Sub> {
    (proptest::option::of(any_text()), any::<i32>()).prop_map(|(name, age)| Sub { name, age })
}

prop_compose! {
    fn first_half()(
        a in proptest::option::of(any_text()),
        b in any::<i32>(),
        c in proptest::option::of(proptest::collection::vec(any_text().prop_map(Some), 0..4)),
        d in proptest::option::of(
            proptest::collection::vec((any_text(), any_text().prop_map(Some)), 0..4)),
        e in proptest::option::of(any_sub()),
        f in any::<bool>(),
        g in proptest::option::of(any_date()),
        h in prop_oneof![Just(Color::Red), Just(Color::Green), Just(Color::Blue)],
    ) -> T2 {
        let d = d.map(Map::from_iter);
        T2 { a, b, c, d, e, f, g, h, ..T2::default() }
    }
}

prop_compose! {
    fn any_t2()(
        half in first_half(),
        i in any::<[u8; 16]>().prop_map(Guid),
        j in any::<i64>().prop_map(TimeSpan::from_ticks),
        k in proptest::option::of(any_decimal()),
        l in proptest::option::of(proptest::collection::vec(any_sub(), 0..4)),
        m in proptest::option::of(proptest::collection::vec(any::<u8>(), 1..9).prop_map(Bytes)),
        n in proptest::option::of(proptest::collection::vec(any::<i32>(), 0..4)),
        o in proptest::option::of(any::<bool>()),
        p in proptest::option::of(any::<i32>()),
    ) -> T2 {
        T2 { i, j, k, l, m, n, o, p, ..half }
    }
}

fn json_of(value: &T2, settings: &Settings) -> Vec<u8> {
    let mut out = Vec::new();
    write_json(value, settings, &mut out);
    out
}

fn jsv_of(value: &T2, settings: &Settings) -> Vec<u8> {
    let mut out = Vec::new();
    write_jsv(value, settings, &mut out);
    out
}

fn strict(names: NameStyle) -> Settings {
    Settings::named(names).strictly()
}

/// JSV and query strings write a time without zone as the server's, which is UTC; and a midnight as
/// its day, whatever its zone (`servicestack.md` §2.2). So all else is compared as points in time.
fn with_dates_in_utc(value: &T2) -> T2 {
    const TICKS_PER_DAY: i64 = 864_000_000_000;
    let in_utc = |date: DateTime| match date.ticks() % TICKS_PER_DAY {
        0 => DateTime::from_ticks(date.ticks(), Zone::Utc).unwrap(),
        _ => date.to_utc(),
    };
    T2 { g: value.g.map(in_utc), ..value.clone() }
}

/// Whether two values differ at most in the zones of their dates.
fn same_points(left: &T2, right: &T2) -> bool {
    with_dates_in_utc(left) == with_dates_in_utc(right)
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(200)
    })]

    /// Arbitrary bytes are refused or read, never fatal.
    #[test]
    fn random_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        read_all_ways(&bytes);
    }

    /// Nor is text made of the formats' own marks.
    #[test]
    fn random_marks(text in "[{}\\[\\],:\"\\\\nuAB1.%&=+ \n-]{0,60}") {
        read_all_ways(text.as_bytes());
        read_all_ways(format!("{{{text}").as_bytes());
        read_all_ways(format!("{{\"L\":[{{\"Name\":{text}").as_bytes());
        read_all_ways(format!("{{C:[{text}").as_bytes());
    }

    /// Nor a valid document with some bytes changed.
    #[test]
    fn mutated_documents(
        value in any_t2(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        for mut document in [json_of(&value, &strict(NameStyle::Camel)),
            jsv_of(&value, &strict(NameStyle::Camel))] {
            for (index, byte) in &changes {
                let index = index.index(document.len());
                document[index] = *byte;
            }
            read_all_ways(&document);
        }
    }

    /// What JSON writes it reads back the same, in every name style, and serde_json reads it too.
    #[test]
    fn json_round_trip(value in any_t2()) {
        for names in STYLES {
            let settings = strict(names);
            let document = json_of(&value, &settings);
            let mut found = T2::default();
            prop_assert_eq!(read_json(&document, &mut found, &settings), Ok(()));
            prop_assert_eq!(&found, &value);
            let judged: serde_json::Value = serde_json::from_slice(&document).unwrap();
            let name = settings.names as usize;
            let a = ["A", "a", "a"][name];
            prop_assert_eq!(judged[a].as_str(), value.a.as_deref());
        }
    }

    /// A document that serde_json wrote, escapes and blanks as it likes, is read the same.
    #[test]
    fn json_of_others(value in any_t2()) {
        let settings = strict(NameStyle::Pascal);
        // serde_json would write a decimal as a float, with an exponent that is none on this wire.
        let value = T2 { k: None, ..value };
        let judged: serde_json::Value =
            serde_json::from_slice(&json_of(&value, &settings)).unwrap();
        let others = serde_json::to_vec_pretty(&judged).unwrap();
        let mut found = T2::default();
        prop_assert_eq!(read_json(&others, &mut found, &settings), Ok(()));
        prop_assert_eq!(found.a, value.a);
        prop_assert_eq!(found.l, value.l);
        prop_assert_eq!(found.d, value.d);
    }

    /// What JSV writes it reads back.
    #[test]
    fn jsv_round_trip(value in any_t2()) {
        for names in STYLES {
            let settings = strict(names);
            let document = jsv_of(&value, &settings);
            let mut found = T2::default();
            prop_assert_eq!(read_jsv(&document, &mut found, &settings), Ok(()));
            prop_assert!(same_points(&found, &value), "{:?} {:?}", found, value);
        }
    }

    /// What a query string writes it reads back, but for an empty text, which leaves no trace.
    #[test]
    fn query_round_trip(value in any_t2()) {
        let settings = strict(NameStyle::Camel);
        let value = T2 {
            a: value.a.filter(|text| !text.is_empty()),
            c: value.c.filter(|list| !list.is_empty()),
            l: value.l.filter(|list| !list.is_empty()),
            n: value.n.filter(|list| !list.is_empty()),
            ..value
        };
        let mut out = Vec::new();
        write_query(&value, &settings, &mut out);
        let pairs = query::pairs(&out).unwrap();
        let mut found = T2::default();
        let pairs = pairs.iter().map(|(name, value)| (name.as_ref(), value.as_ref()));
        prop_assert_eq!(read_parameters(pairs, &mut found, &settings), Ok(()));
        prop_assert!(same_points(&found, &value), "{:?} {:?}", found, value);
    }

    /// Every date handler keeps the point in time as exactly as its form can say.
    #[test]
    fn dates_round_trip(date in any_date()) {
        for (dates, ticks) in [
            (DateHandler::TimestampOffset, 10_000),
            (DateHandler::Iso8601, 1),
            (DateHandler::Rfc1123, 10_000_000),
            (DateHandler::UnixTime, 10_000_000),
            (DateHandler::UnixTimeMs, 10_000),
        ] {
            // Points outside the years 1 to 9999 of UTC exist only with an offset.
            let date = date.to_utc();
            let settings = Settings { dates, ..strict(NameStyle::Pascal) };
            let document = json_of(&T2 { g: Some(date), ..T2::default() }, &settings);
            let mut found = T2::default();
            prop_assert_eq!(read_json(&document, &mut found, &settings), Ok(()));
            let expected = date.ticks() - date.ticks() % ticks;
            prop_assert_eq!(found.g.map(|found| found.to_utc().ticks()), Some(expected));
        }
    }

    /// Both duration forms keep every tick.
    #[test]
    fn durations_round_trip(ticks in any::<i64>()) {
        for durations in [DurationHandler::DurationFormat, DurationHandler::StandardFormat] {
            let settings = Settings { durations, ..strict(NameStyle::Pascal) };
            let value = T2 { j: TimeSpan::from_ticks(ticks), ..T2::default() };
            let mut found = T2::default();
            prop_assert_eq!(read_jsv(&jsv_of(&value, &settings), &mut found, &settings), Ok(()));
            prop_assert_eq!(found.j.ticks(), ticks);
        }
    }
}

fn json_fault(text: &str) -> Fault {
    match read_json(text.as_bytes(), &mut T2::default(), &Settings::default()) {
        Err(Problems::Unreadable(fault)) => fault,
        other => panic!("{other:?} for {}", &text[..text.len().min(80)]),
    }
}

/// Depth, length and number are bounded, in members that are known and in those that are not.
#[test]
fn limits_hold() {
    let deep = 200_000;
    for member in ["A", "C", "E", "D", "unknown"] {
        let nested = format!("{{\"{member}\":{}", "[".repeat(deep));
        assert!(matches!(json_fault(&nested), Fault::TooDeep { .. } | Fault::TooManyItems));
        let nested = format!("{{\"{member}\":{}", "{\"E\":".repeat(deep));
        assert!(matches!(json_fault(&nested), Fault::TooDeep { .. }));
        read_all_ways(format!("{{{member}:{}", "[".repeat(deep)).as_bytes());
        read_all_ways(format!("{{{member}:{}", "{E:".repeat(deep)).as_bytes());
    }
    assert!(matches!(json_fault(&" ".repeat(limits::BODY_LENGTH_MAX + 1)), Fault::TooLong { .. }));
    let items = "0,".repeat(limits::LIST_LENGTH_MAX + 1);
    assert_eq!(json_fault(&format!("{{\"N\":[{items}0]}}")), Fault::TooManyItems);
    let members = "\"A\":\"\",".repeat(limits::MEMBERS_MAX + 1);
    assert_eq!(json_fault(&format!("{{{members}\"A\":1}}")), Fault::TooManyMembers);
    let entries = "\"k\":1,".repeat(limits::MEMBERS_MAX + 1);
    assert_eq!(json_fault(&format!("{{\"D\":{{{entries}\"k\":1}}}}")), Fault::TooManyMembers);
    let lists = "\"N\":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0],".repeat(900);
    assert_eq!(json_fault(&format!("{{{lists}\"A\":1}}")), Fault::TooManyItems);
}

/// The largest documents of every bad shape end soon: a quadratic reader would take minutes over
/// any one of them.
#[test]
fn huge_documents_are_quick() {
    let size = limits::BODY_LENGTH_MAX - 64;
    let settings = Settings::default();
    for part in ["\\\"", "\\u0041", "\"\"", "{A:", "[[],", "a,", "A:\"", "\\ud800", ","] {
        let fill = part.repeat(size / part.len());
        for start in ["", "{\"A\":\"", "{A:\"", "{A:", "{C:[", "{\"C\":\"", "{\"C\":["] {
            let document = format!("{start}{fill}");
            let _ = read_json(document.as_bytes(), &mut T2::default(), &settings);
            let _ = read_jsv(document.as_bytes(), &mut T2::default(), &settings);
            let _ = read_parameters([("C", document.as_str())], &mut T2::default(), &settings);
        }
    }
}

/// Bytes that are no text are refused; a byte-order mark is not.
#[test]
fn encodings() {
    let read = |bytes: &[u8]| read_json(bytes, &mut T2::default(), &Settings::default());
    assert_eq!(
        read(b"{\"A\":\"\xff\"}"),
        Err(Problems::Unreadable(Fault::NotUtf8 { position: 6 }))
    );
    assert_eq!(read(b"\xef\xbb\xbf{\"A\":\"x\"}"), Ok(()));
    assert_eq!(
        read(b"\xef\xbb\xbf"),
        Err(Problems::Unreadable(Fault::Syntax { position: 0, expected: "a value" }))
    );
}
