//! A record with a member of every kind, and the ways to read it.

use service::Dto;
use service::types::{Bytes, DateTime, Decimal, Guid, Map, SecretText, TimeSpan};
use wire::{DateHandler, DurationHandler, NameStyle, Settings};

/// A colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Dto)]
pub(crate) enum Colour {
    /// 0.
    #[default]
    Red,
    /// 1.
    Green,
}

/// An object in an object.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
pub(crate) struct Part {
    /// A text.
    pub(crate) name: Option<String>,
    /// More of the same.
    pub(crate) parts: Option<Vec<Part>>,
}

/// A member of every kind.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
pub(crate) struct Everything {
    /// `string`.
    pub(crate) text: Option<String>,
    /// `int`.
    pub(crate) whole: i32,
    /// `long?`.
    pub(crate) long: Option<i64>,
    /// `double`.
    pub(crate) double: f64,
    /// `bool?`.
    pub(crate) flag: Option<bool>,
    /// `decimal?`.
    pub(crate) amount: Option<Decimal>,
    /// `DateTime?`.
    pub(crate) date: Option<DateTime>,
    /// `TimeSpan`.
    pub(crate) span: TimeSpan,
    /// `Guid?`.
    pub(crate) guid: Option<Guid>,
    /// An enum.
    pub(crate) colour: Colour,
    /// `byte[]`.
    pub(crate) bytes: Option<Bytes>,
    /// `List<string>`.
    pub(crate) texts: Option<Vec<Option<String>>>,
    /// `int[]`.
    pub(crate) numbers: Option<Vec<i32>>,
    /// `Dictionary<string, string>`.
    pub(crate) map: Option<Map<String, Option<String>>>,
    /// `Dictionary<int, Part>`.
    pub(crate) places: Option<Map<i32, Option<Part>>>,
    /// An object.
    pub(crate) part: Option<Part>,
}

impl Everything {
    /// The record without nulls at the end of its list of texts. JSV writes a null as nothing, so a
    /// last one looks like a trailing comma, which reading tolerates.
    pub(crate) fn without_last_nulls(&self) -> Everything {
        let mut record = self.clone();
        if let Some(texts) = &mut record.texts {
            let kept = texts.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
            texts.truncate(kept);
        }
        record
    }
}

/// A member that no error may quote.
#[derive(Debug, Default, Dto)]
pub(crate) struct Guarded {
    /// `string`, secret.
    pub(crate) secret: Option<SecretText>,
}

/// Every name style, strict and not, with one other form of dates and durations each.
pub(crate) fn ways() -> impl Iterator<Item = Settings> {
    let forms = [
        (NameStyle::Pascal, DateHandler::TimestampOffset, DurationHandler::DurationFormat),
        (NameStyle::Camel, DateHandler::Iso8601, DurationHandler::StandardFormat),
        (NameStyle::Snake, DateHandler::UnixTimeMs, DurationHandler::DurationFormat),
    ];
    forms.into_iter().flat_map(|(names, dates, durations)| {
        let lenient = Settings { names, dates, durations, ..Settings::default() };
        [lenient, lenient.strictly()]
    })
}
