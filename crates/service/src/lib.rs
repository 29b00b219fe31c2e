//! What a service is: data types and operations described as data, the router, negotiation, errors,
//! access, samples. It knows no particular contract, no HTTP server and no business.

// The derive names this crate by its path, also in the types declared here.
extern crate self as service;

pub mod access;
mod api_index;
pub mod authentication;
pub mod batch;
pub mod codegen;
pub mod content_coding;
pub mod cors;
pub mod dto;
pub mod example;
pub mod exchange;
pub mod explorer;
mod fault_body;
pub mod file;
mod fingerprint;
pub mod format;
pub mod host;
mod jsonp;
pub mod jsv_layout;
pub mod matched;
pub mod meta;
pub mod negotiate;
pub mod openapi;
pub mod operation;
pub mod operation_page;
pub mod pages;
mod parameters;
pub mod registry;
pub mod reply;
mod reply_body;
pub mod route;
pub mod sample;
mod secrecy;
pub mod status;
pub mod types;
pub mod validation;

pub use service_macros::Dto;
