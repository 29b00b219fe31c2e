//! Sample values of types, and the layout that pages give them.

use service::jsv_layout::pretty;
use service::sample::write_sample;
use wire::{Settings, Sink, TypeMeta};

use super::{Output, Unsupported, text, whole_text};
use crate::transcode;
use crate::vector::Vector;

pub(super) fn jsv_format(vector: &Vector) -> Output {
    whole_text(vector).map(|compact| pretty(compact).into())
}

pub(super) fn metadata_sample(vector: &Vector) -> Output {
    let name = text(&vector.input, "type").unwrap_or_default();
    let meta =
        transcode::meta_of(name).ok_or_else(|| Unsupported::because(format!("the type {name}")))?;
    let settings = Settings::default();
    match text(&vector.input, "format") {
        Some("jsv") => {
            let write =
                |out: &mut Vec<u8>| sample(meta, &mut wire::jsv::Writer::new(out, &settings));
            Ok(pretty(&written(write)).into())
        }
        Some("json" | "csv" | "jsonl") | None => Ok(json(meta, &settings).into()),
        Some(other) => Err(Unsupported::because(format!("samples in {other}"))),
    }
}

/// The sample of a type in compact JSON.
pub(super) fn json(meta: &'static TypeMeta, settings: &Settings) -> String {
    written(|out| sample(meta, &mut wire::json::Writer::new(out, settings)))
}

fn sample(meta: &'static TypeMeta, sink: &mut dyn Sink) {
    write_sample(meta, &[], sink);
}

fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8_lossy(&out).into_owned()
}
