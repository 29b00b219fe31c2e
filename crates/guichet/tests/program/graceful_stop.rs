//! Asked to stop while buyers wait for the gateway.

use std::fs;
use std::path::Path;
use std::thread;

use serde_json::json;

use crate::exchange::send;
use crate::program::{Program, guichet, until};
use crate::search::open_line;

const BUYERS: usize = 4;

#[test]
fn what_is_under_way_is_finished_first() {
    // Proves that a stop during slow calls of the gateway lets every buyer have the answer, and
    // that the program then ends with 0 and with its books in order.
    let folder = tempfile::tempdir().unwrap();
    let (data, gateway_data) = (folder.path().join("data"), folder.path().join("gateway"));
    let slow = ["sandbox", "--delay-ms", "1000"];
    let sandbox = Program::start("sandbox", folder.path(), &gateway_data, &slow);
    let url = format!("http://{}", sandbox.address);
    let demo = ["demo", "--gateway-url", &url];
    let program = Program::start("demo", folder.path(), &data, &demo);
    let (key, body) = until("the printed order", || open_line(&data, &program.printed()));
    let address = program.address;
    let before = calls(&gateway_data);
    let buyers: Vec<_> = (0..BUYERS)
        .map(|_| {
            let (bearer, body) = (format!("Bearer {key}"), body.clone());
            thread::spawn(move || {
                let headers =
                    [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
                send(address, "POST", "/ticketOrder.json", &headers, body.to_string().as_bytes())
            })
        })
        .collect();
    // The sandbox writes its log before it holds its answer back.
    until("all charges to be under way", || {
        (calls(&gateway_data) == before + BUYERS).then_some(())
    });
    program.terminate();
    for buyer in buyers {
        let answer = buyer.join().unwrap();
        assert_eq!((answer.status, &answer.json()["message"]), (200, &json!("OK")));
    }
    assert!(program.wait().success());
    let check = guichet(&["check"], &data);
    let said = String::from_utf8_lossy(&check.stdout).into_owned();
    assert!(check.status.success() && said.contains("0 payments open"), "{said}");
}

fn calls(gateway_data: &Path) -> usize {
    let log = fs::read_to_string(gateway_data.join("sandbox.log")).unwrap_or_default();
    log.lines().count()
}
