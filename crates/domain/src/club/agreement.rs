//! The agreement: a contract that is drafted first and sold later with its token
//! (`payments.md` §4.4).
//!
//! | state      | what happened                          | next state |
//! |------------|----------------------------------------|------------|
//! | —          | drafted                                | Incomplete |
//! | Incomplete | its token came with a sale             | Draft ¹    |
//! | Incomplete | its time is over                       | NotSold    |
//!
//! ¹ From there on it is a contract like any other ([`super::contract`]).
//!
//! A draft takes nothing: no money, and no use of a promo code, because whoever drafts may never
//! come back. So all is looked at again when it is sold. Its price is what was agreed; where it has
//! changed since, nothing is sold.
//!
//! The token is good for one sale, whatever came of it: a payment that failed may still come late,
//! and must find no second sale of the same contract.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::contract::{Contract, ContractState, Instalment, InstalmentState};
use super::wish::{ContractWish, Found};
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::ids::{ContractId, PlanId, Shard};
use crate::money::Money;
use crate::record::word;
use crate::refusal::{Code, Refusal};
use crate::sale::Sale;
use crate::time::{Span, Timestamp};
use crate::token::{Secret, Token};

/// How long after it was drafted an agreement can be sold.
pub const AGREEMENT_FOR: Span = Span::hours(24);

/// What a drafted contract knows of its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// What the token must show, as a hash.
    pub secret_hash: u128,
    /// From when on it is no longer taken.
    pub expires_at: Timestamp,
    /// The request that sold it, as a hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sold_by: Option<u128>,
}

/// Drafts a contract.
#[derive(Clone, Debug)]
pub struct DraftAgreement {
    /// What it is to be.
    pub wish: ContractWish,
    /// 128 random bits for its token.
    pub secret: Secret,
    /// The end user's address, if it is known.
    pub end_user_address: Option<String>,
}

impl Command for DraftAgreement {
    type Outcome = Arc<Contract>;

    fn shards(&self) -> Shards {
        Shards::One(self.wish.shard)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        self.wish.keys(keys);
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Arc<Contract>, Halt> {
        let found = self.wish.find(facts, now)?;
        let id = ContractId(facts.number(self.wish.shard, ContractId::KIND)?);
        let mut contract = found.contract(id, now);
        contract.state = ContractState::Incomplete;
        for instalment in &mut contract.instalments {
            instalment.state = InstalmentState::Scheduled;
        }
        contract.end_user_address.clone_from(&self.end_user_address);
        let (secret_hash, expires_at) = (hash_of(&self.secret), now.after(AGREEMENT_FOR));
        contract.agreement = Some(Agreement { secret_hash, expires_at, sold_by: None });
        Ok(facts.put(contract))
    }
}

/// That a token of an agreement is shown with a sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AgreementUse {
    /// What it names.
    pub token: Token,
    /// The request that shows it, as a hash: the same request may show it again.
    pub request: u128,
}

impl AgreementUse {
    /// Where its contract lives.
    #[must_use]
    pub fn key(&self) -> Key {
        Contract::key_of(self.token.shard, ContractId(self.token.number))
    }

    /// The sale that this very request led to before, if it did.
    ///
    /// # Errors
    /// [`Code::AgreementNotFound`], [`Code::AgreementExpired`], [`Code::AgreementCompleted`];
    /// [`Halt::Missing`].
    pub(super) fn repeat(
        &self,
        facts: &Facts<'_>,
        now: Timestamp,
    ) -> Result<Option<Arc<Sale>>, Halt> {
        let contract = facts.look::<Contract>(self.key())?;
        let (contract, agreement) = opened(contract, &self.token)?;
        match agreement.sold_by {
            Some(request) if request == self.request => {
                Ok(facts.share::<Sale>(Sale::key_of(contract.shard, contract.sale))?)
            }
            Some(_) => Err(completed().into()),
            None if agreement.expires_at <= now => Err(expired().into()),
            None => Ok(None),
        }
    }

    /// Makes the drafted contract the one that is being sold. [`AgreementUse::repeat`] has found
    /// that it can be.
    ///
    /// # Errors
    /// [`Code::PaymentAmountMismatch`] where the price has changed.
    pub(super) fn sell(&self, found: &Found, facts: &Facts<'_>) -> Result<Agreement, Halt> {
        let contract = facts.look::<Contract>(self.key())?;
        let (contract, agreement) = opened(contract, &self.token)?;
        let now_due = Contract::instalments_of(found.schedule.all().cloned());
        let payments = |all: &[Instalment]| -> Vec<_> {
            all.iter().map(|instalment| instalment.payment.clone()).collect()
        };
        if payments(&contract.instalments) != payments(&now_due) {
            return Err(changed(found).into());
        }
        Ok(Agreement { sold_by: Some(self.request), ..agreement })
    }
}

/// The contract of a token and what it knows of the token, if they belong together.
///
/// # Errors
/// [`Code::AgreementNotFound`]
pub fn opened<'c>(
    contract: Option<&'c Contract>,
    token: &Token,
) -> Result<(&'c Contract, Agreement), Refusal> {
    let hash = hash_of(&token.secret);
    let found = contract.and_then(|contract| Some((contract, contract.agreement?)));
    found.filter(|(_, agreement)| agreement.secret_hash == hash).ok_or_else(not_found)
}

/// The refusal for a token that leads to no agreement.
#[must_use]
pub fn not_found() -> Refusal {
    let message = "This is no IncompleteAgreementToken of this chain; draft the agreement again.";
    Refusal::new(Code::AgreementNotFound, message)
}

impl ContractWish {
    /// What was drafted, to be sold today.
    #[must_use]
    pub fn of_agreement(contract: &Contract, today: super::Date) -> ContractWish {
        ContractWish {
            shard: contract.shard,
            store: contract.store,
            member: contract.member,
            package: contract.terms.package,
            plan: Some(contract.terms.plan).filter(|plan| *plan != PlanId(0)),
            start: Some(contract.start),
            today,
            promo: contract.promo,
            staff: contract.staff,
        }
    }
}

/// Ends a draft whose time is over. Its number is not used again.
#[derive(Clone, Copy, Debug)]
pub struct ExpireAgreement {
    /// The chain.
    pub shard: Shard,
    /// Which.
    pub contract: ContractId,
}

impl Command for ExpireAgreement {
    type Outcome = ();

    fn shards(&self) -> Shards {
        Shards::One(self.shard)
    }

    fn keys(&self, _now: Timestamp, keys: &mut Vec<Key>) {
        keys.push(Contract::key_of(self.shard, self.contract));
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<(), Halt> {
        let key = Contract::key_of(self.shard, self.contract);
        let is_over = |contract: &Contract| {
            contract.agreement.is_some_and(|agreement| agreement.expires_at <= now)
        };
        let known = facts.look::<Contract>(key)?;
        let Some(contract) = known.filter(|it| it.state == ContractState::Incomplete) else {
            return Ok(());
        };
        if is_over(contract)
            && let Some(contract) = facts.edit::<Contract>(key)?
        {
            contract.never_sold(now);
        }
        Ok(())
    }
}

/// What of a token's random part is stored.
fn hash_of(secret: &Secret) -> u128 {
    let bytes = u128::from_be_bytes(secret.0);
    word("agreement", &format!("{bytes:032x}"))
}

fn changed(found: &Found) -> Refusal {
    let currency = found.store.currency;
    let due = Money::new(found.schedule.due_today(), currency).text();
    let message = format!(
        "The price has changed since the agreement was drafted: {due} {} is due today now. Nothing \
         was sold; draft a new agreement.",
        currency.code()
    );
    Refusal::new(Code::PaymentAmountMismatch, message)
}

fn expired() -> Refusal {
    let message = "The agreement is more than a day old; draft a new one. Nothing was charged.";
    Refusal::new(Code::AgreementExpired, message)
}

fn completed() -> Refusal {
    let message = "Another request has used this IncompleteAgreementToken; ask for its contract, \
                   or draft a new agreement.";
    Refusal::new(Code::AgreementCompleted, message)
}
