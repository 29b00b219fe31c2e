//! Programs that tests need and a fresh machine lacks: PostgreSQL.
//!
//! Nothing is installed and no rights are needed: Debian's packages are unpacked into the target
//! folder, where the fixture of the tests (`crates/postgres-fixture/src/programs.rs`) looks last.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cargo::root;

const PACKAGE: &str = "postgresql";
/// Big, and used only for compiling queries, which the tests switch off.
const NOT_NEEDED: &str = "libllvm";
/// How long a server of packages may say nothing.
const TIMEOUT_S: u32 = 20;

/// Makes sure that the tests find PostgreSQL; where that cannot be, says that they will skip.
pub(crate) fn ensure_postgres() {
    let folder = target().join("tools/postgresql");
    let here = env::var_os("GUICHET_POSTGRES_BIN").is_some() || installed() || folder.is_dir();
    if here {
        return;
    }
    println!("== fetching PostgreSQL into {}", folder.display());
    if let Err(error) = fetch(&folder) {
        println!("PostgreSQL could not be had; tests that need it will be skipped: {error:#}");
    }
}

fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

fn installed() -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path = env::split_paths(&path).any(|folder| folder.join("initdb").is_file());
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    on_path || versions.into_iter().any(|version| version.path().join("bin/initdb").is_file())
}

/// Downloads and unpacks beside the folder first, so that half a download is never used.
fn fetch(folder: &Path) -> Result<()> {
    let partial = folder.with_extension("partial");
    if partial.exists() {
        fs::remove_dir_all(&partial)?;
    }
    let packages = partial.join("packages");
    fs::create_dir_all(&packages)?;
    let apt = Apt::with_lists(&partial)?;
    let wanted = apt.missing_packages()?;
    let mut download = apt.command("apt-get");
    output(download.arg("download").args(wanted).current_dir(&packages))?;
    for package in fs::read_dir(&packages)? {
        let package = package?.path();
        output(Command::new("dpkg").arg("-x").args([&package, &partial]))?;
    }
    fs::remove_dir_all(&packages)?;
    fs::remove_dir_all(partial.join("lists"))?;
    fs::rename(&partial, folder).context("cannot move what was unpacked to its place")
}

/// Debian's package tools with a folder for their lists: the system's own need rights to be
/// brought up to date, and outdated ones name packages that are no longer offered.
struct Apt {
    options: Vec<String>,
}

impl Apt {
    fn with_lists(folder: &Path) -> Result<Apt> {
        let lists = folder.join("lists");
        fs::create_dir_all(lists.join("partial"))?;
        let path = |name: &str, value: &Path| format!("--option={name}={}", value.display());
        let options = vec![
            path("Dir::State::Lists", &lists),
            path("Dir::Cache", folder),
            "--option=APT::Cache::ShowOnlyFirstOr=true".to_owned(),
            format!("--option=Acquire::http::Timeout={TIMEOUT_S}"),
        ];
        let apt = Apt { options };
        output(apt.command("apt-get").arg("update"))?;
        Ok(apt)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.args(&self.options).env("LC_ALL", "C");
        command
    }

    /// The server, its client programs, and the libraries that this machine lacks.
    fn missing_packages(&self) -> Result<Vec<String>> {
        let mut depends = self.command("apt-cache");
        let printed = output(depends.args(["depends", "--recurse", "--important", PACKAGE]))?;
        let mut wanted = needed(&printed);
        wanted.retain(|name| name.starts_with(PACKAGE) || !is_installed(name));
        Ok(wanted)
    }
}

/// Package names start a line, and what each depends on is indented. Of all of them the versioned
/// programs and the shared libraries are needed; the rest sets up a server of the system.
fn needed(printed: &str) -> Vec<String> {
    let programs = |name: &str| {
        name.starts_with(PACKAGE) && name.ends_with(|last: char| last.is_ascii_digit())
    };
    let libraries = |name: &str| {
        name.starts_with("lib") && !name.ends_with("-perl") && !name.starts_with(NOT_NEEDED)
    };
    let names = printed.lines().filter(|line| !line.starts_with([' ', '|', '<']));
    names.filter(|name| programs(name) || libraries(name)).map(str::to_owned).collect()
}

fn is_installed(package: &str) -> bool {
    let status =
        Command::new("dpkg-query").args(["-W", "-f=${db:Status-Status}", package]).output();
    status.is_ok_and(|status| status.stdout.starts_with(b"installed"))
}

/// What a command printed; its last complaint if it failed.
fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        bail!("{command:?} failed: {}", complaint.lines().last().unwrap_or("it does not say why"));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_all_packages_only_programs_and_libraries_are_needed() {
        // Proves that a versioned server is chosen, whatever its version, and nothing is set up.
        let printed = "postgresql\n  Depends: postgresql-21\npostgresql-21\n |Depends: locales\n\
                       locales\npostgresql-client-21\npostgresql-common\nlibpq5\nlibllvm19\n\
                       libjson-perl\n<perl:any>\n";
        assert_eq!(needed(printed), ["postgresql-21", "postgresql-client-21", "libpq5"]);
    }
}
