//! The published contracts and their siblings, as declarations: types, routes, access. No code here
//! has a body that decides anything.
//!
//! `domain.md` and `payments.md`, which comments cite, describe the meaning of every member.

pub mod agents;
pub mod authentication;
pub mod back_office;
pub mod borgun_event;
pub mod clubs;
pub mod contract_sold;
pub mod customer_payments;
pub mod event_details_and_prices;
pub mod event_seating;
pub mod events_listing;
pub mod gate;
pub mod ledger;
pub mod owner_card_type;
pub mod owner_cards;
pub mod owner_cards_order_status;
pub mod payment_cards;
pub mod payouts;
pub mod phone_payment_callback;
pub mod phone_verification;
pub mod refund;
pub mod sandbox_challenge;
pub mod shared;
pub mod stripe_webhook;
pub mod tasks;
pub mod team_pass_type;
pub mod team_pass_types_search;
pub mod team_passes;
pub mod three_d_secure_finish;
pub mod three_d_secure_return;
pub mod three_d_secure_start;
pub mod ticket_order;
pub mod ticket_order_document;
pub mod ticket_order_find;
pub mod ticket_order_mail;
pub mod ticket_order_review;
pub mod ticket_order_status;
pub mod ticket_transfer;

use service::host::{Conventions, Host};
use service::operation::Operation;
use wire::NameStyle;

/// What the host `tickets` does.
static TICKETS: &[&Operation] = &[
    &owner_cards::ORDER_OWNER_CARDS,
    &owner_cards_order_status::OWNER_CARDS_ORDER_STATUS,
    &owner_cards::list::OWNER_CARDS,
    &owner_cards::change::UPDATE_OWNER_CARD,
    &owner_cards::search::SEARCH_OWNER_CARDS,
    &owner_cards::give_away::GIVE_AWAY_CARDS,
    &owner_cards::refund::REFUND_OWNER_CARD,
    &owner_card_type::GET_OWNER_CARD_TYPE,
    &owner_card_type::OWNER_CARD_TYPES,
    &ticket_order::TICKET_ORDER,
    &ticket_transfer::TRANSFER_TICKET_TO_EVENT,
    &ticket_transfer::quote::TRANSFER_TICKET_QUOTE,
    &ticket_transfer::topup_session::TOPUP_SESSION,
    &ticket_transfer::start_topup_3d_secure::START_TOPUP_3D_SECURE,
    &ticket_transfer::pay_topup::PAY_TOPUP_WITH_3D_SECURE,
    &ticket_transfer::mark_topup_paid::MARK_TOPUP_PAID,
    &ticket_transfer::page::TOPUP_PAGE,
    &ticket_transfer::page::TOPUP_PAGE_RETURN,
    &ticket_transfer::page::TOPUP_PAGE_SCRIPT,
    &ticket_transfer::log::TRANSFER_LOG,
    &ticket_transfer::log::CANCEL_TRANSFER,
    &ticket_transfer::log::RETRY_TRANSFER_REFUND,
    &ticket_transfer::to_phone::TRANSFER_TICKET,
    &ticket_order_status::TICKET_ORDER_STATUS,
    &ticket_order_find::TICKET_ORDER_FIND,
    &team_pass_type::GET_TEAM_PASS_TYPE,
    &team_pass_types_search::SEARCH_TEAM_PASS_TYPES,
    &team_passes::TEAM_PASSES,
    &ticket_order_review::TICKET_ORDER_REVIEW,
    &ticket_order_document::TICKET_ORDER_DOCUMENT,
    &ticket_order_mail::TICKET_ORDER_MAIL,
    &phone_verification::request::PHONE_VERIFICATION_REQUEST,
    &phone_verification::confirm::PHONE_VERIFICATION_CONFIRM,
    &phone_verification::revoke::PHONE_VERIFICATION_REVOKE,
    &phone_verification::outbox::SMS_OUTBOX,
    &payment_cards::list::PAYMENT_CARDS,
    &payment_cards::card_tokens::CARD_TOKENS,
    &payment_cards::save_card::SAVE_CARD,
    &payment_cards::remove::PAYMENT_CARDS_DELETE,
    &three_d_secure_start::THREE_D_SECURE_START,
    &three_d_secure_finish::THREE_D_SECURE_FINISH,
    &three_d_secure_return::THREE_D_SECURE_RETURN,
    &sandbox_challenge::SANDBOX_CHALLENGE,
    &phone_payment_callback::PHONE_PAYMENT_CALLBACK,
    &borgun_event::BORGUN_EVENT,
    &stripe_webhook::STRIPE_WEBHOOK,
    &event_details_and_prices::EVENT_DETAILS_AND_PRICES,
    &events_listing::EVENTS_LISTING,
    &event_seating::map::EVENT_SEATING,
    &event_seating::find_and_reserve::EVENT_SEATING_FIND_AND_RESERVE,
    &event_seating::reserve_seats::EVENT_SEATING_RESERVE_SEATS,
    &event_seating::release_seats::EVENT_SEATING_RELEASE_SEATS,
    &event_seating::block_seats::EVENT_SEATING_BLOCK_SEATS,
    &refund::process::REFUND_PROCESS,
    &refund::retry::REFUND_RETRY,
    &refund::jobs::REFUND_JOBS,
    &refund::stop_job::REFUND_JOBS_STOP,
    &refund::cancel_event::EVENTS_CANCEL,
    &refund::cancel_ticket::TICKET_ORDER_CANCEL,
    &payouts::create::PAYOUTS_CREATE,
    &payouts::list::PAYOUTS_LIST,
    &payouts::owed::PAYOUTS_OWED,
    &payouts::correct::PAYOUTS_CORRECT,
    &ledger::balances::LEDGER_BALANCES,
    &ledger::entries::LEDGER_ENTRIES,
    &ledger::attempts::LEDGER_ATTEMPTS,
    &ledger::unsettled::LEDGER_UNSETTLED,
    &ledger::settlements::list::LEDGER_SETTLEMENTS,
    &ledger::settlements::import::LEDGER_SETTLEMENTS_IMPORT,
    &ledger::settlements::accept::LEDGER_SETTLEMENTS_ACCEPT,
    &tasks::list::TASKS_LIST,
    &tasks::done::TASKS_DONE,
    &gate::scan::GATE_SCAN,
    &gate::undo::GATE_UNDO,
    &gate::counts::GATE_COUNTS,
    &gate::bundle::GATE_BUNDLE,
    &gate::upload::GATE_UPLOAD,
    &back_office::owners::LIST_EVENT_OWNERS,
    &back_office::owners::SAVE_EVENT_OWNER,
    &back_office::series::LIST_EVENT_SERIES,
    &back_office::series::SAVE_EVENT_SERIES,
    &back_office::locations::LIST_EVENT_LOCATIONS,
    &back_office::locations::SAVE_EVENT_LOCATION,
    &back_office::ticket_types::LIST_TICKET_TYPES,
    &back_office::ticket_types::SAVE_TICKET_TYPE,
    &back_office::events::LIST_OFFICE_EVENTS,
    &back_office::events::SAVE_EVENT,
    &back_office::event_prices::SAVE_EVENT_PRICE,
    &back_office::card_types::LIST_OWNER_CARD_TYPES,
    &back_office::card_types::SAVE_OWNER_CARD_TYPE,
    &back_office::pass_types::LIST_TEAM_PASS_TYPES,
    &back_office::pass_types::SAVE_TEAM_PASS_TYPE,
    &back_office::special_tickets::CREATE_SPECIAL_TICKETS,
    &back_office::special_tickets::LIST_SPECIAL_TICKETS,
    &back_office::create_user::CREATE_USER,
    &back_office::audit::LIST_AUDIT,
];

/// What the host `clubs` does.
static CLUBS: &[&Operation] = &[
    &contract_sold::CONTRACT_SOLD,
    &clubs::new_user_sold::CONTRACT_SOLD_NEW_USER,
    &clubs::agreements::ADD_AGREEMENT,
    &clubs::agreements::SELL_AGREEMENT,
    &clubs::plan::CALCULATE_INSTALLMENT_PLAN,
    &clubs::packages::LIST_PACKAGES,
    &clubs::contract_refund::REFUND_CONTRACT,
    &clubs::contracts::FIND_CONTRACTS,
    &clubs::life::freeze::FREEZE_CONTRACT,
    &clubs::life::unfreeze::UNFREEZE_CONTRACT,
    &clubs::life::cancel::CANCEL_CONTRACT,
    &clubs::life::pay::PAY_INSTALLMENT,
    &clubs::life::write_off::WRITE_OFF_INSTALLMENT,
    &clubs::stores::LIST_STORES,
    &clubs::members::FIND_MEMBERS,
    &clubs::members::SAVE_MEMBER,
    &clubs::staff::LIST_STAFF,
    &clubs::staff::SAVE_STAFF,
    &clubs::profiles::vault::VAULT_PAYMENT_PROFILE,
    &clubs::profiles::import::IMPORT_PAYMENT_PROFILE,
    &clubs::profiles::add::ADD_MEMBER_PAYMENT_PROFILE,
    &clubs::profiles::list::MEMBER_PAYMENT_PROFILES,
    &clubs::profiles::balance::PAYMENT_PROFILE_BALANCE,
    &clubs::profiles::prefer::PREFER_PAYMENT_PROFILE,
    &clubs::profiles::remove::REMOVE_PAYMENT_PROFILE,
];

/// The three hosts with their operations. `agents_title` and `clubs_title` are the operator's own
/// names for those services; the first one's title is published.
pub fn hosts(agents_title: &str, clubs_title: &str) -> Vec<Host> {
    vec![
        Host {
            title: "TicketUserServices".to_owned(),
            base_path: "/tickets",
            names: NameStyle::Camel,
            properties_optional: true,
            conventions: Conventions::default(),
            operations: with_authentication(TICKETS),
        },
        Host {
            title: agents_title.to_owned(),
            base_path: "/agents",
            names: NameStyle::Pascal,
            properties_optional: false,
            conventions: Conventions::default(),
            operations: with_authentication(&agents()),
        },
        Host {
            title: clubs_title.to_owned(),
            base_path: "/clubs",
            names: NameStyle::Pascal,
            properties_optional: false,
            conventions: Conventions::default(),
            operations: with_authentication(CLUBS),
        },
    ]
}

/// What the host `agents` does.
fn agents() -> Vec<&'static Operation> {
    let published = [&customer_payments::CUSTOMER_PAYMENTS];
    published.into_iter().chain(agents::OPERATIONS.iter().copied()).collect()
}

/// A host's own operations and those by which its callers sign in.
fn with_authentication(own: &[&'static Operation]) -> Vec<&'static Operation> {
    own.iter().copied().chain(authentication::OPERATIONS).collect()
}
