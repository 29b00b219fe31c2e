//! Payment providers behind one trait, and the only outgoing calls that move money.
//!
//! A provider is a [`Gateway`]; [`perform`] makes one call of the domain's loop with it and
//! enforces what no provider may forget: nothing leaves after its time, silence is *unknown*
//! and never *declined*. Card data travels in [`Source`], which cannot be printed, cloned
//! or stored. How the verbs map onto real protocols is told in `docs/gateways.md`.
//!
//! This crate knows no SQL, no DTO and no HTTP server of ours; the [`sandbox`] brings a small
//! server of its own, because a gateway must be able to outlive the till that calls it.

mod authentication;
pub mod borgun;
mod breaker;
mod callback;
pub mod client;
mod clock;
mod dispute;
mod gateway;
pub mod masking;
mod perform;
pub mod phone;
mod receipt;
pub mod sandbox;
pub mod secret;
mod silence;
pub mod stripe;

pub use crate::authentication::{
    Authentication, Challenge, ChallengeAnswer, ChallengePage, Passed,
};
pub use crate::breaker::{
    CallMeter, CallOutcome, CallTimes, GatewayCondition, GatewayCounts, GatewayHealth, GatewayVerb,
    Guarded,
};
pub use crate::callback::{Callback, CallbackSecret, SigningScheme};
pub use crate::clock::Clock;
pub use crate::dispute::{Dispute, DisputeState};
pub use crate::gateway::{
    ChargeName, Gateway, OPEN_PAYMENT_TIME, PaymentForm, PaymentRequest, SavedCard, TokenUse,
};

pub use crate::perform::{perform, within};
pub use crate::receipt::{RECEIPT_ANSWER_LENGTH_MAX, Receipt};
pub use crate::secret::{
    BuyerSecret, Card, CardNumber, CardToken, Cryptogram, Expiry, Keep, MpiToken, Proof,
    SecurityCode, Source, SourceKind,
};
pub use crate::silence::{Sending, Silence};
