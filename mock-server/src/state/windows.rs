//! How many requests came in the windows of limits, by who sent them.
//!
//! Bounded by the number of senders: when there are too many, those go whose windows are over, and then those that came
//! first. A client that makes up a new credential for each request costs no memory.

use indexmap::IndexMap;

/// Most senders whose requests are counted.
const MAX_KEYS: usize = 1_000;

/// How many requests a window allows, and when it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Requests.
    pub limit: u64,
    /// The length of the window in milliseconds; not zero.
    pub window: i64,
    /// Whether windows begin when the clock has counted whole ones; else with a request.
    pub by_clock: bool,
}

/// A limit that holds for a request.
#[derive(Clone, Copy, Debug)]
pub struct Holding<'k> {
    /// Its position among the limits of the document.
    pub limit: usize,
    /// What it allows.
    pub quota: Quota,
    /// Whose requests are counted together.
    pub key: &'k str,
}

/// A window that has begun.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// When it began, in Unix milliseconds.
    pub since: i64,
    /// Requests that came in it; with none, it has not begun.
    pub used: u64,
}

impl Window {
    /// The window of this moment: the one that is there, or a new one.
    #[must_use]
    pub fn at(self, now: i64, quota: &Quota) -> Self {
        let since = if quota.by_clock { now - now.rem_euclid(quota.window) } else { self.since };
        let goes_on = self.used > 0 && self.since == since && (since..since.saturating_add(quota.window)).contains(&now);
        if goes_on { self } else { Self { since: if quota.by_clock { since } else { now }, used: 0 } }
    }

    /// When it is over, in Unix milliseconds.
    #[must_use]
    pub fn ends(self, quota: &Quota) -> i64 {
        self.since.saturating_add(quota.window)
    }
}

/// What came of counting a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The windows of the limits that hold, the request included if it was counted.
    pub windows: Vec<Window>,
    /// Whether it was not, because one of them is full.
    pub is_over: bool,
}

/// The windows of all senders.
#[derive(Clone, Debug, Default)]
pub(super) struct Windows {
    /// By sender, those of each limit.
    known: IndexMap<Box<str>, Vec<Window>>,
}

impl Windows {
    /// Counts a request by each limit that holds. When `enforced` and one of them is full, it is counted by none.
    pub(super) fn count(&mut self, holding: &[Holding<'_>], now: i64, enforced: bool) -> Counted {
        let mut windows: Vec<Window> = holding.iter().map(|one| self.get(one.key, one.limit).at(now, &one.quota)).collect();
        let is_over = enforced && holding.iter().zip(&windows).any(|(one, window)| window.used >= one.quota.limit);
        if is_over {
            return Counted { windows, is_over };
        }
        for (one, window) in holding.iter().zip(&mut windows) {
            window.used += 1;
            self.put(one.key, one.limit, *window);
        }
        Counted { windows, is_over }
    }

    pub(super) fn put(&mut self, key: &str, limit: usize, window: Window) {
        if !self.known.contains_key(key) {
            self.make_room(window.since);
            self.known.insert(key.into(), Vec::new());
        }
        let Some(windows) = self.known.get_mut(key) else { return };
        if windows.len() <= limit {
            windows.resize(limit + 1, Window::default());
        }
        if let Some(place) = windows.get_mut(limit) {
            *place = window;
        }
    }

    /// All that have begun: sender, position of the limit, window.
    pub(super) fn all(&self) -> impl Iterator<Item = (&str, usize, Window)> {
        let each = self.known.iter().flat_map(|(key, windows)| windows.iter().enumerate().map(|(limit, window)| (&**key, limit, *window)));
        each.filter(|(.., window)| window.used > 0)
    }

    fn get(&self, key: &str, limit: usize) -> Window {
        self.known.get(key).and_then(|windows| windows.get(limit)).copied().unwrap_or_default()
    }

    /// Those that came last stay: half of them, so that it does not happen often.
    fn make_room(&mut self, now: i64) {
        if self.known.len() < MAX_KEYS {
            return;
        }
        let old = now.saturating_sub(86_400_000);
        self.known.retain(|_, windows| windows.iter().any(|window| window.since >= old));
        if self.known.len() >= MAX_KEYS {
            self.known.drain(..MAX_KEYS / 2);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quota(by_clock: bool) -> Quota {
        Quota { limit: 2, window: 10_000, by_clock }
    }

    fn check(by_clock: bool, enforced: bool, moments: &[(i64, u64)]) {
        let mut windows = Windows::default();
        for (now, used) in moments {
            let counted = windows.count(&[Holding { limit: 0, quota: quota(by_clock), key: "a" }], *now, enforced);
            assert_eq!(counted.windows[0].used, *used, "at {now}");
        }
    }

    #[test]
    fn a_window_begins_by_the_clock_or_with_a_request() {
        check(true, false, &[(9_000, 1), (9_999, 2), (10_000, 1), (19_999, 2)]);
        check(false, false, &[(9_000, 1), (18_999, 2), (19_000, 1)]);
    }

    #[test]
    fn a_full_window_counts_on_unless_it_is_enforced() {
        check(false, false, &[(0, 1), (1, 2), (2, 3), (10_000, 1)]);
        check(false, true, &[(0, 1), (1, 2), (2, 2), (9_999, 2), (10_000, 1)]);
    }

    #[test]
    fn a_clock_that_is_set_back_or_shows_a_time_before_1970_begins_new_windows() {
        check(false, false, &[(50_000, 1), (40_000, 1), (-40_000, 1), (-35_000, 2)]);
        check(true, false, &[(50_000, 1), (40_000, 1), (-1, 1), (-10_000, 2), (-10_001, 1)]);
    }

    #[test]
    fn whoever_is_refused_by_one_limit_is_counted_by_none() {
        let mut windows = Windows::default();
        let wide = Quota { limit: 9, ..quota(false) };
        let holding = [Holding { limit: 0, quota: quota(false), key: "a" }, Holding { limit: 1, quota: wide, key: "a" }];
        for expected in [1, 2, 2, 2] {
            let counted = windows.count(&holding, 0, true);
            assert_eq!((counted.windows[0].used, counted.windows[1].used), (expected, expected));
        }
    }

    #[test]
    fn senders_are_bounded_and_the_newest_stay() {
        let mut windows = Windows::default();
        for number in 0..5_000 {
            let key = number.to_string();
            windows.count(&[Holding { limit: 0, quota: quota(false), key: &key }], number, false);
        }
        assert!(windows.known.len() <= MAX_KEYS);
        assert!(windows.known.contains_key("4999"));
    }
}
