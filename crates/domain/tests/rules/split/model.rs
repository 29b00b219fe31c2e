//! A gateway that does as it is told, remembers what it did, and knows the truth about the money.

use std::collections::{BTreeMap, HashMap};

use domain::attempt::{Approval, CallResult, CallVerb, DeclineReason, GatewayCall};

/// What happens to one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    /// It is carried out and answered.
    Answer,
    /// A reservation or charge is approved for no more than this.
    Less(i64),
    /// The bank says no, for good and all.
    Decline(DeclineReason),
    /// It is carried out, and the answer is lost.
    Lost,
    /// It never arrives, and nobody knows.
    Dropped,
    /// It never arrives, and that is known.
    NotExecuted,
    /// Our credentials are refused.
    Misconfigured,
    /// The debit is accepted and settles later.
    Promised,
}

/// Where a reservation or charge stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Reserved,
    Taken,
    Released,
    Refused,
}

#[derive(Clone, Debug)]
struct Record {
    amount: i64,
    refunded: i64,
    standing: Standing,
    outcome: CallResult,
}

/// See the module.
#[derive(Default)]
pub(crate) struct Model {
    /// Charges and reservations by their keys.
    records: BTreeMap<String, Record>,
    /// Captures, voids and refunds by theirs.
    movements: HashMap<String, CallResult>,
    /// Every call that arrived, in order.
    pub(crate) calls: Vec<GatewayCall>,
}

impl Model {
    /// Minor units taken and not given back.
    pub(crate) fn taken(&self) -> i64 {
        let taken = self.records.values().filter(|it| it.standing == Standing::Taken);
        taken.map(|record| record.amount - record.refunded).sum()
    }

    /// Minor units that are reserved.
    pub(crate) fn reserved(&self) -> i64 {
        let reserved = self.records.values().filter(|it| it.standing == Standing::Reserved);
        reserved.map(|record| record.amount).sum()
    }

    /// A person looks whether the call of this key was carried out, and undoes at the gateway what
    /// was approved in part, because a verdict can only say all or nothing.
    pub(crate) fn find_out(&mut self, key: &str) -> bool {
        if let Some(record) = self.records.get_mut(key)
            && matches!(record.outcome, CallResult::PartiallyApproved(..))
        {
            (record.standing, record.outcome) = (Standing::Released, CallResult::NotFound);
        }
        let is_approval = |result: &CallResult| {
            matches!(result, CallResult::Approved(_) | CallResult::Pending(_))
        };
        let asked = self.records.get(key).map(|record| &record.outcome);
        asked.or(self.movements.get(key)).is_some_and(is_approval)
    }

    /// What was asked of means of paying, in order.
    pub(crate) fn asked(&self) -> Vec<i64> {
        let asks =
            |call: &&GatewayCall| matches!(call.verb, CallVerb::Charge | CallVerb::Authorize);
        self.calls.iter().filter(asks).map(|call| call.money.amount).collect()
    }

    pub(crate) fn perform(&mut self, call: &GatewayCall, mood: Mood) -> CallResult {
        match mood {
            Mood::Dropped => return CallResult::Unknown("lost on its way".into()),
            Mood::NotExecuted if is_question(call) => {
                // That a question did not arrive says nothing about what it asks.
                return CallResult::Unknown("no connection".into());
            }
            Mood::NotExecuted => return CallResult::NotExecuted("no connection".into()),
            Mood::Misconfigured if is_first(call) => {
                return CallResult::Misconfigured("401".into());
            }
            _ => {}
        }
        self.calls.push(call.clone());
        let result = self.carry_out(call, mood);
        if mood == Mood::Lost { CallResult::Unknown("no answer".into()) } else { result }
    }

    fn carry_out(&mut self, call: &GatewayCall, mood: Mood) -> CallResult {
        match &call.verb {
            CallVerb::Charge => self.ask(call, mood, Standing::Taken),
            CallVerb::Authorize => self.ask(call, mood, Standing::Reserved),
            CallVerb::Capture { charge_key, .. } => {
                self.follow(call, charge_key, mood, Standing::Taken)
            }
            CallVerb::Void { charge_key, .. } => {
                self.follow(call, charge_key, mood, Standing::Released)
            }
            CallVerb::Refund { charge_key, .. } => self.refund(call, charge_key, mood),
            CallVerb::Lookup => {
                let known = self.records.get(&call.key);
                known.map_or(CallResult::NotFound, |record| record.outcome.clone())
            }
            CallVerb::Fence => {
                let outcome = CallResult::NotExecuted("fenced".into());
                let (amount, refunded, standing) = (0, 0, Standing::Refused);
                let refused = Record { amount, refunded, standing, outcome };
                self.records.entry(call.key.clone()).or_insert(refused).outcome.clone()
            }
        }
    }

    fn ask(&mut self, call: &GatewayCall, mood: Mood, standing: Standing) -> CallResult {
        assert!(call.token.is_some(), "nothing to charge: {call:?}");
        if let Some(record) = self.records.get(&call.key) {
            return record.outcome.clone();
        }
        let asked = call.money.amount;
        let (amount, outcome) = match mood {
            Mood::Decline(reason) => (0, CallResult::Declined(reason)),
            Mood::Less(most) if most < asked => {
                (most, CallResult::PartiallyApproved(approval(call), most))
            }
            Mood::Promised => (asked, CallResult::Pending(call.key.clone())),
            _ => (asked, CallResult::Approved(approval(call))),
        };
        let standing = if amount == 0 { Standing::Refused } else { standing };
        let record = Record { amount, refunded: 0, standing, outcome: outcome.clone() };
        self.records.insert(call.key.clone(), record);
        outcome
    }

    /// A capture or a void, of all that is reserved.
    fn follow(&mut self, call: &GatewayCall, of: &str, mood: Mood, to: Standing) -> CallResult {
        if let Mood::Decline(reason) = mood {
            return CallResult::Declined(reason);
        }
        let outcome = match self.records.get_mut(of) {
            Some(record) if record.standing == to => CallResult::Approved(approval(call)),
            Some(record) if record.standing == Standing::Reserved => {
                assert_eq!(record.amount, call.money.amount, "all of it: {call:?}");
                record.standing = to;
                CallResult::Approved(approval(call))
            }
            _ => CallResult::Declined(DeclineReason::Soft),
        };
        self.movements.insert(call.key.clone(), outcome.clone());
        outcome
    }

    fn refund(&mut self, call: &GatewayCall, of: &str, mood: Mood) -> CallResult {
        if let Some(done) = self.movements.get(&call.key) {
            return done.clone();
        }
        if let Mood::Decline(reason) = mood {
            return CallResult::Declined(reason);
        }
        let Some(record) = self.records.get_mut(of) else {
            panic!("a refund of what was never asked for: {call:?}");
        };
        assert_eq!(record.standing, Standing::Taken, "nothing was taken: {call:?}");
        record.refunded += call.money.amount;
        assert!(record.refunded <= record.amount, "more than was taken: {call:?}");
        let outcome = CallResult::Approved(approval(call));
        self.movements.insert(call.key.clone(), outcome.clone());
        outcome
    }
}

/// Whether it is the first call of something that is asked once.
fn is_first(call: &GatewayCall) -> bool {
    matches!(call.verb, CallVerb::Charge | CallVerb::Authorize)
}

fn is_question(call: &GatewayCall) -> bool {
    matches!(call.verb, CallVerb::Lookup | CallVerb::Fence)
}

fn approval(call: &GatewayCall) -> Approval {
    Approval { reference: format!("ref_{}", call.key), ..Approval::default() }
}
