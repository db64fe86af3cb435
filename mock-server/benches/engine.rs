//! The engine without sockets: what the journey of a request costs, for a read, a create and a page of a list, on
//! every document that has them.

#[path = "journeys/requests.rs"]
mod requests;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use mock_server::engine::{Conditions, Engine, EngineOptions, Request};
use requests::request;
use specs::{Source, resources::Action};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn journeys(criterion: &mut Criterion) {
    let folder = std::path::Path::new(specs::DIR);
    for path in specs::documents(folder).expect("the folder of the documents can be read") {
        let source = Source::read(&path).expect("a document is text");
        let Some(api) = specs::load(&source).api else { continue };
        let requests: Vec<(&str, Request)> = [("read", Action::Read), ("create", Action::Create), ("list", Action::List)]
            .into_iter()
            .filter_map(|(name, action)| Some((name, request(&api, action)?)))
            .collect();
        let options = EngineOptions { prefix: String::new(), also: Vec::new(), max_rows: usize::MAX, seed: 0 };
        let name = api.name.clone();
        let (engine, _) = Engine::new(api, &options);
        for (what, request) in requests {
            let mut world = engine.world();
            let mut count = 0_u32;
            let conditions = Conditions::at(chrono::DateTime::UNIX_EPOCH);
            let tried = engine.exchange(&world, request.clone(), &conditions);
            assert!(tried.response.status().is_success(), "{name}/{what}: {:?}", tried.rejection);
            criterion.bench_function(&format!("{name}/{what}"), |bencher| {
                bencher.iter_batched(
                    || request.clone(),
                    |request| {
                        count += 1;
                        if count.is_multiple_of(10_000) {
                            world = engine.world();
                        }
                        engine.exchange(&world, request, &conditions)
                    },
                    BatchSize::SmallInput,
                );
            });
        }
    }
}

criterion_group!(benches, journeys);
criterion_main!(benches);
