//! What the office does: one refund, an event that will not take place, the payout.

use anyhow::{Context as _, ensure};
use serde_json::json;

use super::Tour;

impl Tour {
    pub(super) async fn refund_one(&self) -> anyhow::Result<()> {
        self.told.title("The office pays a ticket back");
        let token = self.buy(&self.league[0], "Adult").await?;
        let body = json!({ "ticketTokenIds": [token], "reason": "the fan fell ill" });
        let done = self.client.post("/refund/process", body).await?;
        self.told.came(&format!("ISK {} go back", done["totalRefunded"]));
        Ok(())
    }

    pub(super) async fn cancel_event(&self) -> anyhow::Result<()> {
        let event = self.league.last().context("the season is empty")?;
        self.told.title(&format!("{} will not take place", event.name));
        for _ in 0..5 {
            self.buy(event, "Adult").await?;
        }
        let body = json!({ "eventId": event.id, "reason": "snow" });
        let begun = self.client.post("/events/cancel", body).await?;
        let job = begun["job"]["jobId"].as_i64().context("no refunds were begun")?;
        let path = format!("/refund/jobs/{}", event.owner);
        let ended = self
            .client
            .wait_for(&path, |answer| {
                let jobs = answer["jobs"].as_array().cloned().unwrap_or_default();
                jobs.iter().any(|it| it["jobId"] == job && it["state"] == "Done")
            })
            .await?;
        let jobs = ended["jobs"].as_array().cloned().unwrap_or_default();
        let job = jobs.iter().find(|it| it["jobId"] == job).context("the job is gone")?;
        let (count, sum) = (&job["doneCount"], &job["totalRefunded"]);
        self.told.came(&format!("{count} sales paid back one by one, ISK {sum}"));
        Ok(())
    }

    pub(super) async fn pay_out(&self) -> anyhow::Result<()> {
        self.told.title(&format!("{} is paid out", self.cup.name));
        let body = json!({ "eventId": self.cup.id, "reference": "bank transfer 1" });
        let paid = self.client.post("/payouts", body).await?;
        ensure!(paid["payout"].is_object(), "nothing was paid out: {}", paid["message"]);
        self.told.came(&format!("ISK {} to the club", paid["payout"]["paid"]));
        Ok(())
    }
}
