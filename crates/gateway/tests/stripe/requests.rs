//! The exact requests of each verb (`payments.md` §2.1, §2.2).

use domain::attempt::Approval;
use domain::attempt::CallResult::Approved;
use gateway::{Gateway as _, TokenUse};

use crate::support::{Till, approved, card, charge, krona, token};

const CREATED: &str = "POST /v1/payment_intents [att_1] amount=500000&currency=isk&\
                       payment_method_types[]=card&capture_method=automatic&\
                       metadata[guichet_key]=att_1";

/// Proves what a sale sends: the intent under our key and without a card, then the card under a
/// key derived from it.
#[tokio::test]
async fn a_sale_creates_and_confirms() {
    let confirmed = "POST /v1/payment_intents/pi_1/confirm [att_1:confirm] \
                     expand[]=latest_charge&";
    let cases = [
        (
            token("tok_visa"),
            "payment_method_data[type]=card&payment_method_data[card][token]=tok_visa",
        ),
        (
            card("4242424242424242"),
            "payment_method_data[type]=card&payment_method_data[card][number]=4242424242424242&\
             payment_method_data[card][exp_month]=12&payment_method_data[card][exp_year]=2031&\
             payment_method_data[card][cvc]=123",
        ),
    ];
    for (source, means) in cases {
        let till = Till::open().await;
        let result = till.sale("att_1", &source).await;
        let approval = Approval {
            reference: "pi_1".into(),
            auth_code: Some("123456".into()),
            card_mask: Some("******4242".into()),
        };
        assert_eq!(result, Approved(approval));
        assert_eq!(till.requests(), [CREATED.to_owned(), format!("{confirmed}{means}")]);
    }
}

/// Proves that payment methods made elsewhere go out by name, and one that belongs to a customer
/// with the customer, whom a confirmation cannot name.
#[tokio::test]
async fn a_payment_method_is_charged_by_name() {
    let till = Till::open().await;
    let single = till.kept("keep_1", &token("tok_a"), TokenUse::Single).await;
    let single = single.expect("it is kept").token;
    let multi = till.kept("keep_2", &card("4242424242424242"), TokenUse::Multi).await;
    let multi = multi.expect("it is kept").token;
    assert_eq!((single.expose(), multi.expose()), ("pm_1", "pm_2@cus_3"));
    till.requests();

    till.sale("att_4", &token(single.expose())).await;
    assert_eq!(
        till.requests()[1],
        "POST /v1/payment_intents/pi_4/confirm [att_4:confirm] \
         expand[]=latest_charge&payment_method=pm_1"
    );
    till.sale("att_5", &token(multi.expose())).await;
    assert_eq!(
        till.requests()[1..],
        [
            "POST /v1/payment_intents/pi_5 customer=cus_3&payment_method=pm_2",
            "POST /v1/payment_intents/pi_5/confirm [att_5:confirm] expand[]=latest_charge",
        ]
    );
}

/// Proves what reserving, taking, giving up and paying back send.
#[tokio::test]
async fn reservations_and_refunds_name_the_intent() {
    let till = Till::open().await;
    let reference = till.reserved("att_1").await;
    let created = CREATED.replace("automatic", "manual");
    assert_eq!(till.requests()[0], created);
    approved(&till.gateway.capture(&krona("cap_1", 3_000), &charge("att_1", &reference)).await);
    approved(&till.gateway.refund(&krona("ref_1", 1_000), &charge("att_1", &reference)).await);
    let second = till.reserved("att_2").await;
    approved(&till.gateway.void(&krona("void_2", 5_000), &charge("att_2", &second)).await);
    let requests = till.requests();
    assert_eq!(
        [&requests[0], &requests[1], &requests[4]],
        [
            "POST /v1/payment_intents/pi_1/capture [cap_1] \
             amount_to_capture=300000&expand[]=latest_charge",
            "POST /v1/refunds [ref_1] \
             payment_intent=pi_1&amount=100000&metadata[guichet_key]=ref_1",
            "POST /v1/payment_intents/pi_4/cancel [void_2]",
        ]
    );
}

/// Proves what a question and a fence send: the very request that made the intent, and nothing
/// that could charge.
#[tokio::test]
async fn questions_make_the_same_intent_again() {
    let till = Till::open().await;
    till.sold("att_1").await;
    till.requests();
    approved(&till.gateway.lookup(&krona("att_1", 5_000)).await);
    let read = "GET /v1/payment_intents/pi_1?expand%5B%5D=latest_charge";
    assert_eq!(till.requests(), [CREATED, read]);
    approved(&till.gateway.fence(&krona("att_1", 5_000)).await);
    assert_eq!(till.requests(), [CREATED, read]);

    till.gateway.fence(&krona("att_9", 5_000)).await;
    assert_eq!(
        till.requests()[1..],
        [
            "GET /v1/payment_intents/pi_3?expand%5B%5D=latest_charge",
            "POST /v1/payment_intents/pi_3/cancel",
            "GET /v1/payment_intents/search?\
             query=metadata%5B%27guichet_key%27%5D%3A%27att_9%27&limit=10",
        ]
    );
}

/// Proves that keys and names which could change a request are not sent.
#[tokio::test]
async fn odd_keys_and_names_stay_here() {
    let till = Till::open().await;
    for key in ["", "a b", "a'b", "a/b", "é", &"k".repeat(201)] {
        let results = [
            till.sale(key, &token("tok_visa")).await,
            till.gateway.lookup(&krona(key, 5_000)).await,
            till.gateway.fence(&krona(key, 5_000)).await,
            till.gateway.capture(&krona(key, 5_000), &charge("att_1", "pi_1")).await,
            till.gateway.void(&krona(key, 5_000), &charge("att_1", "pi_1")).await,
            till.gateway.refund(&krona(key, 5_000), &charge("att_1", "pi_1")).await,
        ];
        let kinds = results.each_ref().map(crate::support::kind);
        assert_eq!(kinds[0], "not executed", "{key}");
        assert!(kinds[1..].iter().all(|kind| kind == "unknown"), "{key}: {kinds:?}");
    }
    for name in ["", "../refunds", "pi_1?expand", "pi_1/cancel"] {
        till.gateway.capture(&krona("att_1", 5_000), &charge("att_1", name)).await;
        till.gateway.void(&krona("att_1", 5_000), &charge("att_1", name)).await;
        till.gateway.refund(&krona("att_1", 5_000), &charge("att_1", name)).await;
        till.gateway.buyer_secret(name).await.expect_err("there is none");
    }
    assert_eq!(till.requests(), Vec::<String>::new());
}
