//! Rust, beside a stand-in of the crate `servicestack`, with serde itself.

use std::path::Path;
use std::process::Command;

use service::codegen::Language;

use crate::round_trip;

/// Proves that the sources build, and that a request is written as it was read.
///
/// What is built of serde stays in the target folder, so that only the first run takes long.
#[test]
fn sources_build_and_read_what_they_write() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile-rust");
    let put = |name: &str, text: &[u8]| {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    let copy = |from: &str, to: &str| {
        put(to, &std::fs::read(crate::stub("rust").join(from)).unwrap());
    };
    copy("Cargo.toml.txt", "Cargo.toml");
    copy("main.rs", "src/main.rs");
    copy("servicestack.toml.txt", "servicestack/Cargo.toml");
    copy("servicestack.rs", "servicestack/src/lib.rs");
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock");
    put("Cargo.lock", &std::fs::read(lock).unwrap());
    for (name, source) in crate::files(Language::Rust) {
        put(&format!("src/{name}.rs"), source.as_bytes());
    }
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["run", "--offline", "--quiet", "--target-dir", "target"]).current_dir(&folder);
    cargo.env_remove("RUSTFLAGS").env("RUSTFLAGS", "-Adead_code -Aunused_imports");
    round_trip::check(&mut cargo);
}
