//! Faults by a name: rules like any other, written as people write them, so that they can be copied and changed.

use serde_json::{Map, Value};

use super::rule::{Rule, WHEN, WHERE, Wrong};

/// Rules with a name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Profile {
    pub(crate) name: &'static str,
    /// What it is like.
    pub(crate) summary: &'static str,
    /// The rules, as the compact text writes them.
    pub(crate) text: &'static str,
}

/// All there are.
pub(crate) const PROFILES: [Profile; 4] = [
    Profile {
        name: "flaky",
        summary: "About one request in six fails, in one of several ways, and one in five is late",
        text: "status=503; retry_after=1; probability=8%, status=500; probability=4%, cut; probability=4%, lost; only=writes; \
            probability=4%, delay=100ms..1s; probability=20%",
    },
    Profile {
        name: "slow",
        summary: "Every answer is late: half of them by 800 ms and more, one in a hundred by 5 s",
        text: "delay=lognormal(800ms, 5s)",
    },
    Profile {
        name: "rate-limited",
        summary: "Of six requests three are one too many for the limit",
        text: "storm=3; every=4; retry_after=1",
    },
    Profile {
        name: "outage",
        summary: "Nothing works: most requests get 503, some get no answer",
        text: "cut; probability=20%, status=503",
    },
];

/// The names.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    PROFILES.iter().map(|profile| profile.name)
}

/// The profile of this name, however it is spelt.
pub(super) fn find(name: &str) -> Option<&'static Profile> {
    PROFILES.iter().find(|profile| profile.name == name.replace('_', "-"))
}

/// The rules of a profile, for the place and the time that are said with it.
pub(super) fn rules(name: &str, said: &Map<String, Value>) -> Result<Vec<Rule>, Wrong> {
    let Some(profile) = find(name) else {
        let known: Vec<_> = names().map(|name| format!("`{name}`")).collect();
        return Err(Wrong::new("profile", &format!("no profile is named `{name}`"), &format!("the profiles are {}", known.join(", "))));
    };
    if let Some(other) = said.keys().find(|name| !WHERE.contains(&name.as_str()) && !["for", "after", "times"].contains(&name.as_str())) {
        let times: Vec<_> =
            WHEN.iter().filter(|name| ["for", "after", "times"].contains(name)).chain(&WHERE).map(|name| format!("`{name}`")).collect();
        let message = format!("`{other}` does not go with a profile, and `{}` is one", profile.name);
        return Err(Wrong::new(other, &message, &format!("say beside it only {}", times.join(", "))));
    }
    let rules = Rule::parse(profile.text)?;
    let each = rules.into_iter().map(|rule| {
        let mut members = rule.members;
        members.extend(said.iter().map(|(name, value)| (name.clone(), value.clone())));
        Rule::read(members)
    });
    Ok(each.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_is_made_of_rules() {
        for profile in PROFILES {
            assert!(!rules(profile.name, &Map::new()).unwrap().is_empty(), "{}", profile.name);
        }
    }
}
