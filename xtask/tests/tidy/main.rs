//! What every file of the repository must keep to, checked like any other test.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod documents;
mod files;
mod manifests;
mod sources;
