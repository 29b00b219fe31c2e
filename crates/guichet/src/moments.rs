//! Days and moments on the command line, all in UTC.

use domain::time::Timestamp;

/// Reads the beginning of a day.
///
/// # Errors
/// A sentence that says how to write it.
pub(crate) fn day(text: &str) -> Result<Timestamp, String> {
    let moment: Result<jiff::Timestamp, _> = format!("{text}T00:00:00Z").parse();
    let moment = moment.map_err(|_| "write it as 2027-05-02".to_owned())?;
    Ok(Timestamp(moment.as_microsecond()))
}

/// A moment as it is written: `2027-05-02T19:15:00Z`.
pub(crate) fn shown(moment: Timestamp) -> String {
    let moment = jiff::Timestamp::from_microsecond(moment.0).unwrap_or_default();
    format!("{moment:.0}")
}

/// The day of a moment: `2027-05-02`.
pub(crate) fn day_shown(moment: Timestamp) -> String {
    shown(moment).chars().take(10).collect()
}
