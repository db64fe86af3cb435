//! Faults and answers as they are sent, checked against what is served.

use std::sync::Arc;

use super::{Answer, AtEnd, Fault, Sequence, SequenceBody, Step, Wrong, plan::is_called};
use crate::{Error, provider::Provider, sandbox::Sandbox, shell::Shell};

impl Shell {
    /// Lets something go wrong in a sandbox.
    pub(crate) fn inject(&self, sandbox: &Sandbox, fault: Fault) -> Result<Vec<String>, Error> {
        let invalid = |wrong: Wrong| Error::InvalidFault { reason: wrong.message, help: wrong.help };
        let rules = fault.rules().map_err(invalid)?;
        self.check(&rules, &sandbox.name).map_err(invalid)?;
        let full = |_| invalid(Wrong::new("", "the sandbox has as many faults as it may have", "take some away first"));
        sandbox.faults.add(rules).map_err(full)
    }

    /// Chooses the next answers of an operation, which names its provider as in `provider/operation` where several
    /// have one of its name.
    pub(crate) fn choose(
        &self,
        sandbox: &Sandbox,
        operation: &str,
        answers: impl IntoIterator<Item = Answer>,
        at_end: AtEnd,
    ) -> Result<(), Error> {
        let (provider, operation) = operation.split_once('/').map_or((None, operation), |(provider, rest)| (Some(provider), rest));
        let answers = answers.into_iter().map(|answer| answer.0).collect();
        let (provider, operation) = (provider.map(str::to_owned), operation.to_owned());
        let sequence = self.sequence(SequenceBody { provider, operation, answers, at_end, unchecked: false })?;
        if sandbox.answers.put(sequence) { Ok(()) } else { Err(invalid("the sandbox has as many sequences as it may have", "reset it")) }
    }

    /// The sequence of answers that is described.
    pub(crate) fn sequence(&self, body: SequenceBody) -> Result<Sequence, Error> {
        let (provider, index) = self.owner(&body)?;
        let operation = provider.operation(index).unwrap_or_else(|| Arc::from(body.operation.as_str()));
        if body.answers.is_empty() {
            return Err(invalid("the sequence has no answers", "give at least one: `{\"code\": 404}`"));
        }
        let mut steps = Vec::new();
        for (position, answer) in body.answers.into_iter().enumerate() {
            let help = "write `{\"code\": 404}`, `{\"status\": 200, \"body\": {}}` or `{\"pass\": true}`";
            let step = Step::read(answer).map_err(|wrong| invalid(&format!("`answers/{position}`: {wrong}"), help))?;
            if let Some(wrong) = step.wanted().and_then(|wanted| provider.engine.cannot_answer(index, wanted)) {
                return Err(invalid(
                    &format!("`answers/{position}`: {wrong}"),
                    "or give the answer itself: `{\"status\": 418, \"body\": {}}`",
                ));
            }
            steps.push(step);
        }
        Ok(Sequence::new(provider.name.clone(), operation, steps, body.at_end, body.unchecked))
    }

    /// The provider that has the operation, and the position of the operation there.
    fn owner(&self, body: &SequenceBody) -> Result<(Arc<Provider>, usize), Error> {
        let named: Vec<_> =
            self.providers().filter(|provider| body.provider.as_deref().is_none_or(|name| name == &*provider.name)).collect();
        if named.is_empty() {
            let known: Vec<_> = self.slots.iter().map(|slot| format!("`{}`", slot.name)).collect();
            let name = body.provider.as_deref().unwrap_or_default();
            return Err(invalid(&format!("no provider is named `{name}`"), &format!("there are {}", known.join(", "))));
        }
        let position = |provider: &Arc<Provider>| {
            let mut operations = provider.api().operations.iter();
            operations.position(|operation| operation.id == body.operation)
        };
        let alike = |provider: &Arc<Provider>| {
            let mut operations = provider.api().operations.iter();
            operations.position(|operation| !body.operation.contains('*') && is_called(&operation.id, &body.operation))
        };
        let found = |provider: &Arc<Provider>| Some((provider.clone(), position(provider).or_else(|| alike(provider))?));
        let mut all: Vec<_> = named.iter().filter_map(found).collect();
        match all.len() {
            0 => Err(self.unknown(&named, &body.operation)),
            1 => Ok(all.remove(0)),
            _ => {
                let names: Vec<_> = all.iter().map(|(provider, _)| format!("`{}`", provider.name)).collect();
                let message = format!("several providers have an operation `{}`", body.operation);
                Err(invalid(&message, &format!("say which with `provider`: {}", names.join(", "))))
            }
        }
    }

    fn unknown(&self, named: &[Arc<Provider>], operation: &str) -> Error {
        let all: Vec<&str> = named.iter().flat_map(|provider| &provider.api().operations).map(|known| known.id.as_str()).collect();
        let help = match specs::nearest(operation, all.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("`GET {}/providers` lists them", self.control_url().unwrap_or_default()),
        };
        invalid(&format!("no operation is named `{operation}`"), &help)
    }
}

fn invalid(reason: &str, help: &str) -> Error {
    Error::InvalidAnswer { reason: reason.to_owned(), help: help.to_owned() }
}
