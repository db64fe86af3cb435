//! What one operation does to its resource, from method, path, bodies and parameters.

use http::Method;

use super::{
    Action, Aspect, Inference, Place, Resource, Role,
    declared::{Pages, Said},
    deeds, envelope,
    families::{Site, Spot},
    filters, hierarchy, request, single, words,
};
use crate::{
    api::{Operation, SchemaId, Schemas, Status},
    pointer,
};

/// An operation with what is known about it.
pub(super) struct Scene<'a> {
    pub(super) schemas: &'a Schemas,
    pub(super) operation: &'a Operation,
    pub(super) spot: Option<&'a Spot>,
    pub(super) said: &'a Said,
    pub(super) pages: Option<&'a Pages>,
    /// Whether another operation on the same path changes items, so that a POST there does something else.
    pub(super) is_changed_elsewhere: bool,
    /// Whether another operation on the same path does what a DELETE may take back.
    pub(super) is_done_elsewhere: bool,
    /// The verb that ends its path.
    pub(super) deed: Option<&'a str>,
}

/// The role of an operation for a resource; `None` when nothing fits for certain.
pub(super) fn role(scene: &Scene, resource: &Resource) -> Option<Role> {
    let mut why = Vec::new();
    let action = match scene.said.action {
        Some(action) => {
            why.push(Inference::declared(Aspect::Action, action.as_str()));
            action
        }
        None => scene.action(resource, &mut why)?,
    };
    let batch = scene.batch(action, resource, &mut why);
    let items = scene.items(action, resource, batch.is_some(), &mut why);
    if action == Action::List && items.is_none() {
        return None;
    }
    let search = scene.search(action, resource, &mut why);
    let filters = scene.filters(action, resource, &mut why);
    // Who searches and asks for nothing that is understood would be answered with everything.
    if scene.deed.is_some() && action == Action::List && search.is_none() && filters.is_empty() {
        return None;
    }
    if scene.is_search() && search.is_none() && scene.said.action.is_none() {
        return None;
    }
    let input = scene.input(action, resource, &mut why);
    let key = scene.key(action, resource, &input, &mut why);
    let item = if batch.is_some() && items.is_some() { None } else { scene.item(action, resource, &mut why) };
    let effects = scene.effects(action, resource, &mut why);
    Some(Role {
        resource: resource.name.clone(),
        action,
        parents: scene.parents(action, resource, &mut why),
        filters,
        fields: scene.fields(&mut why),
        pagination: scene.pagination(action, items.as_deref().unwrap_or_default(), &mut why),
        sort: scene.sort(action, &mut why),
        makes: scene.makes(action, resource, &mut why),
        echo: scene.echo(item.as_ref(), resource),
        key,
        item,
        items,
        search,
        input,
        batch,
        effects,
        why,
    })
}

impl Scene<'_> {
    pub(super) fn noun<'n>(&'n self, resource: &'n Resource) -> &'n str {
        self.spot.map_or(resource.name.as_str(), |spot| spot.noun.as_str())
    }

    pub(super) fn success(&self) -> Option<&SchemaId> {
        envelope::success_schema(self.operation)
    }

    fn action(&self, resource: &Resource, why: &mut Vec<Inference>) -> Option<Action> {
        if let Some(verb) = self.deed {
            let action = self.deed_action(verb, resource)?;
            why.push(Inference::new(Aspect::Action, action.as_str(), format!("the path ends in `{verb}`")));
            return Some(action);
        }
        let site = self.spot.map_or_else(|| if self.said.key.is_some() { Site::Item } else { Site::Collection }, |spot| spot.site);
        let action = match (&self.operation.method, site) {
            (&Method::GET, _) if resource.single => Action::Read,
            (&Method::PUT, _) if resource.single => self.puts(),
            (&Method::PATCH, _) if resource.single => Action::Update,
            (&Method::GET, Site::Collection) if self.said.item.is_some() => Action::Read,
            (&Method::GET, Site::Collection) => Action::List,
            (&Method::GET, Site::Item) => self.reads(resource).then_some(Action::Read)?,
            (&Method::POST, Site::Collection) => self.creates(resource).then_some(Action::Create)?,
            (&Method::POST, Site::Item) => self.posts_change(resource).then_some(Action::Update)?,
            (&Method::PUT, Site::Item) => self.puts(),
            (&Method::PATCH, Site::Item) => Action::Update,
            (&Method::DELETE, Site::Item) => Action::Delete,
            (&Method::HEAD, Site::Item) => Action::Read,
            (&Method::PUT, Site::Collection) if self.names_item(resource) => self.puts(),
            (&Method::PATCH, Site::Collection) if self.names_item(resource) => Action::Update,
            _ => return None,
        };
        let place = match site {
            _ if resource.single => "a thing of which there is one",
            Site::Item => "an item",
            Site::Collection => "a collection",
        };
        why.push(Inference::new(Aspect::Action, action.as_str(), format!("{} on the path of {place}", self.operation.method)));
        Some(action)
    }

    fn names_item(&self, resource: &Resource) -> bool {
        request::names_item(self.schemas, self.operation, self.spot, resource)
    }

    /// What a verb at the end of the path does, as far as bodies and properties show it.
    fn deed_action(&self, verb: &str, resource: &Resource) -> Option<Action> {
        let (site, method) = (self.spot?.site, &self.operation.method);
        if site == Site::Collection {
            let lists = || self.listed(resource);
            return match *method {
                Method::POST | Method::GET if deeds::searches(verb) && lists() => Some(Action::List),
                Method::POST if deeds::batches(verb) && self.is_batch(resource) => Some(Action::Create),
                _ => None,
            };
        }
        if *method == Method::GET {
            return (self.is_changed_elsewhere && self.answers_item(resource)).then_some(Action::Read);
        }
        let changes = [Method::POST, Method::PUT, Method::PATCH, Method::DELETE].contains(method);
        let known = resource.schema.as_ref().filter(|_| changes)?;
        let is_told = !deeds::effects(self.schemas, known, verb, method).is_empty();
        if *method == Method::DELETE {
            // What nobody can do cannot be taken back: such a DELETE does something else.
            return (is_told && self.is_done_elsewhere).then_some(Action::Update);
        }
        let is_sent = self.sends_property(verb, resource);
        let is_kept = deeds::keeps_item(verb, self.operation);
        (is_kept && (is_told || is_sent || self.answers_item(resource))).then_some(Action::Update)
    }

    /// Whether the success body holds just what an item is.
    fn answers_item(&self, resource: &Resource) -> bool {
        let known = resource.schema.as_ref();
        let found = self.success().and_then(|schema| envelope::item(self.schemas, schema, self.noun(resource), known));
        found.zip(known).is_some_and(|(found, known)| envelope::is_same(self.schemas, known, &found.schema))
    }

    /// Whether a request sends the property that ends its path, as `PATCH /orders/{id}/status` does.
    fn sends_property(&self, name: &str, resource: &Resource) -> bool {
        let (Some(body), Some(known)) = (envelope::request_schema(self.operation), &resource.schema) else { return false };
        let sent = request::names(self.schemas, body);
        sent.iter().any(|sent| words::same(sent, name) && self.schemas.property(known, sent).is_some())
            && sent.iter().all(|name| *name != resource.key)
    }

    /// A GET that answers with something other than JSON fetches a file and not an item.
    fn reads(&self, resource: &Resource) -> bool {
        self.said.item.is_some()
            || self
                .success()
                .is_some_and(|schema| envelope::item(self.schemas, schema, self.noun(resource), resource.schema.as_ref()).is_some())
    }

    /// Who answers with a list of items searched, unless they were sent as a list.
    fn creates(&self, resource: &Resource) -> bool {
        if self.is_batch(resource) {
            return self.listed(resource) || self.success().is_none();
        }
        if self.listed(resource) {
            return false;
        }
        let answers_created = self.operation.success().is_some_and(|response| response.status == Status::Exactly(201));
        match envelope::request_schema(self.operation) {
            Some(schema) => self.schemas.items(schema).is_none(),
            None => answers_created || self.operation.body.is_some(),
        }
    }

    fn is_batch(&self, resource: &Resource) -> bool {
        request::batch(self.schemas, self.operation, self.noun(resource), resource.schema.as_ref()).is_some()
    }

    /// Whether the success body is a list of items of the resource.
    fn listed(&self, resource: &Resource) -> bool {
        let known = resource.schema.as_ref();
        let listed = self.success().and_then(|message| envelope::list(self.schemas, message, self.noun(resource), known));
        listed.is_some_and(|listed| known.is_some_and(|known| envelope::is_alike(self.schemas, &listed.schema, known)))
    }

    /// Some APIs change items by POST, when nothing else on the path does.
    fn posts_change(&self, resource: &Resource) -> bool {
        let is_item = |schema: &SchemaId| {
            resource.schema.as_ref().is_some_and(|known| envelope::item(self.schemas, schema, &resource.name, Some(known)).is_some())
        };
        !self.is_changed_elsewhere && self.operation.body.is_some() && self.success().is_some_and(is_item)
    }

    /// A PUT whose body may lack everything cannot replace anything.
    fn puts(&self) -> Action {
        let required = envelope::request_schema(self.operation).map(|schema| self.schemas.required(schema)).unwrap_or_default();
        if required.is_empty() { Action::Update } else { Action::Replace }
    }

    /// The variable of an item further up in the path: `/sites/{site}/closing` does something to a site.
    fn own_variable(&self, resource: &Resource) -> Option<&str> {
        let spot = self.spot.filter(|spot| spot.site == Site::Collection)?;
        let is_own = |word: &Option<String>| word.as_ref().is_some_and(|word| words::same_noun(word, &resource.name));
        spot.above.iter().rfind(|(word, _)| is_own(word)).map(|(_, variable)| variable.as_str())
    }

    fn key(&self, action: Action, resource: &Resource, input: &str, why: &mut Vec<Inference>) -> Option<Place> {
        if let Some(key) = &self.said.key {
            why.push(Inference::declared(Aspect::Key, format!("{key} names the item")));
            return Some(key.clone());
        }
        if action == Action::List || resource.single {
            return None;
        }
        let in_body = || request::key(self.schemas, self.operation, input, resource);
        if action == Action::Create {
            let (place, is_required) = in_body()?;
            let from = if is_required { "the body has to have it" } else { "the body may have it" };
            why.push(Inference::new(Aspect::Key, format!("body{place} names the new item"), from));
            return Some(Place::Body(place));
        }
        if self.spot.is_some_and(|spot| spot.site == Site::Collection && self.deed.is_none()) && self.names_item(resource) {
            let place = pointer::join(input, &resource.key);
            why.push(Inference::new(Aspect::Key, format!("body{place} names the item"), "the path does not"));
            return Some(Place::Body(place));
        }
        if let Some(variable) = self.own_variable(resource) {
            let from = "it stands behind the name of the resource";
            why.push(Inference::new(Aspect::Key, format!("path.{variable} names the item"), from));
            return Some(Place::Path(variable.to_owned()));
        }
        let variable = self.spot.and_then(|spot| spot.variable.clone())?;
        why.push(Inference::new(Aspect::Key, format!("path.{variable} names the item"), "it ends the path"));
        Some(Place::Path(variable))
    }

    /// The places that name parents: variables of the path, and properties of what is created.
    fn parents(&self, action: Action, resource: &Resource, why: &mut Vec<Inference>) -> Vec<(String, Place)> {
        if let Some(parents) = &self.said.parents {
            why.push(Inference::declared(Aspect::Parents, "parents"));
            return parents.clone();
        }
        let mut found: Vec<(String, Place)> = Vec::new();
        let is_key = |variable: &String| match &self.said.key {
            Some(key) => *key == Place::Path(variable.clone()),
            None => !matches!(action, Action::Create | Action::List) && self.own_variable(resource) == Some(variable),
        };
        for above in self.spot.into_iter().flat_map(|spot| &spot.above).filter(|(_, variable)| !is_key(variable)) {
            let named = |word: &String| resource.parents.iter().find(|parent| words::same_noun(&parent.resource, word));
            let property = match above.0.as_ref().and_then(named) {
                Some(parent) => parent.property.clone(),
                None => hierarchy::parent_property(self.schemas, resource.schema.as_ref(), above, &resource.key),
            };
            if !found.iter().any(|(known, _)| *known == property) {
                why.push(Inference::new(Aspect::Parents, format!("path.{} names {property}", above.1), "its place in the path"));
                found.push((property, Place::Path(above.1.clone())));
            }
        }
        found.extend(self.body_parents(action, resource, &found, why));
        found
    }

    /// The properties of what is created that name parents, where the path does not.
    fn body_parents(
        &self,
        action: Action,
        resource: &Resource,
        known: &[(String, Place)],
        why: &mut Vec<Inference>,
    ) -> Vec<(String, Place)> {
        let Some(body) = envelope::request_schema(self.operation).filter(|_| action == Action::Create && !self.is_batch(resource)) else {
            return Vec::new();
        };
        let input = request::input(self.schemas, body, self.noun(resource), resource.schema.as_ref());
        let mut found = Vec::new();
        for parent in &resource.parents {
            let is_new = !known.iter().any(|(known, _)| *known == parent.property);
            let place = pointer::join(&input, &parent.property);
            if is_new && request::at(self.schemas, body, &place).is_some() {
                why.push(Inference::new(Aspect::Parents, format!("the body names {}", parent.property), "its name"));
                found.push((parent.property.clone(), Place::Body(place)));
            }
        }
        found
    }

    fn item(&self, action: Action, resource: &Resource, why: &mut Vec<Inference>) -> Option<String> {
        if self.said.item.is_some() {
            why.push(Inference::declared(Aspect::Body, "item"));
            return self.said.item.clone();
        }
        if action == Action::List {
            return None;
        }
        if resource.single {
            let place = single::item(self.schemas, self.operation, resource.schema.as_ref()?)?;
            why.push(Inference::new(Aspect::Body, "the success body holds it", "the schema of the success body"));
            return Some(place);
        }
        let message = self.success()?;
        let found = envelope::item(self.schemas, message, self.noun(resource), resource.schema.as_ref())?;
        if action == Action::Delete && !resource.schema.as_ref().is_some_and(|known| envelope::is_alike(self.schemas, known, &found.schema))
        {
            return None;
        }
        let place =
            if found.pointer.is_empty() { "the success body is the item".to_owned() } else { format!("{} is the item", found.pointer) };
        why.push(Inference::new(Aspect::Body, place, "the schema of the success body"));
        Some(found.pointer)
    }

    fn items(&self, action: Action, resource: &Resource, is_batch: bool, why: &mut Vec<Inference>) -> Option<String> {
        if self.said.items.is_some() {
            why.push(Inference::declared(Aspect::Body, "items"));
        }
        if self.said.items.is_some() || !(action == Action::List || is_batch && self.listed(resource)) {
            return self.said.items.clone();
        }
        let found = envelope::list(self.schemas, self.success()?, self.noun(resource), resource.schema.as_ref())?;
        let place =
            if found.pointer.is_empty() { "the success body is the list".to_owned() } else { format!("{} is the list", found.pointer) };
        why.push(Inference::new(Aspect::Body, place, "the schema of the success body"));
        Some(found.pointer)
    }

    fn filters(&self, action: Action, resource: &Resource, why: &mut Vec<Inference>) -> Vec<super::Filter> {
        match &self.said.filters {
            Some(filters) => {
                why.push(Inference::declared(Aspect::Filters, "filters"));
                filters.clone()
            }
            None if action == Action::List && !self.is_search() => filters::infer(self.schemas, self.operation, resource, why),
            None => Vec::new(),
        }
    }

    fn fields(&self, why: &mut Vec<Inference>) -> Option<String> {
        if let Some(fields) = &self.said.fields {
            why.push(Inference::declared(Aspect::Fields, "fields"));
            return Some(fields.clone());
        }
        let fields = filters::fields(self.schemas, self.operation)?;
        why.push(Inference::new(Aspect::Fields, format!("{fields} chooses properties"), "its name"));
        Some(fields)
    }
}
