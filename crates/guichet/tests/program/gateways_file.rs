//! `--gateways FILE`: what is refused at the start, and what is sold with it.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::exchange::send;
use crate::program::{Program, until};
use crate::till::buyer;

/// Writes a file that only its owner can read.
fn write_secret(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, Permissions::from_mode(0o600)).unwrap();
}

/// Starts a server that should not start; brings what it says of it.
fn refusal(folder: &Path, gateways: &str) -> String {
    let (file, said) = (folder.join("gateways.toml"), folder.join("said"));
    fs::write(&file, gateways).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_guichet"))
        .args(["serve", "--listen", "127.0.0.1:0", "--gateways"])
        .arg(&file)
        .arg("--data")
        .arg(folder.join("data"))
        .env("EMPTY_SECRET", "")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(&said).unwrap())
        .spawn()
        .unwrap();
    let status = until("the program to refuse", || child.try_wait().unwrap());
    assert!(!status.success(), "{gateways}");
    fs::read_to_string(said).unwrap()
}

#[test]
fn secrets_and_addresses_are_checked_at_the_start() {
    // Proves that each slip that only the machine can tell stops the start with the gateway's name
    // and what to do, and that no secret is printed.
    let folder = tempfile::tempdir().unwrap();
    let open = folder.path().join("open.key");
    write_secret(&open, "sk_hush");
    fs::set_permissions(&open, Permissions::from_mode(0o644)).unwrap();
    write_secret(&folder.path().join("good.key"), "sk_hush\n");
    write_secret(&folder.path().join("empty.key"), "\n");
    write_secret(&folder.path().join("two.key"), "sk_hush sk_other");
    let check = |table: &str, expected: &str| {
        let said = refusal(folder.path(), &format!("[gateway.cards]\n{table}"));
        assert!(said.contains("[gateway.cards]"), "{table}\n{said}");
        assert!(said.contains(expected), "{table}\n{said}");
        assert!(!said.contains("hush"), "{said}");
    };
    let stripe = |place: &str| format!("kind = \"stripe\"\nsecret_key = {{ {place} }}\n");
    check(&stripe("file = \"none.key\""), "none.key cannot be read");
    check(&stripe("file = \"open.key\""), "is open to everybody on this machine");
    check(&stripe("file = \"empty.key\""), "must hold one secret");
    check(&stripe("file = \"two.key\""), "must hold one secret");
    check(&stripe("env = \"EMPTY_SECRET\""), "EMPTY_SECRET must hold one secret");
    check(&stripe("env = \"NO_SUCH_SECRET\""), "NO_SUCH_SECRET is not set");
    let good = stripe("file = \"good.key\"");
    check(&format!("{good}base_url = \"http://192.0.2.7\""), "base_url must look like https://");
    let certificate = format!("{good}root_certificate_file = \"good.key\"");
    check(&certificate, "the file holds no certificate");
    let phone = "kind = \"phone\"\napp_key = { file = \"good.key\" }\n\
                 secrets = [{ file = \"good.key\" }]\n";
    check(phone, "base_url is missing");
    let borgun = "kind = \"borgun\"\nprivate_token = { file = \"good.key\" }\n\
                  authorization = \"pair\"\n";
    check(borgun, "needs the public token");
    check("kind = \"sandbox\"\nbase_url = \"http://example.org\"", "must look like http://127");
}

#[test]
fn tickets_are_sold_through_described_gateways() {
    // Proves that a server with a file sells through the gateway of its name, that `/health` tells
    // of each gateway, and that one that nobody answers for makes nothing unready.
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    write_secret(&folder.path().join("stripe.key"), "sk_test_hush");
    let file = folder.path().join("gateways.toml");
    let text = "[gateway.sandbox]\nkind = \"sandbox\"\n\n[gateway.phone]\nkind = \"sandbox\"\n\
                asks_phones = true\n\n[gateway.cards]\nkind = \"stripe\"\n\
                base_url = \"http://127.0.0.1:1\"\nsecret_key = { file = \"stripe.key\" }\n";
    fs::write(&file, text).unwrap();
    let arguments = ["demo", "--gateways", file.to_str().unwrap()];
    let program = Program::start("demo", folder.path(), &data, &arguments);
    buyer(&program, &data).buy(program.address, "through the file");
    let health: Value = send(program.address, "GET", "/health", &[], b"").json();
    let gateways = health["gateways"].as_array().unwrap();
    let names: Vec<_> = gateways.iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["cards", "phone", "sandbox"], "{health}");
    assert!(gateways.iter().all(|one| one["condition"] == "up"), "{health}");
    assert!(gateways[2]["approved"].as_u64() >= Some(1), "{health}");
    assert_eq!(gateways[0]["calls"], 0, "{health}");
    assert!(!health.to_string().contains("hush"), "{health}");
    assert_eq!(send(program.address, "GET", "/health/ready", &[], b"").status, 200);
}
