//! The lines of a ticket, with the persons, seats and codes of their admissions
//! (`domain.md` §3.3, §3.4).

use contract::ticket_order::{
    ExternalGateAccessCodeInfo, TicketDetails, TicketDetailsInfo, TicketHolderInfo,
};
use domain::money::Money;
use domain::sale::{Entitlement, Line};
use domain::scan_code::Seal;

use super::{SCAN_CODE_TYPE, View, gates_open_at};
use crate::money::decimal;
use crate::operations::event_presentation::{int, utc};

impl View<'_> {
    pub(super) fn lines(&self, seal: Option<&Seal>) -> Vec<TicketDetailsInfo> {
        let mut first = 1;
        let one_line = |line: &Line| {
            let admissions = first..first + line.count;
            first = admissions.end;
            self.line(line, admissions, seal)
        };
        self.sale.lines.iter().map(one_line).collect()
    }

    /// A line and its admissions, which are numbered through the whole order from 1.
    fn line(
        &self,
        line: &Line,
        admissions: std::ops::Range<u32>,
        seal: Option<&Seal>,
    ) -> TicketDetailsInfo {
        let kind = self.offer.and_then(|offer| offer.find(line.ticket_type));
        let kind = kind.map(|(kind, _)| kind);
        let codes = admissions.clone().filter_map(|number| self.access_code(number, seal?));
        TicketDetailsInfo {
            details: self.details(line),
            holder_info_required: kind.is_some_and(|kind| kind.holder_required),
            block_transfer: kind.is_some_and(|kind| kind.transfer_blocked),
            ticket_type_image_url: kind.and_then(|kind| kind.image_url.clone()),
            gate_access_codes: Some(codes.collect()),
            ticket_holders: Some(self.holders(line, admissions)),
        }
    }

    fn details(&self, line: &Line) -> TicketDetails {
        let kind = self.offer.and_then(|offer| offer.find(line.ticket_type));
        let kind = kind.map(|(kind, _)| kind);
        let id = Some(int(line.ticket_type.0));
        let major = |amount| decimal(Money::new(amount, self.sale.currency));
        TicketDetails {
            id: int(line.id.0),
            ticket_id: int(self.sale.id.0),
            event_series_ticket_type: id.filter(|_| line.of_series),
            event_series_owner_ticket_type: id.filter(|_| !line.of_series),
            ticket_price: major(line.unit_price),
            total_price: major(line.total),
            count: int(line.count),
            ticket_color: kind.and_then(|kind| kind.color.clone()),
            ticket_name: kind.map(|kind| kind.name.clone()),
            ticket_display_string: kind.and_then(|kind| kind.display.clone()),
            show_used_tickets: kind.is_some_and(|kind| kind.shown_when_used),
            ticket_details_transferred_from: line.transferred_from.map(|id| int(id.0)),
            team_pass_id: self.pass_of(line),
            is_special_ticket: self.is_special(line),
            currency: Some(self.sale.currency.code().into()),
            ..TicketDetails::default()
        }
    }

    fn pass_of(&self, line: &Line) -> Option<i32> {
        self.sale.entitlements.iter().find_map(|entitlement| match entitlement {
            Entitlement::Pass { pass, line: used } if *used == line.id => Some(int(pass.0)),
            _ => None,
        })
    }

    /// The code itself is not told again: only its hash is kept.
    fn is_special(&self, line: &Line) -> bool {
        let is_it = |entitlement: &Entitlement| match entitlement {
            Entitlement::SpecialTicket { line: used, .. } => *used == line.id,
            _ => false,
        };
        self.sale.entitlements.iter().any(is_it)
    }

    /// One entry an admission where anything is known of it, at least those that were sent.
    fn holders(&self, line: &Line, admissions: std::ops::Range<u32>) -> Vec<TicketHolderInfo> {
        let entry = |(index, number): (usize, u32)| {
            let seat = self.sale.seats.get(number as usize - 1);
            let holder = line.holders.get(index).cloned();
            if holder.is_none() && seat.is_none() {
                return None;
            }
            let holder = holder.unwrap_or_default();
            Some(TicketHolderInfo {
                name: holder.name,
                full_phone_number: holder.phone,
                holder_id: holder.holder_id,
                seat_id: seat.map(|seat| int(seat.seat)),
                seat_display_string: seat
                    .and_then(|seat| self.offer.and_then(|offer| offer.seat_display(seat.seat))),
            })
        };
        (0..).zip(admissions).filter_map(entry).collect()
    }

    /// The code of one admission, unless that was paid back.
    fn access_code(&self, number: u32, seal: &Seal) -> Option<ExternalGateAccessCodeInfo> {
        let is_good = u16::try_from(number).is_ok_and(|number| self.sale.is_good(number));
        let number = u8::try_from(number).ok().filter(|_| is_good)?;
        let event = self.offer.map(|offer| &offer.event);
        let token = self.sale.token().text();
        Some(ExternalGateAccessCodeInfo {
            code: Some(seal.code(number)),
            code_type: Some(SCAN_CODE_TYPE.into()),
            code_url: Some(format!("/ticketOrder/{token}/{number}/ticket.svg")),
            valid_from: event.and_then(|event| gates_open_at(event)).map(utc),
            valid_to: event.filter(|event| !event.postponed).map(|event| utc(event.over_at())),
        })
    }
}
