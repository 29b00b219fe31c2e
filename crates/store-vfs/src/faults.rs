//! Trouble on demand.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::ffi;

use crate::{FileKind, Operation};

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// No room for what is to be written.
    DiskFull,
    /// The disk fails.
    Broken,
}

/// When it goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// With which file.
    pub file: FileKind,
    /// While syncing; otherwise while writing.
    pub at_sync: bool,
    /// How often it still works first.
    pub after: u32,
    /// How often it then fails before all is well again.
    pub times: u32,
    /// How.
    pub trouble: Trouble,
}

/// The trouble planned for a layer; none to begin with.
#[derive(Debug, Default)]
pub struct Faults {
    plan: Mutex<Option<Plan>>,
}

impl Faults {
    /// From now on this happens.
    pub fn plan(&self, plan: Plan) {
        *self.lock() = Some(plan);
    }

    /// From now on all is well.
    pub fn clear(&self) {
        *self.lock() = None;
    }

    /// The error code to answer with instead of doing it, if it is to fail.
    pub(crate) fn strike(&self, file: FileKind, operation: Operation) -> Option<i32> {
        let mut plan = self.lock();
        let due = plan.as_mut().filter(|plan| plan.file == file && plan.concerns(operation))?;
        if due.after > 0 {
            due.after -= 1;
            return None;
        }
        let code = due.code();
        due.times = due.times.saturating_sub(1);
        if due.times == 0 {
            *plan = None;
        }
        Some(code)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Plan>> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Plan {
    fn concerns(&self, operation: Operation) -> bool {
        match operation {
            Operation::Sync { .. } => self.at_sync,
            Operation::Write { .. } => !self.at_sync,
            Operation::Truncate { .. } => false,
        }
    }

    fn code(&self) -> i32 {
        match (self.trouble, self.at_sync) {
            (Trouble::DiskFull, _) => ffi::SQLITE_FULL,
            (Trouble::Broken, true) => ffi::SQLITE_IOERR_FSYNC,
            (Trouble::Broken, false) => ffi::SQLITE_IOERR_WRITE,
        }
    }
}
