//! The languages that buyers are written to in.

use serde::{Deserialize, Serialize};

/// A language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// `is`
    #[default]
    Icelandic,
    /// `en`
    English,
}

impl Language {
    /// The language of a tag such as `is`, `en` or `en-GB`, in any case.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Language> {
        let language = tag.split(['-', '_']).next().unwrap_or_default();
        let is = |known: &str| language.eq_ignore_ascii_case(known);
        if is("is") {
            Some(Language::Icelandic)
        } else if is("en") {
            Some(Language::English)
        } else {
            None
        }
    }
}
