//! Selling a package to a member (`domain.md` §6): everything is looked at in one commit, the money
//! of the first day goes the way of every sale, in as many parts as the request names methods.

use super::contract::{Contract, ContractState, ContractTerms};
use super::life::ContractLife;
use super::people::{no_staff, no_store};
use super::plan::Schedule;
use super::{
    Chain, ClubStore, Date, InstallmentPlan, Member, Package, PromoCode, Staff,
    require_active_member,
};
use crate::attempt::GatewayTerms;
use crate::catalogue::Organiser;
use crate::facts::{Command, Facts, Halt, Key, Shards};
use crate::idempotency::Marks;
use crate::ids::{
    ClubStoreId, ContractId, EventId, MemberId, PackageId, PlanId, SaleId, Shard, StaffId,
};
use crate::money::{Money, basis_points_of};
use crate::profile::{self, AccountClass, MethodAsked, Payer, Wallet};
use crate::record::{Aggregate as _, Kind};
use crate::refusal::{Code, Refusal};
use crate::sale::{Buyer, Goods, NewSale, Placed, Sale, TenderPart};
use crate::time::Timestamp;
use crate::token::Secret;

/// How many days before the sale a contract may begin.
pub const START_DAYS_BACK_MAX: i32 = 30;

/// How many days after the sale a contract may begin.
pub const START_DAYS_AHEAD_MAX: i32 = 365;

/// Sells a package to a member of a chain.
#[derive(Clone, Debug)]
pub struct SellContract {
    /// The chain.
    pub shard: Shard,
    /// Where it is sold.
    pub store: ClubStoreId,
    /// The buyer.
    pub member: MemberId,
    /// What is sold.
    pub package: PackageId,
    /// How it is paid; `None` for the package's default plan.
    pub plan: Option<PlanId>,
    /// The first day; `None` for today.
    pub start: Option<Date>,
    /// The day of the sale, by the calendar of the store.
    pub today: Date,
    /// The total due today that the client saw, in minor units of the store's currency.
    pub amount_seen: i64,
    /// The promo code, by [`PromoCode::hash_of`].
    pub promo: Option<u128>,
    /// Who is credited with it.
    pub staff: Option<StaffId>,
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

/// What a sale is made of, once everything was found.
struct Found {
    store: ClubStore,
    package: Package,
    plan: InstallmentPlan,
    promo: Option<PromoCode>,
    start: Date,
    schedule: Schedule,
}

impl Command for SellContract {
    type Outcome = Placed;

    fn shards(&self) -> Shards {
        Shards::One(self.shard)
    }

    fn keys(&self, now: Timestamp, keys: &mut Vec<Key>) {
        let shard = self.shard;
        keys.extend([Key::seller(shard), Chain::key_of(shard)]);
        keys.push(Key::number(shard, Kind::Organiser, 0));
        keys.push(ClubStore::key_of(shard, self.store));
        keys.push(Member::key_of(shard, self.member));
        keys.push(Package::key_of(shard, self.package));
        keys.push(Wallet::key_of(shard, self.member));
        keys.extend(self.staff.map(|id| Staff::key_of(shard, id)));
        keys.extend(self.promo.map(|hash| PromoCode::key_of(shard, hash)));
        self.marks.keys(shard, now, keys);
    }

    fn decide(&self, facts: &mut Facts<'_>, now: Timestamp) -> Result<Placed, Halt> {
        if let Some(sale) = self.marks.repeat(self.shard, facts, now)? {
            return Ok(Placed::again(sale));
        }
        let found = self.find(facts, now)?;
        self.check_amount(&found)?;
        let payers = self.payers(&found, facts, now)?;
        self.take_promo(&found, facts)?;
        let (sale, contract) = self.begin(&found, &payers, facts, now)?;
        self.marks.remember(self.shard, sale.id, facts, now);
        facts.put(contract);
        let parts = payers.iter().map(|payer| self.part(payer)).collect::<Result<_, _>>()?;
        sale.start_split(parts, facts, now)
    }
}

impl SellContract {
    /// Looks at everything that the request names, in the order in which it is told what is wrong.
    fn find(&self, facts: &Facts<'_>, now: Timestamp) -> Result<Found, Halt> {
        let store = facts.look::<ClubStore>(ClubStore::key_of(self.shard, self.store))?;
        let store = store.ok_or_else(|| no_store(self.store))?;
        let member = require_active_member(facts, self.shard, self.member)?;
        let chain = facts.look::<Chain>(Chain::key_of(self.shard))?;
        let package = facts.look::<Package>(Package::key_of(self.shard, self.package))?;
        let package = Offered { chain, store }.package(package, self.package, now)?;
        let plan = package.plan_or_default(self.plan)?;
        let start = self.checked_start()?;
        self.check_staff(facts)?;
        let promo = self.checked_promo(member, package, facts, now)?;
        let schedule = Schedule::of(package, plan, promo.as_ref(), start);
        promo.as_ref().map_or(Ok(()), |promo| promo.check_discount(&schedule))?;
        let (store, package, plan) = (store.clone(), package.clone(), plan.clone());
        Ok(Found { store, package, plan, promo, start, schedule })
    }

    fn checked_start(&self) -> Result<Date, Refusal> {
        let start = self.start.unwrap_or(self.today);
        check_start(start, self.today)?;
        Ok(start)
    }

    fn check_staff(&self, facts: &Facts<'_>) -> Result<(), Halt> {
        let Some(id) = self.staff else { return Ok(()) };
        let staff = facts.look::<Staff>(Staff::key_of(self.shard, id))?;
        let staff = staff.filter(|staff| staff.works_at(self.store));
        staff.map(|_| ()).ok_or_else(|| no_staff(id).into())
    }

    /// Whether a use is left is asked when it is taken.
    fn checked_promo(
        &self,
        member: &Member,
        package: &Package,
        facts: &Facts<'_>,
        now: Timestamp,
    ) -> Result<Option<PromoCode>, Halt> {
        let Some(hash) = self.promo else { return Ok(None) };
        let code = facts.look::<PromoCode>(PromoCode::key_of(self.shard, hash))?;
        let code = code.ok_or_else(PromoCode::unknown)?;
        code.check(package, now)?;
        if code.once_per_member && member.promos_used.contains(&hash) {
            let message = "The member has used this code before; it is good once for each.";
            return Err(Refusal::new(Code::PromoCodeAlreadyUsedByMember, message).into());
        }
        code.check_left()?;
        Ok(Some(code.clone()))
    }

    fn check_amount(&self, found: &Found) -> Result<(), Refusal> {
        let due = found.schedule.due_today();
        if due == self.amount_seen {
            return Ok(());
        }
        let currency = found.store.currency;
        let [due, seen] = [due, self.amount_seen].map(|amount| Money::new(amount, currency).text());
        let message = format!(
            "PaymentAmount is {seen}, but {due} {} is due today, tax included. Nothing was sold.",
            currency.code()
        );
        Err(Refusal::new(Code::PaymentAmountMismatch, message))
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
            profile::payers(facts, self.shard, self.member, &methods, now)?
        };
        self.check_on_file(found, &payers, facts, now)?;
        Ok(payers)
    }

    /// What falls due later is charged to the preferred method, so there must be one.
    fn check_on_file(
        &self,
        found: &Found,
        payers: &[Payer],
        facts: &Facts<'_>,
        now: Timestamp,
    ) -> Result<(), Halt> {
        let is_there = payers.iter().any(|payer| payer.becomes_preferred);
        if !found.plan.requires_profile() || is_there {
            return Ok(());
        }
        match profile::preferred(facts, self.shard, self.member, now) {
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

    fn take_promo(&self, found: &Found, facts: &mut Facts<'_>) -> Result<(), Halt> {
        let Some(promo) = &found.promo else { return Ok(()) };
        if let Some(code) = facts.edit::<PromoCode>(promo.key())? {
            code.take();
        }
        if promo.once_per_member
            && let Some(member) = facts.edit::<Member>(Member::key_of(self.shard, self.member))?
        {
            member.promos_used.push(promo.hash);
        }
        Ok(())
    }

    fn begin(
        &self,
        found: &Found,
        payers: &[Payer],
        facts: &mut Facts<'_>,
        now: Timestamp,
    ) -> Result<(Sale, Contract), Halt> {
        let sale = SaleId(facts.number(self.shard, SaleId::KIND)?);
        let id = ContractId(facts.number(self.shard, ContractId::KIND)?);
        let (currency, total) = (found.store.currency, found.schedule.due_today());
        let (event, secret) = (EventId(0), self.secret);
        let contract = self.contract(id, sale, found, payers, now);
        let fee = self.fee(total - found.schedule.tax_today(), facts)?;
        let new = NewSale { shard: self.shard, id: sale, secret, event, currency };
        let goods = Goods::Contract { contract: id };
        let buyer = self.buyer.clone();
        Ok((Sale { goods, total, fee, buyer, ..Sale::new(new, now) }, contract))
    }

    fn contract(
        &self,
        id: ContractId,
        sale: SaleId,
        found: &Found,
        payers: &[Payer],
        now: Timestamp,
    ) -> Contract {
        let Found { store, package, plan, .. } = found;
        let preferred = payers.iter().rev().find(|payer| payer.becomes_preferred);
        let terms = ContractTerms {
            package: package.id,
            package_name: package.name.clone(),
            plan: plan.id,
            plan_name: plan.name.clone(),
            currency: store.currency,
            jurisdiction: store.jurisdiction.clone(),
            is_evergreen: plan.is_evergreen,
        };
        Contract {
            shard: self.shard,
            id,
            sale,
            member: self.member,
            store: store.id,
            staff: self.staff,
            end_user_address: self.end_user_address.clone(),
            promo: found.promo.as_ref().map(|promo| promo.hash),
            prefers: preferred.map(|payer| payer.profile.id),
            state: ContractState::Draft,
            start: found.start,
            sold_on: self.today,
            terms,
            instalments: Contract::instalments_of(found.schedule.all().cloned()),
            changed_at: now,
            life: ContractLife::default(),
        }
    }

    /// The platform takes its part of what the chain earns, which tax is not.
    fn fee(&self, earned: i64, facts: &Facts<'_>) -> Result<i64, Halt> {
        let chain = facts.look::<Organiser>(Key::number(self.shard, Kind::Organiser, 0))?;
        Ok(basis_points_of(earned, chain.map_or(0, |chain| chain.fee_basis_points)))
    }

    fn part(&self, payer: &Payer) -> Result<TenderPart, Refusal> {
        let profile = &payer.profile;
        let terms = self.gateways.iter().find(|terms| terms.name == profile.gateway);
        let terms = terms.ok_or_else(|| {
            let message = "The gateway that keeps this method of payment is not switched on.";
            Refusal::new(Code::PaymentMethodNotAvailable, message)
        })?;
        let token = profile.token.clone().ok_or_else(|| {
            let message = "The gateway keeps this method of payment no longer; name another.";
            Refusal::new(Code::AcctTokenInvalid, message)
        })?;
        Ok(TenderPart {
            cap: payer.cap,
            terms: terms.clone(),
            token,
            profile: Some(profile.id),
            reserves: profile.account.class() != AccountClass::GiftCard,
            shown: format!("{} {}", profile.account.name(), profile.last_four),
        })
    }
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
