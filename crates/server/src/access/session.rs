//! Sessions: an id that leads to its user and that only the user's client knows.

use domain::audit::AuditEvent;
use domain::ids::{PrincipalId, Shard};
use domain::token::{Secret, Token};
use domain::user::{SessionStart, SignIn, SignInOutcome, SignOut, User};
use sha2::{Digest as _, Sha256};
use store::SubmitError;

use super::audit::note;
use super::{Access, hex};
use crate::http::Client;
use crate::keys::random;

/// A session that has just begun.
pub(crate) struct NewSession {
    /// Its id, which is stored nowhere.
    pub(crate) id: String,
    /// Whether it was asked to be remembered.
    pub(crate) is_permanent: bool,
}

/// Whose a session is, and the hash by which the user knows it.
pub(super) fn read(id: &str) -> Option<(PrincipalId, String)> {
    let token = Token::parse(id).filter(|token| token.shard == Shard::HOUSE)?;
    Some((PrincipalId(token.number), hash(id)))
}

fn hash(id: &str) -> String {
    hex(&Sha256::digest(id.as_bytes()))
}

impl Access {
    /// Begins a session for a user whose password was compared just now, in place of the one that
    /// the client has. An id that was known before signing in is never one that is signed in.
    pub(crate) async fn begin_session(
        &self,
        user: &User,
        is_permanent: bool,
        replaces: Option<String>,
        client: Client,
    ) -> Result<(SignInOutcome, NewSession), SubmitError> {
        let secret = random().map(Secret);
        let secret = secret.map_err(|error| store::Fault::RuleBroken(error.to_string()))?;
        let id = Token { shard: Shard::HOUSE, number: user.id.0, secret }.text();
        let session = SessionStart { id_hash: hash(&id), permanent: is_permanent };
        let subject = Some((user.id, user.name.as_str()));
        let note = note(AuditEvent::SignedIn, subject, Some(client.address), "credentials");
        let command = SignIn { user: user.id, epoch_seen: user.epoch, session, replaces, note };
        let outcome = self.store.submit(command).await?;
        self.users.forget(&user.id);
        Ok((outcome, NewSession { id, is_permanent }))
    }

    /// Ends a session of a user.
    pub(crate) async fn end_session(
        &self,
        user: &User,
        id_hash: String,
        client: Client,
    ) -> Result<(), SubmitError> {
        let subject = Some((user.id, user.name.as_str()));
        let note = note(AuditEvent::SignedOut, subject, Some(client.address), "logout");
        self.store.submit(SignOut { user: user.id, id_hash, note }).await?;
        self.users.forget(&user.id);
        Ok(())
    }
}
