//! Structured logs without card data: whatever a line says, it is masked on its way out.

use std::io::{self, Write};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For a person at a terminal.
    Text,
    /// For a collector: one JSON object a line.
    Json,
}

/// Starts logging to standard error.
pub fn start(level: LevelFilter, format: LogFormat) {
    // A line that cannot be written (the log's disk is full) must not end what it speaks of.
    let builder = tracing_subscriber::fmt().log_internal_errors(false);
    let builder = builder.with_max_level(level).with_writer(Masked);
    let started = match format {
        LogFormat::Text => builder.with_ansi(false).try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    if started.is_err() {
        tracing::debug!("logging had been started before");
    }
    // A panic's text goes the same way as every other line, through the mask.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, message = panic.payload_as_str(), "a part of the program panicked");
    }));
}

/// Standard error behind a mask: the last line of defence for card numbers (`payments.md` §5.2).
#[derive(Clone, Copy, Debug)]
struct Masked;

impl Write for Masked {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        io::stderr().lock().write_all(gateway::masking::mask_card_numbers(&text).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

impl MakeWriter<'_> for Masked {
    type Writer = Masked;

    fn make_writer(&self) -> Masked {
        Masked
    }
}
