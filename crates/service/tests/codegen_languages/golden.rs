//! What is written, letter for letter.

use std::path::{Path, PathBuf};

use service::codegen::Language;

/// The languages whose sources are kept here.
const LANGUAGES: [Language; 11] = [
    Language::CSharp,
    Language::Rust,
    Language::Java,
    Language::Go,
    Language::FSharp,
    Language::VbNet,
    Language::Php,
    Language::Swift,
    Language::Dart,
    Language::Ruby,
    Language::Zig,
];

/// Proves that sources stay as they are unless somebody means to change them.
#[test]
fn sources_are_as_kept() {
    let mut changed = Vec::new();
    for language in LANGUAGES {
        let key = language.key();
        let file = crate::file("samples", language, &[]);
        compare(&format!("{key}.txt"), &file, &mut changed);
        compare(&format!("{key}.page.txt"), &crate::page(language), &mut changed);
    }
    assert!(changed.is_empty(), "not as kept in golden/, now in {changed:#?}");
}

/// Leaves a text that is not as kept where it can be looked at.
fn compare(name: &str, text: &str, changed: &mut Vec<PathBuf>) {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/codegen_languages/golden");
    let kept = std::fs::read_to_string(kept.join(name)).unwrap_or_default();
    if kept != text {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("golden");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), text).unwrap();
        changed.push(folder.join(name));
    }
}
