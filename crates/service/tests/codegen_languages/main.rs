//! Sources in the languages, of a model with every sort of type and member.
//!
//! `golden/` holds what is written: `{language}.txt` the file, `{language}.page.txt` the types of
//! an operation page. After a change that is meant, copy what the failing test has left in the
//! folder it names, and read the difference.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod attacks;
mod golden;
mod model;
mod syntax;

use std::borrow::Cow;

use service::codegen::{self, Language};
use service::pages::PageRequest;
use service::registry::{Registry, RegistrySettings};
use wire::DateTime;

/// The file of the host `path_segment`, or of all of them when it is empty.
fn file(path_segment: &str, language: Language, query: &[(&str, &str)]) -> String {
    let registry = Registry::new(model::hosts(), RegistrySettings::default()).unwrap();
    let host = registry.hosts().iter().find(|host| host.base_segment() == path_segment);
    let query: Vec<_> =
        query.iter().map(|(name, value)| (Cow::from(*name), Cow::from(*value))).collect();
    let reply = codegen::respond(&PageRequest {
        registry: &registry,
        host,
        path: &["types", language.key()],
        query: &query,
        base_url: "https://example.org",
        now: DateTime::default(),
        names: None,
    });
    let reply = reply.unwrap();
    let text = String::from_utf8(reply.body.clone()).unwrap();
    assert_eq!(reply.status, 200, "{text}");
    text
}

/// The types of the first operation's page.
fn page(language: Language) -> String {
    let hosts = model::hosts();
    codegen::operation_source(&hosts[0], &model::SAVE, language).unwrap()
}
