//! Nodes over one database, each with a folder of its own.

use std::fs;

use crate::program::{Program, guichet};

const KEY_FILES: [&str; 2] = ["scan-code.key", "fingerprint.key"];

/// Proves that a node makes no keys where the first node has some, is told which files to copy,
/// is refused with others, and sells with the same.
#[test]
fn all_nodes_have_the_keys_of_the_first() {
    let server = match postgres_fixture::shared() {
        Ok(server) => server,
        Err(why) => return println!("skipped: {why}"),
    };
    let url = server.create_database("node_keys").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let [first, second] = ["first", "second"].map(|name| folder.path().join(name));
    let gateway = "http://127.0.0.1:9";
    let serve = |name| {
        ["serve", "--database", &url, "--node-name", name, "--gateway-url", gateway].to_vec()
    };
    let _first = Program::start("first", folder.path(), &first, &serve("first"));
    let refused = || {
        let output =
            guichet(&[&serve("second")[..], &["--listen", "127.0.0.1:0"]].concat(), &second);
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    let told = refused();
    assert!(told.contains("Copy scan-code.key and fingerprint.key"), "{told}");
    assert!(KEY_FILES.iter().all(|name| !second.join(name).exists()), "a key was made");
    for name in KEY_FILES {
        fs::copy(first.join(name), second.join(name)).unwrap();
    }
    fs::write(second.join(KEY_FILES[1]), [7; 32]).unwrap();
    let told = refused();
    assert!(told.contains("not those of the first node"), "{told}");
    fs::copy(first.join(KEY_FILES[1]), second.join(KEY_FILES[1])).unwrap();
    Program::start("second", folder.path(), &second, &serve("second"));
}
