//! Users, keys and the audit on the command line.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::exchange::send;
use crate::program::{Program, guichet};
use crate::search::files;

const PASSWORD: &str = "correct horse battery";

/// Runs a command to its end, with a line on its standard input.
fn typed(arguments: &[&str], data: &Path, line: &str) -> Output {
    let command = Command::new(env!("CARGO_BIN_EXE_guichet"))
        .args(arguments)
        .arg("--data")
        .arg(data)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut command = command.unwrap();
    // It may have ended without reading.
    let _ = writeln!(command.stdin.take().unwrap(), "{line}");
    command.wait_with_output().unwrap()
}

fn said(output: &Output) -> String {
    let said = [output.stdout.as_slice(), &output.stderr].concat();
    String::from_utf8(said).unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    assert!(output.status.success(), "{}", said(output));
    let text = said(output);
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The status of a sign-in over HTTP.
fn signs_in(program: &Program, password: &str) -> u16 {
    let body = serde_json::json!({ "userName": "ANNA@example.is", "password": password });
    let headers = [("Content-Type", "application/json"), ("Accept", "application/json")];
    let body = body.to_string();
    send(program.address, "POST", "/auth/credentials", &headers, body.as_bytes()).status
}

#[test]
fn an_operator_looks_after_users() {
    // Proves that users are made, changed and removed by commands, that passwords come on standard
    // input only and are stored nowhere, and that the audit tells all of it.
    let folder = tempfile::tempdir().unwrap();
    let data = &folder.path().join("data");
    let add = ["user", "add", "--name", "Anna", "--email", "anna@example.is", "--role", "Agent"];
    let short = typed(&add, data, "short");
    assert!(!short.status.success() && said(&short).contains("10 characters"), "{}", said(&short));
    assert!(!said(&short).contains("Password:"), "{}", said(&short));
    assert!(said(&typed(&add, data, "")).contains("no password came on standard input"));
    let added = typed(&add, data, PASSWORD);
    assert!(added.status.success() && said(&added).contains("Anna  active  Agent"));
    assert!(said(&typed(&add, data, PASSWORD)).contains("already; nothing was changed"));
    let bound = guichet(&["user", "roles", "anna", "--role", "TeamAdmin"], data);
    assert!(!bound.status.success() && said(&bound).contains("--organiser"), "{}", said(&bound));
    let program = Program::start("serve", folder.path(), data, &["serve"]);
    assert_eq!((signs_in(&program, PASSWORD), signs_in(&program, "another one")), (200, 401));
    program.terminate();
    assert!(program.wait().success());

    let other = "another battery";
    assert!(typed(&["user", "password", "anna"], data, other).status.success());
    for arguments in [
        ["user", "lock", "anna"].as_slice(),
        &["user", "unlock", "anna"],
        &["user", "roles", "anna", "--role", "Admin", "--permission", "ReadData"],
    ] {
        let output = guichet(arguments, data);
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
    }
    let users = lines(&guichet(&["user", "list", "--json"], data));
    assert_eq!((users.len(), &users[0]["roles"]), (1, &serde_json::json!(["Admin"])));
    assert!(said(&guichet(&["user", "remove", "bella"], data)).contains("no user \"bella\""));
    assert!(guichet(&["user", "remove", "anna"], data).status.success());
    assert!(lines(&guichet(&["user", "list", "--json"], data)).is_empty());

    let audit = lines(&guichet(&["audit", "--json"], data));
    let events: Vec<&str> = audit.iter().map(|line| line["event"].as_str().unwrap()).collect();
    let expected = [
        "user_created",
        "signed_in",
        "sign_in_failed",
        "password_changed",
        "user_locked",
        "user_unlocked",
        "rights_changed",
        "user_removed",
    ];
    assert_eq!(events, expected);
    assert!(lines(&guichet(&["audit", "--json", "--since", "2999-01-01"], data)).is_empty());
    for file in files(data) {
        let bytes = fs::read(file).unwrap();
        for secret in [PASSWORD, other] {
            let is_secret = |window: &[u8]| window == secret.as_bytes();
            assert!(!bytes.windows(secret.len()).any(is_secret), "{secret}");
        }
    }
}

#[test]
fn an_operator_withdraws_a_key() {
    // Proves that keys are listed without being told, and that a withdrawn one opens nothing.
    let folder = tempfile::tempdir().unwrap();
    let data = &folder.path().join("data");
    let made = said(&guichet(&["key", "create", "--name", "till", "--role", "Admin"], data));
    let key = made.lines().last().unwrap();
    let listed = lines(&guichet(&["key", "list", "--json"], data));
    let begins = listed[0]["begins"].as_str().unwrap();
    assert!(key.starts_with(begins) && key.len() > 2 * begins.len());
    let number = listed[0]["id"].to_string();
    assert!(said(&guichet(&["key", "withdraw", "99"], data)).contains("there is no key 99"));
    for (meant, words) in [("till", "number or its beginning"), ("gk_0x", "begins so")] {
        assert!(said(&guichet(&["key", "withdraw", meant], data)).contains(words), "{meant}");
    }
    let withdrawn = guichet(&["key", "withdraw", begins], data);
    assert!(withdrawn.status.success(), "{}", said(&withdrawn));
    assert!(said(&guichet(&["key", "withdraw", &number], data)).contains("before"));
    assert!(said(&guichet(&["key", "list"], data)).contains("withdrawn"));
    let program = Program::start("serve", folder.path(), data, &["serve"]);
    let headers = [("Authorization", &*format!("Bearer {key}")), ("Accept", "application/json")];
    let status = send(program.address, "GET", "/events", &headers, b"").status;
    assert_eq!(status, 401);
    program.terminate();
    assert!(program.wait().success());
    let audit = said(&guichet(&["audit"], data));
    assert!(audit.contains(&format!("– {begins} = Admin")), "{audit}");
    assert!(audit.contains("not known  a stranger  from 127.0.0.1  – EventsListing"), "{audit}");
}
