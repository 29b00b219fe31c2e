//! `conformance FILE`: runs a file of vectors and exits with 1 when one of them fails.

use std::process::ExitCode;

use conformance::{Report, parse};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(path), None) = (arguments.next(), arguments.next()) else {
        eprintln!("Usage: conformance FILE, where FILE holds one vector a line.");
        return ExitCode::from(2);
    };
    match run(&path) {
        Ok(report) => {
            print!("{report}");
            ExitCode::from(u8::from(report.has_failures()))
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

fn run(path: &str) -> Result<Report, String> {
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("{path} cannot be read: {error}"))?;
    let vectors = parse(&text).map_err(|error| format!("{path}: {error}"))?;
    Ok(Report::of(&vectors))
}
