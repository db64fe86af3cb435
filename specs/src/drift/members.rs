//! What a page says of parameters, properties and headers.

use crate::{
    api::{Direction, Operation},
    pages::{Basis, Claim, Fact, Format, Place, Side, Signature, Statement},
};

use super::{
    claims::{self, Against},
    draft, examples,
    ledger::{Difference, EXISTS, Ledger},
    scene::{Groups, Scene},
    sites::{self, Found, Lack},
    words,
};

/// Compares all that is said of places, for each operation that page and document have in common.
pub(super) fn compare(scene: &Scene, ledger: &mut Ledger) {
    for (position, signature, operation) in scene.matched() {
        let groups = scene.groups(position);
        for (place, said) in &groups {
            let at = At { scene, operation, signature, groups: &groups, place };
            match sites::find(scene, operation, signature, place) {
                sites::Place::Found(found) => at.claims(&found, said, ledger),
                sites::Place::Lacks(lack) => at.lacks(&lack, said, ledger),
                sites::Place::Elsewhere => ledger.agreed += said.len(),
            }
        }
    }
}

struct At<'s, 'a> {
    scene: &'s Scene<'a>,
    operation: &'a Operation,
    signature: &'a Signature,
    groups: &'s Groups<'a>,
    place: &'a Place,
}

impl At<'_, '_> {
    fn direction(&self) -> Direction {
        match self.place {
            Place::Parameter { .. } | Place::Property { side: Side::Request, .. } => Direction::Request,
            _ => Direction::Response,
        }
    }

    fn claims(&self, found: &Found, said: &[(&Fact, &Claim)], ledger: &mut Ledger) {
        ledger.shown.extend(found.places.iter().cloned());
        ledger.shown.extend(sites::above(self.scene, self.operation, self.place));
        let against = Against {
            schemas: &self.scene.api.schemas,
            document: self.scene.document,
            direction: self.direction(),
            site: &found.site,
            required: found.required,
            flip: found.flip.clone(),
            deprecated: found.deprecated,
        };
        let implied = self.implied(said);
        for (fact, claim) in said.iter().copied().chain(implied.iter().map(|(fact, claim)| (*fact, claim))) {
            let differs = match claim {
                Claim::Example(value) => examples::value(self.scene, &found.site, self.direction(), value),
                _ => claims::differs(&against, claim),
            };
            let Some(differs) = differs else {
                ledger.agree(self.scene.page, fact, self.operation, &found.place, &found.marks);
                continue;
            };
            let stated = Fact { statement: Statement::Member { place: self.place.clone(), claim: claim.clone() }, ..fact.clone() };
            let difference = Difference {
                verdict: differs.verdict,
                rule: differs.rule,
                operation: Some(self.operation),
                subject: words::place(self.place),
                message: differs.message,
                place: found.place.clone(),
                marks: found.marks.clone(),
                remedy: differs.remedy,
            };
            ledger.differ(self.scene.page, &stated, difference);
        }
    }

    /// What a field says by leaving it out: that it is optional, or never null, in a format that marks the opposite.
    fn implied<'f>(&self, said: &[(&'f Fact, &Claim)]) -> Vec<(&'f Fact, Claim)> {
        let Some((field, _)) =
            said.iter().find(|(fact, claim)| fact.basis == Basis::Field && matches!(claim, Claim::Exists | Claim::Type(_)))
        else {
            return Vec::new();
        };
        let says = |test: &dyn Fn(&Claim) -> bool| said.iter().any(|(_, claim)| test(claim));
        let is_path = matches!(self.place, Place::Parameter { location: crate::api::Location::Path, .. });
        let is_top = matches!(self.place, Place::Property { path, .. } if path.is_empty());
        let mut found = Vec::new();
        if !is_path && !is_top && !says(&|claim| matches!(claim, Claim::Required(_))) && self.scene.marks_required(self.place, self.groups)
        {
            found.push((*field, Claim::Required(false)));
        }
        let has_type = says(&|claim| matches!(claim, Claim::Type(_)));
        if has_type && self.scene.page.format == Format::FernText && !says(&|claim| matches!(claim, Claim::Nullable(_))) {
            found.push((*field, Claim::Nullable(false)));
        }
        found
    }

    fn lacks(&self, lack: &Lack, said: &[(&Fact, &Claim)], ledger: &mut Ledger) {
        let Some((fact, _)) = said.first() else { return };
        if fact.basis == Basis::Mention || self.is_part_of_another(lack) {
            return;
        }
        ledger.shown.extend(sites::above(self.scene, self.operation, &lack.place));
        let schema = draft::place(self.groups, &lack.place);
        let remedy = lack.remedy(self.scene, self.operation, self.signature, schema, draft::is_required(self.groups, &lack.place));
        let difference = Difference {
            verdict: lack.verdict,
            rule: EXISTS,
            operation: Some(self.operation),
            subject: words::place(&lack.place),
            message: lack.message.clone(),
            place: lack.holder.clone(),
            marks: lack.marks.clone(),
            remedy,
        };
        ledger.differ(self.scene.page, fact, difference);
    }

    /// Whether the difference is told at the place that this one is below: as that itself is missing, or of another type.
    fn is_part_of_another(&self, lack: &Lack) -> bool {
        let above = match (&lack.place, self.place) {
            (Place::Property { side, path }, Place::Property { path: own, .. }) if own.len() > path.len() => {
                Place::Property { side: *side, path: path.clone() }
            }
            (Place::Property { side, path }, _) if lack.is_shape => {
                Place::Property { side: *side, path: path[..path.len().saturating_sub(1)].to_vec() }
            }
            _ => return false,
        };
        self.groups.get(&above).is_some_and(|said| said.iter().any(|(_, claim)| !lack.is_shape || matches!(claim, Claim::Type(_))))
    }
}
