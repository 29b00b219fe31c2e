//! Moving an installation through a file or a pipe.

use std::fs;
use std::process::{Command, Stdio};

use crate::backup::{assert_refused, summary};
use crate::program::{Program, guichet};
use crate::till::demo;

#[test]
fn a_moved_installation_answers_as_before() {
    // Proves that everything arrives, that both sides say the same, and that a client does not
    // notice the move: repeats get the same bytes, numbers go on.
    let folder = tempfile::tempdir().unwrap();
    let (data, moved) = (folder.path().join("data"), folder.path().join("moved"));
    let file = folder.path().join("all.jsonl");
    let file = file.to_str().unwrap();
    let (program, buyer) = demo("demo", folder.path(), &data);
    let before = buyer.buy(program.address, "before");
    assert_refused(&guichet(&["export", file], &data), "in use by another process");
    program.terminate();
    assert!(program.wait().success());
    let exported = summary(&guichet(&["export", file], &data));
    assert_refused(&guichet(&["export", file], &data), "never replaced");
    let output = guichet(&["import", file], &moved);
    let imported = summary(&output);
    for part in ["rows", "sums", "sha256"] {
        assert_eq!(exported[part], imported[part], "{part}");
    }
    assert!(String::from_utf8_lossy(&output.stderr).ends_with("both sides agree\n"));
    assert_refused(&guichet(&["import", file], &moved), "not empty");
    let program = Program::start("moved", folder.path(), &moved, &["serve"]);
    assert_eq!(buyer.buy(program.address, "before"), before, "the same bytes, the same codes");
    let next = buyer.buy(program.address, "next");
    let number = |body: &str| {
        let answer: serde_json::Value = serde_json::from_str(body).unwrap();
        answer["ticketAndDetails"]["eventTicket"]["id"].as_i64().unwrap()
    };
    assert_eq!(number(&next), number(&before) + 1);
}

#[test]
fn one_engine_feeds_another() {
    // Proves that standard output and input take the place of a file.
    let folder = tempfile::tempdir().unwrap();
    let (data, moved) = (folder.path().join("data"), folder.path().join("moved"));
    demo("demo", folder.path(), &data).0.kill();
    let mut export = Command::new(env!("CARGO_BIN_EXE_guichet"))
        .args(["export", "-", "--data"])
        .arg(&data)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let import = Command::new(env!("CARGO_BIN_EXE_guichet"))
        .args(["import", "-", "--data"])
        .arg(&moved)
        .stdin(export.stdout.take().unwrap())
        .output()
        .unwrap();
    assert!(export.wait().unwrap().success());
    assert!(summary(&import)["rows"]["event"].as_u64().unwrap() > 0);
}

#[test]
fn half_an_import_does_not_sell() {
    // Proves that a file that was cut off is noticed, and that what has arrived of it is refused
    // by everything, with a sentence that says what to do.
    let folder = tempfile::tempdir().unwrap();
    let (data, moved) = (folder.path().join("data"), folder.path().join("moved"));
    let file = folder.path().join("all.jsonl").to_str().unwrap().to_owned();
    demo("demo", folder.path(), &data).0.kill();
    summary(&guichet(&["export", &file], &data));
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, &bytes[..bytes.len() - 100]).unwrap();
    assert_refused(&guichet(&["import", &file], &moved), "cut off");
    for command in [&["check"][..], &["import", &file], &["export", "-"]] {
        assert_refused(&guichet(command, &moved), "was not finished");
    }
    let serve = guichet(&["serve", "--listen", "127.0.0.1:0", "--log-level", "error"], &moved);
    assert_refused(&serve, "was not finished");
}
