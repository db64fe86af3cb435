//! What an operation takes and answers beside items: how lists are cut, sorted and searched, and what verbs make of items.

use super::{
    Action, Aspect, Effect, Inference, PageStyle, Pagination, Resource, Search, Sort, declared::Pages, deeds, envelope, filters, paging,
    request, roles::Scene, sorting,
};
use crate::{api::Location, pointer};

impl Scene<'_> {
    pub(super) fn pagination(&self, action: Action, items: &str, why: &mut Vec<Inference>) -> Option<Pagination> {
        if action != Action::List || self.is_search() {
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
            first: 1,
            after_key: false,
            links: Vec::new(),
            headers: Vec::new(),
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

    pub(super) fn sort(&self, action: Action, why: &mut Vec<Inference>) -> Option<Sort> {
        if let Some(said) = self.said.sort.as_ref().filter(|_| action == Action::List) {
            for (parameter, what) in [(&said.by, "names what the list is sorted by"), (&said.direction, "says in which direction")] {
                why.extend(parameter.iter().map(|name| Inference::declared(Aspect::Sort, format!("`{name}` {what}"))));
            }
            return Some(said.clone());
        }
        (action == Action::List).then(|| sorting::infer(self.schemas, self.operation, why)).flatten()
    }

    /// Whether a list is asked for with a body.
    pub(super) fn is_search(&self) -> bool {
        self.deed.is_some_and(deeds::searches) && self.operation.body.is_some()
    }

    /// How the body chooses items; `None` when nothing of it is understood.
    pub(super) fn search(&self, action: Action, resource: &Resource, why: &mut Vec<Inference>) -> Option<Search> {
        let body = envelope::request_schema(self.operation).filter(|_| action == Action::List && self.is_search())?;
        let criteria = filters::of_body(self.schemas, body, resource);
        for (place, properties, _) in &criteria {
            why.push(Inference::new(Aspect::Filters, format!("body{place} looks at {}", properties.join(" or ")), "its name"));
        }
        let pagination = paging::of_body(self.schemas, self.operation, body, why);
        (!criteria.is_empty()).then_some(Search { criteria, pagination })
    }

    /// Where the request body holds the item.
    pub(super) fn input(&self, action: Action, resource: &Resource, why: &mut Vec<Inference>) -> String {
        let body = envelope::request_schema(self.operation);
        let Some(body) = body.filter(|_| !matches!(action, Action::List | Action::Read | Action::Delete)) else { return String::new() };
        let input = request::input(self.schemas, body, self.noun(resource), resource.schema.as_ref());
        if let Some(said) = &self.said.input {
            why.push(Inference::declared(Aspect::Input, format!("the item is sent at {said}")));
            return said.clone();
        }
        if !input.is_empty() {
            why.push(Inference::new(Aspect::Input, format!("the item is sent at {input}"), "its properties"));
        }
        input
    }

    /// The array of the body whose elements make items.
    pub(super) fn batch(&self, action: Action, resource: &Resource, why: &mut Vec<Inference>) -> Option<String> {
        if let Some(said) = &self.said.batch {
            why.push(Inference::declared(Aspect::Input, format!("each element of body{said} makes an item")));
            return Some(said.clone());
        }
        let place = request::batch(self.schemas, self.operation, self.noun(resource), resource.schema.as_ref());
        let place = place.filter(|_| action == Action::Create && self.said.action.is_none())?;
        why.push(Inference::new(Aspect::Input, format!("each element of body{place} makes an item"), "the schema of its elements"));
        Some(place)
    }

    /// Whether a PUT makes what is not there: 201 is declared for it, or nothing else makes anything.
    pub(super) fn makes(&self, action: Action, resource: &Resource, why: &mut Vec<Inference>) -> bool {
        let is_put = self.operation.method == http::Method::PUT && self.deed.is_none() && !resource.single;
        let is_made = || self.operation.responses.iter().any(|response| response.status == crate::api::Status::Exactly(201));
        let makes = is_put && matches!(action, Action::Replace | Action::Update) && self.said.action.is_none() && is_made();
        if makes {
            why.push(Inference::new(Aspect::Action, "makes what is not there", "201 is declared"));
        }
        makes
    }

    /// What a verb at the end of the path makes of the item.
    pub(super) fn effects(&self, action: Action, resource: &Resource, why: &mut Vec<Inference>) -> Vec<(String, Effect)> {
        let (Some(verb), Some(schema), Action::Update) = (self.deed, &resource.schema, action) else { return Vec::new() };
        let found = deeds::effects(self.schemas, schema, verb, &self.operation.method);
        for (property, effect) in &found {
            let becomes = match effect {
                Effect::Value(value) => value.to_string(),
                Effect::Now => "now".to_owned(),
            };
            why.push(Inference::new(Aspect::Effects, format!("{property} becomes {becomes}"), format!("the verb `{verb}`")));
        }
        found
    }

    /// Where an answer that does not hold the item tells its key.
    pub(super) fn echo(&self, item: Option<&String>, resource: &Resource) -> Option<String> {
        let message = self.success().filter(|_| item.is_none() && !resource.single)?;
        let mut found = None;
        envelope::each_member(self.schemas, message, &mut |place, name, schema| {
            let is_single = !envelope::is_object(self.schemas, schema) && self.schemas.items(schema).is_none();
            if found.is_none() && name == resource.key && is_single && pointer::tokens(place).count() <= 2 {
                found = Some(place.to_owned());
            }
        });
        found
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
