//! A body on its way through. Every frame is passed on as it comes, and a copy is kept of as much as may be looked at,
//! so that neither side waits for the other longer than it would without anybody between them.

use std::{
    collections::VecDeque,
    future::poll_fn,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use parking_lot::Mutex;
use tokio::sync::oneshot;

/// What is kept of a body.
pub(super) struct Kept {
    most: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    bytes: Vec<u8>,
    length: u64,
    end: Option<End>,
}

/// How a body ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// As it should.
    Whole,
    /// Whoever sent it broke off.
    Broken(String),
    /// Whoever it was for no longer wanted it.
    Unwanted,
}

/// What was kept of a body until now.
#[derive(Clone, Debug)]
pub(super) struct Copied {
    /// The bytes, or the first of them where there were too many.
    pub(super) bytes: Bytes,
    /// How many there were.
    pub(super) length: u64,
    /// Its end; `None` while it is on its way.
    pub(super) end: Option<End>,
}

impl Kept {
    /// Keeps a body of at most so many bytes, and of a longer one as much.
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { most, state: Mutex::default() })
    }

    /// What was kept until now.
    pub(super) fn copied(&self) -> Copied {
        let state = self.state.lock();
        Copied { bytes: Bytes::copy_from_slice(&state.bytes), length: state.length, end: state.end.clone() }
    }

    /// Whether the body came to its end.
    pub(super) fn is_whole(&self) -> bool {
        self.state.lock().end == Some(End::Whole)
    }

    fn push(&self, data: &[u8]) {
        let mut state = self.state.lock();
        let room = self.most - state.bytes.len();
        state.bytes.extend_from_slice(&data[..data.len().min(room)]);
        state.length += data.len() as u64;
    }

    fn is_over(&self) -> bool {
        self.state.lock().length > self.most as u64
    }

    /// Notes the end, unless there was one before.
    fn end(&self, end: End) {
        self.state.lock().end.get_or_insert(end);
    }
}

/// A body on its way.
pub(super) struct Passing<B: Body> {
    /// What was read ahead.
    ahead: VecDeque<Frame<Bytes>>,
    rest: B,
    broken: Option<Break<B::Error>>,
    kept: Arc<Kept>,
    /// Tells by its end that nobody reads on.
    _gone: oneshot::Sender<()>,
}

/// An end that comes too early. It is told a moment after what came before it, which would else not be sent at all.
enum Break<E> {
    New(E),
    Due(E),
}

/// Waits until a body is read to its end, or no longer wanted.
pub(super) struct Gone(oneshot::Receiver<()>);

impl Gone {
    pub(super) async fn wait(self) {
        _ = self.0.await;
    }
}

impl<B: Body<Data = Bytes, Error: ToString> + Unpin> Passing<B> {
    /// Passes a body on.
    pub(super) fn new(rest: B, kept: Arc<Kept>) -> (Self, Gone) {
        let (sender, receiver) = oneshot::channel();
        if rest.is_end_stream() {
            kept.end(End::Whole);
        }
        (Self { ahead: VecDeque::new(), rest, broken: None, kept, _gone: sender }, Gone(receiver))
    }

    /// Reads ahead: to the end, or as far as it is kept, or for this long.
    pub(super) async fn hold(&mut self, longest: Duration) {
        let mut late = pin!(tokio::time::sleep(longest));
        while !self.kept.is_whole() && !self.kept.is_over() {
            let frame = tokio::select! {
                frame = poll_fn(|context| self.read(context)) => frame,
                () = &mut late => return,
            };
            match frame {
                Some(Ok(frame)) => self.ahead.push_back(frame),
                Some(Err(error)) => return self.broken = Some(Break::New(error)),
                None => return,
            }
        }
    }

    fn put_off(&mut self, error: B::Error, context: &Context<'_>) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        self.broken = Some(Break::Due(error));
        context.waker().wake_by_ref();
        Poll::Pending
    }

    fn read(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let read = ready!(Pin::new(&mut self.rest).poll_frame(context));
        match &read {
            Some(Ok(frame)) => {
                self.kept.push(frame.data_ref().map(Bytes::as_ref).unwrap_or_default());
                if self.rest.is_end_stream() {
                    self.kept.end(End::Whole);
                }
            }
            Some(Err(error)) => self.kept.end(End::Broken(error.to_string())),
            None => self.kept.end(End::Whole),
        }
        Poll::Ready(read)
    }
}

impl<B: Body<Data = Bytes, Error: ToString + Unpin> + Unpin> Body for Passing<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        if let Some(frame) = self.ahead.pop_front() {
            return Poll::Ready(Some(Ok(frame)));
        }
        match self.broken.take() {
            Some(Break::Due(error)) => return Poll::Ready(Some(Err(error))),
            Some(Break::New(error)) => return self.put_off(error, context),
            None => {}
        }
        match ready!(self.read(context)) {
            Some(Err(error)) => self.put_off(error, context),
            read => Poll::Ready(read),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.ahead.is_empty() && self.broken.is_none() && self.rest.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let ahead: u64 = self.ahead.iter().filter_map(Frame::data_ref).map(|data| data.len() as u64).sum();
        let rest = self.rest.size_hint();
        let mut hint = SizeHint::new();
        hint.set_lower(rest.lower() + ahead);
        if let Some(upper) = rest.upper() {
            hint.set_upper(upper + ahead);
        }
        hint
    }
}

impl<B: Body> Drop for Passing<B> {
    fn drop(&mut self) {
        self.kept.end(if self.rest.is_end_stream() { End::Whole } else { End::Unwanted });
    }
}
