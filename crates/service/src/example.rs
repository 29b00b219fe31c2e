//! A request that somebody new can send as it is, with what changes from day to day asked of the
//! running service.

/// An example of a request. It is no part of what was published: only the `OpenAPI` document and
/// the explorer show it.
#[derive(Debug, Clone, Copy)]
pub struct Example {
    /// The request as JSON, members in camelCase.
    pub request: &'static str,
    /// What else must be asked to complete it, in this order.
    pub sources: &'static [ExampleSource],
    /// What a person should know before sending it; one or two sentences.
    pub note: &'static str,
}

/// One reading request whose answer completes an example.
#[derive(Debug, Clone, Copy)]
pub struct ExampleSource {
    /// What to get, below the host's base path. `{now}` stands for the present moment, and any
    /// other `{path}` for a value that the example has by then.
    pub path: &'static str,
    /// Where each value goes in the example, and where it is found in the answer; members and
    /// positions in lists are separated by dots. What the answer has not is left out.
    pub values: &'static [(&'static str, &'static str)],
}
