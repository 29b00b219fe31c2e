//! Developer commands: `cargo xtask help`.
//!
//! Nearly nothing is linked into it, so that it starts at once; the work is done by cargo and
//! by the programs of the workspace, all in one target folder.

mod bench;
mod cargo;
mod crash;
mod fuzz;
mod simulate;
mod suite;
mod tally;
mod tools;
mod vectors;

use std::process::ExitCode;

use anyhow::{Result, bail};

const HELP: &str = "\
cargo xtask test [--quick]              format, lints, docs, every test, 30 crash rounds
cargo xtask ci                          the same as test
cargo xtask tools                       fetches what tests need; prints variables for `export`
cargo xtask vectors FILE                known inputs of the wire dialect against their outputs
cargo xtask bench orders [OPTIONS]      orders a second beside the floor program; see --help
                                        --scenario contract, agent: clubs and agents
cargo xtask bench formats [--json]      reading and writing beside serde_json
cargo xtask bench growth [OPTIONS]      what an order costs when many are stored; see --help
cargo xtask bench lane                  the store alone
cargo xtask bench seats                 best available, and a stadium that sells out
cargo xtask bench gate                  scans, and buyers beside the refund of an event
cargo xtask crash [--rounds N] [--seed S]   kill the program again and again, then audit it
cargo xtask simulate [OPTIONS]          the whole till under seeded faults; see --help
cargo xtask fuzz [--seconds N] [TARGET...]  let libFuzzer loose on every reader, N seconds each";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result<ExitCode> {
    match arguments {
        ["test" | "ci"] => suite::run(suite::Extent::Whole),
        ["test" | "ci", "--quick"] => suite::run(suite::Extent::Quick),
        ["tools"] => Ok(tools::run()),
        ["vectors", file] => vectors::run(file),
        ["bench", name, options @ ..] => bench::run(name, options),
        ["crash", options @ ..] => crash::run(options),
        ["simulate", options @ ..] => simulate::run(options),
        ["fuzz", options @ ..] => fuzz::run(options),
        [] | ["help" | "--help" | "-h"] => {
            println!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        _ => bail!("I do not know `{}`.\n{HELP}", arguments.join(" ")),
    }
}
