//! Which instrument a request names, and whether `paymentMethodId` fits it (`domain.md` §2.1).

use contract::shared::{Borgun3DFinalRequest, BorgunApplePayFinalInfo, PaymentRequestCreditCard};
use domain::payment::Method;
use domain::refusal::{Code, Refusal};

use super::Means;

/// The instrument that a request names.
pub(super) enum Kind<'a> {
    /// A card or a token.
    Card(&'a PaymentRequestCreditCard),
    /// A device's card with its proof.
    ApplePay(&'a PaymentRequestCreditCard, &'a BorgunApplePayFinalInfo),
    /// A token whose holder has proved who they are.
    Authenticated(&'a Borgun3DFinalRequest),
    /// A phone.
    Phone(&'a str),
    /// A card saved earlier, by its number.
    Saved(i32),
}

/// The methods by their published names, in any case.
const METHODS: [Method; 6] = [
    Method::Card,
    Method::SavedCard,
    Method::ApplePay,
    Method::Card3D,
    Method::Phone,
    Method::Free,
];

/// The one instrument; `None` when there is none.
///
/// # Errors
/// [`Code::PaymentMethodAmbiguous`] for several, [`Code::PaymentMethodMismatch`] when the named
/// method is another one, [`Code::PaymentMethodRequired`] when a method is named and its
/// instrument is missing.
pub(super) fn kind_of<'a>(means: &Means<'a>) -> Result<Option<Kind<'a>>, Refusal> {
    let kind = only_one(means)?;
    let name = means.payment_method_id.map(str::trim).filter(|name| !name.is_empty());
    let Some(name) = name else { return Ok(kind) };
    let is = |method: &Method| method.name().eq_ignore_ascii_case(name);
    let method = METHODS.into_iter().find(is).ok_or_else(mismatch)?;
    match (&kind, method) {
        (None, Method::Free) => Ok(None),
        (None, _) => {
            let message = format!(
                "The order names {} and has nothing to pay with; send it, or leave \
                 paymentMethodId out where store credit pays for everything.",
                method.name()
            );
            Err(Refusal::new(Code::PaymentMethodRequired, message))
        }
        (Some(found), _) if found.is(method) => Ok(kind),
        (Some(_), _) => Err(mismatch()),
    }
}

fn only_one<'a>(means: &Means<'a>) -> Result<Option<Kind<'a>>, Refusal> {
    let phone = means.payment_phone_number.map(str::trim).filter(|text| !text.is_empty());
    let card = means.card_info.map(|info| match means.apple_pay_info {
        Some(apple_pay) => Kind::ApplePay(info, apple_pay),
        None => Kind::Card(info),
    });
    let named = [
        card,
        means.borgun_3d_final_info.map(Kind::Authenticated),
        phone.map(Kind::Phone),
        means.payment_card_id.filter(|id| *id != 0).map(Kind::Saved),
    ];
    let mut named = named.into_iter().flatten();
    let (first, second) = (named.next(), named.next());
    let apple_pay_alone = means.apple_pay_info.is_some() && means.card_info.is_none();
    if second.is_some() || (first.is_some() && apple_pay_alone) {
        let message = "Send one means of paying, not several.";
        return Err(Refusal::new(Code::PaymentMethodAmbiguous, message));
    }
    if apple_pay_alone {
        let message = "applePayInfo proves a payment by the device's card; send that in cardInfo.";
        return Err(Refusal::new(Code::PaymentMethodRequired, message));
    }
    Ok(first)
}

impl Kind<'_> {
    /// Whether the name of `method` fits. A card that was kept may be called either name.
    fn is(&self, method: Method) -> bool {
        match self {
            Kind::Card(_) => matches!(method, Method::Card | Method::SavedCard),
            Kind::ApplePay(..) => method == Method::ApplePay,
            Kind::Authenticated(_) => method == Method::Card3D,
            Kind::Phone(_) => method == Method::Phone,
            Kind::Saved(_) => method == Method::SavedCard,
        }
    }
}

fn mismatch() -> Refusal {
    let message = "paymentMethodId does not fit the means of paying that was sent.";
    Refusal::new(Code::PaymentMethodMismatch, message)
}
