//! By what an order is known when it comes again (`payments.md` §6.5), for every operation that
//! charges, and that a signature is good for one request, for every operation that is signed.

use domain::idempotency::{Marks, UseSignature};
use domain::ids::Shard;
use gateway::Source;
use wire::Value;

use super::Call;
use super::family::{Failure, wrong};
use crate::access::signature::SignatureUsed;
use crate::app::App;
use crate::idempotency::{Body, is_key};

/// One request as it is compared with an earlier one.
pub(super) struct Repeatable<'a, R> {
    pub(super) app: &'a App,
    pub(super) call: &'a Call<'a>,
    /// The operation's name, in which a caller's key counts.
    pub(super) operation: &'a str,
    /// It must hold nothing any more that proves who sent it, because a repeat is signed anew.
    pub(super) request: &'a R,
    /// What pays for it.
    pub(super) source: Option<&'a Source>,
}

impl<R: Value> Repeatable<'_, R> {
    /// The marks of the request with one seller.
    ///
    /// # Errors
    /// A failure naming the header when the caller's key is none; a fault of the store.
    pub(super) async fn marks(
        &self,
        signature: Option<&SignatureUsed>,
        seller: Shard,
    ) -> Result<Marks, Failure> {
        let key = self.call.idempotency_key;
        if key.is_some_and(|key| !is_key(key)) {
            let message = "It must have 1 to 255 printable characters.";
            return Err(Failure::invalid(vec![wrong("Idempotency-Key", message)]));
        }
        if key.is_none() && signature.is_none() {
            return Ok(Marks::default());
        }
        let (body, caller) = (self.body(), self.caller());
        let key = key.map(|key| body.under_key(caller, self.operation, key));
        let earlier = match key {
            Some(identity) => {
                let today = self.app.clock.now().day();
                self.app.store.idempotency_before(seller, identity.hash, today).await?
            }
            None => None,
        };
        let signature = signature.map(|used| body.signed(caller, used));
        Ok(Marks { key, signature, earlier })
    }

    /// What tells this caller's request from others where something else is its identity.
    pub(super) fn fingerprint(&self) -> u128 {
        self.body().of_caller(self.caller())
    }

    fn body(&self) -> Body {
        let card = self.source.map(|source| source.fingerprint(&self.app.fingerprint_key));
        Body::of(self.request, card)
    }

    fn caller(&self) -> u32 {
        self.call.principal.as_ref().map_or(0, |caller| caller.id.0)
    }
}

/// Uses up the signature of a request that leads to no sale, before anything is done. What leads
/// to one remembers it with the sale ([`Repeatable::marks`]).
///
/// # Errors
/// [`domain::refusal::Code::SignatureReplayed`], or a fault of the store.
pub(super) async fn use_up(
    app: &App,
    call: &Call<'_>,
    signature: Option<&SignatureUsed>,
    body: &Body,
) -> Result<(), Failure> {
    let Some(used) = signature else { return Ok(()) };
    let caller = call.principal.as_ref().map_or(0, |caller| caller.id.0);
    app.store.submit(UseSignature(body.signed(caller, used))).await?;
    Ok(())
}
