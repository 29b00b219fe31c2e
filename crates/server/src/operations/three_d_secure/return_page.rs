//! What a holder's browser is shown after a challenge where the app gave no address to go on at.
//! No text from outside stands in it.

use contract::three_d_secure_return::PAGE_TYPE;
use domain::language::Language;
use gateway::sandbox::PAGE_POLICY;
use service::reply::Reply;

/// What a foreign document may do: what leads to a bank, and nothing in our name.
const FOREIGN_POLICY: &str = "sandbox allow-forms allow-scripts allow-top-navigation";

/// What came of a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Came {
    /// The holder passed.
    Passed,
    /// The holder did not pass.
    Failed,
    /// Not known yet.
    Open,
    /// There is no such challenge.
    Unknown,
}

impl Came {
    /// The name in the address that the browser goes on to.
    pub(super) fn name(self) -> &'static str {
        match self {
            Came::Passed => "passed",
            Came::Failed | Came::Unknown => "failed",
            Came::Open => "open",
        }
    }

    fn status(self) -> u16 {
        if self == Came::Unknown { 404 } else { 200 }
    }

    fn words(self, language: Language) -> [&'static str; 2] {
        match (self, language) {
            (Came::Passed, Language::Icelandic) => ["Staðfest", "Farðu aftur í appið."],
            (Came::Passed, Language::English) => ["Confirmed", "Go back to the app."],
            (Came::Failed, Language::Icelandic) => {
                ["Ekki staðfest", "Ekkert var gjaldfært. Farðu aftur í appið og reyndu aftur."]
            }
            (Came::Failed, Language::English) => {
                ["Not confirmed", "Nothing was charged. Go back to the app and try again."]
            }
            (Came::Open, Language::Icelandic) => {
                ["Ekki vitað enn", "Farðu aftur í appið; það spyr bankann aftur."]
            }
            (Came::Open, Language::English) => {
                ["Not known yet", "Go back to the app; it asks the bank again."]
            }
            (Came::Unknown, Language::Icelandic) => {
                ["Fannst ekki", "Þessi staðfesting er ekki til eða er runnin út."]
            }
            (Came::Unknown, Language::English) => {
                ["Not found", "There is no such confirmation, or it is over."]
            }
        }
    }
}

/// The page.
pub(super) fn reply(came: Came, language: Language) -> Reply {
    let code = match language {
        Language::Icelandic => "is",
        Language::English => "en",
    };
    let [title, text] = came.words(language);
    let page = format!(
        "<!doctype html>\n<html lang=\"{code}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title}</title><style>body{{font:1.1rem/1.5 system-ui,sans-serif;\
         max-width:28rem;margin:3rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}}\
         @media(prefers-color-scheme:dark){{body{{background:#161616;color:#eee}}}}</style></head>\
         <body><main><h1>{title}</h1><p>{text}</p></main></body></html>\n"
    );
    guarded(Reply::new(came.status(), PAGE_TYPE, page.into_bytes()))
}

/// A document of the bank's own: a form that leads the browser to it. It sends itself off by a
/// script, which runs as if it came from elsewhere: it sees no cookie of ours and acts for nobody.
pub(in crate::operations) fn foreign(html: String) -> Reply {
    Reply::new(200, PAGE_TYPE, html.into_bytes())
        .with_header("Content-Security-Policy", FOREIGN_POLICY)
        .with_header("Referrer-Policy", "no-referrer")
        .with_header("X-Content-Type-Options", "nosniff")
        .with_header("Cache-Control", "no-store")
}

/// A page that loads nothing and runs nothing.
pub(super) fn guarded(reply: Reply) -> Reply {
    reply
        .with_header("Content-Security-Policy", PAGE_POLICY)
        .with_header("Referrer-Policy", "no-referrer")
        .with_header("X-Content-Type-Options", "nosniff")
}

#[cfg(test)]
mod tests {
    use super::foreign;

    /// Proves that a bank's document may lead on and do nothing in our name.
    #[test]
    fn a_foreign_document_is_kept_apart() {
        let reply = foreign("<form>".to_owned());
        let policy = reply.header("Content-Security-Policy").unwrap();
        assert!(policy.starts_with("sandbox ") && !policy.contains("allow-same-origin"));
        assert_eq!(reply.header("Cache-Control"), Some("no-store"));
    }
}
