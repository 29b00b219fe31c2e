//! Debian's packages, unpacked into a folder instead of installed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::place::{Place, tools};
use super::runner::Runner;

/// How the names of packages begin that would come along and that no test needs: what sets up
/// services of the system, draws windows or compiles queries and shaders.
const UNNEEDED: &[&str] = &[
    "adwaita",
    "at-spi",
    "ca-certificates-java",
    "chromium",
    "dbus",
    "dconf",
    "gtk-",
    "libgl1-mesa",
    "libllvm",
    "locales",
    "lsb-",
    "mesa-",
    "perl",
    "postgresql-common",
    "ssl-cert",
    "systemd",
    "x11-utils",
    "xdg-utils",
];
/// How long a server of packages may say nothing.
const TIMEOUT_S: u32 = 20;

/// What to unpack.
pub(super) struct Wanted<'w> {
    pub(super) packages: &'w [&'w str],
    /// Nothing but these packages; otherwise what they need comes along.
    pub(super) alone: bool,
}

/// Debian's package tools with a folder for their lists: the system's own need rights to be
/// brought up to date, and outdated ones name packages that are no longer offered.
#[derive(Default)]
pub(super) struct Debian {
    /// By which commands use the lists, or why there are none: asked for once.
    options: Option<Result<Vec<String>, String>>,
}

impl Debian {
    /// Unpacks packages, with what they need and the machine lacks, so that `place` holds what
    /// would be in `/`. Does nothing if that was done before.
    pub(super) fn unpack(
        &mut self,
        place: &Place,
        wanted: &Wanted<'_>,
        runner: &mut Runner,
    ) -> Result<()> {
        place.ensure(|| {
            eprintln!("== fetching {}", wanted.packages.join(", "));
            let packages = place.folder.join("packages");
            fs::create_dir_all(&packages)?;
            let names = self.names(wanted, runner)?;
            let mut download = self.command("apt-get", runner)?;
            runner.output(download.arg("download").args(names).current_dir(&packages))?;
            for package in fs::read_dir(&packages)? {
                let mut unpack = Command::new("dpkg");
                runner.output(unpack.arg("-x").arg(package?.path()).arg(&place.folder))?;
            }
            fs::remove_dir_all(&packages)?;
            relink(&place.folder, &place.folder)
        })
    }

    /// What would be installed.
    fn names(&mut self, wanted: &Wanted<'_>, runner: &mut Runner) -> Result<Vec<String>> {
        if wanted.alone {
            return Ok(wanted.packages.iter().map(|name| (*name).to_owned()).collect());
        }
        let mut simulate = self.command("apt-get", runner)?;
        simulate.args(["install", "--simulate", "--no-install-recommends"]);
        let printed = runner.output(simulate.args(wanted.packages))?;
        Ok(missing(&printed, wanted.packages))
    }

    /// A command with lists that were fetched in this run.
    fn command(&mut self, program: &str, runner: &mut Runner) -> Result<Command> {
        let fetched = self
            .options
            .get_or_insert_with(|| update(runner).map_err(|error| format!("{error:#}")));
        let options = fetched.as_ref().map_err(|error| anyhow::anyhow!("{error}"))?;
        let mut command = Command::new(program);
        command.args(options).env("LC_ALL", "C");
        Ok(command)
    }
}

/// Fetches the lists; answers the options by which commands use them.
fn update(runner: &mut Runner) -> Result<Vec<String>> {
    let folder = tools().join("debian");
    let lists = folder.join("lists");
    fs::create_dir_all(lists.join("partial"))?;
    let path = |name: &str, value: &Path| format!("--option={name}={}", value.display());
    let options = vec![
        path("Dir::State::Lists", &lists),
        path("Dir::Cache", &folder),
        format!("--option=Acquire::http::Timeout={TIMEOUT_S}"),
    ];
    let mut command = Command::new("apt-get");
    runner.output(command.args(&options).arg("update").env("LC_ALL", "C"))?;
    Ok(options)
}

/// Of what `apt-get` would do (`Inst name [installed version] (version …)`), the packages that
/// are not there at all: what is there in another version is good enough, and replacing parts of
/// the C library would break every program.
fn missing(printed: &str, asked_for: &[&str]) -> Vec<String> {
    let unneeded = |name: &str| UNNEEDED.iter().any(|start| name.starts_with(start));
    let steps = printed.lines().filter_map(|line| line.strip_prefix("Inst ")?.split_once(' '));
    let new = steps.filter(|(_, versions)| !versions.starts_with('['));
    let needed = new.filter(|(name, _)| asked_for.contains(name) || !unneeded(name));
    needed.map(|(name, _)| name.to_owned()).collect()
}

/// Makes links that begin at `/` lead into `root`, if what they mean was unpacked there.
fn relink(folder: &Path, root: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_symlink() {
            relink_one(&path, root).with_context(|| format!("cannot link {}", path.display()))?;
        } else if path.is_dir() {
            relink(&path, root)?;
        }
    }
    Ok(())
}

fn relink_one(link: &Path, root: &Path) -> Result<()> {
    let target = fs::read_link(link)?;
    let Ok(inside) = target.strip_prefix("/") else { return Ok(()) };
    let inside: PathBuf = root.join(inside);
    if inside.symlink_metadata().is_ok() && !target.starts_with(root) {
        fs::remove_file(link)?;
        std::os::unix::fs::symlink(inside, link)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_not_there_is_fetched() {
        // Proves that nothing is replaced, and that what is big and not needed stays away.
        let printed = "Reading...\nInst libc6 [2.36-9] (2.36-10 Debian:12 [amd64])\n\
                       Inst libllvm19 (1:19 Debian)\nInst php8.2-cli (8.2.29 Debian [amd64])\n\
                       Inst php-cli (2:8.2 Debian [all])\nConf php-cli (2:8.2 Debian [all])\n";
        assert_eq!(missing(printed, &["php-cli"]), ["php8.2-cli", "php-cli"]);
    }
}
