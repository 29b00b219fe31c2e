//! `saveCardToToken`: a card that is kept because its buyer asked for that, once it has paid.

use domain::time::Span;
use serde_json::json;

use crate::order::{card, unpaid};
use crate::shop::Shop;
use crate::signing::App;
use crate::telephone::{Device, NUMBER, stored, told};

#[tokio::test]
async fn a_card_is_kept_once_it_has_paid() {
    // Proves that a card that pays is kept for the buyer's phone and pays again by its number, and
    // that a card that is declined is not kept.
    let shop = Shop::open().await;
    let app = App::new(&shop).await;
    let device = Device { shop: &shop, app: &app, name: "phone" };
    let token = device.verified(NUMBER).await;
    for (number, code, kept) in
        [("4000000000000002", "PaymentDeclined", 0), ("4242424242424242", "OK", 1)]
    {
        let mut order = unpaid(&shop, "match", "adult", 1);
        order["cardInfo"] = card(number);
        order["cardInfo"]["saveCardToToken"] = json!(true);
        let answer = device.order(&token, &order).await;
        assert_eq!(told(&answer).1, code, "{}", answer.text());
        let phone = stored(&shop, NUMBER).await.unwrap();
        assert_eq!(phone.cards.len(), kept, "{number}");
        shop.clock.advance(Span::seconds(1));
    }
    let phone = stored(&shop, NUMBER).await.unwrap();
    assert_eq!(phone.cards[0].mask, "424242******4242");
    let mut again = unpaid(&shop, "match", "adult", 1);
    again["paymentCardId"] = json!(phone.cards[0].id.0);
    let answer = device.order(&token, &again).await;
    assert_eq!(told(&answer), (200, "OK".to_owned()), "{}", answer.text());
    assert_eq!(answer.ticket()["paymentMethodId"], "savedCard");
    assert_eq!(shop.charges(), [4_000, 4_000]);
    shop.assert_all_is_well().await;
}
