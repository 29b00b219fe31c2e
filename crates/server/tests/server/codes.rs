//! That every code of the catalogue is seen, for each operation that may answer it.
//!
//! The tables which the tests send say which codes were told; what is in no table must be excepted
//! here, with the reason. A new code fails these tests until somebody has done either.

use std::collections::BTreeSet;

use domain::refusal::Code;

use crate::{
    agents, owner_cards, payment_refusals, phone_refusals, purchase_refusals, refund_refusals,
    refusals, rights, seating, transfer,
};

/// Errors of HTTP, which are no refusals.
const ERRORS: &[&str] = &["Unauthorized", "CardDataInUrl", "InternalError"];

/// Operations whose tables are compared with the catalogue.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Operation {
    /// `/ticketOrder`.
    Tickets,
    /// `/OrderOwnerCards`.
    Cards,
    /// Asking for, confirming and revoking a phone.
    Phones,
    /// `/refund/process`.
    Refunds,
    /// `/TransferTicketToEvent` and its payment links.
    Moves,
}

use Operation::{Cards, Moves, Phones, Refunds, Tickets};

/// Why these operations do not tell these codes.
type Except = (&'static str, &'static [Operation], &'static [&'static str]);

const EXCEPTED: &[Except] = &[
    (
        "rights, seats and events on public sale concern orders of tickets only",
        &[Moves, Cards, Phones, Refunds],
        &[
            "AccessCodeRequired",
            "EventPostponed",
            "HolderCountMismatch",
            "InsufficientStoreCredit",
            "OwnerCardEventLimit",
            "OwnerCardNotAllowed",
            "OwnerCardNotFound",
            "OwnerCardNotValid",
            "OwnerCardUsedUp",
            "ReservationExpired",
            "ReservationNotFound",
            "SaleSuspended",
            "SeatCountMismatch",
            "SeatReservationRequired",
            "SpecialTicketInvalid",
            "SpecialTicketUsed",
            "TeamPassNotValid",
            "TooManyTickets",
        ],
    ),
    (
        "only what is sold already can be moved, and only by a link paid later",
        &[Tickets, Cards, Phones, Refunds],
        &[
            "AlreadyTransferred",
            "AmountMismatch",
            "CurrencyNotSupported",
            "MultiAdmissionNotSupported",
            "PaidOutNotAllowed",
            "SameEvent",
            "SeatNotAllowed",
            "SeatRequired",
            "SessionCompleted",
            "SessionExpired",
            "SessionNotFound",
            "TicketExpired",
            "TicketNotPaid",
            "TicketRefunded",
            "TransferBlocked",
        ],
    ),
    (
        "neither a move nor a refund names a means of paying; a link is paid with a proof, \
     whose card was read at its start",
        &[Moves, Phones, Refunds],
        &[
            "ApplePayCryptogramMissing",
            "AuthenticationRequired",
            "CardDataInUrl",
            "CardExpired",
            "CardInvalid",
            "CurrencyMismatch",
            "CvcInvalid",
            "HolderInfoRequired",
            "InsufficientFunds",
            "PaymentCardNotFound",
            "PaymentExpired",
            "PaymentMethodAmbiguous",
            "PaymentMethodMismatch",
            "PaymentMethodNotAvailable",
            "PaymentMethodRequired",
            "PaymentPending",
            "PaymentRejectedByPayer",
            "RawCardNotAllowed",
            "SaleNotActive",
            "SaveCardNotAllowed",
            "TeamUseOnly",
        ],
    ),
    (
        "told by the back office, the gate and the accounts",
        &[Tickets, Cards, Phones, Refunds, Moves],
        &[
            "CatalogueChanged",
            "DifferenceNotAcceptable",
            "DifferenceNotFound",
            "JobNotFound",
            "MailNotAvailable",
            "NotUnderReview",
            "NothingToPayOut",
            "PayoutNotFound",
            "ScanCodeInvalid",
            "ScanNotFound",
            "TaskNotFound",
            "TransferNotFound",
            "UserAlreadyExists",
            "UserNotFound",
        ],
    ),
    (TOLD_BY_AGENTS, &[Tickets, Cards, Phones, Refunds, Moves], AGENTS),
    (
        "told by the operations of clubs (see `clubs`)",
        &[Tickets, Cards, Phones, Refunds, Moves],
        &[
            "AcctTokenInvalid",
            "AgreementCompleted",
            "AgreementExpired",
            "AgreementNotFound",
            "ApiKeyInvalid",
            "ChainMismatch",
            "ContractNotActive",
            "ContractNotFound",
            "DuplicatePaymentMethod",
            "InstallmentNotFound",
            "InstallmentNotOpen",
            "InstallmentPlanInvalid",
            "InstallmentPlanRequired",
            "MemberAlreadyExists",
            "MemberInactive",
            "MemberNotFound",
            "PackageNotFound",
            "PackageNotSellable",
            "PaymentAmountMismatch",
            "PaymentMethodsInsufficient",
            "PaymentProfileRequired",
            "PreferredMethodMissing",
            "ProfileTokenAlreadyUsed",
            "ProfileTokenExpired",
            "ProfileTokenInvalid",
            "PromoCodeAlreadyUsedByMember",
            "PromoCodeExpired",
            "PromoCodeInvalid",
            "PromoCodeNotApplicable",
            "PromoCodeUsedUp",
            "RestrictedScopeDenied",
            "StaffNotFound",
            "StartDateOutOfRange",
            "StoreNotAllowed",
            "StoreNotFound",
        ],
    ),
    (
        "told by the start and the end of a proof, before there is an order",
        &[Tickets, Cards, Phones, Refunds, Moves],
        &["AuthenticationFailed", "AuthenticationUnavailable"],
    ),
    (
        "told as PaymentDeclined, so that nobody learns that a card was reported",
        &[Tickets, Cards, Phones, Refunds, Moves],
        &["PaymentBlocked"],
    ),
    (
        "a fault of the program, which no request brings about",
        &[Tickets, Cards, Phones, Refunds, Moves],
        &["InternalError"],
    ),
    (
        "neither phones nor refunds sell anything",
        &[Phones, Refunds],
        &[
            "AuthenticationInvalid",
            "DuplicateOrderId",
            "PaymentDeclined",
            "PriceChanged",
            "SoldOut",
        ],
    ),
    (
        "only orders of cards name kinds of cards",
        &[Tickets, Moves, Phones, Refunds],
        &["CardTypeNotFound"],
    ),
    (
        "neither cards nor phones concern an event, and a refund asks for no place",
        &[Cards, Phones, Refunds],
        &[
            "EventNotActive",
            "EventOver",
            "SeatTaken",
            "TicketTypeAmbiguous",
            "TicketTypeNotAvailable",
            "TicketTypeRequired",
        ],
    ),
    ("neither cards nor phones concern an event", &[Cards, Phones], &["EventNotFound"]),
    ("whoever may call may order cards", &[Cards], &["Forbidden"]),
    (
        "the office signs nothing, proves no phone and asks no gateway at once",
        &[Moves, Refunds],
        &[
            "GatewayUnavailable",
            "PhoneVerificationDeviceMismatch",
            "PhoneVerificationInvalid",
            "PhoneVerificationRequired",
            "RequestExpired",
            "SignatureInvalid",
            "SignatureReplayed",
            "TooManyRequests",
        ],
    ),
    (
        "phones have no keys, no prices and no owners",
        &[Phones],
        &["IdempotencyConflict", "InvalidAmount", "OwnerScopeDenied"],
    ),
    (
        "told where money goes back",
        &[Tickets, Cards, Phones, Moves],
        &["NotRefundable", "RefundExceedsPaid", "RequestInProgress"],
    ),
    ("only orders and refunds are lists", &[Moves, Phones], &["NothingToOrder"]),
    (
        "told of tickets that exist already",
        &[Tickets, Cards, Phones],
        &["RefundPending", "TicketNotFound", "TicketUsed", "TransferPending"],
    ),
    ("only phones need messages", &[Tickets, Cards, Refunds, Moves], &["SmsNotAvailable"]),
];

/// Why other operations do not tell the codes of agents.
const TOLD_BY_AGENTS: &str = "told by the operations of agents (see `agents`)";

/// The codes of agents (`domain.md` §9.6).
const AGENTS: &[&str] = &[
    "AgentMismatch",
    "AgentNotFound",
    "CustomerCodeTaken",
    "CustomerMismatch",
    "CustomerNotFound",
    "OrderCancelled",
    "OrderChanged",
    "OrderEmpty",
    "OrderLineNotFound",
    "OrderNotFound",
    "OrderNotOpen",
    "PaymentTypeNotAllowed",
    "StripeTokenInvalid",
];

#[test]
fn orders_of_agents() {
    // Proves that the tables of the agents forget none of their codes.
    let seen = agents::refusals::codes();
    let forgotten: Vec<_> = AGENTS.iter().filter(|code| !seen.contains(*code)).collect();
    assert!(forgotten.is_empty(), "without a test: {forgotten:?}");
    assert!(seen.contains("RawCardNotAllowed"));
}

/// Every code is either seen or excepted, and none is both.
fn check(operation: Operation, seen: &[&'static str]) {
    let known: BTreeSet<_> =
        Code::ALL.iter().map(|code| code.name()).chain(ERRORS.iter().copied()).collect();
    let seen: BTreeSet<_> = seen.iter().copied().collect();
    let rows = EXCEPTED.iter().filter(|(_, operations, _)| operations.contains(&operation));
    let excepted: BTreeSet<_> = rows.flat_map(|(_, _, codes)| *codes).copied().collect();
    let both: Vec<_> = seen.intersection(&excepted).collect();
    assert!(both.is_empty(), "told, so no exceptions: {both:?}");
    let either: BTreeSet<_> = seen.union(&excepted).copied().collect();
    let forgotten: Vec<_> = known.difference(&either).collect();
    assert!(forgotten.is_empty(), "without a test: {forgotten:?}");
    let unknown: Vec<_> = either.difference(&known).collect();
    assert!(unknown.is_empty(), "in no catalogue: {unknown:?}");
}

#[test]
fn orders_of_tickets() {
    // Proves that the tables of `/ticketOrder` forget no code.
    let seen = [
        refusals::codes(),
        payment_refusals::codes(),
        purchase_refusals::codes(),
        rights::refusals::codes(),
        seating::refusals::codes(),
    ];
    check(Tickets, &seen.concat());
}

#[test]
fn orders_of_cards() {
    // Proves that the tables of `/OrderOwnerCards` forget no code.
    let seen =
        [owner_cards::refusals::codes(), payment_refusals::codes(), purchase_refusals::codes()];
    check(Cards, &seen.concat());
}

#[test]
fn refunds() {
    // Proves that the tables of `/refund/process` forget no code.
    check(Refunds, &refund_refusals::codes());
}

#[test]
fn moves() {
    // Proves that the tables of `/TransferTicketToEvent` and its payment links forget no code.
    check(Moves, &transfer::codes());
}

#[test]
fn phones() {
    // Proves that the tables of the operations on phones forget no code.
    check(Phones, &phone_refusals::codes());
}
