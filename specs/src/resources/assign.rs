//! Resources and roles for a whole document: what is declared first, the rest inferred around it.

use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
};

use http::Method;
use indexmap::IndexMap;
use serde_json::Value;

use super::{
    Action, Aspect, Inference, Order, Place, Resource, Role,
    declared::{self, Pages, Said},
    families::{self, Family, Site, Spot},
    hierarchy, life, request, roles,
    single::{self, Single},
    words,
};
use crate::api::{
    Api, Location, Operation, SchemaId,
    node::{Node, Reader},
};
use crate::pointer;

/// Finds the resources of an API and the role of each operation.
pub(crate) fn assign(reader: &mut Reader, api: &mut Api) {
    let root = Node::new(reader.root, "");
    let declared = declared::resources(reader, &root);
    let saying: Vec<Saying> = api.operations.iter().map(|operation| saying(reader, operation)).collect();
    let (resources, roles) = Plan::new(api, &declared, &saying).carry_out();
    for (operation, role) in api.operations.iter_mut().zip(roles) {
        operation.role = role;
    }
    api.resources = resources;
}

/// What the document says about one operation.
#[derive(Default)]
struct Saying {
    said: Said,
    pages: Option<Pages>,
}

fn saying(reader: &mut Reader, operation: &Operation) -> Saying {
    let Some(value) = pointer::get(reader.root, &operation.pointer) else { return Saying::default() };
    let node = Node::new(value, &operation.pointer);
    Saying { said: declared::role(reader, operation, &node).unwrap_or_default(), pages: declared::pages(reader, operation, &node) }
}

/// Which operations belong to which resource.
struct Plan<'a> {
    api: &'a Api,
    declared: &'a IndexMap<String, declared::Resource>,
    saying: &'a [Saying],
    spots: Vec<Option<Spot>>,
    /// Positions of operations, by the name of their resource.
    members: IndexMap<String, Vec<usize>>,
    /// The schema that the paths of a resource suggest.
    schemas: HashMap<String, SchemaId>,
    /// Nouns by which the document names things.
    nouns: HashSet<String>,
    /// The names of resources of which there is one.
    singles: HashSet<String>,
    /// The verbs that end paths, by position of the operation; its spot is then that of what it is done to.
    deeds: HashMap<usize, String>,
}

impl<'a> Plan<'a> {
    fn new(api: &'a Api, declared: &'a IndexMap<String, declared::Resource>, saying: &'a [Saying]) -> Self {
        let spots = api.operations.iter().map(families::spot_of).collect();
        let members = declared.keys().map(|name| (name.clone(), Vec::new())).collect();
        let mut plan = Self {
            api,
            declared,
            saying,
            spots,
            members,
            schemas: HashMap::new(),
            nouns: HashSet::new(),
            singles: HashSet::new(),
            deeds: HashMap::new(),
        };
        plan.note_nouns();
        let singles = plan.singles();
        let taken: HashSet<usize> = singles.iter().flat_map(|single| single.members.iter().copied()).collect();
        let mut families = families::families(api);
        families.retain(|_, family| !family.members.iter().any(|(position, _)| taken.contains(position)));
        let mut collections: HashMap<&str, String> = HashMap::new();
        for group in families::groups(api, &families) {
            let paths: Vec<&str> = group.iter().filter_map(|at| families.get_index(*at)).map(|(path, _)| path.as_str()).collect();
            let group: Vec<&Family> = group.into_iter().map(|position| &families[position]).collect();
            let name = plan.take(&group);
            collections.extend(paths.into_iter().map(|path| (path, name.clone())));
        }
        for single in &singles {
            plan.take_single(single);
        }
        plan.take_deeds(&collections);
        plan.take_declared();
        plan
    }

    /// Things of which there is one, but for those that the document says something of.
    fn singles(&self) -> Vec<Single> {
        let mut found = single::all(self.api, &self.spots);
        found.retain(|single| !single.members.iter().any(|position| self.saying[*position].said.name.is_some()));
        found.retain(|single| !single.members.iter().any(|position| self.saying[*position].said.nothing));
        found
    }

    fn take_single(&mut self, single: &Single) {
        let longer = single.above.as_ref().map(|above| format!("{above}_{}", single.noun));
        let name = self.free_name(&single.noun, longer);
        self.schemas.insert(name.clone(), single.schema.clone());
        self.singles.insert(name.clone());
        self.members.insert(name, single.members.clone());
    }

    /// Operations whose path ends in what is done to an item or a collection that is known.
    fn take_deeds(&mut self, collections: &HashMap<&str, String>) {
        let placed: HashSet<usize> = self.members.values().flatten().copied().collect();
        for (position, operation) in self.api.operations.iter().enumerate() {
            if placed.contains(&position) || self.saying[position].said.nothing || self.saying[position].said.name.is_some() {
                continue;
            }
            let Some((spot, verb)) = families::deed(&operation.segments).filter(|_| !operation.shares_path) else { continue };
            let Some(name) = collections.get(spot.collection.as_str()) else { continue };
            self.members.entry(name.clone()).or_default().push(position);
            self.spots[position] = Some(spot);
            self.deeds.insert(position, verb);
        }
    }

    fn note_nouns(&mut self) {
        let seeded = self.api.mock.seed.keys().chain(self.declared.keys()).map(String::as_str);
        let above = self.spots.iter().flatten().flat_map(|spot| spot.above.iter().filter_map(|(word, _)| word.as_deref()));
        let own = self.spots.iter().flatten().filter(|spot| spot.site == Site::Item).map(|spot| spot.noun.as_str());
        self.nouns = seeded.chain(above).chain(own).map(|noun| words::plain(&words::singular(noun))).collect();
    }

    /// Gives a group of families a name, and its operations to the resource of that name.
    fn take(&mut self, group: &[&Family]) -> String {
        let name = self.name(group);
        // Of those that are as good, the schema that tells most.
        let told = |family: &Family| family.schema.as_ref().map(|schema| self.api.schemas.properties(schema).len());
        let best = group.iter().min_by_key(|family| (family.rank, Reverse(told(family))));
        if let Some(schema) = best.and_then(|family| family.schema.as_ref()) {
            self.schemas.entry(name.clone()).or_insert_with(|| schema.clone());
        }
        let operations: Vec<usize> = group.iter().flat_map(|family| family.members.iter().map(|(position, _)| *position)).collect();
        for position in operations {
            let said = &self.saying[position].said;
            let name = said.name.as_ref().unwrap_or(&name).clone();
            if !said.nothing {
                self.members.entry(name).or_default().push(position);
            }
        }
        name
    }

    /// The name that an operation of the group declares, else that of a declared resource which fits, else the noun.
    fn name(&self, group: &[&Family]) -> String {
        let mut operations = group.iter().flat_map(|family| family.members.iter().map(|(position, _)| *position));
        if let Some(said) = operations.find_map(|position| self.saying[position].said.name.clone()) {
            return said;
        }
        let noun = &group[0].noun;
        let resolve = |schema: &SchemaId| self.api.schemas.resolve(schema).0;
        let schema = group.iter().find_map(|family| family.schema.as_ref()).map(resolve);
        let by_schema = || self.declared.iter().find(|(_, resource)| schema.is_some() && resource.schema.as_ref().map(resolve) == schema);
        let fitting = self.declared.iter().find(|(name, _)| words::same_noun(name, noun)).or_else(by_schema);
        if let Some((name, _)) = fitting {
            return name.clone();
        }
        let above = group[0].members.first().and_then(|(_, spot)| spot.above.last()).and_then(|(word, _)| word.clone());
        let longer = above.map(|above| format!("{above}_{noun}"));
        self.free_name(noun, longer)
    }

    fn free_name(&self, noun: &str, longer: Option<String>) -> String {
        let numbered = (2_u32..).map(|number| format!("{noun}_{number}"));
        let mut candidates = std::iter::once(noun.to_owned()).chain(longer).chain(numbered);
        candidates.find(|name| !self.members.contains_key(name)).unwrap_or_else(|| noun.to_owned())
    }

    /// Operations that name their resource although their path belongs to none.
    fn take_declared(&mut self) {
        let placed: HashSet<usize> = self.members.values().flatten().copied().collect();
        for (position, saying) in self.saying.iter().enumerate() {
            if let (Some(name), false) = (&saying.said.name, placed.contains(&position) || saying.said.nothing) {
                self.members.entry(name.clone()).or_default().push(position);
            }
        }
    }

    fn carry_out(self) -> (Vec<Resource>, Vec<Option<Role>>) {
        let by_noun: HashMap<String, String> =
            self.members.keys().map(|name| (words::plain(&words::singular(name)), name.clone())).collect();
        let changed = self.paths_of(&[Method::PUT, Method::PATCH]);
        let done = self.paths_of(&[Method::PUT, Method::POST]);
        let mut roles: Vec<Option<Role>> = self.api.operations.iter().map(|_| None).collect();
        let mut resources = Vec::new();
        for (name, members) in &self.members {
            let mut resource = self.resource(name, members, &by_noun);
            for position in members {
                let operation = &self.api.operations[*position];
                let scene = roles::Scene {
                    schemas: &self.api.schemas,
                    operation,
                    spot: self.spots[*position].as_ref(),
                    said: &self.saying[*position].said,
                    pages: self.saying[*position].pages.as_ref(),
                    is_changed_elsewhere: changed.contains(operation.path.as_str()),
                    is_done_elsewhere: done.contains(operation.path.as_str()),
                    deed: self.deeds.get(position).map(String::as_str),
                };
                roles[*position] = roles::role(&scene, &resource);
            }
            resource.scope = scope(members.iter().filter_map(|position| roles[*position].as_ref()), resource.single);
            let is_declared = self.declared.contains_key(name) || members.iter().any(|position| self.saying[*position].said.name.is_some());
            let own = || members.iter().filter_map(|position| Some((&self.api.operations[*position], roles[*position].as_ref()?)));
            let has_roles = own().next().is_some();
            if !(is_declared
                || resource.single
                || self.api.mock.seed.contains_key(name)
                || life::is_alive(&self.api.schemas, &resource, own))
            {
                let asleep =
                    members.iter().filter_map(|position| Some((self.api.operations[*position].id.clone(), roles[*position].take()?)));
                resource.asleep = asleep.collect();
            }
            if is_declared || has_roles {
                resources.push(resource);
            }
        }
        (resources, roles)
    }

    /// The paths that have an operation of one of these methods.
    fn paths_of(&self, methods: &[Method]) -> HashSet<&str> {
        let fitting = self.api.operations.iter().filter(|operation| methods.contains(&operation.method));
        fitting.map(|operation| operation.path.as_str()).collect()
    }

    fn resource(&self, name: &str, members: &[usize], by_noun: &HashMap<String, String>) -> Resource {
        let empty = declared::Resource::default();
        let declared = self.declared.get(name).unwrap_or(&empty);
        let mut why = Vec::new();
        let schema = declared.schema.clone().or_else(|| self.schemas.get(name).cloned());
        let own = || members.iter().filter(|position| !self.deeds.contains_key(position));
        let spots = || own().filter_map(|position| self.spots[*position].as_ref());
        let said = self.declared.get(name).and_then(|declared| declared.single);
        let single = said.unwrap_or_else(|| self.singles.contains(name));
        let key = declared.key.clone().unwrap_or_else(|| {
            if single {
                why.push(Inference::new(Aspect::Key, "there is one", "it is read and changed on one path, and never made"));
                return String::new();
            }
            let item = spots().find(|spot| spot.site == Site::Item);
            let noun = item.or_else(|| spots().next()).map_or(name, |spot| spot.noun.as_str());
            let variable = item.and_then(|spot| spot.variable.as_deref());
            let named = own().map(|position| &self.api.operations[*position]).find_map(|operation| {
                let parameter =
                    operation.parameters.iter().find(|known| known.location == Location::Path && Some(known.name.as_str()) == variable)?;
                parameter.schema.as_ref()
            });
            let (key, from) = hierarchy::key(&self.api.schemas, schema.as_ref(), noun, variable.map(|name| (name, named)));
            why.push(Inference::new(Aspect::Key, format!("key is {key}"), from));
            key
        });
        let parents = declared.parents.clone().unwrap_or_else(|| self.parents(name, schema.as_ref(), members, &key, by_noun, &mut why));
        let order = declared.order.unwrap_or_else(|| self.order(members, &mut why));
        for (about, what, is_declared) in [
            (Aspect::Schema, "schema", declared.schema.is_some()),
            (Aspect::Key, "key", declared.key.is_some()),
            (Aspect::Parents, "parents", declared.parents.is_some()),
            (Aspect::Order, "order", declared.order.is_some()),
        ] {
            if is_declared {
                why.push(Inference::declared(about, what));
            }
        }
        if let Some(schema) = schema.as_ref().filter(|_| declared.schema.is_none()) {
            let name = schema.component().unwrap_or_else(|| schema.pointer().to_owned());
            why.push(Inference::new(Aspect::Schema, format!("schema is {name}"), "what its operations return"));
        }
        let inner = request::inner(&self.api.schemas, schema.as_ref());
        Resource { name: name.to_owned(), schema, key, parents, order, scope: Vec::new(), single, inner, asleep: Vec::new(), why }
    }

    fn parents(
        &self,
        own: &str,
        schema: Option<&SchemaId>,
        members: &[usize],
        key: &str,
        by_noun: &HashMap<String, String>,
        why: &mut Vec<Inference>,
    ) -> Vec<super::Parent> {
        let name = |word: &str| by_noun.get(&words::plain(&words::singular(word))).cloned().unwrap_or_else(|| word.to_owned());
        // What names the item itself, in the path of something that is done to it, is no parent.
        let is_key = |position: usize, (word, variable): &(Option<String>, String)| match &self.saying[position].said.key {
            Some(key) => *key == Place::Path(variable.clone()),
            None => word.as_ref().is_some_and(|word| words::same_noun(word, own)),
        };
        let above = members.iter().flat_map(|position| {
            let above = self.spots[*position].iter().flat_map(|spot| &spot.above);
            above.filter(|above| !is_key(*position, above))
        });
        let mut found = hierarchy::parents_of_paths(&self.api.schemas, schema, above, key, &name, why);
        let operations = || members.iter().map(|position| &self.api.operations[*position]);
        let gets = operations().filter(|operation| operation.method == Method::GET);
        let asked = gets.flat_map(|operation| &operation.parameters).filter(|parameter| parameter.location == Location::Query);
        let asked: HashSet<&str> = asked.map(|parameter| parameter.name.as_str()).collect();
        let creates = operations().filter(|operation| operation.method == Method::POST);
        for create in creates.filter(|operation| families::spot_of(operation).is_some_and(|spot| spot.site == Site::Collection)) {
            for parent in hierarchy::parents_of_body(&self.api.schemas, schema, (create, own), &self.nouns, &asked, &name, why) {
                if parent.property != key && !found.iter().any(|known| known.property == parent.property) {
                    found.push(parent);
                }
            }
        }
        found
    }

    /// Lists are newest first where a parameter for the order says so by its default.
    fn order(&self, members: &[usize], why: &mut Vec<Inference>) -> Order {
        for operation in members.iter().map(|position| &self.api.operations[*position]).filter(|operation| operation.method == Method::GET)
        {
            for parameter in operation.parameters.iter().filter(|parameter| parameter.location == Location::Query) {
                let is_order = matches!(
                    words::plain(&parameter.name).as_str(),
                    "sort" | "order" | "orderby" | "sortby" | "sortorder" | "direction" | "ordering" | "sortdirection"
                );
                let default =
                    parameter.schema.as_ref().and_then(|schema| self.api.schemas.resolve(schema).1.get("default")).and_then(Value::as_str);
                let Some(default) = default.filter(|_| is_order) else { continue };
                if default.starts_with('-')
                    || default.to_ascii_lowercase().contains("desc")
                    || default.to_ascii_lowercase().contains("newest")
                {
                    let from = format!("the default `{default}` of {}", parameter.name);
                    why.push(Inference::new(Aspect::Order, "newest first", from));
                    return Order::NewestFirst;
                }
            }
        }
        why.push(Inference::new(Aspect::Order, "oldest first", "nothing says otherwise"));
        Order::OldestFirst
    }
}

/// The parents that every path to an item names, where clients choose keys; those of a single thing, which has none.
fn scope<'r>(roles: impl Iterator<Item = &'r Role> + Clone, is_single: bool) -> Vec<String> {
    let chosen = |role: &&Role| role.makes || role.action == Action::Create && role.key.is_some();
    let needs = |role: &&Role| is_single || role.key.is_some();
    if !is_single && !roles.clone().any(|role| chosen(&role)) {
        return Vec::new();
    }
    let in_path = |role: &Role| -> Vec<String> {
        let named = role.parents.iter().filter(|(_, place)| matches!(place, Place::Path(_)));
        named.map(|(property, _)| property.clone()).collect()
    };
    let mut all = roles.filter(needs).map(in_path);
    let Some(first) = all.next() else { return Vec::new() };
    all.fold(first, |mut common, named| {
        common.retain(|property| named.contains(property));
        common
    })
}
