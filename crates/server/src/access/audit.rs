//! Refusals on their way to the audit. They come from strangers, so nothing they do may fill the
//! disk or keep the lane busy. The first of a kind is written within a second; what is the same is
//! then counted together and written once a minute, all of it in one commit a second at most. There
//! is a budget of records: beyond it, who it was is lost, that it was is not.
//!
//! An attack that goes on, from however many addresses, adds [`RECORDS_MAX`] records at first and
//! then one every ten seconds: 8 640 a day, some 3 megabytes.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::audit::{AuditEvent, AuditNote, RecordAudit};
use domain::ids::PrincipalId;
use store::Store;
use tokio::time::Instant;

use crate::keys::random;

/// How often it is looked what is to be written.
pub(crate) const WRITE_EVERY: Duration = Duration::from_secs(1);

/// How long what is the same is counted before it is written again.
const REPEATS_EVERY: Duration = Duration::from_secs(60);

/// How many records may be written at once, when there were few before, and how many kinds of
/// refusals are told apart at a time.
const RECORDS_MAX: u32 = 100;

/// After what time there may be one more record.
const RECORD_EVERY: Duration = Duration::from_secs(10);

/// What makes two refusals the same.
type Same = (AuditEvent, Option<PrincipalId>, String);

/// Where refusals wait.
#[derive(Default)]
pub(crate) struct Audit {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    waiting: HashMap<Same, Waiting>,
    /// When the full number of records may be written again.
    whole_at: Option<Instant>,
}

/// What was refused, counted since it was last written.
struct Waiting {
    /// With the count of what is not written yet, which may be nothing.
    note: AuditNote,
    /// When it may be written.
    write_at: Instant,
}

impl Audit {
    /// Counts a refusal.
    pub(crate) fn refused(&self, note: AuditNote) {
        let mut state = self.state();
        let same = (note.event, note.subject, note.address.clone());
        if state.waiting.contains_key(&same) || state.waiting.len() < RECORDS_MAX as usize {
            return state.count(same, note);
        }
        // Too many: who it was is lost, that it was is not.
        let (name, address) = (String::new(), "many addresses".to_owned());
        let (by, detail) = (String::new(), String::new());
        let rest = AuditNote { subject: None, name, by, address, detail, ..note };
        state.count((rest.event, None, rest.address.clone()), rest);
    }

    /// Writes what is to be written now. What could not be written waits on.
    pub(crate) async fn write(&self, store: &Store) {
        let notes = self.state().due(Instant::now());
        self.submit(store, notes).await;
    }

    /// Writes all that waits, because the program ends.
    pub(crate) async fn write_all(&self, store: &Store) {
        let waiting = std::mem::take(&mut self.state().waiting);
        let notes = waiting.into_values().map(|waiting| waiting.note);
        self.submit(store, notes.filter(|note| note.count > 0).collect()).await;
    }

    async fn submit(&self, store: &Store, notes: Vec<AuditNote>) {
        if notes.is_empty() {
            return;
        }
        if let Err(error) = store.submit(RecordAudit { notes: notes.clone() }).await {
            tracing::warn!(%error, "refusals could not be written to the audit; trying again");
            let mut state = self.state();
            for note in notes {
                state.count((note.event, note.subject, note.address.clone()), note);
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn count(&mut self, same: Same, note: AuditNote) {
        if let Some(known) = self.waiting.get_mut(&same) {
            known.note.count = known.note.count.saturating_add(note.count);
        } else {
            self.waiting.insert(same, Waiting { note, write_at: Instant::now() });
        }
    }

    /// Takes what is to be written now, the longest waiting first, as far as there is room for it.
    /// What had no repeat for a minute is forgotten.
    fn due(&mut self, now: Instant) -> Vec<AuditNote> {
        self.waiting.retain(|_, waiting| waiting.note.count > 0 || waiting.write_at > now);
        let mut due: Vec<Same> = self
            .waiting
            .iter()
            .filter(|(_, it)| it.is_due(now))
            .map(|(same, _)| same.clone())
            .collect();
        due.sort_by_cached_key(|same| self.waiting.get(same).map(|waiting| waiting.write_at));
        let mut notes = Vec::new();
        for same in due {
            if !self.may_write(now) {
                break;
            }
            notes.extend(self.waiting.get_mut(&same).map(|waiting| waiting.take(now)));
        }
        notes
    }

    /// Whether one more record may be written.
    fn may_write(&mut self, now: Instant) -> bool {
        let used = self.whole_at.map_or(Duration::ZERO, |at| at.saturating_duration_since(now));
        let may = used <= RECORD_EVERY * (RECORDS_MAX - 1);
        if may {
            self.whole_at = Some(now + used + RECORD_EVERY);
        }
        may
    }
}

impl Waiting {
    fn is_due(&self, now: Instant) -> bool {
        self.note.count > 0 && self.write_at <= now
    }

    /// What is counted until now; further ones count from nothing, as a record of their own.
    fn take(&mut self, now: Instant) -> AuditNote {
        self.write_at = now + REPEATS_EVERY;
        let next = AuditNote { nonce: nonce(), count: 0, ..self.note.clone() };
        std::mem::replace(&mut self.note, next)
    }
}

/// Random bits; without any, two records of one microsecond could become one.
fn nonce() -> u64 {
    random().map(u64::from_be_bytes).unwrap_or_default()
}

/// A record about a user or key, or about a stranger.
pub(crate) fn note(
    event: AuditEvent,
    subject: Option<(PrincipalId, &str)>,
    address: Option<IpAddr>,
    detail: &str,
) -> AuditNote {
    AuditNote {
        nonce: nonce(),
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

    async fn pass(audit: &Audit, store: &Store, span: Duration) -> Vec<(String, u32)> {
        let mut all = Vec::new();
        for _ in 0..span.as_secs() {
            tokio::time::advance(WRITE_EVERY).await;
            all.extend(written(audit, store).await);
        }
        all
    }

    /// Proves that the first of a kind is written soon and its repeats once a minute, with nothing
    /// lost when the program ends.
    #[tokio::test(start_paused = true)]
    async fn repeats_are_counted_together() {
        let (audit, store) = (Audit::default(), Store::memory(Options::default()));
        let one = |count| vec![("192.0.2.1".to_owned(), count)];
        (0..1_000).for_each(|_| refused(&audit, "192.0.2.1"));
        assert_eq!(written(&audit, &store).await, one(1_000));
        (0..50).for_each(|_| refused(&audit, "192.0.2.1"));
        assert_eq!(pass(&audit, &store, REPEATS_EVERY - WRITE_EVERY).await, []);
        (0..50).for_each(|_| refused(&audit, "192.0.2.1"));
        assert_eq!(pass(&audit, &store, WRITE_EVERY).await, one(100));
        refused(&audit, "192.0.2.1");
        let before = store.audit(Store::audit_start(domain::time::Timestamp(0))).await.unwrap();
        audit.write_all(&store).await;
        let all = store.audit(Store::audit_start(domain::time::Timestamp(0))).await.unwrap();
        assert_eq!(all.len(), before.len() + 1);
        refused(&audit, "192.0.2.1");
        pass(&audit, &store, REPEATS_EVERY * 3).await;
        assert!(audit.state().waiting.is_empty(), "what has ended is forgotten");
    }

    /// Proves that many addresses cannot make more records than there may be, that every refusal
    /// is counted, and what an hour's attack adds.
    #[tokio::test(start_paused = true)]
    async fn strangers_cannot_fill_the_disk() {
        let (audit, store) = (Audit::default(), Store::memory(Options::default()));
        let many = |hour: u32| {
            (0..5_000).for_each(|number| {
                refused(&audit, &format!("198.{hour}.{}.{}", number / 250, number % 250));
            });
        };
        many(51);
        let first = written(&audit, &store).await;
        assert_eq!(first.len(), RECORDS_MAX as usize);
        let mut all = first;
        for minute in 0..60 {
            many(52 + minute);
            all.extend(pass(&audit, &store, REPEATS_EVERY).await);
        }
        assert!(all.len() <= 100 + 360, "{} records", all.len());
        audit.write_all(&store).await;
        let all = store.audit(Store::audit_start(domain::time::Timestamp(0))).await.unwrap();
        let counted: u32 = all.iter().map(|record| record.note.count).sum();
        assert_eq!(counted, 61 * 5_000);
    }
}
