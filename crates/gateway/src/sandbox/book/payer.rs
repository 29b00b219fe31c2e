//! Payment by telephone in the book: the charge stands as asked until its payer answers.

use domain::attempt::{CallResult, DeclineReason};
use domain::time::Timestamp;

use super::{Book, Decision, Standing, applied, repeated};
use crate::sandbox::behaviour::{PAYER_TAKES, Payer};
use crate::sandbox::line::{LogLine, Operation, Request};

impl Book {
    /// What the payer of this charge has done by `now` and nobody has written down yet.
    pub(in crate::sandbox) fn payer_answer(&self, key: &str, now: Timestamp) -> Option<Request> {
        let known = self.records.get(key)?;
        let answered =
            known.standing == Standing::Asked && now >= known.begun_at.after(PAYER_TAKES);
        let operation = match known.request.phone.as_ref().filter(|_| answered)?.payer {
            Payer::Accepts => Operation::PayerAccepts,
            Payer::Rejects => Operation::PayerRejects,
            Payer::Silent => return None,
        };
        Some(Request::new(operation))
    }

    pub(super) fn answer_payer(&self, key: &str, request: &Request) -> Decision {
        match self.records.get(key) {
            None => self.look_up(key),
            Some(known) if known.standing != Standing::Asked => repeated(known),
            Some(_) if request.operation == Operation::PayerAccepts => applied(self.approval(None)),
            Some(_) => applied(CallResult::Declined(DeclineReason::RejectedByPayer)),
        }
    }

    pub(super) fn apply_payer(&mut self, line: LogLine) {
        if let Some(charge) = self.records.get_mut(&line.key) {
            charge.moved = line.moved();
            charge.standing = Standing::of_charge(Operation::Sale, &line.outcome);
            charge.outcome = line.outcome;
        }
    }
}
