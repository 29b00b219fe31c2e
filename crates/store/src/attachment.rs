//! Small files that belong to a database and travel with it, such as keys.

/// How many may travel.
pub const ATTACHMENTS_MAX: usize = 64;

/// How long one may be, in bytes.
pub const ATTACHMENT_LENGTH_MAX: usize = 64 << 10;

/// How long its name may be, in bytes.
const NAME_LENGTH_MAX: usize = 100;

/// A small file that belongs to a database.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    name: String,
    bytes: Vec<u8>,
}

impl Attachment {
    /// A file of this name; `None` when the name could lead out of a folder or is hidden in it,
    /// or when there is too much of either.
    #[must_use]
    pub fn new(name: String, bytes: Vec<u8>) -> Option<Attachment> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let sound = !name.is_empty()
            && name.len() <= NAME_LENGTH_MAX
            && !name.starts_with('.')
            && name.bytes().all(plain)
            && bytes.len() <= ATTACHMENT_LENGTH_MAX;
        sound.then_some(Attachment { name, bytes })
    }

    /// Its name in the installation's folder.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it holds; a secret more often than not.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl std::fmt::Debug for Attachment {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Attachment({}, {} bytes)", self.name, self.bytes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name from outside never leads out of the folder, and nothing secret is printed.
    #[test]
    fn names_are_plain() {
        for (name, sound) in [
            ("scan-code.key", true),
            ("../scan-code.key", false),
            ("/etc/passwd", false),
            (".hidden", false),
            ("", false),
        ] {
            assert_eq!(Attachment::new(name.to_owned(), vec![7]).is_some(), sound, "{name}");
        }
        let long = vec![0; ATTACHMENT_LENGTH_MAX + 1];
        assert!(Attachment::new("long.key".to_owned(), long).is_none());
        let shown = format!("{:?}", Attachment::new("a.key".to_owned(), b"secret".to_vec()));
        assert_eq!(shown, "Some(Attachment(a.key, 6 bytes))");
    }
}
