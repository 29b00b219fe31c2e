//! The derive macros of the service crate.
