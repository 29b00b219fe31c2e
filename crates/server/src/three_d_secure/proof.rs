//! The proof as an app holds it: the gateway's token, led by the order id that it was obtained
//! under, so that it leads to its enrolment wherever only the proof is sent on.

use domain::enrolment::{OrderId, ProofClaim};
use gateway::MpiToken;

/// What stands between order id and token.
const SEPARATOR: char = '.';

/// See the module.
pub(crate) struct ProofText {
    /// The order id that it was obtained under.
    pub(crate) order_id: OrderId,
    /// The gateway's token.
    pub(crate) token: MpiToken,
}

impl ProofText {
    /// Reads what [`ProofText::write`] wrote; `None` for anything else.
    pub(crate) fn read(text: &str) -> Option<ProofText> {
        let (order_id, token) = text.trim().split_once(SEPARATOR)?;
        let (order_id, token) = (OrderId::parse(order_id)?, MpiToken::parse(token).ok()?);
        Some(ProofText { order_id, token })
    }

    /// The text for the app (`mpiToken`).
    pub(crate) fn write(order_id: &OrderId, token: &MpiToken) -> String {
        format!("{}{SEPARATOR}{}", order_id.text(), token.expose())
    }

    /// What an order shows of it to the rules.
    pub(crate) fn claim(&self) -> ProofClaim {
        ProofClaim { order_id: self.order_id, proof_hash: self.token.hash() }
    }
}
