//! The list of means of paying in a request (`payments.md` §4.1): what may stand in it, and which
//! profiles it names.

use std::sync::Arc;

use super::import::ProfileTokenUse;
use super::{AcctToken, PaymentProfile, find, import};
use crate::facts::{Facts, Halt};
use crate::ids::{MemberId, PaymentProfileId, Shard};
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;

/// How many means of paying one request may name (`domain.md` §1.7).
pub const METHODS_MAX: usize = 10;

/// One entry of the list, as it was sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MethodAsked {
    /// By its `AcctToken`.
    pub acct_token: Option<AcctToken>,
    /// By its `ProfileToken`.
    pub profile_token: Option<ProfileTokenUse>,
    /// By its number.
    pub profile: Option<PaymentProfileId>,
    /// The one that the member prefers.
    pub use_preferred: bool,
    /// The most to take by it, in minor units; `None` for whatever remains.
    pub cap: Option<i64>,
    /// Leave the member's preference as it is.
    pub keeps_preference: bool,
}

/// How an entry names its profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// By its `AcctToken`.
    Token(AcctToken),
    /// By its `ProfileToken`, which puts it on file.
    New(ProfileTokenUse),
    /// By its number.
    Number(PaymentProfileId),
    /// The one that the member prefers.
    Preferred,
}

/// One entry of the list, found right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaymentMethod {
    /// What pays.
    pub wanted: Wanted,
    /// The most to take by it, in minor units, more than 0; `None` for whatever remains.
    pub cap: Option<i64>,
    /// Whether a new one becomes the preferred one when the sale succeeds.
    pub becomes_preferred: bool,
}

/// A profile that is to pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payer {
    /// The profile.
    pub profile: Arc<PaymentProfile>,
    /// As in [`PaymentMethod::cap`].
    pub cap: Option<i64>,
    /// As in [`PaymentMethod::becomes_preferred`]; never for one that is for one use only.
    pub becomes_preferred: bool,
}

/// The methods of a request that is to pay `total` minor units. No list at all means the preferred
/// one for everything.
///
/// # Errors
/// [`Code::PaymentMethodRequired`] for an empty list, [`Code::PaymentMethodAmbiguous`] for an entry
/// that names none or several, [`Code::InvalidAmount`] for a cap of 0 or less,
/// [`Code::DuplicatePaymentMethod`], [`Code::PaymentMethodsInsufficient`] when all together may
/// take less than `total`, [`Code::ValidationFailed`] for a list that is too long, or a preference
/// to keep where nothing new is put on file.
pub fn check_methods(
    asked: Option<&[MethodAsked]>,
    total: i64,
) -> Result<Vec<PaymentMethod>, Refusal> {
    let Some(asked) = asked else {
        let wanted = Wanted::Preferred;
        return Ok(vec![PaymentMethod { wanted, cap: None, becomes_preferred: false }]);
    };
    if asked.is_empty() {
        let message = "PaymentMethods is empty; leave it out to use the preferred one.";
        return Err(Refusal::new(Code::PaymentMethodRequired, message));
    }
    if asked.len() > METHODS_MAX {
        let message = format!("PaymentMethods may have {METHODS_MAX} entries at most.");
        return Err(Refusal::new(Code::ValidationFailed, message));
    }
    let methods: Vec<_> = asked.iter().map(read).collect::<Result<_, _>>()?;
    let is_repeated = |(index, method): (usize, &PaymentMethod)| {
        methods[..index].iter().any(|other| other.wanted == method.wanted)
    };
    if methods.iter().enumerate().any(is_repeated) {
        return Err(duplicate());
    }
    check_caps(&methods, total)?;
    Ok(methods)
}

fn read(asked: &MethodAsked) -> Result<PaymentMethod, Refusal> {
    let named = [
        asked.acct_token.map(Wanted::Token),
        asked.profile_token.map(Wanted::New),
        asked.profile.map(Wanted::Number),
        asked.use_preferred.then_some(Wanted::Preferred),
    ];
    let mut named = named.into_iter().flatten();
    let (Some(wanted), None) = (named.next(), named.next()) else {
        let message = "Each of PaymentMethods names one of UsePreferred, AcctToken, ProfileToken \
                       and PaymentProfileId, and no more.";
        return Err(Refusal::new(Code::PaymentMethodAmbiguous, message));
    };
    let is_new = matches!(wanted, Wanted::New(_));
    if asked.keeps_preference && !is_new {
        let message = "DoNotUpdatePaymentTypePreference goes with a ProfileToken only.";
        return Err(Refusal::new(Code::ValidationFailed, message));
    }
    if asked.cap.is_some_and(|cap| cap <= 0) {
        let message = "The PaymentAmount of a method is the most to take by it: more than 0.";
        return Err(Refusal::new(Code::InvalidAmount, message));
    }
    let becomes_preferred = is_new && !asked.keeps_preference;
    Ok(PaymentMethod { wanted, cap: asked.cap, becomes_preferred })
}

/// Caps may add up to more than the total, and to less only where one method has none.
fn check_caps(methods: &[PaymentMethod], total: i64) -> Result<(), Refusal> {
    let caps: Option<Vec<i64>> = methods.iter().map(|method| method.cap).collect();
    let sum = caps.map(|caps| caps.into_iter().fold(0, i64::saturating_add));
    if sum.is_some_and(|sum| sum < total) {
        let message = "The PaymentMethods together may take less than is due; raise one's \
                       PaymentAmount or leave it out. Nothing was charged.";
        return Err(Refusal::new(Code::PaymentMethodsInsufficient, message));
    }
    Ok(())
}

/// The profiles of the methods, in order; new ones are imported. Nothing is charged for less than
/// all of them: two that turn out to be one profile are refused.
///
/// # Errors
/// As [`find::by_acct_token`], [`find::preferred`] and [`import`];
/// [`Code::DuplicatePaymentMethod`].
pub fn payers(
    facts: &mut Facts<'_>,
    shard: Shard,
    member: MemberId,
    methods: &[PaymentMethod],
    now: Timestamp,
) -> Result<Vec<Payer>, Halt> {
    let mut payers: Vec<Payer> = Vec::with_capacity(methods.len());
    for method in methods {
        let profile = match &method.wanted {
            Wanted::Token(token) => find::by_acct_token(facts, shard, member, token, now)?,
            Wanted::Number(id) => find::by_id(facts, shard, member, *id, now)?,
            Wanted::Preferred => find::preferred(facts, shard, member, now)?,
            Wanted::New(token) => import(facts, shard, Some(member), token, now)?.profile,
        };
        if payers.iter().any(|known| known.profile.id == profile.id) {
            return Err(duplicate().into());
        }
        let becomes_preferred = method.becomes_preferred && !profile.temporary;
        payers.push(Payer { profile, cap: method.cap, becomes_preferred });
    }
    Ok(payers)
}

fn duplicate() -> Refusal {
    let message = "The same means of paying stands twice in PaymentMethods; name it once.";
    Refusal::new(Code::DuplicatePaymentMethod, message)
}
