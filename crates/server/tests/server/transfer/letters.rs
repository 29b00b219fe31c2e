//! What holders are written while their tickets move.

use serde_json::json;

use super::season::Season;
use crate::client::Request;
use crate::letters::{arrived, mail, open, plain};
use crate::shop::LINKS_URL;

#[tokio::test]
async fn the_payment_link_is_mailed() {
    // Proves that the link of the letter leads to the page, that it begins with the server's own
    // address, and that money that goes back later is told at the same address.
    let (shop, office) = open().await;
    let season = Season::of(shop).await;
    let token = season.buy("home", "regular", 1).await;
    mail(&season.shop, &token).await;
    season.topup(&token).await;
    let letters = arrived(&season.shop, &office, 2).await;
    let letter =
        letters.iter().find(|it| it.headers("Subject")[0].starts_with("Pay the difference"));
    let text = plain(&letter.unwrap().data);
    assert!(text.contains("1500 ISK"), "{text}");
    let link = text.split(LINKS_URL).nth(1).unwrap();
    let path = link.split_whitespace().next().unwrap();
    let page = season.shop.send(&Request::get(path).header("Accept-Language", "en")).await;
    assert!(page.status == 200 && page.text().contains("rematch"), "{}", page.text());

    let other = season.buy("home", "regular", 1).await;
    mail(&season.shop, &other).await;
    arrived(&season.shop, &office, 3).await;
    season.transfer(&other, ("rematch", "cheap"), -1_500).await;
    let letters = arrived(&season.shop, &office, 4).await;
    assert!(letters[3].headers("Subject")[0].starts_with("Refund started: "));
    season.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn who_got_a_ticket_is_not_written_to_at_the_givers_address() {
    // Proves that the giver's address does not go along to another phone.
    let (shop, office) = open().await;
    let season = Season::of(shop).await;
    let token = season.buy("home", "regular", 1).await;
    mail(&season.shop, &token).await;
    arrived(&season.shop, &office, 1).await;
    let give = json!({ "ticketTokenId": token, "toPhoneNumber": "555 0124" });
    let given = season.post("TransferTicket", &give).await.json();
    let refund = json!({ "ticketTokenIds": [given["newTicketTokenId"]], "reason": "ill" });
    let refunded = season.post("refund/process", &refund).await;
    assert_eq!(refunded.code(), "OK", "{}", refunded.text());
    assert_eq!(arrived(&season.shop, &office, 1).await.len(), 1);
}
