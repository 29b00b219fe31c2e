//! A sale's tickets as texts, from which files and letters are made.

use std::sync::Arc;

use document::{Admission, Occasion, Order, Seat};
use domain::language::Language;
use domain::money::Money;
use domain::offer::Offer;
use domain::sale::{Holder, Sale};
use domain::scan_code::SealKey;
use domain::seating::{SeatMap, SeatPlace};
use gateway::masking::mask_card_numbers;
use store::{Fault, Store};

use crate::catalogue::Catalogue;

/// Reads what tickets say.
#[derive(Clone)]
pub(crate) struct Tickets {
    pub(crate) store: Store,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) seal_key: Arc<SealKey>,
}

impl Tickets {
    /// The order of a sale, with the admissions that are still good; `None` when its event is not
    /// in the catalogue.
    pub(crate) async fn of(&self, sale: &Sale, language: Language) -> Result<Option<Order>, Fault> {
        let Some(offer) = self.catalogue.offer(sale.event).await? else { return Ok(None) };
        let map = self.seat_map(sale, &offer).await?;
        Ok(Some(Order {
            language,
            occasion: occasion_of(&offer),
            number: sale.id.0,
            price: price_text(sale, sale.paid()),
            admission_count: sale.admissions(),
            admissions: self.admissions(sale, &offer, map.as_deref()),
        }))
    }

    async fn seat_map(&self, sale: &Sale, offer: &Offer) -> Result<Option<Arc<SeatMap>>, Fault> {
        match &offer.venue {
            Some(venue) if !sale.seats.is_empty() => {
                self.store.read::<SeatMap>(SeatMap::key_of(venue.id)).await
            }
            _ => Ok(None),
        }
    }

    fn admissions(&self, sale: &Sale, offer: &Offer, map: Option<&SeatMap>) -> Vec<Admission> {
        let seal = self.seal_key.seal(sale);
        let mut all = Vec::new();
        for line in &sale.lines {
            let kind = offer.find(line.ticket_type).map(|(kind, _)| kind.name.clone());
            for index in 0..line.count as usize {
                // A sale has 50 admissions at most (`domain.md` §1.7).
                let number = u8::try_from(all.len() + 1).unwrap_or(u8::MAX);
                let seat = sale.seats.get(all.len());
                all.push(Admission {
                    number: u32::from(number),
                    ticket_type: kind.clone().unwrap_or_default(),
                    holder: line.holders.get(index).and_then(holder_name),
                    seat: seat.zip(map).and_then(|(address, map)| seat_of(map, address.seat)),
                    code: seal.code(number),
                });
            }
        }
        all.retain(|admission| u16::try_from(admission.number).is_ok_and(|it| sale.is_good(it)));
        all
    }
}

/// People paste into the wrong field; a ticket is shown to others.
fn holder_name(holder: &Holder) -> Option<String> {
    holder.name.as_deref().map(|name| mask_card_numbers(name).into_owned())
}

fn seat_of(map: &SeatMap, seat: u32) -> Option<Seat> {
    let place = SeatPlace::of(seat);
    let section = map.section(place.section)?;
    let row = section.rows.iter().find(|row| row.number == place.row)?;
    let number = row.seat_name(place.index)?;
    Some(Seat { section: section.name.clone(), row: row.name.clone(), number })
}

/// An amount of a sale's currency.
pub(crate) fn price_text(sale: &Sale, amount: i64) -> String {
    format!("{} {}", Money::new(amount, sale.currency).text(), sale.currency.code())
}

/// An event as tickets and letters tell of it.
pub(crate) fn occasion_of(offer: &Offer) -> Occasion {
    let event = &offer.event;
    Occasion {
        organiser: offer.organiser.name.clone(),
        name: event.name.clone(),
        venue: offer.venue.as_ref().map(|venue| venue.name.clone()),
        starts_at: event.starts_at,
        ends_at: event.ends_at,
        time_zone: event.time_zone.clone(),
    }
}
