//! Addresses that mail can be sent to.

use std::fmt;

/// The longest address (`domain.md` §1.7; RFC 5321 §4.5.3.1.3).
pub const MAIL_ADDRESS_LENGTH_MAX: usize = 254;

/// The longest part before the `@` (RFC 5321 §4.5.3.1.1).
const LOCAL_PART_LENGTH_MAX: usize = 64;

/// What may stand before the `@` besides letters and digits (RFC 5321's `Dot-string`).
const LOCAL_PART_SIGNS: &[u8] = b"!#$%&'*+-/=?^_`{|}~.";

/// Why a text is no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Too long.
    #[error("An e-mail address has {MAIL_ADDRESS_LENGTH_MAX} characters at most.")]
    TooLong,
    /// Not of the form `name@example.org`.
    #[error("Write an e-mail address such as name@example.org.")]
    Malformed,
}

/// A plain address such as `name@example.org`: ASCII, without a display name, quotes or comments,
/// so that it can stand in a header and in an SMTP command as it is.
#[derive(Clone, PartialEq, Eq)]
pub struct MailAddress(String);

impl MailAddress {
    /// Reads an address; blanks around it are left out.
    ///
    /// # Errors
    /// [`AddressError`]
    pub fn parse(text: &str) -> Result<MailAddress, AddressError> {
        let text = text.trim();
        if text.len() > MAIL_ADDRESS_LENGTH_MAX {
            return Err(AddressError::TooLong);
        }
        let (local, host) = text.rsplit_once('@').ok_or(AddressError::Malformed)?;
        if is_local_part(local) && is_host(host) {
            Ok(MailAddress(text.to_owned()))
        } else {
            Err(AddressError::Malformed)
        }
    }

    /// The address as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MailAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for MailAddress {
    /// Logs need not say who reads what.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("MailAddress(..)")
    }
}

fn is_local_part(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || LOCAL_PART_SIGNS.contains(&byte);
    text.len() <= LOCAL_PART_LENGTH_MAX
        && text.split('.').all(|part| !part.is_empty())
        && text.bytes().all(plain)
}

fn is_host(text: &str) -> bool {
    let labels: Vec<&str> = text.split('.').collect();
    let is_label = |label: &&str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        (1..=63).contains(&label.len())
            && label.bytes().all(plain)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    labels.len() > 1 && labels.iter().all(is_label)
}

#[cfg(test)]
mod tests {
    use super::MailAddress;

    /// Proves what is an address, and that nothing passes that could become a header or a command.
    #[test]
    fn addresses_are_plain() {
        let good = ["anna@example.org", " a.b+c@mail.example.org ", "o'neil@example.org"];
        for text in good {
            assert_eq!(MailAddress::parse(text).unwrap().as_str(), text.trim());
        }
        let long = format!("{}@example.org", "a".repeat(65));
        let odd = [
            "",
            "anna",
            "anna@",
            "@example.org",
            "anna@localhost",
            "anna@-a.org",
            "anna@a..org",
            ".a@example.org",
            "a..b@example.org",
            "a b@example.org",
            "\"a\"@example.org",
            "a@example.org\r\nBcc: b@example.org",
            "a@example.org>\r\nRCPT TO:<b@example.org",
            "Anna <a@example.org>",
            "a@example.org,b@example.org",
            "á@example.org",
            "a@[127.0.0.1]",
            &long,
        ];
        for text in odd {
            assert!(MailAddress::parse(text).is_err(), "{text:?}");
        }
        assert!(MailAddress::parse(&format!("a@{}.org", "a.".repeat(140))).is_err());
    }
}
