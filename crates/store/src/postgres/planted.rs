//! A planted fault: locking and loading in one statement.
//!
//! It looks harmless and saves a round trip. In READ COMMITTED the statement sees what was
//! committed when it *began*; when it then waits for the lock, PostgreSQL reads only the locked
//! row anew, and everything joined to it is from before the wait.

use domain::facts::Key;
use domain::ids::Shard;
use domain::record::{Kind, Record};
use rustc_hash::FxHashMap;

use super::call::Call;
use super::connection::Connection;
use super::load;
use crate::codec::Codec;
use crate::engine::{Begun, EngineError};

const LOCK_AND_LOAD: &str = "SELECT quota.version, quota.body, quota.number, shard.sequence
     FROM shard LEFT JOIN quota ON quota.shard = shard.shard
     WHERE shard.shard = $1 FOR UPDATE OF shard";

/// Quotas as they were before the lock was waited for.
#[derive(Default)]
pub(super) struct ReadTooEarly(FxHashMap<Key, Record>);

impl ReadTooEarly {
    /// Puts what was read too early in the place of what was read in time.
    pub(super) fn instead(&self, keys: &[Key], loaded: Vec<Option<Record>>) -> Vec<Option<Record>> {
        let early = |key| self.0.get(key).cloned();
        keys.iter().zip(loaded).map(|(key, loaded)| early(key).or(loaded)).collect()
    }
}

/// Begins, locks and loads the quotas, all wrong.
pub(super) fn begin(
    connection: &mut Connection,
    shards: &[Shard],
) -> Result<(Begun, ReadTooEarly), EngineError> {
    let call = |shard: &Shard| Call::new(LOCK_AND_LOAD, vec![Box::new(i64::from(shard.0))]);
    let calls: Vec<Call> = shards.iter().map(call).collect();
    let answers = connection.run(Some("BEGIN"), &calls)?;
    let (mut sequences, mut early) = (Vec::new(), ReadTooEarly::default());
    for (shard, answer) in shards.iter().zip(&answers) {
        sequences.push(answer.rows.first().map_or(Ok(0), |row| load::number(row, 3))?);
        for row in &answer.rows {
            if row.try_get::<_, &str>(1).is_ok() {
                let key = load::key_of(&Key::number(*shard, Kind::Quota, 0), row)?;
                early.0.insert(key, load::record(&Codec::default(), &key, row)?);
            }
        }
    }
    Ok((Begun { sequences, now: None }, early))
}
