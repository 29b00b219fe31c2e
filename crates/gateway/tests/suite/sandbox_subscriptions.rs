//! Subscriptions at the sandbox, in both forms.

use domain::agency::{Interval, SubscriptionCall, SubscriptionStanding, SubscriptionVerb};
use domain::attempt::ChargeRef;
use domain::money::{Currency, Money};
use domain::time::Timestamp;

use crate::support::{FORMS, GIFT_CARD, GOOD_CARD, Till, kind};

fn call(verb: SubscriptionVerb, charge: &str, amount: i64) -> SubscriptionCall {
    SubscriptionCall {
        verb,
        question: 1,
        gateway: "sandbox".into(),
        key: "sub_1".into(),
        reference: None,
        customer_key: "cus_1".into(),
        customer: None,
        charge: ChargeRef { key: charge.into(), reference: String::new() },
        money: Money::new(amount, Currency::ISK),
        interval: Interval::Month,
        starts_at: Timestamp(0),
        description: "Order 1-1".into(),
    }
}

#[tokio::test]
async fn a_subscription_is_kept_renewed_and_ended() {
    // Proves that one key has one subscription, that each period is told with a payment which can
    // be paid back, that nothing is taken after the end, and that a restart changes nothing of it.
    use SubscriptionVerb::{End, Keep, Read};
    for form in FORMS {
        let folder = tempfile::tempdir().unwrap();
        let till = Till::open(form, &folder).await;
        let ask = async |till: &Till, verb| {
            let told = till.gateway.subscription(&call(verb, "a", 2_000)).await;
            told.unwrap().map(|told| (told.standing, told.paid))
        };
        let running = SubscriptionStanding::Running;
        assert_eq!(ask(&till, Read).await, None, "{form:?}");
        assert_eq!(ask(&till, End).await, None, "{form:?}");
        till.sale("a", 5_000, GOOD_CARD).await;
        for verb in [Keep, Keep, Read] {
            assert_eq!(ask(&till, verb).await, Some((running, Vec::new())), "{form:?}");
        }
        till.renew("sub_1").await;
        till.renew("sub_1").await;
        till.close().await;
        let till = Till::open(form, &folder).await;
        let (_, paid) = ask(&till, Read).await.unwrap();
        assert_eq!(paid.iter().map(|period| period.amount).collect::<Vec<_>>(), [2_000, 2_000]);
        assert_ne!(paid[0].invoice, paid[1].invoice);
        let payment = &paid[1].payment;
        assert_eq!(kind(&till.refund("back", payment, 1_500).await), "approved", "{form:?}");
        assert_eq!(kind(&till.refund("more", payment, 1_000).await), "not executed", "{form:?}");
        for _ in 0..2 {
            let ended = (SubscriptionStanding::Ended, paid.clone());
            assert_eq!(ask(&till, End).await, Some(ended), "{form:?}");
            till.renew("sub_1").await;
        }
    }
}

#[tokio::test]
async fn what_cannot_be_kept_is_told() {
    // Proves what is said of a charge that took nothing, of a gift card, and of answers that are
    // lost with and without a subscription behind them.
    for form in FORMS {
        let folder = tempfile::tempdir().unwrap();
        let till = Till::open(form, &folder).await;
        till.set_balance("7891", Money::new(9_000, Currency::ISK)).await;
        till.sale("gift", 2_000, GIFT_CARD).await;
        till.sale("a", 5_000, GOOD_CARD).await;
        for (charge, amount, expected, there) in [
            ("nothing", 2_000, "not executed", false),
            ("gift", 2_000, "declined Soft", false),
            ("a", 2_667, "unknown", false),
            ("a", 2_666, "unknown", true),
        ] {
            let keep = call(SubscriptionVerb::Keep, charge, amount);
            let refused = till.gateway.subscription(&keep).await.expect_err("it is not kept");
            assert_eq!(kind(&refused), expected, "{form:?} {charge} {amount}");
            let read = call(SubscriptionVerb::Read, charge, amount);
            let told = till.gateway.subscription(&read).await.unwrap();
            assert_eq!(told.is_some(), there, "{form:?} {charge} {amount}");
        }
    }
}
