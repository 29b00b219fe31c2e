//! Who calls an operation of clubs, and what that caller may touch in this call (`domain.md` §1.4,
//! §6.1). Every operation of clubs begins here.
//!
//! A program shows the key of a chain: in a header, in the query, or in the body. The operator's
//! own people may call, too; they name the chain.

use std::sync::Arc;

use contract::contract_sold::RestrictedResourceType;
use domain::api_key::{ClubScope, Restriction};
use domain::audit::AuditEvent;
use domain::club::Chain;
use domain::ids::{ClubStoreId, MemberId, Shard};
use domain::refusal::{Code, Refusal};
use service::types::SecretText;

use crate::access::admit::Refused;
use crate::access::{Caller, may_act_for};
use crate::app::App;
use crate::operations::Call;
use crate::operations::family::{Failure, wrong};

/// The roles of the operator's own people.
const OFFICE_ROLES: [&str; 2] = ["Admin", "TeamAdmin"];

/// What a request says of its caller.
#[derive(Clone, Copy, Default)]
pub(in crate::operations) struct Asked<'a> {
    /// The operation's name, for the audit.
    pub(in crate::operations) operation: &'a str,
    /// The key, where the request itself carries it.
    pub(in crate::operations) api_key: Option<&'a SecretText>,
    /// The chain; 0 means not stated.
    pub(in crate::operations) chain_id: Option<i32>,
    /// What the call is narrowed to.
    pub(in crate::operations) restricted_id: Option<i32>,
    /// Of which kind that is.
    pub(in crate::operations) restricted_type: Option<RestrictedResourceType>,
}

/// A caller that may touch something of one chain.
pub(in crate::operations) struct ClubCaller {
    /// The chain.
    pub(in crate::operations) chain: Shard,
    /// Who it is.
    pub(in crate::operations) caller: Arc<Caller>,
    scope: ClubScope,
}

impl ClubCaller {
    /// The store of a published number, if this caller may sell there. Whether there is such a
    /// store is not looked at.
    ///
    /// # Errors
    /// [`Code::StoreNotFound`], [`Code::StoreNotAllowed`]
    pub(in crate::operations) fn store(&self, number: i32) -> Result<ClubStoreId, Refusal> {
        let not_found = || Refusal::new(Code::StoreNotFound, "This chain has no such store.");
        let store = u32::try_from(number).map(ClubStoreId).map_err(|_| not_found())?;
        self.scope.check_store(store)?;
        Ok(store)
    }

    /// The member of a published number, if this caller may touch what is theirs. Whether there is
    /// such a member is not looked at.
    ///
    /// # Errors
    /// [`Code::MemberNotFound`], [`Code::RestrictedScopeDenied`]
    pub(in crate::operations) fn member(&self, number: i32) -> Result<MemberId, Refusal> {
        let not_found = || Refusal::new(Code::MemberNotFound, "This chain has no such member.");
        let member = u32::try_from(number).map(MemberId).map_err(|_| not_found())?;
        self.scope.check_member(member)?;
        Ok(member)
    }

    /// Refuses a caller that is limited to one member where a request is about none in particular.
    ///
    /// # Errors
    /// [`Code::RestrictedScopeDenied`]
    pub(in crate::operations) fn any_member(&self) -> Result<(), Refusal> {
        if self.scope.member.is_none() {
            return Ok(());
        }
        let message = "This key is limited to one member; name them in MemberId.";
        Err(Refusal::new(Code::RestrictedScopeDenied, message))
    }

    /// Refuses a caller that is limited to stores where a request is about the whole chain.
    ///
    /// # Errors
    /// [`Code::StoreNotAllowed`]
    pub(in crate::operations) fn any_store(&self) -> Result<(), Refusal> {
        if self.scope.stores.is_empty() {
            return Ok(());
        }
        let message = "This key is limited to stores; the chain's own key may do this.";
        Err(Refusal::new(Code::StoreNotAllowed, message))
    }
}

/// The caller of an operation of clubs. The audit is told of those who are turned away.
///
/// # Errors
/// [`Code::ApiKeyInvalid`] for no key or one that opens nothing here, [`Code::ChainMismatch`],
/// [`Code::RestrictedScopeDenied`]; an error of HTTP after too many wrong keys.
pub(in crate::operations) async fn club_caller(
    app: &App,
    call: &Call<'_>,
    asked: &Asked<'_>,
) -> Result<ClubCaller, Failure> {
    let caller = known(app, call, asked).await?;
    let found = match &caller {
        Some(caller) => admitted(app, caller, asked).await,
        None => Err(no_key().into()),
    };
    if let Err(Failure::Refused(refusal)) = &found {
        let is_stranger = refusal.code == Code::ApiKeyInvalid;
        let event = if is_stranger { AuditEvent::NotAuthenticated } else { AuditEvent::Forbidden };
        app.access.turned_away(event, caller.as_deref(), call.client.address, asked.operation);
    }
    found
}

/// Who it is: by what the head or the query shows, if that is good here, or by the key in the body.
async fn known(
    app: &App,
    call: &Call<'_>,
    asked: &Asked<'_>,
) -> Result<Option<Arc<Caller>>, Failure> {
    let by_head = call.principal.clone().filter(|caller| is_for_clubs(caller));
    let in_body = asked.api_key.map(SecretText::expose).filter(|key| !key.is_empty());
    let (None, Some(key)) = (&by_head, in_body) else { return Ok(by_head) };
    let found = app.access.owner_of_key(key, call.client.address).await;
    let found = found.map_err(|unknown| Failure::Service(Refused::from(unknown).into_error()))?;
    Ok(found.filter(|caller| is_for_clubs(caller)))
}

/// Whether a caller has anything to do with clubs at all.
fn is_for_clubs(caller: &Caller) -> bool {
    caller.club.is_some() || caller.roles.iter().any(|role| OFFICE_ROLES.contains(&role.as_str()))
}

async fn admitted(
    app: &App,
    caller: &Arc<Caller>,
    asked: &Asked<'_>,
) -> Result<ClubCaller, Failure> {
    let chain = chain_of(asked)?;
    let scope = match (&caller.club, chain) {
        (Some(scope), None) => scope.clone(),
        (Some(scope), Some(chain)) if chain == scope.chain => scope.clone(),
        (None, Some(chain)) if may_act_for(caller, chain) => {
            let known = app.store.read::<Chain>(Chain::key_of(chain)).await?;
            known.map(|chain| ClubScope::of_chain(chain.shard)).ok_or_else(mismatch)?
        }
        (_, Some(_)) => return Err(mismatch().into()),
        (None, None) => {
            let message = "Name the chain.";
            return Err(Failure::invalid(vec![wrong("ChainId", message)]));
        }
    };
    let scope = scope.narrowed(restriction(asked)?)?;
    Ok(ClubCaller { chain: scope.chain, caller: Arc::clone(caller), scope })
}

fn chain_of(asked: &Asked<'_>) -> Result<Option<Shard>, Refusal> {
    let Some(number) = asked.chain_id.filter(|number| *number != 0) else { return Ok(None) };
    u32::try_from(number).map(|number| Some(Shard(number))).map_err(|_| mismatch())
}

/// What `RestrictedResourceType` and `RestrictedId` say together.
fn restriction(asked: &Asked<'_>) -> Result<Option<Restriction>, Failure> {
    let kind = asked.restricted_type.unwrap_or_default();
    if kind == RestrictedResourceType::Undefined {
        return Ok(None);
    }
    let number = asked.restricted_id.and_then(|number| u32::try_from(number).ok());
    let number = number.filter(|number| *number > 0).ok_or_else(|| {
        let message = "RestrictedResourceType needs the number of what the call is narrowed to.";
        Failure::invalid(vec![wrong("RestrictedId", message)])
    })?;
    Ok(Some(match kind {
        RestrictedResourceType::Store => Restriction::Store(ClubStoreId(number)),
        RestrictedResourceType::Chain => Restriction::Chain(Shard(number)),
        RestrictedResourceType::User | RestrictedResourceType::Undefined => {
            Restriction::User(MemberId(number))
        }
    }))
}

fn no_key() -> Refusal {
    let message = "Send the ApiKey of a chain; this call shows none, or one that opens nothing \
                   here.";
    Refusal::new(Code::ApiKeyInvalid, message)
}

fn mismatch() -> Refusal {
    let message = "ChainId names another chain than that of the key.";
    Refusal::new(Code::ChainMismatch, message)
}
