//! Customers and orders of agencies, page by page.

use std::sync::Arc;

use domain::agency::{Customer, CustomerOrder};
use domain::ids::{CustomerId, CustomerOrderId, Shard};

use super::PAGE_ROWS_MAX;
use super::window::page;
use crate::error::Fault;
use crate::store::Store;

impl Store {
    /// An agency's customers in the order of their numbers, after `after`; at most
    /// [`PAGE_ROWS_MAX`].
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn customers(
        &self,
        shard: Shard,
        after: CustomerId,
        limit: u32,
    ) -> Result<Vec<Arc<Customer>>, Fault> {
        self.ask(move |view| page(view, shard, after.0, limit)).await
    }

    /// An agency's orders in the order of their numbers, after `after`: those with which something
    /// is still to be done, or the others; at most [`PAGE_ROWS_MAX`].
    ///
    /// # Errors
    /// [`Fault`] when the database cannot be read.
    pub async fn customer_orders(
        &self,
        shard: Shard,
        open: bool,
        after: CustomerOrderId,
        limit: u32,
    ) -> Result<Vec<Arc<CustomerOrder>>, Fault> {
        self.ask(move |view| {
            let (mut found, mut after) = (Vec::new(), after);
            let limit = limit.min(PAGE_ROWS_MAX) as usize;
            while found.len() < limit {
                let orders = page::<CustomerOrder>(view, shard, after.0, PAGE_ROWS_MAX)?;
                let Some(last) = orders.last() else { break };
                after = last.id;
                found.extend(orders.into_iter().filter(|order| order.state.is_open() == open));
            }
            found.truncate(limit);
            Ok(found)
        })
        .await
    }
}
