//! Numbers that name things. Published numbers are 32-bit (the contracts' `int`), unique in the
//! installation and drawn from blocks that belong to one shard, so any number leads to its shard.

use serde::{Deserialize, Serialize};

/// A seller: an organiser, an agency, a club chain. The unit of locking and of placing data.
///
/// Its number is also the organiser's published id. Number 0 is the house: what all sellers
/// share (series, venues, principals).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Shard(pub u32);

impl Shard {
    /// What all sellers share: series, venues, principals.
    pub const HOUSE: Shard = Shard(0);
}

/// How many numbers one block of a kind holds; a shard claims a block at a time.
pub const NUMBER_BLOCK_SIZE: u32 = 1_024;

/// The largest published number: the contracts' `int` is signed.
pub const NUMBER_MAX: u32 = i32::MAX as u32;

/// The kinds of published numbers, each with its own sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum NumberKind {
    /// [`SeriesId`]
    Series = 1,
    /// [`VenueId`]
    Venue = 2,
    /// [`EventId`]
    Event = 3,
    /// [`TicketTypeId`]
    TicketType = 4,
    /// [`QuotaId`]
    Quota = 5,
    /// [`SaleId`]
    Sale = 6,
    /// [`LineId`]
    Line = 7,
    /// Rows of the outbox.
    Effect = 8,
    /// [`PrincipalId`]
    Principal = 9,
    /// [`ReservationId`]
    Reservation = 10,
    /// [`SeatBlockId`]
    SeatBlock = 11,
    /// [`PhoneId`]
    Phone = 12,
    /// [`PaymentCardId`]
    PaymentCard = 13,
    /// [`CardTypeId`]
    CardType = 14,
    /// [`CardId`]
    Card = 15,
    /// [`PassTypeId`]
    PassType = 16,
    /// [`PassId`]
    Pass = 17,
    /// [`TransferId`]
    Transfer = 18,
    /// [`PayoutId`]
    Payout = 19,
    /// [`TaskId`]
    Task = 20,
    /// [`JobId`]
    Job = 21,
    /// [`EnrolmentId`]
    Enrolment = 22,
    /// [`ClubStoreId`]
    ClubStore = 30,
    /// [`MemberId`]
    Member = 31,
    /// [`StaffId`]
    Staff = 32,
    /// [`PackageId`]
    Package = 33,
    /// [`PlanId`]
    InstallmentPlan = 34,
    /// [`ContractId`]
    Contract = 35,
    /// [`PaymentProfileId`]
    PaymentProfile = 40,
    /// [`CustomerId`]
    Customer = 50,
    /// [`CustomerOrderId`]
    CustomerOrder = 51,
}

impl NumberKind {
    /// Every kind, in the order of their codes.
    pub const ALL: [NumberKind; 31] = [
        NumberKind::Series,
        NumberKind::Venue,
        NumberKind::Event,
        NumberKind::TicketType,
        NumberKind::Quota,
        NumberKind::Sale,
        NumberKind::Line,
        NumberKind::Effect,
        NumberKind::Principal,
        NumberKind::Reservation,
        NumberKind::SeatBlock,
        NumberKind::Phone,
        NumberKind::PaymentCard,
        NumberKind::CardType,
        NumberKind::Card,
        NumberKind::PassType,
        NumberKind::Pass,
        NumberKind::Transfer,
        NumberKind::Payout,
        NumberKind::Task,
        NumberKind::Job,
        NumberKind::Enrolment,
        NumberKind::ClubStore,
        NumberKind::Member,
        NumberKind::Staff,
        NumberKind::Package,
        NumberKind::InstallmentPlan,
        NumberKind::Contract,
        NumberKind::PaymentProfile,
        NumberKind::Customer,
        NumberKind::CustomerOrder,
    ];

    /// The number under which the kind is stored; never reused.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }
}

macro_rules! number {
    ($(#[$doc:meta])* $name:ident, $kind:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash,
            Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl $name {
            /// The sequence these numbers are drawn from.
            pub const KIND: NumberKind = NumberKind::$kind;
        }
    };
}

number!(
    /// A competition or season (`eventSeriesId`).
    SeriesId, Series
);
number!(
    /// A place where events happen (`eventLocationId`).
    VenueId, Venue
);
number!(
    /// One performance or match (`eventId`).
    EventId, Event
);
number!(
    /// A price class (`eventSeriesTicketType` or `eventSeriesOwnerTicketType`).
    TicketTypeId, TicketType
);
number!(
    /// A limit on how many admissions may be sold; may be shared by several ticket types.
    QuotaId, Quota
);
number!(
    /// An order of admissions: the published ticket number (`Ticket.id`).
    SaleId, Sale
);
number!(
    /// One line of an order (`TicketDetails.id`).
    LineId, Line
);
number!(
    /// Somebody who may call: the owner of an API key.
    PrincipalId, Principal
);
number!(
    /// A hold of numbered seats, for minutes.
    ReservationId, Reservation
);
number!(
    /// The seats of one section at one event.
    SeatBlockId, SeatBlock
);
number!(
    /// A verified phone (`phoneVerificationId`).
    PhoneId, Phone
);
number!(
    /// A card a buyer left with a gateway (`paymentCardId`).
    PaymentCardId, PaymentCard
);
number!(
    /// A customer of an agency (`Customer.ID`).
    CustomerId, Customer
);
number!(
    /// An order that an agency placed for a customer (`OrderHeaderID`).
    CustomerOrderId, CustomerOrder
);
number!(
    /// A kind of season card (`ownerCardTypeId`).
    CardTypeId, CardType
);
number!(
    /// One season card (`OwnerCards.id`).
    CardId, Card
);
number!(
    /// A kind of team pass (`TeamPassType.id`).
    PassTypeId, PassType
);
number!(
    /// One team pass (`teamPassId`).
    PassId, Pass
);
number!(
    /// A move of a ticket (`transferLogId`).
    TransferId, Transfer
);
number!(
    /// Money paid out to an organiser.
    PayoutId, Payout
);
number!(
    /// Something a person must do.
    TaskId, Task
);
number!(
    /// A long piece of work that is done a step at a time.
    JobId, Job
);
number!(
    /// A proof of who a card's holder is.
    EnrolmentId, Enrolment
);
number!(
    /// One house of a chain of clubs (`StoreId`).
    ClubStoreId, ClubStore
);
number!(
    /// A member of a club (`MemberId`).
    MemberId, Member
);
number!(
    /// Somebody who works at a club (`StaffId`).
    StaffId, Staff
);
number!(
    /// What a club sells by contract (`PackageId`).
    PackageId, Package
);
number!(
    /// How a package is paid (`InstallmentPlanId`).
    PlanId, InstallmentPlan
);
number!(
    /// A package sold to a member (`ContractSaleID`).
    ContractId, Contract
);
number!(
    /// A means of paying that a gateway keeps for a member of a club (`PaymentProfileId`).
    PaymentProfileId, PaymentProfile
);
