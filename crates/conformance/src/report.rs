//! What came of a file of vectors.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use crate::kinds;
use crate::vector::Vector;

/// What came of one vector.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// The output was right.
    Passed,
    /// The output was another one.
    Failed {
        /// What came out.
        actual: Value,
    },
    /// It describes a client program, not a server.
    Informative {
        /// Where such programs are tried instead.
        reason: &'static str,
    },
    /// Nothing here can run it, which counts as a failure.
    Unsupported {
        /// Why.
        reason: String,
    },
}

/// What came of all vectors of one kind.
#[derive(Debug, Default)]
pub struct Tally {
    /// How many were right.
    pub passed: usize,
    /// Those that were not: the vector and what came out.
    pub failed: Vec<(Vector, Value)>,
    /// Those that say nothing about a server: id and reason.
    pub informative: Vec<(String, &'static str)>,
    /// Those that cannot be run: id and reason.
    pub unsupported: Vec<(String, String)>,
}

/// Tallies by kind.
#[derive(Debug, Default)]
pub struct Report {
    /// Kind and its tally, in alphabetical order.
    pub kinds: BTreeMap<String, Tally>,
}

impl Report {
    /// Runs every vector.
    pub fn of(vectors: &[Vector]) -> Self {
        let mut report = Self::default();
        for vector in vectors {
            let tally = report.kinds.entry(vector.kind.clone()).or_default();
            match kinds::run(vector) {
                Verdict::Passed => tally.passed += 1,
                Verdict::Failed { actual } => tally.failed.push((vector.clone(), actual)),
                Verdict::Informative { reason } => {
                    tally.informative.push((vector.id.clone(), reason));
                }
                Verdict::Unsupported { reason } => {
                    tally.unsupported.push((vector.id.clone(), reason));
                }
            }
        }
        report
    }

    /// Whether any vector failed or could not be run.
    pub fn has_failures(&self) -> bool {
        self.kinds.values().any(|tally| !(tally.failed.is_empty() && tally.unsupported.is_empty()))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (passed, failed) = ("passed", "failed");
        writeln!(
            out,
            "{:<24} {passed:>6} {failed:>6} {:>11} {:>13}",
            "kind", "informative", "not supported"
        )?;
        for (kind, tally) in &self.kinds {
            let Tally { passed, failed, informative, unsupported } = tally;
            let (failed, informative) = (failed.len(), informative.len());
            let unsupported = unsupported.len();
            writeln!(
                out,
                "{kind:<24} {passed:>6} {failed:>6} {informative:>11} {unsupported:>13}"
            )?;
        }
        for tally in self.kinds.values() {
            for (id, reason) in &tally.informative {
                writeln!(out, "{id}: informative: {reason}")?;
            }
            for (id, reason) in &tally.unsupported {
                writeln!(out, "{id}: not supported: {reason}")?;
            }
        }
        for tally in self.kinds.values() {
            for (vector, actual) in &tally.failed {
                let Vector { id, line, input, expected, .. } = vector;
                writeln!(out, "{id} (line {line}) FAILED for {input}")?;
                writeln!(out, "  expected {expected}\n  actual   {actual}")?;
            }
        }
        Ok(())
    }
}
