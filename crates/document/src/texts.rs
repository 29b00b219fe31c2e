//! Every sentence a buyer reads, one table for each language. `{name}` stands for a value; both
//! tables use the same names, which a test compares.

mod english;
mod icelandic;

use domain::language::Language;

use crate::markup::one_line;

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// The sentences of one language.
        #[derive(Debug)]
        pub struct Texts {
            /// Monday first.
            pub weekdays: [&'static str; 7],
            /// January first, as they stand within a date.
            pub months: [&'static str; 12],
            $($(#[$doc])* pub $name: &'static str,)*
        }

        impl Texts {
            /// Every sentence with its name, for tests and translators.
            #[must_use]
            pub fn all(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($name), self.$name),)*]
            }
        }
    };
}

texts! {
    /// The language's tag (BCP 47).
    tag,
    /// A moment, of `weekday`, `day`, `month`, `year` and `time`.
    date_and_time,
    /// Before the event's name.
    label_event,
    /// Before a moment.
    label_when,
    /// Before the venue.
    label_where,
    /// Before what was bought, of any kind.
    label_goods,
    /// Before the kind of ticket.
    label_ticket,
    /// Before the holder's name.
    label_holder,
    /// Before the seat.
    label_seat,
    /// Before the order's number.
    label_order,
    /// Before what was paid.
    label_price,
    /// Before a sum of several lines.
    label_total,
    /// Before a sum that goes back or is still to be paid.
    label_amount,
    /// Before the event a ticket is moved away from.
    label_from,
    /// Before the event a ticket is moved to.
    label_to,
    /// Which ticket of how many: `number`, `count`.
    ticket_of,
    /// Below the code on a ticket.
    gate_hint,
    /// A numbered seat: `section`, `row`, `number`.
    seat_place,
    /// The end of every letter: `organiser`.
    closing,
    /// Tickets that were bought: `event`.
    tickets_subject,
    /// What is attached, and what to do with it.
    tickets_intro,
    /// What the calendar file is for.
    tickets_calendar,
    /// Why not to pass the letter on.
    tickets_care,
    /// A receipt: `seller`.
    receipt_subject,
    /// Where the cards are.
    receipt_intro,
    /// Money is on its way back: `goods`.
    refund_subject,
    /// How much and how: `amount`, `order`.
    refund_intro,
    /// A payment that could not be charged: `goods`.
    unpaid_subject,
    /// How much, for what, and what to do: `amount`, `contract`.
    unpaid_intro,
    /// An event that will not be: `event`.
    cancelled_subject,
    /// That it will not be.
    cancelled_intro,
    /// What becomes of the money that goes back.
    cancelled_refund,
    /// A difference to pay: `event`.
    payment_subject,
    /// What for: `from`, `to`, `amount`.
    payment_intro,
    /// Until when: `time`.
    payment_expiry,
    /// The word on the link.
    payment_link,
}

/// The sentences of a language.
#[must_use]
pub fn of(language: Language) -> &'static Texts {
    match language {
        Language::Icelandic => &icelandic::TEXTS,
        Language::English => &english::TEXTS,
    }
}

/// Puts values into a sentence, in one pass, so that a value is never taken for a sentence, and
/// each on one line. A name without a value becomes nothing.
#[must_use]
pub fn fill(sentence: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some((before, name, after)) = next_name(rest) {
        out.push_str(before);
        let value = values.iter().find(|(known, _)| *known == name);
        out.push_str(&value.map_or_else(String::new, |(_, value)| one_line(value)));
        rest = after;
    }
    out + rest
}

fn next_name(sentence: &str) -> Option<(&str, &str, &str)> {
    let (before, opened) = sentence.split_once('{')?;
    let (name, after) = opened.split_once('}')?;
    Some((before, name, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(mut sentence: &str) -> Vec<&str> {
        let mut names = Vec::new();
        while let Some((_, name, after)) = next_name(sentence) {
            names.push(name);
            sentence = after;
        }
        names.sort_unstable();
        names
    }

    /// Proves that no sentence is missing or loses a value in translation.
    #[test]
    fn languages_say_the_same() {
        let [english, icelandic] = [Language::English, Language::Icelandic].map(of);
        for ((name, english), (_, icelandic)) in english.all().into_iter().zip(icelandic.all()) {
            assert!(!english.is_empty() && !icelandic.is_empty(), "{name}");
            assert_ne!((english, name), (icelandic, name), "not translated");
            assert_eq!(names(english), names(icelandic), "{name}");
        }
    }

    /// Proves that a value with braces is not filled again.
    #[test]
    fn values_are_not_sentences() {
        let filled = fill("{a} and {b}{c}{", &[("a", "{b}"), ("b", "B")]);
        assert_eq!(filled, "{b} and B{");
    }
}
