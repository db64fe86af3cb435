//! Who goes when there are too many, and who stays.

use super::*;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

fn sandboxes(count: usize, memory: usize) -> Sandboxes {
    Sandboxes::new(0, Settings::default(), Bounds { count, memory, idle: Some(Duration::from_mins(1)) })
}

fn gone(sandboxes: &Sandboxes) -> Vec<(String, Reason)> {
    sandboxes.evicted().into_iter().map(|evicted| (evicted.name.into(), evicted.reason)).collect()
}

#[test]
fn the_one_that_is_idle_longest_makes_room() {
    let sandboxes = sandboxes(2, usize::MAX);
    for (second, name) in [(0, "a"), (1, "b"), (2, "a"), (3, "c")] {
        sandboxes.open(name, at(second)).unwrap();
    }
    assert_eq!(sandboxes.names(), ["default", "a", "c"]);
    assert_eq!(gone(&sandboxes), [("b".to_owned(), Reason::Count)]);
}

#[test]
fn whoever_is_held_stays_and_when_all_are_held_there_is_no_room() {
    let sandboxes = sandboxes(2, usize::MAX);
    let held = sandboxes.open("a", at(0)).unwrap();
    sandboxes.open("b", at(1)).unwrap();
    let also = sandboxes.open("c", at(2)).unwrap();
    assert_eq!(gone(&sandboxes), [("b".to_owned(), Reason::Count)]);
    assert_eq!(sandboxes.open("d", at(3)).err(), Some(Refused::Count));
    drop((held, also));
    sandboxes.open("d", at(4)).unwrap();
    assert_eq!(sandboxes.names(), ["default", "c", "d"]);
}

#[test]
fn what_nobody_uses_expires_without_new_ones() {
    let sandboxes = sandboxes(9, usize::MAX);
    for (second, name) in [(0, "a"), (10, "b"), (50, "a")] {
        sandboxes.open(name, at(second)).unwrap();
    }
    sandboxes.expire(at(69));
    assert_eq!(sandboxes.names(), ["default", "a", "b"]);
    sandboxes.expire(at(70));
    assert_eq!(sandboxes.names(), ["default", "a"]);
    let held = sandboxes.find("a");
    sandboxes.expire(at(110));
    assert_eq!(sandboxes.names(), ["default", "a"]);
    drop(held);
    sandboxes.expire(at(112));
    assert_eq!(gone(&sandboxes), [("b".to_owned(), Reason::Idle), ("a".to_owned(), Reason::Idle)]);
}

#[test]
fn an_expired_sandbox_that_is_used_again_is_a_new_one_that_says_so() {
    let sandboxes = sandboxes(9, usize::MAX);
    sandboxes.open("a", at(0)).unwrap().set_seed(7);
    let new = sandboxes.open("a", at(60)).unwrap();
    assert_eq!(new.seed(), 0);
    let news = new.news().unwrap();
    assert!(news.contains("1970-01-01T00:01:00Z") && news.contains("--sandbox-idle"), "{news}");
    assert_eq!(new.news(), None);
}

#[test]
fn memory_is_given_back_and_bounds_the_number() {
    let one = sandboxes(9, usize::MAX);
    let empty = one.bytes();
    one.open("a", at(0)).unwrap();
    let each = one.bytes() - empty;
    assert!(each > 0);
    assert!(one.forget("a"));
    assert_eq!(one.bytes(), empty);
    let tight = sandboxes(9, empty + 2 * each);
    for (second, name) in [(0, "a"), (1, "b"), (2, "c"), (3, "d")] {
        tight.open(name, at(second)).unwrap();
    }
    assert_eq!(gone(&tight), [("a".to_owned(), Reason::Memory)]);
    tight.relieve(|| at(4));
    assert_eq!(tight.names(), ["default", "c", "d"]);
    let none = sandboxes(9, 1);
    assert_eq!(none.open("a", at(0)).err(), Some(Refused::Memory));
}

#[test]
fn names_are_checked_before_anything_is_made() {
    let sandboxes = sandboxes(2, usize::MAX);
    for name in ["", "a b", "a/b", "ä", &"x".repeat(65)] {
        assert_eq!(sandboxes.open(name, at(0)).err(), Some(Refused::Name), "{name}");
    }
    assert_eq!(sandboxes.names(), ["default"]);
}

#[test]
fn a_fork_takes_no_name_that_is_taken() {
    let sandboxes = sandboxes(9, usize::MAX);
    let from = sandboxes.open("a", at(0)).unwrap();
    from.set_seed(7);
    assert_eq!(sandboxes.fork(&from, "a", at(0)).err(), Some(Refused::Taken));
    assert_eq!(sandboxes.fork(&from, DEFAULT_SANDBOX, at(0)).err(), Some(Refused::Taken));
    assert_eq!(sandboxes.fork(&from, "b", at(0)).unwrap().seed(), 7);
}
