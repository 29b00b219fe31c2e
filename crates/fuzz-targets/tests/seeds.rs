//! Every target runs over its seeds and over mutations of them, so that none can rot.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod mutation;

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fuzz_targets::{INPUT_LENGTH_MAX, TARGETS, Target};
use mutation::Mutator;

/// Mutations of each target; the same ones in every run.
const MUTATIONS: usize = 1_000;

/// Far more than a linear reader needs for an input of full length, and far less than a quadratic
/// one does.
const LONGEST: Duration = Duration::from_secs(5);

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds")
}

fn seeds(target: &Target) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(folder().join(target.name)).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Runs a target; a finding is told with the input, in a form that can be pasted.
fn run(target: &Target, input: &[u8]) {
    let outcome = catch_unwind(AssertUnwindSafe(|| target.run(input)));
    assert!(outcome.is_ok(), "{} fails for b\"{}\"", target.name, input.escape_ascii());
}

#[test]
fn every_target_has_seeds_and_every_folder_a_target() {
    // Proves that `cargo xtask fuzz`, which goes by the folders, forgets no target.
    let names: BTreeSet<String> = TARGETS.iter().map(|target| target.name.to_owned()).collect();
    let folders = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name());
    let folders: BTreeSet<String> = folders.map(|name| name.into_string().unwrap()).collect();
    assert_eq!(folders, names);
    TARGETS.iter().for_each(|target| assert!(!seeds(target).is_empty(), "{}", target.name));
}

#[test]
fn every_target_reads_its_seeds_and_what_comes_of_them() {
    // Proves that no target rots, and that no small change of a good input brings a reader down.
    for target in TARGETS {
        let seeds = seeds(target);
        seeds.iter().for_each(|seed| run(target, seed));
        run(target, b"");
        let mut mutator = Mutator::new(&seeds);
        (0..MUTATIONS).for_each(|_| run(target, &mutator.next()));
    }
}

#[test]
fn no_target_takes_quadratic_time() {
    // Proves that an input of full length made of repetitions is read in time.
    for target in TARGETS {
        let seeds = seeds(target);
        let parts = seeds.iter().map(|seed| &seed[..seed.len().min(40)]);
        for part in parts.chain([&b"{\"a\":["[..], b"[[", b"\"\"", b"%7B", b"1", b"a="]) {
            let input: Vec<u8> = part.iter().copied().cycle().take(INPUT_LENGTH_MAX).collect();
            quick(target, &input);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the time a reader takes is what is tested")]
fn quick(target: &Target, input: &[u8]) {
    let start = Instant::now();
    run(target, input);
    let taken = start.elapsed();
    let begin = input[..input.len().min(40)].escape_ascii();
    assert!(taken < LONGEST, "{} takes {taken:?} for {begin}…", target.name);
}
