//! 3-D Secure with the gateway (`payments.md` §1.8).
//!
//! | `MdStatus`        | what is made of it                                              |
//! |-------------------|-----------------------------------------------------------------|
//! | 1, 2, 3, 4        | passed                                                          |
//! | 9                 | a challenge: the bank's form                                    |
//! | 50                | the bank reads the device first, then it is asked again         |
//! | 0, 7, 8           | failed                                                          |
//! | 5                 | asked once more, with the other exponent; then unavailable      |
//! | 6, 91 to 97, 99   | asked once more; then unavailable                               |
//! | anything else     | unavailable                                                     |

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::Serialize;

use super::amount::Purchase;
use super::card::PaymentMethod;
use super::document::Document;
use crate::secret::Source;

/// What a page of ours posts when the bank has had its time to read the device.
pub(super) const METHOD_DONE: &str = "method";

/// How long that page waits, in milliseconds. Banks may take ten seconds and need one; a bank that
/// was not done asks the holder.
const METHOD_TIME_MS: u32 = 5_000;

/// What the bank says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// The payment may go on.
    Passed,
    /// The holder must be asked.
    Challenge,
    /// The device must be read.
    Method,
    /// No.
    Failed,
    /// It could not read the sum.
    OtherExponent,
    /// Something on the way failed.
    Again,
    /// Nobody has published what it means.
    Unlisted,
}

impl Said {
    /// Reads an `MdStatus`.
    pub(super) fn read(status: &str) -> Said {
        match status {
            "1" | "2" | "3" | "4" => Said::Passed,
            "9" => Said::Challenge,
            "50" => Said::Method,
            "0" | "7" | "8" => Said::Failed,
            "5" => Said::OtherExponent,
            "6" | "91" | "92" | "93" | "94" | "95" | "96" | "97" | "99" => Said::Again,
            _ => Said::Unlisted,
        }
    }

    /// What an answer says.
    pub(super) fn of(answer: &Document) -> Said {
        answer.text("MdStatus").map_or(Said::Unlisted, |status| Said::read(&status))
    }
}

/// Asks the bank who the holder is.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Enrollment<'a> {
    card_details: PaymentMethod<'a>,
    purch_amount: i64,
    exponent: u32,
    currency: &'a str,
    term_url: &'a str,
    #[serde(rename = "MD")]
    md: &'a str,
    description: &'a str,
    #[serde(rename = "TDS2ThreeDSMethodNotificationURL")]
    notification_url: &'a str,
}

/// Asks again, after the bank has read the device.
#[derive(Serialize)]
pub(super) struct SecondEnrollment<'a> {
    #[serde(rename = "XId")]
    pub(super) xid: &'a str,
    #[serde(rename = "TxId")]
    pub(super) tx_id: &'a str,
    #[serde(rename = "TDS2ThreeDSCompInd")]
    completed: &'static str,
}

/// Hands on what the bank gave the holder's browser.
#[derive(Serialize)]
pub(super) struct Validation<'a> {
    #[serde(rename = "PARes", skip_serializing_if = "Option::is_none")]
    pa_res: Option<&'a str>,
    #[serde(rename = "CRes", skip_serializing_if = "Option::is_none")]
    cres: Option<&'a str>,
    #[serde(rename = "MD")]
    md: &'a str,
}

impl<'a> Enrollment<'a> {
    /// The request; `None` for a means of paying that has no bank to ask.
    pub(super) fn new(
        source: &'a Source,
        purchase: &Purchase,
        md: &'a str,
        return_url: &'a str,
    ) -> Option<Enrollment<'a>> {
        Some(Enrollment {
            card_details: PaymentMethod::without_code(source)?,
            purch_amount: purchase.amount.units,
            exponent: purchase.exponent,
            currency: purchase.amount.currency,
            term_url: return_url,
            md,
            description: "Tickets",
            notification_url: return_url,
        })
    }
}

impl<'a> SecondEnrollment<'a> {
    /// The request for the authentication of this name.
    pub(super) fn new(xid: &'a str, tx_id: &'a str) -> SecondEnrollment<'a> {
        SecondEnrollment { xid, tx_id, completed: "Y" }
    }
}

impl<'a> Validation<'a> {
    /// The request. 3-D Secure 2 brings a JSON object in base64, 3-D Secure 1 compressed XML.
    pub(super) fn new(answer: &'a str, md: &'a str) -> Validation<'a> {
        let is_cres = is_object(answer);
        Validation { pa_res: (!is_cres).then_some(answer), cres: is_cres.then_some(answer), md }
    }
}

/// What the bank brings back, so that its lists lead to ours.
pub(super) fn md_of(key: &str) -> String {
    STANDARD.encode(key)
}

/// Whether a text is base64 of something that begins like a JSON object.
fn is_object(text: &str) -> bool {
    let first = text.trim().get(..4).unwrap_or_default();
    URL_SAFE_NO_PAD.decode(first).is_ok_and(|bytes| bytes.first() == Some(&b'{'))
}

/// The page on which the bank reads the device, and which then goes on by itself. `content` is the
/// bank's; a browser without scripts is shown a button.
pub(super) fn method_page(content: &str, return_url: &str) -> String {
    let action = escaped(return_url);
    format!(
        "<!doctype html>\n<html lang=\"is\"><head><meta charset=\"utf-8\">\
         <title>3-D Secure</title></head><body><div style=\"display:none\">{content}</div>\
         <form id=\"guichet-onward\" method=\"post\" action=\"{action}\">\
         <input type=\"hidden\" name=\"cres\" value=\"{METHOD_DONE}\">\
         <button>Áfram / Continue</button></form>\
         <script>setTimeout(function(){{document.getElementById(\"guichet-onward\").submit()}},\
         {METHOD_TIME_MS})</script></body></html>\n"
    )
}

/// What is shown instead of a page that the bank shows once.
pub(super) fn shown_page() -> String {
    "<!doctype html>\n<html lang=\"is\"><head><meta charset=\"utf-8\"><title>3-D Secure</title>\
     </head><body><p>Síða bankans hefur þegar verið sýnd. Ljúktu við þar eða byrjaðu aftur.</p>\
     <p lang=\"en\">The bank's page was shown already. Finish there, or start again.</p>\
     </body></html>\n"
        .to_owned()
}

/// A text as the value of an attribute.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{Said, Validation, method_page};

    /// Proves the table of the module, row by row.
    #[test]
    fn every_status_is_read() {
        for (said, statuses) in [
            (Said::Passed, "1 2 3 4"),
            (Said::Challenge, "9"),
            (Said::Method, "50"),
            (Said::Failed, "0 7 8"),
            (Said::OtherExponent, "5"),
            (Said::Again, "6 91 92 93 94 95 96 97 99"),
            (Said::Unlisted, "10 51 90 98 100 x"),
        ] {
            for status in statuses.split(' ') {
                assert_eq!(Said::read(status), said, "{status}");
            }
        }
    }

    /// Proves which of its two members a bank's answer is handed on in.
    #[test]
    fn a_banks_answer_is_known_by_its_beginning() {
        let check = |answer: &str, expected: &str| {
            let json = serde_json::to_string(&Validation::new(answer, "bWQ=")).unwrap();
            assert_eq!(json, format!(r#"{{"{expected}":"{answer}","MD":"bWQ="}}"#));
        };
        // {"messageType":"CRes" and { "a" in base64, compressed XML, and nothing readable.
        check("eyJtZXNzYWdlVHlwZSI6IkNSZXMi", "CRes");
        check("eyAiYSI6MX0", "CRes");
        check("eJxVUttuwjAM", "PARes");
        check("ok", "PARes");
    }

    /// Proves that an address cannot leave its attribute.
    #[test]
    fn the_way_back_stays_an_address() {
        let page = method_page("<iframe></iframe>", "https://a.example/\"><script>");
        assert!(page.contains("action=\"https://a.example/&quot;&gt;&lt;script&gt;\""), "{page}");
        assert!(page.contains("<iframe></iframe>"));
    }
}
