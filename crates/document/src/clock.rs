//! Moments as people at the venue read them.

use domain::time::Timestamp;
use jiff::tz::TimeZone;

use crate::texts::{Texts, fill};

/// `Sunday 3 May 2026 at 14:00`, by the clock of `time_zone`; empty for a moment outside of the
/// calendar.
pub fn moment(texts: &Texts, moment: Timestamp, time_zone: &str) -> String {
    let Ok(instant) = jiff::Timestamp::from_microsecond(moment.0) else { return String::new() };
    let local = instant.to_zoned(TimeZone::get(time_zone).unwrap_or(TimeZone::UTC));
    let named = |names: &[&'static str], index: i8| {
        usize::try_from(index).ok().and_then(|index| names.get(index)).copied().unwrap_or_default()
    };
    fill(
        texts.date_and_time,
        &[
            ("weekday", named(&texts.weekdays, local.weekday().to_monday_zero_offset())),
            ("day", &local.day().to_string()),
            ("month", named(&texts.months, local.month() - 1)),
            ("year", &local.year().to_string()),
            ("time", &format!("{:02}:{:02}", local.hour(), local.minute())),
        ],
    )
}

/// `20260503T140000Z`, as calendar files write a moment; `None` outside of the calendar.
pub(crate) fn utc_stamp(moment: Timestamp) -> Option<String> {
    let instant = jiff::Timestamp::from_microsecond(moment.0).ok()?.to_zoned(TimeZone::UTC);
    let (date, time) = (instant.date(), instant.time());
    Some(format!(
        "{:04}{:02}{:02}T{:02}{:02}{:02}Z",
        date.year(),
        date.month(),
        date.day(),
        time.hour(),
        time.minute(),
        time.second()
    ))
}
