//! The members of clubs.

use service::Dto;
use service::operation::{Effect, Operation, Route};
use service::types::{DateTime, SecretText};

use super::CLUBS;
use crate::contract_sold::RestrictedResourceType;

/// `GET /members` and `GET /members/{MemberId}`.
pub static FIND_MEMBERS: Operation = Operation {
    routes: &[
        Route::new("GET", "/members").summary("Find members by phone or e-mail address"),
        Route::new("GET", "/members/{MemberId}").summary("One member"),
    ],
    access: CLUBS,
    tags: super::PEOPLE,
    ..Operation::of::<FindMembers, FindMembersResponse>()
};

/// `POST /members` and `PUT /members/{MemberId}`.
pub static SAVE_MEMBER: Operation = Operation {
    routes: &[
        Route::new("POST", "/members").summary("Add a member"),
        Route::new("PUT", "/members/{MemberId}").summary("Change a member"),
    ],
    access: CLUBS,
    tags: super::PEOPLE,
    effect: Effect::Writes,
    ..Operation::of::<SaveMember, SaveMemberResponse>()
};

/// Looks for members by what is known of them.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct FindMembers {
    /// Says who calls.
    #[dto(parameter = "query")]
    pub api_key: Option<SecretText>,
    /// Guard: the chain of the key.
    pub chain_id: Option<i32>,
    /// By number.
    pub member_id: Option<i32>,
    /// By phone, in international form.
    pub phone: Option<String>,
    /// By e-mail address, in any case.
    pub email: Option<String>,
    /// What the key may touch in this call, with the next member.
    pub restricted_id: Option<i32>,
    /// Kind of `RestrictedId`.
    pub restricted_resource_type: Option<RestrictedResourceType>,
}

/// The members that were found, the oldest first, a hundred at most.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct FindMembersResponse {
    /// The members.
    pub members: Option<Vec<MemberDto>>,
}

/// Adds a member, or changes one. What is left out stays as it is.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct SaveMember {
    /// Says who calls.
    #[dto(parameter = "query")]
    pub api_key: Option<SecretText>,
    /// Guard: the chain of the key.
    pub chain_id: Option<i32>,
    /// Whom; left out for a new member.
    pub member_id: Option<i32>,
    /// Their club; a new member needs one.
    pub store_id: Option<i32>,
    /// Their name, 100 characters at most; a new member needs one.
    pub name: Option<String>,
    /// Where letters go.
    pub email: Option<String>,
    /// Their phone, in international form.
    pub phone: Option<String>,
    /// The club's own number for them, 255 characters at most.
    pub external_id: Option<String>,
    /// They may buy; a new member may.
    pub is_active: Option<bool>,
    /// Why, for the audit.
    pub reason: Option<String>,
    /// What the key may touch in this call, with the next member.
    pub restricted_id: Option<i32>,
    /// Kind of `RestrictedId`.
    pub restricted_resource_type: Option<RestrictedResourceType>,
}

/// The member as saved.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct SaveMemberResponse {
    /// The member.
    pub member: Option<MemberDto>,
}

/// A member of a club.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Clubs.ServiceModel")]
pub struct MemberDto {
    /// Their number; sales name it as `MemberId`.
    pub member_id: i32,
    /// Their club.
    pub store_id: i32,
    /// Their name.
    pub name: Option<String>,
    /// Where letters go.
    pub email: Option<String>,
    /// Their phone.
    pub phone: Option<String>,
    /// The club's own number for them.
    pub external_id: Option<String>,
    /// They may buy.
    pub is_active: bool,
    /// When they joined, in UTC.
    pub created_utc: DateTime,
    /// When anything of this last changed, in UTC.
    pub changed_utc: DateTime,
}
