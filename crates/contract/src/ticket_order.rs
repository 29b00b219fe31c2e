//! Ticket order (`domain.md §3`): admissions to one event, or a season team pass.

use service::Dto;
use service::access::Access;
use service::example::{Example, ExampleSource};
use service::operation::{Effect, Operation, Route};
use service::types::{DateTime, Decimal};

use crate::shared::{
    Borgun3DFinalRequest, BorgunApplePayFinalInfo, PaymentRequestCreditCard, RequestSignature,
};

/// `GET POST /ticketOrder`.
pub static TICKET_ORDER: Operation = Operation {
    routes: &[Route::new("GET POST", "/ticketOrder")],
    access: Access {
        any_role: &["Admin", "TeamAdmin", "MobileApp"],
        any_permission: &["ReadData"],
        ..Access::OPEN
    },
    effect: Effect::Writes,
    card_members: &["CardInfo", "ApplePayInfo", "Borgun3DFinalInfo"],
    example: Some(EXAMPLE),
    ..Operation::of::<TicketOrder, TicketOrderResult>()
};

/// One admission to the next event, at its first price, paid by the sandbox's card.
const EXAMPLE: Example = Example {
    request: r#"{"order":{"paymentMethodId":"card"},"orderDetails":[{"count":1}],
        "cardInfo":{"paymentMethod":{"paymentType":"Card","pan":"4242424242424242",
        "expYear":"2099","expMonth":"12","cvc":"123"}}}"#,
    sources: &[
        ExampleSource {
            path: "/events?take=1&from={now}",
            values: &[("order.eventId", "results.0.id")],
        },
        ExampleSource {
            path: "/eventDetailsAndPrices/{order.eventId}",
            values: &[
                ("orderDetails.0.eventSeriesTicketType", "prices.0.eventSeriesTicketType"),
                (
                    "orderDetails.0.eventSeriesOwnerTicketType",
                    "prices.0.eventSeriesOwnerTicketType",
                ),
                ("cardInfo.amount", "prices.0.ticketPrice"),
                ("cardInfo.currency", "prices.0.currency"),
            ],
        },
    ],
    note: "It buys one place at the next event and pays with a test card, which only a sandbox \
        takes.",
};

/// Orders admissions to one event, or a team pass.
#[derive(Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct TicketOrder {
    /// Present: buy this pass type instead. Only `id` is used, `price` is a guard.
    pub team_pass: Option<TeamPassType>,
    /// What is ordered; only what a client decides and its price guards are read
    /// (`domain.md §3.2`, C and G).
    pub order: Option<Ticket>,
    /// Lines, 1 to 20, with at most 50 admissions together.
    pub order_details: Option<Vec<TicketDetails>>,
    /// One entry for each admission, in the order of the lines.
    pub ticket_holders: Option<TicketHoldersList>,
    /// The hold of numbered seats; needed for numbered events.
    pub seat_reservation_token_id: Option<String>,
    /// Card or token payment.
    pub card_info: Option<PaymentRequestCreditCard>,
    /// Pay by phone.
    pub payment_phone_number: Option<String>,
    /// A saved card of this phone.
    pub payment_card_id: Option<i32>,
    /// Seconds since 1970; a value above 10^11 is milliseconds.
    #[dto(name = "RequestUnixUTCTimeStamp")]
    pub request_unix_utc_time_stamp: Option<i64>,
    /// Needed from the mobile app.
    pub signature: Option<RequestSignature>,
    /// The token that a phone verification gave (`domain.md §1.5`).
    pub phone_verification_number: Option<String>,
    /// The device the verification is bound to.
    pub device_id: Option<String>,
    /// True leaves `ticketAndDetails` out of the response.
    pub dont_return_tickets: bool,
    /// Opaque text kept with the order, at most 4,000 characters.
    pub app_meta_data: Option<String>,
    /// Only together with `cardInfo`.
    pub apple_pay_info: Option<BorgunApplePayFinalInfo>,
    /// Finishes a 3-D Secure payment.
    #[dto(name = "Borgun3DFinalInfo")]
    pub borgun_3d_final_info: Option<Borgun3DFinalRequest>,
}

/// A season pass that a club sells for a series.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct TeamPassType {
    /// Its number; all that an order uses.
    pub id: i32,
    /// Its name.
    pub name: Option<String>,
    /// Its price; in an order a guard, 0 when not stated.
    pub price: Decimal,
    /// The series it covers.
    pub series_id: i32,
    /// The club that sells it.
    pub owner_id: i32,
    /// The ticket type each match gives: this or the next one is set.
    pub series_ticket_type: Option<i32>,
    /// The club's own ticket type each match gives.
    pub series_owner_ticket_type: Option<i32>,
    /// Whether it is on sale.
    pub is_active: bool,
    /// Whether only the club itself may give it out.
    pub only_for_team_use: bool,
    /// When it was made.
    pub timestamp_created: DateTime,
    /// When it last changed.
    pub timestamp_last_changed: DateTime,
}

/// One order of admissions; in a request only what the client controls is read.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct Ticket {
    /// Its number.
    pub id: i32,
    /// The back-office user who sold it; absent for sales of the app.
    pub user_id: Option<i32>,
    /// The account that was signed in; absent for sales of the app.
    pub user_auth_id: Option<i32>,
    /// The event; 0 is allowed only with a team pass.
    pub event_id: i32,
    /// When the payment was captured; the minimum date before.
    pub timestamp_bought: DateTime,
    /// First admission at the gate; the minimum date before.
    pub timestamp_activated: DateTime,
    /// When the order was accepted.
    pub time_stamp_ordered: DateTime,
    /// If sent, must equal the one outside.
    pub device_id: Option<String>,
    /// Row of the verification.
    pub phone_verification_id: Option<i32>,
    /// `card`, `savedCard`, `applePay`, `card3D`, `phone` or `free`.
    pub payment_method_id: Option<String>,
    /// The gateway's transaction id.
    pub payment_reference: Option<String>,
    /// State of the ticket (`domain.md §7.1`).
    pub ticket_status: Option<String>,
    /// If sent, must equal the one outside.
    pub phone_verification_number: Option<String>,
    /// Unguessable handle, used for transfer, status and refund.
    pub ticket_token_id: Option<String>,
    /// Same as the one outside, which wins.
    pub payment_phone_number: Option<String>,
    /// The ticket this one replaced.
    pub ticket_transferred_from: Option<i32>,
    /// First buyer, after a transfer to another phone.
    pub original_phone_verification_number: Option<String>,
    /// Pass to redeem; after buying a pass, its number.
    pub team_pass_id: Option<i32>,
    /// Our attempt's id.
    pub payment_id: Option<String>,
    /// Nothing was charged because of a card, a pass or a price of zero.
    pub is_free: bool,
    /// Id of the source of a free ticket.
    pub free_ticket_from_id: Option<String>,
    /// `ownerCard`, `storeCredit`, `ksiCard`, `teamPass` or `giveAway`.
    pub free_ticket_from_type_id: Option<String>,
    /// The card type's id, as text.
    pub free_ticket_card_type_id: Option<String>,
    /// The owner card used.
    pub free_ticket_card_id: Option<i32>,
    /// Money charged plus store credit used.
    pub total_paid_for_ticket: Option<Decimal>,
    /// Same as `seatReservationTokenId`, which wins.
    pub seats_reservation_id: Option<String>,
    /// When the state last changed.
    pub time_stamp_last_status_change: Option<DateTime>,
    /// The state before.
    pub last_ticket_status: Option<String>,
    /// Code of the first admission.
    pub scan_code: Option<String>,
    /// `QR`, `CODE128` or `EXTERNAL`.
    pub scan_code_type: Option<String>,
    /// True: show no code.
    pub scan_code_not_active: bool,
    /// Each admission has a code of its own, in `gateAccessCodes`.
    pub multiple_scan_codes: bool,
    /// Currency of the order; in a request a guard.
    pub currency: Option<String>,
    /// The event is over and the ticket was not used.
    pub ticket_has_expired: bool,
}

/// One line of an order.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct TicketDetails {
    /// Its number.
    pub id: i32,
    /// The ticket it belongs to.
    pub ticket_id: i32,
    /// A ticket type of the whole series: exactly one of the two types is set.
    pub event_series_ticket_type: Option<i32>,
    /// A ticket type of one club within the series.
    pub event_series_owner_ticket_type: Option<i32>,
    /// Price of one admission; in a request a guard, 0 when not stated.
    pub ticket_price: Decimal,
    /// Price of the line after discounts; in a request a guard, 0 when not stated.
    pub total_price: Decimal,
    /// Admissions, at least 1.
    pub count: i32,
    /// Presentation, from the type.
    pub ticket_color: Option<String>,
    /// Presentation, from the type.
    pub show_used_tickets: bool,
    /// Presentation, from the type.
    pub ticket_name: Option<String>,
    /// Presentation, from the type.
    pub ticket_display_string: Option<String>,
    /// The line this one replaced.
    pub ticket_details_transferred_from: Option<i32>,
    /// The pass used on this line.
    pub team_pass_id: Option<i32>,
    /// A line of a campaign.
    pub is_special_ticket: bool,
    /// Single-use code of the campaign.
    pub special_ticket_id: Option<String>,
    /// A maintenance job wrote the row.
    #[dto(name = "JustChangedBySQL")]
    pub just_changed_by_sql: bool,
    /// When it did.
    pub sql_just_changed_time_stamp: Option<DateTime>,
    /// Currency of the line; in a request a guard.
    pub currency: Option<String>,
}

/// Who the admissions are for.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct TicketHoldersList {
    /// One entry for each admission, in the order of the lines.
    pub ticket_holders: Option<Vec<TicketHolderInfo>>,
    /// Ignored in requests: the ticket type decides.
    pub holder_info_required: bool,
}

/// The person of one admission.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct TicketHolderInfo {
    /// Needed when the ticket type says so.
    pub name: Option<String>,
    /// Phone in international form.
    pub full_phone_number: Option<String>,
    /// National id or member number.
    pub holder_id: Option<String>,
    /// One of the reserved seats; assigned in order when left out.
    pub seat_id: Option<i32>,
    /// The seat in words.
    pub seat_display_string: Option<String>,
}

/// The answer to [`TicketOrder`].
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct TicketOrderResult {
    /// The ticket, unless the order failed or it was not asked for.
    pub ticket_and_details: Option<EventTicketWithDetails>,
    /// 200, 202 while a payment is open, else the code of the refusal (`domain.md §9`).
    pub status_code: i32,
    /// `OK`, or a stable code, a colon and a sentence.
    pub message: Option<String>,
}

/// A ticket with its lines and its event.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct EventTicketWithDetails {
    /// The ticket.
    pub event_ticket: Option<Ticket>,
    /// Its lines.
    pub event_ticket_details: Option<Vec<TicketDetailsInfo>>,
    /// Its event.
    pub event_info: Option<EventDetails>,
    /// The event's local date is today.
    pub event_is_today: bool,
    /// Now is between start and end. The spelling is the contract's.
    pub eventis_live: bool,
    /// Whole minutes until the start, rounded down; negative after it.
    pub minutes_to_event: i32,
}

/// A line with what only the response shows.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel", no_constructor)]
pub struct TicketDetailsInfo {
    /// The members of the base type.
    #[dto(base)]
    pub details: TicketDetails,
    /// From the type.
    pub holder_info_required: bool,
    /// From the type.
    pub block_transfer: bool,
    /// From the type.
    pub ticket_type_image_url: Option<String>,
    /// The persons of this line.
    pub ticket_holders: Option<Vec<TicketHolderInfo>>,
    /// One code for each admission; empty until bought.
    pub gate_access_codes: Option<Vec<ExternalGateAccessCodeInfo>>,
}

/// A code for a turnstile.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct ExternalGateAccessCodeInfo {
    /// The code.
    pub code: Option<String>,
    /// `QR`, `CODE128` or `EXTERNAL`.
    pub code_type: Option<String>,
    /// Picture of the code, or a wallet link.
    pub code_url: Option<String>,
    /// First moment it opens the gate.
    pub valid_from: Option<DateTime>,
    /// Last moment.
    pub valid_to: Option<DateTime>,
}

/// An event as buyers see it; everything is set by the server.
#[derive(Clone, Debug, Default, PartialEq, Dto)]
#[dto(namespace = "Tickets.ServiceModel")]
pub struct EventDetails {
    /// Its number.
    pub id: i32,
    /// Its name.
    pub name: Option<String>,
    /// One line about it.
    pub description: Option<String>,
    /// Its id in the federation's match system.
    pub external_reference: Option<String>,
    /// Start, wall clock in `timeZone`.
    pub time_of_event: DateTime,
    /// The venue.
    pub event_location_id: Option<i32>,
    /// Our number of the series.
    pub event_series_id: i32,
    /// The home club.
    pub event_owner_id: i32,
    /// Switched on at all.
    pub event_active: bool,
    /// Name of the home club.
    pub event_owner_name: Option<String>,
    /// The home club's id in the federation.
    pub external_owner_id: Option<String>,
    /// The away club.
    pub team_away_id: Option<String>,
    /// Name of the away club.
    pub team_away_name: Option<String>,
    /// Name of the series.
    pub event_series_name: Option<String>,
    /// Name of the venue.
    pub event_location_name: Option<String>,
    /// Degrees north.
    pub latitude: Option<Decimal>,
    /// Degrees east.
    pub longitude: Option<Decimal>,
    /// Opaque hints for presentation.
    pub default_values: Option<String>,
    /// Kind of `externalReference`.
    pub external_reference_type: Option<String>,
    /// The series is switched on.
    pub event_series_active: bool,
    /// Federation-card types with free entry, separated by commas.
    pub allowed_ksi_card: Option<String>,
    /// The federation's competition id.
    pub series_id: Option<String>,
    /// Whether lists show the series without being asked.
    pub series_show_by_default: bool,
    /// Postponed without a new date: sale off, tickets stay valid.
    pub postponed_no_date: bool,
    /// The away club's id in the federation.
    pub away_team_external_id: Option<String>,
    /// Code for men, women or mixed.
    pub sport_gender_id: Option<String>,
    /// Kind of the external ids.
    pub external_id_type: Option<String>,
    /// Sale is suspended for dates in the next two members.
    pub series_event_sale_suspended: bool,
    /// First suspended event date.
    pub series_sale_suspension_event_start_date: Option<DateTime>,
    /// Last suspended event date.
    pub series_sale_suspension_event_end_date: Option<DateTime>,
    /// Tickets can be bought now. Lists and orders go by dates and switches alone;
    /// `/eventDetailsAndPrices` looks at what is left, too.
    pub sale_is_active: bool,
    /// Left out of lists.
    pub hide_event: bool,
    /// Second picture.
    pub image_url2: Option<String>,
    /// The code that opens a hidden event.
    pub direct_access_code: Option<String>,
    /// Picture.
    pub image_url: Option<String>,
    /// Long text.
    pub detailed_description: Option<String>,
    /// Picture of the home club.
    pub owner_image_url: Option<String>,
    /// Second picture of the home club.
    pub owner_image_url2: Option<String>,
    /// No free tickets from owner cards.
    pub owner_cards_not_allowed: bool,
    /// Seating plan.
    pub seating_image_url: Option<String>,
    /// End, wall clock in `timeZone`.
    pub end_of_event: Option<DateTime>,
    /// End in UTC.
    #[dto(name = "EndOfEventUTC")]
    pub end_of_event_utc: Option<DateTime>,
    /// IANA name of the zone.
    pub time_zone: Option<String>,
    /// Start in UTC.
    #[dto(name = "TimeOfEventUTC")]
    pub time_of_event_utc: Option<DateTime>,
}
