//! The end: SIGTERM or Ctrl-C drains and ends well, a second one ends at once.

use std::io;

use mock_server::MockServer;

use super::failure::Failure;

/// Waits for a signal.
pub(crate) struct Stop {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl Stop {
    /// Begins to listen; a signal that comes before [`Stop::drain`] is not lost.
    pub(crate) fn listen() -> Result<Self, Failure> {
        Self::new().map_err(|error| Failure::new("cannot listen for signals", &error, "this should not happen; please report it"))
    }

    /// Lets the mock run until a signal comes, then lets requests under way finish, unless another signal comes.
    pub(crate) async fn drain(mut self, server: MockServer) {
        self.signal().await;
        tokio::select! {
            () = server.close() => {}
            () = self.signal() => {}
        }
    }

    #[cfg(unix)]
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    #[cfg(unix)]
    async fn signal(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    #[cfg(not(unix))]
    #[expect(clippy::unnecessary_wraps, reason = "it can fail on Unix")]
    fn new() -> io::Result<Self> {
        Ok(Self {})
    }

    #[cfg(not(unix))]
    async fn signal(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}
