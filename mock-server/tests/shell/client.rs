//! A client that speaks what the test chooses: HTTP/1.1 or HTTP/2, plain or over TLS with one certificate to trust.

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client as Pool, connect::HttpConnector},
    rt::TokioExecutor,
};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, pem::PemObject},
};

/// What the client may speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spoken {
    /// HTTP/1.1 alone.
    One,
    /// HTTP/2 from the first byte on.
    Two,
    /// What both can do best, which TLS negotiates.
    Best,
}

/// A client with connections of its own.
pub(crate) struct Client(Pool<HttpsConnector<HttpConnector>, Full<Bytes>>);

impl Client {
    /// A client that trusts this certificate alone, or none.
    pub(crate) fn new(certificate: Option<&str>, spoken: Spoken) -> Self {
        let mut roots = RootCertStore::empty();
        for certificate in certificate.into_iter().flat_map(|pem| CertificateDer::pem_slice_iter(pem.as_bytes())) {
            roots.add(certificate.unwrap()).unwrap();
        }
        let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider())).with_safe_default_protocol_versions();
        let config = config.unwrap().with_root_certificates(roots).with_no_client_auth();
        let connector = HttpsConnectorBuilder::new().with_tls_config(config).https_or_http();
        let connector = match spoken {
            Spoken::One => connector.enable_http1().build(),
            Spoken::Two => connector.enable_http2().build(),
            Spoken::Best => connector.enable_all_versions().build(),
        };
        Self(Pool::builder(TokioExecutor::new()).http2_only(spoken == Spoken::Two).build(connector))
    }

    /// Sends a request and reads the answer.
    pub(crate) async fn send(&self, request: Request<&str>) -> Response<String> {
        self.try_send(request).await.unwrap()
    }

    /// The same where it may fail, with why.
    pub(crate) async fn try_send(&self, request: Request<&str>) -> Result<Response<String>, String> {
        let request = request.map(|body| Full::from(body.to_owned()));
        let response = self.0.request(request).await.map_err(|error| format!("{error:?}"))?;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map_err(|error| error.to_string())?.to_bytes();
        Ok(Response::from_parts(parts, String::from_utf8(body.to_vec()).unwrap()))
    }
}
