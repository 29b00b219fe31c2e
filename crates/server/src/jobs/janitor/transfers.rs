//! Transfers whose time to be paid is over.

use domain::ids::TransferId;
use domain::record::Kind;
use domain::transfer::{EndTransfer, Ending, Transfer, TransferAddress};
use store::{Due, Store, SubmitError};
use tracing::warn;

/// Looks at each due transfer, and ends it if there is a reason to.
pub(super) async fn expire(store: &Store, due: &[Due]) {
    for row in due.iter().filter(|row| row.kind == Kind::Transfer) {
        let transfer = TransferAddress { shard: row.shard, id: TransferId(row.number) };
        if let Err(error) = end(store, transfer).await {
            warn!(transfer = row.number, %error, "a due transfer could not be ended; trying again");
        }
    }
}

async fn end(store: &Store, address: TransferAddress) -> Result<(), SubmitError> {
    let Some(transfer) = store.read::<Transfer>(Transfer::key_of(address)).await? else {
        return Ok(());
    };
    let (source, why) = (transfer.from.shard, Ending::Due);
    store.submit(EndTransfer { transfer: address, source, why }).await?;
    Ok(())
}
