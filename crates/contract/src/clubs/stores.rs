//! The stores of a chain.

use service::Dto;
use service::operation::{Operation, Route};
use service::types::SecretText;

use super::CLUBS;
use crate::contract_sold::RestrictedResourceType;

/// `GET /stores`.
pub static LIST_STORES: Operation = Operation {
    routes: &[Route::new("GET", "/stores").summary("The stores of a chain")],
    access: CLUBS,
    tags: super::PEOPLE,
    ..Operation::of::<ListStores, ListStoresResponse>()
};

/// Asks for the stores of a chain, as far as the key may sell there.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct ListStores {
    /// Says who calls.
    #[dto(parameter = "query")]
    pub api_key: Option<SecretText>,
    /// Guard: the chain of the key.
    pub chain_id: Option<i32>,
    /// What the key may touch in this call, with the next member.
    pub restricted_id: Option<i32>,
    /// Kind of `RestrictedId`.
    pub restricted_resource_type: Option<RestrictedResourceType>,
}

/// The stores, by number.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct ListStoresResponse {
    /// The stores.
    pub stores: Option<Vec<StoreDto>>,
}

/// One store of a chain.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct StoreDto {
    /// Its number; sales name it as `StoreId`.
    pub store_id: i32,
    /// The chain.
    pub chain_id: i32,
    /// Its name.
    pub name: Option<String>,
    /// It sells.
    pub is_active: bool,
    /// Its zone (IANA), by whose calendar contracts begin.
    pub time_zone: Option<String>,
    /// The currency in which it is paid.
    pub currency: Option<String>,
}
