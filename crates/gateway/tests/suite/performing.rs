//! What [`gateway::perform`] enforces, whatever the gateway does.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::support::{GOOD_CARD, NOW, card, kind, sandbox_terms};
use async_trait::async_trait;
use domain::attempt::{Approval, CallResult, CallVerb, Consent, GatewayCall, GatewayTerms};
use domain::ids::{SaleId, Shard};
use domain::money::{Currency, Money};
use domain::time::{Span, Timestamp};
use gateway::{ChargeName, Gateway, PaymentRequest, Source, perform};

/// How long this gateway may take as it is configured now.
const CONFIGURED_DEADLINE_MS: u32 = 300;

/// Counts what reaches it and answers everything with an approval, or never.
struct Recorder {
    terms: GatewayTerms,
    answers: bool,
    calls: AtomicU32,
}

impl Recorder {
    fn new(resumable: bool, answers: bool) -> Recorder {
        let deadline = Span::milliseconds(CONFIGURED_DEADLINE_MS);
        let terms = GatewayTerms { resumable, deadline, ..sandbox_terms() };
        Recorder { terms, answers, calls: AtomicU32::new(0) }
    }

    async fn answer(&self) -> CallResult {
        self.calls.fetch_add(1, Ordering::Relaxed);
        if !self.answers {
            std::future::pending::<()>().await;
        }
        CallResult::Approved(Approval::default())
    }
}

#[async_trait]
impl Gateway for Recorder {
    fn terms(&self) -> &GatewayTerms {
        &self.terms
    }

    async fn sale(&self, _request: &PaymentRequest<'_>, _source: &Source) -> CallResult {
        self.answer().await
    }

    async fn refund(&self, _request: &PaymentRequest<'_>, _charge: &ChargeName<'_>) -> CallResult {
        self.answer().await
    }

    async fn authorize(&self, request: &PaymentRequest<'_>, _source: &Source) -> CallResult {
        assert!(request.reserves, "whoever is asked by sending it again must know that");
        self.answer().await
    }

    async fn capture(&self, _request: &PaymentRequest<'_>, charge: &ChargeName<'_>) -> CallResult {
        assert_eq!((charge.key, charge.reference), ("att_0", "ref"));
        self.answer().await
    }

    async fn void(&self, _request: &PaymentRequest<'_>, charge: &ChargeName<'_>) -> CallResult {
        assert_eq!((charge.key, charge.reference), ("att_0", "ref"));
        self.answer().await
    }

    async fn lookup(&self, _request: &PaymentRequest<'_>) -> CallResult {
        self.answer().await
    }

    async fn fence(&self, _request: &PaymentRequest<'_>) -> CallResult {
        self.answer().await
    }
}

/// A gateway that offers nothing at all.
struct Nothing(GatewayTerms);

impl Gateway for Nothing {
    fn terms(&self) -> &GatewayTerms {
        &self.0
    }
}

fn call(verb: CallVerb, send_before: Timestamp) -> GatewayCall {
    let verb_reserves = verb == CallVerb::Authorize;
    GatewayCall {
        shard: Shard(1),
        sale: SaleId(2),
        partner: None,
        attempt: 1,
        gateway: "sandbox".into(),
        key: "att_1".into(),
        verb,
        token: None,
        reserves: verb_reserves,
        consent: Consent::ThisCharge,
        handle: None,
        money: Money::new(5_000, Currency::ISK),
        send_before,
        deadline: Span::milliseconds(50),
    }
}

fn refund() -> CallVerb {
    CallVerb::Refund { charge_key: "att_0".into(), reference: "ref".into() }
}

fn capture() -> CallVerb {
    CallVerb::Capture { charge_key: "att_0".into(), reference: "ref".into() }
}

fn void() -> CallVerb {
    CallVerb::Void { charge_key: "att_0".into(), reference: "ref".into() }
}

#[tokio::test]
async fn movements_are_not_sent_late() {
    // Proves that nothing leaves at or after send_before, and what that says about the key.
    let before = Timestamp(NOW.0 - 1);
    let after = Timestamp(NOW.0 + 1);
    for (resumable, verb, send_before, expected, calls) in [
        (true, CallVerb::Charge, after, "approved", 1),
        (true, CallVerb::Charge, NOW, "not executed", 0),
        (false, CallVerb::Charge, before, "not executed", 0),
        (true, refund(), after, "approved", 1),
        // Where a key may be sent again, an earlier sending may have arrived.
        (true, refund(), NOW, "unknown", 0),
        (false, refund(), NOW, "not executed", 0),
        (true, CallVerb::Authorize, after, "approved", 1),
        (true, CallVerb::Authorize, NOW, "not executed", 0),
        // What happens to a reservation once only is sent again by whatever gateway.
        (false, capture(), after, "approved", 1),
        (false, capture(), NOW, "unknown", 0),
        (true, void(), after, "approved", 1),
        (false, void(), NOW, "unknown", 0),
        (true, CallVerb::Lookup, before, "approved", 1),
        (true, CallVerb::Fence, before, "approved", 1),
    ] {
        let gateway = Recorder::new(resumable, true);
        let call = call(verb, send_before);
        let result = perform(&gateway, &call, Some(&card(GOOD_CARD)), NOW).await;
        assert_eq!(kind(&result), expected, "{call:?}");
        assert_eq!(gateway.calls.load(Ordering::Relaxed), calls, "{call:?}");
    }
}

#[tokio::test]
async fn silence_is_unknown() {
    // Proves that a deadline that passes is never a decline, for every verb.
    let gateway = Recorder::new(true, false);
    let movements = [CallVerb::Charge, CallVerb::Authorize, capture(), void(), refund()];
    for verb in movements.into_iter().chain([CallVerb::Lookup, CallVerb::Fence]) {
        let call = call(verb, Timestamp(NOW.0 + 1));
        let result = perform(&gateway, &call, Some(&card(GOOD_CARD)), NOW).await;
        assert_eq!(kind(&result), "unknown", "{call:?}");
    }
}

#[tokio::test]
async fn questions_get_the_time_that_is_configured_now() {
    // Proves that an attempt written down with hardly any time can still be asked about, while
    // its charge keeps the deadline that the janitor counts on.
    for (verb, expected) in [
        (CallVerb::Charge, "50 ms"),
        (CallVerb::Authorize, "50 ms"),
        (capture(), "300 ms"),
        (void(), "300 ms"),
        (refund(), "300 ms"),
        (CallVerb::Lookup, "300 ms"),
    ] {
        let gateway = Recorder::new(true, false);
        let hasty = call(verb, Timestamp(NOW.0 + 1));
        let hasty = GatewayCall { deadline: Span::milliseconds(50), ..hasty };
        let result = perform(&gateway, &hasty, Some(&card(GOOD_CARD)), NOW).await;
        assert!(format!("{result:?}").contains(expected), "{hasty:?}: {result:?}");
    }
}

#[tokio::test]
async fn a_charge_needs_a_card() {
    // Proves that a call whose card is gone reaches no gateway.
    let gateway = Recorder::new(true, true);
    for verb in [CallVerb::Charge, CallVerb::Authorize] {
        let call = call(verb, Timestamp(NOW.0 + 1));
        assert_eq!(kind(&perform(&gateway, &call, None, NOW).await), "not executed");
        assert_eq!(gateway.calls.load(Ordering::Relaxed), 0);
    }
}

#[tokio::test]
async fn verbs_that_are_not_offered_say_so() {
    // Proves that a missing verb moves no money, and that a missing question proves nothing.
    let gateway = Nothing(sandbox_terms());
    for (verb, expected) in [
        (CallVerb::Charge, "not executed"),
        (CallVerb::Authorize, "not executed"),
        (capture(), "not executed"),
        (void(), "not executed"),
        (refund(), "not executed"),
        (CallVerb::Lookup, "unknown"),
        (CallVerb::Fence, "unknown"),
    ] {
        let call = call(verb, Timestamp(NOW.0 + 1));
        let result = perform(&gateway, &call, Some(&card(GOOD_CARD)), NOW).await;
        assert_eq!(kind(&result), expected, "{call:?}");
    }
}
