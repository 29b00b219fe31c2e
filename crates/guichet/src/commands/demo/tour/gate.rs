//! The gate: a code is shown, shown again, and one is read without the network.

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};

use super::Tour;

impl Tour {
    pub(super) async fn scan(&self, ticket: &Value) -> anyhow::Result<()> {
        self.told.title("At the gate");
        let code = ticket["scanCode"].as_str().context("the ticket shows no code")?;
        let body = json!({ "scanCode": code, "gate": "West", "eventId": self.cup.id });
        let first = self.client.post("/gate/scan", body.clone()).await?;
        ensure!(first["admitted"] == true, "the gate stays shut: {}", first["reason"]);
        let seat = first["seatDisplayString"].as_str().unwrap_or_default();
        self.told.came(&format!("admitted: {seat}"));
        let again = self.client.post("/gate/scan", body).await?;
        self.told.came(&format!("shown again: re-entry {}", again["reEntry"]));
        let now = jiff::Timestamp::now().to_string();
        let body = json!({ "device": "scanner-2",
            "scans": [{ "scanCode": code, "atUtc": now, "gate": "East" }] });
        let upload = self.client.post("/gate/upload", body).await?;
        let outcome = upload["outcomes"].as_array().and_then(|all| all.first());
        let outcome = outcome.and_then(|outcome| outcome.as_str()).unwrap_or_default();
        self.told.came(&format!("read offline at the east gate and sent in later: {outcome}"));
        let counts = self.client.get(&format!("/gate/counts/{}", self.cup.id)).await?;
        self.told.came(&format!("{} went in", counts["total"]));
        Ok(())
    }
}
