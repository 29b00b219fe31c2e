//! What keys of clubs may touch.

use domain::api_key::{ClubScope, Restriction};
use domain::ids::{ClubStoreId, MemberId, Shard};
use domain::refusal::Code;

use super::desk::{ANNA, CHAIN, JON};

const NORTH: ClubStoreId = ClubStoreId(1);
const SOUTH: ClubStoreId = ClubStoreId(2);

fn scope(stores: &[ClubStoreId], member: Option<MemberId>) -> ClubScope {
    ClubScope { chain: CHAIN, stores: stores.to_vec(), member }
}

/// A key's scope, what a call narrows it to, and what it may touch then.
type Row = (ClubScope, Option<Restriction>, Option<[bool; 4]>);

#[test]
fn calls_narrow_their_key() {
    // Proves what a call may narrow its key to, and what the key may touch then: whether it may
    // sell at the two stores, and whether it may act for the two members.
    const ALL: [bool; 4] = [true; 4];
    let rows: &[Row] = &[
        (scope(&[], None), None, Some(ALL)),
        (scope(&[], None), Some(Restriction::Chain(CHAIN)), Some(ALL)),
        (scope(&[], None), Some(Restriction::Chain(Shard(8))), None),
        (scope(&[], None), Some(Restriction::Store(SOUTH)), Some([false, true, true, true])),
        (scope(&[], None), Some(Restriction::User(JON)), Some([true, true, false, true])),
        (scope(&[NORTH], None), None, Some([true, false, true, true])),
        (scope(&[NORTH], None), Some(Restriction::Chain(CHAIN)), Some([true, false, true, true])),
        (scope(&[NORTH], None), Some(Restriction::Store(NORTH)), Some([true, false, true, true])),
        (scope(&[NORTH], None), Some(Restriction::Store(SOUTH)), None),
        (scope(&[], Some(ANNA)), None, Some([true, true, true, false])),
        (scope(&[], Some(ANNA)), Some(Restriction::User(ANNA)), Some([true, true, true, false])),
        (scope(&[], Some(ANNA)), Some(Restriction::User(JON)), None),
    ];
    for (scope, restriction, expected) in rows {
        let narrowed = scope.clone().narrowed(*restriction);
        let told = narrowed.as_ref().map_err(|refusal| refusal.code);
        match (told, expected) {
            (Err(code), None) => assert_eq!(code, Code::RestrictedScopeDenied),
            (Ok(narrowed), Some(expected)) => {
                let stores = [NORTH, SOUTH].map(|store| narrowed.check_store(store).is_ok());
                let members = [ANNA, JON].map(|member| narrowed.check_member(member).is_ok());
                let found = [stores[0], stores[1], members[0], members[1]];
                assert_eq!(found, *expected, "{scope:?} {restriction:?}");
            }
            other => panic!("{scope:?} {restriction:?}: {other:?}"),
        }
    }
    let outside = scope(&[NORTH], None).check_store(SOUTH).unwrap_err();
    assert_eq!(outside.code, Code::StoreNotAllowed);
}
