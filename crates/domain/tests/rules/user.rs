//! Users: names, wrong passwords, sessions, and what a change ends.

use std::sync::Arc;

use domain::api_key::{AddKey, RenewKey, WithdrawKey, key_of};
use domain::audit::{AuditEvent, AuditNote, AuditRecord};
use domain::catalogue::Principal;
use domain::facts::Halt;
use domain::ids::{PrincipalId, Shard};
use domain::refusal::Code;
use domain::time::Span;
use domain::user::{
    ChangeUser, CreateUser, FailSignIn, NewUser, Rights, SESSION_SPAN, SESSIONS_PER_USER_MAX,
    SessionStart, SignIn, SignInOutcome, SignOut, User, UserChange,
};

use crate::common::till::Till;

struct Door {
    till: Till,
    notes: u64,
}

impl Door {
    fn new() -> Door {
        Door { till: Till::new(), notes: 0 }
    }

    fn note(&mut self, event: AuditEvent) -> AuditNote {
        self.notes += 1;
        AuditNote {
            nonce: self.notes,
            event,
            subject: None,
            name: "anna".into(),
            by: String::new(),
            address: "192.0.2.1".into(),
            detail: String::new(),
            count: 1,
        }
    }

    fn create(&mut self, name: &str, email: Option<&str>) -> Result<Arc<User>, Code> {
        let user = NewUser {
            name: name.into(),
            email: email.map(Into::into),
            password_hash: "$argon2id$1".into(),
            ..NewUser::default()
        };
        let note = self.note(AuditEvent::UserCreated);
        refused(self.till.run(&CreateUser { user, note }))
    }

    fn sign_in(&mut self, user: &User, id: &str) -> SignInOutcome {
        let session = SessionStart { id_hash: id.into(), permanent: false };
        let note = self.note(AuditEvent::SignedIn);
        let command =
            SignIn { user: user.id, epoch_seen: user.epoch, session, replaces: None, note };
        self.till.run(&command).unwrap()
    }

    fn fail(&mut self, user: PrincipalId) {
        let note = self.note(AuditEvent::SignInFailed);
        self.till.run(&FailSignIn { user, note }).unwrap();
    }

    fn change(&mut self, user: PrincipalId, change: UserChange) -> Result<Arc<User>, Code> {
        let note = self.note(AuditEvent::RightsChanged);
        refused(self.till.run(&ChangeUser { user, change, note }))
    }

    /// Answers the key that was good until then.
    fn renew(&mut self, user: PrincipalId, key_id: u128) -> Result<Option<u128>, Code> {
        let note = self.note(AuditEvent::KeyCreated);
        refused(self.till.run(&RenewKey { user, principal: key(key_id), note }))
    }

    fn is_good(&self, key_id: u128) -> bool {
        self.till.find::<Principal>(key_of(key_id)).is_some_and(|key| key.active)
    }

    fn user(&self, id: PrincipalId) -> &User {
        self.till.find(User::key_of(id)).unwrap()
    }

    fn is_signed_in(&self, user: PrincipalId, id: &str) -> bool {
        self.user(user).session(id, self.till.now).is_some()
    }

    fn events(&self) -> Vec<AuditEvent> {
        let mut records: Vec<&AuditRecord> = self.till.all().collect();
        records.sort_by_key(|record| record.address());
        records.iter().map(|record| record.note.event).collect()
    }
}

fn refused<T>(result: Result<T, Halt>) -> Result<T, Code> {
    result.map_err(|halt| match halt {
        Halt::Refused(refusal) => refusal.code,
        other => panic!("{other:?}"),
    })
}

fn rights(roles: &[&str]) -> Rights {
    Rights { roles: roles.iter().map(|role| (*role).into()).collect(), ..Rights::default() }
}

fn key(key_id: u128) -> Principal {
    Principal {
        id: PrincipalId(0),
        name: "till".into(),
        key_hash: "ab".into(),
        key_id,
        roles: Vec::new(),
        permissions: Vec::new(),
        organisers: vec![Shard(7)],
        active: true,
        hint: "gk_ab".into(),
        owner: None,
        club: None,
    }
}

/// A name and an e-mail address belong to one user, whatever their case, until it is removed.
#[test]
fn a_name_is_had_once() {
    let mut door = Door::new();
    let anna = door.create("Anna", Some("anna@example.is")).unwrap();
    for (name, email, expected) in [
        (" aNNA ", None, Some(Code::UserAlreadyExists)),
        ("other", Some("ANNA@example.is"), Some(Code::UserAlreadyExists)),
        ("anna@example.is", None, Some(Code::UserAlreadyExists)),
        ("anna@elsewhere.is", Some("anna@elsewhere.is"), None),
    ] {
        assert_eq!(door.create(name, email).err(), expected, "{name} {email:?}");
    }
    door.change(anna.id, UserChange::Remove).unwrap();
    assert_eq!(door.change(anna.id, UserChange::Unlock).err(), Some(Code::UserNotFound));
    let again = door.create("anna", Some("anna@example.is")).unwrap();
    assert_ne!(again.id, anna.id);
}

/// The fifth wrong password closes the account even for the right one; time opens it again, and
/// the right one then clears the count.
#[test]
fn wrong_passwords_close_the_account() {
    let mut door = Door::new();
    let anna = door.create("anna", None).unwrap();
    (0..4).for_each(|_| door.fail(anna.id));
    assert!(!door.user(anna.id).is_locked(door.till.now));
    door.fail(anna.id);
    assert_eq!(door.sign_in(&anna, "s1"), SignInOutcome::Locked);
    // A try at a closed door changes nothing.
    let before = door.till.records.clone();
    door.fail(anna.id);
    assert_eq!(door.till.records, before);
    door.till.pass(Span::seconds(60));
    door.fail(anna.id);
    door.till.pass(Span::seconds(60));
    assert_eq!(door.sign_in(&anna, "s1"), SignInOutcome::Locked, "twice as long");
    door.till.pass(Span::seconds(60));
    assert!(matches!(door.sign_in(&anna, "s1"), SignInOutcome::SignedIn(_)));
    assert_eq!(door.user(anna.id).failures, 0);
    let locked = door.events().iter().filter(|event| **event == AuditEvent::LockedOut).count();
    assert_eq!(locked, 2);
}

/// Sessions are bounded, expire, and end by themselves or by signing out.
#[test]
fn sessions_come_to_an_end() {
    let mut door = Door::new();
    let anna = door.create("anna", None).unwrap();
    for number in 0..=SESSIONS_PER_USER_MAX {
        door.sign_in(&anna, &format!("s{number}"));
    }
    assert_eq!(door.user(anna.id).sessions.len(), SESSIONS_PER_USER_MAX);
    assert!(!door.is_signed_in(anna.id, "s0") && door.is_signed_in(anna.id, "s1"));
    let note = door.note(AuditEvent::SignedOut);
    let sign_out = SignOut { user: anna.id, id_hash: "s1".into(), note };
    assert_eq!(door.till.run(&sign_out), Ok(true));
    assert_eq!(door.till.run(&sign_out), Ok(false));
    assert!(!door.is_signed_in(anna.id, "s1") && door.is_signed_in(anna.id, "s2"));
    door.till.pass(SESSION_SPAN);
    assert!(!door.is_signed_in(anna.id, "s2"));
    door.sign_in(&anna, "new");
    assert_eq!(door.user(anna.id).sessions.len(), 1);
}

/// A new password, a lock and a removal end everything given out; other rights do not, because
/// they are looked up for each request.
#[test]
fn changes_end_what_they_must() {
    for (change, ends) in [
        (UserChange::Password("$argon2id$2".into()), true),
        (UserChange::Lock, true),
        (UserChange::Remove, true),
        (UserChange::Unlock, false),
        (UserChange::Grant(rights(&["Agent"])), false),
        (UserChange::Rights(rights(&[])), false),
    ] {
        let mut door = Door::new();
        let anna = door.create("anna", None).unwrap();
        door.sign_in(&anna, "s1");
        let changed = door.change(anna.id, change.clone()).unwrap();
        assert_eq!(door.is_signed_in(anna.id, "s1"), !ends, "{change:?}");
        assert_eq!(changed.epoch > anna.epoch, ends, "{change:?}");
        // Whoever compared the earlier password is too late.
        let late = door.sign_in(&anna, "s2");
        assert_eq!(late == SignInOutcome::Refused, ends, "{change:?}");
    }
}

/// Rights are added without repeats and taken away.
#[test]
fn rights_are_granted_and_revoked() {
    let mut door = Door::new();
    let anna = door.create("anna", None).unwrap();
    let mut change = |change| door.change(anna.id, change).unwrap().rights.roles.clone();
    assert_eq!(change(UserChange::Grant(rights(&["Admin", "Agent"]))), ["Admin", "Agent"]);
    assert_eq!(change(UserChange::Grant(rights(&["Agent"]))), ["Admin", "Agent"]);
    assert_eq!(change(UserChange::Revoke(rights(&["Admin", "None"]))), ["Agent"]);
    assert_eq!(change(UserChange::Rights(rights(&["TeamAdmin"]))), ["TeamAdmin"]);
}

/// Keys and users have numbers of one sequence, and a withdrawn key says so once.
#[test]
fn a_key_is_withdrawn_once() {
    let mut door = Door::new();
    let anna = door.create("anna", None).unwrap();
    let note = door.note(AuditEvent::KeyCreated);
    let id = door.till.run(&AddKey { principal: key(9), note }).unwrap();
    assert_ne!(id, anna.id);
    for expected in [true, false] {
        let note = door.note(AuditEvent::KeyWithdrawn);
        assert_eq!(door.till.run(&WithdrawKey { key_id: 9, note }), Ok(expected));
    }
    assert!(!door.till.find::<Principal>(key_of(9)).unwrap().active);
    let events = [AuditEvent::UserCreated, AuditEvent::KeyCreated, AuditEvent::KeyWithdrawn];
    assert_eq!(door.events(), events);
}

/// A user has one key at a time. It ends with a lock for good and with a removal, not with another
/// password or other rights, and whoever is locked gets none. The audit tells of each end.
#[test]
fn a_users_key_ends_with_its_user() {
    for (change, ends) in [
        (UserChange::Password("$argon2id$2".into()), false),
        (UserChange::Rights(rights(&[])), false),
        (UserChange::Lock, true),
        (UserChange::Remove, true),
    ] {
        let mut door = Door::new();
        let anna = door.create("anna", None).unwrap();
        assert_eq!(door.renew(anna.id, 1), Ok(None));
        assert_eq!(door.renew(anna.id, 2), Ok(Some(1)));
        assert!(!door.is_good(1) && door.is_good(2));
        assert_eq!(door.till.find::<Principal>(key_of(2)).unwrap().owner, Some(anna.id));
        door.change(anna.id, change.clone()).unwrap();
        assert_eq!(door.is_good(2), !ends, "{change:?}");
        let again = door.renew(anna.id, 3);
        assert_eq!(again, if ends { Err(Code::UserNotFound) } else { Ok(Some(2)) }, "{change:?}");
        if change == UserChange::Lock {
            door.change(anna.id, UserChange::Unlock).unwrap();
            assert!(!door.is_good(2), "an unlock gives no key back");
            assert_eq!(door.renew(anna.id, 3), Ok(None));
        }
        let withdrawn = door.events().into_iter().filter(|it| *it == AuditEvent::KeyWithdrawn);
        assert_eq!(withdrawn.count(), 2, "{change:?}");
    }
}
