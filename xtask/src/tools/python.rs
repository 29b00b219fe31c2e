//! Python with the packages pinned in `xtask/tools/requirements.txt`, in an environment of its own.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::debian::{Debian, Wanted};
use super::place::Place;
use super::programs::{start_script, write_program};
use super::runner::{Runner, on_path};

/// The environment's program.
pub(super) const VARIABLE: &str = "GUICHET_PYTHON";
const REQUIREMENTS: &str = include_str!("../../tools/requirements.txt");
const START: &str = include_str!("../../tools/python3.sh");
/// Debian splits the installer of packages off; this package holds it as one file.
const INSTALLER: Wanted<'_> = Wanted { packages: &["python3-pip-whl"], alone: true };

/// Python as it was found or fetched.
struct Base {
    program: PathBuf,
    /// A fetched one is started by a script, in its environment too.
    fetched: bool,
}

/// The environment's program, with the packages in it.
pub(super) fn ensure(runner: &mut Runner, debian: &mut Debian) -> Result<PathBuf> {
    if let Some(chosen) = env::var_os(VARIABLE) {
        return Ok(chosen.into());
    }
    let base = base(runner, debian)?;
    let place = Place::new("python", REQUIREMENTS);
    let inside = place.folder.join("bin/python");
    let program = if base.fetched { base.program.clone() } else { inside };
    place.ensure(|| {
        eprintln!("== fetching Python's packages");
        let installer = environment(&base.program, &place.folder, runner, debian)?;
        let mut install = Command::new(&program);
        match installer {
            Some(installer) => install.arg(installer),
            None => install.args(["-m", "pip"]),
        };
        let requirements = place.folder.join("requirements.txt");
        fs::write(&requirements, REQUIREMENTS)?;
        // The installer itself too, for those that come without it.
        install.args(["install", "--quiet", "--disable-pip-version-check", "pip", "--requirement"]);
        runner.output(install.arg(requirements)).map(drop)
    })?;
    Ok(program)
}

/// The machine's Python; where there is none, Debian's, unpacked.
fn base(runner: &mut Runner, debian: &mut Debian) -> Result<Base> {
    if let Some(program) = on_path(&["python3"]) {
        return Ok(Base { program, fetched: false });
    }
    let wanted = Wanted { packages: &["python3"], alone: false };
    let place = Place::new("python3", START);
    debian.unpack(&place, &wanted, runner)?;
    let program = place.folder.join("python3");
    write_program(&program, &start_script(START))?;
    Ok(Base { program, fetched: true })
}

/// Makes the environment; answers the installer of packages if it has none in it.
fn environment(
    base: &Path,
    folder: &Path,
    runner: &mut Runner,
    debian: &mut Debian,
) -> Result<Option<PathBuf>> {
    if runner.output(Command::new(base).args(["-m", "venv"]).arg(folder)).is_ok() {
        return Ok(None);
    }
    let installer = Place::new("pip", "");
    debian.unpack(&installer, &INSTALLER, runner)?;
    let bare = ["-m", "venv", "--clear", "--without-pip"];
    runner.output(Command::new(base).args(bare).arg(folder))?;
    let wheels = installer.folder.join("usr/share/python-wheels");
    let wheels = fs::read_dir(wheels)?.flatten().map(|file| file.path());
    let mut installers = wheels.filter(|file| file.to_string_lossy().contains("/pip-"));
    let installer = installers.next().context("Debian's package holds no installer")?;
    // Python runs what is inside an archive when it is named like a folder.
    Ok(Some(installer.join("pip")))
}
