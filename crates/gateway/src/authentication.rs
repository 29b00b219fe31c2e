//! 3-D Secure: what came of asking a bank who its card's holder is (`payments.md` §1.8).

use std::fmt;

use crate::secret::MpiToken;

/// What a bank made of the wish to know who the holder is.
#[derive(Debug)]
pub enum Authentication {
    /// The holder is who they say, or the bank does not ask (not enrolled, attempt recorded):
    /// the charge may go on.
    Passed(Passed),
    /// The holder's browser must show this first. A bank may want several such steps, one after
    /// the other: what reads the device comes as one too.
    Challenge(Challenge),
    /// The holder did not pass, or the bank says no.
    Failed,
    /// The bank cannot be asked at the moment, and why. No money has moved.
    Unavailable(String),
}

/// A passed authentication.
#[derive(Debug)]
pub struct Passed {
    /// What proves it to the gateway; good for one charge.
    pub token: MpiToken,
    /// The gateway's name of it.
    pub handle: String,
}

/// What the holder's browser must be shown.
#[derive(Debug)]
pub struct Challenge {
    /// The gateway's name of it, for [`crate::Gateway::authenticate`].
    pub handle: String,
    /// What to show.
    pub page: ChallengePage,
}

/// Where a challenge is to be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChallengePage {
    /// At this address; one that begins with `/` is our own server's.
    Url(String),
    /// In this document, which the bank made: a form that leads the browser to it.
    Html(String),
}

/// What the holder's browser brought back from a challenge. Its text is a proof and is never
/// printed.
pub struct ChallengeAnswer<'a> {
    /// The bank's or the gateway's text, unchanged.
    pub text: &'a str,
}

impl fmt::Debug for ChallengeAnswer<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ChallengeAnswer(***)")
    }
}
