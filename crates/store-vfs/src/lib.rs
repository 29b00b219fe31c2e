//! A layer between SQLite and the disk that changes nothing, but
//!
//! * tells a [`Witness`] every write, sync and truncation in order, so that a test can show that
//!   each answered commit was preceded by its sync;
//! * makes each sync take longer, to see how a slow disk feels;
//! * fails on demand, to see what a full or broken disk does.
//!
//! A layer is registered under a name and lives as long as the process, as SQLite asks of what
//! it has been handed.

#![expect(unsafe_code, reason = "SQLite's file layer is a C interface of function pointers")]

mod faults;
mod files;
mod system;

use std::sync::Arc;
use std::time::Duration;

pub use self::faults::{Faults, Plan, Trouble};
pub use self::system::RegisterError;

/// Which of a database's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// The database itself.
    Main,
    /// The write-ahead log.
    Log,
    /// The rollback journal.
    Journal,
    /// Anything else, such as a temporary file.
    Other,
}

/// What SQLite asks of a file, as far as durability depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Bytes handed to the system; a power cut may still take them.
    Write {
        /// The first byte.
        offset: i64,
        /// How many.
        length: usize,
    },
    /// Everything handed over so far is to survive a power cut.
    Sync {
        /// SQLite's own flags: normal, full, data only.
        flags: i32,
    },
    /// The file is cut to this many bytes.
    Truncate {
        /// Its new size.
        size: i64,
    },
}

/// Something that was done to a file, successfully.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Event {
    /// To which file.
    pub file: FileKind,
    /// What was done.
    pub operation: Operation,
}

/// Watches what reaches the disk. Called on the thread that does it, right after it succeeded.
pub trait Witness: Send + Sync {
    /// This was just done.
    fn saw(&self, event: Event);
}

/// What a layer does beside passing everything on.
#[derive(Clone, Default)]
pub struct Layer {
    /// Who watches.
    pub witness: Option<Arc<dyn Witness>>,
    /// How much longer each sync takes.
    pub sync_delay: Duration,
    /// What goes wrong.
    pub faults: Arc<Faults>,
}

/// Registers a layer over the system's own file layer, under a name of its own, which is
/// returned and may be handed to `Connection::open_with_flags_and_vfs`.
///
/// # Errors
/// [`RegisterError`] when SQLite has no file layer or no memory.
pub fn register(layer: Layer) -> Result<String, RegisterError> {
    system::register(layer)
}

/// Registers a layer that only makes each sync take longer.
///
/// # Errors
/// As [`register`].
pub fn register_delay(sync_delay: Duration) -> Result<String, RegisterError> {
    register(Layer { sync_delay, ..Layer::default() })
}
