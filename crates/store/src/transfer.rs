//! Everything in a database as a stream of lines, and a database made of such a stream: how an
//! installation moves from one engine to another.
//!
//! A stream is JSON, one object a line ([`format`]): a header, what is stored in a fixed order,
//! and an end with counts, sums and a digest, so that a cut or changed stream is noticed. It says
//! nothing of any engine. What can be derived (the work table, balances) is in it too and is
//! derived anew while importing, so that the comparison at the end has something to compare.
//!
//! The order is fixed and so is each line, hence two databases hold the same exactly when their
//! streams have the same digest. That is how an import proves itself: it reads back what it has
//! written, through the same code that wrote the stream.

mod export;
mod format;
mod import;
mod input;
mod intake;

use std::collections::BTreeMap;
use std::io;

pub use self::export::export;
pub use self::format::FORMAT_VERSION;
pub use self::import::{Imported, import};
use crate::alone::AloneError;
use crate::changes::Due;
use crate::engine::EngineError;
use crate::error::Fault;
use crate::snapshot::Snapshot;
use crate::sums::LedgerSum;

/// A row of the work table that stands in a database from the first commit of an import to its
/// last. No aggregate ever asks for it, and no store opens a database that has it.
pub(crate) const UNFINISHED: Due = Due {
    shard: domain::ids::Shard::HOUSE,
    at: domain::time::Timestamp(0),
    kind: domain::record::Kind::Seller,
    number: 0,
};

/// Whether an import into this database was begun and not finished.
pub(crate) fn is_unfinished(view: &dyn Snapshot) -> Result<bool, Fault> {
    Ok(view.due_of(UNFINISHED.shard)?.contains(&UNFINISHED))
}

/// What went through a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Rows by table.
    pub rows: BTreeMap<String, u64>,
    /// What the books add up to.
    pub sums: Vec<LedgerSum>,
    /// Over everything between header and end, SHA-256.
    pub digest: [u8; 32],
}

impl Totals {
    /// All rows.
    #[must_use]
    pub fn row_count(&self) -> u64 {
        self.rows.values().sum()
    }
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// What is done now.
    pub stage: Stage,
    /// Rows so far, in this stage.
    pub rows: u64,
    /// The share that is done, from 0 to 1, where it is known.
    pub share: Option<f64>,
}

/// What an export or import does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Rows go from one side to the other.
    Moving,
    /// What arrived is read back and compared.
    Comparing,
    /// What arrived is checked.
    Checking,
}

/// Hears how far it is.
pub type Watch<'a> = &'a mut dyn FnMut(Progress);

/// Why a stream was not written or not taken in.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// The stream could not be read or written.
    #[error("the export file failed: {0}")]
    Io(#[from] io::Error),
    /// The stream is none of ours, or of a newer program.
    #[error("this is no export that this program can read: {0}")]
    Foreign(String),
    /// The stream was cut off or changed.
    #[error("line {line} of the export cannot be taken in: {problem}; export again")]
    Broken {
        /// Which line, from 1.
        line: u64,
        /// What is wrong with it.
        problem: String,
    },
    /// There is something in the database already.
    #[error("the database is not empty, and an import never mixes; import into an empty one")]
    NotEmpty,
    /// An earlier import was not finished.
    #[error("an import into this database was not finished; empty it and import again")]
    Unfinished,
    /// What arrived is not what was sent; the database refuses to sell.
    #[error("the two sides differ, and the new one will not sell: {}", .0.join(" "))]
    Differs(Vec<String>),
    /// Others work on the database.
    #[error(transparent)]
    NotAlone(#[from] AloneError),
    /// A database failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<EngineError> for TransferError {
    fn from(error: EngineError) -> TransferError {
        TransferError::Fault(error.into())
    }
}
