//! Which form a stored body has.
//!
//! While a cluster is upgraded, old and new programs run side by side: a new form is written
//! only when every living node can read it ([`crate::cluster`]), and each row says which form
//! it is in.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use domain::facts::Key;
use domain::record::Record;

use crate::records::{self, Address};

/// The newest form of bodies that this program knows: 1 sold places only, 2 the whole ticket
/// window, whose sales hold members that an older program would lose when it writes them again.
pub const BODY_VERSION: u32 = 2;

/// Writes bodies in one form and reads them in all it knows. Clones write the same form.
#[derive(Clone, Debug)]
pub struct Codec {
    written: Arc<AtomicU32>,
    newest: u32,
}

impl Default for Codec {
    fn default() -> Codec {
        Codec::up_to(BODY_VERSION)
    }
}

impl Codec {
    fn up_to(newest: u32) -> Codec {
        Codec { written: Arc::new(AtomicU32::new(newest)), newest }
    }

    /// A program of the future, whose newest form wraps today's.
    #[cfg(feature = "testing")]
    #[must_use]
    pub fn of_the_future() -> Codec {
        Codec::up_to(BODY_VERSION + 1)
    }

    /// The newest form it knows.
    #[must_use]
    pub fn newest(&self) -> u32 {
        self.newest
    }

    /// Writes this form from now on, or the newest known if that is older.
    pub fn write_as(&self, version: u32) {
        self.written.store(version.min(self.newest), Relaxed);
    }

    /// Appends the body; answers its form.
    pub(crate) fn encode(&self, record: &Record, body: &mut Vec<u8>) -> Result<u32, String> {
        let version = self.written.load(Relaxed);
        #[cfg(feature = "testing")]
        if version > BODY_VERSION {
            return future::encode(record, body).map(|()| version);
        }
        records::encode(record, body).map(|()| version)
    }

    /// Reads a body, and makes sure that it is the one that belongs to this address.
    pub(crate) fn decode(&self, key: &Key, version: u32, body: &[u8]) -> Result<Record, String> {
        decode(self.newest, key, version, body)
    }
}

/// Reads a body whose form is at most `newest`, and makes sure that it belongs to this address.
pub(crate) fn decode(newest: u32, key: &Key, version: u32, body: &[u8]) -> Result<Record, String> {
    if version > newest {
        return Err(format!("{}: written by a newer program", shown(key)));
    }
    #[cfg(feature = "testing")]
    let body = if version > BODY_VERSION { future::inside(body) } else { body };
    let record = records::decode(key, body);
    let record = record.map_err(|error| format!("{}: {error}", shown(key)))?;
    if record.key() != *key {
        return Err(format!("{}: it holds {}", shown(key), shown(&record.key())));
    }
    Ok(record)
}

/// The form one newer than today's, for tests of an upgrade.
#[cfg(feature = "testing")]
mod future {
    use domain::record::Record;

    const BEFORE: &[u8] = b"{\"wrapped\":";

    pub(super) fn encode(record: &Record, body: &mut Vec<u8>) -> Result<(), String> {
        body.extend_from_slice(BEFORE);
        super::records::encode(record, body)?;
        body.push(b'}');
        Ok(())
    }

    pub(super) fn inside(body: &[u8]) -> &[u8] {
        let rest = body.strip_prefix(BEFORE).and_then(|rest| rest.strip_suffix(b"}"));
        rest.unwrap_or(body)
    }
}

fn shown(key: &Key) -> String {
    let Key { shard, kind, number, hash } = key;
    if records::table_of(*kind).is_some_and(|table| table.address == Address::DayHash) {
        return format!("{kind:?} {hash:032x} of day {number} in shard {}", shard.0);
    }
    format!("{kind:?} {number} in shard {}", shard.0)
}
