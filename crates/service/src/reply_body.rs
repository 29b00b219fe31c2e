//! The bodies of answers, in the format that was negotiated.

use wire::{Map, Settings, Sink, TypeMeta, Value, csv, json, jsonl, jsv, xml};

use crate::fault_body::write_fault;
use crate::format::Format;
use crate::reply::Reply;
use crate::status::ServiceError;

/// Whether responses can be written in that format.
pub(crate) fn is_written(format: Format) -> bool {
    !matches!(format, Format::Custom(_))
}

/// An answer that holds a value. For a page it is the JSON that the page is made from.
pub(crate) fn value_reply<T: Value>(
    value: &T,
    status: u16,
    format: Format,
    settings: &Settings,
) -> Reply {
    let mut body = Vec::with_capacity(BODY_CAPACITY);
    match format {
        Format::Jsv => value.write(&mut jsv::Writer::new(&mut body, settings)),
        Format::Xml => value.write(&mut xml::Writer::new(&mut body, settings)),
        Format::Csv => value.write(&mut csv::Writer::new(&mut body, settings)),
        Format::JsonLines => value.write(&mut jsonl::Writer::new(&mut body, settings)),
        Format::Json | Format::Html | Format::Custom(_) => json::write(value, settings, &mut body),
    }
    Reply::new(status, content_type(format), body)
}

/// The entry of an error's `meta` that tells which item of a batch failed (`servicestack.md §5.6`).
const BATCH_INDEX: &str = "AutoBatchIndex";

/// An answer that holds an error, as JSON where its format is not written. `batch_index` is the
/// place of the request in its batch.
pub(crate) fn fault_reply(
    error: &ServiceError,
    batch_index: Option<usize>,
    response: Option<&'static TypeMeta>,
    format: Format,
    settings: &Settings,
) -> Reply {
    let mut status = error.response_status();
    status.meta =
        batch_index.map(|index| Map::from_iter([(BATCH_INDEX.into(), Some(index.to_string()))]));
    let mut body = Vec::with_capacity(BODY_CAPACITY);
    write_with(format, settings, &mut body, |sink| write_fault(response, status, sink));
    let mut reply = Reply::new(error.status, content_type(format), body);
    reply.reason = Some(error.reason().to_owned());
    reply
}

/// Lends the writer of a format where speed does not matter.
pub(crate) fn write_with(
    format: Format,
    settings: &Settings,
    body: &mut Vec<u8>,
    write: impl FnOnce(&mut dyn Sink),
) {
    match format {
        Format::Jsv => write(&mut jsv::Writer::new(body, settings)),
        Format::Xml => write(&mut xml::Writer::new(body, settings)),
        Format::Csv => write(&mut csv::Writer::new(body, settings)),
        Format::JsonLines => write(&mut jsonl::Writer::new(body, settings)),
        Format::Json | Format::Html | Format::Custom(_) => {
            write(&mut json::Writer::new(body, settings));
        }
    }
}

/// Bytes that most answers fit in, so that writing one grows its buffer seldom.
const BODY_CAPACITY: usize = 1024;

/// The content type of an answer in that format.
pub(crate) fn content_type(format: Format) -> &'static str {
    match format {
        Format::Json | Format::Html | Format::Custom(_) => "application/json; charset=utf-8",
        written => written.content_type(),
    }
}
