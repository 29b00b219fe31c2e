//! What the derive makes of declarations, and how such types are read and written.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall stop")]

use service::Dto;
use service::dto::wire::{
    NameStyle, Problems, Record, Settings, TypeKind, Value, ValueType, limits,
};
use service::dto::{
    AnyDto, Described, read_json, read_jsv, read_parameters, write_json, write_jsv, write_query,
};
use service::types::{Bytes, DateTime, Decimal, Guid, Map, SecretText, TimeSpan};

/// A base class.
#[derive(Debug, Default, PartialEq, Dto)]
struct Line {
    id: i32,
    price: Decimal,
}

/// A derived class with everything an attribute can say.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel", no_constructor, data_contract)]
#[dto(implements = "ILine, IPriced", description = "A line", attribute = "Api(\"x\")")]
struct LineInfo {
    #[dto(base)]
    line: Line,
    #[dto(name = "description")]
    text: Option<String>,
    #[dto(interface)]
    lines: Option<Vec<Line>>,
    #[dto(required, parameter = "query", description = "Key")]
    api_key: Option<SecretText>,
    #[dto(data_member = "x-y")]
    explicit: Option<i32>,
}

/// Members sorted by `[DataMember(Order)]`.
#[derive(Debug, Default, PartialEq, Dto)]
struct Ordered {
    #[dto(order = 2)]
    second: i32,
    plain: i32,
    #[dto(order = 1)]
    first: i32,
}

/// An enum written as a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Dto)]
#[dto(as_integer)]
enum Level {
    #[default]
    Low,
    #[dto(value = 5)]
    High,
}

/// An enum that can hold numbers without a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Dto)]
enum Status {
    #[default]
    #[dto(name = "StsUnknown", value = 0)]
    Unknown,
    #[dto(name = "StsPaid", value = 3)]
    Paid,
    #[dto(other)]
    Other(i32),
}

/// Members whose values can be wrong.
#[derive(Debug, Default, PartialEq, Dto)]
struct Sale {
    count: i32,
    amount: Option<Decimal>,
    sold: Option<DateTime>,
    reference: Option<Guid>,
    length: Option<TimeSpan>,
    is_paid: bool,
    status: Status,
    level: Level,
    items: Option<Vec<Line>>,
    prices: Option<Map<String, Decimal>>,
    pan: Option<SecretText>,
    picture: Option<Bytes>,
    note: Option<String>,
}

fn json_of<V: Value>(value: &V, settings: &Settings) -> String {
    let mut out = Vec::new();
    write_json(value, settings, &mut out);
    String::from_utf8(out).unwrap()
}

fn strict() -> Settings {
    Settings::default().strictly()
}

/// The tables say what was declared.
#[test]
fn tables() {
    let meta = <LineInfo as Described>::META;
    assert_eq!((meta.name, meta.namespace), ("LineInfo", "Tickets.ServiceModel"));
    assert_eq!(meta.interfaces, ["ILine", "IPriced"]);
    assert_eq!((meta.has_constructor, meta.data_contract), (false, true));
    assert_eq!((meta.description, meta.attribute), (Some("A line"), Some("Api(\"x\")")));
    let names: Vec<_> = meta.all_members().map(|member| member.name.declared).collect();
    assert_eq!(names, ["description", "Lines", "ApiKey", "Explicit", "Id", "Price"]);
    let key = meta.member(2).unwrap();
    assert_eq!((key.required, key.parameter), (true, Some("query")));
    assert!(matches!(key.value, ValueType::Secret));
    assert_eq!(meta.member(1).unwrap().interface, Some("IReadOnlyList"));
    assert_eq!(meta.member(1).unwrap().value.csharp_name(), "List<Line>");
    assert_eq!(meta.member(3).unwrap().value.csharp_name(), "int?");
    assert_eq!(<Level as Described>::META.kind, TypeKind::IntegerEnum);
}

/// Derived members come before those of the base, and explicit names are the same in every style.
#[test]
fn inheritance() {
    let info = LineInfo {
        line: Line { id: 7, price: Decimal::new(150, 2) },
        explicit: Some(1),
        ..LineInfo::default()
    };
    let document = json_of(&info, &Settings::named(NameStyle::Camel));
    assert_eq!(document, r#"{"x-y":1,"id":7,"price":1.50}"#);
    let mut found = LineInfo::default();
    assert_eq!(read_json(document.as_bytes(), &mut found, &strict()), Ok(()));
    assert_eq!(found, info);
}

/// `Order` sorts members; those without one come first.
#[test]
fn explicit_order() {
    let document = json_of(&Ordered { second: 2, plain: 0, first: 1 }, &Settings::default());
    assert_eq!(document, r#"{"Plain":0,"First":1,"Second":2}"#);
}

fn check_problems(document: &str, expected: &[(&str, &str)]) {
    let mut sale = Sale::default();
    let found = match read_json(document.as_bytes(), &mut sale, &strict()) {
        Ok(()) => Vec::new(),
        Err(Problems::Members(problems)) => problems,
        Err(other) => panic!("{other}"),
    };
    let found: Vec<_> = found.iter().map(|p| (p.path.clone(), p.message())).collect();
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for ((path, message), (expected_path, part)) in found.iter().zip(expected) {
        assert_eq!(path, expected_path);
        assert!(message.contains(part), "{message}");
    }
    assert_eq!(read_json(document.as_bytes(), &mut Sale::default(), &Settings::default()), Ok(()));
}

/// Strict reading names every member that cannot be read, and what it wants; lenient reading leaves
/// them alone.
#[test]
fn strict_bodies() {
    check_problems(r#"{"Count":"abc"}"#, &[("Count", "whole number")]);
    check_problems(r#"{"Count":1.0,"Amount":"1,50"}"#, &[("Count", "whole"), ("Amount", "'.'")]);
    check_problems(r#"{"Count":2147483648}"#, &[("Count", "2147483647")]);
    check_problems(r#"{"Amount":1e2}"#, &[("Amount", "no exponent")]);
    check_problems(
        r#"{"Items":[{"Id":1},{"Id":"x","Price":[]}]}"#,
        &[("Items[1].Id", "whole"), ("Items[1].Price", "decimal")],
    );
    check_problems(r#"{"Prices":{"a":"x"}}"#, &[("Prices[a]", "decimal")]);
    check_problems(
        r#"{"Sold":"soon","Reference":"x"}"#,
        &[("Sold", "date"), ("Reference", "GUID")],
    );
    check_problems(r#"{"Length":"long","IsPaid":"yes"}"#, &[("Length", "dur"), ("IsPaid", "true")]);
    check_problems(r#"{"Status":"zzz","Level":9}"#, &[("Status", "enum"), ("Level", "enum")]);
    check_problems(r#"{"Items":{},"Picture":"%"}"#, &[("Items", "list"), ("Picture", "base64")]);
    check_problems(r#"{"Items":["x"]}"#, &[("Items[0]", "object")]);
    check_problems(r#"{"Count":"","Amount":" ","Sold":null,"Status":"3","Level":"high"}"#, &[]);
}

/// At most so many problems are kept, and reading goes on behind the last.
#[test]
fn problems_are_bounded() {
    let items = "{\"Id\":\"x\"},".repeat(limits::PROBLEMS_MAX * 2);
    let document = format!("{{\"Items\":[{items}],\"Note\":\"end\"}}");
    let mut sale = Sale::default();
    match read_json(document.as_bytes(), &mut sale, &strict()) {
        Err(Problems::Members(problems)) => assert_eq!(problems.len(), limits::PROBLEMS_MAX),
        other => panic!("{other:?}"),
    }
    assert_eq!(sale.note.as_deref(), Some("end"));
}

/// A document that was cut off is refused where money may hang on it.
#[test]
fn strict_documents_are_whole() {
    for document in [r#"{"Count":12"#, r#"{"Items":[{"Id":1}"#, r#"{"Count":1}x"#, r#"{"X":[1"#] {
        let outcome = read_json(document.as_bytes(), &mut Sale::default(), &strict());
        assert!(matches!(outcome, Err(Problems::Unreadable(_))), "{document}");
    }
    for document in ["{Count:12", "{Items:[{Id:1}", "{Count:1}x"] {
        let outcome = read_jsv(document.as_bytes(), &mut Sale::default(), &strict());
        assert!(matches!(outcome, Err(Problems::Unreadable(_))), "{document}");
    }
}

/// Body, path, query and form, one after the other: the later wins, nothing is lost by silence, and
/// what is built of parts is replaced whole.
#[test]
fn later_sources_win() {
    let mut sale = Sale::default();
    let body = br#"{"Count":1,"Note":"body","Items":[{"Id":1},{"Id":2}],"Amount":5}"#;
    read_json(body, &mut sale, &strict()).unwrap();
    read_parameters([("count", "2"), ("note", ""), ("unknown", "x")], &mut sale, &strict())
        .unwrap();
    read_parameters([("Items", "{Id:3}"), ("AMOUNT", "")], &mut sale, &strict()).unwrap();
    read_json(br#"{"Note":null}"#, &mut sale, &strict()).unwrap();
    assert_eq!((sale.count, sale.note.as_deref()), (2, Some("body")));
    assert_eq!(sale.items, Some(vec![Line { id: 3, price: Decimal::ZERO }]));
    assert_eq!(sale.amount, Some(Decimal::from(5)));
}

/// A parameter that cannot be read gives one problem that quotes it, in lenient reading too.
#[test]
fn parameters_quote_their_value() {
    let given = [("Count", "12.0"), ("Items", "{Id:x},{Id:y}"), ("Items", "[{Id:1"), ("Note", "[")];
    match read_parameters(given, &mut Sale::default(), &strict()) {
        Err(Problems::Members(problems)) => {
            let found: Vec<_> = problems.iter().map(|p| (&*p.path, p.value.as_deref())).collect();
            let expected = [
                ("Count", Some("12.0")),
                ("Items[0].Id", Some("{Id:x},{Id:y}")),
                ("Items", Some("[{Id:1")),
            ];
            assert_eq!(found, expected);
            assert!(problems[0].message().contains("'12.0'"));
        }
        other => panic!("{other:?}"),
    }
    let lenient = read_parameters([("Count", "x")], &mut Sale::default(), &Settings::default());
    assert!(lenient.is_err());
}

/// A secret is read from every form a client may send and comes out of none.
#[test]
fn secrets_stay_inside() {
    let pan = |sale: &Sale| sale.pan.as_ref().map(|pan| pan.expose().to_owned());
    for document in [r#"{"Pan":4242424242424242}"#, r#"{"pan":"4242424242424242"}"#] {
        let mut sale = Sale::default();
        read_json(document.as_bytes(), &mut sale, &strict()).unwrap();
        assert_eq!(pan(&sale).as_deref(), Some("4242424242424242"));
        let mut out = Vec::new();
        write_jsv(&sale, &Settings::default(), &mut out);
        write_query(&sale, &Settings::default(), &mut out);
        let shown =
            format!("{sale:?}{}{}", json_of(&sale, &strict()), String::from_utf8_lossy(&out));
        assert!(shown.contains("***") && !shown.contains("4242"), "{shown}");
    }
    let mut sale = Sale::default();
    read_jsv(b"{Pan:4242424242424242}", &mut sale, &strict()).unwrap();
    read_parameters([("pan", "4000000000000002")], &mut sale, &strict()).unwrap();
    assert_eq!(pan(&sale).as_deref(), Some("4000000000000002"));
    let sample = Sale { pan: Some(SecretText::placeholder("String")), ..Sale::default() };
    assert!(json_of(&sample, &strict()).contains(r#""Pan":"String""#));
}

/// Undefined numbers of an enum survive where it has a place for them.
#[test]
fn undefined_enum_numbers() {
    let mut sale = Sale::default();
    read_json(br#"{"Status":7}"#, &mut sale, &strict()).unwrap();
    assert_eq!(sale.status, Status::Other(7));
    assert!(json_of(&sale, &strict()).contains(r#""Status":"7","Level":0"#));
    read_json(br#"{"Status":"stspaid","Level":"5"}"#, &mut sale, &strict()).unwrap();
    assert_eq!((sale.status, sale.level), (Status::Paid, Level::High));
}

/// The settings that change what is written.
#[test]
fn settings_of_writing() {
    let info = LineInfo { explicit: Some(0), ..LineInfo::default() };
    let with = |change: fn(&mut Settings)| {
        let mut settings = Settings::named(NameStyle::Snake);
        change(&mut settings);
        json_of(&info, &settings)
    };
    assert_eq!(
        with(|settings| settings.include_null_values = true),
        r#"{"description":null,"lines":null,"api_key":null,"x-y":0,"id":0,"price":0}"#
    );
    assert_eq!(with(|settings| settings.exclude_default_values = true), r#"{"x-y":0}"#);
    assert_eq!(
        with(|settings| settings.indent = true),
        "{\n    \"x-y\": 0,\n    \"id\": 0,\n    \"price\": 0\n}"
    );
}

/// A snake-case service reads names whatever joins their words.
#[test]
fn snake_names_are_loose() {
    let mut info = LineInfo::default();
    let settings = Settings::named(NameStyle::Snake);
    read_json(br#"{"api-key":"k","ID":3}"#, &mut info, &settings).unwrap();
    assert_eq!(info.api_key.as_ref().map(SecretText::expose), Some("k"));
    assert_eq!(info.line.id, 3);
}

/// A registry can read and write without knowing the type.
#[test]
fn dynamic_access() {
    let mut any: Box<dyn AnyDto> = Box::new(Line::default());
    any.read_json(br#"{"Id":4}"#, &strict()).unwrap();
    any.read_parameters(&[("price", "1.50")], &strict()).unwrap();
    let mut out = Vec::new();
    any.write_to(&mut service::dto::wire::jsv::Writer::new(&mut out, &Settings::default()));
    assert_eq!(String::from_utf8_lossy(&out), "{Id:4,Price:1.50}");
    let mut reader = service::dto::wire::jsv::Reader::of_value("{Id:5}", &strict()).unwrap();
    any.read_from(&mut reader, &strict()).unwrap();
    assert_eq!(any.meta().name, <Line as Record>::META.name);
    let line = any.into_any().downcast::<Line>().unwrap();
    assert_eq!(*line, Line { id: 5, price: Decimal::new(150, 2) });
}
