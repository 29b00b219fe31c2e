//! Go, beside a stand-in of the module `servicestack-go`.

use std::process::Command;

use service::codegen::Language;

use crate::round_trip;

/// Proves that the sources build, and that a request is written as it was read.
#[test]
fn sources_build_and_read_what_they_write() {
    let Some(compiler) = crate::program("GUICHET_GO") else { return };
    let folder = crate::folder("go");
    let put = |path: &str, text: &[u8]| {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    for (stub, path) in [
        ("go.mod.txt", "go.mod"),
        ("main.go.txt", "main.go"),
        ("servicestack.mod.txt", "servicestack/go.mod"),
        ("servicestack.go.txt", "servicestack/servicestack.go"),
    ] {
        put(path, &std::fs::read(crate::stub("go").join(stub)).unwrap());
    }
    for (name, source) in crate::files(Language::Go) {
        put(&format!("{name}/dtos.go"), source.as_bytes());
    }
    let mut go = Command::new(compiler);
    go.args(["run", "."]).current_dir(&folder).env("GOPROXY", "off").env("GOFLAGS", "-mod=mod");
    round_trip::check(&mut go);
}
