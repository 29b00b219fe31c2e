//! What is found by a word.

use domain::facts::Key;

use super::PAGE_ROWS_MAX;
use crate::changes::Found;
use crate::error::Fault;
use crate::store::Store;

impl Store {
    /// Where the aggregates lie that have this word ([`domain::record::word`]), over all shards,
    /// by shard, kind and number; at most [`PAGE_ROWS_MAX`]. [`Store::read_all`] reads them.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn find(&self, word: u128, limit: u32) -> Result<Vec<Key>, Fault> {
        let rows = self.ask(move |view| view.found(word, limit.min(PAGE_ROWS_MAX))).await?;
        Ok(rows.iter().map(Found::key).collect())
    }
}
