//! What a club sells by contract: packages, their fees, and the plans by which they are paid.

use serde::{Deserialize, Serialize};

use super::Date;
use crate::catalogue::Period;
use crate::facts::Key;
use crate::ids::{ClubStoreId, PackageId, PlanId, Shard};
use crate::money::{Currency, PRICE_MAX};
use crate::record::Kind;
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;

/// The most fees of one package.
pub const FEES_MAX: usize = 10;

/// The most plans of one package.
pub const PLANS_MAX: usize = 50;

/// The most stores that one package names.
pub const PACKAGE_STORES_MAX: usize = 1_000;

/// The most payments of one plan: ten years of weeks.
pub const PAYMENTS_MAX: u16 = 520;

/// The highest tax, in hundredths of a percent: as much again as the price.
pub const TAX_BASIS_POINTS_MAX: u32 = 10_000;

/// The longest interval between two payments, in its own unit.
const INTERVAL_MAX: u16 = 366;

/// A membership, a class pack, or whatever else is sold by contract (`PackageId`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    /// The chain.
    pub shard: Shard,
    /// Its number.
    pub id: PackageId,
    /// The operator's short name, unique within the chain.
    pub slug: String,
    /// The name members see.
    pub name: String,
    /// On sale at all.
    pub active: bool,
    /// When it may be bought; `None` for always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sale: Option<Period>,
    /// Where it is sold; empty for every store of the chain.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stores: Vec<ClubStoreId>,
    /// Minor units before tax, for all payments of one run of a plan together.
    pub price: i64,
    /// The currency of price and fees; stores of another currency do not sell it.
    pub currency: Currency,
    /// Tax on the price and on taxed fees, in hundredths of a percent; 0 to 10 000.
    pub tax_basis_points: u32,
    /// What is charged once beside the price.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fees: Vec<Fee>,
    /// How it may be paid.
    pub plans: Vec<InstallmentPlan>,
}

/// What a fee is for (`domain.md` §6.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeeKind {
    /// Joining, a card, an introduction.
    SetUp,
    /// Keeping the club in shape.
    Enhancement,
}

/// A fee that comes with a package, once a contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fee {
    /// Its number within the package (`SetupFeeId`).
    pub id: u16,
    /// What it is for.
    pub kind: FeeKind,
    /// The name members see.
    pub name: String,
    /// Minor units before tax.
    pub amount: i64,
    /// The package's tax comes on top.
    pub taxed: bool,
    /// It is paid with the sale; otherwise it falls due on the first day of the contract.
    pub pay_today: bool,
}

/// The time between two payments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Interval {
    /// So many months, on the day of the start.
    Months(u16),
    /// So many weeks.
    Weeks(u16),
    /// So many days.
    Days(u16),
}

impl Interval {
    /// When the payment falls due that comes `count` intervals after `start`.
    #[must_use]
    pub fn after(self, start: Date, count: u32) -> Date {
        let days = |unit: u32| i32::try_from(unit.saturating_mul(count)).unwrap_or(i32::MAX);
        match self {
            Interval::Months(months) => start.plus_months(u32::from(months).saturating_mul(count)),
            Interval::Weeks(weeks) => start.plus_days(days(u32::from(weeks) * 7)),
            Interval::Days(length) => start.plus_days(days(length.into())),
        }
    }

    fn is_sound(self) -> bool {
        let (Interval::Months(count) | Interval::Weeks(count) | Interval::Days(count)) = self;
        (1..=INTERVAL_MAX).contains(&count)
    }
}

/// How a package is paid (`InstallmentPlanId`, `InstallmentId`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstallmentPlan {
    /// Its number.
    pub id: PlanId,
    /// The operator's short name, unique within the package.
    pub slug: String,
    /// The name members see.
    pub name: String,
    /// Taken when a sale names no plan; at most one of a package.
    #[serde(default)]
    pub is_default: bool,
    /// In how many payments the price is paid, 1 to [`PAYMENTS_MAX`].
    pub payments: u16,
    /// The time between two of them.
    pub interval: Interval,
    /// Minor units before tax of the first payment; `None` for an equal part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub down_payment: Option<i64>,
    /// The first payment is made with the sale; otherwise it falls due on the first day.
    pub pay_today: bool,
    /// After the last payment it begins again, until the contract is cancelled.
    #[serde(default)]
    pub is_evergreen: bool,
    /// The member must have a method on file even where nothing is evergreen.
    #[serde(default)]
    pub profile_required: bool,
}

impl InstallmentPlan {
    /// Whether the member must have a method of payment on file (`domain.md` §6.3).
    #[must_use]
    pub fn requires_profile(&self) -> bool {
        self.is_evergreen || self.profile_required
    }

    fn is_sound(&self, price: i64) -> bool {
        let down_payment =
            self.down_payment.is_none_or(|first| self.payments > 1 && (1..=price).contains(&first));
        (1..=PAYMENTS_MAX).contains(&self.payments) && self.interval.is_sound() && down_payment
    }
}

impl Package {
    /// Where it lives.
    #[must_use]
    pub fn key_of(shard: Shard, id: PackageId) -> Key {
        Key::number(shard, Kind::Package, id.0)
    }

    /// Whether this store sells it, now or at another time.
    #[must_use]
    pub fn is_sold_at(&self, store: ClubStoreId) -> bool {
        self.stores.is_empty() || self.stores.contains(&store)
    }

    /// Whether it may be bought at this moment, anywhere.
    #[must_use]
    pub fn is_on_sale(&self, now: Timestamp) -> bool {
        self.active && self.sale.is_none_or(|sale| sale.contains(now))
    }

    /// The plan of this number.
    #[must_use]
    pub fn plan(&self, id: PlanId) -> Option<&InstallmentPlan> {
        self.plans.iter().find(|plan| plan.id == id)
    }

    /// The plan that is taken when a sale names none.
    #[must_use]
    pub fn default_plan(&self) -> Option<&InstallmentPlan> {
        self.plans.iter().find(|plan| plan.is_default)
    }

    /// The plan of this number, or the default one.
    ///
    /// # Errors
    /// [`Code::InstallmentPlanInvalid`], [`Code::InstallmentPlanRequired`]
    pub fn plan_or_default(&self, id: Option<PlanId>) -> Result<&InstallmentPlan, Refusal> {
        match id {
            Some(id) => self.plan(id).ok_or_else(|| {
                let message = format!("{} has no instalment plan {}.", self.name, id.0);
                Refusal::new(Code::InstallmentPlanInvalid, message)
            }),
            None => self.default_plan().ok_or_else(|| {
                let message = format!("{} has no default plan; name one.", self.name);
                Refusal::new(Code::InstallmentPlanRequired, message)
            }),
        }
    }

    /// Whether every number lies in its range and at most one plan is the default.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let is_price = |amount: i64| (0..=PRICE_MAX).contains(&amount);
        let fee = |(index, fee): (usize, &Fee)| {
            let is_repeated = self.fees[..index].iter().any(|earlier| earlier.id == fee.id);
            is_price(fee.amount) && !is_repeated
        };
        let lengths = self.fees.len() <= FEES_MAX
            && self.stores.len() <= PACKAGE_STORES_MAX
            && (1..=PLANS_MAX).contains(&self.plans.len());
        lengths
            && is_price(self.price)
            && self.tax_basis_points <= TAX_BASIS_POINTS_MAX
            && self.fees.iter().enumerate().all(fee)
            && self.plans.iter().all(|plan| plan.is_sound(self.price))
            && self.plans.iter().filter(|plan| plan.is_default).count() <= 1
    }
}
