//! The five published operation pages. They lie in `shared/seeds` beside the checkout, or in the
//! folder that `GUICHET_SHARED` names. Where they do not, tests that need them say so and pass.

use std::env;
use std::path::{Path, PathBuf};

use contract::{contract_sold, customer_payments, owner_cards, ticket_order, ticket_transfer};
use service::format::Format;
use service::operation::Operation;

/// One published page.
pub(crate) struct Page {
    /// How the name of its file begins.
    pub(crate) seed: &'static str,
    pub(crate) operation: &'static Operation,
    pub(crate) format: Format,
    /// The language that its types are shown in.
    pub(crate) language: &'static str,
    /// The server it was published on.
    pub(crate) authority: &'static str,
    /// How much of the layout has survived in the copy.
    pub(crate) layout: Layout,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Layout {
    /// All of it.
    Exact,
    /// Line breaks, but no blanks at line ends and no empty lines.
    Lines,
    /// Nothing but the words.
    Words,
}

/// All of them.
pub(crate) const PAGES: [Page; 5] = [
    Page {
        seed: "000",
        operation: &owner_cards::ORDER_OWNER_CARDS,
        format: Format::Csv,
        language: "python",
        authority: "stubbur-autoupdates-live.smartnewapis.com",
        layout: Layout::Exact,
    },
    Page {
        seed: "001",
        operation: &ticket_order::TICKET_ORDER,
        format: Format::Jsv,
        language: "python",
        authority: "stubbur-autoupdates-live.smartnewapis.com",
        layout: Layout::Exact,
    },
    Page {
        seed: "002",
        operation: &ticket_transfer::TRANSFER_TICKET_TO_EVENT,
        format: Format::Jsv,
        language: "kotlin",
        authority: "stubbur-app.azurewebsites.net",
        layout: Layout::Exact,
    },
    Page {
        seed: "003",
        operation: &customer_payments::CUSTOMER_PAYMENTS,
        format: Format::Json,
        language: "python",
        authority: "api.dev.dynamics.trendsic.com",
        layout: Layout::Lines,
    },
    Page {
        seed: "004",
        operation: &contract_sold::CONTRACT_SOLD,
        format: Format::Jsv,
        language: "python",
        authority: "www.clubready.com",
        layout: Layout::Words,
    },
];

/// The text of a page, or `None` (and a line that says so) when it is not there.
pub(crate) fn published(seed: &str) -> Option<String> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let folder = env::var_os("GUICHET_SHARED").map_or_else(beside, PathBuf::from).join("seeds");
    let found: Option<PathBuf> = std::fs::read_dir(&folder).ok().and_then(|entries| {
        let mut paths = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
        paths.find(|path| {
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(seed))
        })
    });
    if found.is_none() {
        eprintln!("skipped: page {seed} is not in {}", folder.display());
    }
    found.map(|path| std::fs::read_to_string(path).unwrap())
}
