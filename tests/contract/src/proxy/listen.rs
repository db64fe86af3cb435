//! The connections of clients, each served by itself.

use std::{convert::Infallible, io, net::SocketAddr, sync::Arc, time::Duration};

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::{net::TcpStream, task::JoinSet};

use super::journey::{self, Shared};

/// How long exchanges under way have to end, once the proxy is stopped.
const GRACE: Duration = Duration::from_secs(2);
/// How long to wait when no connection can be taken, as for lack of files.
const BREATH: Duration = Duration::from_millis(50);
/// How many headers a message may have.
pub(super) const HEADERS: usize = 512;

/// The connections that are open.
#[derive(Default)]
pub(super) struct Connections {
    tasks: JoinSet<()>,
    graceful: GracefulShutdown,
}

impl Connections {
    /// Serves who connected, if anybody did.
    pub(super) async fn accept(&mut self, accepted: io::Result<(TcpStream, SocketAddr)>, shared: &Arc<Shared>) {
        let Ok((stream, client)) = accepted else { return tokio::time::sleep(BREATH).await };
        // Small answers are not to wait for more.
        _ = stream.set_nodelay(true);
        let shared = Arc::clone(shared);
        let service = service_fn(move |request| {
            let shared = Arc::clone(&shared);
            async move { Ok::<_, Infallible>(journey::pass(shared, client.ip(), request).await) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .max_headers(HEADERS)
            .preserve_header_case(true)
            .auto_date_header(false)
            .serve_connection(TokioIo::new(stream), service);
        let watched = self.graceful.watch(connection);
        self.tasks.spawn(async move {
            // What fails on a connection is told by its exchange.
            _ = watched.await;
        });
    }

    /// Waits for a connection that is closed.
    pub(super) async fn reap(&mut self) {
        if self.tasks.join_next().await.is_none() {
            std::future::pending::<()>().await;
        }
    }

    /// Takes no more requests, and ends.
    pub(super) async fn end(self) {
        _ = tokio::time::timeout(GRACE, self.graceful.shutdown()).await;
        drop(self.tasks);
    }
}
