//! Markdown, by a `CommonMark` parser that knows offsets.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::{
    Format, Page,
    line::{Line, Sheet, lines},
    prose::Reader,
    table::{self, Column},
};

/// Reads a page of Markdown.
pub(super) fn read(name: &str, text: &str) -> Page {
    let lines = lines(text);
    let last = lines.len();
    let mut reader = Reader::default();
    blocks(&mut reader, &lines);
    reader.listed();
    reader.draft.finish(name, Format::Prose, last)
}

/// Reads the lines of a page, or of a part of one.
pub(super) fn blocks(reader: &mut Reader, lines: &[Line]) {
    let sheet = Sheet::new(lines);
    let options = Options::ENABLE_TABLES | Options::ENABLE_DEFINITION_LIST | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut walk = Walk { reader, sheet: &sheet, text: Vec::new(), term: Vec::new(), defined: false, item: 0, columns: None, cells: None };
    for (event, span) in Parser::new_ext(&sheet.text, options).into_offset_iter() {
        let number = sheet.number(sheet.position(span.start));
        walk.event(event, number, span.end);
    }
}

struct Walk<'r, 's> {
    reader: &'r mut Reader,
    sheet: &'s Sheet,
    /// The lines of the block that is open.
    text: Vec<Line>,
    /// The term that is defined next.
    term: Vec<Line>,
    /// Whether the text that is open is a term alone.
    defined: bool,
    /// How many entries of lists are open.
    item: usize,
    columns: Option<Vec<Column>>,
    /// The cells of the row that is open.
    cells: Option<Vec<String>>,
}

impl Walk<'_, '_> {
    fn event(&mut self, event: Event, line: usize, end: usize) {
        match event {
            Event::Start(tag) => self.start(&tag, line),
            Event::End(tag) => self.end(tag, line, end),
            Event::Text(text) => self.push(line, &text),
            Event::Code(text) => self.push(line, &format!("`{text}`")),
            Event::SoftBreak | Event::HardBreak => self.text.push(Line::new(line + 1, "")),
            Event::Html(text) | Event::InlineHtml(text) if !text.starts_with("<!--") => self.push(line, &bare(&text)),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag, line: usize) {
        match tag {
            Tag::Item => {
                self.flush();
                self.item += 1;
            }
            Tag::DefinitionListDefinition => {
                self.text = std::mem::take(&mut self.term);
                self.defined = !self.text.is_empty();
                self.item += 1;
            }
            Tag::Table(_) => self.columns = None,
            Tag::TableHead | Tag::TableRow => self.cells = Some(Vec::new()),
            Tag::TableCell => self.text.clear(),
            Tag::Paragraph if self.defining() => {}
            Tag::Paragraph | Tag::Heading { .. } | Tag::CodeBlock(_) | Tag::DefinitionListTitle => self.flush(),
            Tag::Strong => self.push(line, "**"),
            Tag::Emphasis => self.push(line, "*"),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, line: usize, end: usize) {
        match tag {
            TagEnd::Heading(level) => {
                let text = self.taken();
                self.reader.headed(line, &text, level as u8);
            }
            TagEnd::Strong => self.close("**"),
            TagEnd::Emphasis => self.close("*"),
            TagEnd::Paragraph | TagEnd::HtmlBlock => self.flush(),
            TagEnd::Item | TagEnd::DefinitionListDefinition => {
                self.flush();
                self.item = self.item.saturating_sub(1);
            }
            TagEnd::DefinitionListTitle => self.term = std::mem::take(&mut self.text),
            TagEnd::CodeBlock => self.block(),
            TagEnd::TableCell => {
                let cell = self.taken();
                self.cells.get_or_insert_default().push(cell);
            }
            TagEnd::TableHead => {
                self.columns = self.cells.take().and_then(|cells| table::columns(&cells));
            }
            TagEnd::TableRow => self.row(line, self.sheet.last(end)),
            TagEnd::MetadataBlock(_) => self.text.clear(),
            _ => {}
        }
    }

    fn push(&mut self, line: usize, text: &str) {
        for (offset, part) in text.split('\n').enumerate() {
            let number = line + offset;
            match self.text.last_mut() {
                Some(last) if last.number == number => last.text.push_str(part),
                _ => self.text.push(Line::new(number, part)),
            }
        }
    }

    /// Whether the term of a definition waits for its text.
    fn defining(&self) -> bool {
        self.defined && self.item > 0
    }

    /// Puts a mark behind what was last.
    fn close(&mut self, mark: &str) {
        if let Some(last) = self.text.last_mut() {
            last.text.push_str(mark);
        }
    }

    fn taken(&mut self) -> String {
        std::mem::take(&mut self.text).iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join(" ").trim().to_owned()
    }

    fn flush(&mut self) {
        self.defined = false;
        let lines: Vec<Line> = std::mem::take(&mut self.text).into_iter().filter(|line| !line.text.trim().is_empty()).collect();
        if lines.is_empty() {
        } else if self.item > 0 {
            self.reader.depth = self.item;
            self.reader.item(&lines);
        } else {
            self.reader.paragraph(&lines);
        }
    }

    fn block(&mut self) {
        let lines = std::mem::take(&mut self.text);
        self.reader.code(&lines);
    }

    fn row(&mut self, line: usize, last: usize) {
        let cells = self.cells.take().unwrap_or_default();
        if let Some(columns) = &self.columns {
            self.reader.row(line, last, columns, &cells);
        }
    }
}

/// HTML in Markdown without its tags.
fn bare(text: &str) -> String {
    let mut bare = String::new();
    let mut inside = false;
    for letter in text.chars() {
        match letter {
            '<' => inside = true,
            '>' if inside => inside = false,
            other if !inside => bare.push(other),
            _ => {}
        }
    }
    bare
}
