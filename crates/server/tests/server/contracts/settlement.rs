//! Settlements of what was reserved and then captured: gateways call it by its reservation.

use domain::attempt::Verb;
use domain::ids::SaleId;
use gateway::borgun::order_id;
use serde_json::json;

use super::stage::Stage;
use crate::client::Request;

const OTHER_CARD: &str = "4741520000000003";

/// The keys under which the parts of the one sale were reserved.
async fn reserved(stage: &Stage) -> Vec<String> {
    let sales = stage.shop.store().sales(stage.chain, SaleId(0), 10).await.unwrap();
    let attempts = sales.iter().flat_map(|sale| &sale.attempts);
    let reserved = attempts.filter(|attempt| attempt.verb == Verb::Authorize);
    reserved.map(|attempt| attempt.key.clone()).collect()
}

#[tokio::test]
async fn a_capture_is_settled_by_the_name_of_its_reservation() {
    // Proves for each form of list that a captured part is found by what its gateway was told when
    // it was reserved, and that nothing is left with the gateway then.
    for format in ["stripe", "borgun", "plain"] {
        let stage = Stage::open().await;
        let other = stage.keeps(stage.anna, OTHER_CARD).await;
        let mut body = stage.three();
        body["PaymentMethods"] = json!([
            { "AcctToken": other, "PaymentAmount": "1.50" }, { "UsePreferred": true },
        ]);
        stage.sold(&body).await;
        let keys = reserved(&stage).await;
        let [a, b] = keys.as_slice() else { panic!("{keys:?}") };
        let text = match format {
            "stripe" => format!(
                "balance_transaction_id,currency,gross,fee,net,reporting_category,\
                 payment_metadata[guichet_key]\ntxn_1,eur,1.50,0.10,1.40,charge,{a}\n\
                 txn_2,eur,1.50,0.10,1.40,charge,{b}\n"
            ),
            "borgun" => format!(
                "Transaction Number;Transaction Type;OrderId;Amount;Commission;Currency\n\
                 1;Sale;{};1,50;0,10;978\n2;Sale;{};1,50;0,10;978\n",
                order_id(a),
                order_id(b)
            ),
            _ => format!(
                "line,kind,key,amount,fee,currency\n1,charge,{a},1.50,0.10,EUR\n\
                 2,charge,{b},1.50,0.10,EUR\n"
            ),
        };
        let body = json!({ "gateway": "sandbox", "format": format, "content": text });
        let request = Request::post("/ledger/settlements.json").key(&stage.shop.admin).json(&body);
        let told = stage.shop.send(&request).await.json();
        assert_eq!(told["file"]["settled"], 2, "{format}: {told}");
        assert_eq!(stage.balance("gateway_clearing").await, 0, "{format}");
        assert_eq!(stage.balance("bank").await, 280, "{format}");
        stage.shop.assert_all_is_well().await;
    }
}
