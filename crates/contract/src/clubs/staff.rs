//! Who works at clubs.

use service::Dto;
use service::operation::{Effect, Operation, Route};
use service::types::SecretText;

use super::CLUBS;
use crate::contract_sold::RestrictedResourceType;

/// `GET /staff`.
pub static LIST_STAFF: Operation = Operation {
    routes: &[Route::new("GET", "/staff").summary("Who works at a store")],
    access: CLUBS,
    tags: super::PEOPLE,
    ..Operation::of::<ListStaff, ListStaffResponse>()
};

/// `POST /staff` and `PUT /staff/{StaffId}`.
pub static SAVE_STAFF: Operation = Operation {
    routes: &[
        Route::new("POST", "/staff").summary("Add somebody to the staff"),
        Route::new("PUT", "/staff/{StaffId}").summary("Change somebody of the staff"),
    ],
    access: CLUBS,
    tags: super::PEOPLE,
    effect: Effect::Writes,
    ..Operation::of::<SaveStaff, SaveStaffResponse>()
};

/// Asks for the staff of a chain.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct ListStaff {
    /// Says who calls.
    #[dto(parameter = "query")]
    pub api_key: Option<SecretText>,
    /// Guard: the chain of the key.
    pub chain_id: Option<i32>,
    /// Only those who may be credited with sales of this store.
    pub store_id: Option<i32>,
    /// What the key may touch in this call, with the next member.
    pub restricted_id: Option<i32>,
    /// Kind of `RestrictedId`.
    pub restricted_resource_type: Option<RestrictedResourceType>,
}

/// The staff, by number.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct ListStaffResponse {
    /// The staff.
    pub staff: Option<Vec<StaffDto>>,
}

/// Adds somebody to the staff, or changes somebody of it. What is left out stays as it is.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct SaveStaff {
    /// Says who calls.
    #[dto(parameter = "query")]
    pub api_key: Option<SecretText>,
    /// Guard: the chain of the key.
    pub chain_id: Option<i32>,
    /// Whom; left out for somebody new.
    pub staff_id: Option<i32>,
    /// Their name, 100 characters at most; somebody new needs one.
    pub name: Option<String>,
    /// Where they work, 100 stores at most; an empty list for every store of the chain.
    pub store_ids: Option<Vec<i32>>,
    /// Sales may be credited to them.
    pub is_active: Option<bool>,
    /// Why, for the audit.
    pub reason: Option<String>,
    /// What the key may touch in this call, with the next member.
    pub restricted_id: Option<i32>,
    /// Kind of `RestrictedId`.
    pub restricted_resource_type: Option<RestrictedResourceType>,
}

/// Whom it is about, as saved.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct SaveStaffResponse {
    /// Somebody of the staff.
    pub staff: Option<StaffDto>,
}

/// Somebody who works at a club.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct StaffDto {
    /// Their number; sales name it as `StaffId`.
    pub staff_id: i32,
    /// Their name.
    pub name: Option<String>,
    /// Where they work; none for every store of the chain.
    pub store_ids: Option<Vec<i32>>,
    /// Sales may be credited to them.
    pub is_active: bool,
}
