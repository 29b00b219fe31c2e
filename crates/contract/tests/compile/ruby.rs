//! Ruby, beside a stand-in of the gem `servicestack`.

use std::process::Command;

use service::codegen::Language;

use crate::round_trip;

/// Proves that Ruby loads the sources and makes something of each class, and that a request is
/// written as it was read.
#[test]
fn sources_load_and_read_what_they_write() {
    let Some(interpreter) = crate::program("GUICHET_RUBY") else { return };
    let folder = crate::folder("ruby");
    for name in ["servicestack.rb", "main.rb"] {
        std::fs::copy(crate::stub("ruby").join(name), folder.join(name)).unwrap();
    }
    for (name, source) in crate::files(Language::Ruby) {
        std::fs::write(folder.join(format!("{name}.rb")), source).unwrap();
    }
    let mut ruby = Command::new(interpreter);
    ruby.args(["--disable-gems", "-Eutf-8", "-I.", "main.rb"]).current_dir(&folder);
    round_trip::check(&mut ruby);
}
