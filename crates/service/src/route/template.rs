//! Route templates: `/v1/orders/{Id}`, `/files/{Path*}`, `/{action}.{type}`
//! (grammar: `servicestack.md §5.2`).

use std::borrow::Cow;

use super::segments::Segments;

/// Why a template cannot be used. It is found when the registry is built, never by a request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A brace is missing or the name between the braces is empty.
    #[error("route '{0}' has a variable that is not of the form {{Name}}; check its braces")]
    MalformedVariable(String),
    /// What follows a wildcard must be a literal, otherwise nothing says where it ends.
    #[error("route '{0}' has a wildcard before another variable; put a literal between them")]
    EndlessWildcard(String),
    /// There are more segments than [`Segments::MAX`].
    #[error("route '{0}' has too many segments; the limit is {max}", max = Segments::MAX)]
    TooLong(String),
}

/// A compiled route template.
#[derive(Debug, Clone)]
pub struct Template {
    parts: Vec<Part>,
    segment_count: usize,
    /// Which segments are taken apart at their dots, one bit each.
    dotted: u64,
    variable_count: usize,
    wildcard: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(String),
    Variable { name: String, optional: bool },
    Wildcard { name: String },
}

/// The variable name that takes a segment without binding it.
const IGNORED: &str = "ignore";

impl Template {
    /// Compiles `text`. Literals are later compared without regard to case.
    ///
    /// ASP.NET constraints (`{Id:int}`) are understood but not tested: the member's own type
    /// refuses a wrong value with an answer that names the field, which tells a client more than
    /// a bare 404.
    ///
    /// # Errors
    /// [`TemplateError`] when the text breaks the grammar.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let mut template = Self {
            parts: Vec::new(),
            segment_count: 0,
            dotted: 0,
            variable_count: 0,
            wildcard: false,
        };
        for segment in text.split('/').filter(|segment| !segment.is_empty()) {
            template.add_segment(segment, text)?;
        }
        template.verify(text)?;
        Ok(template)
    }

    fn add_segment(&mut self, segment: &str, text: &str) -> Result<(), TemplateError> {
        if self.segment_count == Segments::MAX {
            return Err(TemplateError::TooLong(text.to_owned()));
        }
        if segment.contains('{') && segment.contains('.') {
            self.dotted |= 1 << self.segment_count;
            for piece in segment.split('.') {
                self.parts.push(parse_part(piece, text)?);
            }
        } else {
            self.parts.push(parse_part(segment, text)?);
        }
        self.segment_count += 1;
        Ok(())
    }

    fn verify(&mut self, text: &str) -> Result<(), TemplateError> {
        if self.parts.len() > Segments::MAX {
            return Err(TemplateError::TooLong(text.to_owned()));
        }
        let is_literal = |part: &Part| matches!(part, Part::Literal(_));
        let is_wildcard = |part: &Part| matches!(part, Part::Wildcard { .. });
        let endless =
            self.parts.windows(2).any(|pair| is_wildcard(&pair[0]) && !is_literal(&pair[1]));
        if endless {
            return Err(TemplateError::EndlessWildcard(text.to_owned()));
        }
        self.variable_count = self.parts.iter().filter(|part| !is_literal(part)).count();
        self.wildcard = self.parts.iter().any(is_wildcard);
        Ok(())
    }

    /// Whether a variable of this template may take several segments.
    pub fn has_wildcard(&self) -> bool {
        self.wildcard
    }

    /// How many variables there are; fewer make a better match.
    pub fn variable_count(&self) -> usize {
        self.variable_count
    }

    /// Names of the variables, in order, `ignore` included.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Literal(_) => None,
            Part::Variable { name, .. } | Part::Wildcard { name } => Some(name.as_str()),
        })
    }

    /// The literal that every matching path starts with, if the template starts with one.
    pub(super) fn first_literal(&self) -> Option<&str> {
        match self.parts.first() {
            Some(Part::Literal(literal)) => Some(literal),
            _ => None,
        }
    }

    /// How many segments the wildcards took, or `None` when the path does not fit.
    pub fn matches(&self, segments: &Segments<'_>) -> Option<usize> {
        self.walk(segments, |_, _| {})
    }

    /// The path values, decoded, by variable name. Empty when the path does not fit.
    pub fn values<'t, 'p>(&'t self, segments: &Segments<'p>) -> Vec<(&'t str, Cow<'p, str>)> {
        let mut values = Vec::with_capacity(self.variable_count);
        self.walk(segments, |name, taken| {
            if name != IGNORED && !taken.is_empty() {
                values.push((name, Segments::decoded(taken)));
            }
        });
        values
    }

    fn walk<'t, 'p>(
        &'t self,
        segments: &Segments<'p>,
        mut bind: impl FnMut(&'t str, &[&'p str]),
    ) -> Option<usize> {
        if !self.wildcard && segments.as_slice().len() > self.segment_count {
            return None;
        }
        let exploded;
        let path = if self.dotted == 0 {
            segments.as_slice()
        } else {
            exploded = segments.exploded(self.dotted)?;
            exploded.as_slice()
        };
        let mut position = 0;
        let mut by_wildcards = 0;
        for (index, part) in self.parts.iter().enumerate() {
            let rest = &path[position..];
            let taken = part.take(rest, self.parts.get(index + 1))?;
            match part {
                Part::Literal(_) => {}
                Part::Variable { name, .. } => bind(name, &rest[..taken]),
                Part::Wildcard { name } => {
                    by_wildcards += taken;
                    bind(name, &rest[..taken]);
                }
            }
            position += taken;
        }
        (position == path.len()).then_some(by_wildcards)
    }
}

impl Part {
    /// How many of the remaining segments this part takes, or `None` when it does not fit.
    fn take(&self, rest: &[&str], next: Option<&Part>) -> Option<usize> {
        match self {
            Part::Literal(literal) => {
                rest.first().filter(|segment| equals_literal(segment, literal)).map(|_| 1)
            }
            Part::Variable { optional, .. } => match rest.first() {
                Some(_) => Some(1),
                None => optional.then_some(0),
            },
            Part::Wildcard { .. } => match next {
                Some(Part::Literal(stop)) => {
                    rest.iter().position(|segment| equals_literal(segment, stop))
                }
                _ => Some(rest.len()),
            },
        }
    }
}

fn equals_literal(segment: &str, literal: &str) -> bool {
    segment.eq_ignore_ascii_case(literal)
        || (segment.contains('%') && Segments::decoded(&[segment]).eq_ignore_ascii_case(literal))
}

fn parse_part(piece: &str, text: &str) -> Result<Part, TemplateError> {
    let malformed = || TemplateError::MalformedVariable(text.to_owned());
    if !piece.contains(['{', '}']) {
        return Ok(Part::Literal(piece.to_owned()));
    }
    let inner = piece
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'))
        .filter(|inner| !inner.contains(['{', '}']))
        .ok_or_else(malformed)?;
    let name = inner.trim_matches('*');
    let wildcard = name.len() < inner.len();
    let name = name.split(':').next().unwrap_or(name);
    let optional = inner.ends_with('?');
    let name = name.trim_end_matches('?').to_owned();
    if name.is_empty() {
        return Err(malformed());
    }
    Ok(if wildcard { Part::Wildcard { name } } else { Part::Variable { name, optional } })
}

#[cfg(test)]
mod tests {
    use super::{Template, TemplateError};
    use crate::route::Segments;

    fn check(template: &str, path: &str, expected: Option<&[(&str, &str)]>) {
        let template = Template::parse(template).unwrap();
        let segments = Segments::split(path).unwrap();
        let matched = template.matches(&segments);
        assert_eq!(matched.is_some(), expected.is_some(), "{template:?} on {path}");
        let values = template.values(&segments);
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_ref())).collect();
        if let Some(expected) = expected {
            assert_eq!(values, expected, "{path}");
        }
    }

    /// Proves each form of segment, with what it binds.
    #[test]
    fn takes_paths_apart() {
        check("/orders/{Id}", "/orders/7", Some(&[("Id", "7")]));
        check("/orders/{Id}", "/ORDERS/7/", Some(&[("Id", "7")]));
        check("/orders/{Id}", "/orders", None);
        check("/orders/{Id}", "/orders/7/lines", None);
        check("/orders/{Id?}", "/orders", Some(&[]));
        check("/orders/{Id:int}", "/orders/7", Some(&[("Id", "7")]));
        check("/orders/{ignore}", "/orders/7", Some(&[]));
        check("/files/{Path*}", "/files/a/b/c.txt", Some(&[("Path", "a/b/c.txt")]));
        check("/files/{*Path}", "/files/a%20b/c", Some(&[("Path", "a b/c")]));
        check("/files/{**Path}", "/files", Some(&[]));
        check("/{A*}/to/{B*}", "/x/y/to/z", Some(&[("A", "x/y"), ("B", "z")]));
        check("/{A*}/to/{B*}", "/x/y/z", None);
        check("/{action}.{type}", "/list.json", Some(&[("action", "list"), ("type", "json")]));
        check("/{action}.{type}", "/list", None);
        check("/name/{N}", "/name/J%C3%B3n%2Fx", Some(&[("N", "Jón/x")]));
    }

    /// Proves that a broken template is refused when it is compiled.
    #[test]
    fn refuses_broken_templates() {
        for broken in ["/{", "/{}", "/a{b}", "/{a}}", "/{*}"] {
            let error = Template::parse(broken).unwrap_err();
            assert_eq!(error, TemplateError::MalformedVariable(broken.to_owned()));
        }
        assert!(matches!(Template::parse("/{a*}/{b}"), Err(TemplateError::EndlessWildcard(_))));
        let long = "/x".repeat(Segments::MAX + 1);
        assert!(matches!(Template::parse(&long), Err(TemplateError::TooLong(_))));
    }
}
