//! What the calls of a gateway came to, and how long they took.

use domain::attempt::CallResult;
use domain::time::Timestamp;

use crate::silence;

/// Makes an enum whose values can be listed and have names for people.
macro_rules! named {
    ($(#[$doc:meta])* $type:ident { $($(#[$row:meta])* $name:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $type { $($(#[$row])* $name,)* }

        impl $type {
            /// All of them.
            pub const ALL: &'static [$type] = &[$($type::$name,)*];

            /// Its name in figures.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $($type::$name => $text,)* }
            }
        }
    };
}

named! {
    /// What a gateway was asked to do; the methods of [`crate::Gateway`].
    GatewayVerb {
        /// To reserve.
        Authorize = "authorize",
        /// To charge.
        Sale = "sale",
        /// To take what is reserved.
        Capture = "capture",
        /// To free what is reserved.
        Void = "void",
        /// To pay back.
        Refund = "refund",
        /// What became of a key.
        Lookup = "lookup",
        /// To refuse a key from now on.
        Fence = "fence",
        /// To keep a card.
        Tokenize = "tokenize",
        /// To forget a card.
        DisableToken = "disable_token",
        /// What is left on a gift card.
        Balance = "balance",
        /// To ask the bank who a card's holder is.
        Enrol = "enrol",
        /// What came of that.
        Authenticate = "authenticate",
        /// What a browser needs to pay.
        BuyerSecret = "buyer_secret",
        /// To pay what was opened.
        PayOpen = "pay_open",
        /// What may be shown of a charge.
        Receipt = "receipt",
        /// To keep, read or end a subscription.
        Subscription = "subscription",
        /// How a dispute stands.
        Dispute = "dispute",
        /// Which key a payment was made with.
        KeyOf = "key_of",
    }
}

named! {
    /// What a call came to.
    CallOutcome {
        /// Money moved, in full.
        Approved = "approved",
        /// Money moved, in part.
        PartlyApproved = "partly_approved",
        /// The answer was no.
        Declined = "declined",
        /// The payer has not answered yet.
        Pending = "pending",
        /// The holder must prove who they are.
        Challenge = "challenge",
        /// Nothing happened and nothing will.
        NotExecuted = "not_executed",
        /// Nothing has happened yet.
        NotFound = "not_found",
        /// The account or the settings are wrong.
        Misconfigured = "misconfigured",
        /// What was asked for was given, where no money moves.
        Given = "given",
        /// A bank could not be asked, or a receipt was not to be had.
        Unavailable = "unavailable",
        /// Nobody was there to take the call: nothing was sent.
        Unreachable = "unreachable",
        /// There was no readable answer in time.
        Unknown = "unknown",
        /// The till did not send it, because the gateway has been silent.
        Refused = "refused",
    }
}

impl CallOutcome {
    /// What a result counts as.
    pub(super) fn of(result: &CallResult) -> CallOutcome {
        match result {
            CallResult::Approved(_) => CallOutcome::Approved,
            CallResult::PartiallyApproved(..) => CallOutcome::PartlyApproved,
            CallResult::Declined(_) => CallOutcome::Declined,
            CallResult::Pending(_) => CallOutcome::Pending,
            CallResult::ChallengeRequired(_) => CallOutcome::Challenge,
            CallResult::NotExecuted(_) if silence::is_silence(result) => CallOutcome::Unreachable,
            CallResult::NotExecuted(_) => CallOutcome::NotExecuted,
            CallResult::NotFound => CallOutcome::NotFound,
            CallResult::Misconfigured(_) => CallOutcome::Misconfigured,
            CallResult::Unknown(_) => CallOutcome::Unknown,
        }
    }
}

/// How long calls took: each limit counts those that took no longer, and not those of the limit
/// before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CallTimes {
    /// Calls within each limit of [`CallTimes::LIMITS_MS`].
    pub within: [u64; CallTimes::LIMITS_MS.len()],
    /// Calls that took longer than the last limit.
    pub beyond: u64,
    /// Microseconds that all of them took.
    pub sum_us: u64,
}

impl CallTimes {
    /// From a gateway in the same room to the deadline that is usual.
    pub const LIMITS_MS: [u32; 10] = [25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000];

    fn add(&mut self, took_us: u64) {
        let limits = CallTimes::LIMITS_MS.map(|limit| u64::from(limit) * 1_000);
        match limits.iter().position(|limit| took_us <= *limit) {
            Some(place) => self.within[place] += 1,
            None => self.beyond += 1,
        }
        self.sum_us = self.sum_us.saturating_add(took_us);
    }
}

/// Every call of a gateway since the program started, by what was asked and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallMeter {
    outcomes: [[u64; CallOutcome::ALL.len()]; GatewayVerb::ALL.len()],
    times: [CallTimes; GatewayVerb::ALL.len()],
}

impl Default for CallMeter {
    fn default() -> CallMeter {
        let outcomes = [[0; CallOutcome::ALL.len()]; GatewayVerb::ALL.len()];
        CallMeter { outcomes, times: [CallTimes::default(); GatewayVerb::ALL.len()] }
    }
}

impl CallMeter {
    /// How often a verb came to an outcome.
    #[must_use]
    pub fn count(&self, verb: GatewayVerb, outcome: CallOutcome) -> u64 {
        self.outcomes[verb as usize][outcome as usize]
    }

    /// How long the calls of a verb took that were sent.
    #[must_use]
    pub fn times(&self, verb: GatewayVerb) -> &CallTimes {
        &self.times[verb as usize]
    }

    /// Calls of every verb that came to an outcome.
    pub(super) fn sum(&self, outcome: CallOutcome) -> u64 {
        GatewayVerb::ALL.iter().map(|verb| self.count(*verb, outcome)).sum()
    }

    /// A call that was sent has ended.
    pub(super) fn ended(&mut self, verb: GatewayVerb, outcome: CallOutcome, took_us: u64) {
        self.outcomes[verb as usize][outcome as usize] += 1;
        self.times[verb as usize].add(took_us);
    }

    /// A call was not sent.
    pub(super) fn refused(&mut self, verb: GatewayVerb) {
        self.outcomes[verb as usize][CallOutcome::Refused as usize] += 1;
    }
}

/// A clock that was put back makes no call shorter than nothing.
pub(super) fn between_us(from: Timestamp, to: Timestamp) -> u64 {
    u64::try_from(to.0.saturating_sub(from.0)).unwrap_or_default()
}
