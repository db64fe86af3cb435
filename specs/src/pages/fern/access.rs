//! The credentials of a page, below `Authentication`.

use super::Reader;
use crate::{
    api::{Location, SchemeKind},
    pages::{Basis, Statement, section::Section, type_words},
};

impl Reader {
    /// `AuthorizationBearer` and its like; where a key is sent, the next line says.
    pub(super) fn credentials(&mut self, line: usize, text: &str) -> bool {
        if self.section != Section::Security {
            return false;
        }
        let kind = match text {
            "AuthorizationBasic" => SchemeKind::Basic,
            "AuthorizationBearer" => SchemeKind::Bearer { scopes: Vec::new() },
            "OR" | "AND" => return true,
            _ if self.key.is_some() && self.carried(text) => return true,
            _ => match type_words::glued(text.trim_end_matches("Required").trim_end_matches("Optional")) {
                Some((name, _)) => {
                    self.flush_key();
                    self.key = Some((line, name.to_owned(), Location::Header));
                    return true;
                }
                None => return false,
            },
        };
        self.flush_key();
        self.draft.push(line, None, Basis::Field, Statement::Security { kind, scopes: Vec::new() });
        true
    }

    /// `API Key authentication via query`.
    pub(super) fn carried(&mut self, text: &str) -> bool {
        let Some((_, way)) = text.split_once(" via ") else { return false };
        let way = way.split_whitespace().next().unwrap_or_default().trim_end_matches(['.', ',']);
        let found = [Location::Header, Location::Query, Location::Cookie].into_iter().find(|location| location.as_str() == way);
        if let (Some(found), Some((_, _, location))) = (found, &mut self.key) {
            *location = found;
            self.flush_key();
        }
        found.is_some()
    }

    pub(super) fn flush_key(&mut self) {
        if let Some((line, name, location)) = self.key.take() {
            let kind = SchemeKind::ApiKey { location, name };
            self.draft.push(line, None, Basis::Field, Statement::Security { kind, scopes: Vec::new() });
        }
    }
}
