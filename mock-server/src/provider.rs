//! One document, ready to be acted out, and the place where the mock serves it.

use std::sync::Arc;

use arc_swap::ArcSwap;
use indexmap::IndexMap;
use serde_json::Value;
use specs::{Api, Problem, Source, api::Operation};

use crate::{
    Error,
    coverage::Tally,
    engine::{AT_ONCE, Engine, EngineOptions},
};

/// Rows by resource.
pub(crate) type Resources = IndexMap<String, Vec<Value>>;
/// Rows by provider and resource.
pub(crate) type Rows = IndexMap<String, Resources>;

/// What is the same for all documents of a mock.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    pub(crate) seed: u64,
    pub(crate) max_rows: usize,
}

/// A document with the engine that acts it out.
pub(crate) struct Provider {
    pub(crate) name: Arc<str>,
    pub(crate) source: Source,
    pub(crate) engine: Engine,
    /// What exchanges of all sandboxes covered.
    pub(crate) coverage: Tally,
    /// The path under which it is served, without a trailing slash: `/name/api/v1`, or empty.
    pub(crate) base: String,
    /// The path before that of any server: `/name`, or empty.
    mount: String,
    /// The ids of its operations, in their order, for journals that outlive this document.
    operations: Box<[Arc<str>]>,
    /// What was wrong when it was loaded.
    problems: Vec<Problem>,
}

/// Where a document is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mount {
    /// Under its name.
    Named,
    /// At the root, as the only one.
    Root,
}

impl Provider {
    pub(crate) fn new(source: Source, mount: Mount, rows: &mut Rows, limits: &Limits) -> Result<Self, Error> {
        let specs::Loaded { api, document, mut problems } = specs::load(&source);
        // The engine is built in the room that the text's tree leaves.
        drop(document);
        let Some(mut api) = api else {
            return Err(Error::InvalidDocument { file: source.file, problems });
        };
        if let Some(rows) = rows.shift_remove(&source.name) {
            place_rows(&mut api, rows)?;
        }
        let mount = match mount {
            Mount::Named => format!("/{}", source.name),
            Mount::Root => String::new(),
        };
        let (base, also) = prefixes(&api, &mount);
        let options = EngineOptions { prefix: base.clone(), also, max_rows: limits.max_rows, seed: limits.seed };
        let (engine, more) = Engine::new(api, &options);
        problems.extend(placed(&source, more));
        let coverage = Tally::new(engine.api().operations.len());
        let operations = engine.api().operations.iter().map(|operation| Arc::from(operation.id.as_str())).collect();
        Ok(Self { name: Arc::from(source.name.as_str()), source, engine, coverage, base, mount, operations, problems })
    }

    /// What is wrong with the document, as far as that is known: of an operation that is compiled when it is first
    /// needed, what cannot be acted out is known from then on.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        let later = (AT_ONCE..self.api().operations.len()).flat_map(|operation| self.engine.known_problems(operation));
        let later = placed(&self.source, later.cloned().collect());
        self.problems.iter().cloned().chain(later).collect()
    }

    /// The path under which an operation is served, which may have a server of its own.
    pub(crate) fn base_of(&self, operation: &Operation) -> String {
        operation.servers.first().map_or_else(|| self.base.clone(), |server| format!("{}{}", self.mount, server.path))
    }

    /// The path before that of any server: `/name`, or empty.
    pub(crate) fn mount(&self) -> &str {
        &self.mount
    }

    pub(crate) fn api(&self) -> &Api {
        self.engine.api()
    }

    /// The id of an operation, by its index.
    pub(crate) fn operation(&self, index: usize) -> Option<Arc<str>> {
        self.operations.get(index).cloned()
    }
}

/// The place of a provider in a mock. Another state of its document can take the place of the one that is served.
pub(crate) struct Slot {
    pub(crate) name: Arc<str>,
    current: ArcSwap<Provider>,
    /// Why another state of the document is not served.
    trouble: ArcSwap<Vec<Problem>>,
}

impl Slot {
    pub(crate) fn new(provider: Provider) -> Self {
        Self { name: provider.name.clone(), current: ArcSwap::from_pointee(provider), trouble: ArcSwap::default() }
    }

    /// What is served now.
    pub(crate) fn current(&self) -> Arc<Provider> {
        self.current.load_full()
    }

    /// Serves another state of the document.
    pub(crate) fn replace(&self, provider: Provider) {
        self.current.store(Arc::new(provider));
        self.trouble(Vec::new());
    }

    /// Keeps what is served, and why.
    pub(crate) fn trouble(&self, problems: Vec<Problem>) {
        self.trouble.store(Arc::new(problems));
    }

    /// What is wrong with the document: with the state that is served, and with the one that is on the disk.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        self.trouble.load().iter().cloned().chain(self.current().problems()).collect()
    }
}

/// Rows that are given take the place of the document's rows of that resource.
fn place_rows(api: &mut Api, rows: Resources) -> Result<(), Error> {
    for (resource, rows) in rows {
        let known = api.resources.iter().any(|known| known.name == resource) || api.mock.seed.contains_key(&resource);
        if !known {
            let names: Vec<_> = api.resources.iter().map(|resource| resource.name.as_str()).collect();
            let reason = format!("`{}` has no resource `{resource}`, only {}", api.name, names.join(", "));
            return Err(Error::InvalidRows { reason });
        }
        api.wake(&resource);
        api.mock.seed.insert(resource, rows);
    }
    Ok(())
}

/// The path under which a document is served, and the other paths that are taken for it: those of its other servers,
/// and for a document at the root, none at all.
fn prefixes(api: &Api, mount: &str) -> (String, Vec<String>) {
    let mut paths: Vec<String> = Vec::new();
    let root = mount.is_empty().then(String::new);
    let served = api.servers.iter().map(|server| &server.path).chain(api.servers.iter().flat_map(|server| &server.also));
    for path in served.map(|path| format!("{mount}{path}")).chain(root) {
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    let base = if paths.is_empty() { mount.to_owned() } else { paths.remove(0) };
    (base, paths)
}

/// What of a document cannot be acted out as it says: expressions that are none, schemas that cannot be compiled, rows
/// and bodies that do not conform. What cannot even be loaded is not told about here.
#[must_use]
pub fn problems(source: &Source) -> Vec<Problem> {
    let Some(api) = specs::load(source).api else { return Vec::new() };
    let options = EngineOptions { prefix: String::new(), also: Vec::new(), max_rows: crate::DEFAULT_MAX_ROWS, seed: 0 };
    let (engine, mut problems) = Engine::new(api, &options);
    let rest = AT_ONCE..engine.api().operations.len().max(AT_ONCE);
    problems.extend(rest.flat_map(|operation| engine.problems(operation)).cloned());
    placed(source, problems)
}

/// Problems of the engine with their lines, which it does not know.
fn placed(source: &Source, mut problems: Vec<Problem>) -> Vec<Problem> {
    if problems.is_empty() {
        return problems;
    }
    let (document, _) = specs::Document::read(source);
    for problem in &mut problems {
        if let Some(document) = &document {
            document.place(problem);
        }
    }
    problems
}
