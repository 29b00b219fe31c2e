//! The sources on the published operation pages, to the letter.

use service::codegen::{Language, operation_source};
use service::host::Host;
use service::operation::Operation;
use sha2::{Digest, Sha256};

use crate::seeds::{Layout, PAGES, Page, published};

fn ours(page: &Page) -> String {
    let hosts = contract::hosts("Agents", "Clubs");
    let has = |host: &&Host, operation: &Operation| {
        host.operations.iter().any(|known| known.name() == operation.name())
    };
    let host = hosts.iter().find(|host| has(host, page.operation)).unwrap();
    let language = Language::from_key(page.language).unwrap();
    operation_source(host, page.operation, language).unwrap()
}

/// The source within the text of a page: from its first import to the link below it.
fn source_of<'p>(text: &'p str, page: &Page) -> &'p str {
    let start = text.find("import ").unwrap();
    let title = Language::from_key(page.language).unwrap().title();
    let end = text.find(&format!("\n{title} {} DTOs", page.operation.name())).unwrap();
    text[start..=end].trim_end()
}

/// The source in the form that its copy can have: whole, or line by line without indentation, and
/// where only words are left, with one blank where there were several.
fn comparable(source: &str, layout: Layout) -> String {
    if layout == Layout::Exact {
        return source.trim_end().to_owned();
    }
    let lines = source.lines().map(str::trim).filter(|line| !line.is_empty());
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    lines.map(words).collect::<Vec<_>>().join("\n")
}

/// Proves that the generated source of each published page is the published one: order, names,
/// types, defaults, enums, attributes, descriptions and empty lines.
#[test]
fn sources_are_published() {
    for page in &PAGES {
        let Some(text) = published(page.seed) else { continue };
        let published = comparable(source_of(&text, page), page.layout);
        assert_eq!(comparable(&ours(page), page.layout), published, "page {}", page.seed);
    }
}

/// SHA-256 of each of them, so that a change is seen where the published pages are not at hand.
const DIGESTS: [&str; 5] = [
    "ff5266f7d65ba4530a44223268fdb8c945d29c417d5be8600a0be57822526a08",
    "746c9767c660c563bacbee7f60211e5c76efab71f4a2cfd969b0bdb1e812f6b7",
    "a21aee530d9043e7d4ad554faf2bb5a4c773a8c7cf964bce7b3fdcd962352d3f",
    "40c0a0fd2dea54ef157d5af9e5784ed6d1036da43268dd91e015553f91e05557",
    "ddf2ecf85860e9728f7e47020435d2c73183943b672e27a830e275278a8b1052",
];

/// Proves that the sources have not changed since they were held against the published ones.
#[test]
fn sources_are_unchanged() {
    for (page, expected) in PAGES.iter().zip(DIGESTS) {
        let digest = Sha256::digest(ours(page));
        let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(digest, expected, "the source of page {} has changed", page.seed);
    }
}
