//! Subscriptions: the exact requests, and that there is one however often it was broken off
//! (`payments.md` §2.7).

use domain::agency::{
    Interval, PaidPeriod, SubscriptionCall, SubscriptionStanding, SubscriptionTold,
    SubscriptionVerb,
};
use domain::attempt::{ChargeRef, Consent};
use domain::money::{Currency, Money};
use domain::time::Timestamp;
use gateway::{Gateway as _, PaymentRequest};

use crate::fake::{Fault, refusal};
use crate::support::{Till, approved, kind, krona, token};

/// 2026-12-22T12:00:00Z
const SECOND_PERIOD: i64 = 1_797_940_800;

/// A payment whose means may be kept, and the question to keep it.
async fn paid(till: &Till) -> SubscriptionCall {
    let request = PaymentRequest { consent: Consent::Keep, ..krona("att_1", 5_000) };
    let reference = approved(&till.gateway.sale(&request, &token("tok_visa")).await);
    till.requests();
    SubscriptionCall {
        verb: SubscriptionVerb::Keep,
        question: 1,
        gateway: "stripe".into(),
        key: "sub_77".into(),
        reference: None,
        customer_key: "cus_77".into(),
        customer: None,
        charge: ChargeRef { key: "att_1".into(), reference },
        money: Money::new(1_240, Currency::ISK),
        interval: Interval::Month,
        starts_at: Timestamp::from_seconds(SECOND_PERIOD),
        description: "Order 9-1".into(),
    }
}

fn told(standing: SubscriptionStanding, paid: Vec<PaidPeriod>) -> SubscriptionTold {
    let (reference, customer) = ("sub_5".into(), Some("cus_3".into()));
    SubscriptionTold { reference, customer, standing, paid }
}

/// What keeping one sends when nothing of it is there yet.
const KEPT: [&str; 9] = [
    "GET /v1/payment_intents/pi_1?expand%5B%5D=latest_charge",
    "GET /v1/payment_methods/pm_2",
    "GET /v1/customers/search?query=metadata%5B%27guichet_key%27%5D%3A%27cus_77%27&limit=1",
    "POST /v1/customers [cus_77:customer] metadata[guichet_key]=cus_77",
    "GET /v1/subscriptions?customer=cus_3&status=all&limit=100",
    "POST /v1/payment_methods/pm_2/attach [sub_77:attach] customer=cus_3",
    "POST /v1/prices [sub_77:price] currency=isk&unit_amount=124000&recurring[interval]=month&\
     product_data[name]=Order 9-1&metadata[guichet_key]=sub_77",
    "POST /v1/subscriptions [sub_77] customer=cus_3&default_payment_method=pm_2&\
     items[0][price]=price_4&trial_end=1797940800&proration_behavior=none&off_session=true&\
     metadata[guichet_key]=sub_77",
    "GET /v1/invoices?subscription=sub_5&status=paid&limit=100",
];

/// Proves what is sent to keep a subscription, to read it once its name is known, and to end it;
/// and that to keep and to end one again makes nothing new.
#[tokio::test]
async fn a_subscription_is_kept_read_and_ended() {
    let till = Till::open().await;
    let keep = paid(&till).await;
    let running = told(SubscriptionStanding::Running, Vec::new());
    assert_eq!(till.gateway.subscription(&keep).await, Ok(Some(running.clone())));
    assert_eq!(till.requests(), KEPT);
    assert_eq!(till.gateway.subscription(&keep).await, Ok(Some(running.clone())));
    let again = [KEPT[0], KEPT[1], KEPT[4], KEPT[8]];
    assert_eq!(till.requests(), again, "its payment method leads to its customer");

    let reference = Some("sub_5".to_owned());
    let read = SubscriptionCall { verb: SubscriptionVerb::Read, reference, ..keep };
    assert_eq!(till.gateway.subscription(&read).await, Ok(Some(running)));
    assert_eq!(till.requests(), ["GET /v1/subscriptions/sub_5", KEPT[8]]);

    let end = SubscriptionCall { verb: SubscriptionVerb::End, ..read };
    let ended = told(SubscriptionStanding::Ended, Vec::new());
    assert_eq!(till.gateway.subscription(&end).await, Ok(Some(ended.clone())));
    assert_eq!(till.requests()[1], "DELETE /v1/subscriptions/sub_5");
    assert_eq!(till.gateway.subscription(&end).await, Ok(Some(ended)));
    assert_eq!(till.requests(), ["GET /v1/subscriptions/sub_5", KEPT[8]]);
}

/// Proves that a second order of the same customer makes no second customer, by its name or by its
/// key.
#[tokio::test]
async fn a_customer_is_made_once() {
    for customer in [Some("cus_3".to_owned()), None] {
        let till = Till::open().await;
        let first = paid(&till).await;
        till.gateway.subscription(&first).await.expect("it is kept");
        let request = PaymentRequest { consent: Consent::Keep, ..krona("att_2", 5_000) };
        let reference = approved(&till.gateway.sale(&request, &token("tok_visa")).await);
        let charge = ChargeRef { key: "att_2".into(), reference };
        let second = SubscriptionCall { key: "sub_78".into(), charge, customer, ..first };
        till.gateway.subscription(&second).await.expect("it is kept");
        let counts = till.fake.book(|book| (book.customers.len(), book.subscriptions.len()));
        assert_eq!(counts, (1, 2));
    }
}

/// Proves that a subscription which was broken off at any request, before or after it was done, is
/// in doubt, and is there once when it is asked for again; also after Stripe has forgotten the
/// keys.
#[tokio::test]
async fn it_is_kept_once_wherever_it_was_broken_off() {
    for line in KEPT {
        let line = line.split(" [").next().unwrap_or_default();
        for (fault, forgets) in [
            (Fault::LostBefore, false),
            (Fault::LostAfter, false),
            (Fault::LostAfter, true),
            (Fault::Garbled, true),
            (Fault::Answer(500, refusal(500, "api_error", "", "").1), true),
            (Fault::Answer(429, refusal(429, "invalid_request_error", "rate_limit", "").1), false),
        ] {
            let till = Till::open().await;
            let keep = paid(&till).await;
            till.fake.breaks(line, fault.clone());
            let broken = till.gateway.subscription(&keep).await.expect_err("it breaks");
            assert_eq!(kind(&broken), "unknown", "{line} {fault:?}");
            if forgets {
                till.fake.forget_keys();
            }
            let kept = till.gateway.subscription(&keep).await.expect("it is kept");
            assert_eq!(kept.expect("it is").standing, SubscriptionStanding::Running);
            let counts = till.fake.book(|book| (book.customers.len(), book.subscriptions.len()));
            assert_eq!(counts, (1, 1), "{line} {fault:?}");
        }
    }
}

/// Proves that one which may or may not be there is found and ended, and that none is made for it.
#[tokio::test]
async fn what_is_in_doubt_is_ended() {
    let end = |keep| SubscriptionCall { verb: SubscriptionVerb::End, ..keep };
    let till = Till::open().await;
    let keep = paid(&till).await;
    assert_eq!(till.gateway.subscription(&end(keep)).await, Ok(None));
    assert_eq!(till.fake.book(|book| book.subscriptions.len()), 0);

    let till = Till::open().await;
    let keep = paid(&till).await;
    till.fake.breaks("POST /v1/subscriptions", Fault::LostAfter);
    till.gateway.subscription(&keep).await.expect_err("its answer is lost");
    let ended = told(SubscriptionStanding::Ended, Vec::new());
    assert_eq!(till.gateway.subscription(&end(keep)).await, Ok(Some(ended)));
}

/// Proves what each of Stripe's states means, and that paid bills are told in our unit: not those
/// of nothing.
#[tokio::test]
async fn states_and_bills_are_told() {
    use SubscriptionStanding::{Ended, PastDue, Running};
    let till = Till::open().await;
    let keep = paid(&till).await;
    till.gateway.subscription(&keep).await.expect("it is kept");
    for (status, expected) in [
        ("trialing", Some(Running)),
        ("active", Some(Running)),
        ("past_due", Some(PastDue)),
        ("unpaid", Some(PastDue)),
        ("incomplete", Some(PastDue)),
        ("paused", Some(PastDue)),
        ("incomplete_expired", Some(Ended)),
        ("canceled", Some(Ended)),
        ("not_yet_invented", None),
    ] {
        till.fake.book(|book| {
            book.subscriptions.values_mut().for_each(|it| it.status = status);
        });
        let told = till.gateway.subscription(&keep).await;
        let standing = told.map(|told| told.expect("it is there").standing);
        assert_eq!(standing.ok(), expected, "{status}");
    }
    till.fake.book(|book| {
        book.subscriptions.values_mut().for_each(|it| it.status = "active");
        book.bill("sub_5", 0);
        book.bill("sub_5", 124_000);
    });
    let bill = PaidPeriod { invoice: "in_8".into(), payment: "pi_9".into(), amount: 1_240 };
    let expected = told(Running, vec![bill]);
    assert_eq!(till.gateway.subscription(&keep).await, Ok(Some(expected)));
}

/// Proves that a card which cannot be kept is a decline, and that odd keys and names are not sent.
#[tokio::test]
async fn what_cannot_be_kept_is_told() {
    let till = Till::open().await;
    let keep = paid(&till).await;
    let (status, body) = refusal(402, "card_error", "card_declined", "generic_decline");
    till.fake.breaks("attach", Fault::Answer(status, body));
    let refused = till.gateway.subscription(&keep).await.expect_err("it is declined");
    assert_eq!(kind(&refused), "declined Soft");
    till.requests();
    for key in ["", "a b", "a'b", "é"] {
        let odd = SubscriptionCall { key: key.into(), ..keep.clone() };
        let refused = till.gateway.subscription(&odd).await.expect_err("it is odd");
        assert_eq!(kind(&refused), "not executed");
    }
    let reference = Some("../refunds".to_owned());
    let odd = SubscriptionCall { reference, verb: SubscriptionVerb::Read, ..keep };
    till.gateway.subscription(&odd).await.expect_err("it is odd");
    assert_eq!(till.requests(), Vec::<String>::new());
}
