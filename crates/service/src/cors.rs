//! What pages of other sites may do with the service (`servicestack.md §5.8`).

use std::borrow::Cow;

use crate::exchange::Headers;
use crate::reply::Reply;

/// Which sites may read answers. The default is every site, without cookies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cors {
    /// The origins that are let in.
    pub origins: Origins,
    /// Whether a listed site may send the cookies of its visitor. Never for [`Origins::Any`]:
    /// browsers refuse that, because any site could then act for whoever visits it.
    pub credentials: bool,
}

/// A choice of sites.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Origins {
    /// Every site.
    #[default]
    Any,
    /// These, each as a browser names it: `https://shop.example`, without a slash at the end.
    Listed(Vec<String>),
}

/// What a site may send; clients of the published services use no other verbs.
const METHODS: &str = "GET, POST, PUT, DELETE, PATCH, OPTIONS, HEAD";

/// What a site may say. The original allows `Content-Type` alone, with which no client on another
/// site could show a key or ask for one sale of two requests.
const HEADERS: &str = "Content-Type, Authorization, X-Api-Key, Idempotency-Key, \
                       X-Http-Method-Override, X-ss-id, X-ss-pid, X-ss-opt";

/// What a script of another site may read beside the few headers it always may.
const EXPOSED: &str = "X-AutoBatch-Completed, Retry-After, X-Cookies";

/// Seconds for which a browser need not ask again.
const AGE_MAX: &str = "600";

impl Cors {
    /// Adds to an answer what it says to a site. An origin that is not listed gets nothing, which
    /// its browser takes for a no.
    pub(crate) fn tell(&self, mut reply: Reply, request: &dyn Headers) -> Reply {
        let allowed = match &self.origins {
            Origins::Any => Cow::Borrowed("*"),
            Origins::Listed(listed) => {
                reply = reply.varying_with("Origin");
                let origin = request.get("Origin").unwrap_or_default();
                if !listed.iter().any(|known| known.eq_ignore_ascii_case(origin)) {
                    return reply;
                }
                if self.credentials {
                    reply = reply.with_header("Access-Control-Allow-Credentials", "true");
                }
                Cow::Owned(origin.to_owned())
            }
        };
        reply
            .with_header("Access-Control-Allow-Origin", allowed)
            .with_header("Access-Control-Allow-Methods", METHODS)
            .with_header("Access-Control-Allow-Headers", HEADERS)
            .with_header("Access-Control-Expose-Headers", EXPOSED)
            .with_header("Access-Control-Max-Age", AGE_MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::{Cors, Origins};
    use crate::exchange::HeaderPairs;
    use crate::reply::Reply;

    fn check(cors: &Cors, origin: &str, expected: [Option<&str>; 3]) {
        let told = cors.tell(Reply::empty(204), &HeaderPairs(&[("origin", origin)]));
        let names = ["Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Vary"];
        assert_eq!(names.map(|name| told.header(name)), expected, "{origin}");
    }

    /// Proves that every site may read without cookies, and with them only one that is listed.
    #[test]
    fn sites_get_what_was_chosen() {
        check(&Cors::default(), "https://a.example", [Some("*"), None, None]);
        let any = Cors { credentials: true, ..Cors::default() };
        check(&any, "https://a.example", [Some("*"), None, None]);
        let origins = Origins::Listed(vec!["https://shop.example".to_owned()]);
        let listed = Cors { origins, credentials: true };
        let shop = Some("https://shop.example");
        check(&listed, "https://shop.example", [shop, Some("true"), Some("Origin")]);
        check(&listed, "https://a.example", [None, None, Some("Origin")]);
        check(&listed, "null", [None, None, Some("Origin")]);
    }
}
