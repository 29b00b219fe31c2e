//! Several requests in one (`servicestack.md §5.6`): `POST /api/{Operation}[]` with a list.
//!
//! Each item is an exchange of its own, for the path without the brackets, and takes the very way
//! that a single request takes: access, binding, limits. Nothing is undone when an item fails; the
//! answer says how many were served, so that the client can go on from there.

use std::borrow::Cow;

use wire::{Fault, Problems, Settings, json, jsv};

use crate::exchange::Exchange;
use crate::format::Format;
use crate::registry::Registry;
use crate::reply::Reply;
use crate::reply_body::fault_reply;
use crate::status::ServiceError;

/// The most items of one batch. Each may be an order with a payment, and they run one by one.
pub const BATCH_LENGTH_MAX: usize = 100;

/// What a path ends with when several requests are sent at once.
const MARKS: [&str; 3] = ["[]", "%5B%5D", "%5b%5d"];

/// Tells how many items were served.
const COMPLETED: &str = "X-AutoBatch-Completed";

/// A batch on its way: what is still to be served, and what was answered.
pub struct Batch<'r, 'e> {
    registry: &'r Registry,
    exchange: &'e Exchange<'e>,
    /// The path of one item.
    path: &'e str,
    items: Vec<Cow<'e, [u8]>>,
    format: Format,
    one_way: bool,
    completed: usize,
    /// The answers so far, as a list without its end.
    body: Vec<u8>,
}

impl Registry {
    /// The batch that a request holds; `None` if it is a single request.
    ///
    /// # Errors
    /// The answer to send instead: 400 for a body that is no list or too long a one, 405 for an
    /// unknown operation, another verb than POST or a format that batches do not have.
    pub fn batch<'r, 'e>(
        &'r self,
        exchange: &'e Exchange<'e>,
    ) -> Result<Option<Batch<'r, 'e>>, Reply> {
        let Some(path) = MARKS.iter().find_map(|mark| exchange.path.strip_suffix(mark)) else {
            return Ok(None);
        };
        // A browser that asks first is answered as everywhere.
        if exchange.verb.eq_ignore_ascii_case("OPTIONS") {
            return Ok(None);
        }
        let dressed = |reply| self.with_default_headers(reply, exchange.headers);
        let Some((predefined, settings)) = self.predefined_at(path).map_err(dressed)? else {
            return Ok(None);
        };
        let format = predefined.format;
        let items = items(exchange, format).map_err(|error| {
            let format = if is_batched(format) { format } else { Format::Json };
            dressed(fault_reply(&error, None, None, format, &settings))
        })?;
        let (one_way, body) = (predefined.one_way, b"[".to_vec());
        let batch =
            Batch { registry: self, exchange, path, items, format, one_way, completed: 0, body };
        Ok(Some(batch))
    }
}

/// The items of a batch, each a document of its own.
fn items<'e>(exchange: &Exchange<'e>, format: Format) -> Result<Vec<Cow<'e, [u8]>>, ServiceError> {
    if !exchange.verb.eq_ignore_ascii_case("POST") {
        return Err(ServiceError::not_implemented("A batch is sent with POST"));
    }
    let split = match format {
        Format::Json => split_json(exchange.body),
        Format::Jsv => split_jsv(exchange.body),
        other => {
            let message = format!("Batches of {} are not read; send JSON or JSV", other.key());
            return Err(ServiceError::of_exception("NotSupportedException", message));
        }
    };
    let items = split.map_err(|problems| ServiceError::body(format.content_type(), &problems))?;
    if items.len() > BATCH_LENGTH_MAX {
        let message = format!(
            "A batch may have {BATCH_LENGTH_MAX} items; this one has {}. Nothing was done.",
            items.len()
        );
        return Err(ServiceError::of_exception("ArgumentOutOfRangeException", message));
    }
    Ok(items)
}

fn split_json(body: &[u8]) -> Result<Vec<Cow<'_, [u8]>>, Problems> {
    let items = json::split_list(body)?;
    Ok(items.into_iter().map(Cow::Borrowed).collect())
}

/// A text that is sent as a record keeps its form, so a list of texts is a list of raw records.
fn split_jsv(body: &[u8]) -> Result<Vec<Cow<'_, [u8]>>, Problems> {
    let text = std::str::from_utf8(body)
        .map_err(|error| Fault::NotUtf8 { position: error.valid_up_to() })?;
    let mut items: Vec<Option<String>> = Vec::new();
    jsv::read_value(text, &mut items, &Settings::default())?;
    Ok(items.into_iter().map(|item| Cow::Owned(item.unwrap_or_default().into_bytes())).collect())
}

/// Formats whose documents a list can be made of by writing them one after the other.
fn is_batched(format: Format) -> bool {
    matches!(format, Format::Json | Format::Jsv)
}

impl<'e> Batch<'_, 'e> {
    /// The next item as a request of its own; `None` when all are served.
    pub fn next(&self) -> Option<Exchange<'_>> {
        let body = self.items.get(self.completed)?;
        let batch_index = Some(self.completed);
        Some(Exchange { verb: "POST", path: self.path, body, batch_index, ..*self.exchange })
    }

    /// Takes the answer to [`Batch::next`].
    ///
    /// # Errors
    /// The answer to the whole batch, if the item failed: the error alone.
    pub fn add(&mut self, reply: Reply) -> Result<(), Reply> {
        if reply.status >= 400 {
            return Err(reply.with_header(COMPLETED, self.completed.to_string()));
        }
        if self.completed > 0 {
            self.body.push(b',');
        }
        match reply.body.as_slice() {
            // Where an operation returns nothing, there is a null; JSV has no word for it.
            b"" if self.format == Format::Json => self.body.extend_from_slice(b"null"),
            body => self.body.extend_from_slice(body),
        }
        self.completed += 1;
        Ok(())
    }

    /// The answer, when every item was served.
    pub fn finish(mut self) -> Reply {
        let reply = if self.one_way {
            Reply::empty(204)
        } else {
            self.body.push(b']');
            let content_type = crate::reply_body::content_type(self.format);
            Reply::new(200, content_type, self.body)
        };
        let reply = reply.with_header(COMPLETED, self.completed.to_string());
        self.registry.with_default_headers(reply, self.exchange.headers)
    }
}
