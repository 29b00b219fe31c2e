//! Texts that stand for one value: dates, durations, decimals, GUIDs.

use wire::{
    DateHandler, DateTime, Decimal, DurationHandler, Guid, Scalar, Settings, TimeSpan, jsv,
};

/// Twice what the wire takes for a scalar; longer texts are refused by their length alone.
const LENGTH_MAX: usize = 256;

/// Reads a text as each of them.
pub(crate) fn scalars(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    if text.is_empty() || text.len() > LENGTH_MAX {
        return;
    }
    date(text);
    duration(text);
    decimal(text);
    if let Some(guid) = Guid::parse(text) {
        let digits = guid.digits();
        assert_eq!(std::str::from_utf8(&digits).ok().and_then(Guid::parse), Some(guid));
    }
}

/// A date is read back from every exact form, and RFC 3339 means what `jiff` says.
fn date(text: &str) {
    let Some(date) = DateTime::parse(text) else { return };
    for dates in [DateHandler::Iso8601, DateHandler::TimestampOffset, DateHandler::Rfc1123] {
        let settings = Settings { dates, ..Settings::default() };
        let first = written(&date.to_utc(), &settings);
        let again = DateTime::parse(first.trim_matches('"'));
        let again = again.unwrap_or_else(|| panic!("{first} was written of {text}"));
        assert_eq!(written(&again.to_utc(), &settings), first, "{text}");
    }
    let is_rfc3339 = text.len() == 20 && text.as_bytes()[10] == b'T' && text.ends_with('Z');
    if let (true, Ok(judged)) = (is_rfc3339, text.parse::<jiff::Timestamp>()) {
        assert_eq!(date.unix_microseconds(), judged.as_microsecond(), "{text}");
    }
}

fn duration(text: &str) {
    let Some(span) = TimeSpan::parse(text) else { return };
    for durations in [DurationHandler::DurationFormat, DurationHandler::StandardFormat] {
        let first = written(&span, &Settings { durations, ..Settings::default() });
        assert_eq!(TimeSpan::parse(&first), Some(span), "{first} was written of {text}");
    }
}

/// A decimal keeps every digit; a decimal without marks means what `rust_decimal` says.
fn decimal(text: &str) {
    let settings = Settings::default().strictly();
    let Some(amount) = <Decimal as Scalar>::parse(text, &settings) else { return };
    let first = written(&amount, &settings);
    assert_eq!(<Decimal as Scalar>::parse(&first, &settings), Some(amount), "{text}");
    if let Ok(judged) = Decimal::from_str_exact(text.trim_ascii()) {
        assert_eq!(amount, judged, "{text}");
    }
}

fn written<V: wire::Value>(value: &V, settings: &Settings) -> String {
    let mut out = Vec::new();
    jsv::write(value, settings, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}
