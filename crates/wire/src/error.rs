//! What can be wrong with a document: a *fault* ends the reading, a *problem* is one member whose
//! value cannot be used and does not keep the others from being read.

use crate::limits;
use std::fmt;

/// The document cannot be read any further.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The text breaks the format's grammar.
    #[error("at byte {position}: {expected} was expected")]
    Syntax {
        /// Byte offset in the document.
        position: usize,
        /// What the grammar asks for there.
        expected: &'static str,
    },
    /// A record was asked for, and the document does not begin with one.
    #[error("the document must be an object and begin with '{{'")]
    NotAnObject,
    /// The bytes are not text.
    #[error("the document is not valid UTF-8 at byte {position}")]
    NotUtf8 {
        /// Byte offset of the first wrong byte.
        position: usize,
    },
    /// The document is larger than [`limits::BODY_LENGTH_MAX`].
    #[error("the document is {length} bytes long; at most {} are read", limits::BODY_LENGTH_MAX)]
    TooLong {
        /// Its size in bytes.
        length: usize,
    },
    /// Records, lists and dictionaries nest deeper than [`limits::DEPTH_MAX`].
    #[error("at byte {position}: values nest deeper than {} levels", limits::DEPTH_MAX)]
    TooDeep {
        /// Byte offset of the level too many.
        position: usize,
    },
    /// A record, dictionary or query has more than [`limits::MEMBERS_MAX`] members.
    #[error("an object or query has more than {} members", limits::MEMBERS_MAX)]
    TooManyMembers,
    /// A list is longer than [`limits::LIST_LENGTH_MAX`], or all together hold more than
    /// [`limits::ITEMS_TOTAL_MAX`].
    #[error(
        "a list has more than {} items, or all lists together more than {}",
        limits::LIST_LENGTH_MAX,
        limits::ITEMS_TOTAL_MAX
    )]
    TooManyItems,
}

impl Fault {
    /// The fault of a part as that of the document in which the part begins at `offset`.
    pub(crate) fn moved_by(self, offset: usize) -> Self {
        match self {
            Self::Syntax { position, expected } => {
                Self::Syntax { position: position + offset, expected }
            }
            Self::TooDeep { position } => Self::TooDeep { position: position + offset },
            other => other,
        }
    }
}

/// What a member's type wanted to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expected {
    /// `true` or `false`.
    Boolean,
    /// A whole number within 32 bits.
    Int32,
    /// A whole number within 64 bits.
    Int64,
    /// A number.
    Double,
    /// A decimal number below 2^96, with at most 28 digits after the point.
    Decimal,
    /// A date, with or without time.
    DateTime,
    /// A duration.
    TimeSpan,
    /// A GUID.
    Guid,
    /// A name or number of an enum.
    Enum,
    /// A text, not a list or object that cannot be made one.
    Text,
    /// Base64 text or a list of byte values.
    Bytes,
    /// A list.
    List,
    /// An object.
    Record,
    /// A dictionary whose keys are of its key type.
    Map,
}

impl fmt::Display for Expected {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Boolean => "true or false",
            Self::Int32 => "a whole number from -2147483648 to 2147483647",
            Self::Int64 => "a whole number of at most 64 bits",
            Self::Double => "a number",
            Self::Decimal => {
                "a decimal number with '.' before its fraction, at most 28 digits, no exponent"
            }
            Self::DateTime => "a date such as 2020-01-02T03:04:05Z",
            Self::TimeSpan => "a duration such as PT1H30M or 01:30:00",
            Self::Guid => "a GUID of 32 hex digits",
            Self::Enum => "one of the enum's names or numbers",
            Self::Text => "a text",
            Self::Bytes => "base64 text or a list of numbers from 0 to 255",
            Self::List => "a list",
            Self::Record => "an object",
            Self::Map => "an object of keys and values",
        })
    }
}

/// One member whose value cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message())]
pub struct Problem {
    /// Where: declared names and indexes, as in `Items[0].Name`.
    pub path: String,
    /// What its type wanted.
    pub expected: Expected,
    /// The text that was sent, shortened; only for query, path and form parameters, and never for
    /// a secret member.
    pub value: Option<String>,
}

impl Problem {
    /// What a client is told about the member.
    #[must_use]
    pub fn message(&self) -> String {
        let Self { path, expected, .. } = self;
        match &self.value {
            Some(value) => {
                format!("'{value}' is not a valid value for {path}: expected {expected}")
            }
            None => format!("'{path}' must be {expected}"),
        }
    }
}

/// Why a document was not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problems {
    /// It could not be read to its end.
    #[error("{0}")]
    Unreadable(#[from] Fault),
    /// It was read, and these members cannot be used (at most [`limits::PROBLEMS_MAX`] are kept).
    #[error("{}", .0.iter().map(Problem::message).collect::<Vec<_>>().join("; "))]
    Members(Vec<Problem>),
}
