//! Operations of the host `clubs`: what chains of clubs sell, and what their members pay with.

pub(super) mod answer;
pub(super) mod caller;
pub(super) mod profiles;
