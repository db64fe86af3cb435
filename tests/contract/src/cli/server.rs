//! The server that is named on the command line: what it is, and what may be done to it.

use std::net::IpAddr;

use reqwest::Url;
use specs::{Api, resources::Action};

use super::{
    arguments::{Safety, Writing},
    failure::Failure,
};
use crate::{Allow, Case, Credentials, Given, Http, Place, Policy, Suite};

/// What a server is, by its address and what is said of it.
pub(super) fn place(url: &str, safety: &Safety) -> Result<Place, Failure> {
    let help = "give the base URL of the server, as `http://127.0.0.1:8080/acme/v1`";
    let wrong = |why: &dyn std::fmt::Display| Failure::new(format!("`{url}` is no URL of a server: {why}"), help);
    let parsed = Url::parse(url).map_err(|error| wrong(&error))?;
    if !matches!(parsed.scheme(), "http" | "https") {
        return Err(wrong(&"it begins with neither `http://` nor `https://`"));
    }
    if parsed.query().is_some() || parsed.fragment().is_some() {
        return Err(wrong(&"a base URL has no `?` and no `#`"));
    }
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err(Failure::new("a URL with credentials is refused", "give them in `CONTRACT_BASIC`, as `user:password`"));
    }
    let host = parsed.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let is_here = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    if is_here && !safety.live {
        return Ok(Place::Here);
    }
    let writes = policy(Place::Live, safety).allow != Allow::NOTHING;
    if !safety.live && writes {
        let what = format!("`{url}` is not on this machine, and a run writes");
        return Err(Failure::new(what, "say `--live` and name a parent for tests by `--given`, or look alone with `--read-only`"));
    }
    Ok(Place::Live)
}

/// The credentials of the environment, which on an account have to be somebody's.
pub(super) fn credentials(api: &Api, place: Place) -> Result<Credentials, Failure> {
    let credentials = Credentials::of_environment(api, |name| std::env::var(name).ok());
    let credentials = credentials.map_err(|unusable| {
        let told: Vec<String> = unusable.iter().map(ToString::to_string).collect();
        Failure::told(told.join("\n"))
    })?;
    let missing = if place == Place::Live { credentials.missing(api) } else { Vec::new() };
    let needed: Vec<String> = missing.iter().filter(|one| !one.needed_by.is_empty()).map(ToString::to_string).collect();
    if needed.is_empty() {
        return Ok(credentials);
    }
    Err(Failure::new(format!("no credentials are given for {}", needed.join("; ")), "set the environment variable, for this command alone"))
}

/// The way to a server.
pub(super) fn http(url: &str) -> Result<Http, Failure> {
    Http::new(url).map_err(|error| Failure::new(format!("`{url}` cannot be used: {error}"), "give the base URL of the server"))
}

/// What a run may do.
pub(super) fn policy(place: Place, safety: &Safety) -> Policy {
    let may = |what: Writing| !safety.read_only && (safety.allow.is_empty() || safety.allow.contains(&what));
    let allow = Allow { create: may(Writing::Create), update: may(Writing::Update), delete: may(Writing::Delete) };
    Policy { place, allow, residue: safety.allow_residue, given: given(safety), most: safety.max_requests }
}

pub(super) fn given(safety: &Safety) -> Given {
    safety.given.iter().cloned().collect()
}

/// The parents below which these cases create and of which none is given, as resource or property.
pub(super) fn missing_parents(suite: &Suite, cases: &[&Case], safety: &Safety) -> Vec<String> {
    let given: Vec<String> = safety.given.iter().map(|(name, _)| heck::AsSnakeCase(name).to_string()).collect();
    let mut missing: Vec<String> = Vec::new();
    for operation in suite.api().operations.iter().filter(|operation| cases.iter().any(|case| case.operation == operation.id)) {
        let Some(role) = operation.role.as_ref().filter(|role| role.action == Action::Create) else { continue };
        for (property, place) in &role.parents {
            let parameter = crate::draft::parameter_at(place).map(|(_, name)| name);
            let names = [suite.parent_of(&role.resource, property), Some(property.as_str()), parameter];
            let is_given = names.into_iter().flatten().any(|name| given.contains(&heck::AsSnakeCase(name).to_string()));
            if !is_given && !missing.contains(property) {
                missing.push(property.clone());
            }
        }
    }
    missing
}
