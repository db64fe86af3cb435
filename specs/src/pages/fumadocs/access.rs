//! The credentials of a page, below `Authorization`.

use super::{Reader, location};
use crate::{
    api::{Location, SchemeKind},
    pages::{Basis, Statement, credentials, type_words},
};

impl Reader {
    /// `x-api-key<token>`, `AuthorizationBearer <token>`, and the line that says where it is sent.
    pub(super) fn credentials(&mut self, line: usize, text: &str) -> bool {
        if let Some(rest) = text.strip_prefix("In:") {
            let location = location(rest.trim());
            if let Some((first, name, known)) = self.key.take() {
                let kind = SchemeKind::ApiKey { location: location.or(known).unwrap_or(Location::Header), name };
                self.draft.push(first, None, Basis::Field, Statement::Security { kind, scopes: Vec::new() });
            }
            self.draft.bears(line, line);
            return true;
        }
        if let Some(rest) = text.strip_prefix("Scope:") {
            for scope in rest.split(',').map(str::trim).filter(|scope| !scope.is_empty()) {
                self.draft.pending_scopes.push((line, scope.trim_matches('`').to_owned()));
            }
            self.draft.bears(line, line);
            return true;
        }
        let Some(before) = text.strip_suffix("<token>").map(|name| name.trim().trim_end_matches(':')) else { return false };
        self.flush_key();
        let kind = match before {
            "AuthorizationBearer" | "Authorization: Bearer" => SchemeKind::Bearer { scopes: Vec::new() },
            "AuthorizationBasic" | "Authorization: Basic" => SchemeKind::Basic,
            name if type_words::is_name(name) => {
                self.key = Some((line, name.to_owned(), None));
                return true;
            }
            _ => return false,
        };
        self.draft.push(line, None, Basis::Field, Statement::Security { kind, scopes: Vec::new() });
        true
    }

    /// A key whose place the page does not say is sent as a header.
    pub(super) fn flush_key(&mut self) {
        if let Some((line, name, location)) = self.key.take() {
            let kind = credentials::of_field(&name, location.or(Some(Location::Header)), "");
            if let Some(kind) = kind {
                self.draft.push(line, None, Basis::Field, Statement::Security { kind, scopes: Vec::new() });
            }
        }
    }
}
