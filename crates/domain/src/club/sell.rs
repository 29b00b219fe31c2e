//! Selling a package to a member (`domain.md` §6): everything is looked at in one commit, the money
//! of the first day goes the way of every sale, in as many parts as the request names methods.

use std::sync::Arc;

use super::agreement::AgreementUse;
use super::contract::Contract;
use super::newcomer::Newcomer;
use super::tender::part_of;
use super::wish::{ContractWish, Found};
use super::{Chain, ClubStore, Date, Member, Package, PromoCode};
use crate::attempt::GatewayTerms;
use crate::catalogue::Organiser;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::idempotency::Marks;
use crate::ids::{ContractId, EventId, PackageId, SaleId, Shard};
use crate::money::{Money, basis_points_of};
use crate::profile::{self, MethodAsked, Payer};
use crate::record::{Aggregate as _, Kind};
use crate::refusal::{Code, Refusal};
use crate::sale::{Buyer, Goods, NewSale, Placed, Sale};
use crate::time::Timestamp;
use crate::token::Secret;

/// How many days before the sale a contract may begin.
pub const START_DAYS_BACK_MAX: i32 = 30;

/// How many days after the sale a contract may begin.
pub const START_DAYS_AHEAD_MAX: i32 = 365;

/// Which request sells, and what is special to it.
#[derive(Clone, Debug)]
pub enum Door {
    /// A sale to a member.
    Member,
    /// A sale to somebody who becomes a member with it; the wish names no member.
    NewMember(Box<Newcomer>),
    /// A sale of what was drafted before.
    Agreement(AgreementUse),
}

/// Sells a package to a member of a chain.
#[derive(Clone, Debug)]
pub struct SellContract {
    /// What is sold.
    pub wish: ContractWish,
    /// How the sale came about.
    pub door: Door,
    /// The total due today that the client saw, in minor units of the store's currency; `None` for
    /// what was agreed.
    pub amount_seen: Option<i64>,
    /// How it is paid, in order; `None` for the preferred method.
    pub methods: Option<Vec<MethodAsked>>,
    /// The end user's address, if it is known.
    pub end_user_address: Option<String>,
    /// The gateways that there are.
    pub gateways: Vec<GatewayTerms>,
    /// Who sells it.
    pub buyer: Buyer,
    /// 128 random bits for the sale's handle.
    pub secret: Secret,
    /// By what the request is known when it comes again.
    pub marks: Marks,
}

impl Command for SellContract {
    type Outcome = Placed;

    /// The audit tells of a new member, and lies in the house.
    fn shards(&self) -> Shards {
        match self.door {
            Door::NewMember(_) => Shards::Two(self.wish.shard, Shard::HOUSE),
            Door::Member | Door::Agreement(_) => Shards::One(self.wish.shard),
        }
    }

    fn keys(&self, now: Timestamp, keys: &mut Vec<Key>) {
        let shard = self.wish.shard;
        self.wish.keys(keys);
        keys.push(Key::number(shard, Kind::Organiser, 0));
        self.marks.keys(shard, now, keys);
        match &self.door {
            Door::Member => {}
            Door::NewMember(newcomer) => newcomer.keys(shard, now, keys),
            Door::Agreement(used) => keys.push(used.key()),
        }
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Placed, Halt> {
        if let Some(sale) = self.repeat(facts, now)? {
            return Ok(Placed::again(sale));
        }
        let found = self.wish(facts, now)?.find(facts, now)?;
        self.check_amount(&found)?;
        let contract = self.contract(&found, facts, now)?;
        let payers = self.payers(&found, facts, now)?;
        take_promo(&found, facts)?;
        let sale = self.begin(&found, contract.id, facts, now)?;
        self.remember(sale.id, facts, now);
        let preferred = payers.iter().rev().find(|payer| payer.becomes_preferred);
        let prefers = preferred.map(|payer| payer.profile.id);
        facts.put(Contract { sale: sale.id, prefers, ..contract });
        let part = |payer: &Payer| part_of(&payer.profile, payer.cap, &self.gateways);
        let parts = payers.iter().map(part).collect::<Result<_, _>>()?;
        sale.start_split(parts, facts, now)
    }
}

impl SellContract {
    /// The sale that this very request led to before, if it did.
    fn repeat(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Option<Arc<Sale>>, Halt> {
        match (self.marks.repeat(self.wish.shard, facts, now)?, &self.door) {
            (None, Door::Agreement(used)) => used.repeat(facts, now),
            (sale, _) => Ok(sale),
        }
    }

    /// What is wanted, with the member whom it makes.
    fn wish(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<ContractWish, Halt> {
        let Door::NewMember(newcomer) = &self.door else { return Ok(self.wish) };
        let member = newcomer.join(self.wish.shard, facts, now)?;
        Ok(ContractWish { member, ..self.wish })
    }

    fn remember(&self, sale: SaleId, facts: &mut Facts<'_>, now: Timestamp) {
        let shard = self.wish.shard;
        self.marks.remember(shard, sale, facts, now);
        if let Door::NewMember(newcomer) = &self.door {
            newcomer.remember(shard, sale, facts, now);
        }
    }

    fn check_amount(&self, found: &Found) -> Result<(), Refusal> {
        let due = found.schedule.due_today();
        let Some(seen) = self.amount_seen.filter(|seen| *seen != due) else { return Ok(()) };
        let currency = found.store.currency;
        let [due, seen] = [due, seen].map(|amount| Money::new(amount, currency).text());
        let message = format!(
            "PaymentAmount is {seen}, but {due} {} is due today, tax included. Nothing was sold.",
            currency.code()
        );
        Err(Refusal::new(Code::PaymentAmountMismatch, message))
    }

    /// The contract without its sale: a new one, or the one that was drafted.
    fn contract(
        &self,
        found: &Found,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Contract, Halt> {
        let (id, agreement) = match &self.door {
            Door::Agreement(used) => {
                (ContractId(used.token.number), Some(used.sell(found, facts)?))
            }
            Door::Member | Door::NewMember(_) => {
                (ContractId(facts.number(self.wish.shard, ContractId::KIND)?), None)
            }
        };
        let end_user_address = self.end_user_address.clone();
        Ok(Contract { agreement, end_user_address, ..found.contract(id, now) })
    }

    /// The profiles that pay; new ones are put on file. Where nothing is due today none need be
    /// named.
    fn payers(
        &self,
        found: &Found,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Vec<Payer>, Halt> {
        let due = found.schedule.due_today();
        let asked = self.methods.as_deref();
        let payers = if due == 0 && asked.unwrap_or_default().is_empty() {
            Vec::new()
        } else {
            let methods = profile::check_methods(asked, due)?;
            profile::payers(facts, found.wish.shard, found.wish.member, &methods, now)?
        };
        check_on_file(found, &payers, facts, now)?;
        Ok(payers)
    }

    fn begin(
        &self,
        found: &Found,
        contract: ContractId,
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<Sale, Halt> {
        let shard = self.wish.shard;
        let id = SaleId(facts.number(shard, SaleId::KIND)?);
        let (currency, total) = (found.store.currency, found.schedule.due_today());
        let (event, secret) = (EventId(0), self.secret);
        let fee = self.fee(total - found.schedule.tax_today(), facts)?;
        let new = NewSale { shard, id, secret, event, currency };
        let (goods, buyer) = (Goods::Contract { contract }, self.buyer.clone());
        Ok(Sale { goods, total, fee, buyer, ..Sale::new(new, now) })
    }

    /// The platform takes its part of what the chain earns, which tax is not.
    fn fee(&self, earned: i64, facts: &Facts<'_>) -> Result<i64, Halt> {
        let chain = facts.look::<Organiser>(Key::number(self.wish.shard, Kind::Organiser, 0))?;
        Ok(basis_points_of(earned, chain.map_or(0, |chain| chain.fee_basis_points)))
    }
}

/// What falls due later is charged to the preferred method, so there must be one.
fn check_on_file(
    found: &Found,
    payers: &[Payer],
    facts: &Facts<'_>,
    now: Timestamp,
) -> Result<(), Halt> {
    let is_there = payers.iter().any(|payer| payer.becomes_preferred);
    if !found.plan.requires_profile() || is_there {
        return Ok(());
    }
    match profile::preferred(facts, found.wish.shard, found.wish.member, now) {
        Err(Halt::Refused(_)) => {
            let message = format!(
                "The plan {} needs a method of payment on file that the member prefers; put \
                 one on file first.",
                found.plan.name
            );
            Err(Refusal::new(Code::PaymentProfileRequired, message).into())
        }
        other => other.map(|_| ()),
    }
}

fn take_promo(found: &Found, facts: &mut Facts<'_>) -> Result<(), Halt> {
    let Some(promo) = &found.promo else { return Ok(()) };
    if let Some(code) = facts.edit::<PromoCode>(promo.key())? {
        code.take();
    }
    let member = Member::key_of(found.wish.shard, found.wish.member);
    if promo.once_per_member
        && let Some(member) = facts.edit::<Member>(member)?
    {
        member.promos_used.push(promo.hash);
    }
    Ok(())
}

/// Who offers a package, and where.
#[derive(Clone, Copy, Debug)]
pub struct Offered<'a> {
    /// The chain, if the seller is one.
    pub chain: Option<&'a Chain>,
    /// The store.
    pub store: &'a ClubStore,
}

impl Offered<'_> {
    /// The package, if it is sold here now.
    ///
    /// # Errors
    /// [`Code::PackageNotFound`], [`Code::PackageNotSellable`]
    pub fn package<'p>(
        &self,
        package: Option<&'p Package>,
        id: PackageId,
        now: Timestamp,
    ) -> Result<&'p Package, Refusal> {
        let package = package.ok_or_else(|| {
            let message = format!("There is no package {} of this chain.", id.0);
            Refusal::new(Code::PackageNotFound, message)
        })?;
        let sells = self.chain.is_some_and(|chain| chain.active)
            && self.store.active
            && package.is_on_sale(now)
            && package.is_sold_at(self.store.id)
            && package.currency == self.store.currency;
        if sells {
            return Ok(package);
        }
        let message = format!("{} is not sold at {} now.", package.name, self.store.name);
        Err(Refusal::new(Code::PackageNotSellable, message))
    }
}

/// Looks whether a contract may begin on `start` when it is sold on `today`.
///
/// # Errors
/// [`Code::StartDateOutOfRange`]
pub fn check_start(start: Date, today: Date) -> Result<(), Refusal> {
    let first = today.plus_days(-START_DAYS_BACK_MAX);
    let last = today.plus_days(START_DAYS_AHEAD_MAX);
    if (first..=last).contains(&start) {
        return Ok(());
    }
    let message = format!("A contract that is sold on {today} begins from {first} to {last}.");
    Err(Refusal::new(Code::StartDateOutOfRange, message))
}
