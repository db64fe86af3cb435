//! What a `$ref` asks for: to be rewritten to where the thing will stand, or to give way to it.

use serde_json::{Map, Value};

use super::{
    Bundler, MOST_COPIES, Pending, Told, names,
    place::{Kind, Shape},
    reference::Target,
    remove, size,
};
use crate::{document::origin::Origin, pointer, problem::Severity};

impl Bundler<'_, '_> {
    /// Does what a `$ref` asks for; whether the value is done with.
    pub(super) fn follow(&mut self, value: &mut Value, reference: &str, kind: Kind) -> bool {
        match self.target(reference) {
            Target::Stays => return false,
            Target::Lost { .. } if kind == Kind::Value => return false,
            Target::Lost { rule, message, help } => {
                self.below("$ref", |walk| walk.tell(rule, &message, help));
                remove(value);
                return false;
            }
            Target::Own(pointer) => {
                if let Some(reference) = value.get_mut("$ref") {
                    *reference = format!("#{pointer}").into();
                }
                return false;
            }
            Target::Other { opened, pointer } => match (self.home_of)(kind) {
                Some(section) => {
                    let home = self.home(section, opened, pointer, kind);
                    if home == self.at {
                        remove(value);
                    } else if let Some(reference) = value.get_mut("$ref") {
                        *reference = format!("#{home}").into();
                    }
                    return false;
                }
                None => self.replace(value, opened, &pointer, &|walk, value| walk.walk(value, kind)),
            },
        }
        true
    }

    pub(super) fn replace_shape(&mut self, value: &mut Value, reference: &str, shape: Shape, kind: Kind) {
        match self.target(reference) {
            Target::Other { opened, pointer } => self.replace(value, opened, &pointer, &|walk, value| walk.shape(value, shape, kind)),
            Target::Lost { rule, message, help } => {
                self.below("$ref", |walk| walk.tell(rule, &message, help));
                remove(value);
            }
            Target::Stays | Target::Own(_) => {}
        }
    }

    /// Puts what stands in a file in the place of the reference; what stands beside the reference goes over it.
    fn replace(&mut self, value: &mut Value, opened: usize, pointer: &str, walk: &dyn Fn(&mut Self, &mut Value)) {
        let place = (opened, pointer.to_owned());
        remove(value);
        walk(self, value);
        let found = pointer::get(&self.files.get(opened).value, pointer).unwrap_or(&Value::Null);
        self.copied += size(found);
        if self.inside.contains(&place) || self.copied > MOST_COPIES {
            self.tell("endless-ref", "the file refers to itself without an end", "let the cycle pass through a schema");
            return;
        }
        let own = std::mem::replace(value, found.clone());
        let written = self.origin_of_place();
        let file = self.files.get(opened).file;
        self.layer.taken(&self.at, Origin { file, pointer: pointer.to_owned() });
        let before = self.file.replace(opened);
        self.inside.push(place);
        walk(self, value);
        self.inside.pop();
        self.file = before;
        self.lay_over(value, own, &written);
    }

    /// Members that stand beside a `$ref` win over those that it leads to.
    fn lay_over(&mut self, value: &mut Value, own: Value, written: &Origin) {
        let (Value::Object(members), Value::Object(own)) = (value, own) else { return };
        for (name, member) in own {
            let origin = Origin { file: written.file, pointer: pointer::join(&written.pointer, &name) };
            self.layer.taken(&pointer::join(&self.at, &name), origin);
            members.insert(name, member);
        }
    }

    fn origin_of_place(&self) -> Origin {
        match self.layer.trace(&self.at) {
            Some((Some(file), pointer)) => Origin { file, pointer },
            _ => self.document.origin(&self.at),
        }
    }

    /// Where in the document what a reference names will stand.
    fn home(&mut self, section: &str, opened: usize, pointer: String, kind: Kind) -> String {
        let key = (self.files.get(opened).path.clone(), pointer.clone(), kind);
        if let Some(home) = self.homes.0.get(&key) {
            return home.clone();
        }
        let name = names::of(&key.0, &pointer);
        let home = self.free(section, &name);
        self.homes.0.insert(key, home.clone());
        self.open.push_back(Pending { opened, pointer, kind, home: home.clone() });
        home
    }

    /// `externalValue` of a file beside the document becomes the `value`.
    pub(super) fn external_value(&mut self, value: &mut Value) {
        let Some(reference) = value.get("externalValue").and_then(Value::as_str).map(str::to_owned) else { return };
        if value.get("value").is_some() {
            return;
        }
        match self.target(&reference) {
            Target::Other { opened, pointer } => {
                let opened = self.files.get(opened);
                let found = pointer::get(&opened.value, &pointer).cloned().unwrap_or_default();
                self.copied += size(&found);
                let origin = Origin { file: opened.file, pointer };
                self.layer.taken(&pointer::join(&self.at, "value"), origin);
                if let Some(members) = value.as_object_mut() {
                    members.shift_remove("externalValue");
                    members.insert("value".to_owned(), found);
                }
            }
            Target::Lost { rule, message, help } => self.below("externalValue", |walk| walk.tell(rule, &message, help)),
            Target::Stays | Target::Own(_) => {}
        }
    }

    /// A discriminator's mapping names schemas by reference, too.
    pub(super) fn mapping(&mut self, object: &mut Map<String, Value>) {
        let mapping = object.get_mut("discriminator").and_then(|discriminator| discriminator.get_mut("mapping"));
        let Some(Value::Object(mapping)) = mapping else { return };
        for (value, written) in mapping.iter_mut() {
            let Some(reference) = written.as_str().filter(|text| text.contains(['/', '#', '.'])) else { continue };
            match self.target(reference) {
                Target::Own(pointer) => *written = format!("#{pointer}").into(),
                Target::Other { opened, pointer } => {
                    let section = (self.home_of)(Kind::Schema).unwrap_or_default();
                    *written = format!("#{}", self.home(section, opened, pointer, Kind::Schema)).into();
                }
                Target::Lost { rule, message, help } => {
                    let place = format!("discriminator/mapping{}", pointer::join("", value));
                    let pointer = format!("{}/{place}", self.at);
                    self.told.push(Told { severity: Severity::Error, rule, pointer, message, help });
                }
                Target::Stays => {}
            }
        }
    }
}
