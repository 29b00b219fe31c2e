//! JSON bodies.

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use wire::{Fault, Problems, Settings, case, json};

use crate::record::{Everything, Guarded, ways};

/// Reads a body in every way; judged by `serde_json` where the bytes are strict JSON, and by what
/// XML and CSV make of the same record.
pub(crate) fn json(input: &[u8]) {
    for settings in ways() {
        let mut record = Everything::default();
        let outcome = json::read(input, &mut record, &settings);
        if outcome.is_ok() {
            is_read_back(&record, &settings);
            crate::xml::is_read_back(&record, &settings);
            crate::csv::is_read_back(&[Everything::default(), record.clone()], &settings);
        }
        if let Ok(document) = serde_json::from_slice::<Document>(input) {
            document.judge(&record, &outcome, &settings);
        }
    }
    quotes_no_secret(input);
    let _refused = json::split_list(input);
}

/// What is written once is read as the same: the second writing is equal to the first.
fn is_read_back(record: &Everything, settings: &Settings) {
    let mut first = Vec::new();
    json::write(record, settings, &mut first);
    let mut again = Everything::default();
    let outcome = json::read(&first, &mut again, &settings.strictly());
    assert_eq!(outcome, Ok(()), "{}", String::from_utf8_lossy(&first));
    let mut second = Vec::new();
    json::write(&again, settings, &mut second);
    assert_eq!(String::from_utf8_lossy(&first), String::from_utf8_lossy(&second));
    let strict = serde_json::from_slice::<Value>(&first);
    assert!(strict.is_ok(), "{}", String::from_utf8_lossy(&first));
}

/// A body's problem names members and never repeats what was sent.
fn quotes_no_secret(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let settings = Settings::default().strictly();
    for value in [format!("[{text}]"), format!("{{{text}}}"), text.to_owned()] {
        let body = format!("{{\"Secret\":{value}}}");
        let problems = json::read(body.as_bytes(), &mut Guarded::default(), &settings);
        if let Err(problems @ Problems::Members(_)) = problems {
            assert_eq!(problems.to_string(), "'Secret' must be a text");
        }
    }
}

/// The members of an object in their order, repeated ones too.
struct Document(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Document, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Document;

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Document, A::Error> {
        let mut found = Vec::new();
        while let Some(member) = members.next_entry()? {
            found.push(member);
        }
        Ok(Document(found))
    }
}

impl Document {
    fn judge(&self, record: &Everything, outcome: &Result<(), Problems>, settings: &Settings) {
        match outcome {
            Ok(()) => self.compare(record),
            Err(Problems::Unreadable(fault)) => assert!(is_limit(fault), "{fault}"),
            Err(problems) => assert!(settings.strict, "lenient reading says {problems}"),
        }
    }

    fn compare(&self, record: &Everything) {
        if let Some(Value::String(text)) = self.only("Text") {
            assert_eq!(record.text.as_ref(), Some(text));
        }
        if let Some(Value::Bool(flag)) = self.only("Flag") {
            assert_eq!(record.flag, Some(*flag));
        }
        if let Some(long) = self.only("Long").and_then(Value::as_i64) {
            assert_eq!(record.long, Some(long));
        }
        if let Some(Value::Number(number)) = self.only("Double") {
            assert!(
                number.as_f64().is_some_and(|judged| is_near(judged, record.double)),
                "{number}"
            );
        }
        if let Some(Value::Array(texts)) = self.only("Texts") {
            let texts: Option<Vec<_>> =
                texts.iter().map(|text| Some(Some(text.as_str()?.to_owned()))).collect();
            assert!(texts.is_none() || record.texts == texts, "{:?}", record.texts);
        }
    }

    /// The one member that is meant by `name` in every name style; `None` when several are in some.
    fn only(&self, name: &str) -> Option<&Value> {
        let mut meant = self.0.iter().filter(|(sent, _)| case::equal_loosely(name, sent));
        let (sent, value) = meant.next()?;
        (meant.next().is_none() && sent.eq_ignore_ascii_case(name)).then_some(value)
    }
}

/// Whether two doubles are the same but for the last digit, which `serde_json` does not always get
/// right.
fn is_near(left: f64, right: f64) -> bool {
    left == right || (left - right).abs() <= 2.0 * f64::EPSILON * right.abs()
}

fn is_limit(fault: &Fault) -> bool {
    matches!(fault, Fault::TooDeep { .. } | Fault::TooManyItems | Fault::TooManyMembers)
}
