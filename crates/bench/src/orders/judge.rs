//! Whether everything that was answered is stored, and the gateway took no more and no less.

use std::path::Path;

use gateway::sandbox::{Operation, read_log};

use super::OrdersError;

/// The log that a sandbox keeps in its data folder.
const LOG: &str = "sandbox.log";

/// Payments of one amount: those that were answered, and those whose answer never came.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answered {
    pub(super) amount: i64,
    pub(super) sold: u64,
    pub(super) unanswered: u64,
}

impl Answered {
    /// Compares with the log of the sandbox in `folder`. The amount tells them from what others
    /// paid there.
    pub(super) fn compare(self, folder: &Path) -> Result<(), OrdersError> {
        let log = read_log(&folder.join(LOG));
        let log = log.map_err(|error| OrdersError::Unsound(error.to_string()))?;
        let taken = log.iter().filter(|line| {
            let takes = matches!(
                line.request.operation,
                Operation::Sale | Operation::Capture | Operation::PayOpen
            );
            takes && line.handling.changes_book() && line.moved() == self.amount
        });
        let taken = taken.count() as u64;
        if (self.sold..=self.sold + self.unanswered).contains(&taken) {
            return Ok(());
        }
        let message = format!("{} were answered as paid, but the gateway took {taken}", self.sold);
        Err(OrdersError::Unsound(message))
    }
}
