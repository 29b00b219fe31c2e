//! Types that several contracts of the `tickets` host share (`domain.md §2.2`).

use service::Dto;
use service::types::{DateTime, Decimal, SecretText};

/// The card or card token to pay with.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct PaymentMethodCreditCardInfo {
    /// `Card`, `TokenSingle` or `TokenMulti`.
    pub payment_type: Option<String>,
    /// Token of the gateway; for the token types.
    pub token: Option<SecretText>,
    /// Card number, 12 to 19 digits; for `Card`. Refused in a URL.
    pub pan: Option<SecretText>,
    /// Year of expiry, YYYY or YY.
    pub exp_year: Option<SecretText>,
    /// Month of expiry, 1 to 12.
    pub exp_month: Option<SecretText>,
    /// Security code, 3 digits, 4 for American Express.
    pub cvc: Option<SecretText>,
}

/// A card payment that a client asks for.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct PaymentRequestCreditCard {
    /// What to charge.
    pub payment_method: Option<PaymentMethodCreditCardInfo>,
    /// Total in major units; 0 means not stated, anything else must equal the computed total.
    pub amount: Decimal,
    /// Must be the currency of the order.
    pub currency: Option<String>,
    /// The client's own reference, A-Z and 0-9, at most 12 characters.
    pub order_id: Option<String>,
    /// Read for its form only: the server's time counts. The spelling is the contract's.
    pub trans_action_date: Option<DateTime>,
    /// Keep a multi-use token for this phone after approval.
    pub save_card_to_token: bool,
}

/// The cryptogram that a device wallet made.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct BorgunApplePayThreeDSecureInfo {
    /// `Manual`, which is also the default.
    pub data_type: Option<String>,
    /// Security level indicator, passed to the gateway.
    pub security_level_ind: Option<String>,
    /// Cryptogram, base64, at most 64 characters; this or `ucaf` is needed.
    pub cavv: Option<SecretText>,
    /// Cryptogram of the other card scheme, base64, at most 64 characters.
    pub ucaf: Option<SecretText>,
}

/// What Apple Pay adds to `cardInfo`.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct BorgunApplePayFinalInfo {
    /// Must equal `cardInfo.orderId` when both are present.
    pub order_id: Option<String>,
    /// The cryptogram.
    pub three_d_secure: Option<BorgunApplePayThreeDSecureInfo>,
}

/// The token of a card whose holder has been authenticated.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct Borgun3DFinalPaymentMethodInfo {
    /// `TokenSingle` or `TokenMulti`.
    pub payment_type: Option<String>,
    /// Token of the gateway.
    pub token: Option<SecretText>,
}

/// The proof of authentication.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct Borgun3DFinal3DSecureInfo {
    /// `Token`.
    pub data_type: Option<String>,
    /// The token this server obtained for buyer, order and amount; at most 15 minutes old.
    pub mpi_token: Option<SecretText>,
}

/// Finishes a payment after 3-D Secure.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct Borgun3DFinalRequest {
    /// `Sale`.
    pub transaction_type: Option<String>,
    /// Total times 100, whatever the currency (`payments.md §1.6`).
    pub amount: i64,
    /// Must be the currency of the order.
    pub currency: Option<String>,
    /// Read for its form only: the server's time counts.
    pub transaction_date: Option<DateTime>,
    /// The 12-character order id of the gateway that was used at enrolment; single use.
    pub order_id: Option<String>,
    /// What to charge.
    pub payment_method: Option<Borgun3DFinalPaymentMethodInfo>,
    /// The proof of authentication.
    pub three_d_secure: Option<Borgun3DFinal3DSecureInfo>,
}

/// Says which client system sent a request (`domain.md §1.6`).
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct RequestSignature {
    /// Name of the registered system.
    pub system_id: Option<String>,
    /// The older form: the secret itself.
    pub system_secret: Option<SecretText>,
    /// HMAC-SHA256 in lower-case hexadecimal.
    pub signature: Option<String>,
}
