//! Bodies that come slowly or not whole, and connections that end without an answer.

use std::{
    collections::VecDeque,
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use dropshot::Body;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::inject::Drip;

/// Most pieces of a body.
const PIECES: usize = 10_000;
/// How long what was sent has to leave before the connection is cut.
const FLUSH: Duration = Duration::from_millis(20);
/// How many pieces a body comes in that is only given a time.
const USUAL: usize = 20;

/// A body that is promised whole.
pub(super) struct Trickle {
    pieces: VecDeque<Bytes>,
    /// Bytes that are promised and not sent.
    promised: u64,
    pause: Duration,
    /// Until when nothing comes.
    rest: Option<Pin<Box<Sleep>>>,
    /// Whether what was sent is given time to leave before the connection ends.
    is_flushed: bool,
}

impl Trickle {
    /// The body, of which only `arrives` bytes do, as slowly as `drip` says.
    pub(super) fn body(body: &Bytes, arrives: Option<usize>, drip: Option<Drip>) -> Body {
        let sent = body.slice(..arrives.unwrap_or(body.len()).min(body.len()));
        let (size, pause) = match drip {
            None => (sent.len(), Duration::ZERO),
            Some(Drip::Pieces(size, pause)) => (size.max(sent.len() / PIECES), pause),
            Some(Drip::Within(time)) => {
                let size = sent.len().div_ceil(USUAL).max(1);
                (size, time / u32::try_from(sent.len().div_ceil(size).max(1)).unwrap_or(u32::MAX))
            }
        };
        let starts = (0..sent.len()).step_by(size.max(1));
        let pieces = starts.map(|start| sent.slice(start..(start + size).min(sent.len()))).collect();
        Body::wrap(Self { pieces, promised: body.len() as u64, pause, rest: None, is_flushed: false })
    }

    /// A body that breaks off before its first byte, and the head of the response with it.
    fn broken() -> Body {
        Body::wrap(Self { pieces: VecDeque::new(), promised: 1, pause: Duration::ZERO, rest: None, is_flushed: true })
    }

    /// Waits for the end of a pause.
    fn rests(&mut self, context: &mut Context<'_>) -> bool {
        let is_over = self.rest.as_mut().is_none_or(|rest| rest.as_mut().poll(context).is_ready());
        if is_over {
            self.rest = None;
        }
        !is_over
    }
}

impl HttpBody for Trickle {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let this = self.get_mut();
        if this.rests(context) {
            return Poll::Pending;
        }
        if let Some(piece) = this.pieces.pop_front() {
            this.promised = this.promised.saturating_sub(piece.len() as u64);
            if !this.pause.is_zero() && !this.pieces.is_empty() {
                this.rest = Some(Box::pin(sleep_until(Instant::now() + this.pause)));
            }
            return Poll::Ready(Some(Ok(Frame::data(piece))));
        }
        if this.promised == 0 {
            return Poll::Ready(None);
        }
        if !this.is_flushed {
            // The server sends what it has when the body has nothing for it. Over HTTP/2 another task does that, and the end
            // of a stream overtakes what still waits for it.
            this.is_flushed = true;
            this.rest = Some(Box::pin(sleep_until(Instant::now() + FLUSH)));
            if this.rests(context) {
                return Poll::Pending;
            }
        }
        Poll::Ready(Some(Err(io::Error::new(io::ErrorKind::ConnectionAborted, "the connection is cut, as a fault wants it"))))
    }

    fn is_end_stream(&self) -> bool {
        self.promised == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.promised)
    }
}

/// Ends the connection, or the stream of an HTTP/2 connection, without an answer.
///
/// dropshot gives no way to the socket, and whatever a handler returns becomes an answer. But the handler runs in the task of
/// the connection: when that unwinds, its socket is closed. Unwinding by hand calls no panic hook, and the task stops
/// it. A program that aborts instead cuts the body before its first byte, which drops the head too, for all methods but
/// HEAD over HTTP/1.
pub(super) fn cut() -> http::Response<Body> {
    if cfg!(panic = "unwind") {
        std::panic::resume_unwind(Box::new("the connection is cut, as a fault wants it"));
    }
    http::Response::new(Trickle::broken())
}
