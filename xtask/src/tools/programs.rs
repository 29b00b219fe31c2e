//! Compilers, interpreters and a browser: used where installed, otherwise unpacked from Debian's
//! packages, with a script that tells them where they are.

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::debian::{Debian, Wanted};
use super::place::Place;
use super::runner::{self, Runner, on_path};

/// A program that tests are told of.
pub(super) struct Program {
    /// Also the name of its folder.
    pub(super) name: &'static str,
    /// By which the tests learn of it. A person who sets it decides.
    pub(super) variable: &'static str,
    /// How it is called where it is installed, best first.
    installed: &'static [&'static str],
    wanted: Wanted<'static>,
    /// The last lines of the script that starts it; `$root` is where it was unpacked.
    start: &'static str,
}

/// All of them; Kotlin's compiler runs on the Java that comes before it.
pub(super) const PROGRAMS: &[Program] = &[
    Program {
        name: "chromium",
        variable: "GUICHET_CHROMIUM",
        installed: &["chromium-headless-shell", "chromium", "google-chrome"],
        wanted: Wanted {
            packages: &["chromium-headless-shell", "chromium-common", "fonts-dejavu-core"],
            alone: false,
        },
        start: include_str!("../../tools/chromium.sh"),
    },
    Program {
        name: "go",
        variable: "GUICHET_GO",
        installed: &["go"],
        wanted: Wanted { packages: &["golang-go"], alone: false },
        start: include_str!("../../tools/go.sh"),
    },
    Program {
        name: "php",
        variable: "GUICHET_PHP",
        installed: &["php"],
        wanted: Wanted { packages: &["php-cli"], alone: false },
        start: include_str!("../../tools/php.sh"),
    },
    Program {
        name: "javac",
        variable: "GUICHET_JAVAC",
        installed: &["javac"],
        wanted: Wanted { packages: &["default-jdk-headless"], alone: false },
        start: include_str!("../../tools/javac.sh"),
    },
    Program {
        name: "kotlinc",
        variable: "GUICHET_KOTLINC",
        installed: &["kotlinc"],
        // Its other dependencies are for building Kotlin projects with other programs.
        wanted: Wanted {
            packages: &["kotlin", "libjetbrains-annotations-java", "libtrove-intellij-java"],
            alone: true,
        },
        start: include_str!("../../tools/kotlinc.sh"),
    },
    Program {
        name: "ruby",
        variable: "GUICHET_RUBY",
        installed: &["ruby"],
        wanted: Wanted { packages: &["ruby"], alone: false },
        start: include_str!("../../tools/ruby.sh"),
    },
    Program {
        name: "hledger",
        variable: "GUICHET_HLEDGER",
        installed: &["hledger"],
        wanted: Wanted { packages: &["hledger"], alone: false },
        start: include_str!("../../tools/hledger.sh"),
    },
];

/// The program's path.
pub(super) fn ensure(
    program: &Program,
    runner: &mut Runner,
    debian: &mut Debian,
) -> Result<PathBuf> {
    let chosen = env::var_os(program.variable).map(PathBuf::from);
    if let Some(path) = chosen.or_else(|| on_path(program.installed)) {
        return Ok(path);
    }
    let script = start_script(program.start);
    let wanted = format!("{:?}\n{script}", program.wanted.packages);
    let place = Place::new(program.name, wanted);
    debian.unpack(&place, &program.wanted, runner)?;
    let path = place.folder.join(program.name);
    write_program(&path, &script)?;
    runner::check(&path).context("it was unpacked but does not start")?;
    Ok(path)
}

/// A script beside what was unpacked, with the libraries there behind those of the machine.
pub(super) fn start_script(start: &str) -> String {
    const LIBRARIES: &str = include_str!("../../tools/libraries.sh");
    format!("{LIBRARIES}{start}")
}

pub(super) fn write_program(path: &Path, script: &str) -> Result<()> {
    fs::write(path, script)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))?;
    Ok(())
}
