//! The formats a service speaks, by key and by content type (`servicestack.md §4`).

/// A format of requests and responses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `application/json`
    Json,
    /// `application/jsv`, shown as `text/jsv` on operation pages
    Jsv,
    /// `application/xml`
    Xml,
    /// `text/csv`
    Csv,
    /// `text/jsonl`
    JsonLines,
    /// `text/html`, a page around the response
    Html,
    /// A format that an embedder registers.
    Custom(&'static CustomFormat),
}

/// What there is to know of a registered format; its key is what follows the slash.
#[derive(Debug, PartialEq, Eq)]
pub struct CustomFormat {
    /// For example `application/x-msgpack`.
    pub content_type: &'static str,
}

impl Format {
    /// The formats known to every registry, in the order pages list them.
    pub const BUILT_IN: [Self; 6] =
        [Self::Json, Self::Xml, Self::Jsv, Self::Csv, Self::JsonLines, Self::Html];

    /// The key in paths (`/json/reply`), suffixes (`.json`) and `?format=json`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Jsv => "jsv",
            Self::Xml => "xml",
            Self::Csv => "csv",
            Self::JsonLines => "jsonl",
            Self::Html => "html",
            Self::Custom(format) => {
                format.content_type.split_once('/').map_or(format.content_type, |pair| pair.1)
            }
        }
    }

    /// The content type of responses, without `charset`.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Jsv => "application/jsv",
            Self::Xml => "application/xml",
            Self::Csv => "text/csv",
            Self::JsonLines => "text/jsonl",
            Self::Html => "text/html",
            Self::Custom(format) => format.content_type,
        }
    }

    /// The content type that operation pages print.
    pub fn page_content_type(self) -> &'static str {
        match self {
            Self::Jsv => "text/jsv",
            other => other.content_type(),
        }
    }

    /// The second spelling that is understood in requests.
    fn alias(self) -> Option<&'static str> {
        match self {
            Self::Json => Some("text/json"),
            Self::Jsv => Some("text/jsv"),
            Self::Xml => Some("text/xml"),
            Self::Csv | Self::JsonLines | Self::Html | Self::Custom(_) => None,
        }
    }

    /// Whether `media_type`, without parameters, names this format.
    pub fn is_named(self, media_type: &str) -> bool {
        media_type.eq_ignore_ascii_case(self.content_type())
            || self.alias().is_some_and(|alias| media_type.eq_ignore_ascii_case(alias))
    }
}

/// The media type of a `Content-Type` or one `Accept` entry, without its parameters.
pub fn media_type(header: &str) -> &str {
    header.split(';').next().unwrap_or(header).trim()
}

/// How the body of a request is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestFormat {
    /// There is no body, or none that anybody here can read; the original ignores such a body.
    Nothing,
    /// `application/x-www-form-urlencoded`
    Form,
    /// `multipart/form-data`
    Multipart,
    /// One of the registered formats.
    Body(Format),
}

/// Whether `media_type` is that of a form in one piece.
pub(crate) fn is_form(media_type: &str) -> bool {
    media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}
