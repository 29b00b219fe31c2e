//! Order owner cards (`domain.md §2`): season cards, fan cards, prepaid cards of a club, and what
//! a club does with them.

pub mod change;
pub mod give_away;
pub mod list;
pub mod refund;
pub mod search;

use service::Dto;
use service::access::Access;
use service::operation::{Effect, Operation, Route};
use service::types::{DateTime, Decimal};

use crate::shared::{
    Borgun3DFinalRequest, BorgunApplePayFinalInfo, PaymentRequestCreditCard, RequestSignature,
};

/// Who looks after cards.
const OFFICE: Access =
    Access { any_role: &["Admin", "TeamAdmin"], any_permission: &["ReadData"], ..Access::OPEN };

/// `POST /OrderOwnerCards`. Roles and permissions are repeated as the page repeats them.
pub static ORDER_OWNER_CARDS: Operation = Operation {
    routes: &[Route::new("POST", "/OrderOwnerCards")],
    access: Access {
        any_role: &["Admin", "TeamAdmin", "MobileApp", "Admin", "TeamAdmin", "MobileApp"],
        any_permission: &["ReadData", "ReadData"],
        ..Access::OPEN
    },
    effect: Effect::Writes,
    card_members: &["CardInfo", "ApplePayInfo", "Borgun3DFinalInfo"],
    ..Operation::of::<OwnerCardsOrderRequest, OwnerCardsOrderResult>()
};

/// Buys one or more owner cards.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct OwnerCardsOrderRequest {
    /// Ids of card types, 1 to 20; an id may repeat to buy several.
    pub owner_card_type_ids: Option<Vec<i32>>,
    /// `card`, `savedCard`, `applePay`, `card3D`, `phone` or `free`; derived when left out.
    pub payment_method_id: Option<String>,
    /// Card or token payment.
    pub card_info: Option<PaymentRequestCreditCard>,
    /// Only together with `cardInfo`.
    pub apple_pay_info: Option<BorgunApplePayFinalInfo>,
    /// Finishes a 3-D Secure payment.
    #[dto(name = "Borgun3DFinalInfo")]
    pub borgun_3d_final_info: Option<Borgun3DFinalRequest>,
    /// Pay by phone.
    pub payment_phone_number: Option<String>,
    /// Opaque text kept with the order, at most 4,000 characters.
    pub app_meta_data: Option<String>,
    /// National id or member number of the holder.
    pub holder_id: Option<String>,
    /// Needed when the card type asks for a holder.
    pub holder_name: Option<String>,
    /// Needed when the card type asks for a holder; the receipt goes there.
    pub holder_email: Option<String>,
    /// Whether the response carries `cards`.
    pub return_cards: bool,
    /// The token that a phone verification gave (`domain.md §1.5`).
    pub phone_verification_number: Option<String>,
    /// The device the verification is bound to.
    pub device_id: Option<String>,
    /// Seconds since 1970; a value above 10^11 is milliseconds.
    #[dto(name = "RequestUnixUTCTimeStamp")]
    pub request_unix_utc_time_stamp: Option<i64>,
    /// Needed from the mobile app.
    pub signature: Option<RequestSignature>,
}

/// What every order of the first family answers (`domain.md §1.3`).
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct GeneralOrderResponse {
    /// 200, 202 while a payment is open, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// True for bought and for pending.
    pub success: bool,
    /// True while a phone payment or an unknown card result is open.
    pub payment_is_pending: bool,
    /// Handle of the order, set once there is one, also after a decline.
    pub order_token_id: Option<String>,
}

/// The answer to [`OwnerCardsOrderRequest`].
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct OwnerCardsOrderResult {
    /// The members of the base type.
    #[dto(base)]
    pub general: GeneralOrderResponse,
    /// One entry for each card; absent while pending or not asked for.
    pub cards: Option<Vec<OwnerCards>>,
}

/// One owner card.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct OwnerCards {
    /// Number of the card.
    pub id: i32,
    /// The club that issued it.
    pub owner_id: i32,
    /// Its type.
    pub owner_card_type_id: i32,
    /// Row of the verification of its holder's phone.
    pub phone_verification_id: Option<i32>,
    /// Free tickets granted; null is unlimited.
    pub initial_max_tickets: Option<i32>,
    /// Free tickets left; null is unlimited.
    pub current_available_tickets: Option<i32>,
    /// When the row was made.
    #[dto(name = "TimeStampCreatedUTC")]
    pub time_stamp_created_utc: DateTime,
    /// When the row last changed.
    #[dto(name = "TimeStampLastChangedUTC")]
    pub time_stamp_last_changed_utc: DateTime,
    /// When the payment was captured; absent before.
    #[dto(name = "TimeStampBoughtUTC")]
    pub time_stamp_bought_utc: Option<DateTime>,
    /// When the order was accepted.
    #[dto(name = "TimeStampOrderedUTC")]
    pub time_stamp_ordered_utc: Option<DateTime>,
    /// First moment of validity, inclusive.
    #[dto(name = "CardValidFromUTC")]
    pub card_valid_from_utc: Option<DateTime>,
    /// End of validity, exclusive.
    #[dto(name = "CardValidToUTC")]
    pub card_valid_to_utc: Option<DateTime>,
    /// Whether the card holds store credit.
    pub has_store_credit: bool,
    /// List price at order time.
    pub card_price: Decimal,
    /// What was charged; 0 for a card given away.
    pub price_paid: Decimal,
    /// Store credit granted, in `cardPriceCurrency`.
    pub initial_store_credit: Option<Decimal>,
    /// Store credit left; never below 0.
    pub current_store_credit: Option<Decimal>,
    /// The verified phone number in international form.
    pub phone_full_verification_number: Option<String>,
    /// From the request.
    pub holder_id: Option<String>,
    /// From the request.
    pub holder_name: Option<String>,
    /// From the request.
    pub holder_email: Option<String>,
    /// Currency of `cardPrice` and of the store credit.
    pub card_price_currency: Option<String>,
    /// Currency of `pricePaid`.
    pub price_paid_currency: Option<String>,
    /// From the request.
    pub device_id: Option<String>,
    /// The normalised name of the method used.
    pub payment_method_id: Option<String>,
    /// The gateway's transaction id, or the phone payment's.
    pub payment_reference: Option<String>,
    /// Token of the verification; returned only to the device it belongs to.
    pub phone_verification_number: Option<String>,
    /// The payer's phone, if any.
    pub payment_phone_number: Option<String>,
    /// Our attempt's id.
    pub payment_id: Option<String>,
    /// `Pending`, `Paid`, `Declined`, `Refunded` or `PartiallyRefunded`.
    pub payment_status: Option<String>,
    /// The order token that paid for the card.
    pub payment_token_id: Option<String>,
    /// At most this many free tickets for one event.
    pub max_tickets_per_event: Option<i32>,
    /// The same value on all cards of one order; absent for a single card.
    pub multiple_payments_id: Option<String>,
    /// Picture of the card type.
    pub image_url: Option<String>,
    /// Background picture of the card type.
    pub background_image_url: Option<String>,
}

/// One season card, after something was done with it.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct OwnerCardResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The card as it is now.
    pub card: Option<OwnerCards>,
    /// The club has closed it.
    pub is_blocked: bool,
}
