//! The published vectors of the formats, which lie beside the checkout.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall stop")]

mod dto_support;

use dto_support::{Color, Sub, T2};
use serde_json::{Value as Json, json};
use service::Dto;
use service::dto::wire::{
    DateHandler, Enumeration, NameStyle, Problems, Record, Settings, Value, jsv,
};
use service::dto::{read_json, read_jsv, write_json, write_jsv, write_query};
use service::types::{Bytes, DateTime, Decimal, Guid, Map, TimeSpan, Zone};
use std::path::Path;

/// `class Str`.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
struct Str {
    /// A text.
    v: Option<String>,
}

/// `class PascalIds`: names that the styles treat unlike each other.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
struct PascalIds {
    /// `ID`.
    #[dto(name = "ID")]
    id: i32,
    /// `OrderID`.
    #[dto(name = "OrderID")]
    order_id: Option<String>,
    /// `UID`.
    #[dto(name = "UID")]
    uid: Guid,
    /// `CCV`.
    #[dto(name = "CCV")]
    ccv: Option<String>,
    /// `IPAddress`.
    #[dto(name = "IPAddress")]
    ip_address: Option<String>,
    /// `Borgun3DFinalInfo`.
    #[dto(name = "Borgun3DFinalInfo")]
    borgun: Option<String>,
    /// `XForwardedFor`.
    x_forwarded_for: Option<String>,
    /// `timeStamp`.
    #[dto(name = "timeStamp")]
    time_stamp: Option<String>,
    /// `URL2`.
    #[dto(name = "URL2")]
    url2: Option<String>,
    /// `A_B`.
    #[dto(name = "A_B")]
    a_b: Option<String>,
}

/// The vectors whose kind is one of `kinds`; none, with a word about it, if they are not there.
fn vectors(kinds: &[&str]) -> Vec<Json> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors/servicestack.jsonl");
    let Ok(lines) = std::fs::read_to_string(&path) else {
        println!("skipped: the vectors are not at {}", path.display());
        return Vec::new();
    };
    let all = lines.lines().map(|line| {
        let mut vector = serde_json::from_str::<Json>(line).unwrap();
        vector["line"] = Json::String(line.to_owned());
        vector
    });
    all.filter(|vector| kinds.contains(&vector["kind"].as_str().unwrap())).collect()
}

/// Runs `check` on every vector of a kind and tells all that differ.
fn check_all(kind: &str, check: impl Fn(&Json, &Json) -> Result<Json, String>) {
    let mut wrong = Vec::new();
    for vector in vectors(&[kind]) {
        let expected = &vector["expected"];
        let found = check(&vector["input"], &vector);
        if found.as_ref() != Ok(expected) {
            wrong.push(format!("{}: {found:?} instead of {expected}", vector["id"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn json_text<V: Value>(value: &V, settings: &Settings) -> Json {
    let mut out = Vec::new();
    write_json(value, settings, &mut out);
    Json::String(String::from_utf8(out).unwrap())
}

fn jsv_text<V: Value>(value: &V, settings: &Settings) -> Json {
    let mut out = Vec::new();
    write_jsv(value, settings, &mut out);
    Json::String(String::from_utf8(out).unwrap())
}

/// What the vectors list of a `T2`: the members that differ from their defaults.
fn differences(found: &T2) -> Json {
    let settings = Settings { exclude_default_values: true, ..Settings::default() };
    let Json::String(text) = json_text(found, &settings) else { unreachable!() };
    let mut members: Json = serde_json::from_str(&text).unwrap();
    let object = members.as_object_mut().unwrap();
    if let Some(date) = found.g {
        object.remove("G");
        object.insert("G_utc".into(), jsv_date(date));
    }
    if let Some(decimal) = found.k {
        object.insert("K".into(), json!(decimal.to_string().parse::<f64>().unwrap()));
    }
    if let Some(subs) = &found.l {
        let subs = subs.iter().map(|sub| json!({"Name": sub.name, "Age": sub.age}));
        object.insert("L".into(), subs.collect());
    }
    members
}

/// A point in time as the vectors write it: UTC with `Z`, even at midnight.
fn jsv_date(date: DateTime) -> Json {
    let text = jsv_text(&date.to_utc(), &Settings::default());
    let text = text.as_str().unwrap();
    Json::String(if text.contains('T') { text.into() } else { format!("{text}T00:00:00Z") })
}

fn parse_body(
    input: &Json,
    read: impl Fn(&[u8], &mut T2, &Settings) -> Result<(), Problems>,
) -> Result<Json, String> {
    let mut found = T2::default();
    match read(input.as_str().unwrap().as_bytes(), &mut found, &Settings::default()) {
        Ok(()) => Ok(differences(&found)),
        Err(_) => Ok(json!({"error": "SerializationException"})),
    }
}

/// JSON documents are read as the original reads them.
#[test]
fn json_parse() {
    check_all("json-parse", |input, _| parse_body(input, read_json));
}

/// JSV documents are read as the original reads them.
#[test]
fn jsv_parse() {
    check_all("jsv-parse", |input, _| parse_body(input, read_jsv));
}

fn of_json<V: Value>(value: &Json) -> V {
    let mut found = Holder::<V>::default();
    let text = value.to_string();
    let mut reader = service::dto::wire::json::Reader::new(text.as_bytes(), &Settings::default());
    let mut reading = service::dto::wire::Reading::of_body(&Settings::default());
    found.0.read(reader.as_mut().unwrap(), &mut reading).unwrap();
    found.0
}

#[derive(Default)]
struct Holder<V>(V);

/// A dictionary in the order of the vector's own line, which `serde_json` does not keep.
fn entries(line: &Json) -> Map<String, Option<String>> {
    let (_, value) = line.as_str().unwrap().split_once("\"value\": ").unwrap();
    let (value, _) = value.split_once('}').unwrap();
    let mut found = Holder::<Map<String, Option<String>>>::default();
    let mut reader = service::dto::wire::json::Reader::new(value.as_bytes(), &Settings::default());
    let mut reading = service::dto::wire::Reading::of_body(&Settings::default());
    found.0.read(reader.as_mut().unwrap(), &mut reading).unwrap();
    found.0
}

fn date_of(text: &str) -> DateTime {
    let (kind, text) = text.split_once(' ').unwrap();
    let date = DateTime::parse(text.split(" at ").next().unwrap()).unwrap();
    let zone = match (kind, text.split_once(" at ")) {
        ("Utc", _) => Zone::Utc,
        ("Local", Some((_, "-05:00"))) => Zone::Offset(-300),
        _ => Zone::Unspecified,
    };
    DateTime::from_ticks(date.ticks(), zone).unwrap()
}

/// `[Flags] enum`, as the vectors name it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Dto)]
#[dto(flags)]
enum Access {
    #[default]
    #[dto(value = 1)]
    Read,
    #[dto(value = 2)]
    Write,
    #[dto(other)]
    Several(i32),
}

/// An enum with numbers of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Dto)]
enum Code {
    #[default]
    #[dto(value = 5)]
    A,
    #[dto(value = 10)]
    B,
    #[dto(value = 11, member = "sts-unknown")]
    Unknown,
    #[dto(other)]
    Other(i32),
}

/// One value of a vector, written by `text`.
macro_rules! written {
    ($input:expr, $vector:expr, $settings:expr, $text:ident) => {{
        let (input, settings) = ($input, $settings);
        let value = &input["value"];
        if let Some(date) = input["datetime"].as_str() {
            let handler = input["DateHandler"].as_str().unwrap_or_default();
            let mut settings = *settings;
            if handler.starts_with("Timestamp") {
                settings.dates = DateHandler::TimestampOffset;
            }
            return Ok($text(&date_of(date), &settings));
        }
        if let Some(guid) = input["guid"].as_str() {
            return Ok($text(&Guid::parse(guid).unwrap(), settings));
        }
        if let Some(bytes) = input["bytes"].as_str() {
            let bytes: Vec<u8> = serde_json::from_str(bytes).unwrap();
            return Ok($text(&Bytes(bytes), settings));
        }
        match input["enum"].as_str() {
            Some("[Flags] Read|Write") => return Ok($text(&Access::Several(3), settings)),
            Some("Code.B (=10)") => return Ok($text(&Code::B, settings)),
            Some(text) if text.contains("sts-unknown") => {
                return Ok($text(&Code::Unknown, settings));
            }
            Some(text) if text.contains('7') => return Ok($text(&Code::Other(7), settings)),
            _ => {}
        }
        match input["toplevel"].as_str() {
            Some(text) if text.starts_with("int") => {
                return Ok($text(&text[4..].parse::<i32>().unwrap(), settings));
            }
            Some(text) if text.starts_with("bool") => {
                return Ok($text(&(text == "bool true"), settings));
            }
            _ => {}
        }
        Ok(match input["type"].as_str().unwrap_or_default() {
            "Str" => $text(&of_json::<Str>(value), settings),
            "T2" | "empty list prop" => $text(&of_json::<T2>(value), settings),
            "List<string>" => $text(&of_json::<Vec<Option<String>>>(value), settings),
            "List<List<int>>" => $text(&of_json::<Vec<Vec<i32>>>(value), settings),
            "List<Sub>" => $text(&of_json::<Vec<Option<Sub>>>(value), settings),
            "Dict<string,string>" => $text(&entries(&$vector["line"]), settings),
            "Dict<Guid,int>" => $text(&of_json::<Map<Guid, i32>>(value), settings),
            "Dict<int,int>" => $text(&of_json::<Map<i32, i32>>(value), settings),
            "Dict<bool,int>" => $text(&of_json::<Map<bool, i32>>(value), settings),
            "Dict<DateTime,int>" => $text(&of_json::<Map<DateTime, i32>>(value), settings),
            "Dict<Color,int>" => $text(&of_json::<Map<Color, i32>>(value), settings),
            other => return Err(format!("no such type here: {other} {input}")),
        })
    }};
}

/// Values are written as the original writes them, to the letter.
#[test]
fn json_serialize() {
    check_all("json-serialize", |input, vector| {
        written!(input, vector, &Settings::default(), json_text)
    });
}

/// The same for JSV.
#[test]
fn jsv_serialize() {
    check_all("jsv-serialize", |input, vector| {
        written!(input, vector, &Settings::default(), jsv_text)
    });
}

/// Query strings are written as the original's clients write them.
#[test]
fn querystring_serialize() {
    let settings = Settings { exclude_default_values: true, ..Settings::default() };
    check_all("querystring-serialize", |input, _| {
        let mut out = Vec::new();
        write_query(&of_json::<T2>(&input["value"]), &settings, &mut out);
        Ok(Json::String(String::from_utf8(out).unwrap()))
    });
}

fn parameter<V: Value>(text: &str, error: &str) -> Result<V, Json> {
    let mut value = V::default();
    match jsv::read_value(text, &mut value, &Settings::default()) {
        Ok(_) => Ok(value),
        Err(_) => Err(json!({"error": error})),
    }
}

fn shown<V: Value>(text: &str, show: impl Fn(V) -> Json) -> Json {
    parameter(text, "binding").map_or_else(|error| error, show)
}

fn sub_json(sub: &Sub) -> Json {
    match sub.age {
        0 => json!({"Name": sub.name}),
        age => json!({"Name": sub.name, "Age": age}),
    }
}

/// The text of a parameter becomes a value as in the original.
#[test]
fn querystring_parse() {
    check_all("querystring-parse", |input, vector| {
        let text = input["text"].as_str().unwrap();
        let wants_z = vector["expected"].as_str().is_some_and(|expected| expected.ends_with('Z'));
        Ok(match input["type"].as_str().unwrap() {
            "List<int>" | "int[]" => shown(text, |list: Vec<i32>| json!(list)),
            "List<string>" => shown(text, |list: Vec<Option<String>>| json!(list)),
            "List<Sub>" => shown(text, |list: Vec<Sub>| list.iter().map(sub_json).collect()),
            "Sub" => shown(text, |sub: Sub| sub_json(&sub)),
            "Dictionary<string,string>" => shown(text, |map: Map<String, String>| {
                map.into_iter().map(|(key, value)| (key, Json::String(value))).collect()
            }),
            "bool" => parameter(text, "FormatException").map_or_else(|error| error, Json::Bool),
            "int" => shown(text, |number: i32| json!(number)),
            "decimal" => shown(text, |decimal: Decimal| json!(decimal.to_string())),
            "string (inside JSV)" => {
                let mut found = Str::default();
                read_jsv(format!("{{V:{text}}}").as_bytes(), &mut found, &Settings::default())
                    .map_err(|problems| problems.to_string())?;
                json!(found.v)
            }
            "DateTime" => shown(text, |date: DateTime| {
                let utc = jsv_date(date);
                let plain = utc.as_str().unwrap().trim_end_matches('Z').to_owned();
                if wants_z { utc } else { Json::String(plain) }
            }),
            other => return Err(format!("no such type here: {other}")),
        })
    });
}

/// Durations, decimals and doubles look the same in JSON and JSV but for quotes.
#[test]
fn scalars() {
    let settings = Settings::default();
    check_all("timespan-serialize", |input, _| {
        Ok(jsv_text(&TimeSpan::parse(input.as_str().unwrap()).unwrap(), &settings))
    });
    check_all("timespan-parse", |input, _| {
        let standard = Settings {
            durations: service::dto::wire::DurationHandler::StandardFormat,
            ..Settings::default()
        };
        Ok(jsv_text(&TimeSpan::parse(input.as_str().unwrap()).unwrap(), &standard))
    });
    check_all("decimal-serialize", |input, _| {
        let decimal: Decimal = parameter(input.as_str().unwrap(), "binding").unwrap();
        assert_eq!(json_text(&decimal, &settings), jsv_text(&decimal, &settings));
        Ok(jsv_text(&decimal, &settings))
    });
    check_all("double-serialize", |input, _| {
        Ok(jsv_text(&input.as_str().unwrap().parse::<f64>().unwrap(), &settings))
    });
}

fn ids() -> PascalIds {
    let text = || Some("String".to_owned());
    PascalIds {
        order_id: text(),
        ccv: text(),
        ip_address: text(),
        borgun: text(),
        x_forwarded_for: text(),
        time_stamp: text(),
        url2: text(),
        a_b: text(),
        ..PascalIds::default()
    }
}

/// Names follow the style of the service, dictionary keys do not.
#[test]
fn naming() {
    let settings = Settings::named(NameStyle::Camel);
    check_all("naming-camel", |input, _| match input.as_str().unwrap() {
        "PascalIds sample" => Ok(json_text(&ids(), &settings)),
        text if text.starts_with("Dictionary<string,Sub>") => {
            let sub = Sub { name: Some("x".into()), age: 0 };
            Ok(json_text(&Map::from_iter([("KeyName".to_owned(), sub)]), &settings))
        }
        other => Err(format!("no such input here: {other}")),
    });
    check_all("naming-pascal", |_, _| Ok(json_text(&ids(), &Settings::default())));
    check_all("camel-case", |input, _| {
        Ok(Json::String(service::dto::wire::case::camel(input.as_str().unwrap())))
    });
}

/// The derive gives the tables their .NET names and numbers.
#[test]
fn descriptions() {
    assert_eq!(<T2 as Record>::META.all_members().count(), 16);
    assert_eq!(<Code as Enumeration>::META.enum_members[1].number, 10);
    assert_eq!(
        <PascalIds as Record>::META.members[1].name.styled,
        ["OrderID", "orderID", "order_i_d"]
    );
}
