//! What may be seen of a saved card.

use contract::payment_cards::PaymentCardInfo;
use domain::phone::{CardMonth, PaymentCard};
use domain::time::Timestamp;
use gateway::secret::YearMonth;

use crate::operations::event_presentation::{int, utc};

/// A card as its owner sees it.
pub(super) fn info(card: &PaymentCard, now: Timestamp) -> PaymentCardInfo {
    let YearMonth { year, month } = YearMonth::of(now);
    let this_month = CardMonth { year, month };
    PaymentCardInfo {
        id: int(card.id.0),
        card_mask: Some(card.mask.clone()),
        brand: brand(&card.mask).map(str::to_owned),
        exp_year: card.last_month.map(|last| last.year.into()),
        exp_month: card.last_month.map(|last| last.month.into()),
        has_expired: card.last_month.is_some_and(|last| last < this_month),
        time_stamp_created_utc: utc(card.saved_at),
    }
}

/// Whose card it is, by its first digits (ISO/IEC 7812).
fn brand(mask: &str) -> Option<&'static str> {
    let first = |length: usize| mask.get(..length).and_then(|digits| digits.parse::<u32>().ok());
    match (first(1)?, first(2)?, first(4)?) {
        (4, ..) => Some("Visa"),
        (_, 51..=55, _) | (.., 2_221..=2_720) => Some("Mastercard"),
        (_, 34 | 37, _) => Some("Amex"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::brand;

    /// Proves that each brand is known by its first digits, and that a mask without them has none.
    #[test]
    fn brands_are_known() {
        for (mask, expected) in [
            ("424242******4242", Some("Visa")),
            ("510510******5100", Some("Mastercard")),
            ("222100******0009", Some("Mastercard")),
            ("272099******0009", Some("Mastercard")),
            ("272100******0009", None),
            ("378282******0005", Some("Amex")),
            ("******0009", None),
            ("", None),
        ] {
            assert_eq!(brand(mask), expected, "{mask}");
        }
    }
}
