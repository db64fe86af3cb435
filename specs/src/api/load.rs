//! A document becomes the typed model: what is wrong is collected on the way, and what is left is used.

use serde_json::Value;

use super::{
    Api, Server, extensions, links, message,
    node::{Node, Reader},
    paths,
    schemas::Schemas,
    security,
};
use crate::{
    document::{Document, Reading, Source},
    normalize,
    problem::{Problem, Problems},
    resources, webhooks,
};

/// What came of a document.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The model; `None` when nothing at all could be made of the document.
    pub api: Option<Api>,
    /// The document as written; `None` when it is neither YAML nor JSON.
    pub document: Option<Document>,
    /// All that is wrong with it, in the order of the passes.
    pub problems: Vec<Problem>,
}

/// Reads a document into the model. Nothing in a document makes this panic. When it is to be read strictly, there is no
/// model of a document that has problems.
#[must_use]
pub fn load(source: &Source) -> Loaded {
    let (document, mut problems) = Document::read(source);
    let api = document.as_ref().and_then(|document| {
        let mut found = Problems::new(document);
        let mut root = document.value.clone();
        normalize::mend(&mut root, &mut found);
        let api = normalize::normalize(document, root, &mut found).map(|root| api(document, &Schemas::new(root), &mut found));
        problems.extend(found.into_found());
        api
    });
    let api = api.filter(|_| source.reading == Reading::Lenient || problems.is_empty());
    Loaded { api, document, problems }
}

fn api(document: &Document, schemas: &Schemas, problems: &mut Problems) -> Api {
    let root = Node::new(schemas.root(), "");
    let info = root.get("info").unwrap_or(Node::new(&Value::Null, "/info"));
    let mut reader = Reader { root: schemas.root(), problems };
    let evidence = reader.evidence(&root, super::Evidence::default());
    let schemes = security::schemes(&mut reader, &root);
    let security = security::alternatives(&mut reader, root.get("security").as_ref(), &schemes);
    let context = paths::Context { schemas, schemes: &schemes, security, evidence };
    let mut operations = paths::operations(&mut reader, &root, &context);
    links::assign(&mut reader, &mut operations);
    let title = info.text("title");
    let mut api = Api {
        name: document.name.clone(),
        file: document.file.clone(),
        title: if title.is_empty() { document.name.clone() } else { title },
        version: info.text("version"),
        description: info.text("description"),
        servers: document_servers(&mut reader, &root),
        operations,
        schemes,
        docs: extensions::docs(&mut reader, &root),
        mock: extensions::mock(&mut reader, &root, extensions::Position::Top),
        resources: Vec::new(),
        rate_limits: resources::rate_limits(&mut reader, &root),
        webhooks: Vec::new(),
        subscriptions: None,
        schemas: schemas.clone(),
    };
    resources::assign(&mut reader, &mut api);
    webhooks::assign(&mut reader, &mut api);
    api
}

fn document_servers<'r>(reader: &mut Reader<'r, '_, '_>, root: &Node<'r>) -> Vec<Server> {
    let mut servers = message::servers(reader, root);
    if servers.is_empty() {
        servers.push(Server {
            template: "/".to_owned(),
            url: "/".to_owned(),
            path: String::new(),
            also: Vec::new(),
            description: String::new(),
            variables: Vec::new(),
        });
    }
    servers
}
