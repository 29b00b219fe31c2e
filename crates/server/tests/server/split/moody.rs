//! The sandbox, with something happening to one of its calls.

use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use domain::attempt::{CallResult, DeclineReason, GatewayTerms};
use gateway::sandbox::Sandbox;
use gateway::{ChargeName, Gateway, PaymentRequest, Source};

/// What happens to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    /// It is carried out and answered.
    Answer,
    /// It is carried out, and the answer is lost.
    Lost,
    /// It never arrives, and nobody knows.
    Dropped,
    /// A part of the sale is declined; other calls are answered.
    Declined,
}

/// See the module.
pub(crate) struct Moody {
    sandbox: Sandbox,
    /// Which call, from 0, and what happens to it.
    fate: (usize, Mood),
    calls: AtomicUsize,
}

impl Moody {
    pub(crate) fn new(sandbox: Sandbox, fate: (usize, Mood)) -> Moody {
        Moody { sandbox, fate, calls: AtomicUsize::new(0) }
    }

    async fn call(&self, asks: bool, real: impl Future<Output = CallResult>) -> CallResult {
        let (call, mood) = self.fate;
        let is_meant = self.calls.fetch_add(1, Ordering::Relaxed) == call;
        match mood {
            Mood::Lost if is_meant => {
                real.await;
                CallResult::Unknown("the answer was lost".into())
            }
            Mood::Dropped if is_meant => CallResult::Unknown("lost on its way".into()),
            Mood::Declined if is_meant && asks => CallResult::Declined(DeclineReason::Soft),
            _ => real.await,
        }
    }
}

#[async_trait]
impl Gateway for Moody {
    fn terms(&self) -> &GatewayTerms {
        self.sandbox.terms()
    }

    async fn authorize(&self, request: &PaymentRequest<'_>, source: &Source) -> CallResult {
        self.call(true, self.sandbox.authorize(request, source)).await
    }

    async fn sale(&self, request: &PaymentRequest<'_>, source: &Source) -> CallResult {
        self.call(true, self.sandbox.sale(request, source)).await
    }

    async fn capture(&self, request: &PaymentRequest<'_>, charge: &ChargeName<'_>) -> CallResult {
        self.call(false, self.sandbox.capture(request, charge)).await
    }

    async fn void(&self, request: &PaymentRequest<'_>, charge: &ChargeName<'_>) -> CallResult {
        self.call(false, self.sandbox.void(request, charge)).await
    }

    async fn refund(&self, request: &PaymentRequest<'_>, charge: &ChargeName<'_>) -> CallResult {
        self.call(false, self.sandbox.refund(request, charge)).await
    }

    async fn lookup(&self, request: &PaymentRequest<'_>) -> CallResult {
        self.call(false, self.sandbox.lookup(request)).await
    }

    async fn fence(&self, request: &PaymentRequest<'_>) -> CallResult {
        self.call(false, self.sandbox.fence(request)).await
    }
}
