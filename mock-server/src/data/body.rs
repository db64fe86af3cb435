//! Reads a request's body, up to a limit.

use bytes::{Bytes, BytesMut};
use dropshot::Body;
use http::{HeaderMap, header};
use http_body_util::BodyExt;
use hyper::body::Body as _;

/// How many times the limit is read and thrown away before an answer, for clients that send all before they listen.
const PATIENCE: usize = 8;

/// A body, or the fact that it was too large.
pub(super) struct Received {
    pub(super) bytes: Bytes,
    pub(super) oversized: bool,
}

/// Reads the whole body, unless it is longer than `limit`.
///
/// # Errors
/// When the client stops sending, or sends no HTTP.
pub(super) async fn read(mut body: Body, headers: &HeaderMap, limit: usize) -> Result<Received, String> {
    if body.is_end_stream() {
        return Ok(Received { bytes: Bytes::new(), oversized: false });
    }
    if body.size_hint().lower() > limit as u64 && headers.contains_key(header::EXPECT) {
        return Ok(Received { bytes: Bytes::new(), oversized: true });
    }
    let Some(first) = next(&mut body).await? else { return Ok(Received { bytes: Bytes::new(), oversized: false }) };
    if first.len() <= limit && body.is_end_stream() {
        return Ok(Received { bytes: first, oversized: false });
    }
    let mut all = BytesMut::from(first);
    while all.len() <= limit {
        match next(&mut body).await? {
            Some(more) => all.extend_from_slice(&more),
            None => return Ok(Received { bytes: all.freeze(), oversized: false }),
        }
    }
    drain(&mut body, all.len(), limit.saturating_mul(PATIENCE)).await;
    Ok(Received { bytes: Bytes::new(), oversized: true })
}

async fn next(body: &mut Body) -> Result<Option<Bytes>, String> {
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame.map_err(|error| error.to_string())?.into_data() {
            return Ok(Some(data));
        }
    }
    Ok(None)
}

/// An answer before the end of the body would close the connection under a client that is still sending, which
/// would then report a broken pipe and never read the answer.
async fn drain(body: &mut Body, mut read: usize, most: usize) {
    while read <= most {
        let Ok(Some(more)) = next(body).await else { return };
        read += more.len();
    }
}
