//! Where the paths of a document hang: below those of its servers, and of their own where they have some.

use specs::{
    Api, Problem,
    api::{Part, Segment},
};

use super::{
    compile::{EngineOptions, problem},
    route::Router,
};

/// All paths with all prefixes. A path with servers of its own hangs below their paths.
pub(super) fn router(api: &Api, options: &EngineOptions, problems: &mut Vec<Problem>) -> Router {
    let mut router = Router::default();
    let documented = api.servers.first().map(|server| server.path.clone()).unwrap_or_default();
    for prefix in std::iter::once(&options.prefix).chain(&options.also) {
        let mount = prefix.strip_suffix(documented.as_str()).unwrap_or(prefix);
        for (index, operation) in api.operations.iter().enumerate() {
            let own: Vec<String> = operation.servers.iter().map(|server| format!("{mount}{}", server.path)).collect();
            for base in if own.is_empty() { std::slice::from_ref(prefix) } else { own.as_slice() } {
                let mut segments = literals(base);
                segments.extend(operation.segments.iter().cloned());
                // Elsewhere than at its first place, what is taken is another operation's by right.
                if !router.add(&segments, &operation.method, &operation.conditions, index) && prefix == &options.prefix {
                    let message = format!("another operation has the method and the path of `{}`, which is never reached", operation.id);
                    let help = "give the two different paths, or merge them";
                    problems.push(problem(api, "hidden-operation", &operation.pointer, message, help));
                }
            }
        }
    }
    // A client has one base URL, so what has a server of its own is below that too, where nothing else is.
    for (index, operation) in api.operations.iter().enumerate().filter(|(_, operation)| !operation.servers.is_empty()) {
        let mut segments = literals(&options.prefix);
        segments.extend(operation.segments.iter().cloned());
        router.add(&segments, &operation.method, &operation.conditions, index);
    }
    router
}

fn literals(path: &str) -> Vec<Segment> {
    let names = path.split('/').filter(|name| !name.is_empty());
    names.map(|name| Segment { parts: vec![Part::Literal(name.to_owned())] }).collect()
}
