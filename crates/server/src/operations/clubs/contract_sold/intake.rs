//! From the members of a request to what the rules understand (`domain.md` §6.1).

use std::net::IpAddr;

use contract::contract_sold::{ContractSoldEndpoint, PaymentMethodDto};
use domain::club::{Date, PromoCode};
use domain::ids::{PackageId, PaymentProfileId, PlanId, StaffId};
use domain::money::Currency;
use domain::profile::{AcctToken, METHODS_MAX, MethodAsked, ProfileTokenUse};
use domain::time::Timestamp;
use domain::token::Secret;
use rust_decimal::Decimal;
use service::types::SecretText;

use super::repeat;
use crate::app::App;
use crate::money::minor_units;
use crate::operations::clubs::caller::ClubCaller;
use crate::operations::clubs::{PROMO_CODE_LENGTH_MAX, dates};
use crate::operations::family::{Failure, wrong};
use crate::operations::{Call, office};
use crate::text;

/// The longest list of addresses that is looked at, in bytes.
const ADDRESSES_LENGTH_MAX: usize = 1_024;

/// The header in which programs name the end user's address.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// What names no profile: a token that was not made here. It is refused where tokens are looked at,
/// so that what is wrong with the sale itself is told first.
const NOBODY: (PaymentProfileId, Secret) = (PaymentProfileId(0), Secret([0; 16]));

/// A request as far as it can be understood without its store.
pub(super) struct Intake {
    pub(super) start: Option<Date>,
    pub(super) promo: Option<u128>,
    /// Without their caps, which need the store's currency.
    pub(super) methods: Option<Vec<MethodAsked>>,
    pub(super) end_user_address: Option<String>,
    amount: Decimal,
    caps: Vec<Option<Decimal>>,
}

/// The amounts of a request in minor units.
pub(super) struct Amounts {
    pub(super) total: i64,
    pub(super) methods: Option<Vec<MethodAsked>>,
}

/// Reads a request, and takes out of it what proves who sent it. What is left of the methods names
/// profiles instead of showing tokens, so that it can be compared with an earlier request.
pub(super) fn read(
    app: &App,
    call: &Call<'_>,
    by: &ClubCaller,
    request: &mut ContractSoldEndpoint,
) -> Result<Intake, Failure> {
    let end_user_address = end_user(call, request);
    (request.api_key, request.x_forwarded_for) = (None, None);
    let mut problems = Vec::new();
    let promo = text::checked_line(request.promo_code.as_deref(), PROMO_CODE_LENGTH_MAX);
    let promo = promo.unwrap_or_else(|message| {
        problems.push(wrong("PromoCode", message));
        None
    });
    if request.payment_methods.as_ref().is_some_and(|methods| methods.len() > METHODS_MAX) {
        problems.push(wrong("PaymentMethods", format!("{METHODS_MAX} entries at most.")));
    }
    if request.store_id.is_none() {
        problems.push(wrong("StoreId", "Name the store."));
    }
    let Some(amount) = request.payment_amount.filter(|_| problems.is_empty()) else {
        if request.payment_amount.is_none() {
            problems.push(wrong("PaymentAmount", "Say what is paid today, tax included."));
        }
        return Err(Failure::invalid(problems));
    };
    let sent = request.payment_methods.as_deref();
    let caps = sent.unwrap_or_default().iter().map(|method| method.payment_amount).collect();
    let mut methods =
        sent.map(|sent| sent.iter().map(|method| asked(app, by, method)).collect::<Vec<_>>());
    repeat::name_profiles(request, methods.as_deref());
    let shown_by = repeat::fingerprint(by, request);
    let tokens = methods.iter_mut().flatten().filter_map(|it| it.profile_token.as_mut());
    tokens.for_each(|token| token.request = shown_by);
    let promo = promo.as_deref().map(PromoCode::hash_of);
    Ok(Intake {
        start: dates::day(request.start_date),
        promo,
        methods,
        end_user_address,
        amount,
        caps,
    })
}

/// One method as it was sent, but for its cap.
fn asked(app: &App, by: &ClubCaller, method: &PaymentMethodDto) -> MethodAsked {
    let shown = |token: &Option<SecretText>| {
        let text = token.as_ref().map(|token| token.expose().trim().to_owned());
        text.filter(|text| !text.is_empty())
    };
    let acct_token = shown(&method.acct_token).map(|text| {
        let read = app.vault.read_acct_token(&text).filter(|(chain, _)| *chain == by.chain);
        read.map_or(AcctToken { id: NOBODY.0, secret: NOBODY.1 }, |(_, token)| token)
    });
    let profile_token = shown(&method.profile_token).map(|text| {
        let read = app.vault.read_profile_token(&text).filter(|read| read.chain == by.chain);
        let nobody = (NOBODY.0, NOBODY.1, Timestamp::default());
        let read = read.map_or(nobody, |read| (read.id, read.secret, read.expires_at));
        ProfileTokenUse { id: read.0, secret: read.1, expires_at: read.2, request: 0 }
    });
    let profile = method.payment_profile_id.as_deref().map(str::trim);
    let profile = profile.filter(|text| !text.is_empty());
    MethodAsked {
        acct_token,
        profile_token,
        profile: profile.map(|text| text.parse().map_or(NOBODY.0, PaymentProfileId)),
        use_preferred: method.use_preferred.unwrap_or(false),
        cap: None,
        keeps_preference: method.do_not_update_payment_type_preference.unwrap_or(false),
    }
}

impl Intake {
    /// The amounts in a store's currency.
    ///
    /// # Errors
    /// [`domain::refusal::Code::InvalidAmount`]
    pub(super) fn amounts(&self, currency: Currency) -> Result<Amounts, Failure> {
        let total = minor_units(self.amount, currency)?;
        let mut methods = self.methods.clone();
        for (method, cap) in methods.iter_mut().flatten().zip(&self.caps) {
            method.cap = cap.map(|cap| minor_units(cap, currency)).transpose()?;
        }
        Ok(Amounts { total, methods })
    }
}

/// The package that is named.
pub(super) fn package(request: &ContractSoldEndpoint) -> PackageId {
    PackageId(office::number(request.package_id))
}

/// The plan that is named; 0 names none.
pub(super) fn plan(request: &ContractSoldEndpoint) -> Option<PlanId> {
    let named = request.installment_id.filter(|number| *number != 0);
    named.map(|number| PlanId(office::number(number)))
}

/// Who is credited with the sale; 0 names nobody.
pub(super) fn staff(request: &ContractSoldEndpoint) -> Option<StaffId> {
    let named = request.staff_id.filter(|number| *number != 0);
    named.map(|number| StaffId(office::number(number)))
}

/// The first address of the list, if it is one: kept for fraud and audit, believed for nothing.
fn end_user(call: &Call<'_>, request: &ContractSoldEndpoint) -> Option<String> {
    let header = call.headers.get(FORWARDED_FOR).and_then(|value| value.to_str().ok());
    let list = request.x_forwarded_for.as_deref().or(header)?;
    let first = list.get(..list.len().min(ADDRESSES_LENGTH_MAX))?.split(',').next()?;
    first.trim().parse::<IpAddr>().ok().map(|address| address.to_string())
}
