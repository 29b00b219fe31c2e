//! A gateway that is watched: what is refused while it is silent, what never is, and what is told.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::support::{GOOD_CARD, NOW, card, charge, kind, krona, sandbox_terms};
use async_trait::async_trait;
use domain::attempt::{Approval, CallResult, DeclineReason, GatewayTerms};
use domain::time::{Span, Timestamp};
use gateway::{
    Authentication, CallOutcome, CallTimes, CardToken, ChargeName, Clock, Gateway,
    GatewayCondition, GatewayVerb, Guarded, PaymentRequest, SavedCard, Sending, Silence, Source,
    TokenUse,
};

/// What this gateway answers to everything; never, when it is `Hangs`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mood {
    Approves,
    Declines,
    Refuses,
    Errs,
    Unreachable,
    Hangs,
}

struct Moody {
    terms: GatewayTerms,
    mood: std::sync::Mutex<Mood>,
}

impl Moody {
    async fn answer(&self) -> CallResult {
        let mood = *self.mood.lock().unwrap();
        match mood {
            Mood::Approves => CallResult::Approved(Approval::default()),
            Mood::Declines => CallResult::Declined(DeclineReason::Soft),
            Mood::Refuses => CallResult::NotExecuted("The amount is odd.".into()),
            Mood::Errs => CallResult::Unknown("The gateway answered with status 500.".into()),
            Mood::Unreachable => Silence::NotSent("refused".into()).result(Sending::Once),
            Mood::Hangs => std::future::pending().await,
        }
    }
}

#[async_trait]
impl Gateway for Moody {
    fn terms(&self) -> &GatewayTerms {
        &self.terms
    }

    async fn authorize(&self, _request: &PaymentRequest<'_>, _source: &Source) -> CallResult {
        self.answer().await
    }

    async fn sale(&self, _request: &PaymentRequest<'_>, _source: &Source) -> CallResult {
        self.answer().await
    }

    async fn capture(&self, _request: &PaymentRequest<'_>, _charge: &ChargeName<'_>) -> CallResult {
        self.answer().await
    }

    async fn void(&self, _request: &PaymentRequest<'_>, _charge: &ChargeName<'_>) -> CallResult {
        self.answer().await
    }

    async fn refund(&self, _request: &PaymentRequest<'_>, _charge: &ChargeName<'_>) -> CallResult {
        self.answer().await
    }

    async fn lookup(&self, _request: &PaymentRequest<'_>) -> CallResult {
        self.answer().await
    }

    async fn fence(&self, _request: &PaymentRequest<'_>) -> CallResult {
        self.answer().await
    }

    async fn tokenize(
        &self,
        _request: &PaymentRequest<'_>,
        _source: &Source,
        token_use: TokenUse,
    ) -> Result<SavedCard, CallResult> {
        match self.answer().await {
            CallResult::Approved(_) => Ok(SavedCard {
                token: CardToken::parse(token_use, "t").unwrap(),
                card_mask: String::new(),
                expiry: None,
            }),
            other => Err(other),
        }
    }

    async fn pay_open(
        &self,
        _request: &PaymentRequest<'_>,
        _handle: &str,
        _source: &Source,
    ) -> CallResult {
        self.answer().await
    }
}

struct Watched {
    moody: Arc<Moody>,
    guarded: Guarded,
    micros: Arc<AtomicI64>,
}

impl Watched {
    fn new(mood: Mood) -> Watched {
        let moody = Arc::new(Moody { terms: sandbox_terms(), mood: mood.into() });
        let micros = Arc::new(AtomicI64::new(NOW.0));
        let read = Arc::clone(&micros);
        let clock: Clock = Arc::new(move || Timestamp(read.load(Ordering::Relaxed)));
        let guarded = Guarded::new(moody.clone(), clock);
        Watched { moody, guarded, micros }
    }

    fn is(&self, mood: Mood) {
        *self.moody.mood.lock().unwrap() = mood;
    }

    fn wait(&self, span: Span) {
        let micros = i64::try_from(span.as_milliseconds()).unwrap() * 1_000;
        self.micros.fetch_add(micros, Ordering::Relaxed);
    }

    /// A sale whose caller waits no longer than a moment.
    async fn sale(&self) -> String {
        let (request, card) = (krona("k", 100), card(GOOD_CARD));
        let sale = self.guarded.sale(&request, &card);
        match tokio::time::timeout(std::time::Duration::from_millis(20), sale).await {
            Ok(CallResult::NotExecuted(reason)) if reason.contains("is not answering") => {
                "refused".into()
            }
            Ok(result) => kind(&result),
            Err(_) => "time over".into(),
        }
    }

    fn condition(&self) -> GatewayCondition {
        self.guarded.health().unwrap().condition
    }
}

#[tokio::test]
async fn charges_stop_at_a_silent_gateway() {
    // Proves what counts as silence: errors, closed doors and calls whose time was over do, and
    // declines and refusals of what was asked do not.
    for (mood, first, sixth) in [
        (Mood::Errs, "unknown", "refused"),
        (Mood::Unreachable, "not executed", "refused"),
        (Mood::Hangs, "time over", "refused"),
        (Mood::Approves, "approved", "approved"),
        (Mood::Declines, "declined Soft", "declined Soft"),
        (Mood::Refuses, "not executed", "not executed"),
    ] {
        let watched = Watched::new(mood);
        for _ in 0..5 {
            assert_eq!(watched.sale().await, first);
        }
        assert_eq!(watched.sale().await, sixth, "{first}");
        let counts = watched.guarded.health().unwrap().counts;
        let refused = u64::from(sixth == "refused");
        assert_eq!((counts.calls, counts.refused), (6 - refused, refused), "{first}");
        assert_eq!(counts.unknown, if refused == 1 { 5 } else { 0 }, "{first}");
    }
}

#[tokio::test]
async fn what_has_begun_always_passes() {
    // Proves that questions, fences, captures, voids, refunds and open payments reach a gateway
    // that is silent, that new reservations and tokens do not, and that one readable answer lets
    // charges pass again.
    let watched = Watched::new(Mood::Errs);
    for _ in 0..5 {
        watched.sale().await;
    }
    watched.is(Mood::Hangs);
    let (request, source, of) = (krona("k", 100), card(GOOD_CARD), charge("c"));
    let guarded = &watched.guarded;
    assert_eq!(kind(&guarded.authorize(&request, &source).await), "not executed");
    let kept = guarded.tokenize(&request, &source, TokenUse::Multi).await;
    assert_eq!(kind(&kept.unwrap_err()), "not executed");
    let enrolled = guarded.enrol(&request, &source, "https://app.example.org").await;
    assert!(matches!(enrolled, Authentication::Unavailable(_)), "{enrolled:?}");
    watched.is(Mood::Errs);
    for result in [
        guarded.lookup(&request).await,
        guarded.fence(&request).await,
        guarded.capture(&request, &of).await,
        guarded.void(&request, &of).await,
        guarded.refund(&request, &of).await,
        guarded.pay_open(&request, "h", &source).await,
    ] {
        assert_eq!(kind(&result), "unknown");
    }
    assert_eq!(watched.sale().await, "refused");
    watched.is(Mood::Declines);
    guarded.lookup(&request).await;
    assert_eq!(watched.condition(), GatewayCondition::Up);
    assert_eq!(watched.sale().await, "declined Soft");
}

#[tokio::test]
async fn one_charge_tries_again_after_the_pause() {
    // Proves the way back, and each condition that is told on it.
    let watched = Watched::new(Mood::Errs);
    assert_eq!(watched.condition(), GatewayCondition::Up);
    watched.sale().await;
    assert_eq!(watched.condition(), GatewayCondition::Failing(1));
    for _ in 0..4 {
        watched.sale().await;
    }
    let until = NOW.after(Span::seconds(5));
    assert_eq!(watched.condition(), GatewayCondition::OpenUntil(until));
    watched.wait(Span::seconds(5));
    assert_eq!(watched.sale().await, "unknown");
    let until = until.after(Span::seconds(10));
    assert_eq!(watched.condition(), GatewayCondition::OpenUntil(until));
    watched.wait(Span::seconds(10));
    watched.is(Mood::Hangs);
    let (request, source) = (krona("k", 100), card(GOOD_CARD));
    let mut probe = Box::pin(watched.guarded.sale(&request, &source));
    assert!(futures_pending(&mut probe).await);
    assert_eq!(watched.condition(), GatewayCondition::Probing);
    assert_eq!(watched.sale().await, "refused");
    drop(probe);
    watched.wait(Span::seconds(20));
    watched.is(Mood::Approves);
    assert_eq!(watched.sale().await, "approved");
    let health = watched.guarded.health().unwrap();
    assert_eq!((health.condition, health.counts.approved), (GatewayCondition::Up, 1));
    assert_eq!(health.last_answer_at, Some(Timestamp(watched.micros.load(Ordering::Relaxed))));
}

/// Lets a call begin; whether it still waits.
async fn futures_pending(call: &mut (impl Future<Output = CallResult> + Unpin)) -> bool {
    tokio::time::timeout(std::time::Duration::from_millis(5), call).await.is_err()
}

#[tokio::test]
async fn a_sandbox_is_only_watched() {
    // Proves that the watched sandbox is never refused, however silent it plays.
    let moody = Arc::new(Moody { terms: sandbox_terms(), mood: Mood::Errs.into() });
    let guarded = Guarded::watching(moody, Arc::new(|| NOW));
    for _ in 0..20 {
        let result = guarded.sale(&krona("k", 100), &card(GOOD_CARD)).await;
        assert_eq!(kind(&result), "unknown");
    }
    assert_eq!(guarded.health().unwrap().counts.refused, 0);
}

#[tokio::test]
async fn calls_are_counted_by_verb_and_outcome() {
    // Proves that every call is counted once, under what was asked and what came of it, and that
    // one which was not sent has no time.
    let watched = Watched::new(Mood::Approves);
    let (request, source, of) = (krona("k", 100), card(GOOD_CARD), charge("c"));
    let guarded = &watched.guarded;
    watched.sale().await;
    guarded.tokenize(&request, &source, TokenUse::Multi).await.unwrap();
    watched.is(Mood::Declines);
    guarded.capture(&request, &of).await;
    guarded.receipt(&of).await;
    guarded.key_of("pi_1").await.unwrap();
    for mood in [Mood::Errs, Mood::Unreachable, Mood::Hangs, Mood::Errs, Mood::Errs, Mood::Errs] {
        watched.is(mood);
        watched.sale().await;
    }
    let meter = guarded.meter().unwrap();
    let counted: Vec<_> = GatewayVerb::ALL
        .iter()
        .flat_map(|verb| CallOutcome::ALL.iter().map(move |outcome| (*verb, *outcome)))
        .map(|(verb, outcome)| (verb.name(), outcome.name(), meter.count(verb, outcome)))
        .filter(|(.., count)| *count > 0)
        .collect();
    let expected = [
        ("sale", "approved", 1),
        ("sale", "unreachable", 1),
        ("sale", "unknown", 4),
        ("sale", "refused", 1),
        ("capture", "declined", 1),
        ("tokenize", "given", 1),
        ("receipt", "unavailable", 1),
        ("key_of", "given", 1),
    ];
    assert_eq!(counted, expected);
    assert_eq!(meter.times(GatewayVerb::Sale).within[0], 6, "the refused one took no time");
}

#[tokio::test]
async fn times_are_counted_by_limit() {
    // Proves on both sides of each limit under which one a call's time counts.
    for (took_ms, expected) in [
        (0, Some(0)),
        (25, Some(0)),
        (26, Some(1)),
        (2_500, Some(6)),
        (30_000, Some(9)),
        (30_001, None),
    ] {
        let watched = Watched::new(Mood::Hangs);
        let (request, card) = (krona("k", 100), card(GOOD_CARD));
        let mut call = Box::pin(watched.guarded.sale(&request, &card));
        assert!(futures_pending(&mut call).await);
        watched.wait(Span::milliseconds(took_ms));
        drop(call);
        let meter = watched.guarded.meter().unwrap();
        let CallTimes { within, beyond, sum_us } = meter.times(GatewayVerb::Sale);
        let place = within.iter().position(|count| *count == 1);
        assert_eq!((place, *sum_us), (expected, u64::from(took_ms) * 1_000), "{took_ms}");
        assert_eq!(*beyond, u64::from(expected.is_none()), "{took_ms}");
    }
}
