//! Members of an entry on their way into an item: what is left out stays, what is wrong is noted.

use domain::catalogue::Period;
use domain::ids::Shard;
use domain::money::Currency;
use domain::time::Timestamp;
use gateway::masking::mask_card_numbers;
use rust_decimal::Decimal;
use service::status::FieldError;
use service::types::DateTime;

use crate::money;
use crate::operations::family::{Failure, wrong};
use crate::text;

/// The longest name or other text, in characters (`domain.md` §1.7).
pub(super) const TEXT_LENGTH_MAX: usize = 255;

/// The longest description, in characters.
pub(super) const LONG_LENGTH_MAX: usize = 4_000;

/// The longest slug, in bytes, as in a catalogue file.
const SLUG_LENGTH_MAX: usize = 64;

/// The first and the last moment that an item may name: the beginnings of the years 2000 and 2200.
const MOMENT_MIN: Timestamp = Timestamp(946_684_800_000_000);
const MOMENT_MAX: Timestamp = Timestamp(7_258_118_400_000_000);

/// What is sold in where a request does not say.
const CURRENCY_DEFAULT: Currency = Currency::ISK;

/// What is wrong with an entry, member by member.
#[derive(Debug, Default)]
pub(super) struct Fields {
    wrong: Vec<FieldError>,
}

impl Fields {
    /// Notes what is wrong with a member of the entry.
    pub(super) fn wrong(&mut self, field: &str, message: impl Into<String>) {
        self.wrong.push(wrong(&format!("Entry.{field}"), message));
    }

    /// The end of reading.
    pub(super) fn finish(self) -> Result<(), Failure> {
        if self.wrong.is_empty() { Ok(()) } else { Err(Failure::invalid(self.wrong)) }
    }

    /// A text that may be taken away.
    pub(super) fn text(&mut self, field: &str, value: Option<&String>, item: &mut Option<String>) {
        self.text_within(field, value, TEXT_LENGTH_MAX, item);
    }

    /// A longer text that may be taken away.
    pub(super) fn long(&mut self, field: &str, value: Option<&String>, item: &mut Option<String>) {
        self.text_within(field, value, LONG_LENGTH_MAX, item);
    }

    /// The address of an image, which may be taken away. Apps and browsers open it.
    pub(super) fn url(&mut self, field: &str, value: Option<&String>, item: &mut Option<String>) {
        let is_web = |url: &String| {
            let url = url.trim();
            url.is_empty() || url.starts_with("https://") || url.starts_with("http://")
        };
        match value.is_none_or(is_web) {
            true => self.text(field, value, item),
            false => self.wrong(field, "It must begin with https:// or http://."),
        }
    }

    fn text_within(
        &mut self,
        field: &str,
        value: Option<&String>,
        length_max: usize,
        item: &mut Option<String>,
    ) {
        let Some(value) = value else { return };
        match text::kept(Some(value), length_max) {
            Ok(text) => *item = text,
            Err(message) => self.wrong(field, message),
        }
    }

    /// A name, which everything has.
    pub(super) fn name(&mut self, field: &str, value: Option<&String>, item: &mut String) {
        if let Some(value) = value {
            match text::kept_line(Some(value), TEXT_LENGTH_MAX) {
                Ok(name) => *item = name.unwrap_or_default(),
                Err(message) => return self.wrong(field, message),
            }
        }
        if item.is_empty() {
            self.wrong(field, "It needs a name.");
        }
    }

    /// The slug of a new item; that of a known one stays.
    pub(super) fn slug(
        &mut self,
        value: Option<&String>,
        is_new: bool,
        id: u32,
        item: &mut String,
    ) {
        let Some(value) = value else {
            if is_new {
                *item = id.to_string();
            }
            return;
        };
        let allowed = |letter: char| letter.is_alphanumeric() || "-_.".contains(letter);
        let is_length = (1..=SLUG_LENGTH_MAX).contains(&value.len());
        let is_slug = is_length && value.chars().all(allowed) && mask_card_numbers(value) == *value;
        if is_new && is_slug {
            item.clone_from(value);
        } else if is_new {
            self.wrong("Slug", "It has 1 to 64 letters, digits, '-', '_' or '.', and is no card.");
        } else if value != item {
            self.wrong("Slug", "It is set once and does not change.");
        }
    }

    /// A flag.
    pub(super) fn flag(value: Option<bool>, item: &mut bool) {
        if let Some(value) = value {
            *item = value;
        }
    }

    /// A whole number between two bounds.
    pub(super) fn number(
        &mut self,
        field: &str,
        value: Option<i32>,
        (least, most): (u32, u32),
        item: &mut u32,
    ) {
        let Some(value) = value else { return };
        match u32::try_from(value).ok().filter(|value| (least..=most).contains(value)) {
            Some(value) => *item = value,
            None => self.wrong(field, format!("It must lie between {least} and {most}.")),
        }
    }

    /// A limit; -1 is none.
    pub(super) fn limit(&mut self, field: &str, value: Option<i32>, item: &mut Option<u32>) {
        match value {
            None => {}
            Some(-1) => *item = None,
            Some(value) => match u32::try_from(value) {
                Ok(value) => *item = Some(value),
                Err(_) => self.wrong(field, "It must be 0 or more, or -1 for none."),
            },
        }
    }

    /// An amount of money, in minor units.
    pub(super) fn price(
        &mut self,
        field: &str,
        value: Option<Decimal>,
        currency: Currency,
        item: &mut i64,
    ) {
        let Some(value) = value else { return };
        match money::price(value, currency) {
            Ok(amount) => *item = amount,
            Err(refusal) => self.wrong(field, refusal.message),
        }
    }

    /// The currency of a new item; that of a known one stays.
    pub(super) fn currency(&mut self, value: Option<&String>, known: Option<Currency>) -> Currency {
        let Some(text) = value else { return known.unwrap_or(CURRENCY_DEFAULT) };
        let Some(currency) = Currency::parse(text) else {
            self.wrong("Currency", "It is no currency; use a code like ISK.");
            return known.unwrap_or(CURRENCY_DEFAULT);
        };
        if known.is_some_and(|known| known != currency) {
            self.wrong("Currency", "It is set once and does not change; make a new item.");
        }
        currency
    }

    /// A moment; a year for which nothing is sold is a slip of the pen.
    pub(super) fn moment(&mut self, field: &str, value: Option<DateTime>) -> Option<Timestamp> {
        let at = moment(value?);
        if (MOMENT_MIN..=MOMENT_MAX).contains(&at) {
            return Some(at);
        }
        self.wrong(field, "It must lie between the years 2000 and 2200.");
        None
    }

    /// A span of time. One that is not known yet needs both ends.
    pub(super) fn period(
        &mut self,
        (from_field, from): (&str, Option<DateTime>),
        (to_field, to): (&str, Option<DateTime>),
        known: Option<Period>,
    ) -> Option<Period> {
        let from = self.moment(from_field, from).or(known.map(|known| known.from));
        let to = self.moment(to_field, to).or(known.map(|known| known.to));
        match (from, to) {
            (Some(from), Some(to)) if from < to => return Some(Period { from, to }),
            (Some(_), Some(_)) => self.wrong(to_field, "It ends before it begins."),
            (Some(_), None) => self.wrong(to_field, "Write both ends."),
            (None, Some(_)) => self.wrong(from_field, "Write both ends."),
            (None, None) => {}
        }
        known
    }

    /// Numbers of organisers.
    pub(super) fn organisers(&mut self, field: &str, ids: &[i32], known: &[Shard]) -> Vec<Shard> {
        let mut found = Vec::new();
        for id in ids {
            let shard = u32::try_from(*id).ok().map(Shard);
            match shard.filter(|shard| *shard != Shard::HOUSE && known.contains(shard)) {
                Some(shard) => found.push(shard),
                None => self.wrong(field, format!("There is no organiser {id}.")),
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// A moment of a request; one without a zone is UTC.
pub(super) fn moment(date: DateTime) -> Timestamp {
    Timestamp(date.assume_utc().to_utc().unix_microseconds())
}
