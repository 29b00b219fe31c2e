//! A gateway that needs no account: fixed behaviour per card number, and a log that outlives
//! it (`payments.md` §5.5).
//!
//! ```text
//! Sandbox ───────────────┐
//!                        ├─▶ engine ─▶ book (decides, remembers)
//! SandboxClient ─HTTP─▶ serve ┘   └──▶ log  (written before any answer, read at the start)
//! ```
//!
//! [`Sandbox`] runs inside the till, for trying things out. [`serve`] is the same book in a
//! process of its own, so that a till can be killed at any step and the book still knows what
//! was charged: the log is the judge of crash tests. It is also on the path of every benched
//! order, hence the care about cost. It is never a place for real cards.

mod answer;
mod authentication;
mod behaviour;
mod book;
mod client;
mod connection;
mod engine;
mod hint;
mod line;
mod local;
mod log;
mod page;
mod protocol;
mod routes;
mod server;
mod token;

use std::path::PathBuf;

use domain::attempt::{GatewayTerms, PushTerms};
use domain::time::Span;

use crate::gateway::OPEN_PAYMENT_TIME;

pub use crate::clock::Clock;
pub use behaviour::{Behaviour, Payer};
pub use client::SandboxClient;
pub use hint::{CallbackTarget, NotCallbackUrl};
pub use line::{CardFacts, Handling, LogLine, Operation, PhoneFacts, Request, WALLET_PROOF};
pub use local::Sandbox;
pub use log::read_log;
pub use page::{PAGE_POLICY, preferred_language};
pub use server::{serve, serve_telling};

/// How a sandbox is set up.
#[derive(Clone)]
pub struct SandboxOptions {
    /// The file of the log: made if it is not there, otherwise read in and continued.
    pub log: PathBuf,
    /// How long an answer is held back after the book has been written; zero for not at all.
    pub answer_delay: Span,
    /// Stamps the log and tells which cards have expired.
    pub clock: Clock,
}

/// What a sandbox promises: it can be asked and fenced, takes calls for 10 seconds after the
/// commit and answers within 30 (`payments.md` §6.3).
#[must_use]
pub fn terms(name: &str) -> GatewayTerms {
    GatewayTerms {
        name: name.to_owned(),
        resumable: true,
        send_within: Span::seconds(10),
        deadline: Span::seconds(30),
        push: None,
    }
}

/// What the sandbox promises as a gateway for payment by telephone: as [`terms`], and it asks the
/// payer, who has five minutes (`payments.md` §3.2).
#[must_use]
pub fn phone_terms(name: &str) -> GatewayTerms {
    GatewayTerms { push: Some(PushTerms::default()), ..terms(name) }
}

/// What a gateway with these terms promises of payments that are finished in a browser. The sandbox
/// sends no message when one was, so it is asked often.
#[must_use]
fn browser_terms(terms: &GatewayTerms) -> GatewayTerms {
    let (poll, approval_within) = (Span::seconds(2), OPEN_PAYMENT_TIME);
    let push = PushTerms { poll, approval_within, browser: true };
    GatewayTerms { push: Some(push), ..terms.clone() }
}

/// Why a sandbox does not run.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The log cannot be opened, read or written.
    #[error("the sandbox's log {path} cannot be used: {source}")]
    LogUnusable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A line of the log cannot be put into words.
    #[error("a line of the sandbox's log cannot be written: {0}")]
    LineUnwritable(serde_json::Error),
    /// Another sandbox has the log open.
    #[error("the sandbox's log {path} is in use; stop the other sandbox or choose another file")]
    LogInUse {
        /// The file.
        path: PathBuf,
    },
    /// A line in the middle of the log is not ours.
    #[error("line {line} of the sandbox's log {path} cannot be read; move the file away")]
    LogUnreadable {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
    },
    /// The listener could be reached from other machines.
    #[error("the sandbox only listens on this machine; bind it to 127.0.0.1 and not to {0}")]
    NotLoopback(std::net::SocketAddr),
    /// The listener has no address.
    #[error("the sandbox cannot listen: {0}")]
    ListenerUnusable(std::io::Error),
    /// There is no randomness for a token.
    #[error("the system gives no random bytes for a token: {0}")]
    NoRandomness(String),
}
