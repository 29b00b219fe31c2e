//! Figures for a monitoring program, in the text form of Prometheus (version 0.0.4).
//!
//! They are served apart from everything else, on an address of their own that nobody need reach
//! but the program that collects them, and ask for no key. No label has anything in it that comes
//! from a request: they are names of gateways from the configuration, and words of this program.

mod counts;
mod exposition;
mod gateways;
mod listener;
mod till;
mod work;

pub(crate) use self::counts::{Counts, Messages, Received};
pub use self::listener::serve;
use crate::app::App;

/// What the figures are, by `Content-Type`.
const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// All figures of this node. What only the database can tell is left out while it does not answer;
/// `guichet_database_answers` says so.
async fn page(app: &App) -> String {
    let mut page = exposition::Page::default();
    till::write(app, &mut page);
    gateways::write(app, &mut page);
    work::write(app, &mut page).await;
    page.text()
}
