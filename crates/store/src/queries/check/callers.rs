//! Names that lead to users, and users whose names lead back.

use std::collections::HashMap;

use domain::ids::{PrincipalId, Shard};
use domain::record::{Aggregate as _, Kind};
use domain::user::{User, UserName, name_hash};

use super::CheckReport;
use crate::error::Fault;
use crate::queries::readable;
use crate::snapshot::Snapshot;

/// Compares them; they live in the house.
pub(super) fn compare(view: &dyn Snapshot, report: &mut CheckReport) -> Result<(), Fault> {
    let names = readable(view, Kind::UserName, Shard::HOUSE)?;
    let names = names.iter().filter_map(UserName::from_record);
    let mut owners: HashMap<u128, PrincipalId> =
        names.filter_map(|name| Some((name.hash, name.user?))).collect();
    for record in readable(view, Kind::User, Shard::HOUSE)? {
        let Some(user) = User::from_record(&record).filter(|user| !user.is_removed()) else {
            continue;
        };
        let own = [Some(&user.name), user.email.as_ref()];
        let mut hashes: Vec<u128> = own.into_iter().flatten().map(|it| name_hash(it)).collect();
        hashes.dedup();
        for hash in hashes {
            if owners.remove(&hash) != Some(user.id) {
                let id = user.id.0;
                report.find(format!("A name of user {id} does not lead to that user."));
            }
        }
    }
    for id in owners.into_values() {
        report.find(format!("A name leads to user {}, who has another one.", id.0));
    }
    Ok(())
}
