//! Kinds of season cards that an organiser sells.

use service::Dto;
use service::operation::{Effect, Operation, Route};
use service::types::{DateTime, Decimal};

use super::{OFFICE, TAGS};

/// `GET /backOffice/cardTypes`.
pub static LIST_OWNER_CARD_TYPES: Operation = Operation {
    routes: &[Route::new("GET", "/backOffice/cardTypes")],
    access: OFFICE,
    tags: TAGS,
    ..Operation::of::<ListOwnerCardTypes, ListOwnerCardTypesResult>()
};

/// `POST /backOffice/cardTypes`.
pub static SAVE_OWNER_CARD_TYPE: Operation = Operation {
    routes: &[Route::new("POST", "/backOffice/cardTypes")],
    access: OFFICE,
    effect: Effect::Writes,
    tags: TAGS,
    ..Operation::of::<SaveOwnerCardType, SaveOwnerCardTypeResult>()
};

/// Kinds of season cards of an organiser.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct ListOwnerCardTypes {
    /// Number of the organiser.
    pub event_owner_id: i32,
    /// Entries to leave out at the beginning, 0 or more.
    pub skip: Option<i32>,
    /// Most entries to return, 1 to 100; 50 when left out.
    pub take: Option<i32>,
}

/// One page.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct ListOwnerCardTypesResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The page, by number.
    pub results: Option<Vec<OwnerCardTypeEntry>>,
    /// Entries on all pages.
    pub total: i32,
}

/// Makes a kind of season card, or changes one. Cards that were sold stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct SaveOwnerCardType {
    /// What is to be.
    pub entry: Option<OwnerCardTypeEntry>,
    /// It is sold at any time.
    pub clear_sale: bool,
    /// Why, for the audit; at most 500 characters.
    pub reason: Option<String>,
}

/// What is now.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct SaveOwnerCardTypeResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The entry as it is stored, with the new revision.
    pub result: Option<OwnerCardTypeEntry>,
}

/// A kind of season card.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct OwnerCardTypeEntry {
    /// Its number; left out for a new one.
    pub id: Option<i32>,
    /// The state of the catalogue it was read from; needed for a change.
    pub revision: Option<i64>,
    /// Number of the organiser. Set once.
    pub event_owner_id: Option<i32>,
    /// The short name that a catalogue file knows it by: 1 to 64 letters, digits, '-', '_', '.'.
    /// Set once; its number when left out.
    pub slug: Option<String>,
    /// The name buyers see, at most 255 characters.
    pub name: Option<String>,
    /// More about it, at most 4000 characters.
    pub description: Option<String>,
    /// On sale at all.
    pub active: Option<bool>,
    /// Only the club itself may give it out.
    pub only_for_team_use: Option<bool>,
    /// Sold from this moment.
    #[dto(name = "SaleFromUTC")]
    pub sale_from_utc: Option<DateTime>,
    /// Sold before this moment.
    #[dto(name = "SaleToUTC")]
    pub sale_to_utc: Option<DateTime>,
    /// New cards are good from this moment; needed for a new kind.
    #[dto(name = "ValidFromUTC")]
    pub valid_from_utc: Option<DateTime>,
    /// New cards are good before this moment; needed for a new kind.
    #[dto(name = "ValidToUTC")]
    pub valid_to_utc: Option<DateTime>,
    /// What it costs.
    pub price: Option<Decimal>,
    /// Of price and credit; set once, ISK when left out.
    pub currency: Option<String>,
    /// Free tickets it gives; -1 for as many as one likes, 0 for none, as a new kind that does not
    /// say.
    pub max_tickets: Option<i32>,
    /// Free tickets for one event; -1 for no limit of its own.
    pub max_tickets_per_event: Option<i32>,
    /// It holds store credit.
    pub has_store_credit: Option<bool>,
    /// The credit it starts with.
    pub initial_store_credit: Option<Decimal>,
    /// Good at the clubs connected with its own, too.
    pub valid_for_connected_owners: Option<bool>,
    /// A buyer must name its holder.
    pub holder_info_required: Option<bool>,
    /// How many may be sold, all told; -1 for no limit.
    pub limit: Option<i32>,
    /// A picture.
    pub image_url: Option<String>,
    /// The picture behind it.
    pub background_image_url: Option<String>,
}
