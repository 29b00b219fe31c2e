//! Days of the calendar, which contracts and instalments are about, on the wire.

use domain::club::{ClubStore, Date};
use domain::time::Timestamp;
use service::types::{DateTime, Zone};

use crate::catalogue::local_date;

/// The published ticks of 100 ns in a day.
const TICKS_PER_DAY: i64 = 864_000_000_000;

/// The days from 0001-01-01, where ticks begin, to 1970-01-01.
const DAYS_TO_1970: i64 = 719_162;

/// A day as a date and time without a zone.
pub(super) fn date_time(day: Date) -> DateTime {
    let ticks = (i64::from(day.days_since_1970()) + DAYS_TO_1970) * TICKS_PER_DAY;
    DateTime::from_ticks(ticks, Zone::Unspecified).unwrap_or(DateTime::MIN)
}

/// The day that a request names; `None` where it names none. The time of day does not count, and
/// the lowest date stands for none, as clients in C# send it.
pub(super) fn day(value: Option<DateTime>) -> Option<Date> {
    let value = value.filter(|value| value.ticks() >= TICKS_PER_DAY)?;
    let days = i32::try_from(value.ticks() / TICKS_PER_DAY - DAYS_TO_1970).ok()?;
    Date::new(1970, 1, 1).map(|first| first.plus_days(days))
}

/// What the calendar of a store shows at a moment.
pub(super) fn today(store: &ClubStore, now: Timestamp) -> Option<Date> {
    let local = local_date(now, &store.time_zone)?;
    Date::new(local.year().into(), local.month().into(), local.day().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A day comes back as it went out, without its time, and the lowest date is none.
    #[test]
    fn days_go_to_and_fro() {
        for text in ["1970-01-01", "2027-01-31", "2028-02-29", "9999-12-31", "0001-01-02"] {
            let there = Date::parse(text).unwrap();
            assert_eq!(day(Some(date_time(there))), Some(there));
            assert_eq!(Some(date_time(there)), DateTime::parse(text));
        }
        let evening = DateTime::parse("2027-01-31T23:59:59");
        assert_eq!(day(evening), Date::parse("2027-01-31"));
        assert_eq!(day(Some(DateTime::MIN)), None);
        assert_eq!(day(None), None);
    }
}
