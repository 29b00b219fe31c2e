//! Kinds of owner cards that a club sells (`domain.md §2.3, §8`).

use service::Dto;
use service::access::Access;
use service::operation::{Operation, Route};
use service::types::{DateTime, Decimal};

/// `GET /OwnerCardType/{Id}`.
pub static GET_OWNER_CARD_TYPE: Operation = Operation {
    routes: &[
        Route::new("GET", "/OwnerCardType/{Id}"),
        Route::new("GET", "/OwnerCardType").summary("The same, with the number as a parameter"),
    ],
    access: Access {
        any_role: &["Admin", "TeamAdmin", "MobileApp"],
        any_permission: &["ReadData"],
        ..Access::OPEN
    },
    has_secrets: false,
    ..Operation::of::<GetOwnerCardType, GetOwnerCardTypeResult>()
};

/// `GET /OwnerCardTypes`.
pub static OWNER_CARD_TYPES: Operation = Operation {
    routes: &[Route::new("GET", "/OwnerCardTypes")],
    access: Access {
        any_role: &["Admin", "TeamAdmin", "MobileApp"],
        any_permission: &["ReadData"],
        ..Access::OPEN
    },
    has_secrets: false,
    ..Operation::of::<OwnerCardTypes, OwnerCardTypesResult>()
};

/// Asks for one kind of card.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct GetOwnerCardType {
    /// Its number.
    pub id: i32,
}

/// One kind of card.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct GetOwnerCardTypeResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// What was asked for.
    pub result: Option<OwnerCardType>,
}

/// Asks for the kinds of cards that clubs sell.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct OwnerCardTypes {
    /// Only kinds of this club.
    pub owner_id: Option<i32>,
    /// Only kinds that can be bought now.
    pub only_on_sale: bool,
    /// Kinds to leave out at the beginning, 0 or more.
    pub skip: Option<i32>,
    /// Most kinds to return, 1 to 100; 50 when left out.
    pub take: Option<i32>,
}

/// One page of kinds of cards.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Guichet.ServiceModel")]
pub struct OwnerCardTypesResult {
    /// 200, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
    /// The page.
    pub results: Option<Vec<OwnerCardType>>,
    /// Kinds that pass the filters, on all pages.
    pub total: i32,
}

/// A kind of card.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct OwnerCardType {
    /// Its number: what `OrderOwnerCards` names.
    pub id: i32,
    /// The club.
    pub owner_id: i32,
    /// The club or association above it.
    pub super_owner_id: Option<i32>,
    /// Its name.
    pub name: Option<String>,
    /// More about it.
    pub description: Option<String>,
    /// On sale at all.
    pub is_active: bool,
    /// Only the club itself may give it out.
    pub only_for_team_use: bool,
    /// Price in `currency`.
    pub price: Decimal,
    /// Currency of price and credit.
    pub currency: Option<String>,
    /// Free tickets it gives; null is unlimited, 0 is none.
    pub max_tickets: Option<i32>,
    /// Free tickets for one event; null is no limit of its own.
    pub max_tickets_per_event: Option<i32>,
    /// Whether it holds store credit.
    pub has_store_credit: bool,
    /// The credit it starts with.
    pub initial_store_credit: Option<Decimal>,
    /// Good at clubs connected with its own, too.
    pub valid_for_connected_owners: bool,
    /// A buyer must name its holder.
    pub holder_info_required: bool,
    /// Cards left to sell; null is no limit.
    pub available: Option<i32>,
    /// Sold from this moment.
    #[dto(name = "SaleStartDateUTC")]
    pub sale_start_date_utc: Option<DateTime>,
    /// Sold before this moment.
    #[dto(name = "SaleEndDateUTC")]
    pub sale_end_date_utc: Option<DateTime>,
    /// New cards are good from this moment.
    #[dto(name = "ValidStartDateForNewCardsUTC")]
    pub valid_start_date_for_new_cards_utc: Option<DateTime>,
    /// New cards are good before this moment.
    #[dto(name = "ValidEndDateForNewCardsUTC")]
    pub valid_end_date_for_new_cards_utc: Option<DateTime>,
    /// Picture.
    pub image_url: Option<String>,
    /// Background picture.
    pub background_image_url: Option<String>,
}
