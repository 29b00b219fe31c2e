//! Reading points in time: every form, whatever form is written (`servicestack.md` §1.5).

use super::{
    DateTime, TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MILLISECOND, TICKS_PER_MINUTE,
    TICKS_PER_SECOND, UNIX_EPOCH_TICKS, Zone, calendar, format::MONTHS,
};
use crate::Settings;
use crate::number::parse_integer;
use crate::settings::DateHandler;

impl DateTime {
    /// The point in time that `text` says in one of the forms: ISO with or without time, fraction
    /// and zone, `yyyyMMdd`, `yyyy/MM/dd`, `/Date(ms)/` with optional offset, RFC 1123.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim_ascii();
        parse_iso(text.as_bytes()).or_else(|| parse_timestamp(text)).or_else(|| parse_rfc1123(text))
    }

    /// As [`DateTime::parse`], and a bare number under a Unix handler.
    pub(crate) fn parse_with(text: &str, settings: &Settings) -> Option<Self> {
        let unix_ticks = match settings.dates {
            DateHandler::UnixTime => scaled(text, TICKS_PER_SECOND),
            DateHandler::UnixTimeMs => scaled(text, TICKS_PER_MILLISECOND),
            _ => None,
        };
        let read = match unix_ticks {
            Some(ticks) => Self::from_unix_ticks(ticks, Zone::Utc),
            None => Self::parse(text),
        };
        read.map(|date| if settings.assume_utc { date.assume_utc() } else { date })
    }

    fn from_unix_ticks(ticks: i64, zone: Zone) -> Option<Self> {
        Self::from_ticks(ticks.checked_add(UNIX_EPOCH_TICKS)?, zone)
    }
}

fn scaled(text: &str, ticks: i64) -> Option<i64> {
    parse_integer(text)?.checked_mul(ticks)
}

/// A cursor over ASCII text.
struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    /// A number of exactly `count` digits.
    fn digits(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        let mut number = 0;
        for digit in digits {
            if !digit.is_ascii_digit() {
                return None;
            }
            number = number * 10 + i64::from(digit - b'0');
        }
        self.0 = rest;
        Some(number)
    }

    /// Takes the next byte if it is one of `wanted`.
    fn take(&mut self, wanted: &[u8]) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        if !wanted.contains(&first) {
            return None;
        }
        self.0 = rest;
        Some(first)
    }

    /// A fraction of a second in ticks; digits beyond the seventh are cut off.
    fn fraction(&mut self) -> Option<i64> {
        let count = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if count == 0 {
            return None;
        }
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        let padded = digits.iter().copied().chain(std::iter::repeat(b'0')).take(7);
        Some(padded.fold(0, |ticks, digit| ticks * 10 + i64::from(digit - b'0')))
    }
}

fn parse_iso(text: &[u8]) -> Option<DateTime> {
    let mut cursor = Cursor(text);
    let year = cursor.digits(4)?;
    let joint = cursor.take(b"-/");
    let month = cursor.digits(2)?;
    if let Some(joint) = joint {
        cursor.take(&[joint])?;
    }
    let days = calendar::days_from_civil(year, month, cursor.digits(2)?)?;
    let (mut ticks, mut zone) = (days * TICKS_PER_DAY, Zone::Unspecified);
    if !cursor.0.is_empty() {
        // A zone may follow a date without time, as XML allows.
        if cursor.take(b"Tt ").is_some() {
            ticks += parse_time(&mut cursor)?;
        }
        zone = parse_zone(&mut cursor)?;
    }
    DateTime::from_ticks(ticks, zone)
}

/// `hh:mm`, `hh:mm:ss` or with a fraction.
fn parse_time(cursor: &mut Cursor<'_>) -> Option<i64> {
    let hour = cursor.digits(2)?;
    cursor.take(b":")?;
    let minute = cursor.digits(2)?;
    let (mut second, mut fraction) = (0, 0);
    if cursor.take(b":").is_some() {
        second = cursor.digits(2)?;
        if cursor.take(b".,").is_some() {
            fraction = cursor.fraction()?;
        }
    }
    let exists = hour <= 23 && minute <= 59 && second <= 59;
    let ticks = hour * TICKS_PER_HOUR + minute * TICKS_PER_MINUTE + second * TICKS_PER_SECOND;
    exists.then_some(ticks + fraction)
}

/// Nothing, `Z`, `+hh:mm`, `+hhmm` or `+hh`, and then the end.
fn parse_zone(cursor: &mut Cursor<'_>) -> Option<Zone> {
    // In a query string a `+` may have become a blank.
    let zone = match cursor.take(b"Zz+- ") {
        None => Zone::Unspecified,
        Some(b'Z' | b'z') => Zone::Utc,
        Some(sign) => {
            let hours = cursor.digits(2)?;
            let has_colon = cursor.take(b":").is_some();
            let minutes = if has_colon || !cursor.0.is_empty() { cursor.digits(2)? } else { 0 };
            let offset = i16::try_from(hours * 60 + minutes).ok().filter(|_| minutes <= 59)?;
            Zone::Offset(if sign == b'-' { -offset } else { offset })
        }
    };
    cursor.0.is_empty().then_some(zone)
}

/// `/Date(ms)/`, `/Date(ms+hhmm)/`, either with `\/` for `/`. `-0000` says "no zone".
fn parse_timestamp(text: &str) -> Option<DateTime> {
    let inner = text
        .strip_prefix("\\/Date(")
        .and_then(|rest| rest.strip_suffix(")\\/"))
        .or_else(|| text.strip_prefix("/Date(")?.strip_suffix(")/"))?;
    let sign = inner.get(1..).and_then(|rest| rest.find(['+', '-'])).map(|index| index + 1);
    let (number, offset) = inner.split_at(sign.unwrap_or(inner.len()));
    let unix_ticks = scaled(number, TICKS_PER_MILLISECOND)?;
    if offset.is_empty() {
        return DateTime::from_unix_ticks(unix_ticks, Zone::Utc);
    }
    if offset == "-0000" {
        return DateTime::from_unix_ticks(unix_ticks, Zone::Unspecified);
    }
    let zone = parse_zone(&mut Cursor(offset.as_bytes()))?;
    let Zone::Offset(minutes) = zone else { return None };
    let local_ticks = unix_ticks.checked_add(i64::from(minutes) * TICKS_PER_MINUTE)?;
    DateTime::from_unix_ticks(local_ticks, zone)
}

/// `Thu, 02 Jan 2020 03:04:05 GMT`; the weekday is not checked.
fn parse_rfc1123(text: &str) -> Option<DateTime> {
    let (_, rest) = text.split_once(", ")?;
    let mut words = rest.split(' ');
    let day = parse_integer(words.next()?)?;
    let month_name = words.next()?;
    let month = MONTHS.iter().position(|month| month.eq_ignore_ascii_case(month_name))? + 1;
    let year = parse_integer(words.next()?)?;
    let days = calendar::days_from_civil(year, i64::try_from(month).ok()?, day)?;
    let mut clock = Cursor(words.next()?.as_bytes());
    let ticks = days * TICKS_PER_DAY + parse_time(&mut clock)?;
    let ends_well = clock.0.is_empty() && words.next() == Some("GMT") && words.next().is_none();
    ends_well.then_some(DateTime::from_ticks(ticks, Zone::Utc)?)
}
