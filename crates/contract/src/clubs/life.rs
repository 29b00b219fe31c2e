//! What people do with contracts that were sold: freezing, cancelling, overdue payments.

pub mod cancel;
pub mod freeze;
pub mod pay;
pub mod unfreeze;
pub mod write_off;

use service::Dto;

use super::contracts::ContractDto;

/// The contract as it is now.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct ContractChangedResponse {
    /// The contract.
    pub contract: Option<ContractDto>,
    /// What happened, for people.
    pub description: Option<String>,
}
