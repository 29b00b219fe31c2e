//! Pages that people see: text and markup, and nothing that asks or changes anything.
//!
//! Every page works without a script and loads nothing from elsewhere, but for the form of a
//! payment that Stripe takes, which is Stripe's own script. All are written in Icelandic and
//! English. Every foreign text passes [`markup::Markup::text`].

mod common_texts;
mod frame;
mod markup;
pub(crate) mod order;
mod order_texts;
mod style;
pub(crate) mod topup;
mod topup_texts;

use domain::language::Language;
use gateway::sandbox::preferred_language;
use hyper::HeaderMap;
use hyper::header::ACCEPT_LANGUAGE;
use service::reply::Reply;

/// What a page may load and ask beside what is its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outside {
    /// Nothing.
    Nothing,
    /// Stripe's script, which shows frames of Stripe's and asks its service.
    Stripe,
}

/// What a page may do: its own style and script, forms to this server and from there to a bank.
fn policy(outside: Outside) -> String {
    let (scripts, others) = match outside {
        Outside::Nothing => ("", ""),
        Outside::Stripe => (
            " https://js.stripe.com",
            " connect-src https://api.stripe.com; \
             frame-src https://js.stripe.com https://hooks.stripe.com;",
        ),
    };
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'self'{scripts};{others} \
         img-src 'self'; form-action 'self' https:; base-uri 'none'; frame-ancestors 'none'",
        style::hash()
    )
}

/// A page as an answer. It is for one person: nobody keeps it, and its address goes nowhere.
pub(crate) fn reply(status: u16, page: String) -> Reply {
    page_reply(status, page, Outside::Nothing)
}

fn page_reply(status: u16, page: String, outside: Outside) -> Reply {
    Reply::new(status, contract::three_d_secure_return::PAGE_TYPE, page.into_bytes())
        .with_header("Content-Security-Policy", policy(outside))
        .with_header("Referrer-Policy", "no-referrer")
        .with_header("Cache-Control", "no-store")
        .with_header("Vary", "Accept-Language")
}

/// Leads the browser on by a request that may be sent again.
pub(crate) fn see_other(url: String) -> Reply {
    Reply::empty(303)
        .with_header("Location", url)
        .with_header("Referrer-Policy", "no-referrer")
        .with_header("Cache-Control", "no-store")
}

/// The language that was chosen, else what the browser prefers.
pub(crate) fn language(headers: &HeaderMap, chosen: Option<&str>) -> Language {
    let preferred = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    chosen.and_then(Language::of_tag).unwrap_or_else(|| preferred_language(preferred))
}

/// The tag of a language.
fn tag(language: Language) -> &'static str {
    match language {
        Language::Icelandic => "is",
        Language::English => "en",
    }
}
