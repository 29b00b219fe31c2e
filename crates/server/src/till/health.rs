//! How the gateways of a till have been doing.

use gateway::GatewayHealth;

use super::Till;

impl Till {
    /// The gateways that are watched, by their names, in alphabetical order.
    #[must_use]
    pub fn gateway_health(&self) -> Vec<(&str, GatewayHealth)> {
        let watched = self.gateways.iter().filter_map(|(name, gateway)| {
            let health = gateway.health()?;
            Some((name.as_str(), health))
        });
        let mut watched: Vec<_> = watched.collect();
        watched.sort_by_key(|(name, _)| *name);
        watched
    }
}
