//! Parameters: what stands in the path, the query string and a form, merged by name
//! (`servicestack.md §5.3`, `§5.4`).

use std::borrow::Cow;

use wire::query;

use crate::exchange::Exchange;
use crate::format::{is_form, media_type};

/// One parameter, decoded.
pub(crate) type Parameter<'a> = query::Pair<'a>;

/// The header that replaces the verb; a form or query field of that name does too.
const VERB_OVERRIDE: &str = "X-Http-Method-Override";

/// Headers that start so replace the parameter whose name follows.
const PARAMETER_OVERRIDE: &str = "X-Param-Override-";

/// The last value given for `name`, in any case.
pub(crate) fn value<'p>(parameters: &'p [Parameter<'_>], name: &str) -> Option<&'p str> {
    let mut latest_first = parameters.iter().rev();
    latest_first.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| &**value)
}

/// Merges parameters so that each name, in any case, is given once: the later value replaces the
/// earlier, even by an empty text, which then binds nothing.
pub(crate) fn merge(parameters: &mut Vec<Parameter<'_>>) {
    let mut last: Vec<usize> = (0..parameters.len()).collect();
    last.sort_by_key(|&index| (parameters[index].0.to_ascii_lowercase(), index));
    let same_name =
        |left: usize, right: usize| parameters[left].0.eq_ignore_ascii_case(&parameters[right].0);
    let mut is_replaced = vec![false; parameters.len()];
    for pair in last.windows(2) {
        is_replaced[pair[0]] = same_name(pair[0], pair[1]);
    }
    let mut replaced = is_replaced.into_iter();
    parameters.retain(|_| !replaced.next().unwrap_or_default());
}

/// The parameters that headers set.
pub(crate) fn overrides(exchange: &Exchange<'_>) -> Vec<Parameter<'static>> {
    let mut found = Vec::new();
    exchange.headers.each(&mut |name, value| {
        let prefix = name.get(..PARAMETER_OVERRIDE.len());
        if prefix.is_some_and(|prefix| prefix.eq_ignore_ascii_case(PARAMETER_OVERRIDE)) {
            let name = name[PARAMETER_OVERRIDE.len()..].to_owned();
            found.push((Cow::Owned(name), Cow::Owned(value.to_owned())));
        }
    });
    found
}

/// The verb after overrides. The field in query or form counts on POST only: otherwise a mere link
/// could make a browser send a writing request with the cookies of its user.
pub(crate) fn effective_verb<'e>(exchange: &Exchange<'e>) -> Cow<'e, str> {
    let by_header = || exchange.headers.get(VERB_OVERRIDE).map(str::to_ascii_uppercase);
    let by_field = || {
        let is_form = exchange.headers.get("Content-Type").map(media_type).is_some_and(is_form);
        [exchange.query.as_bytes(), if is_form { exchange.body } else { b"" }]
            .into_iter()
            .filter_map(|encoded| query::pairs(encoded).ok())
            .find_map(|pairs| value(&pairs, VERB_OVERRIDE).map(str::to_ascii_uppercase))
    };
    let is_post = exchange.verb.eq_ignore_ascii_case("POST");
    match by_header().or_else(|| is_post.then(by_field).flatten()) {
        Some(verb) => Cow::Owned(verb),
        None => Cow::Borrowed(exchange.verb),
    }
}

#[cfg(test)]
mod tests {
    use super::{effective_verb, merge, value};
    use crate::exchange::{Exchange, HeaderPairs};
    use wire::query::pairs;

    fn check_merge(query: &str, expected: &str) {
        let mut parameters = pairs(query.as_bytes()).unwrap();
        merge(&mut parameters);
        let merged: Vec<_> =
            parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(merged.join("&"), expected, "{query}");
    }

    /// Proves that the later of two spellings of one name wins, even when it is empty.
    #[test]
    fn later_parameters_replace_earlier_ones() {
        check_merge("", "");
        check_merge("a=1&b=2&A=3", "b=2&A=3");
        check_merge("Name=World&name=", "name=");
        check_merge("a=1&a=2&a=3&c", "a=3&c=");
        assert_eq!(value(&pairs(b"q=1&Q=a+b").unwrap(), "q"), Some("a b"));
    }

    fn check_verb(verb: &str, query: &str, headers: &[(&str, &str)], expected: &str) {
        let headers = &HeaderPairs(headers);
        let exchange = Exchange { verb, query, headers, ..Exchange::get("/") };
        assert_eq!(effective_verb(&exchange), expected);
    }

    /// Proves that a header always replaces the verb and a field only that of a POST.
    #[test]
    fn verb_can_be_replaced() {
        let none = [("Accept", "*/*")];
        check_verb("GET", "", &[("x-http-method-override", "delete")], "DELETE");
        check_verb("POST", "X-Http-Method-Override=PUT", &none, "PUT");
        check_verb("GET", "X-Http-Method-Override=PUT", &none, "GET");
    }
}
