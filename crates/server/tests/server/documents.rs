//! Tickets as files.

use domain::sale::Sale;
use serde_json::json;

use crate::client::{Answer, Request};
use crate::order::{card, paid, unpaid};
use crate::shop::{Shop, until};

async fn get(shop: &Shop, target: &str) -> Answer {
    shop.send(&Request::get(target).key(&shop.admin).accept("*/*")).await
}

/// A handle of two admissions, the first with a holder's name.
async fn bought(shop: &Shop) -> String {
    let mut order = paid(shop, "match", "named", 2);
    let holder =
        |name: &str| json!({ "name": name, "fullPhoneNumber": "+3545550001", "holderId": "1" });
    let holders = [holder("Þórður Ægisson <b>"), holder("Anna Gestsdóttir")];
    order["ticketHolders"] = json!({ "ticketHolders": holders });
    let answer = shop.order(&order).await;
    assert_eq!(answer.status_code(), 200, "{}", answer.text());
    answer.token()
}

#[tokio::test]
async fn every_format_is_answered() {
    // Proves what each address answers: the type, the name of the file, and how it begins.
    let shop = Shop::open().await;
    let token = bought(&shop).await;
    let number = shop.sales("hekla").await[0].id.0;
    let check = async |target: &str, content_type: &str, name: &str, start: &[u8]| {
        let answer = get(&shop, target).await;
        assert_eq!(answer.status, 200, "{target}: {}", answer.text());
        assert_eq!(answer.header("content-type"), Some(content_type), "{target}");
        let name = format!("inline; filename={name}");
        assert_eq!(answer.header("content-disposition"), Some(name.as_str()), "{target}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{target}");
        assert!(answer.body.starts_with(start), "{target}");
    };
    let (pdf, svg) = (format!("tickets-{number}.pdf"), format!("ticket-{number}.svg"));
    let (png, ics) = (format!("ticket-{number}.png"), format!("event-{number}.ics"));
    let long =
        |format: &str| format!("/ticketOrder/document?ticketTokenId={token}&format={format}");
    check(&long("pdf"), "application/pdf", &pdf, b"%PDF-").await;
    check(&long("SVG"), "image/svg+xml", &svg, b"<svg ").await;
    check(&long("png"), "image/png", &png, b"\x89PNG").await;
    check(&long("ics"), "text/calendar; charset=utf-8", &ics, b"BEGIN:VCALENDAR\r\n").await;
    let short = |rest: &str| format!("/ticketOrder/{token}/{rest}");
    check(&short("ticket.pdf"), "application/pdf", &pdf, b"%PDF-").await;
    check(&short("ticket.pdf?language=en"), "application/pdf", &pdf, b"%PDF-").await;
    check(&short("ticket.ics"), "text/calendar; charset=utf-8", &ics, b"BEGIN:VCALENDAR").await;
    check(&short("2/ticket.svg"), "image/svg+xml", &svg, b"<svg ").await;
    check(&format!("/tickets{}", short("2/ticket.png")), "image/png", &png, b"\x89PNG").await;
}

#[tokio::test]
async fn admissions_have_codes_of_their_own() {
    // Proves that each admission has its own code, the one of the order's answer, and that a PDF of
    // one is shorter than that of all.
    let shop = Shop::open().await;
    let token = bought(&shop).await;
    let body = async |rest: &str| get(&shop, &format!("/ticketOrder/{token}/{rest}")).await.body;
    assert_eq!(body("ticket.svg").await, body("1/ticket.svg").await);
    assert_ne!(body("1/ticket.svg").await, body("2/ticket.svg").await);
    assert_eq!(body("ticket.pdf").await, body("ticket.pdf").await, "the same every time");
    assert!(body("1/ticket.pdf").await.len() < body("ticket.pdf").await.len());
}

#[tokio::test]
async fn what_is_refused() {
    // Proves each refusal of the operation as an error of HTTP, and that none is a file.
    let shop = Shop::open().await;
    let token = bought(&shop).await;
    let check = async |target: &str, status: u16, code: &str| {
        let request = Request::get(target).key(&shop.admin).accept("application/json");
        let (told, name, _) = shop.send(&request).await.error();
        assert_eq!((told, name.as_str()), (status, code), "{target}");
    };
    let long = |rest: &str| format!("/ticketOrder/document?{rest}");
    check(&long(&format!("ticketTokenId={token}")), 400, "ValidationFailed").await;
    check(&long(&format!("ticketTokenId={token}&format=exe")), 400, "ValidationFailed").await;
    check(&format!("/ticketOrder/{token}/ticket.pdf?language=xx"), 400, "ValidationFailed").await;
    check(&format!("/ticketOrder/{token}/3/ticket.pdf"), 404, "TicketNotFound").await;
    check(&format!("/ticketOrder/{token}/0/ticket.svg"), 404, "TicketNotFound").await;
    check(&format!("/ticketOrder/{token}/-1/ticket.png"), 404, "TicketNotFound").await;
    check("/ticketOrder/nonsense/ticket.pdf", 404, "TicketNotFound").await;
    check(&long("format=pdf"), 404, "TicketNotFound").await;
    let failed = declined(&shop).await;
    check(&format!("/ticketOrder/{failed}/ticket.pdf"), 409, "TicketNotPaid").await;
}

/// The handle of an order whose card was declined; its answer shows none.
async fn declined(shop: &Shop) -> String {
    let mut order = unpaid(shop, "match", "adult", 1);
    order["cardInfo"] = card("4000000000000002");
    shop.order(&order).await;
    until("a declined sale", async || {
        let sales = shop.sales("hekla").await;
        sales.iter().find(|sale| sale.issued_at.is_none()).map(|sale| Sale::token(sale).text())
    })
    .await
}

#[tokio::test]
async fn only_whom_it_concerns() {
    // Proves that strangers, callers without a right and other clubs get no ticket, and that a
    // batch has no room for files.
    let shop = Shop::open().await;
    let token = bought(&shop).await;
    let target = format!("/ticketOrder/{token}/ticket.pdf");
    let status = async |request: Request| shop.send(&request.accept("*/*")).await.status;
    assert_eq!(status(Request::get(&target)).await, 401);
    let powerless = shop.powerless_key(&["Agent"]).await;
    assert_eq!(status(Request::get(&target).key(&powerless)).await, 403);
    let other = shop.key(&["TeamAdmin"], &["esja"]).await;
    assert_eq!(status(Request::get(&target).key(&other)).await, 403);
    let own = shop.key(&["TeamAdmin"], &["hekla"]).await;
    assert_eq!(status(Request::get(&target).key(&own)).await, 200);
    let one = json!([{ "ticketTokenId": token, "format": "pdf" }]);
    let batch = Request::post("/api/TicketOrderDocument[]").key(&shop.admin).json(&one);
    assert_eq!(status(batch).await, 405);
}
