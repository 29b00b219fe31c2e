//! What an order costs when many are stored already: `cargo xtask bench growth --help`.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use bench::growth::{Options, run};
use clap::Parser;
use signal_hook::consts::{SIGINT, SIGTERM};

fn main() -> ExitCode {
    let options = Options::parse();
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        if let Err(error) = signal_hook::flag::register(signal, Arc::clone(&stop)) {
            eprintln!("cannot listen for Ctrl-C: {error}");
            return ExitCode::FAILURE;
        }
    }
    match run(&options, &stop) {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("bench growth: {error}");
            ExitCode::FAILURE
        }
    }
}
