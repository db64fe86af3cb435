//! What one operation does to its resource, from method, path, bodies and parameters.

use http::Method;

use super::{
    Action, Aspect, Inference, PageStyle, Pagination, Place, Resource, Role,
    declared::{Pages, Said},
    envelope,
    families::{Site, Spot},
    filters, hierarchy, paging, words,
};
use crate::{
    api::{Location, Operation, SchemaId, Schemas, Status},
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
    let items = scene.items(action, resource, &mut why);
    if action == Action::List && items.is_none() {
        return None;
    }
    Some(Role {
        resource: resource.name.clone(),
        action,
        key: scene.key(action, resource, &mut why),
        parents: scene.parents(action, resource, &mut why),
        item: scene.item(action, resource, &mut why),
        filters: scene.filters(action, resource, &mut why),
        fields: scene.fields(&mut why),
        pagination: scene.pagination(action, items.as_deref().unwrap_or_default(), &mut why),
        items,
        why,
    })
}

impl Scene<'_> {
    fn noun<'n>(&'n self, resource: &'n Resource) -> &'n str {
        self.spot.map_or(resource.name.as_str(), |spot| spot.noun.as_str())
    }

    fn success(&self) -> Option<&SchemaId> {
        envelope::success_schema(self.operation)
    }

    fn action(&self, resource: &Resource, why: &mut Vec<Inference>) -> Option<Action> {
        let site = self.spot.map_or_else(|| if self.said.key.is_some() { Site::Item } else { Site::Collection }, |spot| spot.site);
        let action = match (&self.operation.method, site) {
            (&Method::GET, Site::Collection) if self.said.item.is_some() => Action::Read,
            (&Method::GET, Site::Collection) => Action::List,
            (&Method::GET, Site::Item) => self.reads(resource).then_some(Action::Read)?,
            (&Method::POST, Site::Collection) => self.creates(resource).then_some(Action::Create)?,
            (&Method::POST, Site::Item) => self.posts_change(resource).then_some(Action::Update)?,
            (&Method::PUT, Site::Item) => self.puts(),
            (&Method::PATCH, Site::Item) => Action::Update,
            (&Method::DELETE, Site::Item) => Action::Delete,
            _ => return None,
        };
        let place = if site == Site::Item { "an item" } else { "a collection" };
        why.push(Inference::new(Aspect::Action, action.as_str(), format!("{} on the path of {place}", self.operation.method)));
        Some(action)
    }

    /// A GET that answers with something other than JSON fetches a file and not an item.
    fn reads(&self, resource: &Resource) -> bool {
        self.said.item.is_some()
            || self
                .success()
                .is_some_and(|schema| envelope::item(self.schemas, schema, self.noun(resource), resource.schema.as_ref()).is_some())
    }

    /// One item is made of one body: a body that is a list needs a declaration. Who answers with a list of items searched.
    fn creates(&self, resource: &Resource) -> bool {
        let known = resource.schema.as_ref();
        let listed = self.success().and_then(|message| envelope::list(self.schemas, message, self.noun(resource), known));
        if listed.is_some_and(|listed| known.is_some_and(|known| envelope::is_alike(self.schemas, &listed.schema, known))) {
            return false;
        }
        let answers_created = self.operation.success().is_some_and(|response| response.status == Status::Exactly(201));
        match envelope::request_schema(self.operation) {
            Some(schema) => self.schemas.items(schema).is_none(),
            None => answers_created || self.operation.body.is_some(),
        }
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

    fn key(&self, action: Action, resource: &Resource, why: &mut Vec<Inference>) -> Option<Place> {
        if let Some(key) = &self.said.key {
            why.push(Inference::declared(Aspect::Key, format!("{key} names the item")));
            return Some(key.clone());
        }
        if matches!(action, Action::Create | Action::List) {
            return None;
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
        if action == Action::Create
            && let Some(body) = envelope::request_schema(self.operation)
        {
            for parent in &resource.parents {
                let is_new = !found.iter().any(|(known, _)| *known == parent.property);
                if is_new && self.schemas.property(body, &parent.property).is_some() {
                    why.push(Inference::new(Aspect::Parents, format!("the body names {}", parent.property), "its name"));
                    found.push((parent.property.clone(), Place::Body(pointer::join("", &parent.property))));
                }
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

    fn items(&self, action: Action, resource: &Resource, why: &mut Vec<Inference>) -> Option<String> {
        if self.said.items.is_some() {
            why.push(Inference::declared(Aspect::Body, "items"));
        }
        if self.said.items.is_some() || action != Action::List {
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
            None if action == Action::List => filters::infer(self.schemas, self.operation, resource, why),
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

    fn pagination(&self, action: Action, items: &str, why: &mut Vec<Inference>) -> Option<Pagination> {
        if action != Action::List {
            return None;
        }
        let inferred = paging::infer(self.schemas, self.operation, items, why);
        let Some(said) = self.pages else { return inferred };
        explain(said, why);
        let mut pages = inferred.unwrap_or(Pagination {
            style: PageStyle::Offset,
            position: None,
            size: None,
            default_size: 0,
            max_size: None,
            shows: Vec::new(),
        });
        let style = said.style.unwrap_or(pages.style);
        if style != pages.style && said.shows.is_none() {
            pages.shows = self.success().map(|schema| paging::shows(self.schemas, schema, items, style)).unwrap_or_default();
        }
        pages.style = style;
        pages.position = said.position.clone().or(pages.position);
        pages.size = said.size.clone().or(pages.size);
        let (default, most) = paging::sizes(self.schemas, self.query(pages.size.as_deref()));
        pages.default_size = said.default.unwrap_or_else(|| said.most.map_or(default, |most| most.min(default)));
        pages.max_size = said.most.or(most).map(|most| most.max(pages.default_size));
        pages.shows = said.shows.clone().unwrap_or(pages.shows);
        Some(pages)
    }

    fn query(&self, name: Option<&str>) -> Option<&crate::api::Parameter> {
        self.operation.parameters.iter().find(|parameter| parameter.location == Location::Query && Some(parameter.name.as_str()) == name)
    }
}

/// What is declared about pages takes the place of the reasons for what it overrules.
fn explain(said: &Pages, why: &mut Vec<Inference>) {
    let cut = said.style.is_some() || said.position.is_some() || said.size.is_some();
    let sizes = said.default.is_some() || said.most.is_some();
    why.retain(|one| match one.about {
        Aspect::Paging => !cut,
        Aspect::Size => said.default.is_none() || said.most.is_none(),
        Aspect::Page => said.shows.is_none(),
        _ => true,
    });
    for (what, about, is_declared) in
        [("how it is cut", Aspect::Paging, cut), ("sizes of pages", Aspect::Size, sizes), ("shows", Aspect::Page, said.shows.is_some())]
    {
        if is_declared {
            why.push(Inference::declared(about, what));
        }
    }
}
