//! Somebody who becomes a member with the sale (`payments.md` §4.4).
//!
//! The member stays when the sale is not paid, as one who may buy and has bought nothing: the card
//! that came with a `ProfileToken` stays on file even then (`domain.md` §6.4), and must be
//! somebody's. So the next try is a sale to that member.

use super::save_member::new_member;
use super::{Member, MemberDetails, people};
use crate::audit::AuditNote;
use crate::club::contract::Contract;
use crate::facts::{Facts, Halt, Key};
use crate::idempotency::{Identity, Mark};
use crate::ids::{MemberId, SaleId, Shard};
use crate::record::word;
use crate::refusal::{Code, Refusal};
use crate::sale::{Goods, Sale};
use crate::time::Timestamp;

/// Who is to become a member.
#[derive(Clone, Debug)]
pub struct Newcomer {
    /// What is told of them.
    pub details: MemberDetails,
    /// A member of the chain has their e-mail address, as far as was seen before the commit.
    pub is_known: bool,
    /// What the audit says.
    pub note: AuditNote,
}

impl Newcomer {
    /// The rows that tell whether somebody with the same address has just joined.
    pub(super) fn keys(&self, shard: Shard, now: Timestamp, keys: &mut Vec<Key>) {
        keys.extend(self.mark(shard).into_iter().flat_map(|mark| mark.recent_keys(now)));
    }

    /// Makes them a member.
    ///
    /// # Errors
    /// [`Code::MemberAlreadyExists`], [`Code::ValidationFailed`]; [`Halt::Missing`].
    pub(super) fn join(
        &self,
        shard: Shard,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<MemberId, Halt> {
        if self.is_known || self.has_just_joined(shard, facts, now)? {
            return Err(already_member().into());
        }
        let id = MemberId(facts.number(shard, MemberId::KIND)?);
        let member = new_member(&self.details, shard, id, now)?;
        people::save(None, member, &self.note, facts, now);
        Ok(id)
    }

    /// Remembers the sale with which they joined, for whoever joins at the same moment.
    pub(super) fn remember(
        &self,
        shard: Shard,
        sale: SaleId,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) {
        self.mark(shard).into_iter().for_each(|mark| mark.remember(shard, sale, facts, now));
    }

    /// Whoever asks looks for members of that address before the commit, and finds all but those
    /// who join at the same moment. Those are found here.
    fn has_just_joined(
        &self,
        shard: Shard,
        facts: &Facts<'_>,
        now: Timestamp,
    ) -> Result<bool, Halt> {
        let Some(mark) = self.mark(shard) else { return Ok(false) };
        let Some(row) = mark.find(facts, now)? else { return Ok(false) };
        let sale = facts.look::<Sale>(Sale::key_of(shard, row.sale))?;
        let Some(Goods::Contract { contract }) = sale.map(|sale| &sale.goods) else {
            return Ok(false);
        };
        let contract = facts.look::<Contract>(Contract::key_of(shard, *contract))?;
        let Some(contract) = contract else { return Ok(false) };
        let member = facts.look::<Member>(Member::key_of(shard, contract.member))?;
        Ok(member.is_some_and(|member| has_address(member, self.details.email.as_deref())))
    }

    fn mark(&self, shard: Shard) -> Option<Mark> {
        let email = self.details.email.as_deref()?;
        let hash = word("new member", &email.to_lowercase());
        Some(Mark::Key(shard, Identity { hash, fingerprint: 0 }))
    }
}

fn has_address(member: &Member, email: Option<&str>) -> bool {
    let word = |email: &str| Member::word_of_email(email);
    email.is_some() && member.email.as_deref().map(word) == email.map(word)
}

/// The refusal for an e-mail address that a member of the chain has.
fn already_member() -> Refusal {
    let message = "A member of this chain has that e-mail address: find them at /members, and sell \
                   to them at /sales/contract/sold. Nothing was charged.";
    Refusal::new(Code::MemberAlreadyExists, message)
}
