//! Annotations, as GitHub's runner reads them from the output of a step: `::error file=…,line=…,title=…::message`.

use std::fmt;

/// How much an annotation matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Something is wrong.
    Error,
    /// Something is to be looked at.
    Warning,
    /// Something is told.
    Notice,
}

/// A message at a line of a file. Shown, it is one line of text without its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Annotation<'a> {
    /// How much it matters.
    pub level: Level,
    /// The file, relative to the root of the repository; empty for none.
    pub file: &'a str,
    /// Line, from 1; 0 for none.
    pub line: usize,
    /// Column, from 1; 0 for none.
    pub column: usize,
    /// What stands above the message; empty for none.
    pub title: &'a str,
    /// May have several lines.
    pub message: &'a str,
}

impl fmt::Display for Annotation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Notice => "notice",
        };
        let number = |number: usize| if number == 0 { String::new() } else { number.to_string() };
        // A line means nothing without its file, nor a column without its line.
        let line = if self.file.is_empty() { 0 } else { self.line };
        let column = if line == 0 { 0 } else { self.column };
        let all = [("file", property(self.file)), ("line", number(line)), ("col", number(column)), ("title", property(self.title))];
        let said: Vec<_> = all.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| format!("{name}={value}")).collect();
        let space = if said.is_empty() { "" } else { " " };
        write!(f, "::{level}{space}{}::{}", said.join(","), data(self.message))
    }
}

/// What ends a command is escaped.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// And what parts its properties.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{Annotation, Level};

    #[test]
    fn annotations_are_escaped_as_the_runner_reads_them() {
        let all = Annotation {
            level: Level::Error,
            file: "specs/a,b.yaml",
            line: 7,
            column: 3,
            title: "rule: a, 100%",
            message: "50% is::less,\r\nthan all",
        };
        let expected = "::error file=specs/a%2Cb.yaml,line=7,col=3,title=rule%3A a%2C 100%25::50%25 is::less,%0D%0Athan all";
        assert_eq!(all.to_string(), expected);
        let rows = [
            (Annotation { level: Level::Warning, file: "", ..all }, "::warning title=rule%3A a%2C 100%25::50%25 is::less,%0D%0Athan all"),
            (Annotation { level: Level::Notice, line: 0, title: "", message: "m", ..all }, "::notice file=specs/a%2Cb.yaml::m"),
            (Annotation { level: Level::Notice, file: "", title: "", message: "m", ..all }, "::notice::m"),
        ];
        for (annotation, expected) in rows {
            assert_eq!(annotation.to_string(), expected);
        }
    }
}
