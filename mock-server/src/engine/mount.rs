//! Where the paths of a document hang: below those of its servers, and of their own where they have some.

use specs::{
    Api, Problem,
    api::{Part, Segment},
    wire::Router,
};

use super::compile::{EngineOptions, problem};

/// All paths with all prefixes. A path with servers of its own hangs below their paths.
pub(super) fn router(api: &Api, options: &EngineOptions, problems: &mut Vec<Problem>) -> Router {
    let mut router = Router::default();
    let documented = api.servers.first().map(|server| server.path.clone()).unwrap_or_default();
    for prefix in std::iter::once(&options.prefix).chain(&options.also) {
        let mount = prefix.strip_suffix(documented.as_str()).unwrap_or(prefix);
        for (index, operation) in api.operations.iter().enumerate() {
            let own: Vec<String> = operation
                .servers
                .iter()
                .flat_map(|server| std::iter::once(&server.path).chain(&server.also))
                .map(|path| format!("{mount}{path}"))
                .collect();
            for base in if own.is_empty() { std::slice::from_ref(prefix) } else { own.as_slice() } {
                let mut segments = base_segments(base);
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
        let mut segments = base_segments(&options.prefix);
        segments.extend(operation.segments.iter().cloned());
        router.add(&segments, &operation.method, &operation.conditions, index);
    }
    router
}

/// The segments of a base path, in which a server's variable stands for any text.
fn base_segments(path: &str) -> Vec<Segment> {
    let segments = path.split('/').filter(|text| !text.is_empty()).map(|text| {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, (name, after))) = rest.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?))) {
            parts.extend((!before.is_empty()).then(|| Part::Literal(before.to_owned())));
            // No parameter can be called that.
            parts.push(Part::Variable(format!("{{{name}}}")));
            rest = after;
        }
        parts.extend((!rest.is_empty()).then(|| Part::Literal(rest.to_owned())));
        Segment { parts }
    });
    segments.collect()
}
