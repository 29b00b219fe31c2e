//! Contracts that are drafted first and sold with a token (`payments.md` §4.4).

mod add;
mod sell;

use contract::clubs::agreements as declared;

use crate::operations::handlers::{Handler, handler};

/// What serves these operations.
pub(in crate::operations) static HANDLERS: &[Handler] = &[
    handler!(declared::ADD_AGREEMENT, add::serve),
    handler!(declared::SELL_AGREEMENT, sell::serve),
];
