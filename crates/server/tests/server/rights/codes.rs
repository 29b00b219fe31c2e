//! That every code which an order can answer has a test.

/// The codes of `domain.md` §9.1, §9.2 and §9.4 that an order can answer, with HTTP 200 or as an
/// HTTP error.
const CODES: &[&str] = &[
    "ValidationFailed",
    "InvalidAmount",
    "CurrencyMismatch",
    "Forbidden",
    "OwnerScopeDenied",
    "SignatureInvalid",
    "RequestExpired",
    "SignatureReplayed",
    "PhoneVerificationRequired",
    "PhoneVerificationInvalid",
    "PhoneVerificationDeviceMismatch",
    "IdempotencyConflict",
    "TooManyRequests",
    "GatewayUnavailable",
    "PaymentMethodRequired",
    "PaymentMethodAmbiguous",
    "PaymentMethodMismatch",
    "CardInvalid",
    "CardExpired",
    "CvcInvalid",
    "PaymentCardNotFound",
    "SaveCardNotAllowed",
    "ApplePayCryptogramMissing",
    "PaymentDeclined",
    "InsufficientFunds",
    "AuthenticationRequired",
    "AuthenticationInvalid",
    "PaymentPending",
    "PaymentRejectedByPayer",
    "PaymentExpired",
    "InsufficientStoreCredit",
    "DuplicateOrderId",
    "EventNotFound",
    "EventNotActive",
    "SaleNotActive",
    "SaleSuspended",
    "EventOver",
    "EventPostponed",
    "AccessCodeRequired",
    "NothingToOrder",
    "TicketTypeRequired",
    "TicketTypeAmbiguous",
    "TicketTypeNotAvailable",
    "TooManyTickets",
    "SoldOut",
    "SeatReservationRequired",
    "ReservationNotFound",
    "ReservationExpired",
    "SeatCountMismatch",
    "SeatTaken",
    "HolderInfoRequired",
    "HolderCountMismatch",
    "OwnerCardNotFound",
    "OwnerCardNotValid",
    "OwnerCardNotAllowed",
    "OwnerCardEventLimit",
    "OwnerCardUsedUp",
    "TeamPassNotValid",
    "SpecialTicketInvalid",
    "SpecialTicketUsed",
    "PriceChanged",
];

/// The tests that order tickets and name what they are told.
const TESTS: &[&str] = &[
    include_str!("refusals.rs"),
    include_str!("../refusals.rs"),
    include_str!("../payment_refusals.rs"),
    include_str!("../phone_payment.rs"),
    include_str!("../three_d_secure.rs"),
    include_str!("../signatures.rs"),
    include_str!("../phones.rs"),
    include_str!("../repeat.rs"),
    include_str!("../seating/refusals.rs"),
    include_str!("../seating/window.rs"),
];

#[test]
fn every_code_has_a_test() {
    // Proves that no code of the catalogue was forgotten; each stands in a test as a text.
    let is_tested = |code: &&&str| TESTS.iter().any(|test| test.contains(&format!("\"{code}\"")));
    let forgotten: Vec<_> = CODES.iter().filter(|code| !is_tested(code)).collect();
    assert!(forgotten.is_empty(), "{forgotten:?}");
}
