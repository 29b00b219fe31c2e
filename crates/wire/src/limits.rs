//! How much a client may send. Every limit answers with a clear error, never with silence.

/// Bytes of one whole body, query string or form.
pub const BODY_LENGTH_MAX: usize = 1024 * 1024;

/// Levels of records, lists and dictionaries inside each other. The published contracts need six.
pub const DEPTH_MAX: usize = 64;

/// Members sent in one record, entries in one dictionary, or parameters in one request; repeated
/// and unknown ones count too.
pub const MEMBERS_MAX: usize = 1_000;

/// Items of one list.
pub const LIST_LENGTH_MAX: usize = 10_000;

/// Items and entries of all lists and dictionaries of one document together. An item may be three
/// bytes on the wire and a kilobyte in memory, so the body limit alone would not bound memory.
pub const ITEMS_TOTAL_MAX: usize = 20_000;

/// Attributes of one XML element.
pub const ATTRIBUTES_MAX: usize = 64;

/// Bytes of a member name that can still be a known one.
pub const NAME_LENGTH_MAX: usize = 64;

/// Bytes of text that can still be a number, date, duration, guid or enum name.
pub const SCALAR_LENGTH_MAX: usize = 128;

/// Problems collected in one request before the rest are left unreported.
pub const PROBLEMS_MAX: usize = 20;

/// Bytes of an offending parameter value that an error message quotes.
pub const QUOTED_LENGTH_MAX: usize = 64;

/// Significant digits of a decimal: as many as the greatest number of 96 bits has.
pub const DECIMAL_DIGITS_MAX: usize = 29;
