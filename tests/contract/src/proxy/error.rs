//! Why a proxy cannot start, or go on.

use std::{io, net::SocketAddr, path::PathBuf};

/// Why a proxy cannot start, or go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The target is no base URL.
    #[error("`{url}` cannot be a target: {reason}")]
    Target {
        /// What was given, without its credentials.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Nothing can be trusted, so nothing can be sent encrypted.
    #[error("the certificates of this machine cannot be read")]
    Certificates(#[source] io::Error),
    /// The port is taken, or not allowed.
    #[error("failed to listen on `{address}`")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file of exchanges cannot be written.
    #[error("failed to write `{}`", path.display())]
    Har {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Whoever reads what is told is gone.
    #[error("failed to write")]
    Write(#[from] io::Error),
}

impl Error {
    /// What mends it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::Target { .. } => "give the base URL that stands for the documented one, as `--target https://api.example.com/v1`",
            Self::Certificates(_) => "install the certificates of authorities, as in the package `ca-certificates`",
            Self::Listen { .. } => "choose another port, or `--port 0` for any that is free",
            Self::Har { .. } => "give a file in a folder that you may write to",
            Self::Write(_) => "keep open what the output goes to",
        }
    }
}
