//! The name by which the gateway knows a payment of ours: twelve characters `A`–`Z` and `0`–`9`,
//! never the same twice (`payments.md` §1.3).
//!
//! It is made from our key alone, so that whoever has the key can find the payment in the
//! gateway's lists. The first half writes the number of the sale, which no other sale of this
//! installation has; the second half is a hash of the key, which tells the attempts of a sale
//! apart, and the sales of two installations that share a merchant.

use domain::enrolment::ORDER_ID_LENGTH;
use domain::ids::SaleId;
use domain::sale::sale_of_key;
use sha2::{Digest as _, Sha256};

/// How many characters write the number; published numbers are below 36^6.
const NUMBER_LENGTH: usize = 6;

const DIGITS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// What the gateway calls the payment of this key.
#[must_use]
pub fn order_id(key: &str) -> String {
    let hash = Sha256::digest(key);
    let half = |from: usize| u64::from_be_bytes(std::array::from_fn(|index| hash[from + index]));
    let number = sale_of_key(key).map_or(half(0), |(_, sale)| u64::from(sale.0));
    let halves = [(number, NUMBER_LENGTH), (half(8), ORDER_ID_LENGTH - NUMBER_LENGTH)];
    halves.into_iter().flat_map(|(value, length)| digits(value, length)).collect()
}

/// The sale that an order id leads to. It may be another installation's: the sale must be asked
/// whether one of its keys has this order id. `None` for a text that is no order id.
#[must_use]
pub fn sale_of_order_id(text: &str) -> Option<SaleId> {
    let value = |byte: u8| DIGITS.iter().position(|digit| *digit == byte);
    let values: Option<Vec<usize>> = text.bytes().map(value).collect();
    let values = values.filter(|values| values.len() == ORDER_ID_LENGTH)?;
    let number = values[..NUMBER_LENGTH].iter().fold(0, |sum, value| sum * 36 + value);
    u32::try_from(number).ok().map(SaleId)
}

/// The lowest `length` digits of `value`, the highest of them first.
fn digits(value: u64, length: usize) -> impl Iterator<Item = char> {
    let powers = (0..length).rev().map(|place| 36_u64.pow(u32::try_from(place).unwrap_or(0)));
    powers.map(move |power| char::from(DIGITS[(value / power % 36) as usize]))
}

#[cfg(test)]
mod tests {
    use super::{order_id, sale_of_order_id};
    use domain::ids::SaleId;

    /// Proves the form of order ids, that they lead back to their sale, and that no two keys of a
    /// sale have the same.
    #[test]
    fn an_order_id_is_made_from_the_key() {
        let keys = [
            ("att_2_1_1_00000000000000ab", 1),
            ("att_2_1_2_00000000000000ab", 1),
            ("att_2_1_1_00000000000000ac", 1),
            ("att_7_7fffffff_255_00000000000000ab", 0x7fff_ffff),
        ];
        let mut seen = Vec::new();
        for (key, sale) in keys {
            let id = order_id(key);
            assert_eq!(id.len(), 12, "{id}");
            assert!(id.bytes().all(|it| it.is_ascii_uppercase() || it.is_ascii_digit()), "{id}");
            assert_eq!(sale_of_order_id(&id), Some(SaleId(sale)), "{id}");
            assert_eq!(order_id(key), id, "it comes out the same every time");
            assert!(!seen.contains(&id), "{id}");
            seen.push(id);
        }
        assert_eq!(order_id("something else").len(), 12);
        // An operator makes it by hand (`docs/operations.md`), and later versions make the same.
        assert_eq!(order_id(keys[0].0), "000001J2D74X");
    }

    /// Proves that only an order id leads to a sale.
    #[test]
    fn other_texts_lead_nowhere() {
        for text in ["", "STB00001234", "STB0000123456", "stb000012345", "STB 00012345", "ÞÞÞÞÞÞ"]
        {
            assert_eq!(sale_of_order_id(text), None, "{text}");
        }
        assert_eq!(sale_of_order_id("ZZZZZZ000000"), Some(SaleId(2_176_782_335)));
    }
}
