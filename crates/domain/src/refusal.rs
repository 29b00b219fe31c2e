//! What the business says no with: one list of stable codes (`domain.md` §9).

use serde::{Deserialize, Serialize};

/// A refusal: a stable code and a sentence for the person who reads it.
///
/// A refused command leaves no trace. The number a client sees beside it is [`Code::status`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {message}", code.name())]
pub struct Refusal {
    /// Which rule said no.
    pub code: Code,
    /// What happened and what to do about it.
    pub message: String,
}

impl Refusal {
    /// A refusal by the rule `code`, explained by `message`.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Refusal {
        Refusal { code, message: message.into() }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $status:literal,)*) => {
        /// The stable codes. Their names are published; their numbers are the `statusCode` of an
        /// answer (`domain.md` §9).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// Every code, in the order of the catalogue.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// The published name.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Code::$name => stringify!($name),)* }
            }

            /// The number in the answer's `statusCode`.
            #[must_use]
            pub fn status(self) -> u16 {
                match self { $(Code::$name => $status,)* }
            }
        }
    };
}

codes! {
    /// A member is malformed.
    ValidationFailed = 400,
    /// An amount has more decimals than its currency, or is out of range.
    InvalidAmount = 400,
    /// Two currencies where there may be one.
    CurrencyMismatch = 400,
    /// Not a currency this seller sells in.
    CurrencyNotSupported = 400,
    /// The caller may not do this.
    Forbidden = 403,
    /// The thing belongs to a seller outside the caller's scope.
    OwnerScopeDenied = 403,
    /// This caller must prove a phone first.
    PhoneVerificationRequired = 403,
    /// The proof of a phone is unknown or has expired.
    PhoneVerificationInvalid = 403,
    /// The phone was proved on another device.
    PhoneVerificationDeviceMismatch = 403,
    /// The request's signature is wrong, or this caller must sign and did not.
    SignatureInvalid = 403,
    /// The request was signed too long ago, or for a time to come.
    RequestExpired = 403,
    /// The signature came with another request before.
    SignatureReplayed = 403,
    /// The same key came with another body.
    IdempotencyConflict = 409,
    /// The same request is being worked on.
    RequestInProgress = 409,
    /// Too many tries.
    TooManyRequests = 429,
    /// The gateway did not take the call; nothing was charged.
    GatewayUnavailable = 502,
    /// The order has a price and no means of paying.
    PaymentMethodRequired = 400,
    /// More than one means of paying.
    PaymentMethodAmbiguous = 400,
    /// The named method and the instrument sent do not fit.
    PaymentMethodMismatch = 400,
    /// A means of paying that this seller has not switched on.
    PaymentMethodNotAvailable = 400,
    /// The card number or its form is wrong.
    CardInvalid = 400,
    /// The card is past its month.
    CardExpired = 400,
    /// The security code is wrong.
    CvcInvalid = 400,
    /// No such saved card.
    PaymentCardNotFound = 404,
    /// This card may not be saved.
    SaveCardNotAllowed = 400,
    /// Card numbers are not taken here.
    RawCardNotAllowed = 400,
    /// A payment by Apple Pay came without its proof.
    ApplePayCryptogramMissing = 400,
    /// The bank said no.
    PaymentDeclined = 402,
    /// The bank said no: not enough money.
    InsufficientFunds = 402,
    /// The bank said no for good; the buyer sees the text of `PaymentDeclined`.
    PaymentBlocked = 402,
    /// The bank wants the buyer to prove who they are.
    AuthenticationRequired = 402,
    /// The bank did not believe that it was the holder.
    AuthenticationFailed = 402,
    /// The proof of who the holder is does not belong to this payment.
    AuthenticationInvalid = 402,
    /// The bank cannot prove who the holder is at the moment.
    AuthenticationUnavailable = 402,
    /// Not known yet whether the card was charged.
    PaymentPending = 202,
    /// The payer said no on the phone.
    PaymentRejectedByPayer = 402,
    /// The card holds less credit than the order costs.
    InsufficientStoreCredit = 402,
    /// The gateway order id was used before.
    DuplicateOrderId = 409,
    /// More would go back than was paid.
    RefundExceedsPaid = 409,
    /// Nothing of it can go back.
    NotRefundable = 409,
    /// A refund of it is under way.
    RefundPending = 409,
    /// The order is empty.
    NothingToOrder = 400,
    /// The price is another one now.
    PriceChanged = 409,
    /// No such card type.
    CardTypeNotFound = 404,
    /// Only the club itself may give it out.
    TeamUseOnly = 403,
    /// No such event.
    EventNotFound = 404,
    /// The event is switched off.
    EventNotActive = 409,
    /// Outside the sale window, or not on sale.
    SaleNotActive = 409,
    /// The sale of this series is suspended for the event's date.
    SaleSuspended = 409,
    /// The event has ended.
    EventOver = 409,
    /// The event is postponed without a new date.
    EventPostponed = 409,
    /// A hidden event needs its code.
    AccessCodeRequired = 403,
    /// A line names no ticket type.
    TicketTypeRequired = 400,
    /// A line names two ticket types.
    TicketTypeAmbiguous = 400,
    /// The type is not sold for this event.
    TicketTypeNotAvailable = 409,
    /// More admissions than one order or this type may have.
    TooManyTickets = 400,
    /// Not enough places left.
    SoldOut = 409,
    /// The event has numbered seats and the order no reservation.
    SeatReservationRequired = 400,
    /// No such seat reservation.
    ReservationNotFound = 404,
    /// The reservation is over.
    ReservationExpired = 410,
    /// The reservation holds another number of seats.
    SeatCountMismatch = 400,
    /// Somebody else has the seat.
    SeatTaken = 409,
    /// The type asks for a holder on each admission.
    HolderInfoRequired = 400,
    /// More holders than admissions.
    HolderCountMismatch = 400,
    /// No such owner card.
    OwnerCardNotFound = 404,
    /// The card is not valid now or here.
    OwnerCardNotValid = 409,
    /// The event takes no owner cards.
    OwnerCardNotAllowed = 409,
    /// The card gives no more tickets to this event.
    OwnerCardEventLimit = 409,
    /// The card has too few free tickets left.
    OwnerCardUsedUp = 409,
    /// The pass cannot be used here.
    TeamPassNotValid = 409,
    /// The special code is unknown.
    SpecialTicketInvalid = 404,
    /// The special code was used before.
    SpecialTicketUsed = 409,
    /// No such ticket.
    TicketNotFound = 404,
    /// The ticket is for that event, type and seat already.
    SameEvent = 400,
    /// Seats of that event have no numbers.
    SeatNotAllowed = 400,
    /// Seats of that event have numbers; one must be chosen.
    SeatRequired = 400,
    /// The ticket was moved before.
    AlreadyTransferred = 409,
    /// A move of the ticket waits for its payment.
    TransferPending = 409,
    /// The ticket was used at the gate.
    TicketUsed = 409,
    /// The ticket was paid back.
    TicketRefunded = 409,
    /// The ticket is not paid.
    TicketNotPaid = 409,
    /// The event of the ticket is over.
    TicketExpired = 409,
    /// Tickets of this type may not be moved.
    TransferBlocked = 409,
    /// A ticket of several admissions cannot move to numbered seats.
    MultiAdmissionNotSupported = 409,
    /// The event was paid out and its club may not owe money.
    PaidOutNotAllowed = 409,
    /// No such payment link.
    SessionNotFound = 404,
    /// The payment link is over.
    SessionExpired = 410,
    /// The payment link was used.
    SessionCompleted = 409,
    /// The amount is another one than is due.
    AmountMismatch = 409,
    /// The code opens no gate here.
    ScanCodeInvalid = 404,
    /// Nobody went in with that admission.
    ScanNotFound = 404,
    /// No such task.
    TaskNotFound = 404,
    /// No such job.
    JobNotFound = 404,
    /// No such payout.
    PayoutNotFound = 404,
    /// Nothing is owed that could be paid out.
    NothingToPayOut = 409,
    /// No such difference between a settlement and the till.
    DifferenceNotFound = 404,
    /// A difference that nobody can accept: it is not about an amount, or it is settled.
    DifferenceNotAcceptable = 409,
    /// No such transfer.
    TransferNotFound = 404,
    /// The till has no mail server.
    MailNotAvailable = 409,
    /// No SMS provider is set up.
    SmsNotAvailable = 503,
    /// The sale is not waiting for a person's decision.
    NotUnderReview = 409,
    /// No such store of a club.
    StoreNotFound = 404,
    /// No such member.
    MemberNotFound = 404,
    /// The member may not buy.
    MemberInactive = 409,
    /// No such package.
    PackageNotFound = 404,
    /// The package is not sold here or now.
    PackageNotSellable = 409,
    /// No such member of staff at this store.
    StaffNotFound = 404,
    /// The package has no default plan, so the sale must name one.
    InstallmentPlanRequired = 400,
    /// The plan is not one of the package.
    InstallmentPlanInvalid = 400,
    /// The contract may not begin on that day.
    StartDateOutOfRange = 400,
    /// The sale is paid with another sum than is due today.
    PaymentAmountMismatch = 400,
    /// No such promo code.
    PromoCodeInvalid = 400,
    /// The promo code is over.
    PromoCodeExpired = 400,
    /// The promo code takes nothing off this sale.
    PromoCodeNotApplicable = 400,
    /// The promo code was used as often as it may be.
    PromoCodeUsedUp = 409,
    /// The member has used the promo code before.
    PromoCodeAlreadyUsedByMember = 409,
    /// No such contract.
    ContractNotFound = 404,
    /// The contract stands otherwise than the request needs.
    ContractNotActive = 409,
    /// The contract has no such payment.
    InstallmentNotFound = 404,
    /// The payment of the contract is not overdue.
    InstallmentNotOpen = 409,
    /// Not a token of an agreement.
    AgreementNotFound = 404,
    /// The agreement was drafted too long ago.
    AgreementExpired = 410,
    /// The agreement was sold by another request.
    AgreementCompleted = 409,
    /// A member of the chain has that e-mail address.
    MemberAlreadyExists = 409,
    /// The order was not paid in time.
    PaymentExpired = 402,
    /// Somebody has that user name or e-mail address.
    UserAlreadyExists = 409,
    /// No such user.
    UserNotFound = 404,
    /// Somebody else has changed the catalogue since the caller read it.
    CatalogueChanged = 409,
    /// No such order of the agent.
    OrderNotFound = 404,
    /// The order was cancelled.
    OrderCancelled = 409,
    /// The order was changed after its payment was begun.
    OrderChanged = 409,
    /// The order has nothing in it.
    OrderEmpty = 400,
    /// The order is past that.
    OrderNotOpen = 409,
    /// The order has no such line.
    OrderLineNotFound = 404,
    /// Another customer than the order's.
    CustomerMismatch = 400,
    /// The agent has no such customer.
    CustomerNotFound = 404,
    /// Another customer of the agent has the code.
    CustomerCodeTaken = 409,
    /// Another agent than the order's.
    AgentMismatch = 403,
    /// No such agent.
    AgentNotFound = 404,
    /// Not a token of a card.
    StripeTokenInvalid = 400,
    /// The caller may not pay in this way.
    PaymentTypeNotAllowed = 403,
    /// A call of a club's shows no key, or one that opens nothing.
    ApiKeyInvalid = 401,
    /// The key belongs to another chain.
    ChainMismatch = 403,
    /// The key is limited to other stores.
    StoreNotAllowed = 403,
    /// The call narrows its key to something outside what it touches.
    RestrictedScopeDenied = 403,
    /// No such means of paying of this member.
    AcctTokenInvalid = 404,
    /// Not a token of a new means of paying.
    ProfileTokenInvalid = 400,
    /// The token of a new means of paying is too old.
    ProfileTokenExpired = 400,
    /// The token of a new means of paying was used by another request.
    ProfileTokenAlreadyUsed = 409,
    /// The member prefers no means of paying, or one that can no longer be used.
    PreferredMethodMissing = 400,
    /// The means of paying together may take less than is due.
    PaymentMethodsInsufficient = 400,
    /// The same means of paying stands twice in the list.
    DuplicatePaymentMethod = 400,
    /// Only a means of paying that stays on file will do.
    PaymentProfileRequired = 400,
}
