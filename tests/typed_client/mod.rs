//! The typed client of a document: it sends what the document declares, decodes every declared answer, and works with
//! the mock. Which clients there are, and how an operation is called, is generated (`PROVIDERS` of a crate of clients).

mod socket;

use std::sync::Arc;

use contract::{
    Suite,
    client::{self, Call},
};
use crm_notes::runtime::contract::{Arguments, Connect, Outcome, Provider};
use libtest_mimic::{Failed, Trial};
use mock_server::MockServer;
use specs::{Source, api::Operation};

use self::socket::Socket;

/// What is answered to a call whose answer does not matter.
const TEAPOT: u16 = 418;

/// What a client must do with the mock of its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WithMock {
    /// Every call succeeds: the rows that it names are there.
    Succeed,
    /// Every declared answer is decoded, asked for by its status.
    Decode,
}

/// The trials of one document's client, among those of a crate.
pub(crate) fn trials(suite: &Arc<Suite>, source: &Source, providers: &[Provider], with_mock: WithMock) -> Vec<Trial> {
    let name = suite.api().name.clone();
    let Some(provider) = providers.iter().find(|provider| provider.name == name) else {
        let missing = move || Err(Failed::from(format!("there is no client `{name}`")));
        return vec![Trial::test(format!("{}::typed_client_exists", suite.api().name), missing)];
    };
    let subject = |operation: &Operation| Subject {
        suite: Arc::clone(suite),
        source: source.clone(),
        provider: *provider,
        operation: operation.clone(),
    };
    suite.api().operations.iter().flat_map(|operation| of_operation(&subject(operation), with_mock)).collect()
}

fn of_operation(subject: &Subject, with_mock: WithMock) -> Vec<Trial> {
    let named = |what: &str| format!("{}::{}::typed_client_{what}", subject.provider.name, subject.operation.id);
    let mut trials = Vec::new();
    let sends = subject.clone();
    trials.push(Trial::test(named("sends_what_is_declared"), move || super::block_on(sends.sends())));
    let works = subject.clone();
    trials.push(match with_mock {
        WithMock::Succeed => Trial::test(named("works_with_the_mock"), move || super::block_on(works.works())),
        WithMock::Decode => Trial::test(named("decodes_what_the_mock_sends"), move || super::block_on(works.understands())),
    });
    if let Some(status) = subject.suite.undeclared(&subject.operation) {
        let keeps = subject.clone();
        trials.push(Trial::test(named("keeps_an_undeclared_status"), move || super::block_on(keeps.keeps(status))));
    }
    for status in client::statuses(&subject.operation) {
        let decodes = subject.clone();
        trials.push(Trial::test(named(&format!("decodes_status_{status}")), move || super::block_on(decodes.decodes(status))));
    }
    trials
}

/// An operation of a client.
#[derive(Clone)]
struct Subject {
    suite: Arc<Suite>,
    source: Source,
    provider: Provider,
    operation: Operation,
}

impl Subject {
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

    /// Each call succeeds on a mock of its own.
    async fn works(self) -> Result<(), Failed> {
        for call in self.calls().await? {
            let server = MockServer::builder().source(self.source.clone()).start().await?;
            match self.call(&server.base_url(self.provider.name), &call).await {
                Outcome::Decoded { status, .. } if (200..300).contains(&status) => {}
                other => return Err(format!("{}: {other:?}", call.what).into()),
            }
        }
        Ok(())
    }

    /// The mock is asked for every declared answer, and the client decodes each.
    async fn understands(self) -> Result<(), Failed> {
        let Some(call) = self.calls().await?.into_iter().next() else { return Ok(()) };
        for status in client::statuses(&self.operation) {
            let Some(answer) = self.suite.answers(&self.operation, &status).into_iter().next() else { continue };
            let server = MockServer::builder().source(self.source.clone()).start().await?;
            let connect = self.connect(&server.base_url(self.provider.name)).with_header("Prefer", &format!("code={}", answer.status));
            match self.send(connect, &call).await {
                Outcome::Decoded { status, .. } if status == answer.status => {}
                other => return Err(format!("status {}: {other:?}", answer.status).into()),
            }
        }
        Ok(())
    }

    /// A status that is not declared keeps its body.
    async fn keeps(self, status: u16) -> Result<(), Failed> {
        let Some(call) = self.calls().await?.into_iter().next() else { return Ok(()) };
        let headers = vec![("Content-Type".to_owned(), "text/plain".to_owned())];
        let socket = Socket::answering(status, headers, b"short and stout".to_vec())?;
        match self.call(&socket.url(), &call).await {
            Outcome::Undeclared { status: kept, text } if kept == status && text == "short and stout" => Ok(()),
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

    async fn calls(&self) -> Result<Vec<Call>, Failed> {
        let calls = self.suite.calls(&self.operation).await;
        if calls.is_empty() { Err("no valid call was found".into()) } else { Ok(calls) }
    }

    async fn call(&self, base: &str, call: &Call) -> Outcome {
        self.send(self.connect(base), call).await
    }

    fn connect(&self, base: &str) -> Connect {
        let mut connect = Connect::new(base);
        for (name, _) in self.operation.security.first().into_iter().flat_map(|alternative| &alternative.schemes) {
            let offered = self.suite.api().schemes.get(name).and_then(|scheme| scheme.credentials.example.as_deref());
            connect = connect.with_credential(name, offered.unwrap_or("contract"));
        }
        connect
    }

    async fn send(&self, connect: Connect, call: &Call) -> Outcome {
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
