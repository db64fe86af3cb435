//! The flags that say how the mock is reached.

use std::{
    net::{Ipv4Addr, SocketAddr, ToSocketAddrs},
    path::PathBuf,
};

use clap::Args;
use mock_server::{Builder, Cors, Error, Tls};

use super::failure::Failure;

#[derive(Args, Debug)]
pub(crate) struct Transport {
    /// Where the vendors' paths are; port 0 lets the system choose
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080", value_parser = address)]
    listen: SocketAddr,

    /// Where the control API and the page for people are; port 0 lets the system choose
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8081", value_parser = address)]
    control: SocketAddr,

    /// Leave the control API and the page out
    #[arg(long)]
    no_control: bool,

    /// What the control API wants as `Authorization: Bearer TOKEN`; made at start when `--control` is not on this machine alone
    #[arg(long, value_name = "TOKEN", env = "MOCK_CONTROL_TOKEN", hide_env_values = true)]
    control_token: Option<String>,

    /// Pages of these origins may use the mock [with commas, or repeated]; `off` says nothing of it. Without it, all may use the vendors'
    /// paths, and those of this machine the control API
    #[arg(long, value_name = "ORIGIN|off", value_delimiter = ',')]
    cors: Vec<String>,

    /// Speak HTTPS with this certificate, PEM, its chain behind it
    #[arg(long, value_name = "FILE", requires = "tls_key", conflicts_with = "tls_self_signed")]
    tls_cert: Option<PathBuf>,

    /// The private key of the certificate, PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,

    /// Speak HTTPS with a certificate that is made at start
    #[arg(long)]
    tls_self_signed: bool,

    /// Write the certificate that is made at start to this file, for clients to trust: `curl --cacert FILE`
    #[arg(long, value_name = "FILE", requires = "tls_self_signed")]
    tls_cert_out: Option<PathBuf>,

    /// A name or address that the certificate made at start is for, beside those of this machine [repeatable]
    #[arg(long, value_name = "NAME", requires = "tls_self_signed")]
    tls_name: Vec<String>,
}

impl Transport {
    /// Adds what the flags say.
    pub(crate) fn apply(&self, builder: Builder) -> Result<Builder, Failure> {
        let mut builder = builder.listen(self.listen).control(self.control).cors(self.cors()?);
        if self.no_control {
            builder = builder.without_control();
        }
        // A variable that is there and empty says as much as none.
        if let Some(token) = self.control_token.as_ref().filter(|token| !token.is_empty()) {
            builder = builder.control_token(token);
        }
        if let Some(tls) = self.tls()? {
            builder = builder.tls(tls);
        }
        Ok(builder)
    }

    /// Whether the token was chosen by someone, who so knows it.
    pub(crate) fn gives_token(&self) -> bool {
        self.control_token.as_ref().is_some_and(|token| !token.is_empty())
    }

    /// How clients come to trust a certificate that was made at start.
    pub(crate) fn trust(&self) -> Option<String> {
        self.tls_self_signed.then(|| match &self.tls_cert_out {
            Some(file) => {
                format!("{}  (the certificate that was made at start: `curl --cacert FILE`, `NODE_EXTRA_CA_CERTS=FILE`)", file.display())
            }
            None => "the certificate was made at start: `curl -k`, or write it with `--tls-cert-out cert.pem` for `curl --cacert cert.pem`"
                .to_owned(),
        })
    }

    fn cors(&self) -> Result<Cors, Error> {
        let origins: Vec<_> = self.cors.iter().map(|origin| origin.trim()).collect();
        match origins.as_slice() {
            [] | ["*"] => Ok(Cors::Any),
            ["off"] => Ok(Cors::Off),
            listed => Cors::only(listed),
        }
    }

    fn tls(&self) -> Result<Option<Tls>, Error> {
        if let (Some(certificate), Some(key)) = (&self.tls_cert, &self.tls_key) {
            return Tls::files(certificate, key).map(Some);
        }
        Ok(self.tls_self_signed.then(|| {
            let named = self.tls_name.iter().fold(Tls::self_signed(), Tls::name);
            match &self.tls_cert_out {
                Some(file) => named.write_to(file),
                None => named,
            }
        }))
    }
}

/// An address, a port on this machine, or a name with a port.
fn address(text: &str) -> Result<SocketAddr, String> {
    if let Ok(port) = text.trim_start_matches(':').parse::<u16>() {
        return Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    }
    let expected = || "expected an address with a port, as `127.0.0.1:8080`, or a port alone".to_owned();
    text.to_socket_addrs().map_err(|_| expected())?.next().ok_or_else(expected)
}
