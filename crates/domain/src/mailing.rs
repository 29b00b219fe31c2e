//! Letters to buyers. A rule owes them in the commit that gives the reason
//! ([`crate::effect::Effect::Mail`]); this one sends tickets to an address that somebody names.

use crate::allowance::{self, Allowance, Limit};
use crate::audit::AuditNote;
use crate::effect::{Effect, MailContent};
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{SaleId, Shard};
use crate::language::Language;
use crate::record::word;
use crate::refusal::{Code, Refusal};
use crate::sale::{Goods, Sale, SaleState};
use crate::time::{Span, Timestamp};

/// How often the tickets of one sale may be mailed: often enough for a mistyped address, too seldom
/// to fill somebody's mailbox.
pub const MAILS_PER_SALE: Limit = Limit { count: 5, within: Span::seconds(3_600) };

/// Whether a sale has tickets that can be shown: paid for, or free, and still good.
///
/// # Errors
/// [`Code::TicketNotFound`], [`Code::TicketNotPaid`], [`Code::TicketRefunded`],
/// [`Code::AlreadyTransferred`]
pub fn require_live(sale: &Sale) -> Result<(), Refusal> {
    let refuse = |code, message: &str| Err(Refusal::new(code, message));
    if sale.goods != Goods::Admissions {
        return refuse(Code::TicketNotFound, "This order has no tickets.");
    }
    match sale.state {
        SaleState::Issued => Ok(()),
        SaleState::AwaitingPayment | SaleState::UnderReview => {
            refuse(Code::TicketNotPaid, "The payment is still open; ask for its status.")
        }
        SaleState::PaymentFailed | SaleState::Expired => {
            refuse(Code::TicketNotPaid, "The ticket was not paid; order it again.")
        }
        SaleState::Returning | SaleState::Returned => {
            refuse(Code::TicketRefunded, "The ticket was paid back and is not good any more.")
        }
        SaleState::Cancelled => {
            refuse(Code::TicketRefunded, "The ticket was cancelled and is not good any more.")
        }
        SaleState::Transferred => {
            refuse(Code::AlreadyTransferred, "Another ticket has replaced this one.")
        }
    }
}

/// Owes a letter with the tickets of a sale to an address that somebody named.
#[derive(Clone, Debug)]
pub struct MailTickets {
    /// The sale's seller.
    pub shard: Shard,
    /// Which sale.
    pub sale: SaleId,
    /// The address, checked before.
    pub to: String,
    /// The language of the letter.
    pub language: Language,
    /// What the audit tells of it.
    pub note: AuditNote,
}

impl MailTickets {
    /// What the allowance of the sale is found by.
    fn allowance(&self) -> u128 {
        word("mail of sale", &format!("{}/{}", self.shard.0, self.sale.0))
    }
}

impl Command for MailTickets {
    type Outcome = ();

    fn shards(&self) -> Shards {
        Shards::Two(self.shard, Shard::HOUSE)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        let sale = Sale::key_of(self.shard, self.sale);
        keys.extend([Key::seller(self.shard), sale, Allowance::key_of(self.allowance())]);
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        let sale = facts.look::<Sale>(Sale::key_of(self.shard, self.sale))?;
        let not_found = || Refusal::new(Code::TicketNotFound, "There is no such ticket.");
        require_live(sale.ok_or_else(not_found)?)?;
        if !allowance::take(facts, self.allowance(), &[MAILS_PER_SALE], now)? {
            let message = "These tickets were mailed often enough; try again in an hour.";
            return Err(Refusal::new(Code::TooManyRequests, message).into());
        }
        let content = MailContent::Tickets { sale: self.sale };
        let Self { to, language, .. } = self.clone();
        facts.owe(self.shard, Effect::Mail { to, language, queued_at: now, content })?;
        self.note.record(facts, now);
        Ok(())
    }
}
