//! Query strings and forms.

use wire::{Problems, Settings, query};

use crate::record::{Everything, Guarded, ways};

/// Below this length a secret may stand in an error by chance.
const SECRET_LENGTH_MIN: usize = 12;

/// Reads parameters in every way.
pub(crate) fn parameters(input: &[u8]) {
    for settings in ways() {
        let mut record = Everything::default();
        if read(input, &mut record, &settings).is_ok() {
            is_read_back(&record, &settings);
        }
    }
    if let Ok(text) = std::str::from_utf8(input) {
        quotes_no_secret(text);
    }
}

fn read(input: &[u8], record: &mut Everything, settings: &Settings) -> Result<(), Problems> {
    let pairs = query::pairs(input)?;
    let pairs = pairs.iter().map(|(name, value)| (name.as_ref(), value.as_ref()));
    query::read(pairs, record, settings)
}

/// What is written once is read as the same: the second writing is equal to the first, but for
/// empty values, which leave no trace in a query.
fn is_read_back(record: &Everything, settings: &Settings) {
    let mut first = Vec::new();
    query::write(record, settings, &mut first);
    let mut again = Everything::default();
    let outcome = read(&first, &mut again, settings);
    assert_eq!(outcome, Ok(()), "{}", String::from_utf8_lossy(&first));
    let mut second = Vec::new();
    query::write(&again, settings, &mut second);
    let (first, second) = (String::from_utf8_lossy(&first), String::from_utf8_lossy(&second));
    assert_eq!(without_empty(&first), without_empty(&second));
}

fn without_empty(query: &str) -> Vec<&str> {
    query.split('&').filter(|pair| !pair.ends_with('=')).collect()
}

fn quotes_no_secret(text: &str) {
    for value in [text.to_owned(), format!("[{text}]"), format!("{{{text}")] {
        let settings = Settings::default().strictly();
        let outcome = query::read([("Secret", value.as_str())], &mut Guarded::default(), &settings);
        let error = outcome.err().map(|problems| problems.to_string()).unwrap_or_default();
        assert!(text.len() < SECRET_LENGTH_MIN || !error.contains(text), "{error}");
    }
}
