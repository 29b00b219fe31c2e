//! libFuzzer on one target, named by the environment.

#![no_main]

use std::env;
use std::sync::LazyLock;

use fuzz_targets::Target;
use libfuzzer_sys::fuzz_target;

static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let name = env::var("GUICHET_FUZZ_TARGET").unwrap_or_default();
    Target::find(&name).expect("GUICHET_FUZZ_TARGET names a folder of fuzz/seeds")
});

fuzz_target!(|input: &[u8]| TARGET.run(input));
