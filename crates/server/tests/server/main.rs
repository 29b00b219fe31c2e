//! The till from outside: orders over loopback HTTP, with a gateway, a clock and a store that
//! the tests can look at.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod access;
mod access_walk;
mod audit;
mod back_office;
mod bad_input;
mod batches;
mod by_handle;
mod catalogue_file;
mod client;
mod codings;
mod documents;
mod formats;
mod gate;
mod gates;
mod hang_up;
mod kept_cards;
mod ledger;
mod letters;
mod lockout;
mod mailing;
mod new_club;
mod order;
mod order_urls;
mod owner_cards;
mod payment_refusals;
mod people;
mod phone_payment;
mod phones;
mod post_office;
mod refunds;
mod refusals;
mod repeat;
mod rights;
mod robust;
mod rush;
mod saved_cards;
mod scan_codes;
mod scope;
mod seating;
mod shop;
mod sign_in;
mod signatures;
mod signed_once;
mod signing;
mod sites;
mod sms_provider;
mod standing;
mod strictness;
mod telephone;
mod three_d_secure;
mod tokens;
mod transfer;
mod unknown;
