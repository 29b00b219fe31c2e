//! Documents: links that lead somewhere, and a changelog that is kept.

use std::fs;
use std::path::Path;

use crate::files::{assert_none, root, shown, with_extension};

/// The targets of inline links outside code.
fn links(markdown: &str) -> Vec<&str> {
    let mut in_fence = false;
    let mut found = Vec::new();
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            in_fence = !in_fence;
        } else if !in_fence {
            found.extend(links_in(line));
        }
    }
    found
}

/// The text between every `](` and the bracket that closes it, code spans left out.
fn links_in(line: &str) -> impl Iterator<Item = &str> {
    let outside_code = line.split('`').step_by(2);
    outside_code.flat_map(|text| {
        text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target)
    })
}

/// Whether a link that stays inside the repository leads to a file or folder.
fn resolves(target: &str, folder: &Path) -> bool {
    let elsewhere = ["http://", "https://", "mailto:", "#"];
    if elsewhere.iter().any(|start| target.starts_with(start)) {
        return true;
    }
    let path = target.split('#').next().unwrap_or(target);
    folder.join(path).exists()
}

#[test]
fn every_link_between_files_resolves() {
    // Proves that moving a file moves what points to it.
    let mut findings = Vec::new();
    for path in with_extension("md") {
        let text = fs::read_to_string(&path).unwrap();
        let dead = links(&text).into_iter().filter(|link| !resolves(link, path.parent().unwrap()));
        findings.extend(dead.map(|link| format!("{}: `{link}` is not there", shown(&path))));
    }
    assert_none(&findings);
}

#[test]
fn the_changelog_has_a_place_for_the_next_change() {
    // Proves that a change can be noted where its users will look.
    let changelog = fs::read_to_string(root().join("CHANGELOG.md")).unwrap();
    assert!(changelog.lines().any(|line| line.starts_with("## ") && line.contains("Unreleased")));
}

#[test]
fn a_dead_link_is_found() {
    // Proves that the check can fail, and what it leaves alone.
    let markdown = "[a](missing.md) `[b](code.md)`\n```\n[c](fence.md)\n```\n[d](Cargo.toml#x)";
    assert_eq!(links(markdown), ["missing.md", "Cargo.toml#x"]);
    assert!(!resolves("missing.md", &root()) && resolves("Cargo.toml#x", &root()));
    assert!(resolves("https://example.org/", &root()));
}
