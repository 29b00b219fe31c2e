//! Lists in pages: `skip` and `take`.

use super::family::{Failure, wrong};

/// Which part of a list is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) skip: usize,
    pub(super) take: usize,
}

impl Page {
    /// What a request asks for; `take_default` entries where it does not say.
    ///
    /// # Errors
    /// A failure naming the member, for a `skip` below 0 and a `take` outside 1 to `take_max`.
    pub(super) fn of(
        skip: Option<i32>,
        take: Option<i32>,
        take_default: i32,
        take_max: i32,
    ) -> Result<Page, Failure> {
        let invalid = |field, message: String| Failure::invalid(vec![wrong(field, message)]);
        let skip = usize::try_from(skip.unwrap_or(0));
        let skip = skip.map_err(|_| invalid("Skip", "It must be 0 or more.".into()))?;
        let take = take.unwrap_or(take_default);
        let allowed = usize::try_from(take).ok().filter(|_| (1..=take_max).contains(&take));
        let take = allowed
            .ok_or_else(|| invalid("Take", format!("It must lie between 1 and {take_max}.")))?;
        Ok(Page { skip, take })
    }

    /// The entries of this page.
    pub(super) fn cut<'a, T>(&self, list: &'a [T]) -> impl Iterator<Item = &'a T> + use<'a, T> {
        list.iter().skip(self.skip).take(self.take)
    }
}

/// How many entries all pages have together, as published.
pub(super) fn total(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
