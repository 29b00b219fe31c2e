//! The contract: a package that was sold to a member, with its instalments (`domain.md` §7.6).
//!
//! The money of its first day is a [`Sale`]; a contract exists from the moment that sale is placed,
//! so that a sale under review can be named.
//!
//! | state     | what happened                               | next state                   |
//! |-----------|---------------------------------------------|------------------------------|
//! | —         | the sale was placed                         | Draft                        |
//! | —         | an agreement was drafted ([`Agreement`])    | Incomplete                   |
//! | Incomplete| the agreement is being sold                 | Draft                        |
//! | Incomplete| the agreement's time is over                | NotSold                      |
//! | Draft     | the sale is paid, or costs nothing today    | Active; Scheduled ¹          |
//! | Draft     | the sale is under review                    | Draft                        |
//! | Draft     | the money did not come, or went back        | NotSold                      |
//! | Scheduled | its first day has come                      | Active                       |
//! | Active    | the first day of a freeze has come          | Frozen                       |
//! | Frozen    | the freeze is over, or a person ends it     | Active                       |
//! | Active    | all is paid or given up, and its last period is over | Completed           |
//! | Scheduled, Active, Frozen | a person cancels it         | Cancelled                    |
//! | Scheduled | its first payment goes back whole           | Cancelled                    |
//!
//! ¹ Where it begins on a later day.
//!
//! NotSold, Completed and Cancelled are final: what is charged for one that is NotSold goes back. A
//! use of a promo code is taken with the sale and given back with NotSold. What becomes of each
//! payment is told in [`super::instalment`], what the calendar does in [`super::life`].

use serde::{Deserialize, Serialize};

use super::agreement::Agreement;
pub use super::instalment::{Instalment, InstalmentState};
use super::life::ContractLife;
use super::plan::Payment;
use super::{Date, Member, PromoCode};
use crate::books::{OwedFor, owe};
use crate::facts::{Facts, Halt, Key};
use crate::ids::{
    ClubStoreId, ContractId, MemberId, PackageId, PaymentProfileId, PlanId, SaleId, Shard, StaffId,
};
use crate::ledger::{Account, Posting};
use crate::money::Currency;
use crate::profile;
use crate::record::{Kind, word};
use crate::sale::Sale;
use crate::time::Timestamp;

/// Where a contract stands; see the table of the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContractState {
    /// Drafted; nothing of it is paid or promised.
    Incomplete,
    /// Its sale is being paid.
    Draft,
    /// Sold; it begins on a later day.
    Scheduled,
    /// Sold, and its first day has come.
    Active,
    /// The sale came to nothing.
    NotSold,
    /// Nothing is charged for some days.
    Frozen,
    /// Its last period is over, and all is paid or given up.
    Completed,
    /// A person has ended it.
    Cancelled,
}

impl ContractState {
    /// Whether it is sold and not over.
    #[must_use]
    pub fn is_alive(self) -> bool {
        matches!(self, ContractState::Scheduled | ContractState::Active | ContractState::Frozen)
    }

    /// The published name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ContractState::Incomplete => "Incomplete",
            ContractState::Draft => "Draft",
            ContractState::Scheduled => "Scheduled",
            ContractState::Active => "Active",
            ContractState::NotSold => "NotSold",
            ContractState::Frozen => "Frozen",
            ContractState::Completed => "Completed",
            ContractState::Cancelled => "Cancelled",
        }
    }
}

/// What a contract was sold for: a copy, because packages change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractTerms {
    /// The package.
    pub package: PackageId,
    /// Its name when it was sold.
    pub package_name: String,
    /// The plan.
    pub plan: PlanId,
    /// Its name when it was sold.
    pub plan_name: String,
    /// The currency of every amount.
    pub currency: Currency,
    /// To whom its taxes are owed.
    pub jurisdiction: String,
    /// After the last instalment it begins again.
    pub is_evergreen: bool,
}

/// A package that was sold to a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contract {
    /// The chain.
    pub shard: Shard,
    /// Its number (`ContractSaleID`).
    pub id: ContractId,
    /// The sale that pays for its first day; 0 of one that was never sold.
    pub sale: SaleId,
    /// The buyer.
    pub member: MemberId,
    /// Where it was sold.
    pub store: ClubStoreId,
    /// Who is credited with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff: Option<StaffId>,
    /// The end user's address, as the program that sold it says; for fraud and audit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_user_address: Option<String>,
    /// The code that was used, by its hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promo: Option<u128>,
    /// The new method of payment that the member prefers once it is sold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefers: Option<PaymentProfileId>,
    /// The token with which it is sold, if it was drafted first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<Agreement>,
    /// Where it stands.
    pub state: ContractState,
    /// Its first day.
    pub start: Date,
    /// The day of the sale, by the calendar of its store.
    pub sold_on: Date,
    /// What was agreed.
    pub terms: ContractTerms,
    /// Everything that is to be paid, in the order in which it falls due.
    pub instalments: Vec<Instalment>,
    /// When the state last changed.
    pub changed_at: Timestamp,
    /// What it knows beside them from its first day on.
    #[serde(default)]
    pub life: ContractLife,
}

impl Contract {
    /// Where it lives.
    #[must_use]
    pub fn key_of(shard: Shard, id: ContractId) -> Key {
        Key::number(shard, Kind::Contract, id.0)
    }

    /// What it is looked for by: its member, from its sale on.
    #[must_use]
    pub fn words(&self) -> Vec<u128> {
        let is_draft = self.sale == SaleId(0);
        let word = (!is_draft).then(|| Contract::word_of_member(self.shard, self.member));
        word.into_iter().collect()
    }

    /// The word of a member's contracts.
    #[must_use]
    pub fn word_of_member(shard: Shard, member: MemberId) -> u128 {
        word("contract_member", &format!("{}:{}", shard.0, member.0))
    }

    /// The instalments of these payments; those of today are being paid.
    #[must_use]
    pub fn instalments_of(payments: impl Iterator<Item = Payment>) -> Vec<Instalment> {
        let mut payments: Vec<Payment> = payments.collect();
        payments.sort_by_key(|payment| (payment.due, !payment.pay_today));
        let instalment = |(payment, number): (Payment, u16)| {
            let state = match payment.pay_today {
                true => InstalmentState::Due,
                false => InstalmentState::Scheduled,
            };
            Instalment::new(number, payment, state)
        };
        payments.into_iter().zip(1..).map(instalment).collect()
    }

    /// The tax in what is being paid.
    fn tax_due(&self) -> i64 {
        let due = self.instalments.iter().filter(|it| it.state == InstalmentState::Due);
        due.map(|instalment| instalment.payment.tax).sum()
    }

    pub(super) fn enter_state(&mut self, state: ContractState, now: Timestamp) {
        self.state = state;
        self.changed_at = now;
    }

    fn enter(&mut self, state: ContractState, due: InstalmentState, now: Timestamp) {
        self.enter_state(state, now);
        for instalment in &mut self.instalments {
            if instalment.state == InstalmentState::Due {
                instalment.state = due;
                instalment.paid_by = (due == InstalmentState::Paid).then_some(self.sale);
            }
        }
    }

    /// Ends a draft that nobody sold.
    pub(super) fn never_sold(&mut self, now: Timestamp) {
        self.enter(ContractState::NotSold, InstalmentState::Cancelled, now);
        self.cancel_instalments();
    }

    /// Ends one before its first day.
    pub(super) fn cancel_unbegun(&mut self, now: Timestamp) {
        self.enter_state(ContractState::Cancelled, now);
        self.cancel_instalments();
    }

    fn cancel_instalments(&mut self) {
        let open = |it: &&mut Instalment| it.state == InstalmentState::Scheduled;
        self.instalments
            .iter_mut()
            .filter(open)
            .for_each(|instalment| instalment.state = InstalmentState::Cancelled);
    }
}

/// The sale of a contract is paid: the contract begins, and its money is booked
/// (`payments.md` §7.2): tax to whom it is owed, the platform's fee, the rest to the chain, or paid
/// in advance where it begins later.
///
/// # Errors
/// [`Halt::Missing`] when the contract is not in memory.
pub(crate) fn sold(
    sale: &Sale,
    id: ContractId,
    posting: Posting,
    facts: &mut Facts<'_>,
    now: Timestamp,
) -> Result<Posting, Halt> {
    let known = facts.look::<Contract>(Contract::key_of(sale.shard, id))?.cloned();
    let Some(mut contract) = known else { return Ok(posting) };
    let tax = contract.tax_due();
    let jurisdiction = contract.terms.jurisdiction.clone();
    let state = match contract.start > contract.sold_on {
        true => ContractState::Scheduled,
        false => ContractState::Active,
    };
    contract.enter(state, InstalmentState::Paid, now);
    contract.life.deferred = Some(0);
    if state == ContractState::Active {
        contract.begin(facts, now)?;
    }
    let (member, prefers) = (contract.member, contract.prefers);
    facts.put(contract);
    prefer(sale.shard, member, prefers, facts, now)?;
    let posting = posting
        .credit(Account::TaxPayable(jurisdiction), tax)
        .credit(Account::PlatformFeeIncome, sale.fee);
    owe(facts, posting, OwedFor::Contract(id), sale.total - tax - sale.fee)
}

/// Counts `amount` minor units more, or less, of a contract as paid in advance. False where it has
/// begun: then they are its chain's.
///
/// # Errors
/// [`Halt::Missing`] when something of it is not in memory.
pub(crate) fn defer(
    facts: &mut Facts<'_>,
    shard: Shard,
    id: ContractId,
    amount: i64,
) -> Result<bool, Halt> {
    let key = Contract::key_of(shard, id);
    let Some(contract) = facts.look::<Contract>(key)? else { return Ok(true) };
    if contract.life.begun {
        return Ok(false);
    }
    let deferred = contract.deferred(facts)?;
    if let Some(contract) = facts.edit::<Contract>(key)? {
        contract.life.deferred = Some(deferred + amount);
    }
    Ok(true)
}

/// Makes the method that came with the sale the preferred one, if it still can be: another one may
/// have paid because the bank closed it.
fn prefer(
    shard: Shard,
    member: MemberId,
    method: Option<PaymentProfileId>,
    facts: &mut Facts<'_>,
    now: Timestamp,
) -> Result<(), Halt> {
    let Some(method) = method else { return Ok(()) };
    match profile::prefer(facts, shard, member, method, now) {
        Err(Halt::Refused(_)) => Ok(()),
        other => other,
    }
}

/// The money of a contract did not come, or goes back: nothing was sold, and the use of its promo
/// code is free again.
///
/// # Errors
/// [`Halt::Missing`] when something of it is not in memory.
pub(crate) fn not_sold(
    sale: &Sale,
    id: ContractId,
    facts: &mut Facts<'_>,
    now: Timestamp,
) -> Result<(), Halt> {
    let Some(contract) = facts.edit::<Contract>(Contract::key_of(sale.shard, id))? else {
        return Ok(());
    };
    if contract.state != ContractState::Draft {
        return Ok(());
    }
    contract.enter(ContractState::NotSold, InstalmentState::Cancelled, now);
    contract.cancel_instalments();
    let (member, promo) = (contract.member, contract.promo);
    give_promo_back(facts, sale.shard, member, promo)
}

/// The use of a promo code, if there was one, is free again.
///
/// # Errors
/// [`Halt::Missing`] when the code or the member is not in memory.
pub(super) fn give_promo_back(
    facts: &mut Facts<'_>,
    shard: Shard,
    member: MemberId,
    promo: Option<u128>,
) -> Result<(), Halt> {
    let Some(hash) = promo else { return Ok(()) };
    if let Some(code) = facts.edit::<PromoCode>(PromoCode::key_of(shard, hash))? {
        code.give_back();
    }
    if let Some(member) = facts.edit::<Member>(Member::key_of(shard, member))? {
        member.promos_used.retain(|used| *used != hash);
    }
    Ok(())
}
