//! Encryption towards the database: whom to believe.

use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::OpenError;

/// Believes servers for which a certificate in the file vouches, or one of the system's; none
/// where nothing is to be encrypted.
pub(super) fn connector(
    mode: SslMode,
    root_certificate: Option<&Path>,
) -> Result<MakeRustlsConnect, OpenError> {
    let roots = match (mode, root_certificate) {
        (SslMode::Disable, _) => RootCertStore::empty(),
        (_, Some(path)) => from_file(path)?,
        (_, None) => from_system()?,
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| OpenError::Database(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

fn from_file(path: &Path) -> Result<RootCertStore, OpenError> {
    let unreadable = |what: String| OpenError::Io {
        path: path.display().to_string(),
        source: std::io::Error::other(what),
    };
    let certificates = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| unreadable(error.to_string()))?;
    let mut roots = RootCertStore::empty();
    let (taken, _) = roots.add_parsable_certificates(certificates);
    if taken == 0 {
        return Err(unreadable("there is no root certificate in it".to_owned()));
    }
    Ok(roots)
}

fn from_system() -> Result<RootCertStore, OpenError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        return Err(OpenError::Address(
            "the system has no root certificates to check the server with; name a file of them",
        ));
    }
    Ok(roots)
}
