//! A million rows under one parent: what a row costs in memory, and whether creating, reading and paging care.
//!
//! Prints a table; the marks are below a millisecond for each request, and at most a kibibyte for a row beyond the text
//! that was sent.

#[path = "journeys/requests.rs"]
mod requests;

use std::time::{Duration, Instant};

use mock_server::{
    engine::{Conditions, Engine, EngineOptions, Request},
    state::World,
};
use requests::request;
use serde_json::Value;
use specs::{Source, resources::Action};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROWS: u32 = 1_000_000;
const SAMPLES: u32 = 2_000;

fn main() {
    let folder = std::path::Path::new(specs::DIR);
    println!("{:<12} {:>12} {:>12} {:>12} {:>12}", "document", "bytes a row", "create µs", "read µs", "page µs");
    for path in specs::documents(folder).expect("the folder of the documents can be read") {
        let source = Source::read(&path).expect("a document is text");
        let Some(api) = specs::load(&source).api else { continue };
        let (Some(create), Some(list)) = (request(&api, Action::Create), request(&api, Action::List)) else { continue };
        let read = request(&api, Action::Read);
        let name = api.name.clone();
        let options = EngineOptions { prefix: String::new(), also: Vec::new(), max_rows: usize::MAX, seed: 0 };
        let engine = Engine::new(api, &options).0;
        measure(&name, &engine, &create, read.as_ref(), &list);
    }
}

fn measure(name: &str, engine: &Engine, create: &Request, read: Option<&Request>, list: &Request) {
    // Kept to the end: memory that one document gives back would hide what the next one takes.
    let world: &'static World = Box::leak(Box::new(engine.world()));
    let before = resident();
    for _ in 0..ROWS {
        let _ = engine.exchange(world, create.clone(), &Conditions::at(chrono::DateTime::UNIX_EPOCH));
    }
    let text = text_of(&create.body) as u64;
    let each = resident().saturating_sub(before) * 1_024 / u64::try_from(world.rows()).unwrap_or(1).max(1);
    let mean = |request: &Request| {
        let mut spent = Duration::ZERO;
        for _ in 0..SAMPLES {
            let request = request.clone();
            let start = Instant::now();
            let exchange = engine.exchange(world, request, &Conditions::at(chrono::DateTime::UNIX_EPOCH));
            spent += start.elapsed();
            assert!(exchange.response.status().is_success(), "{:?}", exchange.rejection);
        }
        format!("{:.1}", spent.as_secs_f64() * 1e6 / f64::from(SAMPLES))
    };
    let read = read.map_or_else(|| "-".to_owned(), mean);
    println!("{name:<12} {:>12} {:>12} {read:>12} {:>12}", each.saturating_sub(text), mean(create), mean(list));
}

/// Bytes of the strings in a body.
fn text_of(body: &[u8]) -> usize {
    fn strings(value: &Value) -> usize {
        match value {
            Value::String(text) => text.len(),
            Value::Array(items) => items.iter().map(strings).sum(),
            Value::Object(map) => map.values().map(strings).sum(),
            _ => 0,
        }
    }
    serde_json::from_slice(body).map_or(0, |value| strings(&value))
}

/// Resident memory in KiB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches("kB").trim().parse().unwrap_or(0)
}
