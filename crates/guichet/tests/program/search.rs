//! Looking for things in files, and for the demo's order in what it prints.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The demo's key, and the order of its printed line, once both are there.
pub(crate) fn open_line(data: &Path, printed: &str) -> Option<(String, Value)> {
    let line = printed.lines().find(|line| line.trim().starts_with("-d '{\"order\""))?;
    let body = line.trim().strip_prefix("-d '")?.strip_suffix('\'')?;
    let key = fs::read_to_string(data.join("demo.key")).ok()?;
    Some((key.trim().to_owned(), serde_json::from_str(body).ok()?))
}

/// Every file in a folder and in the folders within.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found
}

/// Whether `wanted` stands in `text` with neither letter nor digit around it, so that digits
/// in the middle of a time stamp or a token are not taken for a security code.
pub(crate) fn holds(text: &[u8], wanted: &str) -> bool {
    let wanted = wanted.as_bytes();
    let edge = |byte: Option<&u8>| byte.is_none_or(|byte| !byte.is_ascii_alphanumeric());
    text.windows(wanted.len()).enumerate().any(|(start, window)| {
        window == wanted
            && edge(start.checked_sub(1).and_then(|before| text.get(before)))
            && edge(text.get(start + wanted.len()))
    })
}

#[test]
fn the_search_finds_what_is_there() {
    // Proves that a search that finds nothing means something.
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("deep")).unwrap();
    let file = folder.path().join("deep/file");
    fs::write(&file, b"\x00\x01cvc=9371\xff 193710 a93714").unwrap();
    assert_eq!(files(folder.path()), [file.as_path()]);
    let text = fs::read(&file).unwrap();
    assert!(holds(&text, "9371") && holds(&text, "cvc"));
    assert!(!holds(&text, "937") && !holds(&text, "3714") && !holds(b"19371", "9371"));
}
