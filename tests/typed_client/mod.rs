//! The typed client of a document: it sends what the document declares, decodes every declared answer, and works with
//! the mock. Which clients there are, and how an operation is called, is generated (`PROVIDERS` of a crate of clients).

mod socket;

use std::sync::Arc;

use contract::{
    Credentials, Suite,
    client::{self, Call},
};
use crm_notes::runtime::contract::{Arguments, Connect, Outcome, Provider};
use libtest_mimic::{Failed, Trial};
use mock_server::MockServer;
use specs::{Source, api::Operation};

use self::socket::Socket;

/// What is answered to a call whose answer does not matter.
const TEAPOT: u16 = 418;

/// The operations of one document's client, among those of a crate; nothing when there is no such client.
pub(crate) fn subjects(suite: &Arc<Suite>, source: &Source, providers: &[Provider]) -> Option<Vec<Subject>> {
    let provider = providers.iter().find(|provider| provider.name == suite.api().name)?;
    let subject = |operation: &Operation| {
        let (suite, source, operation) = (Arc::clone(suite), source.clone(), operation.clone());
        Subject { suite, source, provider: *provider, operation }
    };
    Some(suite.api().operations.iter().map(subject).collect())
}

/// The trials of an operation that need no mock.
pub(crate) fn trials(subject: &Subject) -> Vec<Trial> {
    let mut trials = Vec::new();
    let sends = subject.clone();
    trials.push(subject.trial("sends_what_is_declared", move || super::harness::block_on(sends.sends())));
    if let Some(status) = subject.suite.undeclared(&subject.operation) {
        let keeps = subject.clone();
        trials.push(subject.trial("keeps_an_undeclared_status", move || super::harness::block_on(keeps.keeps(status))));
    }
    for status in client::statuses(&subject.operation) {
        let decodes = subject.clone();
        trials.push(subject.trial(&format!("decodes_status_{status}"), move || super::harness::block_on(decodes.decodes(status))));
    }
    trials
}

/// An operation of a client.
#[derive(Clone)]
pub(crate) struct Subject {
    pub(crate) suite: Arc<Suite>,
    pub(crate) source: Source,
    provider: Provider,
    pub(crate) operation: Operation,
}

impl Subject {
    /// A trial under the name of the operation.
    pub(crate) fn trial(&self, what: &str, run: impl FnOnce() -> Result<(), Failed> + Send + 'static) -> Trial {
        Trial::test(format!("{}::{}::typed_client_{what}", self.provider.name, self.operation.id), run)
    }

    /// A mock of the document, and the address of the operation's own server there.
    pub(crate) async fn mock(&self) -> Result<(MockServer, String), Failed> {
        let server = MockServer::builder().source(self.source.clone()).root(self.provider.name).start().await?;
        let servers = if self.operation.servers.is_empty() { &self.suite.api().servers } else { &self.operation.servers };
        let path = servers.first().map_or("", |server| server.path.as_str());
        let address = format!("{}{path}", server.url().trim_end_matches('/'));
        Ok((server, address))
    }

    /// Each call makes the request that is due.
    async fn sends(self) -> Result<(), Failed> {
        for call in self.calls().await? {
            let socket = Socket::answering(TEAPOT, Vec::new(), Vec::new())?;
            let outcome = self.call(&socket.url(), &call).await;
            if let Outcome::NotSent(why) = outcome {
                return Err(format!("{}: not sent: {why}", call.what).into());
            }
            let sent = socket.request()?;
            if let Some(differs) = client::differs(&call.due, &sent) {
                return Err(format!("{}: {differs}", call.what).into());
            }
        }
        Ok(())
    }

    /// A status that is not declared keeps its body.
    async fn keeps(self, status: u16) -> Result<(), Failed> {
        let Some(call) = self.calls().await?.into_iter().next() else { return Ok(()) };
        let headers = vec![("Content-Type".to_owned(), "text/plain".to_owned())];
        let socket = Socket::answering(status, headers, b"short and stout".to_vec())?;
        let due = if self.operation.method == "HEAD" { "" } else { "short and stout" };
        match self.call(&socket.url(), &call).await {
            Outcome::Undeclared { status: kept, text } if kept == status && text == due => Ok(()),
            other => Err(format!("{other:?}").into()),
        }
    }

    /// Each answer of a status is decoded, and nothing of it is lost.
    async fn decodes(self, status: String) -> Result<(), Failed> {
        let Some(call) = self.calls().await?.into_iter().next() else { return Ok(()) };
        for answer in self.suite.answers(&self.operation, &status) {
            let socket = Socket::answering(answer.status, answer.headers.clone(), answer.body.clone())?;
            let told = || String::from_utf8_lossy(&answer.body).into_owned();
            match self.call(&socket.url(), &call).await {
                Outcome::Decoded { status, body } if status == answer.status => {
                    if let Some(place) = answer.value.as_ref().and_then(|value| client::lost(value, &body)) {
                        return Err(format!("`{place}` of {} is lost in {body}", told()).into());
                    }
                }
                other => return Err(format!("{other:?} came of {}", told()).into()),
            }
        }
        Ok(())
    }

    pub(crate) async fn calls(&self) -> Result<Vec<Call>, Failed> {
        let calls = self.suite.calls(&self.operation).await;
        if calls.is_empty() { Err("no valid call was found".into()) } else { Ok(calls) }
    }

    pub(crate) async fn call(&self, base: &str, call: &Call) -> Outcome {
        self.send(self.connect(base), call).await
    }

    pub(crate) fn connect(&self, base: &str) -> Connect {
        let mut connect = Connect::new(base);
        let known = Credentials::of_document(self.suite.api());
        for (name, _) in self.operation.security.first().into_iter().flat_map(|alternative| &alternative.schemes) {
            connect = connect.with_credential(name, known.of(name));
        }
        connect
    }

    pub(crate) async fn send(&self, connect: Connect, call: &Call) -> Outcome {
        let parameters = call.parameters.iter();
        let arguments =
            parameters.fold(Arguments::new(), |arguments, (location, name, value)| arguments.with(location.as_str(), name, value.clone()));
        let arguments = match &call.body {
            Some(body) => arguments.with_body(body.clone()),
            None => arguments,
        };
        (self.provider.call)(connect, self.operation.id.clone(), arguments).await
    }
}
