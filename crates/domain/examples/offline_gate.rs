//! A scanner without the network: decides about codes with nothing but the public key and the
//! signed list of its event, as `GET /gate/bundle/{EventId}` gives them.
//!
//! ```sh
//! cargo run -p domain --example offline_gate -- PUBLIC_KEY LIST SIGNATURE < codes
//! ```
//!
//! The key and the signature are base64url; `LIST` is a file with the text. Codes are read line by
//! line, and what the gate decides is written line by line.

use std::error::Error;
use std::io::{BufRead as _, Write as _};
use std::time::{SystemTime, UNIX_EPOCH};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::gate::Verdict;
use domain::gate::bundle::Bundle;
use domain::scan_code::{check_bundle, check_code};
use domain::time::Timestamp;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [key, list, signature] = &arguments[..] else {
        return Err("say the public key, the file with the list, and its signature".into());
    };
    let key: [u8; 32] = bytes(key)?;
    let text = std::fs::read_to_string(list)?;
    if !check_bundle(&text, &bytes(signature)?, &key) {
        return Err("this list is not signed with that key".into());
    }
    let mut bundle: Bundle = text.parse()?;
    let mut out = std::io::stdout().lock();
    for code in std::io::stdin().lock().lines() {
        writeln!(out, "{}", decide(&mut bundle, &code?, &key)?)?;
    }
    Ok(())
}

/// What the gate says to one code; whoever goes in is remembered.
fn decide(bundle: &mut Bundle, code: &str, key: &[u8; 32]) -> Result<String, Box<dyn Error>> {
    let admission = match check_code(code, |_| Some(*key)) {
        Ok(admission) => admission,
        Err(error) => return Ok(format!("no: {error}")),
    };
    Ok(match bundle.decide(&admission, now()?) {
        Verdict::Admitted { again } => {
            bundle.enter(&admission);
            format!("go in{}", if again { ", again" } else { "" })
        }
        Verdict::Refused(reason) => format!("no: {}", reason.name()),
    })
}

#[expect(clippy::disallowed_methods, reason = "a scanner has a clock of its own")]
fn now() -> Result<Timestamp, Box<dyn Error>> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH)?;
    Ok(Timestamp(i64::try_from(since.as_micros())?))
}

fn bytes<const N: usize>(text: &str) -> Result<[u8; N], Box<dyn Error>> {
    let bytes = URL_SAFE_NO_PAD.decode(text)?;
    bytes.try_into().map_err(|_| format!("{N} bytes are needed, in base64url").into())
}
