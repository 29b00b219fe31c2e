//! A sale as the published ticket (`domain.md` §3.2–3.5). A pure function of the sale and its
//! offer: "now" is the moment of the sale's last change, so that a repeat of the request gets
//! the same bytes.

use contract::ticket_order::{
    EventTicketWithDetails, ExternalGateAccessCodeInfo, Ticket, TicketDetails, TicketDetailsInfo,
    TicketHolderInfo,
};
use domain::ids::PrincipalId;
use domain::money::Money;
use domain::offer::Offer;
use domain::sale::{Holder, Line, Sale, SaleState};
use domain::scan_code::{Seal, SealKey};
use domain::time::Timestamp;
use service::types::DateTime;

use crate::catalogue::local_date;
use crate::money::decimal;
use crate::operations::event_presentation::{event_details, int, utc};

const SCAN_CODE_TYPE: &str = "QR";

const MICROSECONDS_PER_MINUTE: i64 = 60_000_000;

/// The whole answer about one ticket.
pub(super) fn ticket(sale: &Sale, offer: &Offer, key: &SealKey) -> EventTicketWithDetails {
    let now = sale.changed_at;
    let seal = (sale.state == SaleState::Issued).then(|| key.seal(sale));
    let event = &offer.event;
    let zone = event.time_zone.as_str();
    let minutes = (event.starts_at.0 - now.0).div_euclid(MICROSECONDS_PER_MINUTE);
    EventTicketWithDetails {
        event_ticket: Some(order(sale, offer, seal.as_ref())),
        event_ticket_details: Some(lines(sale, offer, seal.as_ref())),
        event_info: Some(event_details(offer, now, false)),
        event_is_today: local_date(event.starts_at, zone) == local_date(now, zone),
        eventis_live: event.starts_at <= now && now < event.over_at(),
        minutes_to_event: i32::try_from(minutes).unwrap_or(i32::MAX),
    }
}

fn order(sale: &Sale, offer: &Offer, seal: Option<&Seal>) -> Ticket {
    let charge = sale.charge();
    let approval = charge.and_then(|charge| charge.approval.as_ref());
    let several = sale.admissions() > 1;
    Ticket {
        id: int(sale.id.0),
        user_id: sale.buyer.principal.map(|PrincipalId(id)| int(id)),
        event_id: int(sale.event.0),
        time_stamp_ordered: utc(sale.placed_at),
        timestamp_bought: sale.issued_at.map_or(DateTime::MIN, utc),
        time_stamp_last_status_change: Some(utc(sale.changed_at)),
        device_id: sale.buyer.device_id.clone(),
        phone_verification_number: sale.buyer.phone.clone(),
        payment_method_id: Some(if charge.is_some() { "card" } else { "free" }.into()),
        payment_id: charge.map(|charge| charge.key.clone()),
        payment_reference: approval.map(|approval| approval.reference.clone()),
        ticket_status: Some(sale.state.ticket_status().into()),
        last_ticket_status: sale.previous_state.map(|state| state.ticket_status().into()),
        ticket_token_id: Some(sale.token().text()),
        is_free: sale.total == 0,
        total_paid_for_ticket: Some(decimal(Money::new(sale.paid(), sale.currency))),
        scan_code: seal.map(|seal| seal.code(1)),
        scan_code_type: Some(SCAN_CODE_TYPE.into()),
        scan_code_not_active: seal.is_none(),
        multiple_scan_codes: several,
        currency: Some(sale.currency.code().into()),
        ticket_has_expired: expired(offer, sale.changed_at),
        ..Ticket::default()
    }
}

fn expired(offer: &Offer, now: Timestamp) -> bool {
    !offer.event.postponed && now >= offer.event.over_at()
}

fn lines(sale: &Sale, offer: &Offer, seal: Option<&Seal>) -> Vec<TicketDetailsInfo> {
    let mut admission = 0_u8;
    let mut one_line = |line: &Line| {
        let first = admission + 1;
        admission = admission.saturating_add(u8::try_from(line.count).unwrap_or(u8::MAX));
        let codes = seal.map(|seal| (first..=admission).map(|number| access_code(seal, number)));
        let ticket_type = offer.find(line.ticket_type).map(|(ticket_type, _)| ticket_type);
        TicketDetailsInfo {
            details: details(sale, offer, line),
            holder_info_required: ticket_type.is_some_and(|kind| kind.holder_required),
            block_transfer: ticket_type.is_some_and(|kind| kind.transfer_blocked),
            ticket_type_image_url: ticket_type.and_then(|kind| kind.image_url.clone()),
            ticket_holders: Some(line.holders.iter().map(holder).collect()),
            gate_access_codes: Some(codes.map(Iterator::collect).unwrap_or_default()),
        }
    };
    sale.lines.iter().map(&mut one_line).collect()
}

fn access_code(seal: &Seal, number: u8) -> ExternalGateAccessCodeInfo {
    ExternalGateAccessCodeInfo {
        code: Some(seal.code(number)),
        code_type: Some(SCAN_CODE_TYPE.into()),
        ..ExternalGateAccessCodeInfo::default()
    }
}

fn details(sale: &Sale, offer: &Offer, line: &Line) -> TicketDetails {
    let ticket_type = offer.find(line.ticket_type).map(|(ticket_type, _)| ticket_type);
    let id = Some(int(line.ticket_type.0));
    let major = |amount| decimal(Money::new(amount, sale.currency));
    TicketDetails {
        id: int(line.id.0),
        ticket_id: int(sale.id.0),
        event_series_ticket_type: id.filter(|_| line.of_series),
        event_series_owner_ticket_type: id.filter(|_| !line.of_series),
        ticket_price: major(line.unit_price),
        total_price: major(line.total),
        count: int(line.count),
        ticket_color: ticket_type.and_then(|kind| kind.color.clone()),
        ticket_name: ticket_type.map(|kind| kind.name.clone()),
        ticket_display_string: ticket_type.and_then(|kind| kind.display.clone()),
        currency: Some(sale.currency.code().into()),
        ..TicketDetails::default()
    }
}

fn holder(holder: &Holder) -> TicketHolderInfo {
    TicketHolderInfo {
        name: holder.name.clone(),
        full_phone_number: holder.phone.clone(),
        holder_id: holder.holder_id.clone(),
        ..TicketHolderInfo::default()
    }
}
