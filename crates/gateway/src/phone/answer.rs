//! What the provider says, and what it means (`payments.md` §3.1).
//!
//! | code                              | after InsertCart | later                                |
//! |-----------------------------------|------------------|--------------------------------------|
//! | success with a transaction        | Pending          | –                                    |
//! | 10200 completed, 10203 already    | Unknown          | Approved, if it is of our amount     |
//! | 10201, 10202 cancelled            | NotExecuted      | NotExecuted                          |
//! | 10302, 10307, 10422, 10423 no     | Declined         | Declined                             |
//! | 10306 unknown customer            | Declined         | Declined                             |
//! | 10424 not found                   | NotExecuted      | NotFound                             |
//! | 10425, 10428, 10429 waiting       | Unknown          | Pending                              |
//! | 10426 reserved                    | Unknown          | the till confirms                    |
//! | any other, with success = false   | NotExecuted      | Unknown                              |
//! | any other                         | Unknown          | Unknown                              |

use domain::attempt::{Approval, CallResult, DeclineReason};
use serde::Deserialize;

use crate::client::Answer;
use crate::gateway::{ChargeName, PaymentRequest};
use crate::silence::Sending;

/// The longest name of a transaction that is taken, in bytes.
const TRANSACTION_LENGTH_MAX: usize = 64;

/// The answer to every call, as far as it is read.
#[derive(Debug, Deserialize)]
pub(super) struct CartAnswer {
    #[serde(alias = "success", alias = "Success", default)]
    success: bool,
    #[serde(alias = "resultCode", alias = "ResultCode")]
    result_code: i64,
    #[serde(alias = "transactionId", alias = "TransactionId", default)]
    transaction_id: Option<String>,
    #[serde(alias = "paymentInfo", alias = "PaymentInfo", default)]
    payment_info: Option<PaymentInfo>,
}

/// The payment behind a cart.
#[derive(Debug, Deserialize)]
struct PaymentInfo {
    #[serde(alias = "invoiceNumber", alias = "InvoiceNumber", default)]
    invoice_number: Option<serde_json::Value>,
    #[serde(alias = "referenceNumber", alias = "ReferenceNumber", default)]
    reference_number: Option<String>,
    #[serde(alias = "totalAmount", alias = "TotalAmount", default)]
    total_amount: Option<serde_json::Number>,
}

/// What an answer says about a cart.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// The payer has accepted, and the till may confirm.
    Reserved(Approval),
    /// All there is to say.
    Result(CallResult),
}

impl CartAnswer {
    /// Reads an answer. A refusal of our name or signature proves that nothing was done by *this*
    /// call.
    pub(super) fn read(answer: &Answer, sending: Sending) -> Result<CartAnswer, CallResult> {
        match answer.status {
            200 | 400 => answer
                .json()
                .ok_or_else(|| CallResult::Unknown("The gateway's answer cannot be read.".into())),
            401 | 403 if sending == Sending::Once => Err(CallResult::Misconfigured(
                "The gateway refused the application's key or signature; nothing was charged."
                    .into(),
            )),
            other => Err(CallResult::Unknown(format!("The gateway answered with status {other}."))),
        }
    }

    /// What the answer to `InsertCart` means.
    pub(super) fn inserted(self) -> CallResult {
        let transaction = self.transaction_id.filter(|id| is_sendable(id));
        match (self.success, transaction, self.result_code) {
            (true, Some(transaction), _) => CallResult::Pending(transaction),
            (false, _, 10302 | 10306 | 10307 | 10422 | 10423) => rejected(),
            (true, None, code)
            | (false, _, code @ (10200 | 10203 | 10425 | 10426 | 10428 | 10429)) => {
                unreadable(code)
            }
            (false, _, code) => {
                CallResult::NotExecuted(format!("The gateway refused the cart with code {code}."))
            }
        }
    }

    /// What a later answer means for the cart of `request`.
    pub(super) fn checked(self, request: &PaymentRequest<'_>, transaction: &str) -> Said {
        let approval = Approval {
            reference: transaction.to_owned(),
            auth_code: self.payment_info.as_ref().and_then(PaymentInfo::invoice),
            card_mask: None,
        };
        let is_ours = self.payment_info.as_ref().is_none_or(|info| info.is_of(request));
        Said::Result(match self.result_code {
            10200 | 10203 | 10426 if !is_ours => {
                CallResult::Unknown("The gateway tells of another payment under this cart.".into())
            }
            10200 | 10203 => CallResult::Approved(approval),
            10426 => return Said::Reserved(approval),
            10201 | 10202 => CallResult::NotExecuted("The cart was cancelled.".into()),
            10302 | 10306 | 10307 | 10422 | 10423 => rejected(),
            10424 => CallResult::NotFound,
            10425 | 10428 | 10429 => CallResult::Pending(transaction.to_owned()),
            code => unreadable(code),
        })
    }

    /// Whether a cart could not be cancelled because its payer had accepted it.
    pub(super) fn is_confirmed(&self) -> bool {
        matches!(self.result_code, 10200 | 10203)
    }
}

impl PaymentInfo {
    /// The provider's number of the invoice, which its answers write as number or text.
    fn invoice(&self) -> Option<String> {
        match self.invoice_number.as_ref()? {
            serde_json::Value::String(text) => Some(text.chars().take(40).collect()),
            serde_json::Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// Whether what it tells is what was asked for. Members that it leaves out prove nothing, and a
    /// capture, which names no handle, has a key of its own.
    fn is_of(&self, request: &PaymentRequest<'_>) -> bool {
        let amount = self.total_amount.as_ref().map(ToString::to_string);
        let amount = amount.as_deref().map(|text| text.strip_suffix(".0").unwrap_or(text));
        amount.is_none_or(|amount| amount == request.money.amount.to_string())
            && self
                .reference_number
                .as_deref()
                .is_none_or(|reference| reference == request.key || request.handle.is_none())
    }
}

/// The approval of what was done to a reservation.
pub(super) fn approval(charge: &ChargeName<'_>) -> Approval {
    Approval { reference: charge.reference.to_owned(), auth_code: None, card_mask: None }
}

fn rejected() -> CallResult {
    CallResult::Declined(DeclineReason::RejectedByPayer)
}

fn unreadable(code: i64) -> CallResult {
    CallResult::Unknown(format!("The gateway answered with code {code}."))
}

/// Whether a transaction's name can be stored and sent again.
fn is_sendable(id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=TRANSACTION_LENGTH_MAX).contains(&id.len()) && id.bytes().all(plain)
}
