//! Chains of clubs: what they sell beside the published contract (`domain.md §6`), and what their
//! members pay with.

pub mod profiles;
