//! Manifests: which crate may know which (ARCHITECTURE.md), and what each says about itself.

use std::fs;

use toml::Table;

use crate::files::{assert_none, root};

/// What one crate may and must not know.
struct Rule {
    name: &'static str,
    /// Crates of this workspace it may use.
    may_use: &'static [&'static str],
    /// Crates from outside that would break its boundary.
    never: &'static [&'static str],
}

const HTTP: &[&str] = &["axum", "hyper", "hyper-util", "tokio"];
const SQL: &[&str] = &["rusqlite", "libsqlite3-sys", "tokio-postgres"];
const EFFECTS: &[&str] =
    &["axum", "hyper", "tokio", "rusqlite", "getrandom", "rand", "async-trait"];

/// The boundaries. Changing one changes ARCHITECTURE.md in the same commit.
const RULES: &[Rule] = &[
    Rule { name: "wire", may_use: &[], never: HTTP },
    Rule { name: "service-macros", may_use: &["wire"], never: HTTP },
    Rule { name: "service", may_use: &["wire", "service-macros"], never: HTTP },
    Rule { name: "contract", may_use: &["service", "wire"], never: HTTP },
    Rule { name: "domain", may_use: &[], never: EFFECTS },
    Rule { name: "document", may_use: &["domain"], never: HTTP },
    Rule { name: "store-vfs", may_use: &[], never: HTTP },
    Rule { name: "store", may_use: &["domain", "store-vfs"], never: &["axum", "hyper"] },
    Rule { name: "gateway", may_use: &["domain"], never: SQL },
    Rule {
        name: "server",
        may_use: &["contract", "document", "service", "wire", "domain", "store", "gateway"],
        never: SQL,
    },
    Rule {
        name: "guichet",
        may_use: &["server", "contract", "service", "domain", "store", "gateway"],
        never: SQL,
    },
    Rule { name: "postgres-fixture", may_use: &[], never: &["tokio", "tokio-postgres"] },
    Rule {
        name: "fuzz-targets",
        may_use: &["wire", "service", "contract", "domain", "store", "gateway", "server"],
        never: SQL,
    },
    Rule { name: "simulator", may_use: &["domain", "store", "gateway", "server"], never: SQL },
    Rule { name: "conformance", may_use: &["contract", "service", "wire"], never: HTTP },
    Rule {
        name: "bench",
        may_use: &["contract", "service", "wire", "domain", "store", "gateway", "postgres-fixture"],
        never: SQL,
    },
];

/// Folder name and manifest of every crate.
fn manifests() -> Vec<(String, Table)> {
    let folders = fs::read_dir(root().join("crates")).unwrap().map(|entry| entry.unwrap().path());
    let read = |path: std::path::PathBuf| {
        let manifest = fs::read_to_string(path.join("Cargo.toml")).ok()?.parse().unwrap();
        Some((path.file_name()?.to_str()?.to_owned(), manifest))
    };
    folders.filter_map(read).collect()
}

/// What a crate is built from; tests may use more.
fn dependencies(manifest: &Table) -> Vec<String> {
    let sections = ["dependencies", "build-dependencies"];
    let tables = sections.into_iter().filter_map(|section| manifest.get(section)?.as_table());
    tables.flat_map(|table| table.keys().cloned()).collect()
}

fn findings_of(rule: &Rule, manifest: &Table, workspace: &[String]) -> Vec<String> {
    let name = rule.name;
    let mut findings = Vec::new();
    for used in dependencies(manifest) {
        if workspace.contains(&used) && !rule.may_use.contains(&used.as_str()) {
            findings.push(format!("{name} must not know {used}"));
        }
        if rule.never.contains(&used.as_str()) {
            findings.push(format!("{name} must not use {used}"));
        }
    }
    findings
}

#[test]
fn every_crate_keeps_to_its_boundary() {
    // Proves the code map: each rule of the product has one address.
    let manifests = manifests();
    let workspace: Vec<String> = manifests.iter().map(|(name, _)| name.clone()).collect();
    let mut findings = Vec::new();
    for (name, manifest) in &manifests {
        match RULES.iter().find(|rule| rule.name == name) {
            Some(rule) => findings.extend(findings_of(rule, manifest, &workspace)),
            None => findings.push(format!("{name} has no rule; say what it may know")),
        }
    }
    assert_none(&findings);
}

#[test]
fn every_crate_says_what_it_is_for_and_keeps_the_lints() {
    // Proves that a reader of the manifest learns the purpose, and that no lint is lost.
    let mut findings = Vec::new();
    for (name, manifest) in manifests() {
        let package = manifest.get("package").and_then(toml::Value::as_table);
        if package.and_then(|package| package.get("description")).is_none() {
            findings.push(format!("{name} has no description"));
        }
        if !manifest.contains_key("lints") {
            findings.push(format!("{name} does not take up the workspace's lints"));
        }
    }
    assert_none(&findings);
}

#[test]
fn a_broken_boundary_is_found() {
    // Proves that the check can fail, for crates of ours and for crates from outside.
    let manifest: Table = "[dependencies]\nstore = {}\ntokio = {}\nserde = {}".parse().unwrap();
    let rule = RULES.iter().find(|rule| rule.name == "domain").unwrap();
    let found = findings_of(rule, &manifest, &["store".to_owned()]);
    assert_eq!(found, ["domain must not know store", "domain must not use tokio"]);
}
