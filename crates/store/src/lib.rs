//! Durable facts, and the only SQL.
//!
//! Commands of [`domain`] go through a *lane* ([`lane`]): one thread with one connection that
//! takes what is queued, runs it as one *batch* ([`batch`]) and answers after the commit.
//! Everything sold belongs to one seller, whose *shard* row is locked by the batch and counts
//! its changes, so that any number of lanes over one database are correct. Questions are
//! answered by readers apart ([`snapshot`]).
//!
//! Three engines implement [`engine::Engine`]: [`memory`], [`sqlite`] and [`postgres`].
//! `ARCHITECTURE.md` tells the whole story.

mod alone;
mod attachment;
mod cache;
mod clock;
mod codec;
mod error;
mod migrate;
mod numbers;
mod options;
#[cfg(feature = "planted-bugs")]
mod planted;
mod publish;
mod queries;
mod queue;
mod records;
mod statistics;
mod store;
mod sums;

pub mod batch;
pub mod changes;
pub mod cluster;
pub mod engine;
pub mod job;
pub mod lane;
pub mod memory;
pub mod postgres;
pub mod snapshot;
pub mod sqlite;
#[cfg(feature = "testing")]
pub mod testing;
pub mod transfer;

pub use crate::alone::AloneError;
pub use crate::attachment::{ATTACHMENT_LENGTH_MAX, ATTACHMENTS_MAX, Attachment};
pub use crate::changes::{Due, Found};
pub use crate::clock::{Clock, SystemClock};
pub use crate::codec::{BODY_VERSION, Codec};
pub use crate::error::{Fault, OpenError, SubmitError};
pub use crate::numbers::{NextNumbers, SkipError, skip_numbers};
pub use crate::options::{CACHE_ENTRIES_MAX, Options, QUEUE_LENGTH_MAX};
pub use crate::publish::publish_file;
pub use crate::queries::PAGE_ROWS_MAX;
pub use crate::queries::catalogue::CatalogueRows;
pub use crate::queries::check::{CheckReport, FINDINGS_MAX};
pub use crate::queries::settlement::{
    Unsettled, UnsettledPage, differences as settlement_differences, unsettled,
};
pub use crate::statistics::Statistics;
pub use crate::store::{Backend, Condition, READERS_MAX, Store};
pub use crate::sums::LedgerSum;
