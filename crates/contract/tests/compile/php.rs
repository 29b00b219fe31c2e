//! PHP, beside a stand-in of the package `servicestack/client`.

use std::process::Command;

use service::codegen::Language;

use crate::round_trip;

/// Proves that PHP loads the sources and makes something of each class, and that a request is
/// written as it was read.
#[test]
fn sources_load_and_read_what_they_write() {
    let Some(interpreter) = crate::program("GUICHET_PHP") else { return };
    let folder = crate::folder("php");
    for name in ["ServiceStack.php", "main.php"] {
        std::fs::copy(crate::stub("php").join(name), folder.join(name)).unwrap();
    }
    for (name, source) in crate::files(Language::Php) {
        std::fs::write(folder.join(format!("{name}.php")), source).unwrap();
    }
    let mut php = Command::new(interpreter);
    php.args(["-n", "-d", "display_errors=stderr", "main.php"]).current_dir(&folder);
    round_trip::check(&mut php);
}
