//! Club chains: stores, members, staff, and the packages that are sold to members by contract
//! (`domain.md` §6).
//!
//! A chain is a seller: its number is its shard's, and its [`crate::catalogue::Organiser`] names
//! it, its gateway and the platform's share. What is special to it stands here. The word for one
//! house of a chain is *store*, as published; [`ClubStore`] in code, because the database is a
//! store too.

pub mod agreement;
mod chain;
pub mod charge;
pub mod contract;
mod date;
pub mod end;
pub mod freeze;
pub mod instalment;
pub mod life;
mod member;
mod newcomer;
pub(crate) mod overdue;
mod package;
pub mod pay_now;
mod people;
pub mod plan;
mod promo;
pub(crate) mod refund;
mod save_member;
mod save_staff;
pub mod sell;
mod tender;
mod wish;

pub use self::agreement::{AgreementUse, DraftAgreement, ExpireAgreement};
pub use self::chain::{Chain, ClubStore};
pub use self::date::Date;
pub use self::member::{Member, Staff};
pub use self::newcomer::Newcomer;
pub use self::package::{
    FEES_MAX, Fee, FeeKind, InstallmentPlan, Interval, PACKAGE_STORES_MAX, PAYMENTS_MAX, PLANS_MAX,
    Package, TAX_BASIS_POINTS_MAX,
};
pub use self::people::no_member;
pub use self::promo::{Benefit, PROMO_USES_MAX, PricedLine, PromoCode};
pub use self::save_member::{MemberDetails, SaveMember};
pub use self::save_staff::{SaveStaff, StaffDetails};
pub use self::sell::{Door, SellContract};
pub use self::wish::ContractWish;
use crate::facts::{Facts, Halt};
use crate::ids::{MemberId, Shard};
use crate::refusal::{Code, Refusal};

/// The member of this number, if they may buy.
///
/// # Errors
/// [`Code::MemberNotFound`], [`Code::MemberInactive`]; [`Halt::Missing`] when the row is not in
/// memory.
pub fn require_active_member<'f>(
    facts: &'f Facts<'_>,
    shard: Shard,
    id: MemberId,
) -> Result<&'f Member, Halt> {
    let member = facts.look::<Member>(Member::key_of(shard, id))?.ok_or_else(|| no_member(id))?;
    if !member.active {
        let message = "This member may not buy: the membership is not active.";
        return Err(Refusal::new(Code::MemberInactive, message).into());
    }
    Ok(member)
}
