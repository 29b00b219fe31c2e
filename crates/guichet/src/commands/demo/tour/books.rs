//! The end of the day: every account of the ledger, their sum, and the check.

use std::process::ExitCode;

use store::{LedgerSum, Store};

use super::Tour;

/// How long what is under way may take to end.
const SETTLE_WITHIN: std::time::Duration = std::time::Duration::from_secs(15);

impl Tour {
    pub(super) async fn close_books(&self, store: &Store) -> anyhow::Result<ExitCode> {
        self.told.title("The books");
        self.settle(store).await?;
        let sums = store.ledger_sums().await?;
        for LedgerSum { account, currency, amount } in &sums {
            self.told.came(&format!("{account:<24}{amount:>12} {currency}"));
        }
        let total: i128 = sums.iter().map(|sum| sum.amount).sum();
        self.told.came(&format!("{:<24}{total:>12}", "sum"));
        let report = store.check().await?;
        report.findings.iter().for_each(|finding| self.told.came(&format!("wrong: {finding}")));
        let is_well = report.findings.is_empty() && total == 0;
        let (sales, postings) = (report.sales, report.postings);
        let verdict = if is_well { "all is well" } else { "something is wrong" };
        self.told.came(&format!("check: {sales} sales, {postings} postings, {verdict}"));
        self.told.end();
        Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    /// Waits for refunds that are still on their way.
    async fn settle(&self, store: &Store) -> anyhow::Result<()> {
        let until = tokio::time::Instant::now() + SETTLE_WITHIN;
        while store.check().await?.open_attempts > 0 && tokio::time::Instant::now() < until {
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
        Ok(())
    }
}
