//! What is owed after a commit and may be done more than once: notices, later mail and webhooks.
//!
//! An effect is written in the same commit as the change that owes it, and taken from the outbox
//! by a job that repeats it until it is done. Money never travels this way.

use serde::{Deserialize, Serialize};

use crate::ids::{ContractId, SaleId, Shard, TransferId};
use crate::language::Language;
use crate::time::Timestamp;

/// Something repeatable that is owed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Effect {
    /// A person must look at a sale: its payment could not be settled by the machine.
    SaleNeedsReview {
        /// Which sale.
        sale: SaleId,
        /// What is in doubt, for the person.
        reason: String,
    },
    /// A payment arrived for a sale that could no longer be fulfilled, and was sent back.
    PaymentReturned {
        /// Which sale.
        sale: SaleId,
        /// Minor units returned.
        amount: i64,
        /// The currency's code.
        currency: String,
    },
    /// A letter to a buyer. It is written when it is sent, so nothing secret lies here.
    Mail {
        /// The address, checked by whoever owed it.
        to: String,
        /// The language of the letter.
        language: Language,
        /// When it was owed; after days of failing it is given up.
        queued_at: Timestamp,
        /// What it is about.
        content: MailContent,
    },
}

/// What a letter is about, by the numbers of the seller in whose outbox it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum MailContent {
    /// The tickets of a sale.
    Tickets {
        /// Which sale.
        sale: SaleId,
    },
    /// A receipt for season cards.
    CardReceipt {
        /// Which sale.
        sale: SaleId,
    },
    /// Money of a sale is on its way back.
    RefundStarted {
        /// Which sale.
        sale: SaleId,
        /// Minor units that go back.
        amount: i64,
    },
    /// The event of a sale will not take place.
    EventCancelled {
        /// Which sale.
        sale: SaleId,
    },
    /// A payment of a contract is overdue, and is not tried again by itself.
    InstalmentUnpaid {
        /// Which contract.
        contract: ContractId,
        /// Which payment of it, from 1.
        number: u16,
        /// Minor units that are due.
        amount: i64,
    },
    /// A ticket moves to another event when the difference is paid, and where that can be done.
    PaymentLink {
        /// Which transfer.
        transfer: TransferId,
    },
}

/// An effect with its address in the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    /// Whose outbox.
    pub shard: Shard,
    /// Its number there.
    pub id: u32,
    /// What is owed.
    pub effect: Effect,
}
