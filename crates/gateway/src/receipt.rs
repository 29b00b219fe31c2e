//! What a provider tells of a charge beyond "approved": for receipts and for clients that were
//! written against the provider itself.

/// The longest answer of a provider that is handed on, in bytes.
pub const RECEIPT_ANSWER_LENGTH_MAX: usize = 8 * 1024;

/// What may be shown of a charge. Nothing of it is card data: of the number only its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// The provider's own page of the charge.
    pub url: Option<String>,
    /// The last four digits of the card.
    pub last_four: Option<String>,
    /// The scheme of the card, in the provider's spelling (`visa`).
    pub brand: Option<String>,
    /// The provider's answer as JSON, narrowed to the members that are known to be harmless, of
    /// at most [`RECEIPT_ANSWER_LENGTH_MAX`] bytes.
    pub answer: Option<String>,
}
