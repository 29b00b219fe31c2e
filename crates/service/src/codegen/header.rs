//! The comment at the beginning of a file that tells its options (`servicestack.md §9.2`). Clients
//! that update a file read it again: they look for `Options:`, for `BaseUrl:` and for every option
//! without the prefix.

use wire::{DateHandler, DateTime, Settings};

use super::options::Options;
use super::source::Source;
use super::text::{in_block_comment, one_line};

/// The release of the framework whose form the files have, as its tools compare it.
const VERSION: &str = "8.40";

/// How a language marks the header.
#[derive(Debug)]
pub(crate) struct CommentStyle {
    /// What stands before `Options:`.
    pub(crate) open: &'static str,
    /// What begins each further line.
    pub(crate) line: &'static str,
    /// What marks an option that is not given.
    pub(crate) off: &'static str,
    /// The last line; none when empty.
    pub(crate) close: &'static str,
}

/// The marks of C and its descendants.
pub(crate) const C_COMMENTS: CommentStyle =
    CommentStyle { open: "/* ", line: "", off: "//", close: "*/" };

/// Writes the header and the empty line after it.
pub(crate) fn write(
    style: &CommentStyle,
    options: &Options,
    base_url: &str,
    now: DateTime,
    out: &mut Source,
) {
    let CommentStyle { open, line, off, close } = style;
    let mut put = |text: String| out.line(format!("{line}{text}"));
    let date = date(now);
    put(format!("{open}Options:"));
    put(format!("Date: {date}"));
    put(format!("Version: {VERSION}"));
    put(format!("Tip: To override a DTO option, remove \"{off}\" prefix before updating"));
    put(format!("BaseUrl: {}", address(base_url)));
    put(String::new());
    for (name, value, is_given) in options.header_lines() {
        let prefix = if is_given { "" } else { off };
        put(format!("{prefix}{name}: {}", in_block_comment(value)));
    }
    if !close.is_empty() {
        out.line(close);
    }
    out.blank();
}

/// `2025-11-02 18:59:14`.
fn date(now: DateTime) -> String {
    let settings = Settings { dates: DateHandler::Iso8601DateTime, ..Settings::default() };
    let mut json = Vec::new();
    wire::json::write(&now, &settings, &mut json);
    String::from_utf8_lossy(&json).trim_matches('"').to_owned()
}

/// The address, which came with the request, without anything that an address does not need.
fn address(base_url: &str) -> String {
    let is_kept = |letter: &char| letter.is_ascii_alphanumeric() || ":/.-_~[]%".contains(*letter);
    one_line(base_url).chars().filter(is_kept).collect()
}
