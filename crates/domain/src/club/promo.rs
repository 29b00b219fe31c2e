//! Promo codes: a discount on named lines of a package (`domain.md` §6.1, §6.3).

use serde::{Deserialize, Serialize};

use super::Package;
use super::plan::Schedule;
use crate::catalogue::Period;
use crate::facts::Key;
use crate::ids::{PackageId, Shard};
use crate::money::{AMOUNT_MAX, Currency, basis_points_of};
use crate::record::{Kind, word};
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;

/// The most uses that a limited code may have.
pub const PROMO_USES_MAX: u32 = 1_000_000_000;

/// All of a price, in hundredths of a percent.
const BASIS_POINTS_WHOLE: u32 = 10_000;

/// What a code takes off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Benefit {
    /// Minor units, once: from the first named line on until they are used up.
    Fixed(i64),
    /// Hundredths of a percent of each named line, each rounded; 1 to 10 000.
    Percent(u32),
}

/// A line that a code may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PricedLine {
    /// The package itself.
    Package,
    /// Its set-up fees.
    SetUpFees,
    /// Its enhancement fees.
    EnhancementFees,
}

/// A promo code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromoCode {
    /// The chain.
    pub shard: Shard,
    /// The code, by [`PromoCode::hash_of`].
    pub hash: u128,
    /// The code as it is advertised.
    pub code: String,
    /// It may be used.
    pub active: bool,
    /// What it takes off.
    pub benefit: Benefit,
    /// The currency of a fixed amount; packages of another one cannot be had with it. `None` in
    /// codes of the first version, whose amounts count in whatever the package costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// From which lines; a package has all of them, one that costs nothing too.
    pub lines: Vec<PricedLine>,
    /// When it may be used; `None` for always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid: Option<Period>,
    /// The packages it is good for; empty for all of the chain.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packages: Vec<PackageId>,
    /// How often it may be used; `None` for as often as one likes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uses_max: Option<u32>,
    /// How often it was used, by sales that stand or are being paid.
    #[serde(default)]
    pub uses: u32,
    /// Each member may use it once.
    #[serde(default)]
    pub once_per_member: bool,
}

impl PromoCode {
    /// The hash of a code as people type it: case and blanks do not matter.
    #[must_use]
    pub fn hash_of(code: &str) -> u128 {
        let typed = code.chars().filter(|letter| !letter.is_whitespace());
        word("promo", &typed.flat_map(char::to_uppercase).collect::<String>())
    }

    /// Where the code with this hash lives.
    #[must_use]
    pub fn key_of(shard: Shard, hash: u128) -> Key {
        Key::hashed(shard, Kind::PromoCode, 0, hash)
    }

    /// Whether every number lies in its range.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let benefit = match self.benefit {
            Benefit::Fixed(amount) => (1..=AMOUNT_MAX).contains(&amount),
            Benefit::Percent(basis_points) => (1..=BASIS_POINTS_WHOLE).contains(&basis_points),
        };
        benefit && !self.lines.is_empty() && self.uses_max.is_none_or(|max| max <= PROMO_USES_MAX)
    }

    /// Looks whether it may be used for this package now. Whether a use is left is asked by
    /// [`PromoCode::check_left`].
    ///
    /// # Errors
    /// [`Code::PromoCodeInvalid`], [`Code::PromoCodeExpired`], [`Code::PromoCodeNotApplicable`]
    pub fn check(&self, package: &Package, now: Timestamp) -> Result<(), Refusal> {
        if !self.active {
            return Err(PromoCode::unknown());
        }
        if let Some(valid) = self.valid.filter(|valid| !valid.contains(now)) {
            let (code, message) = match now < valid.from {
                true => {
                    (Code::PromoCodeNotApplicable, format!("The code is good from {}.", valid.from))
                }
                false => (Code::PromoCodeExpired, format!("The code was good until {}.", valid.to)),
            };
            return Err(Refusal::new(code, message));
        }
        let is_named = self.packages.is_empty() || self.packages.contains(&package.id);
        let is_other_currency = self.currency.is_some_and(|currency| currency != package.currency);
        if !is_named || is_other_currency {
            let message = format!("The code is not for {}.", package.name);
            return Err(Refusal::new(Code::PromoCodeNotApplicable, message));
        }
        Ok(())
    }

    /// Looks whether it takes anything off.
    ///
    /// # Errors
    /// [`Code::PromoCodeNotApplicable`]
    pub fn check_discount(&self, schedule: &Schedule) -> Result<(), Refusal> {
        if schedule.discount > 0 {
            return Ok(());
        }
        let message = "The code takes nothing off this package.";
        Err(Refusal::new(Code::PromoCodeNotApplicable, message))
    }

    /// Looks whether a use is left.
    ///
    /// # Errors
    /// [`Code::PromoCodeUsedUp`]
    pub fn check_left(&self) -> Result<(), Refusal> {
        if self.uses_max.is_none_or(|max| self.uses < max) {
            return Ok(());
        }
        Err(Refusal::new(Code::PromoCodeUsedUp, "The code was used as often as it may be."))
    }

    /// Takes one use.
    pub fn take(&mut self) {
        self.uses = self.uses.saturating_add(1);
    }

    /// Gives a use back.
    pub fn give_back(&mut self) {
        self.uses = self.uses.saturating_sub(1);
    }

    /// The refusal of a code that there is not.
    #[must_use]
    pub fn unknown() -> Refusal {
        Refusal::new(Code::PromoCodeInvalid, "There is no such promo code.")
    }

    /// What it takes off each of these lines, in their order (`domain.md` §1.1: on the line,
    /// rounded, then summed).
    #[must_use]
    pub fn discounts(&self, lines: &[(PricedLine, i64)]) -> Vec<i64> {
        let mut left = match self.benefit {
            Benefit::Fixed(amount) => amount,
            Benefit::Percent(_) => 0,
        };
        let discount = |(line, amount): &(PricedLine, i64)| {
            if !self.lines.contains(line) {
                return 0;
            }
            match self.benefit {
                Benefit::Percent(basis_points) => basis_points_of(*amount, basis_points),
                Benefit::Fixed(_) => {
                    let taken = left.min(*amount);
                    left -= taken;
                    taken
                }
            }
        };
        lines.iter().map(discount).collect()
    }
}
