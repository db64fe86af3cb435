//! Paths that belong together: a collection, as `/sites/{site}/stones`, with its items, `/sites/{site}/stones/{id}`.

use std::collections::HashMap;

use http::Method;
use indexmap::IndexMap;

use super::{envelope, words};
use crate::api::{Api, Operation, Part, SchemaId, Segment, Status};

/// Extensions that say in which format a path answers, and nothing of what it is about.
const EXTENSIONS: &[&str] = &["json", "xml", "csv", "html", "txt", "yaml", "yml", "php", "aspx", "do", "jsonld"];

/// Where an operation's path stands in its family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Site {
    Collection,
    Item,
}

/// A path taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    /// The path of the collection, variables nameless.
    pub(super) collection: String,
    /// The last literal of the collection's path: what its items are called.
    pub(super) noun: String,
    pub(super) site: Site,
    /// The variable that names the item.
    pub(super) variable: Option<String>,
    /// The other variables, each with the literal before it.
    pub(super) above: Vec<(Option<String>, String)>,
}

/// A collection with the operations on it and on its items.
#[derive(Clone, Debug)]
pub(super) struct Family {
    pub(super) noun: String,
    /// Positions of operations, with their spots.
    pub(super) members: Vec<(usize, Spot)>,
    /// The schema of an item, by the operation that says it best.
    pub(super) schema: Option<SchemaId>,
    /// How well that operation says it: reading best, creating least.
    pub(super) rank: usize,
    /// Whether it is sure that this is a collection: it is listed, or has items of its own.
    pub(super) is_sure: bool,
}

/// All families, by the path of their collection.
pub(super) fn families(api: &Api) -> IndexMap<String, Family> {
    let mut found: IndexMap<String, Family> = IndexMap::new();
    for (position, operation) in api.operations.iter().enumerate() {
        let Some(spot) = spot_of(operation) else { continue };
        let family = found.entry(spot.collection.clone()).or_insert_with(|| Family {
            noun: spot.noun.clone(),
            members: Vec::new(),
            schema: None,
            rank: usize::MAX,
            is_sure: false,
        });
        family.members.push((position, spot));
    }
    for family in found.values_mut() {
        if let Some((rank, schema)) = schema(api, family) {
            (family.rank, family.schema) = (rank, Some(schema));
        }
        family.is_sure = is_sure(api, family);
    }
    found
}

/// Where an operation stands; `None` too where what is written behind its path makes it another one than its path says.
pub(super) fn spot_of(operation: &Operation) -> Option<Spot> {
    if operation.shares_path { None } else { spot(&operation.segments) }
}

/// Takes a path apart; `None` when it ends in neither a word nor a variable behind a word.
pub(super) fn spot(segments: &[Segment]) -> Option<Spot> {
    let filled: Vec<&Segment> = segments.iter().filter(|segment| !segment.parts.is_empty()).collect();
    let (last, before) = filled.split_last()?;
    if let Some(noun) = literal(last) {
        return Some(Spot { collection: path(&filled), noun, site: Site::Collection, variable: None, above: above(before) });
    }
    let variable = variable(last)?;
    let (noun, rest) = before.split_last()?;
    Some(Spot { collection: path(before), noun: literal(noun)?, site: Site::Item, variable: Some(variable), above: above(rest) })
}

/// The same for a path that ends in what is done: `/sites/{id}/closing`, `/sites/{id}:close`, `/sites/search`,
/// `/sites:search`. The spot is that of the item or the collection to which it is done.
pub(super) fn deed(segments: &[Segment]) -> Option<(Spot, String)> {
    let filled: Vec<&Segment> = segments.iter().filter(|segment| !segment.parts.is_empty()).collect();
    let (last, before) = filled.split_last()?;
    let custom = match last.parts.as_slice() {
        [Part::Literal(text)] => text.split_once(':').map(|(noun, verb)| (Part::Literal(noun.to_owned()), verb)),
        [Part::Variable(name), Part::Literal(verb)] => verb.strip_prefix(':').map(|verb| (Part::Variable(name.clone()), verb)),
        _ => None,
    };
    let (path, verb) = match custom {
        Some((part, verb)) => {
            let segments = before.iter().map(|segment| (*segment).clone()).chain([Segment { parts: vec![part] }]);
            (segments.collect::<Vec<_>>(), verb.to_owned())
        }
        None => (before.iter().map(|segment| (*segment).clone()).collect(), literal(last)?),
    };
    Some((spot(&path)?, verb))
}

/// The word of a segment, without an extension as `.json`. What has another dot in it, as `files.list`, is a word of its own.
fn literal(segment: &Segment) -> Option<String> {
    match segment.parts.as_slice() {
        [Part::Literal(text)] => {
            let bare = text.rsplit_once('.').filter(|(_, extension)| EXTENSIONS.contains(extension)).map(|(stem, _)| stem);
            Some(bare.unwrap_or(text).to_owned()).filter(|stem| !stem.is_empty())
        }
        _ => None,
    }
}

/// The variable of a segment, which may have an extension behind it.
fn variable(segment: &Segment) -> Option<String> {
    match segment.parts.as_slice() {
        [Part::Variable(name)] => Some(name.clone()),
        [Part::Variable(name), Part::Literal(extension)] if extension.starts_with('.') => Some(name.clone()),
        _ => None,
    }
}

fn path(segments: &[&Segment]) -> String {
    let word = |segment: &&Segment| literal(segment).unwrap_or_else(|| "{}".to_owned());
    segments.iter().map(word).collect::<Vec<_>>().join("/")
}

/// Of several variables behind one word the last is called by it, as `repo` is in `/repos/{owner}/{repo}`.
fn above(segments: &[&Segment]) -> Vec<(Option<String>, String)> {
    let mut found: Vec<(Option<String>, String)> = Vec::new();
    let mut word = None;
    let mut follows = false;
    for segment in segments {
        match variable(segment) {
            Some(name) => {
                if follows {
                    word = found.last_mut().and_then(|(word, _)| word.take());
                }
                found.push((word.take(), name));
                follows = true;
            }
            None => {
                word = literal(segment).filter(|word| !is_version(word));
                follows = false;
            }
        }
    }
    found
}

fn is_version(word: &str) -> bool {
    word == "api"
        || word.strip_prefix('v').is_some_and(|rest| !rest.is_empty() && rest.chars().all(|digit| digit.is_ascii_digit() || digit == '.'))
}

fn is_sure(api: &Api, family: &Family) -> bool {
    family.members.iter().any(|(position, spot)| {
        let operation = &api.operations[*position];
        match spot.site {
            Site::Item => [Method::GET, Method::PUT, Method::PATCH, Method::DELETE].contains(&operation.method),
            Site::Collection => operation.method == Method::GET && lists(api, operation, &family.noun).is_some(),
        }
    })
}

fn lists(api: &Api, operation: &Operation, noun: &str) -> Option<envelope::Found> {
    envelope::list(&api.schemas, envelope::success_schema(operation)?, noun, None)
}

/// The item's schema with its rank: as read, else as listed, else as changed, else as created.
fn schema(api: &Api, family: &Family) -> Option<(usize, SchemaId)> {
    let by = |site: Site, methods: &[Method]| {
        let mut members = family.members.iter().filter(|(_, spot)| spot.site == site).map(|(position, _)| &api.operations[*position]);
        members.find(|operation| methods.contains(&operation.method))
    };
    let item = |operation: &Operation| {
        let message = envelope::success_schema(operation)?;
        envelope::item(&api.schemas, message, &family.noun, None).map(|found| found.schema)
    };
    let ranked: [&dyn Fn() -> Option<SchemaId>; 4] = [
        &|| by(Site::Item, &[Method::GET]).and_then(item),
        &|| by(Site::Collection, &[Method::GET]).and_then(|operation| lists(api, operation, &family.noun)).map(|found| found.schema),
        &|| by(Site::Item, &[Method::PATCH, Method::PUT]).and_then(item),
        &|| by(Site::Collection, &[Method::POST]).and_then(item),
    ];
    ranked.iter().enumerate().find_map(|(rank, schema)| Some((rank, schema()?)))
}

/// Positions of families that hold the same things.
pub(super) type Group = Vec<usize>;

/// How many groups of one noun a family is compared with by its properties; by the name of its schema, with all.
const MOST_COMPARED: usize = 16;

/// The families that hold the same things. What is no collection for certain is left out.
pub(super) fn groups(api: &Api, families: &IndexMap<String, Family>) -> Vec<Group> {
    let mut found = Groups { api, families, made: Vec::new(), by_noun: HashMap::new(), by_schema: HashMap::new() };
    let sure_first =
        [true, false].into_iter().flat_map(|sure| families.values().enumerate().filter(move |(_, family)| family.is_sure == sure));
    for (position, family) in sure_first {
        found.place(position, family);
    }
    let holders = holders(api, families);
    let mut groups = found.made;
    groups.retain(|group| !is_view(api, families, group, &holders));
    groups
}

struct Groups<'a> {
    api: &'a Api,
    families: &'a IndexMap<String, Family>,
    made: Vec<Group>,
    by_noun: HashMap<String, Vec<usize>>,
    by_schema: HashMap<(String, SchemaId), usize>,
}

impl Groups<'_> {
    fn place(&mut self, position: usize, family: &Family) {
        let noun = words::plain(&words::singular(&family.noun));
        let schema = family.schema.as_ref().map(|schema| (noun.clone(), self.api.schemas.resolve(schema).0));
        let same_schema = schema.as_ref().and_then(|schema| self.by_schema.get(schema).copied());
        let known = self.by_noun.entry(noun).or_default();
        let alike = || known.iter().take(MOST_COMPARED).copied().find(|group| is_one(self.api, self.families, &self.made[*group], family));
        let group = match same_schema.or_else(alike) {
            Some(group) => group,
            None if family.is_sure || creates_alone(self.api, family) => {
                known.push(self.made.len());
                self.made.push(Vec::new());
                self.made.len() - 1
            }
            None => return,
        };
        self.made[group].push(position);
        if let Some(schema) = schema {
            self.by_schema.insert(schema, group);
        }
    }
}

fn is_one(api: &Api, families: &IndexMap<String, Family>, group: &[usize], family: &Family) -> bool {
    let mut known = group.iter().filter_map(|member| families[*member].schema.as_ref()).peekable();
    match &family.schema {
        None => true,
        Some(_) if is_creation(api, family) || known.peek().is_none() => true,
        Some(schema) => known.any(|known| envelope::is_alike(&api.schemas, known, schema)),
    }
}

/// Whether all that is done on the collection is to create items: what is answered then need not be an item.
fn is_creation(api: &Api, family: &Family) -> bool {
    family.members.iter().all(|(position, spot)| spot.site == Site::Collection && api.operations[*position].method == Method::POST)
}

/// Whether a path that only takes POST is a collection all the same: it is called by a plural, and what was made is
/// answered with 201 and its key.
fn creates_alone(api: &Api, family: &Family) -> bool {
    family.members.iter().any(|(position, spot)| {
        let operation = &api.operations[*position];
        let is_created = operation.success().is_some_and(|response| response.status == Status::Exactly(201));
        let has_key = family.schema.as_ref().is_some_and(|schema| envelope::has_key(&api.schemas, schema, &family.noun));
        spot.site == Site::Collection && operation.method == Method::POST && is_created && has_key && words::is_plural(&family.noun)
    })
}

/// The nouns of the families that create, read, change or delete items of a schema.
fn holders<'f>(api: &Api, families: &'f IndexMap<String, Family>) -> HashMap<SchemaId, Vec<&'f str>> {
    let mut found: HashMap<SchemaId, Vec<&str>> = HashMap::new();
    for family in families.values().filter(|family| !only_lists(api, family)) {
        if let Some(schema) = &family.schema {
            let nouns = found.entry(api.schemas.resolve(schema).0).or_default();
            if !nouns.contains(&family.noun.as_str()) {
                nouns.push(&family.noun);
            }
        }
    }
    found
}

/// Whether a group only lists what another one holds, as `/stones/recent` does.
fn is_view(api: &Api, families: &IndexMap<String, Family>, group: &[usize], holders: &HashMap<SchemaId, Vec<&str>>) -> bool {
    let mut members = group.iter().map(|family| &families[*family]);
    let schema = group.iter().find_map(|family| families[*family].schema.as_ref()).map(|schema| api.schemas.resolve(schema).0);
    let Some(nouns) = schema.and_then(|schema| holders.get(&schema)) else { return false };
    let is_other = members.clone().all(|family| !nouns.iter().any(|noun| words::same_noun(noun, &family.noun)));
    is_other && members.all(|family| only_lists(api, family))
}

fn only_lists(api: &Api, family: &Family) -> bool {
    family.members.iter().all(|(position, spot)| spot.site == Site::Collection && api.operations[*position].method == Method::GET)
}
