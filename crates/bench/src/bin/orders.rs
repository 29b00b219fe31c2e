//! Ticket orders a second, beside the floor program: `cargo xtask bench orders --help`.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use bench::orders::{Options, run};
use clap::Parser;
use signal_hook::consts::{SIGINT, SIGTERM};

fn main() -> ExitCode {
    let options = match Options::parse().effective() {
        Ok(options) => options,
        Err(message) => {
            eprintln!("bench orders: {message}");
            return ExitCode::FAILURE;
        }
    };
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
            eprintln!("bench orders: {error}");
            ExitCode::FAILURE
        }
    }
}
