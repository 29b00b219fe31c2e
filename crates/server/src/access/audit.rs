//! Refusals on their way to the audit. They come from strangers, so nothing they do may fill the
//! disk or keep the lane busy: what is the same is counted together, all of it is written in one
//! commit a second at most, and when there is more than a bounded number of records, further ones
//! are only counted.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::audit::{AuditEvent, AuditNote, RecordAudit};
use domain::ids::PrincipalId;
use store::Store;
use tokio::time::Instant;

use crate::keys::random;

/// How often refusals are written.
pub(crate) const WRITE_EVERY: Duration = Duration::from_secs(1);

/// How many records may be written at once, when there were few before.
const RECORDS_MAX: u32 = 100;

/// After what time there may be one more: an attack that goes on fills some 30 megabytes a day.
const RECORD_EVERY: Duration = Duration::from_secs(1);

/// What makes two refusals the same.
type Same = (AuditEvent, Option<PrincipalId>, String);

/// Where refusals wait.
#[derive(Default)]
pub(crate) struct Audit {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    waiting: HashMap<Same, AuditNote>,
    /// When the full number of records may be written again.
    whole_at: Option<Instant>,
}

impl Audit {
    /// Counts a refusal.
    pub(crate) fn refused(&self, note: AuditNote) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let same = (note.event, note.subject, note.address.clone());
        if state.waiting.contains_key(&same) || state.may_begin() {
            return state.count(same, note);
        }
        // Too many: who it was is lost, that it was is not.
        let (name, address) = (String::new(), "many addresses".to_owned());
        let (by, detail) = (String::new(), String::new());
        let rest = AuditNote { subject: None, name, by, address, detail, ..note };
        state.count((rest.event, None, rest.address.clone()), rest);
    }

    /// Writes what waits. What could not be written waits on.
    pub(crate) async fn write(&self, store: &Store) {
        let notes: Vec<AuditNote> = {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut state.waiting).into_values().collect()
        };
        if notes.is_empty() {
            return;
        }
        if let Err(error) = store.submit(RecordAudit { notes: notes.clone() }).await {
            tracing::warn!(%error, "refusals could not be written to the audit; trying again");
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            for note in notes {
                state.count((note.event, note.subject, note.address.clone()), note);
            }
        }
    }
}

impl State {
    fn count(&mut self, same: Same, note: AuditNote) {
        match self.waiting.entry(same) {
            Entry::Occupied(mut known) => {
                let known = known.get_mut();
                known.count = known.count.saturating_add(note.count);
            }
            Entry::Vacant(place) => drop(place.insert(note)),
        }
    }

    /// Whether one more record may be written.
    fn may_begin(&mut self) -> bool {
        let now = Instant::now();
        let used = self.whole_at.map_or(Duration::ZERO, |at| at.saturating_duration_since(now));
        let may = used <= RECORD_EVERY * (RECORDS_MAX - 1);
        if may {
            self.whole_at = Some(now + used + RECORD_EVERY);
        }
        may
    }
}

/// A record about a user or key, or about a stranger.
pub(crate) fn note(
    event: AuditEvent,
    subject: Option<(PrincipalId, &str)>,
    address: Option<IpAddr>,
    detail: &str,
) -> AuditNote {
    AuditNote {
        nonce: random().map(u64::from_be_bytes).unwrap_or_default(),
        event,
        subject: subject.map(|(id, _)| id),
        name: subject.map(|(_, name)| name.to_owned()).unwrap_or_default(),
        by: String::new(),
        address: address.map(|address| address.to_string()).unwrap_or_default(),
        detail: detail.to_owned(),
        count: 1,
    }
}

#[cfg(test)]
mod tests {
    use store::Options;

    use super::*;

    fn refused(audit: &Audit, address: &str) {
        let address = address.parse().unwrap();
        audit.refused(note(AuditEvent::NotAuthenticated, None, Some(address), "TicketOrder"));
    }

    async fn written(audit: &Audit, store: &Store) -> Vec<(String, u32)> {
        let start = Store::audit_start(domain::time::Timestamp(0));
        let before = store.audit(start).await.unwrap().len();
        audit.write(store).await;
        let all = store.audit(start).await.unwrap();
        let notes = all[before..].iter().map(|record| &record.note);
        let mut told: Vec<_> = notes.map(|note| (note.address.clone(), note.count)).collect();
        told.sort();
        told
    }

    /// Proves that repeats from one address are one record, and that many addresses cannot make
    /// more records than there may be.
    #[tokio::test(start_paused = true)]
    async fn strangers_cannot_fill_the_disk() {
        let (audit, store) = (Audit::default(), Store::memory(Options::default()));
        (0..1_000).for_each(|_| refused(&audit, "192.0.2.1"));
        refused(&audit, "192.0.2.2");
        let two = [("192.0.2.1".to_owned(), 1_000), ("192.0.2.2".to_owned(), 1)];
        assert_eq!(written(&audit, &store).await, two);
        assert_eq!(written(&audit, &store).await, []);
        (0..5_000).for_each(|number| {
            refused(&audit, &format!("198.51.{}.{}", number / 250, number % 250));
        });
        let many = written(&audit, &store).await;
        assert_eq!(many.len(), 99, "98 places are left, and one for the rest");
        assert_eq!(many.last(), Some(&("many addresses".to_owned(), 5_000 - 98)));
        tokio::time::advance(RECORD_EVERY * 3).await;
        (0..10).for_each(|number| refused(&audit, &format!("203.0.113.{number}")));
        assert_eq!(written(&audit, &store).await.len(), 4);
    }
}
