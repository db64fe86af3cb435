//! What the two bare servers share: their command line, and how they say that they are ready.
//!
//! `cargo bench` starts them without arguments; they have nothing to measure by themselves and end at once.

use std::{fs, net::SocketAddr, path::PathBuf};

use bytes::Bytes;

/// What a bare server answers, and where it tells its address.
pub(crate) struct Bare {
    /// The body for a GET.
    pub(crate) get: Bytes,
    /// The body for a POST, once its own body was parsed as JSON.
    pub(crate) post: Bytes,
    ready_file: PathBuf,
}

impl Bare {
    /// `--ready-file <file> --get-bytes <n> --post-bytes <n>`; nothing when the arguments are others.
    pub(crate) fn from_arguments() -> Option<Self> {
        let arguments = std::env::args().skip(1).collect::<Vec<_>>();
        let value = |flag: &str| arguments.windows(2).find(|pair| pair[0] == flag).map(|pair| pair[1].clone());
        Some(Self {
            get: body_of(value("--get-bytes")?.parse().ok()?),
            post: body_of(value("--post-bytes")?.parse().ok()?),
            ready_file: value("--ready-file")?.into(),
        })
    }

    /// Tells the address by a file that is whole as soon as it is there.
    pub(crate) fn ready(&self, address: SocketAddr) -> std::io::Result<()> {
        let unfinished = self.ready_file.with_extension("unfinished");
        fs::write(&unfinished, format!("{{\"url\":\"http://{address}\"}}\n"))?;
        fs::rename(unfinished, &self.ready_file)
    }
}

/// A JSON document of this many bytes.
fn body_of(bytes: usize) -> Bytes {
    format!("{{\"text\":\"{}\"}}", "n".repeat(bytes.saturating_sub(11))).into()
}
