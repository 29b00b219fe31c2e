//! What each connection is told before it is used, and what is read back from the server.

/// How long the server works on one statement of a lane; longer than it waits for a lock.
const STATEMENT_TIMEOUT_MS: u32 = 15_000;

/// How long a lane waits for a lock; longer than a silent holder is allowed to keep it.
const LOCK_TIMEOUT_MS: u32 = 7_000;

/// How long the server waits for the next statement of an open transaction. A lane sends it
/// within milliseconds, or it is frozen or gone and must not keep its locks.
const IDLE_IN_TRANSACTION_TIMEOUT_MS: u32 = 5_000;

/// How long an ordinary question of a reader may take.
const QUESTION_TIMEOUT_MS: u32 = 2_000;

/// How long a question of a check may take; between two of them the reader computes.
pub(super) const PATIENT_TIMEOUT_MS: u32 = 15_000;

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Runs batches.
    Lane,
    /// Answers questions.
    Reader,
    /// Migrates, and keeps the register of nodes.
    Keeper,
}

impl Role {
    /// What every connection of this role is told before it is used.
    ///
    /// A lane finds every row by its key. It plans each statement once, and so as if no table
    /// were small: a plan made for an empty one is used when it is large.
    pub(super) fn session(self) -> String {
        let (statement_ms, idle_ms, plans) = match self {
            Role::Lane => {
                (STATEMENT_TIMEOUT_MS, IDLE_IN_TRANSACTION_TIMEOUT_MS, "force_generic_plan")
            }
            Role::Reader => (QUESTION_TIMEOUT_MS, PATIENT_TIMEOUT_MS, "auto"),
            Role::Keeper => (STATEMENT_TIMEOUT_MS, IDLE_IN_TRANSACTION_TIMEOUT_MS, "auto"),
        };
        let scans = if self == Role::Lane { "off" } else { "on" };
        format!(
            "SET default_transaction_isolation = 'read committed';
             SET statement_timeout = {statement_ms};
             SET lock_timeout = {LOCK_TIMEOUT_MS};
             SET idle_in_transaction_session_timeout = {idle_ms};
             SET plan_cache_mode = {plans};
             SET enable_seqscan = {scans};
             SET jit = off;"
        )
    }
}

/// Reads one setting.
pub(super) const SETTING: &str = "SELECT current_setting($1::text)";

/// What durability and the rules rest on, read back from the server on each connection.
pub(super) const VERIFIED: &[(&str, &[&str])] = &[
    ("transaction_isolation", &["read committed"]),
    ("synchronous_commit", &["on", "remote_apply", "remote_write"]),
    ("fsync", &["on"]),
];
