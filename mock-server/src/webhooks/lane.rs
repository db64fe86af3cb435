//! Tasks that work deliveries off: one for each lane that has something in it, and one for each that has its own time.

use std::{collections::hash_map::Entry, sync::Arc};

use chrono::TimeDelta;
use tokio::sync::watch;

use super::{Outcome, Post, client};
use crate::clock;

/// Puts a delivery behind those that are on their way to the same place.
pub(super) fn queue(post: &Arc<Post>, number: u64, stop: &watch::Sender<()>) {
    let lane = {
        let mut kept = post.kept.lock();
        let Some(lane) = kept.get(number).filter(|delivery| delivery.outcome == Outcome::Pending) else { return };
        let lane = lane.sending.lane().to_owned();
        match kept.lanes.entry(lane.clone()) {
            Entry::Occupied(mut waiting) => {
                waiting.get_mut().push_back(number);
                return;
            }
            Entry::Vacant(free) => drop(free.insert([number].into())),
        }
        lane
    };
    spawn(stop.subscribe(), work_off(post.clone(), lane, stop.subscribe()));
}

/// Runs until it is done or told to stop.
fn spawn(mut stop: watch::Receiver<()>, work: impl Future<Output = ()> + Send + 'static) {
    let task = async move {
        tokio::select! {
            // An error means that there is nobody any more who could say so.
            _ = stop.changed() => {}
            () = work => {}
        }
    };
    match tokio::runtime::Handle::try_current() {
        Ok(runtime) => drop(runtime.spawn(task)),
        Err(error) => tracing::warn!(%error, "nothing can be sent from outside of a runtime"),
    }
}

async fn work_off(post: Arc<Post>, lane: String, stop: watch::Receiver<()>) {
    loop {
        let next = {
            let mut kept = post.kept.lock();
            let next = kept.lanes.get_mut(&lane).and_then(std::collections::VecDeque::pop_front);
            if next.is_none() {
                kept.lanes.remove(&lane);
            }
            next.and_then(|number| kept.get(number).map(|delivery| (number, delivery.sending.late)))
        };
        match next {
            Some((number, Some(late))) => spawn(stop.clone(), belated(post.clone(), number, late, stop.clone())),
            Some((number, None)) => attempt(&post, number, &stop).await,
            None if post.kept.lock().lanes.contains_key(&lane) => {}
            None => return,
        }
    }
}

/// Makes the first attempt of what is late.
async fn belated(post: Arc<Post>, number: u64, seconds: f64, stop: watch::Receiver<()>) {
    let now = post.clock.read(clock::now());
    let seconds = if seconds.is_finite() { seconds.clamp(0.0, 1e9) } else { 0.0 };
    #[expect(clippy::cast_possible_truncation, reason = "it is at most 10^12")]
    let due = now + TimeDelta::milliseconds((seconds * 1_000.0) as i64);
    post.kept.lock().change(number, |delivery| delivery.next = Some(due));
    post.clock.reach(due).await;
    attempt(&post, number, &stop).await;
}

/// Makes an attempt, and sees to it that there is another one where it failed.
async fn attempt(post: &Arc<Post>, number: u64, stop: &watch::Receiver<()>) {
    let Some(delivery) = post.kept.lock().get(number).cloned() else { return };
    let (attempt, asked) = client::attempt(&post.client, &post.clock, &delivery).await;
    let pause = post.kept.lock().attempted(number, attempt, asked);
    post.changed.notify_waiters();
    if pause.is_some() {
        let due = post.kept.lock().get(number).and_then(|delivery| delivery.next);
        if let Some(due) = due {
            spawn(stop.clone(), repeated(post.clone(), number, due, stop.clone()));
        }
    }
}

// A future that contains itself has to be boxed somewhere; here it costs nothing that anybody would notice.
fn repeated(
    post: Arc<Post>,
    number: u64,
    due: chrono::DateTime<chrono::Utc>,
    stop: watch::Receiver<()>,
) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async move {
        post.clock.reach(due).await;
        attempt(&post, number, &stop).await;
    })
}
