//! How the gateways of a till have been doing.

use gateway::{CallMeter, Gateway, GatewayHealth};

use super::Till;

impl Till {
    /// The gateways that are watched, by their names, in alphabetical order.
    #[must_use]
    pub fn gateway_health(&self) -> Vec<(&str, GatewayHealth)> {
        self.by_name(|gateway| gateway.health())
    }

    /// What the calls of each gateway came to, where that is measured, in alphabetical order.
    #[must_use]
    pub fn gateway_meters(&self) -> Vec<(&str, CallMeter)> {
        self.by_name(|gateway| gateway.meter())
    }

    fn by_name<T>(&self, told: impl Fn(&dyn Gateway) -> Option<T>) -> Vec<(&str, T)> {
        let all = self.gateways.iter();
        let mut all: Vec<_> =
            all.filter_map(|(name, gateway)| Some((name.as_str(), told(&**gateway)?))).collect();
        all.sort_by_key(|(name, _)| *name);
        all
    }
}
