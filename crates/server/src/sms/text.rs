//! What a message says. A letter beyond the telephones' own alphabet halves what fits into one
//! message, so the texts have 70 characters at most.

use domain::language::Language;
use domain::phone::SmsCode;

/// The message that brings a code.
pub(crate) fn code_text(code: SmsCode, language: Language) -> String {
    let code = code.text();
    match language {
        Language::Icelandic => format!("{code} er kóðinn þinn. Hann gildir í 10 mínútur."),
        Language::English => format!("{code} is your code. It is good for 10 minutes."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Proves that each text has the code, with its leading zeros, and fits into one message.
    #[test]
    fn a_text_is_one_message() {
        for language in [Language::Icelandic, Language::English] {
            let text = code_text(SmsCode::of_random(7_000_042), language);
            assert!(text.starts_with("000042 ") && text.chars().count() <= 70, "{text}");
        }
    }
}
