//! Which format a request is written in and which one its answer takes (`servicestack.md §5.5`).

use crate::format::{Format, RequestFormat, is_form, media_type};
use crate::reply_body::is_written;

/// How much of the `Accept` header counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AcceptRule {
    /// The .NET builds look at the header as a whole, so only its first media type counts.
    #[default]
    FirstOnly,
    /// The classic .NET Framework builds look at every media type.
    All,
}

/// The settings negotiation depends on.
#[derive(Debug, Clone)]
pub struct Negotiation {
    /// What is answered when nothing else decides: HTML while the page feature is on, else JSON.
    pub default_format: Format,
    /// How much of `Accept` counts.
    pub accept_rule: AcceptRule,
    /// The registered formats.
    pub formats: Vec<Format>,
    /// Registered formats that are switched off: whoever asks for one is told so with a 403.
    pub switched_off: Vec<Format>,
}

/// What a request says about the format of its answer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wishes<'a> {
    /// `?callback=` is present.
    pub callback: bool,
    /// The value of `?format=`.
    pub query_format: Option<&'a str>,
    /// The first segment of the path.
    pub first_segment: Option<&'a str>,
    /// The format suffix of the path.
    pub suffix: Option<Format>,
    /// The pre-defined route's own format.
    pub predefined: Option<Format>,
    /// The `Accept` header.
    pub accept: Option<&'a str>,
    /// The `Content-Type` header.
    pub content_type: Option<&'a str>,
}

impl Default for Negotiation {
    fn default() -> Self {
        Self {
            default_format: Format::Json,
            accept_rule: AcceptRule::default(),
            formats: Format::BUILT_IN
                .into_iter()
                .filter(|format| *format != Format::Html)
                .collect(),
            switched_off: Vec::new(),
        }
    }
}

impl Negotiation {
    /// The settings of a service with the HTML page feature on, the original's normal case.
    pub fn with_html() -> Self {
        Self {
            default_format: Format::Html,
            accept_rule: AcceptRule::default(),
            formats: Format::BUILT_IN.to_vec(),
            switched_off: Vec::new(),
        }
    }

    /// The registered formats that answers can be had in, in the order pages list them; a page
    /// itself is none of them.
    pub(crate) fn written_formats(&self) -> Vec<Format> {
        let mut formats = self.formats.clone();
        formats.retain(|format| {
            let is_listed = *format != Format::Html && is_written(*format);
            is_listed && !self.switched_off.contains(format)
        });
        formats
    }

    /// The registered format of that key, in any case. A blank is as good as a plus sign, which
    /// query strings turn into one (`?format=x-custom+json`).
    pub fn format_of_key(&self, key: &str) -> Option<Format> {
        let folded = |byte: u8| if byte == b' ' { b'+' } else { byte.to_ascii_lowercase() };
        let wanted = || key.bytes().map(folded);
        self.formats.iter().copied().find(|format| format.key().bytes().eq(wanted()))
    }

    /// The registered format of that content type; parameters are ignored.
    pub fn format_of_content_type(&self, content_type: &str) -> Option<Format> {
        let wanted = media_type(content_type);
        self.formats.iter().copied().find(|format| format.is_named(wanted))
    }

    /// How to read a body of that content type.
    pub fn request_format(&self, content_type: Option<&str>) -> RequestFormat {
        let Some(content_type) = content_type else { return RequestFormat::Nothing };
        match media_type(content_type) {
            form if is_form(form) => RequestFormat::Form,
            form if is_multipart(form) => RequestFormat::Multipart,
            other => self
                .format_of_content_type(other)
                .map_or(RequestFormat::Nothing, RequestFormat::Body),
        }
    }

    /// The format of the answer. There is always one: the original never answers 406.
    pub fn response_format(&self, wishes: &Wishes<'_>) -> Format {
        if wishes.callback {
            return Format::Json;
        }
        let by_key = |key: Option<&str>| key.and_then(|key| self.format_of_key(key));
        by_key(wishes.query_format)
            .or_else(|| by_key(wishes.first_segment))
            .or(wishes.suffix)
            .or(wishes.predefined)
            .or_else(|| self.accepted(wishes))
            .unwrap_or(self.default_format)
    }

    fn accepted(&self, wishes: &Wishes<'_>) -> Option<Format> {
        // Who says nothing takes everything.
        let header = wishes.accept.unwrap_or("*/*");
        let count = match self.accept_rule {
            AcceptRule::FirstOnly => 1,
            AcceptRule::All => ACCEPT_ENTRIES_MAX,
        };
        let entries = || header.split(',').map(media_type).take(count);
        let own = self.own_format(wishes.content_type);
        self.preferred(entries(), own)
            .or_else(|| entries().any(|entry| entry == "*/*").then_some(own).flatten())
            .or_else(|| {
                let all = || self.formats.iter().copied();
                entries().find_map(|entry| all().find(|format| format.is_named(entry)))
            })
    }

    /// What `*/*` and ties are decided by: the request's own format. A form counts as the default.
    fn own_format(&self, content_type: Option<&str>) -> Option<Format> {
        match self.request_format(content_type) {
            RequestFormat::Body(format) => Some(format),
            RequestFormat::Form | RequestFormat::Multipart | RequestFormat::Nothing => {
                Some(self.default_format)
            }
        }
    }

    /// The first accepted one in the *server's* order; quality values are ignored.
    fn preferred<'h>(
        &self,
        entries: impl Iterator<Item = &'h str>,
        own: Option<Format>,
    ) -> Option<Format> {
        let order = [self.default_format, Format::Html, Format::Json, Format::Xml, Format::Jsv];
        let mut best: Option<usize> = None;
        for entry in entries {
            let accepted = order.iter().position(|format| {
                self.formats.contains(format) && starts_with(entry, format.content_type())
            });
            let Some(position) = accepted else { continue };
            if own == Some(order[position]) {
                return own;
            }
            best = Some(best.map_or(position, |earlier| earlier.min(position)));
        }
        best.map(|position| order[position])
    }
}

/// More entries of an `Accept` header than this are not looked at.
const ACCEPT_ENTRIES_MAX: usize = 32;

fn starts_with(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

fn is_multipart(media_type: &str) -> bool {
    media_type.eq_ignore_ascii_case("multipart/form-data")
}

#[cfg(test)]
mod tests {
    use super::{AcceptRule, Negotiation, Wishes};
    use crate::format::Format;

    fn check(negotiation: &Negotiation, wishes: Wishes<'_>, expected: Format) {
        assert_eq!(negotiation.response_format(&wishes), expected, "{wishes:?}");
    }

    fn accept(accept: &str) -> Wishes<'_> {
        Wishes { accept: Some(accept), ..Wishes::default() }
    }

    /// Proves the order in which the wishes are heard.
    #[test]
    fn stronger_wishes_win() {
        let rules = Negotiation::with_html();
        let all = Wishes {
            callback: true,
            query_format: Some("CSV"),
            first_segment: Some("xml"),
            suffix: Some(Format::Jsv),
            predefined: Some(Format::Json),
            accept: Some("text/html"),
            content_type: Some("application/json"),
        };
        check(&rules, all, Format::Json);
        check(&rules, Wishes { callback: false, ..all }, Format::Csv);
        let no_key = Wishes { callback: false, query_format: Some("nonsense"), ..all };
        check(&rules, no_key, Format::Xml);
        check(&rules, Wishes { first_segment: Some("orders"), ..no_key }, Format::Jsv);
        check(&rules, Wishes { first_segment: None, suffix: None, ..no_key }, Format::Json);
        check(&rules, Wishes::default(), Format::Html);
    }

    /// Proves the rules for `Accept` on both kinds of build.
    #[test]
    fn accept_follows_the_build() {
        let core = Negotiation::with_html();
        let framework = Negotiation { accept_rule: AcceptRule::All, ..Negotiation::with_html() };
        check(&core, accept("application/xml, application/json"), Format::Xml);
        check(&framework, accept("application/xml, application/json"), Format::Json);
        check(&core, accept("APPLICATION/JSON;q=0.1"), Format::Json);
        check(&core, accept("text/csv"), Format::Csv);
        check(&core, accept("text/jsv"), Format::Jsv);
        check(&core, accept("image/png"), Format::Html);
        check(&core, accept("*/*"), Format::Html);
        check(&Negotiation::default(), accept("*/*"), Format::Json);
        check(&Negotiation::default(), accept("text/html,application/xml"), Format::Json);
    }

    /// Proves that the request's own format breaks ties and answers `*/*`.
    #[test]
    fn own_format_breaks_ties() {
        let framework = Negotiation { accept_rule: AcceptRule::All, ..Negotiation::with_html() };
        let both = Wishes {
            content_type: Some("application/xml; charset=utf-8"),
            ..accept("application/json, application/xml")
        };
        check(&framework, both, Format::Xml);
        check(&framework, Wishes { accept: Some("*/*"), ..both }, Format::Xml);
        let form = Some("application/x-www-form-urlencoded");
        check(&framework, Wishes { content_type: form, ..accept("*/*") }, Format::Html);
    }
}
