//! Users, keys and the audit: found by name, by number and by time, alike on every engine.

use domain::audit::{AuditEvent, AuditNote, RecordAudit};
use domain::ids::PrincipalId;
use domain::time::Span;
use domain::user::{ChangeUser, CreateUser, NewUser, UserChange};
use store::testing::{ManualClock, NOON};
use store::{Options, Store};

use crate::common::{ENGINES, open_store};

fn note(nonce: u64, event: AuditEvent) -> AuditNote {
    AuditNote {
        nonce,
        event,
        subject: None,
        name: "anna".into(),
        by: String::new(),
        address: "192.0.2.1".into(),
        detail: String::new(),
        count: 1,
    }
}

/// A user with a line of the audit.
pub(crate) fn create(name: &str) -> CreateUser {
    let user = NewUser { name: name.into(), password_hash: "$".into(), ..NewUser::default() };
    CreateUser { user, note: note(1, AuditEvent::UserCreated) }
}

async fn names(store: &Store) -> Vec<String> {
    store.users().await.unwrap().iter().map(|user| user.name.clone()).collect()
}

/// A user is found by its name in any case until it is removed, and by its number for ever.
#[tokio::test]
async fn users_are_found_by_name() {
    for engine in ENGINES {
        let folder = tempfile::tempdir().unwrap();
        let Some(store) = open_store(engine, folder.path(), Options::default()) else { continue };
        let anna = store.submit(create("Anna")).await.unwrap();
        store.submit(create("Björn")).await.unwrap();
        let found = store.user_named(" ANNA").await.unwrap();
        assert_eq!(found.as_deref(), Some(&*anna), "{engine}");
        assert_eq!(store.user_named("carla").await.unwrap(), None, "{engine}");
        assert_eq!(store.user(PrincipalId(9)).await.unwrap(), None, "{engine}");
        let note = note(2, AuditEvent::UserRemoved);
        let removal = ChangeUser { user: anna.id, change: UserChange::Remove, note };
        store.submit(removal).await.unwrap();
        assert_eq!(store.user_named("anna").await.unwrap(), None, "{engine}");
        assert!(store.user(anna.id).await.unwrap().unwrap().is_removed(), "{engine}");
        assert_eq!(names(&store).await, ["Anna", "Björn"], "{engine}");
        store.close().await.unwrap();
    }
}

/// The audit is told in the order of time, from any moment on, over the end of a day.
#[tokio::test]
async fn the_audit_is_told_from_a_moment_on() {
    for engine in ENGINES {
        let folder = tempfile::tempdir().unwrap();
        let clock = ManualClock::new(NOON);
        let options = Options { clock: clock.clone(), ..Options::default() };
        let Some(store) = open_store(engine, folder.path(), options) else { continue };
        for hour in 0..30 {
            clock.set(NOON.after(Span::hours(hour)));
            let notes = vec![note(2, AuditEvent::SignedIn), note(1, AuditEvent::Forbidden)];
            store.submit(RecordAudit { notes }).await.unwrap();
        }
        for (hour, count) in [(0, 60), (1, 58), (20, 20), (29, 2), (30, 0)] {
            let start = Store::audit_start(NOON.after(Span::hours(hour)));
            let told = store.audit(start).await.unwrap();
            assert_eq!(told.len(), count, "{engine}, hour {hour}");
            assert!(told.is_sorted_by_key(|record| (record.at, record.note.nonce)), "{engine}");
        }
        store.close().await.unwrap();
    }
}
