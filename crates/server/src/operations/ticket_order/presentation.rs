//! A sale as the published ticket (`domain.md` §3.2–3.5). A pure function of the sale, its offer
//! and a moment; for the answer to an order that moment is the sale's last change, so that a
//! repeat of the request gets the same bytes.

mod lines;

use contract::ticket_order::{EventTicketWithDetails, Ticket};
use domain::catalogue::Event;
use domain::ids::{LineId, PrincipalId};
use domain::money::Money;
use domain::offer::Offer;
use domain::payment::Method;
use domain::sale::{Entitlement, Goods, Sale, SaleState};
use domain::scan_code::Seal;
use domain::time::{Span, Timestamp};
use service::types::DateTime;

use crate::app::App;
use crate::catalogue::local_date;
use crate::money::decimal;
use crate::operations::event_presentation::{event_details, int, utc};

const SCAN_CODE_TYPE: &str = "QR";

const MICROSECONDS_PER_MINUTE: i64 = 60_000_000;

/// A sale as somebody may see it at a moment.
#[derive(Clone, Copy)]
pub(in crate::operations) struct View<'a> {
    pub(in crate::operations) app: &'a App,
    pub(in crate::operations) sale: &'a Sale,
    /// Its event; `None` for a team pass, which is about none.
    pub(in crate::operations) offer: Option<&'a Offer>,
    pub(in crate::operations) now: Timestamp,
    /// What stands for the buyer's phone: the token to the device that sent it, to a box office
    /// the number.
    pub(in crate::operations) phone: Option<&'a str>,
    /// The handle of the seats' hold, to whoever sent it.
    pub(in crate::operations) reservation: Option<&'a str>,
}

impl<'a> View<'a> {
    /// The sale as it was when it last changed.
    pub(in crate::operations) fn of(
        app: &'a App,
        sale: &'a Sale,
        offer: Option<&'a Offer>,
    ) -> View<'a> {
        View { app, sale, offer, now: sale.changed_at, phone: None, reservation: None }
    }

    /// The whole answer about it.
    pub(in crate::operations) fn ticket(&self) -> EventTicketWithDetails {
        let seal = self.shows_codes().then(|| self.app.seal_key.seal(self.sale));
        let event = self.offer.map(|offer| &*offer.event);
        EventTicketWithDetails {
            event_ticket: Some(self.order(seal.as_ref())),
            event_ticket_details: Some(self.lines(seal.as_ref())),
            event_info: self.offer.map(|offer| event_details(offer, self.now, false)),
            event_is_today: event.is_some_and(|event| is_today(event, self.now)),
            eventis_live: event
                .is_some_and(|event| event.starts_at <= self.now && self.now < event.over_at()),
            minutes_to_event: event.map_or(0, |event| minutes_to(event, self.now)),
        }
    }

    /// Codes are shown while the ticket is live, from when the gates open if the event says when.
    fn shows_codes(&self) -> bool {
        let opens_at = self.offer.and_then(|offer| gates_open_at(&offer.event));
        self.sale.state == SaleState::Issued
            && self.offer.is_some()
            && opens_at.is_none_or(|opens_at| opens_at <= self.now)
    }

    fn order(&self, seal: Option<&Seal>) -> Ticket {
        let sale = self.sale;
        let charge = sale.charge();
        let approval = charge.and_then(|charge| charge.approval.as_ref());
        let seller = sale.buyer.principal.filter(|_| !sale.buyer.by_app);
        let seller = seller.map(|PrincipalId(id)| int(id));
        let first_good = (1..=u8::MAX).find(|number| sale.is_good(u16::from(*number)));
        let ticket = Ticket {
            id: int(sale.id.0),
            user_id: seller,
            user_auth_id: seller,
            event_id: int(sale.event.0),
            time_stamp_ordered: utc(sale.placed_at),
            timestamp_bought: sale.issued_at.map_or(DateTime::MIN, utc),
            payment_method_id: method(sale).map(|method| method.name().to_owned()),
            payment_id: charge.map(|charge| charge.key.clone()),
            payment_reference: approval.map(|approval| approval.reference.clone()),
            payment_phone_number: sale.payer_phone.clone(),
            ticket_token_id: Some(sale.token().text()),
            is_free: sale.total == 0,
            total_paid_for_ticket: Some(self.paid()),
            scan_code: seal.zip(first_good).map(|(seal, number)| seal.code(number)),
            scan_code_type: Some(SCAN_CODE_TYPE.into()),
            scan_code_not_active: seal.is_none(),
            multiple_scan_codes: sale.admissions() > 1,
            currency: Some(sale.currency.code().into()),
            ticket_has_expired: self.has_expired(),
            ticket_transferred_from: sale.origin.map(|origin| int(origin.from.id.0)),
            seats_reservation_id: self.reservation.map(str::to_owned),
            ..Ticket::default()
        };
        self.with_rights(self.with_buyer(self.with_status(ticket)))
    }

    fn with_status(&self, ticket: Ticket) -> Ticket {
        let sale = self.sale;
        let entered_at = sale.scans.iter().map(|scan| scan.at).min();
        let entered_at = entered_at.filter(|_| sale.state == SaleState::Issued);
        // A ticket becomes Activated by its first use, which changes no state of the sale.
        let before = entered_at.map_or(sale.previous_state, |_| Some(sale.state));
        Ticket {
            timestamp_activated: entered_at.map_or(DateTime::MIN, utc),
            ticket_status: Some(sale.ticket_status().into()),
            last_ticket_status: before.map(|state| state.ticket_status().into()),
            time_stamp_last_status_change: Some(utc(entered_at.unwrap_or(sale.changed_at))),
            ..ticket
        }
    }

    fn with_buyer(&self, ticket: Ticket) -> Ticket {
        let buyer = &self.sale.buyer;
        Ticket {
            device_id: buyer.device_id.clone(),
            phone_verification_id: buyer.phone_id.map(|id| int(id.0)),
            phone_verification_number: self.phone.map(str::to_owned),
            original_phone_verification_number: buyer.original_phone.clone(),
            ..ticket
        }
    }

    /// What was used instead of money. Where there were several rights, the one that is named
    /// last in `domain.md` §3.2 is the one for the whole order.
    fn with_rights(&self, mut ticket: Ticket) -> Ticket {
        if let Goods::Pass { pass, .. } = &self.sale.goods {
            ticket.team_pass_id = pass.map(|pass| int(pass.0));
        }
        for entitlement in &self.sale.entitlements {
            let (origin, from) = match entitlement {
                Entitlement::Pass { pass, .. } => {
                    ticket.team_pass_id = Some(int(pass.0));
                    ("teamPass", Some(pass.0.to_string()))
                }
                Entitlement::FreeTickets { card, card_type, .. }
                | Entitlement::StoreCredit { card, card_type, .. } => {
                    ticket.free_ticket_card_id = Some(int(card.id.0));
                    ticket.free_ticket_card_type_id = Some(card_type.0.to_string());
                    let is_credit = matches!(entitlement, Entitlement::StoreCredit { .. });
                    let origin = if is_credit { "storeCredit" } else { "ownerCard" };
                    (origin, Some(card.id.0.to_string()))
                }
                Entitlement::FederationCard { card_type, .. } => {
                    ("ksiCard", Some(card_type.clone()))
                }
                Entitlement::SpecialTicket { line, .. } if !self.is_free(*line) => continue,
                Entitlement::GiveAway { campaign }
                | Entitlement::SpecialTicket { campaign, .. } => ("giveAway", campaign.clone()),
            };
            ticket.free_ticket_from_type_id = Some(origin.to_owned());
            ticket.free_ticket_from_id = from;
        }
        ticket
    }

    /// A code may leave something to pay.
    fn is_free(&self, line: LineId) -> bool {
        self.sale.lines.iter().any(|own| own.id == line && own.total == 0)
    }

    /// Money that it holds, and store credit that it was paid with; credit of an order that came
    /// to nothing is back on its card.
    fn paid(&self) -> service::types::Decimal {
        let sale = self.sale;
        let failed = matches!(sale.state, SaleState::PaymentFailed | SaleState::Expired);
        let credit = if failed { 0 } else { sale.credit_used() };
        decimal(Money::new(sale.paid() + credit, sale.currency))
    }

    fn has_expired(&self) -> bool {
        let event = self.offer.map(|offer| &offer.event);
        let over = event.is_some_and(|event| !event.postponed && self.now >= event.over_at());
        over && self.sale.scans.is_empty()
    }
}

/// Orders of the first version did not say how they were paid, and knew cards only.
fn method(sale: &Sale) -> Option<Method> {
    let known = if sale.charge().is_some() { Method::Card } else { Method::Free };
    sale.method.or(Some(known))
}

/// When the gates open, and codes are shown; `None` when that does not matter.
fn gates_open_at(event: &Event) -> Option<Timestamp> {
    let minutes = event.rules.gates_open_minutes?;
    Some(event.starts_at.before(Span::minutes(minutes)))
}

fn is_today(event: &Event, now: Timestamp) -> bool {
    let zone = event.time_zone.as_str();
    local_date(event.starts_at, zone) == local_date(now, zone)
}

fn minutes_to(event: &Event, now: Timestamp) -> i32 {
    let minutes = (event.starts_at.0 - now.0).div_euclid(MICROSECONDS_PER_MINUTE);
    i32::try_from(minutes).unwrap_or(if minutes < 0 { i32::MIN } else { i32::MAX })
}
