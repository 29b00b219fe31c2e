//! A phone is proved, and seats are held for it.

use anyhow::Context as _;
use serde_json::json;

use super::{DEVICE, PHONE, Tour};

impl Tour {
    pub(super) async fn verify_phone(&mut self) -> anyhow::Result<()> {
        self.told.title("A fan proves a phone");
        let body = json!({ "fullPhoneNumber": PHONE, "deviceId": DEVICE, "language": "en" });
        let asked = self.client.post("/phoneverification/request", body).await?;
        let path = format!("/phoneverification/outbox?fullPhoneNumber=%2B{}", &PHONE[1..]);
        let sent = self.client.get(&path).await?;
        let text = sent["messages"].as_array().and_then(|all| all.last()).map(|it| &it["text"]);
        let text = text.and_then(|text| text.as_str()).context("no SMS was sent")?;
        let mut runs = text.split(|letter: char| !letter.is_ascii_digit());
        let code = runs.rfind(|run| run.len() == 6).context("the SMS has no code")?;
        let body = json!({ "requestId": asked["token"], "code": code, "deviceId": DEVICE });
        let proved = self.client.post("/phoneverification/verification", body).await?;
        self.phone_token = proved["token"].as_str().context("the code was not taken")?.to_owned();
        self.told.came(&format!("{PHONE} got the code {code} by SMS and gave it back"));
        Ok(())
    }

    /// Four together, the best there are.
    pub(super) async fn hold_seats(&self) -> anyhow::Result<String> {
        self.told.title(&format!("Four seats together for {}", self.cup.name));
        let stand = self.cup.price("Stand")?;
        let body = json!({
            "eventId": self.cup.id, "quantity": 4, "eventSeriesOwnerTicketType": stand.id,
            "deviceId": DEVICE, "phoneVerificationNumber": self.phone_token,
        });
        let held = self.client.post("/EventSeatingFindAndReserve", body).await?;
        let seats = held["seats"].as_array().cloned().unwrap_or_default();
        for seat in &seats {
            let name = seat["seatDisplayString"].as_str().unwrap_or_default();
            self.told.came(&format!("held: {name}"));
        }
        anyhow::ensure!(seats.len() == 4, "{} seats were held instead of 4", seats.len());
        let token = held["reservationTokenId"].as_str().context("the hold has no handle")?;
        Ok(token.to_owned())
    }
}
