//! The page on which the sandbox's bank asks a holder who they are. It needs no script: its two
//! buttons post what a bank's page would post, to the address that the till gave.

use domain::language::Language;

use super::line::Request;

/// What a browser may do with the page. Forms lead to the till and from there to wherever the
/// buyer's app wants, and browsers hold every step against the list, so it names schemes.
pub const PAGE_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; \
     form-action http: https:; base-uri 'none'; frame-ancestors http: https:";

const STYLE: &str = "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:28rem;margin:3rem auto;\
     padding:0 1rem;color:#1b1b1b;background:#fff}\
     h1{font-size:1.4rem}dt{color:#555}dd{margin:0 0 .7rem;font-weight:600}\
     button{font:inherit;padding:.7rem 1.2rem;margin:.5rem .5rem 0 0;border:2px solid #14532d;\
     border-radius:.4rem;background:#14532d;color:#fff;min-width:9rem}\
     button.no{background:#fff;color:#7f1d1d;border-color:#7f1d1d}\
     button:focus-visible{outline:3px solid #2563eb;outline-offset:2px}\
     @media(prefers-color-scheme:dark){body{background:#161616;color:#eee}dt{color:#bbb}\
     button.no{background:#161616;color:#fca5a5;border-color:#fca5a5}}";

/// The language that an `Accept-Language` header names first; Icelandic when it names none that
/// is known.
pub fn preferred_language(header: Option<&str>) -> Language {
    let tags = header.unwrap_or_default().split(',');
    let mut known = tags.filter_map(|tag| Language::of_tag(tag.split(';').next()?.trim()));
    known.next().unwrap_or_default()
}

/// The page's words in one language.
struct Words {
    title: &'static str,
    question: &'static str,
    amount: &'static str,
    card: &'static str,
    confirm: &'static str,
    refuse: &'static str,
    note: &'static str,
}

fn words(language: Language) -> Words {
    match language {
        Language::Icelandic => Words {
            title: "Auðkenning hjá bankanum",
            question: "Ert það þú sem ert að greiða?",
            amount: "Upphæð",
            card: "Kort",
            confirm: "Já, staðfesta",
            refuse: "Nei, hafna",
            note: "Þetta er prófunarsíða. Engir peningar skipta um hendur.",
        },
        Language::English => Words {
            title: "Your bank asks",
            question: "Is it you who is paying?",
            amount: "Amount",
            card: "Card",
            confirm: "Yes, confirm",
            refuse: "No, refuse",
            note: "This is a test page. No money changes hands.",
        },
    }
}

/// The page for an authentication that `request` began.
pub(super) fn challenge_page(request: &Request, language: Language) -> String {
    let words = words(language);
    let money = request.money.map(|money| format!("{} {}", money.text(), money.currency.code()));
    let card = request.card.as_ref().map(|card| card.mask.clone());
    let facts = [(words.amount, money), (words.card, card)];
    let facts = facts.map(|(name, value)| {
        format!("<dt>{name}</dt><dd>{}</dd>", escaped(&value.unwrap_or_default()))
    });
    let code = match language {
        Language::Icelandic => "is",
        Language::English => "en",
    };
    format!(
        "<!doctype html>\n<html lang=\"{code}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title}</title><style>{STYLE}</style></head>\n<body><main>\
         <h1>{title}</h1><p>{question}</p><dl>{}</dl>\
         <form method=\"post\" action=\"{}\">\
         <button name=\"cres\" value=\"ok\">{confirm}</button>\
         <button class=\"no\" name=\"cres\" value=\"fail\">{refuse}</button></form>\
         <p><small>{note}</small></p></main></body></html>\n",
        facts.concat(),
        escaped(request.return_url.as_deref().unwrap_or_default()),
        title = words.title,
        question = words.question,
        confirm = words.confirm,
        refuse = words.refuse,
        note = words.note,
    )
}

/// Text as it may stand in contents and in quoted values.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}
