//! Bringing a catalogue file into the store: read what is there, plan, draw numbers, change.
//!
//! The whole file is checked before anything is changed. What is there already is found by its
//! slug and replaced; what the file does not name stays as it is.

use std::collections::BTreeMap;

use domain::catalogue::{CATALOGUE_ITEMS_MAX, CatalogueItem, ChangeCatalogue};
use domain::ids::{NumberKind, Shard};
use domain::seller::DrawNumbers;
use store::{Fault, Store, SubmitError};

use super::file::CatalogueFile;
use super::known::Known;
pub use super::plan::Imported;
use super::plan::{self, Plan};

/// Why a catalogue was not imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file is wrong; nothing was changed.
    #[error("{0}; nothing was changed")]
    Invalid(String),
    /// Somebody else changed the catalogue meanwhile.
    #[error("the catalogue was changed by somebody else meanwhile; import the file again")]
    Stale,
    /// The store failed.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The store refused.
    #[error("{0}; import the file again")]
    Refused(String),
}

impl From<SubmitError> for ImportError {
    fn from(error: SubmitError) -> ImportError {
        match error {
            SubmitError::Stale => ImportError::Stale,
            SubmitError::Fault(fault) => ImportError::Fault(fault),
            SubmitError::Refused(refusal) => ImportError::Refused(refusal.to_string()),
            SubmitError::Overloaded => ImportError::Refused("the store is busy".into()),
        }
    }
}

/// Imports a file.
///
/// # Errors
/// [`ImportError`]; after an `Invalid` nothing was changed.
pub async fn import(store: &Store, file: &CatalogueFile) -> Result<Vec<Imported>, ImportError> {
    let mut known = Known::load(store, file).await?;
    plan::check(file, &known).map_err(ImportError::Invalid)?;
    for (shard, kinds) in plan::numbers_wanted(file, &known) {
        let numbers = draw(store, shard, kinds).await?;
        known.spare.insert(shard, numbers);
    }
    let mut plan = Plan::make(file, &mut known).map_err(ImportError::Invalid)?;
    if !plan.house.is_empty() {
        for shard in known.sellers() {
            plan.sellers.entry(shard).or_default();
        }
    }
    apply(store, &known, Shard::HOUSE, plan.house).await?;
    for (shard, items) in plan.sellers {
        apply(store, &known, shard, items).await?;
    }
    Ok(plan.imported)
}

async fn draw(
    store: &Store,
    shard: Shard,
    kinds: Vec<NumberKind>,
) -> Result<BTreeMap<NumberKind, Vec<u32>>, ImportError> {
    let mut drawn: BTreeMap<NumberKind, Vec<u32>> = BTreeMap::new();
    for part in kinds.chunks(CATALOGUE_ITEMS_MAX) {
        let numbers = store.submit(DrawNumbers { shard, kinds: part.to_vec() }).await?;
        for (kind, number) in part.iter().zip(numbers) {
            drawn.entry(*kind).or_default().push(number);
        }
    }
    // Taken from the end, so that the file's order is the order of the numbers.
    drawn.values_mut().for_each(|numbers| numbers.reverse());
    Ok(drawn)
}

/// A seller's revision is raised even without items of its own: what the house shares may have
/// changed, and decisions made on the old catalogue must be made again.
async fn apply(
    store: &Store,
    known: &Known,
    seller: Shard,
    mut items: Vec<CatalogueItem>,
) -> Result<(), ImportError> {
    let mut revision_seen = known.revision(seller);
    loop {
        let rest = items.split_off(items.len().min(CATALOGUE_ITEMS_MAX));
        let change = ChangeCatalogue { seller, revision_seen, items, notes: Vec::new() };
        revision_seen = store.submit(change).await?;
        if rest.is_empty() {
            return Ok(());
        }
        items = rest;
    }
}

#[cfg(test)]
mod tests {
    use store::Options;

    use super::*;
    use crate::catalogue::file::parse;

    const CLUB: &str = "[[organiser]]\nslug = \"hekla\"\nname = \"Hekla\"\n";
    const TYPE: &str = "[[ticket_type]]\nslug = \"adult\"\norganiser = \"hekla\"\n\
                        name = \"Adult\"\nprice = \"35.00\"\ncurrency = \"EUR\"\n";
    const EVENT: &str = "[[event]]\nslug = \"first\"\norganiser = \"hekla\"\nname = \"First\"\n\
                         starts = \"2027-05-02T19:15:00\"\nprice = [{ ticket_type = \"adult\" }]\n";

    async fn check(store: &Store, text: &str, expected: Result<usize, &str>) {
        let result = import(store, &parse(text).unwrap()).await;
        match (result, expected) {
            (Ok(imported), Ok(count)) => assert_eq!(imported.len(), count, "{text}"),
            (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
            (result, expected) => panic!("{text}: {result:?}, expected {expected:?}"),
        }
    }

    /// An event may not sell a type of another currency, wherever the type was declared, and a
    /// refused file changes nothing.
    #[tokio::test]
    async fn a_type_keeps_its_currency() {
        let store = Store::memory(Options::default());
        let both = format!("{CLUB}{TYPE}{EVENT}");
        check(&store, &both, Err("another currency")).await;
        assert_eq!(store.sellers().await.unwrap(), []);
        check(&store, &format!("{CLUB}{TYPE}"), Ok(2)).await;
        check(&store, EVENT, Err("another currency")).await;
        check(&store, &format!("{EVENT}currency = \"EUR\"\n"), Ok(1)).await;
    }

    /// No file sets a price or a credit whose sums could outgrow the books.
    #[tokio::test]
    async fn prices_are_bounded() {
        let store = Store::memory(Options::default());
        let card = "[[card_type]]\nslug = \"gold\"\norganiser = \"hekla\"\nname = \"Gold\"\n\
                    price = \"1\"\ncredit = \"10000000001\"\n\
                    valid_from = \"2027-01-01T00:00:00\"\nvalid_to = \"2028-01-01T00:00:00\"\n";
        let dear = "price = [{ ticket_type = \"adult\", price = \"100000000.01\" }]";
        let usual = "price = [{ ticket_type = \"adult\" }]";
        let event = format!("{}currency = \"EUR\"\n", EVENT.replace(usual, dear));
        let files =
            [TYPE.replace("35.00", "100000000.01"), format!("{TYPE}{event}"), card.to_owned()];
        for file in files {
            let file = format!("{CLUB}{file}");
            check(&store, &file, Err("more than a price may be")).await;
        }
        check(&store, &format!("{CLUB}{}", TYPE.replace("35", "100000000")), Ok(2)).await;
    }

    /// A slug with a slash could be taken for the name of another event's quota.
    #[tokio::test]
    async fn a_slug_has_no_slash() {
        let store = Store::memory(Options::default());
        for slug in ["a/b", "", "a b", &"x".repeat(65)] {
            let club = CLUB.replace("slug = \"hekla\"", &format!("slug = \"{slug}\""));
            check(&store, &club, Err("a slug has 1 to 64")).await;
        }
    }
}
