//! Facts in columns: what they are about, what they say, and why they are believed.
//!
//! A sheet is as wide as a terminal. What is too long for its column is not cut: the reason goes to a line of its own.

use std::fmt;

/// Columns of a sheet.
const WIDTH: usize = 110;
/// Where reasons begin at the latest.
const LATEST: usize = 64;
/// Where what facts say begins.
const INDENT: usize = 15;

/// What is known of a document.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    sections: Vec<(String, Vec<Fact>)>,
}

#[derive(Debug)]
struct Fact {
    label: &'static str,
    says: String,
    why: String,
}

impl Sheet {
    /// Opens a section; what is said next is part of it.
    pub(crate) fn section(&mut self, title: String) {
        self.sections.push((title, Vec::new()));
    }

    /// Says something, and why it is believed.
    pub(crate) fn say(&mut self, label: &'static str, says: impl Into<String>, why: impl Into<String>) {
        if let Some((_, facts)) = self.sections.last_mut() {
            facts.push(Fact { label, says: says.into(), why: why.into() });
        }
    }

    /// Where reasons begin: behind what most facts say.
    fn column(&self) -> usize {
        let facts = self.sections.iter().flat_map(|(_, facts)| facts).filter(|fact| !fact.why.is_empty());
        let ends = facts.map(|fact| INDENT + fact.says.chars().count() + 2);
        ends.filter(|end| *end <= LATEST).max().unwrap_or(INDENT)
    }
}

impl fmt::Display for Sheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let column = self.column();
        for (position, (title, facts)) in self.sections.iter().enumerate() {
            if position > 0 {
                writeln!(f)?;
            }
            writeln!(f, "{title}")?;
            let mut before = "";
            for fact in facts {
                let label = if fact.label == before { "" } else { fact.label };
                fact.write(f, label, column)?;
                before = fact.label;
            }
        }
        Ok(())
    }
}

impl Fact {
    fn write(&self, f: &mut fmt::Formatter<'_>, label: &str, column: usize) -> fmt::Result {
        let lines = wrapped(&self.says, WIDTH - INDENT);
        for (position, line) in lines.iter().enumerate() {
            let label = if position == 0 { label } else { "" };
            write!(f, "  {label:<width$}{line}", width = INDENT - 2)?;
            if position + 1 < lines.len() {
                writeln!(f)?;
            }
        }
        let end = INDENT + lines.last().map_or(0, |line| line.chars().count());
        match column.checked_sub(end) {
            _ if self.why.is_empty() => writeln!(f),
            Some(gap) if gap > 1 => writeln!(f, "{:gap$}{}", "", self.why),
            _ => writeln!(f, "\n{:column$}{}", "", self.why),
        }
    }
}

/// The text in lines of at most so many letters, cut between words.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().filter(|line| line.is_empty() || line.chars().count() + 1 + word.chars().count() <= width);
        match line {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) => {
                line.push(' ');
                line.push_str(word);
            }
            None => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::Sheet;

    #[test]
    fn reasons_stand_below_each_other() {
        let mut sheet = Sheet::default();
        sheet.section("stones".to_owned());
        sheet.say("key", "id", "its name");
        sheet.say("parents", "quarries by quarry", "declared");
        sheet.say("parents", "owners by owner", "declared");
        sheet.say("rows", "3", "");
        sheet.say("sets", "word ".repeat(24).trim_end(), "declared");
        let expected = "\
stones
  key          id                  its name
  parents      quarries by quarry  declared
               owners by owner     declared
  rows         3
  sets         word word word word word word word word word word word word word word word word word word word
               word word word word word
                                   declared
";
        assert_eq!(sheet.to_string(), expected);
    }
}
