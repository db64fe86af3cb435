//! How a mock is reached: on which addresses, over what, and by whom.

use std::net::{Ipv4Addr, SocketAddr};

use rustls::ServerConfig;

use crate::{
    Error, Tls,
    control::{Door, Token},
    origins::Cors,
    tls::{Certificate, Prepared},
};

/// What was asked for.
#[derive(Clone, Debug)]
pub(crate) struct Transport {
    pub(crate) listen: SocketAddr,
    pub(crate) control: Option<SocketAddr>,
    pub(crate) token: Option<Token>,
    pub(crate) cors: Cors,
    pub(crate) tls: Option<Tls>,
}

/// What the listeners are made of.
pub(crate) struct Sockets {
    pub(crate) data: SocketAddr,
    /// Where the control API is, and who is let in.
    pub(crate) control: Option<(SocketAddr, Door)>,
    pub(crate) tls: Option<ServerConfig>,
}

impl Default for Transport {
    /// Ports of this machine that the system chooses.
    fn default() -> Self {
        let local = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self { listen: local, control: Some(local), token: None, cors: Cors::Any, tls: None }
    }
}

impl Transport {
    /// Reads what was given and makes what was not: a certificate, and a token where others than this machine could
    /// use the control API.
    pub(crate) fn prepare(self) -> Result<(Sockets, Option<Certificate>), Error> {
        let Self { listen, control, token, cors, tls } = self;
        let given = token.map(Token::checked).transpose()?;
        let is_exposed = |address: SocketAddr| !address.ip().to_canonical().is_loopback();
        let control = match (control, given) {
            (Some(address), None) if is_exposed(address) => Some((address, Some(Token::random()?))),
            (address, given) => address.map(|address| (address, given)),
        };
        let control = control.map(|(address, token)| (address, Door { token, cors }));
        let addresses: Vec<_> = [Some(listen), control.as_ref().map(|(address, _)| *address)].into_iter().flatten().collect();
        let addresses: Vec<_> = addresses.into_iter().map(|address| address.ip()).collect();
        let (tls, certificate) = match tls.map(|tls| tls.prepare(&addresses)).transpose()? {
            Some(Prepared { config, certificate }) => (Some(config), Some(certificate)),
            None => (None, None),
        };
        Ok((Sockets { data: listen, control, tls }, certificate))
    }
}
