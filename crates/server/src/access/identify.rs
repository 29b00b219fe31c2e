//! From what a request shows to a caller.

use std::net::IpAddr;
use std::sync::Arc;

use domain::api_key::key_of;
use domain::audit::AuditEvent;
use domain::catalogue::Principal;
use domain::ids::PrincipalId;
use domain::token::is_same_secret;
use domain::user::User;
use hmac::Mac as _;
use hyper::header::HeaderMap;
use service::matched::Matched;
use sha2::{Digest as _, Sha256};
use store::Fault;
use zeroize::Zeroizing;

use super::audit::note;
use super::evidence::{self, Evidence, Way};
use super::recent::{FRESH, Known};
use super::sign_in::Denied;
use super::signature::APP_ROLE;
use super::token::{TokenError, TokenKind};
use super::{Access, Caller, PROVEN, Proof, hex, key_id, session};

/// Why a request has no caller although it shows something.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unknown {
    /// A token that was signed here and is not good.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// A password that is not accepted.
    #[error(transparent)]
    Denied(#[from] Denied),
}

impl From<Fault> for Unknown {
    fn from(fault: Fault) -> Unknown {
        Unknown::Denied(Denied::Fault(fault))
    }
}

impl Access {
    /// Who calls, and how that is known; `None` for a stranger, and for whoever shows what is
    /// not, or no longer, good. What only a browser shows counts for nothing where the answer
    /// goes to a script of any page (JSONP).
    ///
    /// # Errors
    /// [`Unknown`]
    pub(crate) async fn identify(
        &self,
        headers: &HeaderMap,
        address: IpAddr,
        matched: &Matched<'_, '_>,
    ) -> Result<Option<(Arc<Caller>, Way)>, Unknown> {
        let Some((evidence, way)) = evidence::of(headers, matched) else { return Ok(None) };
        if matched.is_jsonp() && way != Way::Header {
            return Ok(None);
        }
        let caller = match evidence {
            Evidence::Key(key) => self.key(&key, address).await?,
            Evidence::Token(token) => self.token(token).await?.map(Arc::new),
            Evidence::Session(id) => self.session(id, address).await?.map(Arc::new),
            Evidence::Password(name, password) => {
                let operation = matched.operation.name();
                let user = self.proven(&name, password, address, operation).await?;
                Some(Arc::new(Caller::of_user(user, Proof::Password)))
            }
        };
        Ok(caller.map(|caller| (caller, way)))
    }

    /// The owner of a key that stands in the body of a request, where only its operation can read
    /// it.
    ///
    /// # Errors
    /// [`Unknown`]
    pub(crate) async fn owner_of_key(
        &self,
        key: &str,
        address: IpAddr,
    ) -> Result<Option<Arc<Caller>>, Unknown> {
        self.key(key, address).await
    }

    /// The owner of a key. One that nobody has costs a try of its address, so that nobody guesses
    /// many; one that somebody has costs none, however many requests come with it at once.
    async fn key(&self, key: &str, address: IpAddr) -> Result<Option<Arc<Caller>>, Unknown> {
        let hash = Sha256::digest(key.as_bytes());
        let id = key_id(&hash);
        let principal = match self.keys.get(&id, FRESH) {
            Known::Fresh(owner) => Some(owner),
            Known::Older(Some(owner), seen) => match self.look_up_key(id, seen).await {
                Ok(found) => found,
                Err(fault) => Some(kept(owner, &fault)),
            },
            Known::Older(None, seen) => {
                self.limits.check(address).map_err(Denied::TooMany)?;
                let found = self.look_up_key(id, seen).await?;
                if found.is_none() {
                    self.take_try(address)?;
                }
                found
            }
        };
        let shown = hex(&hash);
        let is_same = |known: &str| is_same_secret(known.as_bytes(), shown.as_bytes());
        let is_it = |owner: &KeyOwner| owner.is_active && is_same(&owner.key_hash);
        let Some(owner) = principal.filter(|owner| is_it(owner)) else { return Ok(None) };
        let Some(user) = owner.user else { return Ok(Some(Arc::clone(&owner.caller))) };
        let user = self.user(user).await?.filter(|user| user.active);
        Ok(user.map(|user| Arc::new(Caller::of_user(user, Proof::ApiKey))))
    }

    /// Whether a key is a client system: an app's own, and not withdrawn.
    pub(super) async fn is_client_system(&self, key_id: u128) -> Result<bool, Fault> {
        let owner = match self.keys.get(&key_id, FRESH) {
            Known::Fresh(owner) => Some(owner),
            Known::Older(older, seen) => match (self.look_up_key(key_id, seen).await, older) {
                (Err(fault), Some(older)) => Some(kept(older, &fault)),
                (found, _) => found?,
            },
        };
        Ok(owner.is_some_and(|owner| {
            let is_app = owner.caller.roles.iter().any(|role| role == APP_ROLE);
            owner.is_active && owner.user.is_none() && is_app
        }))
    }

    async fn look_up_key(&self, id: u128, seen: u64) -> Result<Option<Arc<KeyOwner>>, Fault> {
        let Some(found) = self.store.read::<Principal>(key_of(id)).await? else { return Ok(None) };
        let owner = Arc::new(KeyOwner {
            key_hash: found.key_hash.clone(),
            is_active: found.active,
            user: found.owner,
            caller: Arc::new(Caller::of_key(&found)),
        });
        self.keys.put(id, Arc::clone(&owner), seen);
        Ok(Some(owner))
    }

    /// The user of a number, as it was two seconds ago or later.
    pub(crate) async fn user(&self, id: PrincipalId) -> Result<Option<Arc<User>>, Fault> {
        let (older, seen) = match self.users.get(&id, FRESH) {
            Known::Fresh(user) => return Ok(Some(user)),
            Known::Older(older, seen) => (older, seen),
        };
        match (self.store.user(id).await, older) {
            (Ok(found), _) => {
                if let Some(user) = &found {
                    self.users.put(id, Arc::clone(user), seen);
                }
                Ok(found)
            }
            (Err(fault), Some(older)) => Ok(Some(kept(older, &fault))),
            (Err(fault), None) => Err(fault),
        }
    }

    /// Whose a session is. As with keys, one that nobody has costs a try if it had to be looked
    /// for, so that made-up sessions do not keep the database busy.
    async fn session(&self, id: &str, address: IpAddr) -> Result<Option<Caller>, Unknown> {
        let Some((user, id_hash)) = session::read(id) else { return Ok(None) };
        let is_new = matches!(self.users.get(&user, FRESH), Known::Older(None, _));
        if is_new {
            self.limits.check(address).map_err(Denied::TooMany)?;
        }
        let user = self.user(user).await?.filter(|user| user.active);
        let user = user.filter(|user| user.session(&id_hash, self.clock.now()).is_some());
        if is_new && user.is_none() {
            self.take_try(address)?;
        }
        Ok(user.map(|user| Caller::of_user(user, Proof::Session(id_hash))))
    }

    async fn token(&self, text: &str) -> Result<Option<Caller>, Unknown> {
        let user = self.token_user(text, TokenKind::Bearer).await?;
        Ok(user.map(|user| Caller::of_user(user, Proof::Token)))
    }

    /// Whose a token of that kind is; `None` when it was not signed here.
    pub(crate) async fn token_user(
        &self,
        text: &str,
        kind: TokenKind,
    ) -> Result<Option<Arc<User>>, Unknown> {
        let Some(claims) = self.tokens.read(text, kind) else { return Ok(None) };
        let user = self.user(claims.user(self.clock.now())?).await?;
        let user = user.filter(|user| claims.is_good_for(user));
        Ok(Some(user.ok_or(TokenError::Invalid)?))
    }

    /// The user with that name and password, without hashing the password again that was right a
    /// moment ago: a program that sends it with each request would wait a tenth of a second each
    /// time.
    async fn proven(
        &self,
        name: &str,
        password: Zeroizing<String>,
        address: IpAddr,
        operation: &str,
    ) -> Result<Arc<User>, Unknown> {
        let mut mark = self.proven_key.clone();
        mark.update(name.as_bytes());
        mark.update(&[0]);
        mark.update(password.as_bytes());
        let mark: [u8; 32] = mark.finalize().into_bytes().into();
        let seen = match self.proven.get(&mark, PROVEN) {
            Known::Fresh((id, epoch)) => {
                let user = self.user(id).await?;
                if let Some(user) = user.filter(|user| user.active && user.epoch == epoch) {
                    return Ok(user);
                }
                0
            }
            Known::Older(_, seen) => seen,
        };
        let user = self.check_password(name, password, address, operation).await?;
        self.proven.put(mark, (user.id, user.epoch), seen);
        Ok(user)
    }

    /// Tells the audit of a caller that was turned away.
    pub(crate) fn turned_away(
        &self,
        event: AuditEvent,
        caller: Option<&Caller>,
        address: IpAddr,
        operation: &str,
    ) {
        let subject = caller.map(|caller| (caller.id, caller.name.as_str()));
        self.audit.refused(note(event, subject, Some(address), operation));
    }
}

/// Who has a key, and whether it opens anything.
pub(super) struct KeyOwner {
    key_hash: String,
    is_active: bool,
    /// Whose rights it has, if not its own.
    user: Option<PrincipalId>,
    caller: Arc<Caller>,
}

fn kept<T>(older: T, fault: &Fault) -> T {
    tracing::warn!(%fault, "callers cannot be looked up; what was known a minute ago counts");
    older
}
