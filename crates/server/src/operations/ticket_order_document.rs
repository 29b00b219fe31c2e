//! `GET /ticketOrder/document`: live tickets as a file. It is opened by browsers and pictures, so
//! what it refuses is an error of HTTP, not a result.

use contract::ticket_order_document::{
    CALENDAR_TYPE, PDF_TYPE, PNG_TYPE, SVG_TYPE, TicketOrderDocument,
};
use document::{Admission, Order, QrError, calendar, pdf, qr_png, qr_svg};
use domain::language::Language;
use domain::mailing::require_live;
use domain::refusal::{Code, Refusal};
use domain::sale::Sale;
use service::file::File;
use service::matched::Matched;
use service::reply::Reply;
use service::status::ServiceError;

use super::family::{Failure, wrong};
use super::signed::{self, signed};
use super::ticket_order_status::refused;
use super::{Call, by_handle, origin};
use crate::app::App;
use crate::mail::letter::calendar_uid;

/// The name that is signed.
const OPERATION: &str = "TicketOrderDocument";

signed!(TicketOrderDocument, OPERATION);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    let request = match matched.bind::<TicketOrderDocument>() {
        Ok(request) => request,
        Err(error) => return matched.fail(&error),
    };
    match file(app, call, request).await {
        Ok(file) => matched.file(file),
        Err(failure) => {
            origin::audit(app, call, OPERATION, &failure);
            as_error(failure).reply(matched, refused)
        }
    }
}

fn as_error(failure: Failure) -> Failure {
    match failure {
        Failure::Refused(Refusal { code, message }) => {
            Failure::Service(ServiceError::new(code.status(), code.name(), message))
        }
        error @ Failure::Service(_) => error,
    }
}

async fn file(
    app: &App,
    call: &Call<'_>,
    mut request: TicketOrderDocument,
) -> Result<File, Failure> {
    let origin = signed::check_once(app, call, &mut request).await?;
    let format = format(request.format.as_deref())?;
    let language = language(request.language.as_deref())?;
    let handle = request.ticket_token_id.as_deref();
    let sale = by_handle::of_owner(app, call, handle, &origin).await?;
    require_live(&sale)?;
    let order = app.tickets.of(&sale, language).await?;
    let not_found = || Refusal::new(Code::EventNotFound, "There is no such event.");
    let mut order = order.ok_or_else(not_found)?;
    if let Some(number) = request.admission {
        order.admissions.retain(|admission| i64::from(admission.number) == i64::from(number));
    }
    written(&order, format, &sale)
}

/// The kinds of files.
#[derive(Clone, Copy)]
enum Format {
    Pdf,
    Svg,
    Png,
    Calendar,
}

fn format(text: Option<&str>) -> Result<Format, Failure> {
    match text.map(|text| text.trim().to_ascii_lowercase()).as_deref() {
        Some("pdf") => Ok(Format::Pdf),
        Some("svg") => Ok(Format::Svg),
        Some("png") => Ok(Format::Png),
        Some("ics") => Ok(Format::Calendar),
        _ => Err(Failure::invalid(vec![wrong("Format", "Say pdf, svg, png or ics.")])),
    }
}

/// The language that was asked for; without one Icelandic.
pub(super) fn language(text: Option<&str>) -> Result<Language, Failure> {
    let Some(tag) = text.map(str::trim).filter(|tag| !tag.is_empty()) else {
        return Ok(Language::default());
    };
    let unknown = || Failure::invalid(vec![wrong("Language", "Say is or en.")]);
    Language::of_tag(tag).ok_or_else(unknown)
}

fn written(order: &Order, format: Format, sale: &Sale) -> Result<File, Failure> {
    let first = first(order)?;
    let (content_type, name, bytes) = match format {
        Format::Pdf => (PDF_TYPE, "tickets.pdf", pdf(order)),
        Format::Svg => (SVG_TYPE, "ticket.svg", qr_svg(&first.code).map(String::into_bytes)),
        Format::Png => (PNG_TYPE, "ticket.png", qr_png(&first.code)),
        Format::Calendar => {
            let entry = calendar(order, &calendar_uid(sale), sale.changed_at);
            (CALENDAR_TYPE, "event.ics", Ok(entry.into_bytes()))
        }
    };
    let bytes = bytes.map_err(|error| unwritable(&error))?;
    let name = name.replacen('.', &format!("-{}.", order.number), 1);
    Ok(File { content_type, name, bytes })
}

fn first(order: &Order) -> Result<&Admission, Refusal> {
    let message = "There is no such admission, or it was paid back.";
    order.admissions.first().ok_or_else(|| Refusal::new(Code::TicketNotFound, message))
}

fn unwritable(error: &QrError) -> Failure {
    tracing::error!(%error, "a ticket could not be drawn");
    let message = "The ticket could not be drawn; it is good all the same. Try again later.";
    Failure::Service(ServiceError::new(500, "InternalError", message))
}
