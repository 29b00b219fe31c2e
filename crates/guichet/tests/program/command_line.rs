//! What an operator does wrong, and what is said about it: one message on standard error that
//! says what to do, and an exit code that is not 0.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::Output;

use store::{Options, Store};
use tempfile::TempDir;

use crate::program::{Program, guichet};

const CATALOGUE: &str = r#"[[organiser]]
slug = "hekla"
name = "Hekla"

[[ticket_type]]
slug = "adult"
organiser = "hekla"
name = "Adult"
price = "3500"

[[event]]
slug = "match"
organiser = "hekla"
name = "Hekla – Esja"
starts = "2037-05-02T16:00:00"
price = [{ ticket_type = "adult" }]
"#;

/// Fails with all of `words` on standard error and nothing on standard output.
fn assert_fails(what: &str, output: &Output, words: &[&str]) {
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{what} must fail");
    assert!(output.stdout.is_empty(), "{what}");
    for word in words {
        assert!(complaint.contains(word), "{what}: no \"{word}\" in: {complaint}");
    }
    assert!(!complaint.contains("panicked"), "{what}: {complaint}");
}

/// The same, and the complaint is a single line that begins with the program's name.
fn assert_fails_in_a_sentence(what: &str, output: &Output, words: &[&str]) {
    assert_fails(what, output, words);
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(complaint.starts_with("guichet: "), "{what}: {complaint}");
    assert_eq!(complaint.trim_end().lines().count(), 1, "{what}: {complaint}");
}

fn import(folder: &Path, data: &Path, catalogue: &str) -> Output {
    let file = folder.join("catalogue.toml");
    fs::write(&file, catalogue).unwrap();
    guichet(&["catalogue", "import", file.to_str().unwrap()], data)
}

/// An installation with the catalogue in it.
fn installation() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let output = import(folder.path(), &folder.path().join("data"), CATALOGUE);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    folder
}

#[test]
fn unknown_words_are_named() {
    // Proves that a mistyped command or option is named together with where to look.
    let folder = tempfile::tempdir().unwrap();
    for (arguments, word) in [
        (&["check", "--quickly"][..], "--quickly"),
        (&["sell"], "sell"),
        (&["serve", "--listen", "everywhere"], "--listen"),
        (&["serve", "--sync-delay", "long"], "such as 1ms"),
        (&["key", "create", "--name", "x"], "--role"),
    ] {
        let output = guichet(arguments, &folder.path().join("data"));
        assert_fails(word, &output, &[word, "--help"]);
        assert_eq!(output.status.code(), Some(2), "{word}");
    }
    assert!(!folder.path().join("data").exists(), "nothing was made");
}

#[test]
fn there_must_be_something_to_check() {
    // Proves that a mistyped folder is told apart from an installation in order.
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("nowhere");
    let output = guichet(&["check"], &data);
    assert_fails_in_a_sentence("check", &output, &["no installation", "nowhere", "import"]);
    assert!(!data.exists());
}

#[test]
fn one_process_at_a_time() {
    // Proves that a second process is kept off a running till's database, and let in afterwards.
    let folder = installation();
    let data = folder.path().join("data");
    let program = Program::start("serve", folder.path(), &data, &["serve"]);
    for arguments in [&["audit"][..], &["serve", "--listen", "127.0.0.1:0"]] {
        let output = guichet(arguments, &data);
        assert_fails_in_a_sentence(arguments[0], &output, &["in use", "stop that one first"]);
    }
    program.terminate();
    assert!(program.wait().success());
    assert!(guichet(&["check"], &data).status.success());
}

#[test]
fn a_port_has_one_listener() {
    // Proves that a port in use is named together with the option that helps.
    let folder = installation();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = guichet(&["serve", "--listen", &address], &folder.path().join("data"));
    assert_fails_in_a_sentence("serve", &output, &[&address, "--listen"]);
}

#[test]
fn newer_and_foreign_databases_are_left_alone() {
    // Proves that a database of a newer program or of another one is not opened.
    let folder = installation();
    let data = folder.path().join("data");
    let database = rusqlite::Connection::open(data.join("guichet.db")).unwrap();
    database.execute("INSERT INTO migration VALUES (99, 'later', '')", ()).unwrap();
    drop(database);
    let output = guichet(&["check"], &data);
    assert_fails_in_a_sentence("newer", &output, &["schema 99", "newer program"]);

    let foreign = tempfile::tempdir().unwrap();
    let database = rusqlite::Connection::open(foreign.path().join("guichet.db")).unwrap();
    database.execute_batch("CREATE TABLE cats (name TEXT); PRAGMA application_id = 7").unwrap();
    drop(database);
    let output = guichet(&["check"], foreign.path());
    assert_fails_in_a_sentence("foreign", &output, &["another program"]);

    let text = tempfile::tempdir().unwrap();
    fs::write(text.path().join("guichet.db"), "cats\n".repeat(1_000)).unwrap();
    let output = guichet(&["check"], text.path());
    assert_fails_in_a_sentence("a text file", &output, &["database"]);
}

/// Breaks the catalogue, and what must be said.
const BROKEN: &[(&str, &str, &str)] = &[
    ("price = \"3500\"", "price = 3500", "line 9"),
    ("price = \"3500\"", "prize = \"3500\"", "line 9"),
    ("[[event]]", "[[event]", "line 11"),
    ("price = \"3500\"", "price = \"35,00\"", "35,00"),
    ("starts = \"2037-05-02T16:00:00\"", "starts = \"tomorrow\"", "tomorrow"),
    ("[{ ticket_type = \"adult\" }]", "[{ ticket_type = \"senior\" }]", "senior"),
    ("slug = \"match\"\norganiser = \"hekla\"", "slug = \"match\"\norganiser = \"esja\"", "esja"),
];

#[test]
fn a_broken_catalogue_changes_nothing() {
    // Proves that what is wrong is named, with its line where the text itself is broken, and
    // that nothing of the file is taken, however much of it is good.
    let folder = installation();
    let data = folder.path().join("data");
    let before = catalogue_of(&data);
    for (good, bad, word) in BROKEN {
        assert!(CATALOGUE.contains(good));
        let text = CATALOGUE.replace(good, bad).replace("\"Hekla\"", "\"Another name\"");
        let output = import(folder.path(), &data, &text);
        assert_fails(bad, &output, &["catalogue.toml", word, "nothing was changed"]);
        assert_eq!(catalogue_of(&data), before, "{bad}");
    }
    let output = guichet(&["catalogue", "import", "/nowhere.toml"], &data);
    assert_fails_in_a_sentence("no file", &output, &["/nowhere.toml cannot be read"]);
}

/// Everything in the catalogue, as text.
fn catalogue_of(data: &Path) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let store = Store::sqlite(&data.join("guichet.db"), Options::default()).unwrap();
        let mut text = String::new();
        for shard in store.sellers().await.unwrap() {
            text += &format!("{:?}", store.catalogue(shard).await.unwrap());
        }
        store.close().await.unwrap();
        text
    })
}

#[test]
fn keys_are_made_for_known_roles_only() {
    // Proves that a mistyped role, permission or club makes no key.
    let folder = installation();
    let data = folder.path().join("data");
    for (arguments, words) in [
        (&["--role", "Adminn"][..], &["Adminn", "TeamAdmin", "no key was made"][..]),
        (&["--role", "Admin", "--permission", "All"], &["All", "ReadData", "no key was made"]),
        (&["--role", "TeamAdmin"], &["--organiser", "no key was made"]),
        (&["--role", "TeamAdmin", "--organiser", "esja"], &["esja", "import"]),
    ] {
        let all = [&["key", "create", "--name", "till 1"], arguments].concat();
        assert_fails_in_a_sentence(words[0], &guichet(&all, &data), words);
    }
    let good = ["key", "create", "--name", "till 1", "--role", "TeamAdmin", "--organiser", "hekla"];
    let output = guichet(&good, &data);
    assert!(String::from_utf8_lossy(&output.stdout).trim().starts_with("gk_"));
    let listed = guichet(&["key", "list"], &data);
    let listed = String::from_utf8_lossy(&listed.stdout);
    assert!(listed.trim_end().ends_with("active  TeamAdmin, seller 1"), "{listed}");
}

#[test]
fn damaged_keys_stop_the_start() {
    // Proves that a damaged key file is never replaced by a new key, which would make every
    // sold ticket worthless at the gate.
    let folder = installation();
    let data = folder.path().join("data");
    fs::write(data.join("scan-code.key"), "short").unwrap();
    let output = guichet(&["serve", "--listen", "127.0.0.1:0"], &data);
    assert_fails_in_a_sentence("serve", &output, &["scan-code.key", "damaged", "backup"]);
    assert_eq!(fs::read(data.join("scan-code.key")).unwrap(), b"short");
}

/// Proves that a database's URL, which may hold a password, is never repeated, however wrong.
#[test]
fn a_wrong_database_url_is_not_printed() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = [
        "mysql://guichet:S3cret@127.0.0.1/g",
        "POSTGRES://guichet:S3cret@127.0.0.1/g",
        "\"postgres://guichet:S3cret@127.0.0.1/g\"",
        "host=127.0.0.1 password=S3cret",
        "postgres://guichet:S3cret@127.0.0.1:99999/g",
        " postgres://guichet:S3cret@127.0.0.1/g?sslmode=S3cret",
    ];
    for url in wrong {
        let output = guichet(&["check", "--database", url], folder.path());
        assert_fails("a wrong URL", &output, &["URL"]);
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(!complaint.contains("S3cret"), "{url}: {complaint}");
    }
}
