//! The back office: what is for sale, who sells it, who may work here, and what was changed
//! (`domain.md §8`).
//!
//! A record is read and written in one form. Members that a request leaves out stay as they are; an
//! empty text takes a text away. `revision` tells which state of the catalogue was read: a change
//! that was made on an older one is refused, so that no editor undoes another's work unseen.

pub mod audit;
pub mod card_types;
pub mod create_user;
pub mod event_prices;
pub mod events;
pub mod locations;
pub mod owners;
pub mod pass_types;
pub mod series;
pub mod special_tickets;
pub mod ticket_types;

use service::access::{Access, ROLE_ADMIN};

/// Organisers' own people, for their own organisers, and Admins.
const OFFICE: Access = Access { any_role: &["Admin", "TeamAdmin"], ..Access::OPEN };

/// Admins, for what all organisers share.
const ADMINS: Access = Access { all_roles: &[ROLE_ADMIN], ..Access::OPEN };

/// The group of these operations in lists.
const TAGS: &[&str] = &["back office"];
