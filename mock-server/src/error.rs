//! What keeps a mock from starting, each with the command or the edit that mends it.

use std::{io, net::SocketAddr, path::PathBuf};

use dropshot::BuildError;
use specs::Problem;

/// Why a mock did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A name was given that no document has.
    #[error("no document is named `{name}`")]
    UnknownDocument {
        /// The name.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
    /// Two documents were given under one name.
    #[error("two documents are named `{name}`")]
    DuplicateDocument {
        /// The name.
        name: String,
    },
    /// A document's name cannot be the first segment of a path.
    #[error("`{name}` cannot name a document")]
    InvalidName {
        /// The name.
        name: String,
    },
    /// An overlay could be for several documents.
    #[error("`{file}` could be an overlay of several documents")]
    UnplacedOverlay {
        /// The overlay.
        file: String,
        /// The names of the documents.
        known: Vec<String>,
    },
    /// Nothing was left to serve.
    #[error("there is no document to serve")]
    NoDocument,
    /// A document is so wrong that nothing can be made of it.
    #[error("`{file}` cannot be used")]
    InvalidDocument {
        /// The file, as it was named.
        file: String,
        /// What is wrong with it.
        problems: Vec<Problem>,
    },
    /// A file could not be read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file could not be written.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The rows given for the start are not in the shape of an exported state.
    #[error("the rows at start are not usable: {reason}")]
    InvalidRows {
        /// What is wrong.
        reason: String,
    },
    /// A sandbox cannot be had, or not be changed so.
    #[error("{reason}")]
    Sandbox {
        /// Why, and what mends it.
        reason: String,
    },
    /// A fault is not one.
    #[error("the fault is not understood: {reason}")]
    InvalidFault {
        /// What is wrong.
        reason: String,
        /// What would have passed.
        help: String,
    },
    /// A file of faults is not one.
    #[error("`{file}` is no file of faults")]
    InvalidFaults {
        /// The file, as it was named.
        file: String,
        /// What is wrong with it.
        problems: Vec<Problem>,
    },
    /// An answer that was chosen beforehand cannot be given.
    #[error("the answer cannot be given: {reason}")]
    InvalidAnswer {
        /// What is wrong.
        reason: String,
        /// What would have passed.
        help: String,
    },
    /// A certificate cannot be used.
    #[error("cannot use `{file}` as certificate: {reason}")]
    InvalidCertificate {
        /// The file, or what it is called when there is none.
        file: String,
        /// What is wrong.
        reason: String,
    },
    /// A certificate cannot be made.
    #[error("cannot make a certificate: {reason}")]
    NoCertificate {
        /// What was wrong.
        reason: String,
    },
    /// The key of a certificate cannot be used.
    #[error("cannot use `{file}` as private key: {reason}")]
    InvalidKey {
        /// The file, or what it is called when there is none.
        file: String,
        /// What is wrong.
        reason: String,
    },
    /// What should be allowed is no origin.
    #[error("`{origin}` is no origin of pages")]
    InvalidOrigin {
        /// What was given.
        origin: String,
    },
    /// The control token has letters that cannot be sent everywhere.
    #[error("the control token cannot be used")]
    InvalidToken,
    /// The system gave no random bytes for a control token.
    #[error("cannot make a control token: the system gave no random bytes")]
    NoRandomness,
    /// The address cannot be listened on.
    #[error("cannot listen on {address} for {listener}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Which of the two listeners.
        listener: Listener,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The server under the mock refused its configuration.
    #[error("cannot start the {listener} listener")]
    Server {
        /// Which of the two listeners.
        listener: Listener,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// One of the two listeners.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listener {
    /// The vendors' paths, and nothing of ours.
    Data,
    /// The control API and the page for people.
    Control,
}

impl Listener {
    /// The command line flag that moves it.
    fn flag(self) -> &'static str {
        match self {
            Self::Data => "--listen",
            Self::Control => "--control",
        }
    }
}

impl std::fmt::Display for Listener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Data => "data",
            Self::Control => "control",
        })
    }
}

impl Error {
    /// What mends it: a lower-case sentence without a period.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::UnknownDocument { known, .. } if known.is_empty() => "give a document with `--document file.yaml`".to_owned(),
            Self::UnknownDocument { known, .. } => {
                format!("the documents are {}; add one with `--document file.yaml`", list(known))
            }
            Self::DuplicateDocument { name } => format!("name one of them otherwise: `--document other_{name}=file.yaml`"),
            Self::InvalidName { .. } => "use letters, digits, `_` and `-`: `--document name=file.yaml`".to_owned(),
            Self::UnplacedOverlay { file, known } => {
                format!("say of which of {}: `--overlay NAME={file}`", list(known))
            }
            Self::NoDocument => "give a document with `--document file.yaml`".to_owned(),
            Self::InvalidDocument { .. } => "mend the document where the problems say, or leave it out with `--only`".to_owned(),
            Self::Read { source, .. } if source.kind() == io::ErrorKind::NotFound => {
                "check the path; it is taken from the folder where the command runs".to_owned()
            }
            Self::Read { .. } => "the file must be readable, and UTF-8 text".to_owned(),
            Self::Write { .. } => "give a path in a folder that exists and can be written to".to_owned(),
            Self::InvalidRows { .. } => "write them as `GET /state` shows them: `{\"provider\": {\"resource\": [{…row…}]}}`".to_owned(),
            Self::Sandbox { .. } => "the reason says what mends it".to_owned(),
            Self::InvalidFault { help, .. } | Self::InvalidAnswer { help, .. } => help.clone(),
            Self::InvalidFaults { .. } => {
                "write rules as `- {operation: create_note, status: 503, times: 2}`, one for each line".to_owned()
            }
            Self::InvalidCertificate { .. } => {
                "give a certificate as PEM, `-----BEGIN CERTIFICATE-----`, its chain behind it; or have one made with `--tls-self-signed`".to_owned()
            }
            Self::NoCertificate { .. } => "give names and addresses that a certificate can have, as `--tls-name mock.example`".to_owned(),
            Self::InvalidKey { .. } => {
                "give the certificate's own key as PEM, `-----BEGIN PRIVATE KEY-----`, without a password; or have both made with \
                 `--tls-self-signed`"
                    .to_owned()
            }
            Self::InvalidOrigin { .. } => {
                "write scheme, host and port, as `--cors http://localhost:5173`, or `http://localhost:*` for every port; `--cors off` says nothing of \
                 the matter"
                    .to_owned()
            }
            Self::InvalidToken => "use letters, digits, `-`, `.`, `_` and `~`, at least one".to_owned(),
            Self::NoRandomness => "choose one with `--control-token`".to_owned(),
            Self::Listen { address, listener, source } => listen_help(*address, *listener, source),
            Self::Server { .. } => "this should not happen; please report it".to_owned(),
        }
    }

    pub(crate) fn from_build(error: BuildError, listener: Listener) -> Self {
        match error {
            BuildError::BindError { address, error } => Self::Listen { address, listener, source: error },
            other => Self::Server { listener, source: Box::new(other) },
        }
    }
}

fn listen_help(address: SocketAddr, listener: Listener, source: &io::Error) -> String {
    let flag = listener.flag();
    let free = SocketAddr::new(address.ip(), 0);
    match source.kind() {
        io::ErrorKind::AddrInUse => {
            let next = SocketAddr::new(address.ip(), address.port().checked_add(10).unwrap_or(0));
            format!("another program has the port; choose one with `{flag} {next}`, or let the system choose with `{flag} {free}`")
        }
        io::ErrorKind::PermissionDenied => format!("ports below 1024 need privileges; choose another with `{flag} {free}`"),
        io::ErrorKind::AddrNotAvailable => {
            format!("this machine has no such address; `{flag} 127.0.0.1:{}` is the machine itself", address.port())
        }
        _ => format!("choose another address with `{flag} {free}`"),
    }
}

fn list(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
