//! Sources in Python, Kotlin, TypeScript and JavaScript of a model with every sort of type and
//! member, and what options do to them.
//!
//! `golden/` holds what is written: `{language}.txt` the file, `{language}.page.txt` the types of
//! an operation page. After a change that is meant, copy what the failing test has left in the
//! folder it names, and read the difference.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod attacks;
mod golden;
mod options;

#[path = "../codegen_languages/model.rs"]
mod model;

use std::borrow::Cow;

use service::codegen::{self, Language};
use service::pages::PageRequest;
use service::registry::{Registry, RegistrySettings};
use service::reply::Reply;
use wire::DateTime;

/// The languages that are tested here.
const LANGUAGES: [Language; 6] = [
    Language::Python,
    Language::Kotlin,
    Language::TypeScript,
    Language::TypeScriptDefinition,
    Language::JavaScript,
    Language::CommonJs,
];

/// The answer to a request for the file of the host `path_segment`, or of all when it is empty.
fn ask(path_segment: &str, language: Language, query: &[(&str, &str)], base_url: &str) -> Reply {
    let registry = Registry::new(model::hosts(), RegistrySettings::default()).unwrap();
    let host = registry.hosts().iter().find(|host| host.base_segment() == path_segment);
    let query: Vec<_> =
        query.iter().map(|(name, value)| (Cow::from(*name), Cow::from(*value))).collect();
    let request = PageRequest {
        registry: &registry,
        host,
        path: &["types", language.key()],
        query: &query,
        base_url,
        now: DateTime::default(),
        names: None,
    };
    codegen::respond(&request).unwrap()
}

/// The text of a file.
fn file(path_segment: &str, language: Language, query: &[(&str, &str)]) -> String {
    let reply = ask(path_segment, language, query, "https://example.org");
    let text = String::from_utf8(reply.body).unwrap();
    assert_eq!(reply.status, 200, "{text}");
    text
}

/// The types of the first operation's page.
fn page(language: Language) -> String {
    codegen::operation_source(&model::hosts()[0], &model::SAVE, language).unwrap()
}
