//! What is written, letter for letter.

use std::path::{Path, PathBuf};

use crate::{LANGUAGES, file, page};

/// Proves that sources stay as they are unless somebody means to change them.
#[test]
fn sources_are_as_kept() {
    let mut changed = Vec::new();
    for language in LANGUAGES {
        let key = language.key();
        compare(&format!("{key}.txt"), &file("samples", language, &[]), &mut changed);
        compare(&format!("{key}.page.txt"), &page(language), &mut changed);
    }
    assert!(changed.is_empty(), "not as kept in golden/, now in {changed:#?}");
}

/// Leaves a text that is not as kept where it can be looked at.
fn compare(name: &str, text: &str, changed: &mut Vec<PathBuf>) {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/codegen/golden").join(name);
    if std::fs::read_to_string(kept).ok().as_deref() != Some(text) {
        let now = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&now, text).unwrap();
        changed.push(now);
    }
}
