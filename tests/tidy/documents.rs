//! What the documents say that is a provider's alone: stems, hosts, paths and properties, computed and never listed.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use serde_json::{Map, Value};

/// What is a provider's own, with the stem of the document that says it.
pub(crate) struct Facts {
    /// Stems of documents.
    pub(crate) stems: BTreeSet<String>,
    /// Hosts of servers.
    pub(crate) hosts: BTreeMap<String, String>,
    /// Full path templates, as under `paths`.
    pub(crate) paths: BTreeMap<String, String>,
    /// Property names that one document has and no other. Names of a single word are left out: `title` is language
    /// and not a vendor's, whichever document happens to have it alone.
    pub(crate) properties: BTreeMap<String, String>,
    /// All such names, whoever else has them.
    pub(crate) names: BTreeSet<String>,
}

impl Facts {
    /// The facts of documents, by stem.
    pub(crate) fn of(documents: &[(String, Value)]) -> Self {
        let stems = documents.iter().map(|(stem, _)| stem.clone()).collect();
        let (mut hosts, mut paths) = (BTreeMap::new(), BTreeMap::new());
        for (stem, document) in documents {
            hosts.extend(hosts_of(document).map(|host| (host, stem.clone())));
            for path in members(&document["paths"]).keys().filter(|path| path.len() > 1) {
                paths.insert(path.clone(), stem.clone());
            }
        }
        let mut names = BTreeSet::new();
        for (_, document) in documents {
            collect_properties(document, &mut names);
        }
        Self { stems, hosts, paths, properties: own_properties(documents), names }
    }

    /// The facts of the documents that ship.
    pub(crate) fn shipped() -> Self {
        let paths = specs::documents(Path::new(specs::DIR)).unwrap();
        let read = |path: &std::path::PathBuf| {
            let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
            let source = specs::Source::read(path).unwrap();
            let (document, _) = specs::Document::read(&source);
            (stem, document.expect("lint guarantees that a document that ships can be read").value)
        };
        Self::of(&paths.iter().map(read).collect::<Vec<_>>())
    }
}

/// Host of each server, with its port; one that is a variable is nobody's.
fn hosts_of(document: &Value) -> impl Iterator<Item = String> {
    let urls = document["servers"].as_array().into_iter().flatten().filter_map(|server| server["url"].as_str());
    let hosts = urls.filter_map(|url| url.split_once("://")?.1.split('/').next());
    hosts.filter(|host| !host.contains('{')).map(str::to_owned)
}

fn own_properties(documents: &[(String, Value)]) -> BTreeMap<String, String> {
    let mut owners: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (stem, document) in documents {
        let mut names = BTreeSet::new();
        collect_properties(document, &mut names);
        for name in names.into_iter().filter(|name| is_compound(name)) {
            owners.entry(name).or_default().insert(stem);
        }
    }
    let alone = owners.into_iter().filter(|(_, owners)| owners.len() == 1);
    alone.filter_map(|(name, owners)| Some((name, (*owners.first()?).to_owned()))).collect()
}

fn collect_properties(value: &Value, names: &mut BTreeSet<String>) {
    for (key, member) in members(value) {
        if key == "properties" {
            names.extend(members(member).keys().cloned());
        }
        collect_properties(member, names);
    }
    for element in value.as_array().into_iter().flatten() {
        collect_properties(element, names);
    }
}

/// Whether a name is put together from several words: `noteHtml`, `note_html`, `_type`.
fn is_compound(name: &str) -> bool {
    name.chars().any(|character| !character.is_alphanumeric()) || name.chars().skip(1).any(char::is_uppercase)
}

fn members(value: &Value) -> &Map<String, Value> {
    static NONE: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
    value.as_object().unwrap_or(&NONE)
}
