//! What persons must do because the machine cannot (`domain.md §8`).

pub mod done;
pub mod list;

use service::Dto;
use service::access::Access;
use service::types::{DateTime, Decimal};

/// Who looks after tasks.
const OFFICE: Access = Access { any_role: &["Admin", "TeamAdmin"], ..Access::OPEN };

/// One thing to do.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct OfficeTask {
    /// Its number, unique within the organiser.
    pub task_id: i32,
    /// The organiser.
    pub event_owner_id: i32,
    /// `PaymentInDoubt`, `RefundFailed`, `ManualRefund`, `CreditOfEndedCard`, `TransferAfterScan`,
    /// `DoubleEntry`, `InvalidEntry`, `PayoutCorrection`, `SettlementDifference`,
    /// `PaymentDisputed`, `RefundReversed` or `SubscriptionInDoubt`.
    pub kind: Option<String>,
    /// Number of the ticket or order it is about.
    pub ticket_id: Option<i32>,
    /// Handle of that order.
    pub ticket_token_id: Option<String>,
    /// Number of the transfer it is about.
    pub transfer_log_id: Option<i32>,
    /// Money it is about; 0 for none.
    pub amount: Decimal,
    /// Currency of the amount.
    pub currency: Option<String>,
    /// What happened and what to do.
    pub text: Option<String>,
    /// When it was written down.
    #[dto(name = "CreatedUTC")]
    pub created_utc: DateTime,
    /// When it was done.
    #[dto(name = "DoneUTC")]
    pub done_utc: Option<DateTime>,
    /// Who did it.
    pub done_by: Option<String>,
    /// What they say about it.
    pub note: Option<String>,
}
