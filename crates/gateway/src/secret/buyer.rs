//! What lets a buyer's browser finish one payment.

use std::fmt;

use zeroize::Zeroizing;

/// The longest secret that is taken from a provider, in bytes.
const LENGTH_MAX: usize = 512;

/// A provider's secret for one payment (`client_secret`). Whoever has it can finish that payment
/// with a means of paying of their own, so it goes to the buyer alone, and to no log and no URL.
pub struct BuyerSecret(Zeroizing<String>);

impl BuyerSecret {
    /// The secret as the provider gave it: 1 to 512 visible ASCII characters. `None` for anything
    /// else.
    #[must_use]
    pub fn parse(text: &str) -> Option<BuyerSecret> {
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        let fits = (1..=LENGTH_MAX).contains(&text.len());
        (visible && fits).then(|| BuyerSecret(Zeroizing::new(text.to_owned())))
    }

    /// The text, for the answer to the buyer.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for BuyerSecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("BuyerSecret(***)")
    }
}
