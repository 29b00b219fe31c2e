//! Which phone a device speaks for (`domain.md` §1.5). A phone that was looked up is remembered
//! for two seconds, as callers are, so that a proved request costs no commit and seldom a look.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use domain::ids::PhoneId;
use domain::phone::{Handle, Phone, PhoneNumber, device_hash};
use domain::time::Timestamp;
use store::Fault;

use super::Access;
use super::limits::{Limits, Neighbourhood, Rate};
use super::recent::{FRESH, Known, Recent};

/// The messages that one address may cause: 20 at once, and one every half minute.
pub(super) const MESSAGES_OF_ADDRESS: Rate = Rate { tries_max: 20, every: Duration::from_secs(30) };

/// The messages that all addresses together may cause: 2,000 at once, and 43,200 a day.
pub(super) const MESSAGES_IN_SUM: Rate = Rate { tries_max: 2_000, every: Duration::from_secs(2) };

/// The wrong codes that one address may type in: 20 at once, and one a minute. Many share the
/// address of a telephone company.
pub(super) const WRONG_CODES_OF_ADDRESS: Rate =
    Rate { tries_max: 20, every: Duration::from_secs(60) };

/// The wrong codes of all addresses together: 500 at once, and one every ten seconds. Codes that
/// are guessed from everywhere at once find one phone in months then, not in a day.
pub(super) const WRONG_CODES_IN_SUM: Rate = Rate { tries_max: 500, every: Duration::from_secs(10) };

/// What is known of phones and of those who ask for codes.
pub(super) struct Phones {
    recent: Recent<u128, Arc<Phone>>,
    messages: Counted,
    wrong_codes: Counted,
}

impl Phones {
    pub(super) fn new() -> Phones {
        Phones {
            recent: Recent::default(),
            messages: Counted::of(MESSAGES_OF_ADDRESS, MESSAGES_IN_SUM),
            wrong_codes: Counted::of(WRONG_CODES_OF_ADDRESS, WRONG_CODES_IN_SUM),
        }
    }
}

/// Something that each address may do so often, and all of them together.
struct Counted {
    of_address: Limits<Neighbourhood>,
    in_sum: Limits<()>,
}

impl Counted {
    fn of(of_address: Rate, in_sum: Rate) -> Counted {
        Counted { of_address: Limits::of(of_address), in_sum: Limits::of(in_sum) }
    }

    /// An address that has none left takes none from the others.
    fn take(&self, address: IpAddr) -> bool {
        if self.of_address.take(address).is_err() {
            return false;
        }
        let is_left = self.in_sum.take(()).is_ok();
        if !is_left {
            self.of_address.give_back(address);
        }
        is_left
    }

    fn give_back(&self, address: IpAddr) {
        self.of_address.give_back(address);
        self.in_sum.give_back(());
    }
}

/// A phone that the device at the other end has proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct VerifiedPhone {
    /// Where the phone lives.
    pub(crate) hash: u128,
    /// Its published number.
    pub(crate) id: PhoneId,
    /// The number in international form.
    pub(crate) number: PhoneNumber,
}

/// What a token stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PhoneProof {
    /// This phone.
    Good(VerifiedPhone),
    /// A phone, but another device has to show it.
    OtherDevice,
    /// Nothing: nobody was given it, it is too old, or its owner has ended it.
    Unknown,
}

impl Access {
    /// What `token` stands for when `device` shows it.
    ///
    /// # Errors
    /// [`Fault`] when it must be looked up and cannot.
    pub(crate) async fn phone_proof(
        &self,
        token: &Handle,
        device: Option<&str>,
    ) -> Result<PhoneProof, Fault> {
        let now = self.clock.now();
        let seen = match self.phones.recent.get(&token.phone, FRESH) {
            Known::Fresh(phone) => match proof(&phone, token, device, now) {
                // Another node may have given it out a moment ago.
                PhoneProof::Unknown => None,
                known => return Ok(known),
            },
            Known::Older(_, seen) => Some(seen),
        };
        let found = self.store.read::<Phone>(Phone::key_of(token.phone)).await?;
        let Some(phone) = found else { return Ok(PhoneProof::Unknown) };
        let proof = proof(&phone, token, device, now);
        if let Some(seen) = seen {
            self.phones.recent.put(token.phone, phone, seen);
        }
        Ok(proof)
    }

    /// Forgets a phone that was changed here, so that the change counts at once.
    pub(crate) fn forget_phone(&self, hash: u128) {
        self.phones.recent.forget(&hash);
    }

    /// Takes one of the messages that `address` may cause; false when it has none left.
    pub(crate) fn take_message(&self, address: IpAddr) -> bool {
        self.phones.messages.take(address)
    }

    /// Takes one of the wrong codes that may come from `address`; false when it has none left.
    /// It is taken before the code is looked at, so that many at once are no more than one by
    /// one.
    pub(crate) fn take_wrong_code(&self, address: IpAddr) -> bool {
        self.phones.wrong_codes.take(address)
    }

    /// The code was not wrong.
    pub(crate) fn give_wrong_code_back(&self, address: IpAddr) {
        self.phones.wrong_codes.give_back(address);
    }
}

fn proof(phone: &Phone, token: &Handle, device: Option<&str>, now: Timestamp) -> PhoneProof {
    let Some(known) = phone.verification(token, now) else { return PhoneProof::Unknown };
    if known.device != device.map(device_hash) {
        return PhoneProof::OtherDevice;
    }
    let Some(number) = PhoneNumber::parse(&phone.number) else { return PhoneProof::Unknown };
    PhoneProof::Good(VerifiedPhone { hash: phone.hash, id: phone.id, number })
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn taken(counted: &Counted, addresses: std::ops::Range<u32>, each: u32) -> usize {
        let tries = addresses.flat_map(|address| (0..each).map(move |_| address));
        tries.filter(|address| counted.take(Ipv4Addr::from_bits(*address).into())).count()
    }

    /// Proves that one address cannot go on, that a thousand together cannot either, that one
    /// which has none left takes none from the others, and what a day brings back.
    #[tokio::test(start_paused = true)]
    async fn codes_cannot_be_sprayed() {
        for (of_address, in_sum, day) in [
            (MESSAGES_OF_ADDRESS, MESSAGES_IN_SUM, 2_880),
            (WRONG_CODES_OF_ADDRESS, WRONG_CODES_IN_SUM, 1_440),
        ] {
            let counted = Counted::of(of_address, in_sum);
            assert_eq!(taken(&counted, 0..1, 10_000), 20);
            let others = usize::try_from(in_sum.tries_max).unwrap() - 20;
            assert_eq!(taken(&counted, 1..1_000, 100), others);
            assert_eq!(taken(&counted, 2_000..2_001, 1), 0);
            counted.give_back(Ipv4Addr::from_bits(1).into());
            assert_eq!(taken(&counted, 2_000..2_003, 1), 1);
            let mut in_a_day = 0;
            for _ in 0..(24 * 60) {
                tokio::time::advance(Duration::from_secs(60)).await;
                in_a_day += taken(&counted, 0..1, 100);
            }
            assert!((day..day + 21).contains(&in_a_day), "{in_a_day}");
        }
    }
}
