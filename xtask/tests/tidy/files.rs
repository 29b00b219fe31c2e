//! Finding the repository's own files.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold nothing of our own writing.
const SKIPPED: [&str; 3] = ["target", "node_modules", "demo"];

/// The folder of the whole workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Every file of the repository whose name ends with `.extension`, in a stable order.
pub(crate) fn with_extension(extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(&root(), extension, &mut found);
    found.sort();
    assert!(!found.is_empty(), "no .{extension} file was found under {}", root().display());
    found
}

fn collect(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        let name = entry.file_name().into_string().unwrap();
        let is_folder = entry.file_type().unwrap().is_dir();
        if is_folder && !name.starts_with('.') && !SKIPPED.contains(&name.as_str()) {
            collect(&path, extension, found);
        } else if !is_folder && path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
}

/// Fails with every finding at once, so that one run tells all there is to mend.
pub(crate) fn assert_none(findings: &[String]) {
    assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
}

/// A path as people say it: from the root of the repository.
pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}
