//! A connection to the provider for one message.

use std::net::IpAddr;
use std::sync::Arc;

use hyper::client::conn::http1;
use hyper::{Request, Uri};
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::SmsSettingsError;
use crate::sms::SmsFault;

/// Where the provider is, and how the way there is protected.
pub(super) struct Target {
    host: String,
    port: u16,
    /// `None` on this machine.
    tls: Option<(TlsConnector, ServerName<'static>)>,
}

impl Target {
    pub(super) fn of(uri: &Uri, roots: Option<&[u8]>) -> Result<Target, SmsSettingsError> {
        let host = uri.host().ok_or(SmsSettingsError::Address)?;
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let (tls, usual_port) = match uri.scheme_str() {
            Some("https") => (Some(tls(&host, roots)?), 443),
            Some("http") if is_this_machine(&host) => (None, 80),
            _ => return Err(SmsSettingsError::Address),
        };
        Ok(Target { host, port: uri.port_u16().unwrap_or(usual_port), tls })
    }

    /// Sends a request; answers with the status. What else the provider says is not read.
    pub(super) async fn exchange(&self, request: Request<String>) -> Result<u16, SmsFault> {
        let stream = TcpStream::connect((&*self.host, self.port)).await.map_err(unreachable)?;
        match &self.tls {
            Some((connector, name)) => {
                let stream = connector.connect(name.clone(), stream).await.map_err(unreachable)?;
                exchange_over(stream, request).await
            }
            None => exchange_over(stream, request).await,
        }
    }
}

async fn exchange_over(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    request: Request<String>,
) -> Result<u16, SmsFault> {
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(unreachable)?;
    let answer = async move {
        let answer = sender.send_request(request).await.map_err(unreachable)?;
        Ok(answer.status().as_u16())
    };
    tokio::pin!(connection, answer);
    tokio::select! {
        answered = &mut answer => answered,
        closed = &mut connection => match closed {
            // The answer may have come with the end of the connection.
            Ok(()) => answer.await,
            Err(error) => Err(unreachable(error)),
        },
    }
}

/// Errors of connections name no path, no header and no body.
fn unreachable(error: impl std::fmt::Display) -> SmsFault {
    SmsFault::Unreachable(error.to_string())
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn tls(
    host: &str,
    roots: Option<&[u8]>,
) -> Result<(TlsConnector, ServerName<'static>), SmsSettingsError> {
    let certificate = |what: String| SmsSettingsError::Certificate(what);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| certificate(error.to_string()))?
        .with_root_certificates(root_store(roots)?)
        .with_no_client_auth();
    let name = ServerName::try_from(host.to_owned()).map_err(|_| SmsSettingsError::Address)?;
    Ok((TlsConnector::from(Arc::new(config)), name))
}

fn root_store(pem: Option<&[u8]>) -> Result<RootCertStore, SmsSettingsError> {
    let mut roots = RootCertStore::empty();
    match pem {
        Some(pem) => {
            let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
            let certificates =
                certificates.map_err(|error| SmsSettingsError::Certificate(error.to_string()))?;
            roots.add_parsable_certificates(certificates);
        }
        None => {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    if roots.is_empty() {
        let message = "there are no certificates to check it with; name a file of them";
        return Err(SmsSettingsError::Certificate(message.to_owned()));
    }
    Ok(roots)
}
