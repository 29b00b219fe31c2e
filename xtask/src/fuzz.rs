//! Fuzzing: libFuzzer on the targets of `crates/fuzz-targets`, one after the other.
//!
//! Coverage counters are put in by flags that the stable compiler knows too, so no nightly and no
//! further cargo command is needed. (An address sanitizer would need one; there is no unsafe code
//! behind the targets.) What was learnt is kept in `target/fuzz/corpus` and used the next time.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::cargo::{cargo, root};

/// What cargo-fuzz passes as well, without the sanitizer.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
                     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
                     -Cllvm-args=-sanitizer-coverage-pc-table \
                     -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing";
/// Bytes of the longest input; longer ones find little and cost much.
const INPUT_LENGTH_MAX: u32 = 4096;
/// A single input that takes longer is a finding.
const INPUT_TIMEOUT_S: u32 = 10;
const MEMORY_MAX_MB: u32 = 2048;
const SECONDS: &str = "60";
/// What is shown of a run with a finding.
const SHOWN_LINES: usize = 40;

/// Runs `[--seconds N] [TARGET…]`; all targets, a minute each, unless told otherwise.
pub(crate) fn run(options: &[&str]) -> Result<ExitCode> {
    let (seconds, names) = match options {
        ["--seconds", seconds, names @ ..] => (*seconds, names),
        names => (SECONDS, names),
    };
    let seconds: u32 = seconds.parse().with_context(|| format!("`{seconds}` is no number"))?;
    let targets = chosen(names)?;
    let program = build()?;
    let mut failed = Vec::new();
    for target in &targets {
        if !fuzz(&program, target, seconds)? {
            failed.push(target.as_str());
        }
    }
    println!("{} targets, findings in {}: {}", targets.len(), failed.len(), failed.join(", "));
    Ok(if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The folders of seeds are the targets.
fn chosen(names: &[&str]) -> Result<Vec<String>> {
    let mut known = Vec::new();
    for folder in fs::read_dir(seeds())? {
        known.push(folder?.file_name().to_string_lossy().into_owned());
    }
    known.sort();
    if let Some(unknown) = names.iter().find(|name| !known.iter().any(|known| known == *name)) {
        bail!("there is no target `{unknown}`; there are: {}", known.join(", "));
    }
    known.retain(|name| names.is_empty() || names.contains(&name.as_str()));
    Ok(known)
}

fn seeds() -> PathBuf {
    root().join("fuzz/seeds")
}

fn work() -> PathBuf {
    root().join("target/fuzz")
}

/// Builds with counters, in a folder of its own: nothing built otherwise can be used.
fn build() -> Result<PathBuf> {
    // Naming the machine keeps the flags away from build scripts and macros.
    let machine = machine()?;
    // The versions of the product; cargo adds what only the fuzzer needs.
    fs::copy(root().join("Cargo.lock"), root().join("fuzz/Cargo.lock"))?;
    let mut command = cargo(&["build", "--release", "--manifest-path", "fuzz/Cargo.toml"]);
    command.args(["--target", &machine, "--target-dir"]).arg(work()).env("RUSTFLAGS", FLAGS);
    let status = command.status().context("cannot start cargo")?;
    if !status.success() {
        bail!("the fuzzer does not build; libFuzzer needs a C++ compiler");
    }
    Ok(work().join(machine).join("release/guichet-fuzz"))
}

fn machine() -> Result<String> {
    let compiler = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(compiler).arg("-vV").output().context("cannot start rustc")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let machine = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(machine.context("rustc does not name its machine")?.to_owned())
}

/// Runs one target and says how it went; false if something was found.
fn fuzz(program: &Path, target: &str, seconds: u32) -> Result<bool> {
    let corpus = work().join("corpus").join(target);
    let findings = work().join("findings").join(target);
    fs::create_dir_all(&corpus)?;
    fs::create_dir_all(&findings)?;
    let mut command = Command::new(program);
    command.args([&corpus, &seeds().join(target)]).env("GUICHET_FUZZ_TARGET", target);
    command.arg(format!("-artifact_prefix={}/", findings.display()));
    command.args([
        format!("-max_total_time={seconds}"),
        format!("-max_len={INPUT_LENGTH_MAX}"),
        format!("-timeout={INPUT_TIMEOUT_S}"),
        format!("-rss_limit_mb={MEMORY_MAX_MB}"),
        "-print_final_stats=1".to_owned(),
    ]);
    let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
    let told = String::from_utf8_lossy(&output.stderr);
    let succeeded = output.status.success();
    let executions = executions(&told).unwrap_or("?");
    let verdict = if succeeded { "nothing found" } else { "FOUND, see below" };
    println!("{target}: {executions} executions in {seconds} s, {verdict}");
    if !succeeded {
        let lines: Vec<&str> = told.lines().collect();
        println!("{}", lines[lines.len().saturating_sub(SHOWN_LINES)..].join("\n"));
        println!("the input is in {}", findings.display());
    }
    Ok(succeeded)
}

/// How many inputs were run, as the last lines say.
fn executions(told: &str) -> Option<&str> {
    told.lines()
        .find_map(|line| line.strip_prefix("stat::number_of_executed_units:"))
        .map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_known_by_their_seeds() {
        // Proves that a mistyped target is refused and that none means all.
        assert_eq!(chosen(&["token", "json"]).unwrap(), ["json", "token"]);
        assert!(chosen(&[]).unwrap().len() > 10);
        assert!(chosen(&["jsno"]).unwrap_err().to_string().contains("`jsno`"));
    }

    #[test]
    fn executions_are_read_from_the_statistics() {
        // Proves that a run without statistics, such as one that crashed at once, is no number.
        assert_eq!(executions("x\nstat::number_of_executed_units: 12\ny"), Some("12"));
        assert_eq!(executions("x"), None);
    }
}
