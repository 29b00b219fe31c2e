//! Zig, beside a stand-in of the package `servicestack`.

use std::process::Command;

use service::codegen::Language;

use crate::round_trip;

/// Proves that the sources build, and that a request is written as it was read.
///
/// What Zig has built stays in the target folder, so that only the first run takes long.
#[test]
fn sources_build_and_read_what_they_write() {
    let Some(compiler) = crate::program("GUICHET_ZIG") else { return };
    let folder = crate::folder("zig");
    for name in ["servicestack.zig", "main.zig"] {
        std::fs::copy(crate::stub("zig").join(name), folder.join(name)).unwrap();
    }
    std::fs::write(folder.join("request.json"), round_trip::json()).unwrap();
    let mut zig = Command::new(compiler);
    zig.current_dir(&folder).args(["run", "--cache-dir", "../../zig-cache"]);
    let files = crate::files(Language::Zig);
    zig.args(files.iter().flat_map(|(name, _)| ["--dep", name])).arg("-Mroot=main.zig");
    for (name, source) in &files {
        std::fs::write(folder.join(format!("{name}.zig")), source).unwrap();
        zig.args(["--dep", "servicestack", &format!("-M{name}={name}.zig")]);
    }
    let output = zig.arg("-Mservicestack=servicestack.zig").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    round_trip::compare(&output.stderr);
}
