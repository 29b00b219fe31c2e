//! Customers and orders of agents: made, changed, listed, and seen by their own agent only.

use serde_json::{Value, json};

use super::desk::Desk;

#[tokio::test]
async fn an_order_shows_what_it_costs() {
    // Proves that an order is shown with its sums, its customer and its addresses, and that lines
    // come and go.
    let desk = Desk::open().await;
    let customer = json!({ "CustomerCode": "K-1", "FirstName": "Anna", "LastName": "Gestsdóttir",
        "Email": "anna@example.org" });
    let (_, saved) = desk.send(&desk.agent, "POST", "/v1/Customers", &customer).await;
    let number = saved["Customer"]["ID"].as_i64().unwrap();
    let body = json!({
        "CustomerID": number,
        "OrderLines": [
            { "Description": "Bus", "Quantity": 2, "UnitPrice": 1_000, "TaxPercent": 11 },
            { "Description": "Hut", "ProductCode": "H", "Quantity": 1, "UnitPrice": 500 },
        ],
        "TotalShippingCost": 90,
        "ShippingAddress": { "Street": "Aðalstræti 1", "City": "Reykjavík" },
        "Notes": "ring 4242424242424242",
    });
    let (status, placed) = desk.send(&desk.agent, "POST", "/v1/OrderHeaders", &body).await;
    assert_eq!(status, 200, "{placed}");
    let order = &placed["OrderHeader"];
    let shown = |name: &str| order[name].clone();
    assert_eq!(shown("TotalProductCost"), json!(2_500));
    assert_eq!(shown("TotalOrderTax"), json!(220));
    assert_eq!(shown("TotalOrderCost"), json!(2_810));
    assert_eq!(shown("CustomerName"), json!("Anna Gestsdóttir"));
    assert_eq!(shown("AgentName"), json!("Hálendisferðir"));
    assert_eq!(shown("OrderStatusText"), json!("Open"));
    assert_eq!(shown("ShippingAddressID"), json!(2));
    assert_eq!(shown("Address")["City"], json!("Reykjavík"));
    assert_eq!(shown("Notes"), json!("ring 424242******4242"), "no card number is kept");
    let uid = order["UID"].as_str().unwrap().to_owned();

    let (_, added) = desk.add_line(&uid, 100).await;
    assert_eq!(added["OrderHeader"]["TotalOrderCost"], json!(2_910));
    assert_eq!(added["OrderHeader"]["Recalculate"], json!(true));
    let target = format!("/v1/OrderHeaders/{uid}/Lines/1");
    let (_, removed) = desk.send(&desk.agent, "DELETE", &target, &Value::Null).await;
    let lines = removed["OrderHeader"]["OrderLines"].as_array().unwrap();
    let numbers: Vec<_> = lines.iter().map(|line| line["LineNumber"].clone()).collect();
    assert_eq!(numbers, [json!(2), json!(3)]);
    desk.shop.assert_all_is_well().await;
}

#[tokio::test]
async fn agents_see_their_own() {
    // Proves that orders and customers of another agent are not there for an agent, that an
    // administrator sees all, and that other roles see nothing.
    let desk = Desk::open().await;
    let uid = desk.order().await;
    let (own, other) = desk.numbers;
    for target in [format!("/v1/OrderHeaders/{uid}"), format!("/v1/CustomerPayments/{uid}")] {
        let check = async |key: &str, expected: u16| {
            let (status, told) = desk.send(key, "GET", &target, &Value::Null).await;
            assert_eq!(status, expected, "{target} {told}");
        };
        check(&desk.agent, 200).await;
        check(&desk.administrator, 200).await;
        check(&desk.shop.admin, 200).await;
        check(&desk.other, 404).await;
        let club = desk.shop.key(&["TeamAdmin"], &["hekla"]).await;
        check(&club, 403).await;
    }
    let list = async |key: &str, target: &str| {
        let (status, told) = desk.send(key, "GET", target, &Value::Null).await;
        let headers = told["OrderHeaders"].as_array().map_or(0, Vec::len);
        (status, headers)
    };
    assert_eq!(list(&desk.agent, "/v1/OrderHeaders/Open").await, (200, 1));
    assert_eq!(list(&desk.agent, "/v1/OrderHeaders/Closed").await, (200, 0));
    assert_eq!(list(&desk.other, "/v1/OrderHeaders/Open").await, (200, 0));
    assert_eq!(list(&desk.administrator, "/v1/OrderHeaders/Open").await, (200, 1));
    let theirs = format!("/v1/OrderHeaders/Open?AgentID={own}");
    assert_eq!(list(&desk.other, &theirs).await, (403, 0));
    let none = format!("/v1/OrderHeaders/Open?AgentID={other}");
    assert_eq!(list(&desk.administrator, &none).await, (200, 0));
    let (status, agents) = desk.send(&desk.administrator, "GET", "/v1/Agents", &Value::Null).await;
    assert_eq!((status, &agents["Agents"][1]["AgentNumber"]), (200, &json!("A-200")));
    let (status, _) = desk.send(&desk.agent, "GET", "/v1/Agents", &Value::Null).await;
    assert_eq!(status, 403);
}

#[tokio::test]
async fn lists_come_in_pages() {
    // Proves that pages follow each other without gap or repeat, and that a cancelled order moves
    // to the other list.
    let desk = Desk::open().await;
    let mut uids = Vec::new();
    for _ in 0..3 {
        uids.push(desk.order().await);
    }
    let target = format!("/v1/OrderHeaders/{}/Cancel", uids[1]);
    desk.send(&desk.agent, "POST", &target, &Value::Null).await;
    let mut after = 0;
    let mut seen = Vec::new();
    for _ in 0..3 {
        let target = format!("/v1/OrderHeaders/Open?Take=1&AfterID={after}");
        let (_, page) = desk.send(&desk.administrator, "GET", &target, &Value::Null).await;
        let Some(order) = page["OrderHeaders"].get(0) else { break };
        seen.push(order["UID"].as_str().unwrap().to_owned());
        after = order["ID"].as_i64().unwrap();
    }
    assert_eq!(seen, [uids[0].clone(), uids[2].clone()]);
    let (_, closed) = desk.send(&desk.agent, "GET", "/v1/OrderHeaders/Closed", &Value::Null).await;
    assert_eq!(closed["OrderHeaders"][0]["OrderStatusText"], json!("Cancelled"));
}

#[tokio::test]
async fn customers_are_made_and_changed() {
    // Proves that a customer is found by its code, changed by its number, and that a code that was
    // given up is free again.
    let desk = Desk::open().await;
    let save = async |body: Value| desk.send(&desk.agent, "POST", "/v1/Customers", &body).await;
    let (_, first) = save(json!({ "CustomerCode": "K-1", "BusinessName": "Ferðir ehf." })).await;
    let number = &first["Customer"]["ID"];
    let (status, told) = save(json!({ "CustomerCode": "K-1", "FirstName": "Jón" })).await;
    assert_eq!((status, &told["ResponseStatus"]["ErrorCode"]), (409, &json!("CustomerCodeTaken")));
    let changed = json!({ "ID": number, "CustomerCode": "K-2", "BusinessName": "Ferðir hf." });
    assert_eq!(save(changed).await.1["Customer"]["BusinessName"], json!("Ferðir hf."));
    let (status, _) = save(json!({ "CustomerCode": "K-1", "FirstName": "Jón" })).await;
    assert_eq!(status, 200);
    let target = "/v1/Customers?CustomerCode=K-2";
    let (_, found) = desk.send(&desk.agent, "GET", target, &Value::Null).await;
    assert_eq!(&found["Customers"][0]["ID"], number);
    let (_, all) = desk.send(&desk.agent, "GET", "/v1/Customers", &Value::Null).await;
    assert_eq!(all["Customers"].as_array().unwrap().len(), 2);
}
