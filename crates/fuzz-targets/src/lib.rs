//! What is fuzzed: one plain function for each reader of bytes from outside.
//!
//! A target reads any bytes and returns; it panics when its judge finds a broken promise. The
//! judges: `serde_json` for strict JSON, `jiff` for dates, and everywhere that what is written is
//! read back the same, and that no error quotes a secret. `fuzz/` lets libFuzzer call them
//! (`cargo xtask fuzz`), and a test of this crate calls them with seeds and mutations of seeds, so
//! that they cannot rot.

mod card;
mod catalogue;
mod csv;
mod evidence;
mod exchange;
mod gateways;
mod json;
mod jsonl;
mod jsv;
mod multipart;
mod negotiation;
mod parameters;
mod providers;
mod record;
mod sandbox;
mod scalars;
mod scan_code;
mod settlement;
mod stored;
mod token;
mod xml;

/// Longer inputs are cut: a target has to be quick, and the limits of bodies are tested elsewhere.
pub const INPUT_LENGTH_MAX: usize = 64 * 1024;

/// A reader with its judge.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name, and that of its folder in `fuzz/seeds`.
    pub name: &'static str,
    judge: fn(&[u8]),
}

/// Every reader of bytes from outside.
pub const TARGETS: &[Target] = &[
    Target { name: "card", judge: card::card },
    Target { name: "catalogue", judge: catalogue::catalogue },
    Target { name: "csv", judge: csv::csv },
    Target { name: "evidence", judge: evidence::evidence },
    Target { name: "exchange", judge: exchange::exchange },
    Target { name: "gateway", judge: gateways::answer },
    Target { name: "json", judge: json::json },
    Target { name: "jsonl", judge: jsonl::jsonl },
    Target { name: "jsv", judge: jsv::jsv },
    Target { name: "multipart", judge: multipart::multipart },
    Target { name: "negotiation", judge: negotiation::negotiation },
    Target { name: "parameters", judge: parameters::parameters },
    Target { name: "providers", judge: providers::answers },
    Target { name: "sandbox", judge: sandbox::requests },
    Target { name: "sandbox-log", judge: sandbox::log },
    Target { name: "scalars", judge: scalars::scalars },
    Target { name: "scan-code", judge: scan_code::scan_code },
    Target { name: "settlement", judge: settlement::settlement },
    Target { name: "stored", judge: stored::stored },
    Target { name: "token", judge: token::token },
    Target { name: "xml", judge: xml::xml },
];

impl Target {
    /// The target of this name.
    #[must_use]
    pub fn find(name: &str) -> Option<Target> {
        TARGETS.iter().find(|target| target.name == name).copied()
    }

    /// Lets the reader read.
    ///
    /// # Panics
    ///
    /// When the reader panics or its judge finds a broken promise.
    pub fn run(&self, input: &[u8]) {
        (self.judge)(&input[..input.len().min(INPUT_LENGTH_MAX)]);
    }
}
