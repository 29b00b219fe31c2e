//! Whole operation pages: their visible text is that of the published ones.

use sha2::{Digest, Sha256};

use crate::ask::{get, registry};
use crate::seeds::{Layout, PAGES, Page, published};
use crate::text::visible;

/// What is on our pages and not in any copy: the tabs of languages, which the copies have lost and
/// whose list grew over time (`servicestack.md §8.2` point 7), and our links to the same page in
/// other formats. Both are navigation.
const NAVIGATION: &[&str] = &["nav"];

/// What two of the copies have lost besides: headings and captions.
const NAVIGATION_AND_HEADINGS: &[&str] = &["nav", "h1", "h2", "h3", "caption"];

/// The way back to the list (`servicestack.md §8.2` point 2), which the same two have lost.
const BACK: &str = "<back to all web services";

/// Our page of a published operation, in its format and language.
fn ours(page: &Page) -> String {
    let (key, name) = (page.format.key(), page.operation.name());
    let target = format!("/{key}/metadata?op={name}&lang={}", page.language);
    let reply = get(&registry(), page.authority, &target).unwrap();
    assert_eq!(reply.status, 200, "{target}");
    String::from_utf8(reply.body).unwrap()
}

/// The text of a page in the form that both sides of a comparison can have.
fn comparable(text: &str, layout: Layout) -> String {
    let is_rule = |line: &&str| line.chars().all(|letter| matches!(letter, '|' | '-'));
    let lines = text.lines().map(str::trim_end).filter(|line| !is_rule(line));
    let lines: Vec<&str> = lines.collect();
    match layout {
        Layout::Exact => lines.join("\n"),
        // Blanks have gone astray, and the borders of cells have become strokes.
        Layout::Lines | Layout::Words => {
            let text = lines.concat().replace(BACK, "");
            text.split([' ', '\t', '|']).collect::<Vec<_>>().concat()
        }
    }
}

/// Proves that a reader of our page sees the published one. The exceptions are the constants above.
#[test]
fn text_is_published() {
    for page in &PAGES {
        let Some(published) = published(page.seed) else { continue };
        let left_out =
            if page.layout == Layout::Exact { NAVIGATION } else { NAVIGATION_AND_HEADINGS };
        let ours = comparable(&visible(&ours(page), left_out), page.layout);
        let published = comparable(&published, page.layout);
        assert_eq!(ours, published, "page {}: {}", page.seed, first_difference(&ours, &published));
    }
}

/// Where two texts part, for the message.
fn first_difference(ours: &str, published: &str) -> String {
    let equal = ours.chars().zip(published.chars()).take_while(|(left, right)| left == right);
    let start = equal.count().saturating_sub(40);
    let excerpt = |text: &str| text.chars().skip(start).take(120).collect::<String>();
    format!("…{}… is published as …{}…", excerpt(ours), excerpt(published))
}

/// SHA-256 of the visible text of each page of [`PAGES`], so that a change is seen where the
/// published pages are not at hand.
const DIGESTS: [&str; 5] = [
    "e2e9012c65208da3677f693f033808cf70ec56f9da98554c856d7b7ec5c6dd6b",
    "ae806dd6eb6d8c48a5bfeb8bcd834ffbfb6f68663825cd490750d801420a7a05",
    "24ff1b02d1055d0a385d5796d506b53e532018cbb9b39b30cd8c67cea20dfeca",
    "442fc79046e62be85e14946a0adef42853e2af080468ffa15df4e357accc559d",
    "16339274ddfd2d43164c6c173cf204a4872afe454d07c8f1c093bfdad8949330",
];

/// Proves that the text of the pages has not changed since it was held against the published ones.
#[test]
fn text_is_unchanged() {
    let digest = |page| Sha256::digest(visible(&ours(page), NAVIGATION));
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let digests: Vec<String> = PAGES.iter().map(|page| hex(&digest(page))).collect();
    assert_eq!(digests, DIGESTS);
}
