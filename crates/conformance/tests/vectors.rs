//! Runs the files of vectors: the crate's own, and the large one where it lies beside the checkout.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;

use conformance::{Report, parse};

fn check(text: &str) -> Report {
    let vectors = parse(text).unwrap();
    let report = Report::of(&vectors);
    assert!(!report.has_failures(), "{report}");
    report
}

/// Proves that a checkout without its surroundings tests something of every dialect.
#[test]
fn own_vectors_pass() {
    let report = check(include_str!("../vectors/own.jsonl"));
    let unsupported: usize = report.kinds.values().map(|tally| tally.unsupported.len()).sum();
    assert_eq!(unsupported, 0, "{report}");
}

/// Proves each rule of the reference at its edges: what it says of names, numbers, dates, quoting,
/// routes, negotiation, errors and sources, for inputs that it has no example for.
#[test]
fn every_rule_holds_at_its_edges() {
    check(include_str!("../vectors/rules.jsonl"));
}

/// Proves that every vector of the kinds that are run has the right output.
#[test]
fn shared_vectors_pass() {
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors/servicestack.jsonl");
    match std::fs::read_to_string(&file) {
        Ok(text) => {
            check(&text);
        }
        Err(error) => eprintln!("skipped: {} cannot be read: {error}", file.display()),
    }
}

/// Proves that a wrong output is a failure, and so is a kind that nothing here can run.
#[test]
fn wrong_output_fails() {
    let wrong = r#"{"id":"w","kind":"camel-case","input":"Id","expected":"ID"}"#;
    let report = Report::of(&parse(wrong).unwrap());
    assert!(report.has_failures());
    assert!(report.to_string().contains("w (line 1) FAILED"), "{report}");
    let unknown = r#"{"id":"u","kind":"no-such-kind","input":1,"expected":2}"#;
    let report = Report::of(&parse(unknown).unwrap());
    assert!(report.has_failures());
    assert_eq!(report.kinds["no-such-kind"].unsupported.len(), 1);
}
