//! Backups of an installation that sells, and installations made of them.

use std::fs;
use std::process::Output;

use serde_json::Value;

use crate::program::{Program, guichet};
use crate::till::demo;

/// The one line for programs.
pub(crate) fn summary(output: &Output) -> Value {
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Fails with one sentence that has this in it.
pub(crate) fn assert_refused(output: &Output, words: &str) {
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && output.stdout.is_empty(), "{complaint}");
    assert!(complaint.starts_with("guichet: ") && complaint.contains(words), "{complaint}");
    assert_eq!(complaint.trim_end().lines().count(), 1, "{complaint}");
}

#[test]
fn a_restored_installation_answers_as_before() {
    // Proves that a backup of a running server has every order answered before it, with the keys
    // that its tickets and repeats need, and that the restored installation sells on.
    let folder = tempfile::tempdir().unwrap();
    let (data, restored) = (folder.path().join("data"), folder.path().join("restored"));
    let file = folder.path().join("monday.backup");
    let file = file.to_str().unwrap();
    let (program, buyer) = demo("demo", folder.path(), &data);
    let before = buyer.buy(program.address, "before");
    let taken = summary(&guichet(&["backup", file], &data));
    buyer.buy(program.address, "after");
    program.kill();
    assert_eq!((&taken["sales"], &taken["postings"]), (&1.into(), &1.into()), "{taken}");
    let output = guichet(&["restore", file], &restored);
    let told = summary(&output);
    assert_eq!((&told["sales"], &told["sums"]), (&taken["sales"], &taken["sums"]));
    assert!(String::from_utf8_lossy(&output.stderr).contains("the gateway's list"));
    let program = Program::start("restored", folder.path(), &restored, &["serve"]);
    assert_eq!(buyer.buy(program.address, "before"), before, "the same bytes, the same codes");
    buyer.buy(program.address, "new");
    program.kill();
    let check = guichet(&["check"], &restored);
    let said = String::from_utf8_lossy(&check.stdout).into_owned();
    assert!(said.starts_with("2 sales") && said.ends_with("all is well\n"), "{said}");
}

#[test]
fn numbers_are_skipped_on_demand() {
    // Proves that numbers go on far above after `skip-numbers`, that it keeps away from a server
    // that sells, and that what is sold afterwards holds together.
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let (program, buyer) = demo("demo", folder.path(), &data);
    buyer.buy(program.address, "before");
    assert_refused(&guichet(&["skip-numbers"], &data), "in use by another process");
    program.kill();
    let told = summary(&guichet(&["skip-numbers", "--count", "5000"], &data));
    assert_eq!(told["next_numbers"]["Sale"], 6 * 1_024, "{told}");
    let all = guichet(&["skip-numbers", "--count", "3000000000"], &data);
    assert_refused(&all, "skip fewer");
    let program = Program::start("again", folder.path(), &data, &["serve"]);
    let answer: Value = serde_json::from_str(&buyer.buy(program.address, "after")).unwrap();
    assert_eq!(answer["ticketAndDetails"]["eventTicket"]["id"], 6 * 1_024, "{answer}");
}

#[test]
fn nothing_is_overwritten_or_mixed() {
    // Proves that neither command touches what is there, and that each says what to do.
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    assert_refused(&guichet(&["backup", &path("a")], &data), "there is no installation");
    demo("demo", folder.path(), &data).0.kill();
    summary(&guichet(&["backup", &path("a")], &data));
    let bytes = fs::read(path("a")).unwrap();
    assert_refused(&guichet(&["backup", &path("a")], &data), "never replaced");
    assert_refused(&guichet(&["restore", &path("a")], &data), "is not empty");
    assert_eq!(fs::read(path("a")).unwrap(), bytes);
    let database = data.join("guichet.db").to_str().unwrap().to_owned();
    let empty = folder.path().join("empty");
    assert_refused(&guichet(&["restore", &database], &empty), "guichet backup");
    fs::write(path("half"), &bytes[..bytes.len() / 2]).unwrap();
    assert_refused(&guichet(&["restore", &path("half")], &empty), "damaged");
    assert!(!empty.exists(), "nothing is left of the try");
}
