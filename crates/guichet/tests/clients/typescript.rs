//! The npm package `@servicestack/client`.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;
use std::time::Duration;

use crate::order::{BUYS, PRINTED};
use crate::stage::{PASSWORD, SELLER, STRANGER, Stage};
use crate::tool::{named_by, succeed};

const SCRIPT: &str = include_str!("typescript/order.ts");
const COMPILE_LIMIT: Duration = Duration::from_secs(120);
const LIMIT: Duration = Duration::from_secs(60);
/// As a strict project of today is set up. What the library's own declarations lack is its affair.
const OPTIONS: [&str; 6] =
    ["--strict", "--target", "es2022", "--module", "nodenext", "--skipLibCheck"];

#[test]
fn the_types_of_the_server_compile_and_work() {
    // Proves that a strict compiler takes what is served, and that the stock client signs in,
    // buys, reads decimals, dates and refusals, sends batches and fetches new tokens.
    let (Some(node), Some(modules)) = (named_by("GUICHET_NODE"), named_by("GUICHET_NODE_MODULES"))
    else {
        return;
    };
    let stage = Stage::start();
    let folder = stage.folder.path();
    fs::write(folder.join("dtos.ts"), stage.types("typescript")).unwrap();
    fs::write(folder.join("order.ts"), SCRIPT).unwrap();
    fs::write(folder.join("package.json"), r#"{ "type": "module" }"#).unwrap();
    symlink(&modules, folder.join("node_modules")).unwrap();
    let mut compile = Command::new(&node);
    compile.arg(modules.join("typescript/bin/tsc")).args(OPTIONS).arg("order.ts");
    succeed(&mut compile, folder, COMPILE_LIMIT);
    let mut command = Command::new(&node);
    command.arg("order.js").args([&stage.url("/tickets"), SELLER, STRANGER, PASSWORD]);
    assert_eq!(succeed(&mut command, folder, LIMIT), PRINTED);
    assert_eq!(stage.end_well(), BUYS);
}
