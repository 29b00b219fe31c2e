//! Compressed bodies, both ways (`servicestack.md` §5.8).

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use crate::client::Request;
use crate::order::paid;
use crate::shop::Shop;

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn a_compressed_order_is_an_order() {
    // Proves that a compressed body is read, and that a bomb, a nested one and another coding are
    // refused with a clear error, after which the till still sells.
    let shop = Shop::open().await;
    let order = paid(&shop, "match", "adult", 1).to_string().into_bytes();
    let send = async |coding: &str, body: Vec<u8>| {
        let request = Request::post("/ticketOrder").key(&shop.admin);
        let request = request.header("Content-Encoding", coding).body("application/json", body);
        shop.send(&request).await
    };
    assert_eq!(send("gzip", gzip(&order)).await.code(), "OK");
    let mut spaced = order.clone();
    spaced.resize(1 << 20, b' ');
    assert_eq!(send("gzip", gzip(&spaced)).await.code(), "OK");
    let bomb = gzip(&vec![b' '; 256 << 20]);
    assert!(bomb.len() < 1 << 20);
    for (coding, body, status) in [
        ("gzip", bomb.clone(), 413),
        ("gzip", gzip(&bomb), 400),
        ("gzip, gzip", gzip(&bomb), 415),
        ("gzip", order.clone(), 400),
        ("br", order.clone(), 400),
        ("zstd", order.clone(), 415),
    ] {
        let answer = send(coding, body).await;
        assert_eq!(answer.status, status, "{coding}: {}", answer.text());
        assert!(answer.json()["responseStatus"]["errorCode"].is_string(), "{coding}");
        assert_eq!(answer.header("Accept-Encoding").is_some(), status == 415, "{coding}");
    }
    assert_eq!(send("identity", order).await.code(), "OK");
    assert_eq!(shop.charges(), [4_000; 3]);
}

#[tokio::test]
async fn only_what_is_not_secret_is_compressed() {
    // Proves that lists and pages are compressed for who asks, and no answer with a ticket is.
    let shop = Shop::open().await;
    let asked = async |target: &str| {
        let request = Request::get(target).key(&shop.admin).header("Accept-Encoding", "gzip");
        shop.send(&request).await
    };
    for target in ["/events.json", "/metadata", "/openapi.json"] {
        let answer = asked(target).await;
        assert_eq!(
            (answer.status, answer.header("Content-Encoding")),
            (200, Some("gzip")),
            "{target}"
        );
        let mut plain = Vec::new();
        GzDecoder::new(answer.body.as_slice()).read_to_end(&mut plain).unwrap();
        let whole = shop.send(&Request::get(target).key(&shop.admin)).await;
        assert!(whole.header("Content-Encoding").is_none());
        assert_eq!(plain.len(), whole.body.len(), "{target}");
        assert!(whole.header("Vary").unwrap().contains("Accept-Encoding"), "{target}");
    }
    let order = paid(&shop, "match", "adult", 3);
    let request = Request::post("/ticketOrder").key(&shop.admin).header("Accept-Encoding", "br");
    let sold = shop.send(&request.json(&order)).await;
    assert!(sold.header("Content-Encoding").is_none() && sold.body.len() > 1_024);
    let status = asked(&format!("/ticketOrder/status.json?ticketTokenId={}", sold.token())).await;
    assert!(status.header("Content-Encoding").is_none());
}
