//! What is not given, told before anything is sent.

use std::fmt;

use specs::api::{Api, Operation, Scheme, Security};

use super::{Credentials, Origin, environment};
use crate::target::Place;

/// A scheme of which no credential is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The scheme.
    pub scheme: String,
    /// The variables that would do; none where no text is a credential.
    pub variables: Vec<String>,
    /// The operations that nothing else lets a request pass.
    pub needed_by: Vec<String>,
}

/// `bearerAuth` (`CONTRACT_BEARERAUTH` or `CONTRACT_BEARER`), and who needs it.
impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let variables: Vec<String> = self.variables.iter().map(|name| format!("`{name}`")).collect();
        let variables = if variables.is_empty() { "no variable can give it".to_owned() } else { variables.join(" or ") };
        write!(f, "`{}` ({variables})", self.scheme)?;
        match self.needed_by.as_slice() {
            [] => write!(f, ", which other credentials stand in for"),
            [one] => write!(f, ", needed by `{one}`"),
            [one, more @ ..] => write!(f, ", needed by `{one}` and {} more", more.len()),
        }
    }
}

impl Credentials {
    /// The schemes that operations ask for and of which the environment gave no credential.
    #[must_use]
    pub fn missing(&self, api: &Api) -> Vec<Missing> {
        let names = |alternative: &Security, scheme: &Scheme| alternative.schemes.iter().any(|(name, _)| *name == scheme.name);
        let asks = |operation: &&Operation, scheme: &Scheme| operation.security.iter().any(|alternative| names(alternative, scheme));
        let shut = |operation: &&Operation| !operation.security.is_empty() && !operation.security.iter().any(|one| self.has_all(one));
        let missing = |scheme: &Scheme| {
            let asking: Vec<&Operation> = api.operations.iter().filter(|operation| asks(operation, scheme)).collect();
            (!asking.is_empty() && !self.is_given(&scheme.name)).then(|| Missing {
                scheme: scheme.name.clone(),
                variables: environment::variables(scheme),
                needed_by: asking.into_iter().filter(shut).map(|operation| operation.id.clone()).collect(),
            })
        };
        api.schemes.values().filter_map(missing).collect()
    }

    /// Whether the environment gave the credential of a scheme.
    #[must_use]
    pub fn is_given(&self, scheme: &str) -> bool {
        self.0.get(scheme).is_some_and(|credential| credential.origin == Origin::Given)
    }

    /// The alternative of an operation that a request takes: the first for which all is given; where nothing is, the
    /// first.
    #[must_use]
    pub fn alternative(&self, operation: &Operation) -> usize {
        let is_any_given = self.0.values().any(|credential| credential.origin == Origin::Given);
        let given = || operation.security.iter().position(|alternative| self.has_all(alternative));
        if is_any_given { given().unwrap_or(0) } else { 0 }
    }

    /// A scheme of an alternative whose credential nobody can expect a server of this kind to take.
    pub(crate) fn lacking<'o>(&self, operation: &'o Operation, alternative: usize, place: Place) -> Option<&'o str> {
        let is_any_given = self.0.values().any(|credential| credential.origin == Origin::Given);
        let only_given = place == Place::Live || place == Place::Here && is_any_given;
        let mut schemes = operation.security.get(alternative)?.schemes.iter().map(|(name, _)| name.as_str());
        schemes.find(|name| only_given && !self.is_given(name))
    }

    /// Whether all that an alternative asks for is given; where it asks for nothing, it is.
    fn has_all(&self, alternative: &Security) -> bool {
        alternative.schemes.iter().all(|(name, _)| self.is_given(name))
    }
}
