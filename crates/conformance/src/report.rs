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
    /// Nothing here can run it yet.
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
    /// Those that cannot be run yet: id and reason.
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
                Verdict::Unsupported { reason } => {
                    tally.unsupported.push((vector.id.clone(), reason));
                }
            }
        }
        report
    }

    /// Whether any vector failed.
    pub fn has_failures(&self) -> bool {
        self.kinds.values().any(|tally| !tally.failed.is_empty())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{:<24} {:>6} {:>6} {:>13}", "kind", "passed", "failed", "not supported")?;
        for (kind, tally) in &self.kinds {
            let (failed, unsupported) = (tally.failed.len(), tally.unsupported.len());
            writeln!(out, "{kind:<24} {:>6} {failed:>6} {unsupported:>13}", tally.passed)?;
        }
        for tally in self.kinds.values() {
            for (id, reason) in &tally.unsupported {
                writeln!(out, "{id}: not supported yet: {reason}")?;
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
