//! A server that speaks TLS, with a certificate made for it.

use std::fs::{Permissions, set_permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose,
};

use crate::{FixtureError, Options, Server};

const NAMES: [&str; 2] = ["127.0.0.1", "localhost"];

impl Server {
    /// As [`Server::start`], and it speaks TLS with whoever asks for it. Gives the file of the root
    /// certificate (PEM) that a client has to trust; it vouches for 127.0.0.1 and localhost, and
    /// goes with the server.
    ///
    /// # Errors
    ///
    /// As [`Server::start`], and [`FixtureError::Certificate`].
    pub fn start_with_tls(options: Options) -> Result<(Server, PathBuf), FixtureError> {
        let server = Server::create(options, |server| {
            let (root, certificate, key) = certificates()?;
            server.write("root.pem", &root)?;
            server.write("data/server.crt", &certificate)?;
            server.write("data/server.key", &key)?;
            let owner_only = Permissions::from_mode(0o600);
            set_permissions(server.path("data/server.key"), owner_only)
                .map_err(FixtureError::system("protect the key"))?;
            server.options_mut().settings.push(("ssl".to_owned(), "on".to_owned()));
            Ok(())
        })?;
        let root = server.path("root.pem");
        Ok((server, root))
    }
}

/// A root certificate, and one signed by it with its key, all as PEM.
fn certificates() -> Result<(String, String, String), rcgen::Error> {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "Guichet tests");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let root = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
    let key = KeyPair::generate()?;
    let names = NAMES.map(str::to_owned).to_vec();
    let certificate = CertificateParams::new(names)?.signed_by(&key, &root)?;
    Ok((root.pem(), certificate.pem(), key.serialize_pem()))
}
