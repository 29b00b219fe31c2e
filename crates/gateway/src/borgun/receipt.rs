//! What may be shown of a payment: members that are known to be harmless, and no others.

use serde_json::{Map, Value};

use super::Borgun;
use super::document::Document;
use super::payment::mask;
use crate::gateway::ChargeName;
use crate::receipt::{RECEIPT_ANSWER_LENGTH_MAX, Receipt};

/// What is shown of a payment.
const PAYMENT_MEMBERS: [&str; 9] = [
    "TransactionId",
    "TransactionType",
    "Amount",
    "Currency",
    "TransactionDate",
    "OrderId",
    "AuthCode",
    "ActionCode",
    "TransactionStatus",
];

/// What is shown of its means beside the mask.
const METHOD_MEMBERS: [&str; 3] = ["PaymentType", "CardType", "IsDebit"];

impl Borgun {
    pub(super) async fn receipt_of(&self, charge: &ChargeName<'_>) -> Option<Receipt> {
        self.read_document(charge.reference).await.ok().map(|payment| receipt(&payment))
    }
}

fn receipt(payment: &Document) -> Receipt {
    let method = payment.part("PaymentMethod");
    let mask = method.as_ref().and_then(|method| method.text("PAN")).and_then(|it| mask(&it));
    let last_four = |mask: &String| mask.get(mask.len().checked_sub(4)?..).map(str::to_owned);
    let mut shown = members(payment, &PAYMENT_MEMBERS);
    if let Some(method) = &method {
        let mut part = members(method, &METHOD_MEMBERS);
        part.extend(mask.clone().map(|mask| ("PAN".to_owned(), Value::from(mask))));
        shown.insert("PaymentMethod".to_owned(), Value::Object(part));
    }
    let answer = Value::Object(shown).to_string();
    Receipt {
        url: None,
        last_four: mask.as_ref().and_then(last_four),
        brand: method.and_then(|it| it.text("CardType")).map(|brand| brand.to_ascii_lowercase()),
        answer: Some(answer).filter(|answer| answer.len() <= RECEIPT_ANSWER_LENGTH_MAX),
    }
}

fn members(of: &Document, names: &[&str]) -> Map<String, Value> {
    let member = |name: &&str| Some(((*name).to_owned(), Value::from(of.text(name)?)));
    names.iter().filter_map(member).collect()
}

#[cfg(test)]
mod tests {
    use super::receipt;
    use crate::borgun::document::Document;

    /// Proves that only harmless members are shown, and no more of a number than its mask.
    #[test]
    fn what_is_shown_is_listed() {
        let body = r#"{"transactionId":"tr_1","Amount":500000,"Secret":"x","MpiToken":"m",
            "PaymentMethod":{"PAN":"474152******0003","Token":"tm_1","CardType":"Visa",
            "ExpYear":"2031","IsDebit":"False"}}"#;
        let shown = receipt(&Document::read(body.as_bytes()).unwrap());
        assert_eq!(shown.last_four.as_deref(), Some("0003"));
        assert_eq!(shown.brand.as_deref(), Some("visa"));
        let method = r#"{"CardType":"Visa","IsDebit":"False","PAN":"474152******0003"}"#;
        let expected =
            format!(r#"{{"TransactionId":"tr_1","Amount":"500000","PaymentMethod":{method}}}"#);
        assert_eq!(shown.answer, Some(expected));
        let bare = Document::read(br#"{"PaymentMethod":{"PAN":"4741520000000003"}}"#).unwrap();
        let shown = receipt(&bare);
        assert_eq!((shown.last_four, shown.answer), (None, Some(r#"{"PaymentMethod":{}}"#.into())));
    }
}
