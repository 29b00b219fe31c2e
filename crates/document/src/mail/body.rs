//! A letter's body: written once, shown as text and as HTML.

use crate::markup::{escape, one_line};
use crate::texts::Texts;

/// One part of a letter.
pub(super) enum Part {
    /// A sentence or two.
    Paragraph(String),
    /// Names and values, one below the other.
    Facts(Vec<(String, String)>),
    /// A link with the words on it.
    Link { words: &'static str, url: String },
}

impl Part {
    /// Facts, each on one line; those without a value are left out.
    pub(super) fn facts<'a>(facts: impl IntoIterator<Item = (&'a str, String)>) -> Part {
        let lines = facts.into_iter().map(|(name, value)| (one_line(name), one_line(&value)));
        Part::Facts(lines.filter(|(_, value)| !value.is_empty()).collect())
    }
}

/// The letter without markup.
pub(super) fn text(title: &str, parts: &[Part]) -> String {
    let mut out = format!("{title}\n\n");
    for part in parts {
        match part {
            Part::Paragraph(words) => out.push_str(words),
            Part::Facts(facts) => {
                let lines: Vec<_> =
                    facts.iter().map(|(name, it)| format!("{name}: {it}")).collect();
                out.push_str(&lines.join("\n"));
            }
            Part::Link { words, url } => out.push_str(&format!("{words}: {url}")),
        }
        out.push_str("\n\n");
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

const STYLE: &str = "font:16px/1.5 sans-serif;color:#1a1a1a;background:#fff;max-width:34em;\
                     margin:0 auto;padding:1em";

const LINK_STYLE: &str = "display:inline-block;padding:.7em 1.4em;border-radius:.4em;\
                          background:#0b4f9e;color:#fff;text-decoration:none;font-weight:bold";

/// The letter as HTML.
pub(super) fn html(texts: &Texts, title: &str, parts: &[Part]) -> String {
    let mut out =
        format!("<!DOCTYPE html><html lang=\"{}\"><head><meta charset=\"utf-8\">", texts.tag);
    element("title", title, &mut out);
    out.push_str(&format!("</head><body style=\"{STYLE}\">"));
    element("h1", title, &mut out);
    for part in parts {
        match part {
            Part::Paragraph(words) => element("p", words, &mut out),
            Part::Facts(facts) => table(facts, &mut out),
            Part::Link { words, url } => link(words, url, &mut out),
        }
    }
    out.push_str("</body></html>\n");
    out
}

fn element(name: &str, words: &str, out: &mut String) {
    out.push_str(&format!("<{name}>"));
    escape(words, out);
    out.push_str(&format!("</{name}>"));
}

fn table(facts: &[(String, String)], out: &mut String) {
    out.push_str("<table>");
    for (name, value) in facts {
        out.push_str("<tr><th style=\"text-align:left;padding-right:1em\">");
        escape(name, out);
        out.push_str("</th>");
        element("td", value, out);
        out.push_str("</tr>");
    }
    out.push_str("</table>");
}

/// Only addresses of the web become links; whatever else was given is shown as text.
fn link(words: &str, url: &str, out: &mut String) {
    if !url.starts_with("https://") && !url.starts_with("http://") {
        return element("p", url, out);
    }
    out.push_str(&format!("<p><a style=\"{LINK_STYLE}\" href=\""));
    escape(url, out);
    out.push_str("\">");
    escape(words, out);
    out.push_str("</a></p>");
}
