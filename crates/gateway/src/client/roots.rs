//! Whom to believe that a server is the provider's.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

use super::ClientError;

/// TLS with the authorities in `pem`, or with those of the system.
pub(super) fn tls(pem: Option<&[u8]>) -> Result<ClientConfig, ClientError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| ClientError::Certificate(error.to_string()))?;
    Ok(config.with_root_certificates(root_store(pem)?).with_no_client_auth())
}

/// An empty store is no error for the authorities of the system: a gateway on this machine needs
/// none, and any other is then refused when it is called.
fn root_store(pem: Option<&[u8]>) -> Result<RootCertStore, ClientError> {
    let mut roots = RootCertStore::empty();
    let Some(pem) = pem else {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        return Ok(roots);
    };
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let certificates = certificates.map_err(|error| ClientError::Certificate(error.to_string()))?;
    roots.add_parsable_certificates(certificates);
    if roots.is_empty() {
        return Err(ClientError::Certificate("the file holds no certificate".into()));
    }
    Ok(roots)
}
