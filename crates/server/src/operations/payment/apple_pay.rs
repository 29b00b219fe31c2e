//! `applePayInfo` beside `cardInfo`: a device's card and what proves it (`payments.md` §1.9).

use contract::shared::{
    BorgunApplePayFinalInfo, BorgunApplePayThreeDSecureInfo, PaymentRequestCreditCard,
};
use domain::payment::{Claims, Method};
use domain::refusal::{Code, Refusal};
use gateway::{Cryptogram, Proof, Source, SourceKind};

use super::card::{self, PaymentType, SecurityCodeIs};
use super::{Parties, Usable, card_gateway, exposed, is_constant};
use crate::app::App;

/// Reads the instrument.
pub(super) fn read(
    app: &App,
    info: &PaymentRequestCreditCard,
    apple_pay: &BorgunApplePayFinalInfo,
    parties: &Parties<'_>,
) -> Result<Usable, Refusal> {
    if info.save_card_to_token {
        let message = "The proof of a device's card is good once, so the card cannot be saved; \
                       leave out saveCardToToken.";
        return Err(Refusal::new(Code::SaveCardNotAllowed, message));
    }
    let reference = card::order_id(info)?;
    check_order_ids(info, apple_pay)?;
    let proof = Some(Proof::Cryptogram(cryptogram(apple_pay.three_d_secure.as_ref())?));
    let method = card::method_of(info)?;
    let what = match PaymentType::read(method.payment_type.as_deref())? {
        PaymentType::Card => {
            SourceKind::Card(card::card(method, SecurityCodeIs::Absent, app.clock.now())?)
        }
        PaymentType::TokenSingle => card::single_token(exposed(&method.token))?,
        PaymentType::TokenMulti => {
            let message = "A device's card comes as Card or TokenSingle.";
            return Err(Refusal::new(Code::PaymentMethodMismatch, message));
        }
    };
    Ok(Usable {
        source: Source { proof, ..what.into() },
        method: Method::ApplePay,
        gateway: card_gateway(app, parties)?,
        payer_phone: None,
        claims: Claims { reference, ..Claims::default() },
    })
}

fn check_order_ids(
    info: &PaymentRequestCreditCard,
    apple_pay: &BorgunApplePayFinalInfo,
) -> Result<(), Refusal> {
    let ids = [&info.order_id, &apple_pay.order_id].map(|id| id.as_deref().unwrap_or_default());
    if ids.iter().all(|id| !id.is_empty()) && ids[0] != ids[1] {
        let message = "applePayInfo.orderId differs from cardInfo.orderId.";
        return Err(Refusal::new(Code::ValidationFailed, message));
    }
    Ok(())
}

fn cryptogram(info: Option<&BorgunApplePayThreeDSecureInfo>) -> Result<Cryptogram, Refusal> {
    let missing = || {
        let message = "applePayInfo.threeDSecure needs cavv or ucaf.";
        Refusal::new(Code::ApplePayCryptogramMissing, message)
    };
    let info = info.ok_or_else(missing)?;
    if !is_constant(info.data_type.as_deref(), "Manual") {
        let message = "applePayInfo.threeDSecure.dataType must be Manual.";
        return Err(Refusal::new(Code::ValidationFailed, message));
    }
    let level = info.security_level_ind.as_deref().unwrap_or_default();
    Cryptogram::parse(level, exposed(&info.cavv), exposed(&info.ucaf)).map_err(|code| match code {
        Code::ApplePayCryptogramMissing => missing(),
        _ => {
            let message = "applePayInfo.threeDSecure: cavv and ucaf are base64 of 64 characters \
                           at most, securityLevelInd has two at most.";
            Refusal::new(Code::ValidationFailed, message)
        }
    })
}
