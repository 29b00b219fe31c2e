//! What a contract is to be, and whether it can be sold: everything that a request names is looked
//! at in one commit, in the order in which it is told what is wrong (`domain.md` §6.1).

use super::contract::{Contract, ContractState, ContractTerms};
use super::life::ContractLife;
use super::people::{no_staff, no_store};
use super::plan::Schedule;
use super::sell::{Offered, check_start};
use super::{
    Chain, ClubStore, Date, InstallmentPlan, Member, Package, PromoCode, Staff,
    require_active_member,
};
use crate::facts::{Facts, Halt, Key};
use crate::ids::{ClubStoreId, ContractId, MemberId, PackageId, PlanId, SaleId, Shard, StaffId};
use crate::profile::Wallet;
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;

/// What is to be sold to a member of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContractWish {
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
    /// The promo code, by [`PromoCode::hash_of`].
    pub promo: Option<u128>,
    /// Who is credited with it.
    pub staff: Option<StaffId>,
}

/// What a contract is made of, once everything was found.
pub(super) struct Found {
    pub(super) wish: ContractWish,
    pub(super) store: ClubStore,
    pub(super) package: Package,
    pub(super) plan: InstallmentPlan,
    pub(super) promo: Option<PromoCode>,
    pub(super) start: Date,
    pub(super) schedule: Schedule,
}

impl ContractWish {
    /// The rows that [`ContractWish::find`] looks at, to be loaded beforehand.
    pub(super) fn keys(&self, keys: &mut Vec<Key>) {
        let shard = self.shard;
        keys.extend([Key::seller(shard), Chain::key_of(shard)]);
        keys.push(ClubStore::key_of(shard, self.store));
        keys.push(Member::key_of(shard, self.member));
        keys.push(Package::key_of(shard, self.package));
        keys.push(Wallet::key_of(shard, self.member));
        keys.extend(self.staff.map(|id| Staff::key_of(shard, id)));
        keys.extend(self.promo.map(|hash| PromoCode::key_of(shard, hash)));
    }

    /// Looks at everything that is named.
    pub(super) fn find(&self, facts: &Facts<'_>, now: Timestamp) -> Result<Found, Halt> {
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
        Ok(Found { wish: *self, store, package, plan, promo, start, schedule })
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

    /// Whether a use is left is asked again when it is taken.
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
}

impl Found {
    /// The contract that comes of it, before anything is known of its sale.
    pub(super) fn contract(&self, id: ContractId, now: Timestamp) -> Contract {
        let Found { wish, store, package, plan, .. } = self;
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
            shard: wish.shard,
            id,
            sale: SaleId(0),
            member: wish.member,
            store: store.id,
            staff: wish.staff,
            end_user_address: None,
            promo: wish.promo,
            prefers: None,
            agreement: None,
            state: ContractState::Draft,
            start: self.start,
            sold_on: wish.today,
            terms,
            instalments: Contract::instalments_of(self.schedule.all().cloned()),
            changed_at: now,
            life: ContractLife::default(),
        }
    }
}
