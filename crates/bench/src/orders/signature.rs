//! What the signature of one order costs, measured in the same run as the orders: it is the
//! largest single piece of an answer, and which implementation signs depends on the processor.

use std::hint::black_box;

use domain::ids::Shard;
use domain::sale::Sale;
use domain::scan_code::SealKey;
use store::testing::{ADULT, GROUND, Shop};
use store::{Options, Store};

use super::OrdersError;
use crate::clock;

/// How often so many signatures are timed; the fastest time counts, because everything else that
/// runs on the machine can only make one slower.
const TRIES: u32 = 50;
const SIGNATURES: u32 = 100;

/// Microseconds for sealing one order.
pub(super) fn microseconds() -> Result<f64, OrdersError> {
    let sale = sale().map_err(|error| OrdersError::Preparation(error.to_string()))?;
    let key = SealKey::new(1, &[7; 32]);
    let time = |_| {
        let began = clock::now();
        for _ in 0..SIGNATURES {
            black_box(key.seal(black_box(&sale)));
        }
        began.elapsed().as_secs_f64() * 1e6 / f64::from(SIGNATURES)
    };
    Ok((0..TRIES).map(time).fold(f64::INFINITY, f64::min))
}

/// Any order, made by the rules themselves.
fn sale() -> Result<Sale, Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let store = Store::memory(Options::default());
        let mut shop = Shop::new(Shard(7));
        shop.revision = store.submit(shop.publish()).await?;
        shop.revision = store.submit(shop.limit(GROUND, None)).await?;
        let placed = store.submit(shop.order(1, ADULT, 1)).await?;
        store.close().await?;
        Ok(Sale::clone(&placed.sale))
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_order_can_be_sealed() {
        // Proves that the made-up order is one that the rules sell.
        assert!(super::microseconds().unwrap() > 0.0);
    }
}
