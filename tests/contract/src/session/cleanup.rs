//! Removing what a run made: the last first, and what answered nobody is looked for by its mark.
//!
//! What is found in a list is deleted only when it is certain that this run made it: it holds the mark of an entry of
//! the ledger, in a text that is the ledger's to the letter. What nobody can delete, or what is in doubt, is told.

use serde_json::Value;
use specs::{api::Operation, resources::Action};

use super::{
    Session,
    ledger::{Entry, Fate},
    owned,
};
use crate::{
    case::Wanted,
    exchange::{Exchange, Intent},
    laws::same::{brief, kept},
    pages,
    suite::Suite,
    target::Target,
    wire,
    world::{Stop, World, is_list},
};

/// What came of looking for something.
enum Found {
    /// These are it.
    These(Vec<Value>),
    /// It is not there.
    Nothing,
    /// Nobody can tell.
    Unclear(String),
}

impl Session {
    /// Removes what a case made.
    pub(crate) async fn clean_up_after(&self, suite: &Suite, target: &Target, case: &str) -> Vec<Exchange> {
        let world = World::new(suite, target);
        self.remove_all(&world, |entry| entry.intention.case == case && !self.is_told(entry)).await;
        world.exchanges()
    }

    /// Removes everything that is left, and looks once for what a server kept though it said otherwise.
    pub async fn clean_up(&self, suite: &Suite, target: &Target) -> Vec<Exchange> {
        let world = World::new(suite, target);
        self.remove_all(&world, |_| true).await;
        self.sweep(&world).await;
        world.exchanges()
    }

    /// What is there still, a line each.
    #[must_use]
    pub fn residue(&self) -> Vec<String> {
        let stays = self.stays.lock();
        let told = |entry: &Entry| {
            let intention = &entry.intention;
            let keys = match &entry.fate {
                Fate::Made(keys) if !keys.is_empty() => keys.iter().map(brief).collect::<Vec<_>>().join(", "),
                Fate::Made(_) => "one whose key is not known".to_owned(),
                Fate::Open => "perhaps one, for no answer came".to_owned(),
                Fate::Refused(_) | Fate::Removed => return None,
            };
            let why = stays.get(&intention.number).map_or_else(String::new, |why| format!(": {why}"));
            Some(format!("`{}` of `{}`: {keys}{why}", intention.operation, intention.resource))
        };
        self.ledger.lock().entries.iter().filter_map(told).collect()
    }

    /// Whether there is nothing to remove.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.ledger.lock().entries.iter().all(|entry| matches!(entry.fate, Fate::Refused(_) | Fate::Removed))
    }

    /// Whether it was tried in vain already.
    fn is_told(&self, entry: &Entry) -> bool {
        self.stays.lock().contains_key(&entry.intention.number)
    }

    async fn remove_all(&self, world: &World<'_>, is_wanted: impl Fn(&Entry) -> bool) {
        let wanted: Vec<Entry> = self.ledger.lock().entries.iter().filter(|entry| is_wanted(entry)).cloned().collect();
        for entry in wanted.into_iter().rev() {
            let keys = match &entry.fate {
                Fate::Refused(_) | Fate::Removed => continue,
                Fate::Made(keys) if !keys.is_empty() => Found::These(keys.clone()),
                Fate::Made(_) | Fate::Open => self.find(world, &entry).await,
            };
            let removed = match keys {
                Found::These(keys) => self.remove_each(world, &entry, &keys).await,
                Found::Nothing if entry.fate == Fate::Open => Ok(()),
                Found::Nothing => Err("it was not found again".to_owned()),
                Found::Unclear(why) => Err(why),
            };
            self.note(&entry, removed);
        }
    }

    fn note(&self, entry: &Entry, removed: Result<(), String>) {
        let number = entry.intention.number;
        let written = match removed {
            Ok(()) => {
                self.stays.lock().remove(&number);
                self.ledger.lock().tell(number, Fate::Removed)
            }
            Err(why) => {
                self.stays.lock().insert(number, why);
                Ok(())
            }
        };
        if let Err(error) = written {
            self.stays.lock().insert(number, format!("the ledger cannot be written: {error}"));
        }
    }

    async fn remove_each(&self, world: &World<'_>, entry: &Entry, keys: &[Value]) -> Result<(), String> {
        let resource = &entry.intention.resource;
        let delete = world.suite.acting(resource, Action::Delete);
        let delete = delete.ok_or_else(|| format!("the document has no operation that deletes `{resource}`"))?;
        if !self.policy.allow.delete {
            return Err("deleting is not allowed in this run".to_owned());
        }
        for key in keys {
            remove(world, delete, key, &entry.intention.parents).await?;
        }
        Ok(())
    }

    /// What an entry whose keys are not known made.
    async fn find(&self, world: &World<'_>, entry: &Entry) -> Found {
        let intention = &entry.intention;
        if let Some(key) = &intention.key {
            return Found::These(vec![key.clone()]);
        }
        let mut items = Vec::new();
        for parents in each_below(&intention.parents) {
            match self.listed(world, &intention.resource, &parents).await {
                Ok(more) => items.extend(more),
                Err(why) => return Found::Unclear(why),
            }
        }
        let key = |item: &Value| world.suite.key_of(&intention.resource, item).cloned();
        let mut found = Vec::new();
        for item in &items {
            match self.is_of(world, entry, item) {
                Some(true) => found.extend(key(item)),
                Some(false) => return Found::Unclear(format!("{} holds its mark in another text", brief(&key(item).unwrap_or_default()))),
                None => {}
            }
        }
        match found[..] {
            // Two that are alike where one was made: one of them is somebody else's.
            [_, _, ..] if intention.marked.is_empty() => Found::Unclear("several are like it".to_owned()),
            [] => Found::Nothing,
            _ => Found::These(found),
        }
    }

    /// Whether an item is what an entry made: `Some(false)` when it has its mark and not its text.
    fn is_of(&self, world: &World<'_>, entry: &Entry, item: &Value) -> Option<bool> {
        let intention = &entry.intention;
        if intention.marked.is_empty() {
            let key = wire::scalar(world.suite.key_of(&intention.resource, item)?);
            let is_new = !intention.before.as_ref()?.iter().any(|known| wire::scalar(known) == key);
            let is_own = self.owns(&intention.resource, &key, &[]);
            let same = |(name, sent): (&String, &Value)| item.get(name).is_none_or(|seen| kept(sent, seen));
            return (is_new && !is_own && intention.sent.as_object()?.iter().all(same)).then_some(true);
        }
        let texts = self.mark.all(item);
        let own = |text: &str| intention.marked.iter().any(|(_, marked)| self.mark.find(marked) == self.mark.find(text));
        let (_, text) = texts.iter().find(|(_, text)| own(text))?;
        Some(intention.marked.iter().any(|(_, marked)| marked == text))
    }

    /// The key of what this case made last, when its answer did not tell.
    pub(crate) async fn identify(&self, world: &World<'_>, resource: &str) -> Result<Value, String> {
        let case = world.case_id();
        let is_it = |entry: &&Entry| entry.intention.case == case && entry.intention.resource == resource;
        let last = self.ledger.lock().entries.iter().rev().find(is_it).cloned();
        let Some(entry) = last.filter(|entry| matches!(entry.fate, Fate::Made(_))) else {
            return Err(format!("nothing tells the key of the new one of `{resource}`"));
        };
        if let Fate::Made(keys) = &entry.fate
            && let Some(key) = keys.first()
        {
            return Ok(key.clone());
        }
        let keys = match Box::pin(self.find(world, &entry)).await {
            Found::These(keys) => keys,
            Found::Nothing => return Err("the answer does not show its key, and it is not listed".to_owned()),
            Found::Unclear(why) => return Err(why),
        };
        let Some(key) = keys.first().cloned() else { return Err("it is listed without a key".to_owned()) };
        self.owned.lock().extend(owned(&entry.intention, &keys));
        let written = self.ledger.lock().tell(entry.intention.number, Fate::Made(keys));
        written.map_err(|error| format!("the ledger cannot be written: {error}"))?;
        Ok(key)
    }

    async fn listed(&self, world: &World<'_>, resource: &str, parents: &[(String, Value)]) -> Result<Vec<Value>, String> {
        let sights = world.sights(resource, parents);
        let Some(list) = sights.iter().find(|sight| is_list(sight)) else { return Err(format!("nothing lists `{resource}`")) };
        pages::all(world, list, parents).await.map_err(told)
    }

    /// Looks once below each parent for what holds a mark of this run and should not be there.
    async fn sweep(&self, world: &World<'_>) {
        let entries: Vec<Entry> = self.ledger.lock().entries.clone();
        let mut seen: Vec<(&str, &[(String, Value)])> = Vec::new();
        for entry in entries.iter().filter(|entry| !entry.intention.marked.is_empty() && matches!(entry.fate, Fate::Refused(_))) {
            let place = (entry.intention.resource.as_str(), entry.intention.parents.as_slice());
            if seen.contains(&place) {
                continue;
            }
            seen.push(place);
            let Ok(items) = self.listed(world, place.0, place.1).await else { continue };
            for item in items.iter().filter(|item| !self.mark.all(item).is_empty()) {
                let Some(owner) = entries.iter().find(|entry| self.is_of(world, entry, item) == Some(true)) else { continue };
                let Some(key) = world.suite.key_of(place.0, item).cloned() else { continue };
                let removed = self.remove_each(world, owner, &[key]).await;
                self.note(owner, removed);
            }
        }
    }
}

async fn remove(world: &World<'_>, delete: &Operation, key: &Value, parents: &[(String, Value)]) -> Result<(), String> {
    let wanted = Wanted { key: Some(key.clone()), parents: parents.to_vec(), ..Wanted::default() };
    let draft = world.draft(delete, &wanted).await.map_err(told)?;
    let response = world.send_to(delete, Intent::Clean, draft.request).await.map_err(told)?;
    match response.status {
        404 | 410 => Ok(()),
        _ if response.is_success() => Ok(()),
        status => Err(format!("deleting it was answered {status}")),
    }
}

/// The parents one of each at a time, where a request names several.
fn each_below(parents: &[(String, Value)]) -> Vec<Vec<(String, Value)>> {
    let mut each: Vec<Vec<(String, Value)>> = Vec::new();
    for (property, key) in parents {
        let free = each.iter_mut().find(|one| one.iter().all(|(known, _)| known != property));
        match free {
            Some(one) => one.push((property.clone(), key.clone())),
            None => each.push(vec![(property.clone(), key.clone())]),
        }
    }
    if each.is_empty() { vec![Vec::new()] } else { each }
}

fn told(stop: Stop) -> String {
    match stop {
        Stop::Failed(failure) | Stop::New(failure) => failure.what,
        Stop::Skipped(why) | Stop::Blocked(why) => why,
        Stop::Unreachable(error) => crate::run::chain(&error),
    }
}
