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
use crate::sale::{Goods, LetterAddress, Sale, SaleState};
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

/// Owes the buyer of a sale a letter. Where nobody has given an address, nothing is owed: season
/// cards have that of their holder, other orders the one that their tickets were mailed to.
///
/// # Errors
/// [`Halt::Missing`]
pub(crate) fn write_to_buyer(
    sale: &Sale,
    outbox: Shard,
    content: MailContent,
    facts: &mut Facts<'_>,
    now: Timestamp,
) -> Result<(), Halt> {
    let Some(LetterAddress { to, language }) = letter_address(sale) else { return Ok(()) };
    facts.owe(outbox, Effect::Mail { to, language, queued_at: now, content })
}

fn letter_address(sale: &Sale) -> Option<LetterAddress> {
    match &sale.goods {
        Goods::Cards { holder, receipt, .. } => {
            let (to, language) = holder.email.clone().zip(*receipt)?;
            Some(LetterAddress { to, language })
        }
        Goods::Order { .. } => None,
        Goods::Admissions
        | Goods::Pass { .. }
        | Goods::Contract { .. }
        | Goods::Instalment { .. } => sale.buyer.letters.clone(),
    }
}

/// Owes a letter with the tickets of a sale to an address that somebody named. What is to be told
/// of the order later goes there, too.
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
        let sale = facts.look::<Sale>(Sale::key_of(self.shard, self.sale))?.cloned();
        let not_found = || Refusal::new(Code::TicketNotFound, "There is no such ticket.");
        let mut sale = sale.ok_or_else(not_found)?;
        require_live(&sale)?;
        if !allowance::take(facts, self.allowance(), &[MAILS_PER_SALE], now)? {
            let message = "These tickets were mailed often enough; try again in an hour.";
            return Err(Refusal::new(Code::TooManyRequests, message).into());
        }
        sale.buyer.letters = Some(LetterAddress { to: self.to.clone(), language: self.language });
        let content = MailContent::Tickets { sale: self.sale };
        write_to_buyer(&sale, self.shard, content, facts, now)?;
        facts.put(sale);
        self.note.record_of(self.shard, facts, now);
        Ok(())
    }
}
