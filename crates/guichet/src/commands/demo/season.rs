//! The demo's catalogue: two clubs that meet every Saturday, here and there in turn.

use std::fmt::Write as _;

use domain::time::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp as Instant, ToSpan as _};

/// How many matches the season has.
const MATCHES: i64 = 12;

/// The weeks from now to the first match.
const WEEKS_BEFORE: i64 = 2;

/// A catalogue file whose matches lie ahead of `now`.
pub(super) fn catalogue(now: Timestamp) -> String {
    let today = Instant::from_microsecond(now.0).unwrap_or(Instant::UNIX_EPOCH);
    let today = today.to_zoned(TimeZone::UTC).date();
    let mut text = CLUBS.to_owned();
    for index in 0..MATCHES {
        let (home, home_name, away_name) = match index % 2 {
            0 => ("hekla", "Hekla", "Esja"),
            _ => ("esja", "Esja", "Hekla"),
        };
        let date = saturday(today, WEEKS_BEFORE + index);
        let _ = write!(
            text,
            r#"
[[event]]
slug = "round-{round:02}"
organiser = "{home}"
series = "north-league"
venue = "{home}-park"
name = "{home_name} – {away_name}"
visitor = "{away_name}"
starts = "{date}T16:00:00"
ends = "{date}T18:00:00"
capacity = 1500
price = [
  {{ ticket_type = "adult", limit = 1200 }},
  {{ ticket_type = "youth", limit = 500 }},
  {{ ticket_type = "child" }},
  {{ ticket_type = "league-guest", limit = 100 }},
]
"#,
            round = index + 1
        );
    }
    text
}

fn saturday(today: Date, weeks: i64) -> Date {
    let saturday = today.nth_weekday(1, Weekday::Saturday).unwrap_or(today);
    saturday.checked_add(weeks.weeks()).unwrap_or(saturday)
}

const CLUBS: &str = r##"
[[series]]
slug = "north-league"
name = "North League"

[[organiser]]
slug = "hekla"
name = "Hekla"
fee_basis_points = 500

[[organiser]]
slug = "esja"
name = "Esja"
fee_basis_points = 500

[[venue]]
slug = "hekla-park"
name = "Hekla Park"
latitude = 64.14
longitude = -21.92

[[venue]]
slug = "esja-park"
name = "Esja Park"
latitude = 64.16
longitude = -21.69

[[ticket_type]]
slug = "league-guest"
series = "north-league"
name = "League guest"
price = "4500"
holder_required = true

[[ticket_type]]
slug = "adult"
organiser = "hekla"
series = "north-league"
name = "Adult"
color = "#1d4ed8"
price = "3500"

[[ticket_type]]
slug = "youth"
organiser = "hekla"
series = "north-league"
name = "Youth, 12 to 16"
color = "#15803d"
price = "1500"

[[ticket_type]]
slug = "child"
organiser = "hekla"
series = "north-league"
name = "Child, under 12"
price = "0"

[[ticket_type]]
slug = "adult"
organiser = "esja"
series = "north-league"
name = "Adult"
color = "#b91c1c"
price = "3200"

[[ticket_type]]
slug = "youth"
organiser = "esja"
series = "north-league"
name = "Youth, 12 to 16"
price = "1400"

[[ticket_type]]
slug = "child"
organiser = "esja"
series = "north-league"
name = "Child, under 12"
price = "0"
"##;
