//! Pages that people see: text and markup, and nothing that asks or changes anything.
//!
//! Every page works without a script, loads nothing from elsewhere, and is written in Icelandic and
//! English. Every foreign text passes [`markup::Markup::text`].

mod markup;
mod style;
pub(crate) mod topup;
mod topup_texts;

use domain::language::Language;
use service::reply::Reply;

/// What a page may do: its own style and script, forms to this server and from there to a bank.
fn policy() -> String {
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'self'; img-src 'self'; \
         form-action 'self' https:; base-uri 'none'; frame-ancestors 'none'",
        style::hash()
    )
}

/// A page as an answer. It is for one person: nobody keeps it, and its address goes nowhere.
pub(crate) fn reply(status: u16, page: String) -> Reply {
    Reply::new(status, contract::three_d_secure_return::PAGE_TYPE, page.into_bytes())
        .with_header("Content-Security-Policy", policy())
        .with_header("Referrer-Policy", "no-referrer")
        .with_header("Cache-Control", "no-store")
        .with_header("Vary", "Accept-Language")
}

/// The tag of a language.
fn tag(language: Language) -> &'static str {
    match language {
        Language::Icelandic => "is",
        Language::English => "en",
    }
}
