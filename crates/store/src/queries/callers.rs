//! Who may call, and what the audit says.

use std::sync::Arc;

use domain::audit::AuditRecord;
use domain::catalogue::Principal;
use domain::facts::Key;
use domain::ids::{PrincipalId, Shard};
use domain::record::{Aggregate, Kind};
use domain::time::Timestamp;
use domain::user::{User, UserName, name_hash};

use super::{PAGE_ROWS_MAX, all};
use crate::error::Fault;
use crate::snapshot::Snapshot;
use crate::store::Store;

impl Store {
    /// The user of a name or an e-mail address; `None` when nobody has it.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn user_named(&self, name: &str) -> Result<Option<Arc<User>>, Fault> {
        let hash = name_hash(name);
        self.ask(move |view| user_named(view, hash)).await
    }

    /// The user of a number; `None` when there is none.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn user(&self, id: PrincipalId) -> Result<Option<Arc<User>>, Fault> {
        self.read::<User>(User::key_of(id)).await
    }

    /// Every user, those who are gone included, by number.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn users(&self) -> Result<Vec<Arc<User>>, Fault> {
        self.ask(|view| everybody::<User>(view)).await
    }

    /// The owners of API keys, withdrawn ones included, by number.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn principals(&self) -> Result<Vec<Arc<Principal>>, Fault> {
        let mut principals = self.ask(|view| everybody::<Principal>(view)).await?;
        principals.sort_by_key(|principal| principal.id);
        Ok(principals)
    }

    /// At most [`PAGE_ROWS_MAX`] lines of the audit after `after`, oldest first.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn audit(&self, after: Key) -> Result<Vec<Arc<AuditRecord>>, Fault> {
        self.ask(move |view| audit(view, after)).await
    }

    /// Where [`Store::audit`] begins to tell what happened at `moment` and later.
    #[must_use]
    pub fn audit_start(moment: Timestamp) -> Key {
        AuditRecord::before(moment)
    }
}

fn user_named(view: &dyn Snapshot, hash: u128) -> Result<Option<Arc<User>>, Fault> {
    let name = view.record(&UserName::key_of(hash))?;
    let id = name.as_ref().and_then(UserName::from_record).and_then(|name| name.user);
    let Some(id) = id else { return Ok(None) };
    Ok(view.record(&User::key_of(id))?.as_ref().and_then(User::from_record).cloned())
}

fn everybody<A: Aggregate>(view: &dyn Snapshot) -> Result<Vec<Arc<A>>, Fault> {
    let records = all(view, A::KIND, Shard::HOUSE)?;
    Ok(records.iter().filter_map(A::from_record).cloned().collect())
}

fn audit(view: &dyn Snapshot, after: Key) -> Result<Vec<Arc<AuditRecord>>, Fault> {
    let page = view.page(Kind::AuditRecord, Shard::HOUSE, Some(&after), PAGE_ROWS_MAX)?;
    let records: Vec<_> = page.into_iter().map(|row| row.record).collect::<Result<_, _>>()?;
    Ok(records.iter().filter_map(AuditRecord::from_record).cloned().collect())
}
