//! How often one address may try passwords and keys, and how often somebody may do what leaves
//! rows behind for good.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How many tries an address, or whoever else is counted, has at once.
pub const TRIES_MAX: u32 = 20;

/// After what time it has another one.
pub const TRY_EVERY: Duration = Duration::from_secs(3);

/// How many are told apart; further ones share their tries.
const KEYS_MAX: usize = 10_000;

/// Whoever has an IPv6 address has all that begin with the same 64 bits.
const NEIGHBOURS: u128 = u128::MAX << 64;

/// Where an address counts: alone, or with its neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Neighbourhood(IpAddr);

impl From<IpAddr> for Neighbourhood {
    fn from(address: IpAddr) -> Neighbourhood {
        Neighbourhood(match address {
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & NEIGHBOURS).into(),
            address @ IpAddr::V4(_) => address,
        })
    }
}

/// How many tries there are, and how they come back.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// How many at once; 1 at least.
    pub tries_max: u32,
    /// After what time there is another one.
    pub every: Duration,
}

impl Default for Rate {
    fn default() -> Rate {
        Rate { tries_max: TRIES_MAX, every: TRY_EVERY }
    }
}

/// Counts tries, by `K`.
pub struct Limits<K> {
    rate: Rate,
    /// When each will have all its tries again; `None` for those that share.
    whole_at: Mutex<HashMap<Option<K>, Instant>>,
}

impl<K> Default for Limits<K> {
    fn default() -> Limits<K> {
        Limits::of(Rate::default())
    }
}

impl<K> Limits<K> {
    /// Tries that come back at that rate.
    #[must_use]
    pub fn of(rate: Rate) -> Limits<K> {
        Limits { rate, whole_at: Mutex::default() }
    }
}

impl<K: Hash + Eq> Limits<K> {
    /// Takes one try.
    ///
    /// # Errors
    /// After what time there is another one.
    pub fn take(&self, key: impl Into<K>) -> Result<(), Duration> {
        let now = Instant::now();
        let mut known = self.whole_at.lock().unwrap_or_else(PoisonError::into_inner);
        let mut place = Some(key.into());
        if known.len() >= KEYS_MAX && !known.contains_key(&place) {
            known.retain(|_, whole_at| *whole_at > now);
            place = place.filter(|_| known.len() < KEYS_MAX);
        }
        let whole_at = known.entry(place).or_insert(now);
        let used = whole_at.saturating_duration_since(now);
        let used_max = self.used_max();
        if used > used_max {
            return Err(used - used_max);
        }
        *whole_at = now + used + self.rate.every;
        Ok(())
    }

    /// Whether there is a try left. Takes none: for what is cheap to look at and costs a try
    /// only if it turns out wrong.
    ///
    /// # Errors
    /// After what time there is another one.
    pub fn check(&self, key: impl Into<K>) -> Result<(), Duration> {
        let now = Instant::now();
        let known = self.whole_at.lock().unwrap_or_else(PoisonError::into_inner);
        let place = Some(key.into());
        let is_shared = known.len() >= KEYS_MAX && !known.contains_key(&place);
        let whole_at = known.get(&place.filter(|_| !is_shared)).copied().unwrap_or(now);
        let used_max = self.used_max();
        match whole_at.saturating_duration_since(now) {
            used if used > used_max => Err(used - used_max),
            _ => Ok(()),
        }
    }

    /// Gives a try back that turned out well.
    pub fn give_back(&self, key: impl Into<K>) {
        let mut known = self.whole_at.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(whole_at) = known.get_mut(&Some(key.into())) {
            *whole_at = whole_at.checked_sub(self.rate.every).unwrap_or(*whole_at);
        }
    }

    /// As long as somebody who still has one try must wait at most to have all of them.
    fn used_max(&self) -> Duration {
        self.rate.every * (self.rate.tries_max - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn tries(limits: &Limits<Neighbourhood>, text: &str) -> u32 {
        let taken = std::iter::from_fn(|| limits.take(address(text)).ok()).take(1_000).count();
        u32::try_from(taken).unwrap()
    }

    /// Proves that tries run out, come back with time, and are counted by neighbourhood.
    #[tokio::test(start_paused = true)]
    async fn tries_run_out_and_come_back() {
        let limits = Limits::default();
        assert_eq!(tries(&limits, "192.0.2.1"), TRIES_MAX);
        assert_eq!(tries(&limits, "192.0.2.1"), 0);
        assert_eq!(limits.take(address("192.0.2.1")), Err(TRY_EVERY));
        assert_eq!(limits.check(address("192.0.2.1")), Err(TRY_EVERY));
        assert_eq!(limits.check(address("192.0.2.2")), Ok(()));
        assert_eq!(tries(&limits, "2001:db8::1"), TRIES_MAX);
        assert_eq!(tries(&limits, "2001:db8::2"), 0);
        tokio::time::advance(TRY_EVERY * 2).await;
        assert_eq!(tries(&limits, "192.0.2.1"), 2);
        limits.give_back(address("192.0.2.1"));
        assert_eq!(tries(&limits, "192.0.2.1"), 1);
        tokio::time::advance(TRY_EVERY * 1_000).await;
        assert_eq!(tries(&limits, "192.0.2.1"), TRIES_MAX);
    }

    /// Proves that the memory is bounded, and that whoever finds it full shares.
    #[tokio::test(start_paused = true)]
    async fn the_memory_is_bounded() {
        let limits = Limits::default();
        for number in 0..20_000_u32 {
            let _ = limits.take(IpAddr::V4(std::net::Ipv4Addr::from_bits(number)));
        }
        assert_eq!(limits.whole_at.lock().unwrap().len(), KEYS_MAX + 1);
        assert!(limits.check(address("192.0.2.1")).is_err());
        assert_eq!(tries(&limits, "192.0.2.1"), 0);
        tokio::time::advance(TRY_EVERY * 1_000).await;
        assert_eq!(tries(&limits, "192.0.2.1"), TRIES_MAX);
    }
}
