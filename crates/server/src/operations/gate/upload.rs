//! `POST /gate/upload`: what a scanner did without the network.

use contract::gate::upload::{GateUpload, GateUploadResult, OfflineScan, UPLOAD_SCANS_MAX};
use domain::gate::{UploadScan, Uploaded};
use domain::time::Timestamp;
use service::matched::Matched;
use service::reply::Reply;
use store::SubmitError;

use super::scan::waiting;
use super::{STALE_TRIES_MAX, name, read, scope};
use crate::app::App;
use crate::operations::Call;
use crate::operations::answer::{answer, answers, ok};
use crate::operations::family::{Failure, wrong};

/// What is told of a code that is not genuine.
const NOT_GENUINE: &str = "NotGenuine";

/// What is told of a code of somebody else's event.
const OWNER_SCOPE_DENIED: &str = "OwnerScopeDenied";

answers!(GateUploadResult);

/// Serves the operation.
pub(super) async fn serve(app: &App, matched: &Matched<'_, '_>, call: &Call<'_>) -> Reply {
    answer(app, matched, call, async |request| upload(app, call, &request).await).await
}

/// An upload that ends halfway is sent again whole: what was told before changes nothing.
async fn upload(
    app: &App,
    call: &Call<'_>,
    request: &GateUpload,
) -> Result<GateUploadResult, Failure> {
    let device = name("Device", request.device.as_deref())?;
    let scans = request.scans.as_deref().unwrap_or_default();
    if i32::try_from(scans.len()).unwrap_or(i32::MAX) > UPLOAD_SCANS_MAX {
        let message = format!("One upload has {UPLOAD_SCANS_MAX} scans at most.");
        return Err(Failure::invalid(vec![wrong("Scans", message)]));
    }
    let read: Vec<Read<'_>> = scans.iter().map(Read::of).collect::<Result<_, _>>()?;
    let mut outcomes = Vec::new();
    for scan in read {
        outcomes.push(take(app, call, &device, scan).await?.to_owned());
    }
    Ok(GateUploadResult { outcomes: Some(outcomes), ..ok() })
}

/// A scan whose members are there.
struct Read<'r> {
    code: Option<&'r str>,
    gate: String,
    at: Timestamp,
}

impl<'r> Read<'r> {
    fn of(scan: &'r OfflineScan) -> Result<Read<'r>, Failure> {
        let at = scan.at_utc.ok_or_else(|| {
            Failure::invalid(vec![wrong("AtUTC", "Say when the code was scanned.")])
        })?;
        let gate = name("Gate", scan.gate.as_deref())?;
        let at = Timestamp(at.unix_microseconds());
        Ok(Read { code: scan.scan_code.as_deref(), gate, at })
    }
}

async fn take(
    app: &App,
    call: &Call<'_>,
    device: &str,
    scan: Read<'_>,
) -> Result<&'static str, Failure> {
    let Ok(admission) = read(app, scan.code) else { return Ok(NOT_GENUINE) };
    if scope(call, admission.shard).is_err() {
        return Ok(OWNER_SCOPE_DENIED);
    }
    let (device, gate) = (device.to_owned(), scan.gate);
    let mut command = UploadScan { admission, device, gate, at: scan.at, transfer: None };
    for _ in 0..STALE_TRIES_MAX {
        match app.store.submit(command.clone()).await {
            Err(SubmitError::Stale) => {}
            answered => return Ok(Uploaded::name(answered?)),
        }
        command.transfer = waiting(app, &command.admission).await?;
    }
    Err(Failure::overloaded())
}
