//! Calendar entries (RFC 5545), in UTC, so that no definition of a time zone can be out of date.

use domain::time::Timestamp;

use crate::clock::utc_stamp;
use crate::occasion::Order;
use crate::texts;

/// The longest line, in bytes, its end not counted (RFC 5545 §3.1).
const LINE_LENGTH_MAX: usize = 75;

/// The order's event as a calendar file. `uid` names the entry in the whole world, so that a later
/// file replaces it; `made_at` is when it was last changed.
#[must_use]
pub fn calendar(order: &Order, uid: &str, made_at: Timestamp) -> String {
    let occasion = &order.occasion;
    let mut out = String::new();
    for fixed in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Guichet//Tickets//EN"] {
        line(fixed, &mut out);
    }
    line("METHOD:PUBLISH", &mut out);
    line("BEGIN:VEVENT", &mut out);
    text("UID", uid, &mut out);
    moment("DTSTAMP", Some(made_at), &mut out);
    moment("DTSTART", Some(occasion.starts_at), &mut out);
    moment("DTEND", occasion.ends_at, &mut out);
    text("SUMMARY", &occasion.name, &mut out);
    text("LOCATION", occasion.venue.as_deref().unwrap_or_default(), &mut out);
    text("DESCRIPTION", &description(order), &mut out);
    line("END:VEVENT", &mut out);
    line("END:VCALENDAR", &mut out);
    out
}

/// No code is in it: calendars are shared and synchronised.
fn description(order: &Order) -> String {
    let texts = texts::of(order.language);
    let mut lines = vec![order.occasion.organiser.clone()];
    lines.push(format!("{}: {}", texts.label_order, order.number));
    let seats = order.admissions.iter().filter_map(|admission| admission.seat.as_ref());
    lines.extend(seats.map(|seat| format!("{}: {}", texts.label_seat, seat.text(texts))));
    lines.join("\n")
}

fn moment(name: &str, moment: Option<Timestamp>, out: &mut String) {
    if let Some(stamp) = moment.and_then(utc_stamp) {
        line(&format!("{name}:{stamp}"), out);
    }
}

/// A property of type TEXT (RFC 5545 §3.3.11); none for an empty text.
fn text(name: &str, value: &str, out: &mut String) {
    if value.is_empty() {
        return;
    }
    let mut escaped = format!("{name}:");
    for letter in value.chars() {
        match letter {
            '\\' | ';' | ',' => escaped.extend(['\\', letter]),
            '\n' => escaped.push_str("\\n"),
            letter if letter.is_control() => escaped.push(' '),
            letter => escaped.push(letter),
        }
    }
    line(&escaped, out);
}

/// Writes a line, folded so that no letter is torn apart.
fn line(content: &str, out: &mut String) {
    let mut length = 0;
    for letter in content.chars() {
        if length + letter.len_utf8() > LINE_LENGTH_MAX {
            out.push_str("\r\n ");
            length = 1;
        }
        out.push(letter);
        length += letter.len_utf8();
    }
    out.push_str("\r\n");
}
