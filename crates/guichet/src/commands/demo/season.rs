//! The demo's catalogue: two clubs that meet every Saturday, here and there in turn, a cup match in
//! a stadium of 15,000 numbered seats, season cards, a team pass and codes of a sponsor.

use std::fmt::Write as _;

use domain::time::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp as Instant, ToSpan as _};

/// How many matches the season has.
const MATCHES: i64 = 12;

/// How many blocks of 500 seats the stadium has.
const SECTIONS: i32 = 30;

/// The weeks from now to the first match.
const WEEKS_BEFORE: i64 = 2;

/// A catalogue file whose matches lie ahead of `now`.
pub(super) fn catalogue(now: Timestamp) -> String {
    let today = Instant::from_microsecond(now.0).unwrap_or(Instant::UNIX_EPOCH);
    let today = today.to_zoned(TimeZone::UTC).date();
    let mut text = [CLUBS, RIGHTS].concat();
    text.push_str(&stadium());
    text.push_str(&rights(today));
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
    text.push_str(&cup_match(saturday(today, WEEKS_BEFORE)));
    text
}

/// Two stands of ten blocks each side of the pitch, and two ends of five: 30 blocks of 500 seats.
fn stadium() -> String {
    let mut text = STADIUM.to_owned();
    for index in 0..SECTIONS {
        let (side, block) = (index / 10, index % 10);
        let (name, rank) = match side {
            0 => (format!("West {}", block + 1), 1),
            1 => (format!("East {}", block + 1), 2),
            _ => (format!("End {}", block + 1), 3),
        };
        let at = (block * 280, side * 300);
        let _ = write!(
            text,
            r#"
[[venue.section]]
name = "{name}"
rank = {rank}
rows = 20
seats = 25
at = [{x}, {y}]
"#,
            x = at.0,
            y = at.1
        );
    }
    text
}

/// Kinds of cards and passes that are good from today for a year.
fn rights(today: Date) -> String {
    let end = today.checked_add(1.year()).unwrap_or(today);
    let window = format!("valid_from = \"{today}T00:00:00\"\nvalid_to = \"{end}T00:00:00\"\n");
    [SEASON_CARD, FAN_CARD, PREPAID_CARD].map(|card| format!("{card}{window}")).concat()
}

/// The day after the first round, in the stadium; its two prices are sold in sections of their own.
fn cup_match(first_round: Date) -> String {
    let date = first_round.tomorrow().unwrap_or(first_round);
    let west: Vec<String> = (1..=10).map(|block| format!("\"West {block}\"")).collect();
    let rest: Vec<String> = (1..=10)
        .flat_map(|block| [format!("\"East {block}\""), format!("\"End {block}\"")])
        .collect();
    format!(
        r#"
[[event]]
slug = "cup-final"
organiser = "hekla"
series = "north-cup"
venue = "national-stadium"
name = "Hekla – Esja, cup final"
visitor = "Esja"
starts = "{date}T17:00:00"
ends = "{date}T19:30:00"
seats_numbered = true
re_entry = true
price = [
  {{ ticket_type = "stand", sections = [{west}] }},
  {{ ticket_type = "terrace", sections = [{rest}] }},
]
"#,
        west = west.join(", "),
        rest = rest.join(", ")
    )
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
phone_gateway = "phone"
connected = ["esja"]

[[organiser]]
slug = "esja"
name = "Esja"
fee_basis_points = 500
phone_gateway = "phone"

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

const STADIUM: &str = r##"
[[series]]
slug = "north-cup"
name = "North Cup"

[[venue]]
slug = "national-stadium"
name = "National Stadium"
latitude = 64.143
longitude = -21.879
"##;

const RIGHTS: &str = r##"
[[ticket_type]]
slug = "stand"
organiser = "hekla"
name = "Stand"
color = "#7c3aed"
price = "6500"

[[ticket_type]]
slug = "terrace"
organiser = "hekla"
name = "Terrace"
color = "#0f766e"
price = "4900"

[[pass_type]]
slug = "league-pass"
organiser = "hekla"
series = "north-league"
ticket_type = "adult"
name = "All home matches of the league"
price = "15000"

[[special_ticket]]
organiser = "hekla"
campaign = "Friends of the house"
code = "FRIENDS-OF-HEKLA-1"
ticket_type = "adult"
price = "0"
count = 2
"##;

const SEASON_CARD: &str = r##"
[[card_type]]
slug = "season-card"
organiser = "hekla"
name = "Season card: ten matches"
price = "22000"
tickets = 10
tickets_per_event = 2
valid_for_connected = true
"##;

const FAN_CARD: &str = r##"
[[card_type]]
slug = "fan-card"
organiser = "hekla"
name = "Fan card: two matches and credit"
price = "12000"
tickets = 2
tickets_per_event = 1
credit = "5000"
"##;

const PREPAID_CARD: &str = r##"
[[card_type]]
slug = "prepaid-card"
organiser = "hekla"
name = "Prepaid card: pay 8000, spend 10000"
price = "8000"
credit = "10000"
limit = 500
"##;
