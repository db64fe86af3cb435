//! Every rule at every place: the cases, or why there is none.

use std::fmt::{self, Write as _};

use crate::{case::Case, rule, suite::Suite};

/// The matrix of one document, for people.
pub struct Matrix<'s>(pub &'s Suite);

impl fmt::Display for Matrix<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for operation in &self.0.api().operations {
            writeln!(f, "{}::{}  {} {}", self.0.api().name, operation.id, operation.method, operation.path)?;
            for rule in rule::ALL {
                self.rule(f, &operation.id, *rule)?;
            }
            writeln!(f)?;
        }
        let (cases, empty) = (self.0.cases().len(), self.0.empty().len());
        writeln!(f, "{cases} cases; {empty} cells without one, each with its reason")
    }
}

impl Matrix<'_> {
    /// One rule of one operation: a line for each case, and one for each reason with the places that it stands for.
    fn rule(&self, f: &mut fmt::Formatter<'_>, operation: &str, rule: rule::Rule) -> fmt::Result {
        writeln!(f, "  {}  ({})", rule.name, rule.promise)?;
        let cases: Vec<&Case> = self.0.cases().iter().filter(|case| case.operation == operation && case.rule == rule).collect();
        for case in &cases {
            let place = if case.place.is_empty() { String::new() } else { format!("  {}", case.place) };
            writeln!(f, "    ✓ {}{place}", case.name)?;
        }
        let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
        for empty in self.0.empty().iter().filter(|empty| empty.operation == operation && empty.rule == rule) {
            match reasons.iter_mut().find(|(reason, _)| *reason == empty.reason) {
                Some((_, places)) => places.push(&empty.place),
                None => reasons.push((&empty.reason, vec![&empty.place])),
            }
        }
        for (reason, places) in &reasons {
            writeln!(f, "    – {reason}{}", listed(places))?;
        }
        if cases.is_empty() && reasons.is_empty() {
            writeln!(f, "    – it has no place here: the operation takes neither body nor parameters")?;
        }
        Ok(())
    }
}

fn listed(places: &[&str]) -> String {
    let named: Vec<&&str> = places.iter().filter(|place| !place.is_empty()).collect();
    named.iter().enumerate().fold(String::new(), |mut text, (position, place)| {
        _ = write!(text, "{}{place}", if position == 0 { ": " } else { ", " });
        text
    })
}
