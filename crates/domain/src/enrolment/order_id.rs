//! Payment references of twelve characters, ours and the clients' (`payments.md` §1.3).

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::facts::{Facts, Halt, Key};
use crate::ids::{EnrolmentId, Shard};
use crate::record::{Kind, word};
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;
use crate::token::Secret;

/// How many characters a gateway's order id has; all of `A`–`Z` and `0`–`9`.
pub const ORDER_ID_LENGTH: usize = 12;

/// How many of them write the number; the rest is random. Published numbers are below 36^6.
const NUMBER_LENGTH: usize = 6;

const DIGITS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// Twelve characters that lead to an enrolment: its number, and a random part that the row
/// confirms.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct OrderId([u8; ORDER_ID_LENGTH]);

impl OrderId {
    /// The order id of enrolment `id`; `secret` is where its random part is taken from.
    #[must_use]
    pub fn new(id: EnrolmentId, secret: Secret) -> OrderId {
        let mut text = [b'0'; ORDER_ID_LENGTH];
        let (number, random) = text.split_at_mut(NUMBER_LENGTH);
        write_digits(u128::from(id.0), number);
        write_digits(u128::from_be_bytes(secret.0), random);
        OrderId(text)
    }

    /// Reads twelve characters `A`–`Z` and `0`–`9`; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<OrderId> {
        let bytes: [u8; ORDER_ID_LENGTH] = text.as_bytes().try_into().ok()?;
        bytes.iter().all(|byte| DIGITS.contains(byte)).then_some(OrderId(bytes))
    }

    /// The number it leads to; it may be nobody's.
    #[must_use]
    pub fn number(&self) -> EnrolmentId {
        let value = |byte: &u8| DIGITS.iter().position(|digit| digit == byte).unwrap_or(0);
        let digits = self.0[..NUMBER_LENGTH].iter();
        let number = digits.fold(0, |number: u64, byte| number * 36 + value(byte) as u64);
        EnrolmentId(u32::try_from(number).unwrap_or(u32::MAX))
    }

    /// The twelve characters.
    #[must_use]
    pub fn text(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// Writes the lowest digits of `number`, the last one last.
fn write_digits(mut number: u128, text: &mut [u8]) {
    for digit in text.iter_mut().rev() {
        *digit = DIGITS[(number % 36) as usize];
        number /= 36;
    }
}

impl fmt::Debug for OrderId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "OrderId({})", self.text())
    }
}

impl Serialize for OrderId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.text())
    }
}

impl<'de> Deserialize<'de> for OrderId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<OrderId, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        OrderId::parse(&text).ok_or_else(|| serde::de::Error::custom("not an order id"))
    }
}

/// A payment reference that was told to us and counts once: one that a client chose, with this
/// organiser (`domain.md` §2.2 `orderId`), or that of a payment made elsewhere, with the house.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderReference {
    /// Whose sale.
    pub shard: Shard,
    /// Of the reference.
    pub hash: u128,
    /// When it was used.
    pub used_at: Timestamp,
}

impl OrderReference {
    /// Where the row of a reference lives.
    #[must_use]
    pub fn key_of(shard: Shard, order_id: &OrderId) -> Key {
        Key::hashed(shard, Kind::OrderReference, 0, word("order id", order_id.text()))
    }

    /// Takes a reference for the order that is being decided.
    ///
    /// # Errors
    /// [`Code::DuplicateOrderId`] when another order has it.
    pub fn take(
        facts: &mut Facts<'_>,
        shard: Shard,
        order_id: &OrderId,
        now: Timestamp,
    ) -> Result<(), Halt> {
        let message = "Another order was paid under this orderId; choose a new one or leave it \
                       out.";
        once(facts, OrderReference::key_of(shard, order_id), message, now)
    }

    /// Where the row of a payment to a seller lives that was made elsewhere, at a bank perhaps.
    #[must_use]
    pub fn key_elsewhere(shard: Shard, reference: &str) -> Key {
        let hash = word("payment elsewhere", reference);
        Key::hashed(shard, Kind::OrderReference, 0, hash)
    }

    /// Takes the reference of a payment made elsewhere for what is being decided. Two sellers may
    /// have payments of the same name.
    ///
    /// # Errors
    /// [`Code::DuplicateOrderId`] when something else of this seller was paid with it.
    pub fn take_elsewhere(
        facts: &mut Facts<'_>,
        shard: Shard,
        reference: &str,
        now: Timestamp,
    ) -> Result<(), Halt> {
        let message = "Another difference was noted under this reference already, and nothing was \
                       moved. If this is another payment, or one for several tickets, write its \
                       own number or name the ticket after it, such as \"cash, ticket 7\".";
        once(facts, OrderReference::key_elsewhere(shard, reference), message, now)
    }
}

fn once(facts: &mut Facts<'_>, key: Key, taken: &str, now: Timestamp) -> Result<(), Halt> {
    if facts.look::<OrderReference>(key)?.is_some() {
        return Err(Refusal::new(Code::DuplicateOrderId, taken).into());
    }
    facts.put(OrderReference { shard: key.shard, hash: key.hash, used_at: now });
    Ok(())
}
