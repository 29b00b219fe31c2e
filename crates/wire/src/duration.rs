//! Durations: XSD text with days as the largest unit (`servicestack.md` §1.6).

use crate::date::{
    TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MINUTE, TICKS_PER_SECOND, write_digits,
    write_fraction, write_integer, write_seven_digits,
};
use crate::settings::DurationHandler;

/// A .NET `TimeSpan`: ticks of 100 ns, about ±29 000 years.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TimeSpan {
    ticks: i64,
}

impl TimeSpan {
    /// A duration of `ticks` times 100 ns.
    #[must_use]
    pub fn from_ticks(ticks: i64) -> Self {
        Self { ticks }
    }

    /// Its length in units of 100 ns.
    #[must_use]
    pub fn ticks(self) -> i64 {
        self.ticks
    }

    /// Reads `P1DT2H3M4.5S`, `[d.]hh:mm:ss[.f]` or a number of seconds.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim_ascii();
        let (is_negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let ticks = match rest.strip_prefix('P') {
            Some(duration) => parse_xsd(duration)?,
            None if rest.contains(':') => parse_clock(rest)?,
            None => parse_seconds(rest)?,
        };
        let ticks = if is_negative { -ticks } else { ticks };
        i64::try_from(ticks).ok().map(Self::from_ticks)
    }
}

/// `nDTnHnMn.nS` after the `P`, units in this order, each at most once, at least one.
fn parse_xsd(text: &str) -> Option<i128> {
    const UNITS: [(u8, bool, i64); 4] = [
        (b'D', false, TICKS_PER_DAY),
        (b'H', true, TICKS_PER_HOUR),
        (b'M', true, TICKS_PER_MINUTE),
        (b'S', true, TICKS_PER_SECOND),
    ];
    let (mut rest, mut in_time, mut total, mut units) = (text, false, 0, UNITS.iter());
    if text.is_empty() || text.ends_with('T') {
        return None;
    }
    while !rest.is_empty() {
        if !in_time && let Some(time) = rest.strip_prefix('T') {
            (rest, in_time) = (time, true);
        }
        let end = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.')?;
        let letter = rest.as_bytes()[end];
        let (_, is_time, ticks) = units.find(|(unit, ..)| *unit == letter)?;
        if *is_time != in_time {
            return None;
        }
        let number = &rest[..end];
        total += match letter {
            b'S' => parse_seconds(number)?,
            _ => i128::from(parse_whole(number)?) * i128::from(*ticks),
        };
        rest = &rest[end + 1..];
    }
    Some(total)
}

/// `[d.]hh:mm[:ss[.f]]`.
fn parse_clock(text: &str) -> Option<i128> {
    let (days, clock) = match text.split_once('.') {
        Some((days, clock)) if !days.contains(':') => (parse_whole(days)?, clock),
        _ => (0, text),
    };
    let mut parts = clock.splitn(3, ':');
    let hours = parse_whole(parts.next()?).filter(|&hours| hours <= 23)?;
    let minutes = parse_whole(parts.next()?).filter(|&minutes| minutes <= 59)?;
    let seconds = parts.next().map_or(Some(0), parse_seconds)?;
    let whole = i128::from(days) * i128::from(TICKS_PER_DAY)
        + i128::from(hours) * i128::from(TICKS_PER_HOUR)
        + i128::from(minutes) * i128::from(TICKS_PER_MINUTE);
    (seconds < i128::from(TICKS_PER_MINUTE)).then_some(whole + seconds)
}

/// Seconds with an optional fraction, in ticks; digits beyond the seventh are cut off.
fn parse_seconds(text: &str) -> Option<i128> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let padded = fraction.bytes().chain(std::iter::repeat(b'0')).take(7);
    let fraction = padded.fold(0, |ticks, digit| ticks * 10 + i128::from(digit - b'0'));
    Some(i128::from(parse_whole(whole)?) * i128::from(TICKS_PER_SECOND) + fraction)
}

/// Digits only, no sign.
fn parse_whole(text: &str) -> Option<i64> {
    let is_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_digits)
}

/// Appends a duration in the form of `handler`.
pub(crate) fn write(out: &mut Vec<u8>, span: TimeSpan, handler: DurationHandler) {
    if span.ticks < 0 {
        out.push(b'-');
    }
    // The magnitude of the least i64 needs 64 unsigned bits; no unit of it does.
    let ticks = i128::from(span.ticks).abs();
    let part = |unit: i64, size: i64| -> i64 {
        i64::try_from(ticks / i128::from(unit) % i128::from(size)).unwrap_or_default()
    };
    let parts = Parts {
        days: part(TICKS_PER_DAY, i64::MAX),
        hours: part(TICKS_PER_HOUR, 24),
        minutes: part(TICKS_PER_MINUTE, 60),
        seconds: part(TICKS_PER_SECOND, 60),
        fraction: part(1, TICKS_PER_SECOND),
    };
    match handler {
        DurationHandler::DurationFormat => write_xsd(out, &parts),
        DurationHandler::StandardFormat => write_standard(out, &parts),
    }
}

struct Parts {
    days: i64,
    hours: i64,
    minutes: i64,
    seconds: i64,
    fraction: i64,
}

fn write_xsd(out: &mut Vec<u8>, parts: &Parts) {
    let unit = |out: &mut Vec<u8>, number: i64, letter: u8| {
        if number != 0 {
            write_integer(out, number);
            out.push(letter);
        }
    };
    out.push(b'P');
    unit(out, parts.days, b'D');
    let has_seconds = parts.seconds != 0 || parts.fraction != 0;
    let has_time = parts.hours != 0 || parts.minutes != 0 || has_seconds;
    if !has_time && parts.days != 0 {
        return;
    }
    out.push(b'T');
    unit(out, parts.hours, b'H');
    unit(out, parts.minutes, b'M');
    if has_seconds || !has_time {
        write_integer(out, parts.seconds);
        write_fraction(out, parts.fraction);
        out.push(b'S');
    }
}

fn write_standard(out: &mut Vec<u8>, parts: &Parts) {
    if parts.days != 0 {
        write_integer(out, parts.days);
        out.push(b'.');
    }
    for (index, number) in [parts.hours, parts.minutes, parts.seconds].into_iter().enumerate() {
        if index > 0 {
            out.push(b':');
        }
        write_digits::<2>(out, number);
    }
    if parts.fraction != 0 {
        write_seven_digits(out, parts.fraction);
    }
}
