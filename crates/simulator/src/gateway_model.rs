//! The gateway as a node reaches it: calls travel, get lost, come late or twice.

use std::sync::Arc;

use async_trait::async_trait;
use domain::attempt::{CallResult, GatewayTerms};
use domain::time::Span;
use gateway::{CardToken, ChargeName, Gateway, PaymentRequest, Source, SourceKind, TokenUse};
use tokio::sync::oneshot;

use crate::book::Request;
use crate::life::Life;
use crate::plan::{Fate, Place, Way};
use crate::world::{World, sleep_ms};

/// What both gateways of a run promise (`payments.md` §6.3).
pub(crate) fn terms(resumable: bool) -> GatewayTerms {
    let name = if resumable { "asked" } else { "mute" };
    GatewayTerms {
        name: name.to_owned(),
        resumable,
        send_within: Span::seconds(10),
        deadline: Span::seconds(30),
        push: None,
    }
}

/// The card of an order; its text leads the gateway to the order's script.
pub(crate) fn card(order: u32) -> Option<Source> {
    let token = CardToken::parse(TokenUse::Single, &format!("card_{order}")).ok()?;
    Some(SourceKind::Token(token).into())
}

fn order_of(source: &Source) -> u32 {
    match &source.what {
        SourceKind::Token(token) => {
            token.expose().trim_start_matches("card_").parse().unwrap_or(u32::MAX)
        }
        SourceKind::Card(_) | SourceKind::Phone(_) | SourceKind::Browser => u32::MAX,
    }
}

/// One node's way to the gateway.
pub(crate) struct SimGateway {
    life: Arc<Life>,
    terms: GatewayTerms,
}

impl SimGateway {
    pub(crate) fn new(life: &Arc<Life>, resumable: bool) -> SimGateway {
        SimGateway { life: Arc::clone(life), terms: terms(resumable) }
    }

    async fn call(&self, key: &str, request: Request) -> CallResult {
        let world = &self.life.world;
        world.judge().hears_begin(key, world.now());
        self.life.pass(Place::CallLeaves).await;
        world.judge().hears_call(key, &request, world.now());
        let way = world.book().way(key, &request, world.judge().order_of_key(key));
        let node = self.life.node;
        world.tell(|| format!("Node {node} calls the gateway: {request:?} {key}, {way:?}."));
        let (reply, answer) = oneshot::channel();
        tokio::spawn(travel(Arc::clone(world), key.to_owned(), request, way, reply));
        self.life.pass(Place::CallOut).await;
        let gone = || CallResult::Unknown("The connection is gone.".to_owned());
        let result = answer.await.unwrap_or_else(|_| gone());
        self.life.pass(Place::CallAnswered).await;
        world.judge().hears_answer(key);
        world.tell(|| format!("Node {node} hears about {key}: {result:?}."));
        result
    }
}

/// A call on its way, whatever becomes of the node that made it.
async fn travel(
    world: Arc<World>,
    key: String,
    request: Request,
    way: Way,
    reply: oneshot::Sender<CallResult>,
) {
    sleep_ms(way.there_ms).await;
    let execute = || {
        let result = world.book().execute(&key, &request, world.now());
        world.tell(|| format!("The gateway did {request:?} {key}: {result:?}."));
        result
    };
    match way.fate {
        Fate::Answered => {
            let result = execute();
            sleep_ms(way.back_ms).await;
            let _ = reply.send(result);
        }
        Fate::AnswerDropped => drop(execute()),
        Fate::Dropped => {}
        Fate::Silent => {
            execute();
            std::future::pending::<()>().await;
        }
        Fate::Straggles { after_ms } => {
            drop(reply);
            sleep_ms(after_ms).await;
            execute();
        }
        Fate::Twice { after_ms } => {
            let _ = reply.send(execute());
            sleep_ms(after_ms).await;
            execute();
        }
    }
}

#[async_trait]
impl Gateway for SimGateway {
    fn terms(&self) -> &GatewayTerms {
        &self.terms
    }

    async fn sale(&self, request: &PaymentRequest<'_>, source: &Source) -> CallResult {
        let charge = Request::Charge { order: order_of(source), amount: request.money.amount };
        self.call(request.key, charge).await
    }

    async fn refund(&self, request: &PaymentRequest<'_>, charge: &ChargeName<'_>) -> CallResult {
        let (charge_key, amount) = (charge.key.to_owned(), request.money.amount);
        self.call(request.key, Request::Refund { charge_key, amount }).await
    }

    async fn lookup(&self, request: &PaymentRequest<'_>) -> CallResult {
        if self.terms.resumable {
            self.call(request.key, Request::Lookup).await
        } else {
            CallResult::Unknown("This gateway cannot be asked.".to_owned())
        }
    }

    async fn fence(&self, request: &PaymentRequest<'_>) -> CallResult {
        if self.terms.resumable {
            self.call(request.key, Request::Fence).await
        } else {
            CallResult::Unknown("This gateway cannot be told.".to_owned())
        }
    }
}
