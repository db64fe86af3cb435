//! The engine without sockets: what the journey of a request costs, for a read, a create and a page of a list, on
//! every document that has them.

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use http::{HeaderMap, HeaderValue, Method, Uri, header};
use mock_server::engine::{Engine, EngineOptions, Request};
use serde_json::Value;
use specs::{
    Api, Source,
    api::{Location, Operation, SchemeKind},
    resources::Action,
};

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
            let now = chrono::Utc::now();
            let tried = engine.exchange(&world, request.clone(), now);
            assert!(tried.response.status().is_success(), "{name}/{what}: {:?}", tried.rejection);
            criterion.bench_function(&format!("{name}/{what}"), |bencher| {
                bencher.iter_batched(
                    || request.clone(),
                    |request| {
                        count += 1;
                        if count.is_multiple_of(10_000) {
                            world = engine.world();
                        }
                        engine.exchange(&world, request, now)
                    },
                    BatchSize::SmallInput,
                );
            });
        }
    }
}

/// The first request of this kind that the document's examples make.
fn request(api: &Api, action: Action) -> Option<Request> {
    let does = |operation: &&Operation| operation.role.as_ref().is_some_and(|role| role.action == action);
    let operation = api.operations.iter().find(does)?;
    let mut path = operation.path.clone();
    for parameter in operation.parameters.iter().filter(|parameter| parameter.location == Location::Path) {
        let example = parameter.examples.first()?;
        let text = example.value.as_str().map_or_else(|| example.value.to_string(), str::to_owned);
        path = path.replace(&format!("{{{}}}", parameter.name), &text);
    }
    let body = operation.body.as_ref().and_then(|body| body.content.iter().find(|media| media.is_json())?.examples.first());
    let mut headers = credentials(api, operation)?;
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let body = body.map(|example| Value::to_string(&example.value)).unwrap_or_default();
    Some(Request {
        method: Method::clone(&operation.method),
        target: path.parse::<Uri>().ok()?,
        headers,
        body: body.into(),
        oversized: false,
    })
}

fn credentials(api: &Api, operation: &Operation) -> Option<HeaderMap> {
    let mut headers = HeaderMap::new();
    for (name, _) in operation.security.first().into_iter().flat_map(|alternative| &alternative.schemes) {
        match &api.schemes.get(name)?.kind {
            SchemeKind::ApiKey { location: Location::Header, name } => {
                headers.insert(http::HeaderName::try_from(name).ok()?, HeaderValue::from_static("key"));
            }
            SchemeKind::Basic => drop(headers.insert(header::AUTHORIZATION, HeaderValue::from_static("Basic a2V5Og=="))),
            _ => drop(headers.insert(header::AUTHORIZATION, HeaderValue::from_static("Bearer token"))),
        }
    }
    Some(headers)
}

criterion_group!(benches, journeys);
criterion_main!(benches);
