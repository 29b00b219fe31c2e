//! Wall clocks: an event's times are written and read in the zone of its venue (`domain.md` §1.2).

use domain::time::Timestamp;
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
