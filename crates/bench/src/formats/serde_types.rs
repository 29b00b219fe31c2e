//! The ticket order of the contract as `serde` types of the same strength: decimals, parsed
//! dates, optional members. Members and their order are the contract's; a base class is written
//! out, because `flatten` would slow `serde` down.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Twin of the contract's type of this name.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TicketOrder {
    #[serde(skip_serializing_if = "Option::is_none")]
    team_pass: Option<TeamPassType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<Ticket>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_details: Option<Vec<TicketDetails>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket_holders: Option<TicketHoldersList>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seat_reservation_token_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    card_info: Option<PaymentRequestCreditCard>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_phone_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_card_id: Option<i32>,
    #[serde(rename = "requestUnixUTCTimeStamp", skip_serializing_if = "Option::is_none")]
    request_unix_utc_time_stamp: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signature: Option<RequestSignature>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_verification_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_id: Option<String>,
    dont_return_tickets: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    app_meta_data: Option<String>,
}

/// Twin of the contract's type of this name.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TeamPassType {
    id: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    price: Decimal,
    series_id: i32,
    owner_id: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    series_ticket_type: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    series_owner_ticket_type: Option<i32>,
    is_active: bool,
    only_for_team_use: bool,
    timestamp_created: Timestamp,
    timestamp_last_changed: Timestamp,
}

/// Twin of the contract's type of this name.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Ticket {
    id: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_auth_id: Option<i32>,
    event_id: i32,
    timestamp_bought: Timestamp,
    timestamp_activated: Timestamp,
    time_stamp_ordered: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_verification_id: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_method_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket_status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_verification_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket_token_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_phone_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket_transferred_from: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    original_phone_verification_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    team_pass_id: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_id: Option<String>,
    is_free: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    free_ticket_from_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    free_ticket_from_type_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    free_ticket_card_type_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    free_ticket_card_id: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_paid_for_ticket: Option<Decimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seats_reservation_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time_stamp_last_status_change: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_ticket_status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scan_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scan_code_type: Option<String>,
    scan_code_not_active: bool,
    multiple_scan_codes: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
    ticket_has_expired: bool,
}

/// Twin of the contract's type of this name.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TicketDetails {
    id: i32,
    ticket_id: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_series_ticket_type: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_series_owner_ticket_type: Option<i32>,
    ticket_price: Decimal,
    total_price: Decimal,
    count: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket_color: Option<String>,
    show_used_tickets: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket_display_string: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket_details_transferred_from: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    team_pass_id: Option<i32>,
    is_special_ticket: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    special_ticket_id: Option<String>,
    #[serde(rename = "justChangedBySQL")]
    just_changed_by_sql: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    sql_just_changed_time_stamp: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
}

/// Twin of the contract's type of this name.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TicketHoldersList {
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket_holders: Option<Vec<TicketHolderInfo>>,
    holder_info_required: bool,
}

/// Twin of the contract's type of this name.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TicketHolderInfo {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    full_phone_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    holder_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seat_id: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seat_display_string: Option<String>,
}

/// Twin of the contract's type of this name.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TicketOrderResult {
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket_and_details: Option<EventTicketWithDetails>,
    status_code: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

/// Twin of the contract's type of this name.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EventTicketWithDetails {
    #[serde(skip_serializing_if = "Option::is_none")]
    event_ticket: Option<Ticket>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_ticket_details: Option<Vec<TicketDetailsInfo>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_info: Option<EventDetails>,
    event_is_today: bool,
    eventis_live: bool,
    minutes_to_event: i32,
}

/// Twin of the contract's type of this name.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TicketDetailsInfo {
    holder_info_required: bool,
    block_transfer: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket_type_image_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket_holders: Option<Vec<TicketHolderInfo>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gate_access_codes: Option<Vec<ExternalGateAccessCodeInfo>>,
    id: i32,
    ticket_id: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_series_ticket_type: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_series_owner_ticket_type: Option<i32>,
    ticket_price: Decimal,
    total_price: Decimal,
    count: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket_color: Option<String>,
    show_used_tickets: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket_display_string: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket_details_transferred_from: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    team_pass_id: Option<i32>,
    is_special_ticket: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    special_ticket_id: Option<String>,
    #[serde(rename = "justChangedBySQL")]
    just_changed_by_sql: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    sql_just_changed_time_stamp: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
}

/// Twin of the contract's type of this name.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ExternalGateAccessCodeInfo {
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_from: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_to: Option<Timestamp>,
}

/// Twin of the contract's type of this name.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EventDetails {
    id: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_reference: Option<String>,
    time_of_event: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_location_id: Option<i32>,
    event_series_id: i32,
    event_owner_id: i32,
    event_active: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_owner_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_owner_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    team_away_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    team_away_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_series_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_location_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    latitude: Option<Decimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    longitude: Option<Decimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_values: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_reference_type: Option<String>,
    event_series_active: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_ksi_card: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    series_id: Option<String>,
    series_show_by_default: bool,
    postponed_no_date: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    away_team_external_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sport_gender_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id_type: Option<String>,
    series_event_sale_suspended: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    series_sale_suspension_event_start_date: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    series_sale_suspension_event_end_date: Option<Timestamp>,
    sale_is_active: bool,
    hide_event: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_url2: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    direct_access_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detailed_description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner_image_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner_image_url2: Option<String>,
    owner_cards_not_allowed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    seating_image_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_of_event: Option<Timestamp>,
    #[serde(rename = "endOfEventUTC", skip_serializing_if = "Option::is_none")]
    end_of_event_utc: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time_zone: Option<String>,
    #[serde(rename = "timeOfEventUTC", skip_serializing_if = "Option::is_none")]
    time_of_event_utc: Option<Timestamp>,
}

/// Twin of the contract's type of this name.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PaymentRequestCreditCard {
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_method: Option<PaymentMethodCreditCardInfo>,
    amount: Decimal,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trans_action_date: Option<Timestamp>,
    save_card_to_token: bool,
}

/// Twin of the contract's type of this name.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PaymentMethodCreditCardInfo {
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pan: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp_year: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp_month: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cvc: Option<String>,
}

/// Twin of the contract's type of this name.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RequestSignature {
    #[serde(skip_serializing_if = "Option::is_none")]
    system_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    system_secret: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signature: Option<String>,
}
