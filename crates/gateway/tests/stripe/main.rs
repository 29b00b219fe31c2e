//! The Stripe gateway against a Stripe of our own, which shows each request and breaks when told,
//! and against `localstripe`, which is somebody else's idea of Stripe.

mod browser;
mod cards;
mod consent;
mod declines;
mod fake;
mod localstripe;
mod money;
mod receipts;
mod recovery;
mod refunds;
mod requests;
mod reservations;
mod subscriptions;
mod support;
