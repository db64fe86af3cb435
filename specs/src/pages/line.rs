//! A page as lines: what a person counts, whatever the page is written in.

/// A line of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// From 1.
    pub(super) number: usize,
    pub(super) text: String,
}

impl Line {
    pub(super) fn new(number: usize, text: &str) -> Self {
        Self { number, text: cleaned(text) }
    }
}

/// The lines of a text, numbered.
pub(super) fn lines(text: &str) -> Vec<Line> {
    text.lines().enumerate().map(|(position, text)| Line::new(position + 1, text)).collect()
}

/// Without what is there for the eye alone: zero-width characters, spaces that do not break.
fn cleaned(text: &str) -> String {
    let seen = text.chars().filter(|character| !matches!(character, '\u{200b}'..='\u{200d}' | '\u{feff}' | '\u{2060}'));
    seen.map(|character| if matches!(character, '\u{a0}' | '\u{202f}') { ' ' } else { character }).collect()
}

/// Lines joined to one text in which every offset knows its line: what is found by parsing has no regard for lines.
pub(super) struct Sheet {
    pub(super) text: String,
    starts: Vec<usize>,
    numbers: Vec<usize>,
}

impl Sheet {
    pub(super) fn new(lines: &[Line]) -> Self {
        let mut sheet = Self { text: String::new(), starts: Vec::new(), numbers: Vec::new() };
        for line in lines {
            sheet.starts.push(sheet.text.len());
            sheet.numbers.push(line.number);
            sheet.text.push_str(&line.text);
            sheet.text.push('\n');
        }
        sheet
    }

    /// How many lines there are.
    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    /// Where the line at a position begins; the end of the text after the last.
    pub(super) fn start(&self, position: usize) -> usize {
        self.starts.get(position).copied().unwrap_or(self.text.len())
    }

    /// The position of the line that an offset is in.
    pub(super) fn position(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// The number of the line at a position.
    pub(super) fn number(&self, position: usize) -> usize {
        self.numbers.get(position).or(self.numbers.last()).copied().unwrap_or(1)
    }

    /// The number of the last line that a span reaches into, given the offset after its end.
    pub(super) fn last(&self, end: usize) -> usize {
        self.number(self.position(end.saturating_sub(1)))
    }

    /// The rest of the line that an offset is in, without its end.
    pub(super) fn rest(&self, offset: usize) -> &str {
        let end = self.start(self.position(offset) + 1).saturating_sub(usize::from(self.text.ends_with('\n')));
        self.text.get(offset..end).unwrap_or_default()
    }

    /// The line at a position.
    pub(super) fn line(&self, position: usize) -> &str {
        self.rest(self.start(position))
    }
}
