//! Chains of clubs in a catalogue file: their stores, packages with plans and fees, promo codes.

use domain::catalogue::{CatalogueItem, Organiser, OrganiserRules};
use domain::club::{
    Benefit, Chain, ClubStore, Fee, FeeKind, InstallmentPlan, Interval, Package, PricedLine,
    PromoCode,
};
use domain::ids::{ClubStoreId, NumberKind, PackageId, PlanId, Shard};
use serde::Deserialize;

use super::file::{
    CatalogueFile, default_currency, default_gateway, default_time_zone, default_true,
};
use super::known::Known;
use super::plan::{Plan, at, currency, period, price, unique};
use super::time::is_zone;
use crate::text;

/// The longest name, in characters.
const NAME_LENGTH_MAX: usize = 100;

/// The longest name of a tax jurisdiction, in characters.
const JURISDICTION_LENGTH_MAX: usize = 20;

/// The longest promo code, in characters.
const CODE_LENGTH_MAX: usize = 64;

/// `[[chain]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChainEntry {
    /// Short name, unique among all sellers.
    pub slug: String,
    /// The name members see.
    pub name: String,
    /// The platform's share in hundredths of a percent.
    #[serde(default)]
    pub fee_basis_points: u32,
    /// The gateway that keeps its members' cards.
    #[serde(default = "default_gateway")]
    pub gateway: String,
    /// It sells.
    #[serde(default = "default_true")]
    pub active: bool,
    /// Its vault takes no card numbers.
    #[serde(default)]
    pub raw_cards_refused: bool,
}

/// `[[store]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreEntry {
    /// Short name, unique within the chain.
    pub slug: String,
    /// The chain.
    pub chain: String,
    /// The name members see.
    pub name: String,
    /// It sells.
    #[serde(default = "default_true")]
    pub active: bool,
    /// By whose calendar its contracts begin.
    #[serde(default = "default_time_zone")]
    pub time_zone: String,
    /// The currency in which it is paid.
    #[serde(default = "default_currency")]
    pub currency: String,
    /// To whom its taxes are owed.
    #[serde(default = "default_jurisdiction")]
    pub tax_jurisdiction: String,
}

/// `[[package]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackageEntry {
    /// Short name, unique within the chain.
    pub slug: String,
    /// The chain.
    pub chain: String,
    /// The name members see.
    pub name: String,
    /// On sale at all.
    #[serde(default = "default_true")]
    pub active: bool,
    /// When its sale begins; with `sale_to`.
    pub sale_from: Option<String>,
    /// When its sale ends.
    pub sale_to: Option<String>,
    /// The clock of these times.
    #[serde(default = "default_time_zone")]
    pub time_zone: String,
    /// Where it is sold; without any, at every store of the chain.
    #[serde(default)]
    pub stores: Vec<String>,
    /// Before tax, in major units, as decimal text, for all payments of a plan together.
    pub price: String,
    /// The currency of price and fees.
    #[serde(default = "default_currency")]
    pub currency: String,
    /// Tax on price and taxed fees, in hundredths of a percent.
    #[serde(default)]
    pub tax_basis_points: u32,
    /// What is charged once beside the price.
    #[serde(default)]
    pub fee: Vec<FeeEntry>,
    /// How it may be paid.
    #[serde(default)]
    pub plan: Vec<PlanEntry>,
}

/// `[[package.fee]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeeEntry {
    /// Its number within the package.
    pub id: u16,
    /// What it is for.
    pub kind: FeeKind,
    /// The name members see.
    pub name: String,
    /// Before tax, in major units, as decimal text.
    pub amount: String,
    /// The package's tax comes on top.
    #[serde(default)]
    pub taxed: bool,
    /// It is paid with the sale.
    #[serde(default)]
    pub pay_today: bool,
}

/// `[[package.plan]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanEntry {
    /// Short name, unique within the package.
    pub slug: String,
    /// The name members see.
    pub name: String,
    /// Taken when a sale names no plan.
    #[serde(default)]
    pub default: bool,
    /// In how many payments the price is paid.
    #[serde(default = "one")]
    pub payments: u16,
    /// The time between two of them: `{ months = 1 }`, `{ weeks = 2 }` or `{ days = 10 }`.
    #[serde(default = "monthly")]
    pub interval: Interval,
    /// Before tax, in major units, as decimal text: the first payment where it is no equal part.
    pub down_payment: Option<String>,
    /// The first payment is made with the sale.
    #[serde(default = "default_true")]
    pub pay_today: bool,
    /// After the last payment it begins again.
    #[serde(default)]
    pub evergreen: bool,
    /// The member must have a preferred method of payment on file.
    #[serde(default)]
    pub profile_required: bool,
}

/// `[[promo_code]]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PromoCodeEntry {
    /// The chain.
    pub chain: String,
    /// The code; case and blanks do not matter.
    pub code: String,
    /// It may be used.
    #[serde(default = "default_true")]
    pub active: bool,
    /// What it takes off in hundredths of a percent; or `amount`.
    pub percent_basis_points: Option<u32>,
    /// What it takes off in major units, as decimal text; or `percent_basis_points`.
    pub amount: Option<String>,
    /// The currency of the amount.
    #[serde(default = "default_currency")]
    pub currency: String,
    /// The lines that it is taken off from.
    #[serde(default = "the_package")]
    pub lines: Vec<PricedLine>,
    /// From when it may be used; with `valid_to`.
    pub valid_from: Option<String>,
    /// Until when it may be used.
    pub valid_to: Option<String>,
    /// The clock of these times.
    #[serde(default = "default_time_zone")]
    pub time_zone: String,
    /// The packages it is good for; without any, all of the chain.
    #[serde(default)]
    pub packages: Vec<String>,
    /// How often it may be used; without it, as often as one likes.
    pub uses_max: Option<u32>,
    /// Each member may use it once.
    #[serde(default)]
    pub once_per_member: bool,
}

fn default_jurisdiction() -> String {
    "IS".into()
}

fn one() -> u16 {
    1
}

fn monthly() -> Interval {
    Interval::Months(1)
}

fn the_package() -> Vec<PricedLine> {
    vec![PricedLine::Package]
}

/// The name under which the number of a plan is remembered.
pub(super) fn plan_name(package: &str, plan: &str) -> String {
    format!("{package}/{plan}")
}

fn line(name: &str, value: &str, length_max: usize) -> Result<String, String> {
    let text = text::kept_line(Some(value), length_max);
    let text = text.map_err(|error| format!("{name}: {error}"))?;
    text.ok_or_else(|| format!("{name} is empty"))
}

fn chain(slug: &str, known: &Known) -> Result<Shard, String> {
    known.organiser(slug).ok_or_else(|| format!("no chain \"{slug}\""))
}

/// Refuses two stores, packages or plans of one name.
pub(super) fn check_slugs(file: &CatalogueFile) -> Result<(), String> {
    let of_chain = |chain: &str, slug: &str| format!("{chain}\n{slug}");
    unique("store", file.store.iter().map(|it| of_chain(&it.chain, &it.slug)))?;
    unique("package", file.package.iter().map(|it| of_chain(&it.chain, &it.slug)))?;
    let mut packages = file.package.iter();
    packages.try_for_each(|it| unique("plan", it.plan.iter().map(|plan| plan.slug.clone())))
}

/// Asks for the numbers of what is new of the file's chains.
pub(super) fn want_numbers(
    file: &CatalogueFile,
    known: &Known,
    want: &mut impl FnMut(Shard, NumberKind, &str),
) {
    for entry in &file.store {
        let Some(shard) = known.organiser(&entry.chain) else { continue };
        want(shard, NumberKind::ClubStore, &entry.slug);
    }
    for entry in &file.package {
        let Some(shard) = known.organiser(&entry.chain) else { continue };
        want(shard, NumberKind::Package, &entry.slug);
        let plans = entry.plan.iter().map(|plan| plan_name(&entry.slug, &plan.slug));
        plans.for_each(|name| want(shard, NumberKind::InstallmentPlan, &name));
    }
}

impl Plan {
    /// Plans the file's chains with all that is theirs.
    pub(super) fn clubs(&mut self, file: &CatalogueFile, known: &mut Known) -> Result<(), String> {
        for entry in &file.chain {
            at("chain", &entry.slug, self.chain(entry, known))?;
        }
        for entry in &file.store {
            at("store", &entry.slug, self.store(entry, known))?;
        }
        for entry in &file.package {
            at("package", &entry.slug, self.package(entry, known))?;
        }
        for entry in &file.promo_code {
            at("promo_code", &entry.code, self.promo_code(entry, known))?;
        }
        Ok(())
    }

    fn chain(&mut self, entry: &ChainEntry, known: &Known) -> Result<(), String> {
        let shard = known.organiser(&entry.slug).ok_or("it has no number")?;
        let raw_cards_refused = entry.raw_cards_refused;
        let organiser = Organiser {
            shard,
            slug: entry.slug.clone(),
            name: line("name", &entry.name, NAME_LENGTH_MAX)?,
            external_id: None,
            image_url: None,
            image_url2: None,
            fee_basis_points: entry.fee_basis_points,
            gateway: entry.gateway.clone(),
            rules: OrganiserRules { raw_cards_refused, ..OrganiserRules::default() },
        };
        if entry.fee_basis_points > 10_000 {
            return Err("fee_basis_points may be 10000 (100 %) at most".into());
        }
        self.seller(shard).push(CatalogueItem::Organiser(organiser));
        self.seller(shard).push(CatalogueItem::Chain(Chain { shard, active: entry.active }));
        self.report("chain", &entry.slug, shard.0);
        Ok(())
    }

    fn store(&mut self, entry: &StoreEntry, known: &mut Known) -> Result<(), String> {
        let shard = chain(&entry.chain, known)?;
        let id = known.number_or_new(shard, NumberKind::ClubStore, &entry.slug)?;
        if !is_zone(&entry.time_zone) {
            return Err(format!("\"{}\" is no time zone", entry.time_zone));
        }
        let jurisdiction =
            line("tax_jurisdiction", &entry.tax_jurisdiction, JURISDICTION_LENGTH_MAX)?;
        self.seller(shard).push(CatalogueItem::ClubStore(ClubStore {
            shard,
            id: ClubStoreId(id),
            slug: entry.slug.clone(),
            name: line("name", &entry.name, NAME_LENGTH_MAX)?,
            active: entry.active,
            time_zone: entry.time_zone.clone(),
            currency: currency(&entry.currency)?,
            jurisdiction,
        }));
        self.report("store", &entry.slug, id);
        Ok(())
    }

    fn package(&mut self, entry: &PackageEntry, known: &mut Known) -> Result<(), String> {
        let package = package(entry, known)?;
        self.report("package", &entry.slug, package.id.0);
        for plan in &package.plans {
            self.report("plan", &plan_name(&entry.slug, &plan.slug), plan.id.0);
        }
        self.seller(package.shard).push(CatalogueItem::Package(Box::new(package)));
        Ok(())
    }

    fn promo_code(&mut self, entry: &PromoCodeEntry, known: &Known) -> Result<(), String> {
        let promo = promo_code(entry, known)?;
        self.seller(promo.shard).push(CatalogueItem::PromoCode(promo));
        Ok(())
    }
}

fn package(entry: &PackageEntry, known: &mut Known) -> Result<Package, String> {
    let shard = chain(&entry.chain, known)?;
    let id = known.number_or_new(shard, NumberKind::Package, &entry.slug)?;
    let store = |slug: &String| {
        let number = known.number(shard, NumberKind::ClubStore, slug);
        number.map(ClubStoreId).ok_or_else(|| format!("no store \"{slug}\""))
    };
    let stores = entry.stores.iter().map(store).collect::<Result<_, _>>()?;
    let fees = entry.fee.iter().map(|fee| fee_of(fee, &entry.currency));
    let fees = fees.collect::<Result<_, _>>()?;
    let mut plans = Vec::with_capacity(entry.plan.len());
    for plan in &entry.plan {
        plans.push(plan_of(entry, plan, shard, known)?);
    }
    let bounds = (entry.sale_from.as_deref(), entry.sale_to.as_deref());
    let package = Package {
        shard,
        id: PackageId(id),
        slug: entry.slug.clone(),
        name: line("name", &entry.name, NAME_LENGTH_MAX)?,
        active: entry.active,
        sale: period(bounds, &entry.time_zone, "sale")?,
        stores,
        price: price(&entry.price, &entry.currency)?,
        currency: currency(&entry.currency)?,
        tax_basis_points: entry.tax_basis_points,
        fees,
        plans,
    };
    match package.is_sound() {
        true => Ok(package),
        false => {
            Err("it needs 1 to 50 plans, at most one of them the default, 10 fees with numbers \
                      of their own at most, and numbers within their ranges"
                .into())
        }
    }
}

fn fee_of(entry: &FeeEntry, currency: &str) -> Result<Fee, String> {
    Ok(Fee {
        id: entry.id,
        kind: entry.kind,
        name: line("name of a fee", &entry.name, NAME_LENGTH_MAX)?,
        amount: price(&entry.amount, currency)?,
        taxed: entry.taxed,
        pay_today: entry.pay_today,
    })
}

fn plan_of(
    package: &PackageEntry,
    entry: &PlanEntry,
    shard: Shard,
    known: &mut Known,
) -> Result<InstallmentPlan, String> {
    let name = plan_name(&package.slug, &entry.slug);
    let down_payment = entry.down_payment.as_deref();
    Ok(InstallmentPlan {
        id: PlanId(known.number_or_new(shard, NumberKind::InstallmentPlan, &name)?),
        slug: entry.slug.clone(),
        name: line("name of a plan", &entry.name, NAME_LENGTH_MAX)?,
        is_default: entry.default,
        payments: entry.payments,
        interval: entry.interval,
        down_payment: down_payment.map(|text| price(text, &package.currency)).transpose()?,
        pay_today: entry.pay_today,
        is_evergreen: entry.evergreen,
        profile_required: entry.profile_required,
    })
}

fn promo_code(entry: &PromoCodeEntry, known: &Known) -> Result<PromoCode, String> {
    let shard = chain(&entry.chain, known)?;
    let (benefit, paid_in) = match (entry.percent_basis_points, entry.amount.as_deref()) {
        (Some(basis_points), None) => (Benefit::Percent(basis_points), None),
        (None, Some(amount)) => {
            let benefit = Benefit::Fixed(price(amount, &entry.currency)?);
            (benefit, Some(currency(&entry.currency)?))
        }
        _ => return Err("write either percent_basis_points or amount".into()),
    };
    let package = |slug: &String| {
        let number = known.number(shard, NumberKind::Package, slug);
        number.map(PackageId).ok_or_else(|| format!("no package \"{slug}\""))
    };
    let bounds = (entry.valid_from.as_deref(), entry.valid_to.as_deref());
    let code = line("code", &entry.code, CODE_LENGTH_MAX)?;
    let promo = PromoCode {
        shard,
        hash: PromoCode::hash_of(&code),
        code,
        active: entry.active,
        benefit,
        currency: paid_in,
        lines: entry.lines.clone(),
        valid: period(bounds, &entry.time_zone, "valid")?,
        packages: entry.packages.iter().map(package).collect::<Result<_, _>>()?,
        uses_max: entry.uses_max,
        uses: 0,
        once_per_member: entry.once_per_member,
    };
    match promo.is_sound() {
        true => Ok(promo),
        false => Err("it must take something off at least one line, 100 % at most".into()),
    }
}
