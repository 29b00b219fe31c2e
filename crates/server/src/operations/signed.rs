//! Requests that apps sign. All have the same members for it (`domain.md` §1.4, §1.6).

use wire::Value;

use super::family::Failure;
use super::origin::Origin;
use super::{Call, marks, origin};
use crate::access::signature::{Claim, SignedParts};
use crate::app::App;
use crate::idempotency::Body;

/// A request that an app signs.
pub(super) trait Signed: Value {
    /// The name of the operation, which is signed with the rest.
    const OPERATION: &'static str;

    /// Takes what proves who sent it out of the request.
    fn take_claim(&mut self) -> Claim;

    /// What is signed.
    fn parts(&self) -> SignedParts<'_>;
}

/// Says that a type is a request that apps sign, under this name.
macro_rules! signed {
    ($request:ty, $operation:expr) => {
        impl $crate::operations::signed::Signed for $request {
            const OPERATION: &'static str = $operation;

            fn take_claim(&mut self) -> $crate::access::signature::Claim {
                let timestamp = &mut self.request_unix_utc_time_stamp;
                $crate::access::signature::Claim::take(&mut self.signature, timestamp)
            }

            fn parts(&self) -> $crate::access::signature::SignedParts<'_> {
                $crate::access::signature::SignedParts {
                    operation: <Self as $crate::operations::signed::Signed>::OPERATION,
                    device_id: self.device_id.as_deref(),
                    phone_verification_number: self.phone_verification_number.as_deref(),
                }
            }
        }
    };
}
pub(super) use signed;

/// Where a request comes from. What leads to a sale remembers the signature with it
/// ([`marks::Repeatable`]); of everything else it is used up by [`check_once`].
///
/// # Errors
/// Those of [`origin::check`].
pub(super) async fn check<R: Signed>(
    app: &App,
    call: &Call<'_>,
    request: &mut R,
) -> Result<Origin, Failure> {
    let claim = request.take_claim();
    origin::check(app, call, claim, &request.parts()).await
}

/// As [`check`]; the signature is good for this request alone from now on.
///
/// # Errors
/// Those of [`origin::check`] and [`marks::use_up`].
pub(super) async fn check_once<R: Signed>(
    app: &App,
    call: &Call<'_>,
    request: &mut R,
) -> Result<Origin, Failure> {
    let origin = check(app, call, request).await?;
    marks::use_up(app, call, origin.signature.as_ref(), &Body::of(request, None)).await?;
    Ok(origin)
}
