//! Which requests are measured: the first create with an example in the documents, and the read of what it made.
//!
//! Nothing here names a provider: another set of documents is measured by other requests, and a set in which no
//! created thing can be read is told so.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;
use specs::{
    Api, Source,
    api::{Location, Operation, Parameter, Part, SchemeKind, Security},
    resources::Action,
};

use super::load::Request;
use crate::Failure;

/// The requests to measure, of one provider.
pub(crate) struct Plan {
    /// The provider's name.
    pub(crate) provider: String,
    api: Api,
    create: Operation,
    read: Operation,
    body: Value,
}

impl Plan {
    /// The plan for the documents that ship.
    pub(crate) fn from_documents() -> Result<Self, Failure> {
        let folder = std::path::Path::new(specs::DIR);
        let cannot = |error| Failure::new(format!("cannot read `{}`", folder.display())).because(error);
        for path in specs::documents(folder).map_err(cannot)? {
            if let Some(plan) = specs::load(&Source::read(&path).map_err(cannot)?).api.and_then(Self::of) {
                return Ok(plan);
            }
        }
        let help = "give a create operation an example, and let a read operation return what it made";
        Err(Failure::new("no document has a create with an example and a read of the same resource").help(help))
    }

    /// The plan for one document, when it has such operations.
    pub(crate) fn of(api: Api) -> Option<Self> {
        let does =
            |operation: &Operation, action| operation.role.as_ref().filter(|role| role.action == action).map(|role| role.resource.clone());
        let (create, read, body) = api.operations.iter().find_map(|create| {
            let resource = does(create, Action::Create)?;
            let read = api.operations.iter().find(|read| does(read, Action::Read).as_deref() == Some(&resource))?;
            let json = create.body.as_ref()?.content.iter().find(|media| media.is_json())?;
            Some((create.clone(), read.clone(), json.examples.first()?.value.clone()))
        })?;
        Some(Self { provider: api.name.clone(), api, create, read, body })
    }

    /// What is measured, in words.
    pub(crate) fn words(&self) -> String {
        format!("{}: GET {}, and POST {}", self.provider, self.read.path, self.create.path)
    }

    /// The request that makes something; `base` is the path that the mock serves the document's server at.
    pub(crate) fn create(&self, base: &str) -> Option<Request> {
        let mut headers = self.headers(&self.create)?;
        headers.push(("content-type".to_owned(), "application/json".to_owned()));
        let target = format!("{base}{}", target(&self.create, None)?);
        Some(Request::new(self.create.method.as_str(), &target, &headers, self.body.to_string().as_bytes()))
    }

    /// The request that reads what was made, by what came back when it was.
    pub(crate) fn read(&self, base: &str, created: &[u8]) -> Option<Request> {
        let created: Value = serde_json::from_slice(created).ok()?;
        let role = self.create.role.as_ref()?;
        let resource = self.api.resources.iter().find(|resource| resource.name == role.resource)?;
        let key = text(created.pointer(role.item.as_deref()?)?.get(&resource.key)?);
        let target = format!("{base}{}", target(&self.read, Some(&key))?);
        Some(Request::new(self.read.method.as_str(), &target, &self.headers(&self.read)?, b""))
    }

    /// Required header parameters, and the example credentials of the first alternative that has them.
    fn headers(&self, operation: &Operation) -> Option<Vec<(String, String)>> {
        let required = operation.parameters.iter().filter(|parameter| parameter.required && parameter.location == Location::Header);
        let mut headers = required.map(|parameter| Some((parameter.name.clone(), example(parameter)?))).collect::<Option<Vec<_>>>()?;
        if !operation.security.is_empty() {
            headers.extend(operation.security.iter().find_map(|alternative| self.credentials(alternative))?);
        }
        Some(headers)
    }

    fn credentials(&self, alternative: &Security) -> Option<Vec<(String, String)>> {
        let header = |(name, _): &(String, Vec<String>)| {
            let scheme = self.api.schemes.get(name)?;
            let example = scheme.credentials.example.as_deref()?;
            let authorization = |scheme: &str, value: &str| Some(("authorization".to_owned(), format!("{scheme} {value}")));
            match &scheme.kind {
                SchemeKind::ApiKey { location: Location::Header, name } => Some((name.clone(), example.to_owned())),
                SchemeKind::Basic => authorization("Basic", &STANDARD.encode(example)),
                SchemeKind::Bearer { .. } => authorization("Bearer", example),
                _ => None,
            }
        };
        alternative.schemes.iter().map(header).collect()
    }
}

/// Path and query; the key, when there is one, stands for the last variable of the path.
fn target(operation: &Operation, key: Option<&str>) -> Option<String> {
    let last = operation.segments.iter().flat_map(|segment| &segment.parts).rfind(|part| matches!(part, Part::Variable(_)));
    let mut path = String::new();
    for segment in &operation.segments {
        path.push('/');
        for part in &segment.parts {
            match (part, key) {
                (Part::Literal(text), _) => path.push_str(text),
                (part, Some(key)) if Some(part) == last => path.push_str(key),
                (Part::Variable(name), _) => path.push_str(&example(find(operation, Location::Path, name)?)?),
            }
        }
    }
    let required = operation.parameters.iter().filter(|parameter| parameter.required && parameter.location == Location::Query);
    let query = required.map(|parameter| Some(format!("{}={}", parameter.name, example(parameter)?))).collect::<Option<Vec<_>>>()?;
    Some(if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) })
}

fn find<'o>(operation: &'o Operation, location: Location, name: &str) -> Option<&'o Parameter> {
    operation.parameters.iter().find(|parameter| parameter.location == location && parameter.name == name)
}

fn example(parameter: &Parameter) -> Option<String> {
    parameter.examples.first().map(|example| text(&example.value))
}

/// A value as it is written in a path, a query or a header.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
