//! What gateways still owe, and what their settlements said.

use std::sync::Arc;

use domain::attempt::Attempt;
use domain::ids::{SaleId, Shard};
use domain::record::Aggregate;
use domain::settlement::{SettlementDifference, SettlementFile};

use super::{all, sales};
use crate::error::Fault;
use crate::snapshot::Snapshot;
use crate::store::Store;

/// A payment or refund that its gateway has not settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsettled {
    /// Whose sale.
    pub shard: Shard,
    /// Which sale.
    pub sale: SaleId,
    /// The currency's code.
    pub currency: &'static str,
    /// The attempt whose money moved.
    pub attempt: Attempt,
}

/// Some of what is not settled, and after which sale to go on; `None` at the end.
pub type UnsettledPage = (Vec<Unsettled>, Option<SaleId>);

impl Store {
    /// What is not settled of at most `limit` sales of a seller after `after`.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn unsettled(
        &self,
        shard: Shard,
        after: SaleId,
        limit: u32,
    ) -> Result<UnsettledPage, Fault> {
        self.ask(move |view| unsettled(view, shard, after, limit)).await
    }

    /// Every settlement file that was taken in, oldest first.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn settlement_files(&self) -> Result<Vec<Arc<SettlementFile>>, Fault> {
        let mut files = self.ask(|view| of_the_house::<SettlementFile>(view)).await?;
        files.sort_by_key(|file| (file.at, file.hash));
        Ok(files)
    }

    /// What settlements and the till do not agree about now, oldest first.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn settlement_differences(&self) -> Result<Vec<Arc<SettlementDifference>>, Fault> {
        self.ask(differences).await
    }
}

/// The same as [`Store::unsettled`], of one view.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub fn unsettled(
    view: &dyn Snapshot,
    shard: Shard,
    after: SaleId,
    limit: u32,
) -> Result<UnsettledPage, Fault> {
    let sales = sales::sales(view, shard, after, limit)?;
    let found = sales.iter().flat_map(|sale| {
        sale.unsettled().map(|attempt| Unsettled {
            shard,
            sale: sale.id,
            currency: sale.currency.code(),
            attempt: attempt.clone(),
        })
    });
    Ok((found.collect(), sales.last().map(|sale| sale.id)))
}

/// The same as [`Store::settlement_differences`], of one view.
///
/// # Errors
/// [`Fault`] when the database cannot be read.
pub fn differences(view: &dyn Snapshot) -> Result<Vec<Arc<SettlementDifference>>, Fault> {
    let mut open = of_the_house::<SettlementDifference>(view)?;
    open.retain(|difference| difference.cleared_at.is_none());
    open.sort_by_key(|difference| (difference.at, difference.hash));
    Ok(open)
}

fn of_the_house<A: Aggregate>(view: &dyn Snapshot) -> Result<Vec<Arc<A>>, Fault> {
    let records = all(view, A::KIND, Shard::HOUSE)?;
    Ok(records.iter().filter_map(A::from_record).cloned().collect())
}
