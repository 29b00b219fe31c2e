//! The verbs of a route, kept exactly as they were published.

/// A list of verbs separated by commas or blanks; an empty list, `*` and `ANY` allow all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verbs(&'static str);

impl Verbs {
    /// Takes the text as declared; pages print it unchanged.
    pub const fn new(text: &'static str) -> Self {
        Self(text)
    }

    /// The text as declared.
    pub const fn text(self) -> &'static str {
        self.0
    }

    /// Whether no verb is singled out.
    pub fn allows_all(self) -> bool {
        self.each().next().is_none() || self.each().any(|verb| matches!(verb, "*" | "ANY"))
    }

    /// Whether `verb`, in any case, is one of them.
    pub fn allows(self, verb: &str) -> bool {
        self.each().any(|allowed| allowed.eq_ignore_ascii_case(verb)) || self.allows_all()
    }

    /// The single verbs, in order.
    pub fn each(self) -> impl Iterator<Item = &'static str> {
        self.0.split([',', ' ']).filter(|verb| !verb.is_empty())
    }
}
