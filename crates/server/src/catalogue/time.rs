//! Wall clocks: an event's times are written and read in the zone of its venue (`domain.md` §1.2).

use domain::club::life::{CHARGED_FROM_HOUR, Calendar};
use domain::time::{Span, Timestamp};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// The zone of an event that names none: UTC all year (`domain.md` §1.2).
pub(crate) const TIME_ZONE_DEFAULT: &str = "Atlantic/Reykjavik";

/// The moment a wall clock in `time_zone` shows `text` (`2027-05-02T19:15:00`).
///
/// # Errors
/// A sentence saying what cannot be read.
pub(super) fn moment(text: &str, time_zone: &str) -> Result<Timestamp, String> {
    let clock: DateTime = text
        .parse()
        .map_err(|_| format!("\"{text}\" is no date and time; write it as 2027-05-02T19:15:00"))?;
    let zoned = clock.to_zoned(zone(time_zone)?).map_err(|error| error.to_string())?;
    Ok(Timestamp(zoned.timestamp().as_microsecond()))
}

/// The date a wall clock in `time_zone` shows at `moment`.
#[must_use]
pub fn local_date(moment: Timestamp, time_zone: &str) -> Option<Date> {
    local(moment, time_zone).map(DateTime::date)
}

/// The calendar by which contracts of a store in `time_zone` are charged at `moment`; `None` where
/// there is no such zone.
#[must_use]
pub(crate) fn contract_calendar(moment: Timestamp, time_zone: &str) -> Option<Calendar> {
    let opening = Span::hours(CHARGED_FROM_HOUR);
    let today = local_date(moment.before(opening), time_zone)?;
    let tomorrow = today.tomorrow().ok()?.to_zoned(zone(time_zone).ok()?).ok()?;
    let midnight = Timestamp(tomorrow.timestamp().as_microsecond());
    let (year, month, day) = (today.year().into(), today.month().into(), today.day().into());
    let today = domain::club::Date::new(year, month, day)?;
    Some(Calendar { today, tomorrow_at: midnight.after(opening) })
}

/// What a wall clock in `time_zone` shows at `moment`, as microseconds since 1970 on that clock.
#[must_use]
pub fn local_clock(moment: Timestamp, time_zone: &str) -> Timestamp {
    let clock = local(moment, time_zone).and_then(|clock| clock.to_zoned(TimeZone::UTC).ok());
    clock.map_or(moment, |clock| Timestamp(clock.timestamp().as_microsecond()))
}

fn local(moment: Timestamp, time_zone: &str) -> Option<DateTime> {
    let timestamp = jiff::Timestamp::from_microsecond(moment.0).ok()?;
    Some(timestamp.to_zoned(zone(time_zone).ok()?).datetime())
}

/// Whether there is such a time zone.
pub(crate) fn is_zone(name: &str) -> bool {
    zone(name).is_ok()
}

fn zone(name: &str) -> Result<TimeZone, String> {
    TimeZone::get(name).map_err(|_| {
        format!("\"{name}\" is no time zone; use an IANA name such as Atlantic/Reykjavik")
    })
}
