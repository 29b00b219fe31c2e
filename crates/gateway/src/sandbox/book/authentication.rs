//! 3-D Secure in the book: an authentication is a record of its own, whose key is not a charge's.

use domain::attempt::{CallResult, DeclineReason};

use super::{Book, Decision, Standing, applied, conflict, repeated};
use crate::sandbox::behaviour::Behaviour;
use crate::sandbox::line::{LogLine, Operation, Request, WALLET_PROOF};
use crate::sandbox::token;

impl Book {
    pub(super) fn enrol(&self, key: &str, request: &Request) -> Decision {
        match self.records.get(key) {
            Some(known) if known.request.money == request.money => repeated(known),
            Some(_) => conflict(),
            None => self.new_enrolment(request),
        }
    }

    /// Only a card with a challenge in the table has one; of all others the bank asks nothing.
    fn new_enrolment(&self, request: &Request) -> Decision {
        let behaviour = request.card.as_ref().map(|card| card.behaviour);
        applied(match (behaviour, &request.handle) {
            (None, _) | (_, None) => CallResult::Declined(DeclineReason::CardInvalid),
            (Some(Behaviour::Challenge | Behaviour::ChallengeThenDecline), Some(handle)) => {
                CallResult::ChallengeRequired(handle.clone())
            }
            (Some(Behaviour::Fault), _) => {
                CallResult::Unknown("The bank cannot be asked at the moment.".into())
            }
            _ => self.approval(request.card.as_ref()),
        })
    }

    pub(super) fn finish_challenge(&self, key: &str, request: &Request) -> Decision {
        let Some(known) = self.records.get(key) else { return self.look_up(key) };
        if known.standing != Standing::Challenged {
            return repeated(known);
        }
        applied(if request.operation == Operation::FailChallenge {
            CallResult::Declined(DeclineReason::AuthenticationFailed)
        } else {
            self.approval(known.request.card.as_ref())
        })
    }

    /// Whether a charge shows that the holder agrees.
    ///
    /// # Errors
    /// [`DeclineReason::AuthenticationFailed`] when what it shows is of another card or amount,
    /// or was used.
    pub(super) fn is_proven(&self, charge: &Request) -> Result<bool, DeclineReason> {
        let Some(proof) = charge.proof.as_deref() else { return Ok(false) };
        if proof == WALLET_PROOF {
            return Ok(true);
        }
        let key = self.proofs.get(proof).ok_or(DeclineReason::AuthenticationFailed)?;
        let fits = self.records.get(key).is_some_and(|known| {
            known.standing == Standing::Proven
                && known.request.money == charge.money
                && known.request.card == charge.card
        });
        if fits { Ok(true) } else { Err(DeclineReason::AuthenticationFailed) }
    }

    /// The name of the authentication of this key.
    pub(in crate::sandbox) fn handle_of(&self, key: &str) -> Option<&str> {
        self.records.get(key)?.request.handle.as_deref()
    }

    /// The key of the authentication of this name, and the request that began it.
    pub(in crate::sandbox) fn enrolment(&self, handle: &str) -> Option<(&str, &Request)> {
        let key = self.handles.get(handle)?;
        self.records.get(key).map(|known| (key.as_str(), &known.request))
    }

    pub(super) fn apply_enrolment(&mut self, line: LogLine) {
        let standing = match &line.outcome {
            CallResult::ChallengeRequired(_) => Standing::Challenged,
            CallResult::Approved(_) => Standing::Proven,
            _ => Standing::Closed,
        };
        if let Some(handle) = line.request.handle.clone() {
            self.proofs.insert(token::hash_of(&token::proof_of(&handle)), line.key.clone());
            self.handles.insert(handle, line.key.clone());
        }
        self.insert(line, standing, 0);
    }

    pub(super) fn apply_challenge(&mut self, line: LogLine) {
        if let Some(known) = self.records.get_mut(&line.key) {
            let passed = matches!(line.outcome, CallResult::Approved(_));
            known.standing = if passed { Standing::Proven } else { Standing::Closed };
            known.outcome = line.outcome;
        }
    }

    /// A proof is good for one charge, whatever becomes of that.
    pub(super) fn spend_proof(&mut self, charge: &Request) {
        let key = charge.proof.as_ref().and_then(|proof| self.proofs.get(proof));
        if let Some(known) = key.and_then(|key| self.records.get_mut(key)) {
            known.standing = Standing::Closed;
        }
    }
}
