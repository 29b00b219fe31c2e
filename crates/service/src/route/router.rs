//! Finds the route of a request (`servicestack.md §5.2`).
//!
//! Routes are compiled once. A look-up compares only the routes that start with the path's first
//! segment and those that start with a variable, and allocates nothing.

use super::segments::Segments;
use super::template::{Template, TemplateError};
use super::verbs::Verbs;

/// Routes to targets of type `T`.
#[derive(Debug)]
pub struct Router<T> {
    entries: Vec<Entry<T>>,
    /// Entries by the literal they start with, in lower case, sorted by length and then by text:
    /// most comparisons of a search end at the length.
    by_literal: Vec<(String, Vec<usize>)>,
    /// Entries that start with a variable.
    by_variable: Vec<usize>,
}

/// One route of a [`Router`].
#[derive(Debug)]
pub struct Entry<T> {
    /// The verbs as published.
    pub verbs: Verbs,
    /// The verbs one by one; empty when all are allowed.
    allowed: Vec<&'static str>,
    /// The compiled template.
    pub template: Template,
    /// What the route leads to.
    pub target: T,
}

impl<T> Default for Router<T> {
    fn default() -> Self {
        Self { entries: Vec::new(), by_literal: Vec::new(), by_variable: Vec::new() }
    }
}

impl<T> Router<T> {
    /// Adds a route. Earlier ones win where scores are equal.
    ///
    /// # Errors
    /// [`TemplateError`] when `template` breaks the grammar.
    pub fn add(
        &mut self,
        verbs: &'static str,
        template: &str,
        target: T,
    ) -> Result<(), TemplateError> {
        let template = Template::parse(template)?;
        let index = self.entries.len();
        match template.first_literal().map(str::to_ascii_lowercase) {
            None => self.by_variable.push(index),
            Some(literal) => match self.literal_position(&literal) {
                Ok(position) => self.by_literal[position].1.push(index),
                Err(position) => self.by_literal.insert(position, (literal, vec![index])),
            },
        }
        let verbs = Verbs::new(verbs);
        let allowed = if verbs.allows_all() { Vec::new() } else { verbs.each().collect() };
        self.entries.push(Entry { verbs, allowed, template, target });
        Ok(())
    }

    /// All routes in the order they were added.
    pub fn entries(&self) -> &[Entry<T>] {
        &self.entries
    }

    /// The best route without a wildcard.
    pub fn find(&self, verb: &str, path: &Segments<'_>) -> Option<&Entry<T>> {
        self.best(verb, path, false)
    }

    /// The best route with a wildcard, to be asked when [`Self::find`] has none.
    pub fn find_wildcard(&self, verb: &str, path: &Segments<'_>) -> Option<&Entry<T>> {
        self.best(verb, path, true)
    }

    fn best(&self, verb: &str, path: &Segments<'_>, wildcard: bool) -> Option<&Entry<T>> {
        let mut best: Option<(usize, usize)> = None;
        for &index in self.candidates(path) {
            let entry = &self.entries[index];
            if entry.template.has_wildcard() != wildcard {
                continue;
            }
            let Some(score) = entry.score(verb, path) else { continue };
            let better = best.is_none_or(|(best_score, best_index)| {
                score > best_score || (score == best_score && index < best_index)
            });
            if better {
                best = Some((score, index));
            }
        }
        best.map(|(_, index)| &self.entries[index])
    }

    fn candidates(&self, path: &Segments<'_>) -> impl Iterator<Item = &usize> {
        let literal = path.as_slice().first().and_then(|first| self.literal_position(first).ok());
        let by_literal = literal.map_or(&[][..], |position| &self.by_literal[position].1);
        by_literal.iter().chain(&self.by_variable)
    }

    fn literal_position(&self, segment: &str) -> Result<usize, usize> {
        self.by_literal.binary_search_by(|(literal, _)| {
            let lowered = || segment.bytes().map(|byte| byte.to_ascii_lowercase());
            literal.len().cmp(&segment.len()).then_with(|| literal.bytes().cmp(lowered()))
        })
    }
}

impl<T> Entry<T> {
    fn score(&self, verb: &str, path: &Segments<'_>) -> Option<usize> {
        let is_allowed = |allowed: &&str| allowed.eq_ignore_ascii_case(verb);
        if !self.allowed.is_empty() && !self.allowed.iter().any(is_allowed) {
            return None;
        }
        let by_wildcards = self.template.matches(path)?;
        let literal_weight = 10_usize.saturating_sub(self.template.variable_count()).max(1);
        let verb_weight = if self.verbs.text().eq_ignore_ascii_case(verb) { 10 } else { 1 };
        Some(
            100_usize.saturating_sub(by_wildcards).max(1) * 1000
                + literal_weight * 100
                + verb_weight,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Router;
    use crate::route::Segments;

    fn check(routes: &[(&'static str, &str)], request: (&str, &str), expected: Option<usize>) {
        let mut router = Router::default();
        for (index, (verbs, template)) in routes.iter().enumerate() {
            router.add(verbs, template, index).unwrap();
        }
        let path = Segments::split(request.1).unwrap();
        let found =
            router.find(request.0, &path).or_else(|| router.find_wildcard(request.0, &path));
        assert_eq!(found.map(|entry| entry.target), expected, "{request:?} among {routes:?}");
    }

    /// Proves the order of preference: no wildcard, fewer variables, exact verb, first declared.
    #[test]
    fn prefers_the_most_exact_route() {
        let routes = [("", "/a/{X*}"), ("", "/a/{X}"), ("GET", "/a/{Y}"), ("GET", "/a/b")];
        check(&routes, ("GET", "/a/b"), Some(3));
        check(&routes, ("GET", "/A/c"), Some(2));
        check(&routes, ("PUT", "/a/b"), Some(1));
        check(&routes, ("PUT", "/a/b/c"), Some(0));
        check(&[("GET", "/{X}"), ("GET", "/{Y}")], ("GET", "/a"), Some(0));
        check(&[("GET", "/{X}"), ("GET", "/a")], ("GET", "/a"), Some(1));
    }

    /// Proves that a wrong verb is no match at all, and verbs compare without case.
    #[test]
    fn wrong_verb_is_no_match() {
        check(&[("GET POST", "/a")], ("put", "/a"), None);
        check(&[("GET POST", "/a")], ("post", "/a"), Some(0));
        check(&[("POST,PUT,OPTIONS", "/a")], ("OPTIONS", "/a"), Some(0));
    }

    /// Proves that an encoded literal is the same literal.
    #[test]
    fn decodes_literals() {
        check(&[("", "/x/caf\u{e9}")], ("GET", "/x/caf%C3%A9"), Some(0));
    }
}
