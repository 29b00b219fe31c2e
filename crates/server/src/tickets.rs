//! A sale's tickets as texts, from which files and letters are made.

use document::{Admission, Occasion, Order};
use domain::language::Language;
use domain::money::Money;
use domain::offer::Offer;
use domain::sale::Sale;
use domain::scan_code::SealKey;

/// The admissions of a sale that are still good. Its tickets must be live
/// ([`domain::mailing::require_live`]).
pub(crate) fn order_of(sale: &Sale, offer: &Offer, key: &SealKey, language: Language) -> Order {
    Order {
        language,
        occasion: occasion_of(offer),
        number: sale.id.0,
        price: price_text(sale, sale.paid()),
        admission_count: sale.admissions(),
        admissions: admissions(sale, offer, key),
    }
}

/// An amount of a sale's currency.
pub(crate) fn price_text(sale: &Sale, amount: i64) -> String {
    format!("{} {}", Money::new(amount, sale.currency).text(), sale.currency.code())
}

fn occasion_of(offer: &Offer) -> Occasion {
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

fn admissions(sale: &Sale, offer: &Offer, key: &SealKey) -> Vec<Admission> {
    let seal = key.seal(sale);
    let mut all = Vec::new();
    for line in &sale.lines {
        let kind = offer.find(line.ticket_type).map(|(kind, _)| kind.name.clone());
        for index in 0..line.count as usize {
            // A sale has 50 admissions at most (`domain.md` §1.7).
            let number = u8::try_from(all.len() + 1).unwrap_or(u8::MAX);
            all.push(Admission {
                number: u32::from(number),
                ticket_type: kind.clone().unwrap_or_default(),
                holder: line.holders.get(index).and_then(|holder| holder.name.clone()),
                seat: None,
                code: seal.code(number),
            });
        }
    }
    all.retain(|admission| !is_refunded(sale, admission.number));
    all
}

fn is_refunded(sale: &Sale, number: u32) -> bool {
    let mut refunded = sale.refunds.iter().flat_map(|refund| &refund.admissions);
    refunded.any(|admission| u32::from(*admission) == number)
}
