//! `borgun3DFinalInfo`: a payment whose holder has proved who they are (`payments.md` §1.8).
//!
//! Nothing of it is forwarded on trust: the order's commit compares the proof with the one that
//! this server obtained (`domain::enrolment::consume`).

use contract::shared::{
    Borgun3DFinal3DSecureInfo, Borgun3DFinalPaymentMethodInfo, Borgun3DFinalRequest,
};
use domain::enrolment::OrderId;
use domain::payment::{Claims, Method};
use domain::refusal::{Code, Refusal};
use gateway::{Proof, Source, SourceKind};

use super::card::{self, PaymentType};
use super::{Parties, Usable, card_gateway, exposed, is_constant, refusal, saved};
use crate::app::App;
use crate::operations::family::Failure;
use crate::three_d_secure::ProofText;

/// Reads the instrument.
pub(super) async fn read(
    app: &App,
    info: &Borgun3DFinalRequest,
    parties: &Parties<'_>,
) -> Result<Usable, Failure> {
    if !is_constant(info.transaction_type.as_deref(), "Sale") {
        let message = "borgun3DFinalInfo.transactionType must be Sale.";
        return Err(Refusal::new(Code::ValidationFailed, message).into());
    }
    let proof = proof(info.three_d_secure.as_ref())?;
    let order_id = info.order_id.as_deref().map(str::trim).and_then(OrderId::parse);
    if order_id != Some(proof.order_id) {
        return Err(refusal(Code::AuthenticationInvalid).into());
    }
    let claim = proof.claim();
    let what = token_of(app, info.payment_method.as_ref(), parties).await?;
    Ok(Usable {
        source: Source { proof: Some(Proof::ThreeDSecure(proof.token)), ..what.into() },
        method: Method::Card3D,
        gateway: card_gateway(app, parties)?,
        payer_phone: None,
        claims: Claims { proof: Some(claim), ..Claims::default() },
    })
}

fn proof(info: Option<&Borgun3DFinal3DSecureInfo>) -> Result<ProofText, Refusal> {
    let invalid = || refusal(Code::AuthenticationInvalid);
    let info = info.ok_or_else(invalid)?;
    if !is_constant(info.data_type.as_deref(), "Token") {
        let message = "borgun3DFinalInfo.threeDSecure.dataType must be Token.";
        return Err(Refusal::new(Code::ValidationFailed, message));
    }
    ProofText::read(exposed(&info.mpi_token)).ok_or_else(invalid)
}

async fn token_of(
    app: &App,
    method: Option<&Borgun3DFinalPaymentMethodInfo>,
    parties: &Parties<'_>,
) -> Result<SourceKind, Failure> {
    let missing = "borgun3DFinalInfo has no paymentMethod with a token.";
    let missing = || Refusal::new(Code::CardInvalid, missing);
    let method = method.ok_or_else(missing)?;
    match PaymentType::read(method.payment_type.as_deref())? {
        PaymentType::TokenSingle => Ok(card::single_token(exposed(&method.token))?),
        PaymentType::TokenMulti => {
            Ok(saved::by_token(app, exposed(&method.token), parties).await?.source.what)
        }
        PaymentType::Card => {
            let message = "borgun3DFinalInfo is paid with TokenSingle or TokenMulti.";
            Err(Refusal::new(Code::PaymentMethodMismatch, message).into())
        }
    }
}
