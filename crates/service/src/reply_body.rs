//! The bodies of answers, in the format that was negotiated.

use wire::{Settings, Sink, TypeMeta, Value, json, jsv, xml};

use crate::fault_body::write_fault;
use crate::format::Format;
use crate::reply::Reply;
use crate::status::ServiceError;

/// Whether responses can be written in that format.
pub(crate) fn is_written(format: Format) -> bool {
    matches!(format, Format::Json | Format::Jsv | Format::Xml)
}

/// An answer that holds a value.
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
        _ => json::write(value, settings, &mut body),
    }
    Reply::new(status, content_type(format), body)
}

/// An answer that holds an error, as JSON where its format is not written.
pub(crate) fn fault_reply(
    error: &ServiceError,
    response: Option<&'static TypeMeta>,
    format: Format,
    settings: &Settings,
) -> Reply {
    let mut body = Vec::with_capacity(BODY_CAPACITY);
    write_with(format, settings, &mut body, |sink| {
        write_fault(response, error.response_status(), sink);
    });
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
        _ => write(&mut json::Writer::new(body, settings)),
    }
}

/// Bytes that most answers fit in, so that writing one grows its buffer seldom.
const BODY_CAPACITY: usize = 1024;

fn content_type(format: Format) -> &'static str {
    match format {
        Format::Jsv => "application/jsv",
        Format::Xml => "application/xml",
        _ => "application/json; charset=utf-8",
    }
}
