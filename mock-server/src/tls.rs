//! HTTPS: the certificate that both listeners show, given or made at start.

use std::{
    fmt, fs,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    path::{Path, PathBuf},
    sync::Arc,
};

use chrono::{DateTime, Datelike, Days, Utc};
use rcgen::{CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, KeyPair, date_time_ymd};
use rustls::{
    ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem, pem::PemObject},
};

use crate::{Error, call, clock};

/// How long a certificate that is made at start is good for, in days. Apple's clients take none that is good for
/// more than 825.
const LIFETIME: u64 = 365;
/// What clients may choose to speak, the better first.
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// The certificate of the listeners, and its key.
#[derive(Clone)]
#[must_use]
pub struct Tls(Identity);

#[derive(Clone)]
enum Identity {
    SelfSigned(SelfSigned),
    Given(Given),
}

/// To be made at start.
#[derive(Clone, Debug, Default)]
struct SelfSigned {
    /// What it is for, beside the names of this machine.
    names: Vec<String>,
    /// Where it is written.
    file: Option<PathBuf>,
}

/// Text in PEM, and what to call it in messages.
#[derive(Clone)]
struct Given {
    certificate: Pem,
    key: Pem,
}

#[derive(Clone)]
struct Pem {
    file: String,
    text: Vec<u8>,
}

impl Tls {
    /// A certificate that is made at start, for `localhost`, `127.0.0.1`, `::1` and the addresses of the listeners.
    /// [`MockServer::certificate`](crate::MockServer::certificate) tells it to those who shall trust it.
    pub fn self_signed() -> Self {
        Self(Identity::SelfSigned(SelfSigned::default()))
    }

    /// A certificate with its chain, and its private key, both as PEM text. The key may be of PKCS #8, PKCS #1 or
    /// SEC 1. What is wrong with them is said at start.
    pub fn pem(certificate: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Self {
        let named = |file: &str, text: Vec<u8>| Pem { file: file.to_owned(), text };
        let (certificate, key) = (named("the certificate", certificate.into()), named("the key", key.into()));
        Self(Identity::Given(Given { certificate, key }))
    }

    /// The same from files.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn files(certificate: &Path, key: &Path) -> Result<Self, Error> {
        Ok(Self(Identity::Given(Given { certificate: Pem::read(certificate)?, key: Pem::read(key)? })))
    }

    /// A further name or address that a certificate made at start is for. One that is given is for those that are in it.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        if let Identity::SelfSigned(wanted) = &mut self.0 {
            wanted.names.push(name.into());
        }
        self
    }

    /// Where a certificate made at start is written, as PEM text without the key, for those who shall trust it:
    /// `curl --cacert FILE`.
    pub fn write_to(mut self, file: impl Into<PathBuf>) -> Self {
        if let Identity::SelfSigned(wanted) = &mut self.0 {
            wanted.file = Some(file.into());
        }
        self
    }

    /// Reads or makes the certificate.
    pub(crate) fn prepare(self, addresses: &[IpAddr]) -> Result<Prepared, Error> {
        match self.0 {
            Identity::SelfSigned(wanted) => wanted.prepare(addresses),
            Identity::Given(given) => given.prepare(),
        }
    }
}

impl fmt::Debug for Tls {
    /// Says nothing of the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Identity::SelfSigned(wanted) => wanted.fmt(f),
            Identity::Given(given) => f.debug_tuple("Given").field(&given.certificate.file).finish(),
        }
    }
}

/// What the listeners need, and what clients need.
pub(crate) struct Prepared {
    pub(crate) config: ServerConfig,
    pub(crate) certificate: Certificate,
}

/// The certificate that clients see.
#[derive(Clone, Debug)]
pub(crate) struct Certificate {
    pub(crate) pem: String,
    /// What curl is told to trust it, when it was made at start, so that nobody does yet.
    pub(crate) trust: Option<String>,
}

impl Given {
    fn prepare(self) -> Result<Prepared, Error> {
        let Self { certificate, key } = self;
        let chain: Vec<_> = CertificateDer::pem_slice_iter(&certificate.text)
            .collect::<Result<_, _>>()
            .map_err(|error| Error::InvalidCertificate { file: certificate.file.clone(), reason: unreadable(&error) })?;
        if chain.is_empty() {
            return Err(Error::InvalidCertificate { reason: "there is none in it".to_owned(), file: certificate.file });
        }
        let secret = PrivateKeyDer::from_pem_slice(&key.text)
            .map_err(|error| Error::InvalidKey { file: key.file.clone(), reason: unreadable(&error) })?;
        let pem = String::from_utf8_lossy(&certificate.text).into_owned();
        let config = config(chain, secret).map_err(|error| match error {
            rustls::Error::InconsistentKeys(_) => {
                Error::InvalidKey { file: key.file, reason: format!("it is not the key of `{}`", certificate.file) }
            }
            rustls::Error::InvalidCertificate(_) => Error::InvalidCertificate { file: certificate.file, reason: error.to_string() },
            other => Error::InvalidKey { file: key.file, reason: other.to_string() },
        })?;
        Ok(Prepared { config, certificate: Certificate { pem, trust: None } })
    }
}

impl Pem {
    fn read(path: &Path) -> Result<Self, Error> {
        let text = fs::read(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
        Ok(Self { file: path.display().to_string(), text })
    }
}

impl SelfSigned {
    fn prepare(self, addresses: &[IpAddr]) -> Result<Prepared, Error> {
        let failed = |reason: String| Error::NoCertificate { reason };
        let is_name = |name: &str| ServerName::try_from(name.strip_prefix("*.").unwrap_or(name)).is_ok();
        if let Some(name) = self.names.iter().find(|name| !is_name(name)) {
            return Err(failed(format!("`{name}` is neither a name nor an address")));
        }
        let (made, key) = make(self.names, addresses).map_err(|error| failed(error.to_string()))?;
        let secret = PrivateKeyDer::Pkcs8(key.serialize_der().into());
        let config = config(vec![made.der().clone()], secret).map_err(|error| failed(error.to_string()))?;
        let pem = made.pem();
        let trust = match self.file {
            Some(path) => {
                fs::write(&path, &pem).map_err(|source| Error::Write { path: path.clone(), source })?;
                // Whoever copies the command may be in another folder.
                let path = std::path::absolute(&path).unwrap_or(path);
                format!("--cacert {}", call::quote(&path.display().to_string()))
            }
            None => "-k".to_owned(),
        };
        Ok(Prepared { config, certificate: Certificate { pem, trust: Some(trust) } })
    }
}

fn make(names: Vec<String>, addresses: &[IpAddr]) -> Result<(rcgen::Certificate, KeyPair), rcgen::Error> {
    let key = KeyPair::generate()?;
    let mut all = vec!["localhost".to_owned(), Ipv4Addr::LOCALHOST.to_string(), Ipv6Addr::LOCALHOST.to_string()];
    all.extend(addresses.iter().filter(|address| !address.is_unspecified()).map(ToString::to_string));
    all.extend(names);
    let mut seen = rustc_hash::FxHashSet::default();
    all.retain(|name| seen.insert(name.clone()));
    let mut wanted = CertificateParams::new(all)?;
    wanted.distinguished_name = DistinguishedName::new();
    wanted.distinguished_name.push(DnType::CommonName, "mock-server");
    wanted.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let now = clock::now();
    // Clocks differ a little from machine to machine.
    let small = |number: u32| u8::try_from(number).unwrap_or(1);
    let day = |moment: DateTime<Utc>| date_time_ymd(moment.year(), small(moment.month()), small(moment.day()));
    wanted.not_before = day(now.checked_sub_days(Days::new(1)).unwrap_or(now));
    wanted.not_after = day(now.checked_add_days(Days::new(LIFETIME)).unwrap_or(now));
    Ok((wanted.self_signed(&key)?, key))
}

/// The settings of both listeners. The provider of cryptography is named, so that another one in the same program is
/// no reason to panic.
fn config(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> Result<ServerConfig, rustls::Error> {
    let builder = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()));
    let mut config = builder.with_safe_default_protocol_versions()?.with_no_client_auth().with_single_cert(chain, key)?;
    config.alpn_protocols = PROTOCOLS.map(<[u8]>::to_vec).to_vec();
    Ok(config)
}

fn unreadable(error: &pem::Error) -> String {
    match error {
        pem::Error::NoItemsFound => "there is none in it".to_owned(),
        other => other.to_string(),
    }
}
