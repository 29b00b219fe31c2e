//! Writing points in time (`servicestack.md` §1.5, §2.2), without formatting machinery.

use super::{
    DateTime, TICKS_PER_DAY, TICKS_PER_HOUR, TICKS_PER_MILLISECOND, TICKS_PER_MINUTE,
    TICKS_PER_SECOND, Zone, calendar,
};
use crate::settings::DateHandler;

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
pub(super) const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Appends a date as JSON, quotes included.
pub(crate) fn write_json(out: &mut Vec<u8>, date: DateTime, handler: DateHandler) {
    match handler {
        DateHandler::UnixTime => return write_integer(out, unix_seconds(date)),
        DateHandler::UnixTimeMs => return write_integer(out, unix_milliseconds(date)),
        _ => out.push(b'"'),
    }
    match handler {
        DateHandler::Iso8601 => write_iso(out, date),
        DateHandler::Iso8601DateOnly => write_day(out, date),
        DateHandler::Iso8601DateTime => {
            write_day(out, date);
            out.push(b' ');
            write_time(out, date);
        }
        DateHandler::Rfc1123 => write_rfc1123(out, date),
        _ => write_timestamp(out, date),
    }
    out.push(b'"');
}

/// Appends the JSV form: the shortest, which for a midnight is the day whatever its zone, or a
/// number under a Unix handler.
pub(crate) fn write_shortest(out: &mut Vec<u8>, date: DateTime, handler: DateHandler) {
    match handler {
        DateHandler::UnixTime => return write_integer(out, unix_seconds(date)),
        DateHandler::UnixTimeMs => return write_integer(out, unix_milliseconds(date)),
        _ => write_day(out, date),
    }
    let fraction = date.ticks % TICKS_PER_SECOND;
    if date.ticks % TICKS_PER_DAY == 0 {
        return;
    }
    out.push(b'T');
    write_time(out, date);
    match date.zone {
        Zone::Utc => {
            write_fraction(out, fraction);
            out.push(b'Z');
        }
        // A time without zone is local to the server, whose zone is UTC.
        Zone::Unspecified | Zone::Offset(_) => {
            if fraction != 0 {
                write_seven_digits(out, fraction);
            }
            write_offset(out, offset_minutes(date), true);
        }
    }
}

/// Appends `2020-01-02T03:04:05.0000000` and the zone, always with seven fraction digits.
pub(crate) fn write_iso(out: &mut Vec<u8>, date: DateTime) {
    let (year, month, day) = calendar::civil_from_days(date.ticks / TICKS_PER_DAY);
    let (hour, minute, second) = clock(date);
    let mut text = *b"0000-00-00T00:00:00.0000000";
    put(&mut text[0..4], year);
    put(&mut text[5..7], month);
    put(&mut text[8..10], day);
    put(&mut text[11..13], hour);
    put(&mut text[14..16], minute);
    put(&mut text[17..19], second);
    put(&mut text[20..27], date.ticks % TICKS_PER_SECOND);
    out.extend_from_slice(&text);
    match date.zone {
        Zone::Unspecified => {}
        Zone::Utc => out.push(b'Z'),
        Zone::Offset(minutes) => write_offset(out, minutes, true),
    }
}

/// `\/Date(milliseconds)\/`, with `-0000` where no zone is known.
fn write_timestamp(out: &mut Vec<u8>, date: DateTime) {
    out.extend_from_slice(b"\\/Date(");
    write_integer(out, unix_milliseconds(date));
    match date.zone {
        Zone::Utc => {}
        Zone::Unspecified => out.extend_from_slice(b"-0000"),
        Zone::Offset(minutes) => write_offset(out, minutes, false),
    }
    out.extend_from_slice(b")\\/");
}

fn write_rfc1123(out: &mut Vec<u8>, date: DateTime) {
    let date = date.to_utc();
    let days = date.ticks / TICKS_PER_DAY;
    let (year, month, day) = calendar::civil_from_days(days);
    // 0001-01-01 was a Monday.
    out.extend_from_slice(name(&WEEKDAYS, days % 7));
    out.extend_from_slice(b", ");
    write_digits::<2>(out, day);
    out.push(b' ');
    out.extend_from_slice(name(&MONTHS, month - 1));
    out.push(b' ');
    write_digits::<4>(out, year);
    out.push(b' ');
    write_time(out, date);
    out.extend_from_slice(b" GMT");
}

fn name(names: &[&'static str], index: i64) -> &'static [u8] {
    usize::try_from(index).ok().and_then(|index| names.get(index)).map_or(b"", |n| n.as_bytes())
}

fn write_day(out: &mut Vec<u8>, date: DateTime) {
    let (year, month, day) = calendar::civil_from_days(date.ticks / TICKS_PER_DAY);
    write_digits::<4>(out, year);
    out.push(b'-');
    write_digits::<2>(out, month);
    out.push(b'-');
    write_digits::<2>(out, day);
}

fn write_time(out: &mut Vec<u8>, date: DateTime) {
    let (hour, minute, second) = clock(date);
    write_digits::<2>(out, hour);
    out.push(b':');
    write_digits::<2>(out, minute);
    out.push(b':');
    write_digits::<2>(out, second);
}

/// `.678`: the fraction of a second without trailing zeros, or nothing.
pub(crate) fn write_fraction(out: &mut Vec<u8>, ticks: i64) {
    if ticks == 0 {
        return;
    }
    write_seven_digits(out, ticks);
    while out.last() == Some(&b'0') {
        out.pop();
    }
}

/// `.6780000`.
pub(crate) fn write_seven_digits(out: &mut Vec<u8>, ticks: i64) {
    out.push(b'.');
    write_digits::<7>(out, ticks);
}

fn write_offset(out: &mut Vec<u8>, minutes: i16, with_colon: bool) {
    out.push(if minutes < 0 { b'-' } else { b'+' });
    let minutes = i64::from(minutes).abs();
    write_digits::<2>(out, minutes / 60);
    if with_colon {
        out.push(b':');
    }
    write_digits::<2>(out, minutes % 60);
}

/// Appends exactly `N` digits.
pub(crate) fn write_digits<const N: usize>(out: &mut Vec<u8>, number: i64) {
    let mut digits = [b'0'; N];
    put(&mut digits, number);
    out.extend_from_slice(&digits);
}

/// Fills `digits` with a number from the right.
fn put(digits: &mut [u8], mut number: i64) {
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + u8::try_from(number % 10).unwrap_or_default();
        number /= 10;
    }
}

pub(crate) fn write_integer(out: &mut Vec<u8>, number: i64) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

fn clock(date: DateTime) -> (i64, i64, i64) {
    let ticks = date.ticks % TICKS_PER_DAY;
    (
        ticks / TICKS_PER_HOUR,
        ticks % TICKS_PER_HOUR / TICKS_PER_MINUTE,
        ticks % TICKS_PER_MINUTE / TICKS_PER_SECOND,
    )
}

fn offset_minutes(date: DateTime) -> i16 {
    match date.zone {
        Zone::Offset(minutes) => minutes,
        Zone::Unspecified | Zone::Utc => 0,
    }
}

fn unix_seconds(date: DateTime) -> i64 {
    date.unix_ticks().div_euclid(TICKS_PER_SECOND)
}

fn unix_milliseconds(date: DateTime) -> i64 {
    date.unix_ticks().div_euclid(TICKS_PER_MILLISECOND)
}
