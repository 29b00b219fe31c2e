//! Gateways that do what a test needs.

use async_trait::async_trait;
use domain::attempt::{CallResult, GatewayTerms};
use domain::time::Span;
use gateway::sandbox::{Sandbox, terms};
use gateway::{ChargeName, Gateway, PaymentRequest, Source};
use tokio::sync::watch;

/// The sandbox behind a gate: charges wait until it is opened. Questions pass.
pub(crate) struct Gate {
    sandbox: Sandbox,
    open: watch::Sender<bool>,
    begun: watch::Sender<usize>,
}

impl Gate {
    pub(crate) fn new(sandbox: Sandbox) -> Gate {
        Gate { sandbox, open: watch::Sender::new(false), begun: watch::Sender::new(0) }
    }

    /// Lets all charges through from now on.
    pub(crate) fn open(&self) {
        self.open.send_replace(true);
    }

    /// Waits until so many charges have come to the gate.
    pub(crate) async fn begun(&self, count: usize) {
        let mut begun = self.begun.subscribe();
        begun.wait_for(|begun| *begun >= count).await.unwrap();
    }
}

#[async_trait]
impl Gateway for Gate {
    fn terms(&self) -> &GatewayTerms {
        self.sandbox.terms()
    }

    async fn sale(&self, request: &PaymentRequest<'_>, source: &Source) -> CallResult {
        self.begun.send_modify(|begun| *begun += 1);
        self.open.subscribe().wait_for(|open| *open).await.unwrap();
        self.sandbox.sale(request, source).await
    }

    async fn refund(&self, request: &PaymentRequest<'_>, charge: &ChargeName<'_>) -> CallResult {
        self.sandbox.refund(request, charge).await
    }

    async fn lookup(&self, request: &PaymentRequest<'_>) -> CallResult {
        self.sandbox.lookup(request).await
    }

    async fn fence(&self, request: &PaymentRequest<'_>) -> CallResult {
        self.sandbox.fence(request).await
    }
}

/// Takes the call, never answers, and cannot be asked.
pub(crate) struct Silence(GatewayTerms);

impl Silence {
    pub(crate) fn new() -> Silence {
        Silence(GatewayTerms { deadline: Span::milliseconds(50), ..terms("sandbox") })
    }
}

#[async_trait]
impl Gateway for Silence {
    fn terms(&self) -> &GatewayTerms {
        &self.0
    }

    async fn sale(&self, _: &PaymentRequest<'_>, _: &Source) -> CallResult {
        std::future::pending().await
    }
}

/// Refuses every charge before it is carried out.
pub(crate) struct Refusal(GatewayTerms);

impl Refusal {
    pub(crate) fn new() -> Refusal {
        Refusal(terms("sandbox"))
    }
}

#[async_trait]
impl Gateway for Refusal {
    fn terms(&self) -> &GatewayTerms {
        &self.0
    }

    async fn sale(&self, _: &PaymentRequest<'_>, _: &Source) -> CallResult {
        CallResult::NotExecuted("the line is down".into())
    }
}

/// The sandbox, but it never says what became of a refund.
pub(crate) struct StuckRefunds {
    sandbox: Sandbox,
    terms: GatewayTerms,
}

impl StuckRefunds {
    pub(crate) fn new(sandbox: Sandbox) -> StuckRefunds {
        let terms = GatewayTerms { deadline: Span::milliseconds(50), ..terms("sandbox") };
        StuckRefunds { sandbox, terms }
    }
}

#[async_trait]
impl Gateway for StuckRefunds {
    fn terms(&self) -> &GatewayTerms {
        &self.terms
    }

    async fn sale(&self, request: &PaymentRequest<'_>, source: &Source) -> CallResult {
        self.sandbox.sale(request, source).await
    }

    async fn refund(&self, _: &PaymentRequest<'_>, _: &ChargeName<'_>) -> CallResult {
        std::future::pending().await
    }
}
