//! How often one address may try passwords and keys.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How many tries an address has at once.
pub const TRIES_MAX: u32 = 20;

/// After what time it has another one.
pub const TRY_EVERY: Duration = Duration::from_secs(3);

/// How many addresses are told apart; further ones share their tries.
const ADDRESSES_MAX: usize = 10_000;

/// Whoever has an IPv6 address has all that begin with the same 64 bits.
const NEIGHBOURS: u128 = u128::MAX << 64;

/// Counts tries by address.
#[derive(Default)]
pub struct Limits {
    /// When each address will have all its tries again; `None` for those that share.
    whole_at: Mutex<HashMap<Option<IpAddr>, Instant>>,
}

impl Limits {
    /// Takes one try.
    ///
    /// # Errors
    /// After what time there is another one.
    pub fn take(&self, address: IpAddr) -> Result<(), Duration> {
        let now = Instant::now();
        let mut addresses = self.whole_at.lock().unwrap_or_else(PoisonError::into_inner);
        let mut place = Some(neighbourhood(address));
        if addresses.len() >= ADDRESSES_MAX && !addresses.contains_key(&place) {
            addresses.retain(|_, whole_at| *whole_at > now);
            place = place.filter(|_| addresses.len() < ADDRESSES_MAX);
        }
        let whole_at = addresses.entry(place).or_insert(now);
        let used = whole_at.saturating_duration_since(now);
        let used_max = TRY_EVERY * (TRIES_MAX - 1);
        if used > used_max {
            return Err(used - used_max);
        }
        *whole_at = now + used + TRY_EVERY;
        Ok(())
    }

    /// Whether an address has a try left. Takes none: for what is cheap to look at and costs a try
    /// only if it turns out wrong.
    ///
    /// # Errors
    /// After what time there is another one.
    pub fn check(&self, address: IpAddr) -> Result<(), Duration> {
        let now = Instant::now();
        let addresses = self.whole_at.lock().unwrap_or_else(PoisonError::into_inner);
        let place = Some(neighbourhood(address));
        let is_shared = addresses.len() >= ADDRESSES_MAX && !addresses.contains_key(&place);
        let whole_at = addresses.get(&place.filter(|_| !is_shared)).copied().unwrap_or(now);
        let used_max = TRY_EVERY * (TRIES_MAX - 1);
        match whole_at.saturating_duration_since(now) {
            used if used > used_max => Err(used - used_max),
            _ => Ok(()),
        }
    }

    /// Gives a try back that turned out well.
    pub fn give_back(&self, address: IpAddr) {
        let mut addresses = self.whole_at.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(whole_at) = addresses.get_mut(&Some(neighbourhood(address))) {
            *whole_at = whole_at.checked_sub(TRY_EVERY).unwrap_or(*whole_at);
        }
    }
}

fn neighbourhood(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & NEIGHBOURS).into(),
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tries(limits: &Limits, address: &str) -> u32 {
        let address = address.parse().unwrap();
        let taken = std::iter::from_fn(|| limits.take(address).ok()).take(1_000).count();
        u32::try_from(taken).unwrap()
    }

    /// Proves that tries run out, come back with time, and are counted by neighbourhood.
    #[tokio::test(start_paused = true)]
    async fn tries_run_out_and_come_back() {
        let limits = Limits::default();
        assert_eq!(tries(&limits, "192.0.2.1"), TRIES_MAX);
        assert_eq!(tries(&limits, "192.0.2.1"), 0);
        assert_eq!(limits.take("192.0.2.1".parse().unwrap()), Err(TRY_EVERY));
        assert_eq!(limits.check("192.0.2.1".parse().unwrap()), Err(TRY_EVERY));
        assert_eq!(limits.check("192.0.2.2".parse().unwrap()), Ok(()));
        assert_eq!(tries(&limits, "2001:db8::1"), TRIES_MAX);
        assert_eq!(tries(&limits, "2001:db8::2"), 0);
        tokio::time::advance(TRY_EVERY * 2).await;
        assert_eq!(tries(&limits, "192.0.2.1"), 2);
        limits.give_back("192.0.2.1".parse().unwrap());
        assert_eq!(tries(&limits, "192.0.2.1"), 1);
        tokio::time::advance(TRY_EVERY * 1_000).await;
        assert_eq!(tries(&limits, "192.0.2.1"), TRIES_MAX);
    }

    /// Proves that the memory is bounded, and that whoever finds it full shares.
    #[tokio::test(start_paused = true)]
    async fn the_memory_is_bounded() {
        let limits = Limits::default();
        for number in 0..20_000_u32 {
            let _ = limits.take(std::net::Ipv4Addr::from_bits(number).into());
        }
        assert_eq!(limits.whole_at.lock().unwrap().len(), ADDRESSES_MAX + 1);
        assert!(limits.check("192.0.2.1".parse().unwrap()).is_err());
        assert_eq!(tries(&limits, "192.0.2.1"), 0);
        tokio::time::advance(TRY_EVERY * 1_000).await;
        assert_eq!(tries(&limits, "192.0.2.1"), TRIES_MAX);
    }
}
