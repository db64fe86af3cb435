//! A command line as words, quoting undone.

/// The words of one command, and the offset after it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Command {
    pub(super) words: Vec<String>,
    pub(super) end: usize,
    /// The text that is fed to it by `<<`.
    pub(super) input: Option<String>,
}

/// Reads the command that begins at an offset, up to the end of its line or what ends a command. `None` when a quote is
/// not closed within `limit` bytes.
pub(super) fn command(text: &str, at: usize, limit: usize) -> Option<Command> {
    let mut end = text.len().min(at.saturating_add(limit));
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut lexer = Lexer { text: &text[..end], at, words: Vec::new(), word: None, marker: None };
    lexer.run()?;
    lexer.finish_word();
    let mut end = lexer.at;
    let input = lexer.marker.as_deref().and_then(|marker| heredoc(text, end, marker)).map(|(input, after)| {
        end = after;
        input
    });
    Some(Command { words: lexer.words, end, input })
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    words: Vec<String>,
    word: Option<String>,
    /// The word after `<<`.
    marker: Option<String>,
}

impl<'t> Lexer<'t> {
    fn run(&mut self) -> Option<()> {
        while let Some(letter) = self.rest().chars().next() {
            let rest = self.rest();
            match letter {
                '\n' | '|' | ';' | '>' | ')' => return Some(()),
                '&' if rest.starts_with("&&") || rest.trim_end_matches('\n') == "&" => return Some(()),
                '<' if rest.starts_with("<<") => self.here(),
                '\'' => self.single()?,
                '"' => self.double()?,
                '$' if rest.starts_with("$'") => self.ansi()?,
                '\\' => self.escape(),
                ' ' | '\t' | '\r' => {
                    self.finish_word();
                    self.at += 1;
                }
                _ => self.push(letter),
            }
        }
        Some(())
    }

    fn rest(&self) -> &'t str {
        let text: &'t str = self.text;
        &text[self.at..]
    }

    fn push(&mut self, letter: char) {
        self.word.get_or_insert_default().push(letter);
        self.at += letter.len_utf8();
    }

    fn finish_word(&mut self) {
        self.words.extend(self.word.take());
    }

    /// A backslash before the end of a line, spaces in between allowed, as pages have them, continues the line.
    fn escape(&mut self) {
        let rest = &self.rest()[1..];
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
        self.at += 1;
        if rest[blank..].starts_with('\n') {
            self.finish_word();
            self.at += blank + 1;
        } else if let Some(letter) = rest.chars().next() {
            self.push(letter);
        }
    }

    fn single(&mut self) -> Option<()> {
        let rest = &self.rest()[1..];
        let end = rest.find('\'')?;
        self.word.get_or_insert_default().push_str(&rest[..end]);
        self.at += end + 2;
        Some(())
    }

    fn double(&mut self) -> Option<()> {
        self.at += 1;
        self.word.get_or_insert_default();
        loop {
            let rest = self.rest();
            match rest.chars().next()? {
                '"' => {
                    self.at += 1;
                    return Some(());
                }
                '\\' if rest[1..].starts_with(['"', '\\', '$', '`']) => {
                    self.at += 1;
                    let letter = rest[1..].chars().next()?;
                    self.push(letter);
                }
                '\\' if rest[1..].starts_with('\n') => self.at += 2,
                letter => self.push(letter),
            }
        }
    }

    /// `$'…'` with its escapes.
    fn ansi(&mut self) -> Option<()> {
        self.at += 2;
        self.word.get_or_insert_default();
        loop {
            match self.rest().chars().next()? {
                '\'' => {
                    self.at += 1;
                    return Some(());
                }
                '\\' => {
                    let letter = self.rest()[1..].chars().next()?;
                    self.at += 1 + letter.len_utf8();
                    let meant = match letter {
                        'n' => '\n',
                        't' => '\t',
                        'r' => '\r',
                        other => other,
                    };
                    self.word.get_or_insert_default().push(meant);
                }
                letter => self.push(letter),
            }
        }
    }

    fn here(&mut self) {
        self.finish_word();
        let rest = self.rest()[2..].trim_start_matches(['-', ' ', '<']);
        let marker: String =
            rest.trim_start_matches(['\'', '"']).chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
        let after = rest.find(&marker).map_or(rest.len(), |start| start + marker.len());
        self.at = self.text.len() - rest.len() + after;
        self.at += self.rest().len() - self.rest().trim_start_matches(['\'', '"']).len();
        self.marker = Some(marker).filter(|marker| !marker.is_empty());
    }
}

/// The lines after the one at `at`, up to the one that holds the marker alone, and the offset after that one's text.
fn heredoc(text: &str, at: usize, marker: &str) -> Option<(String, usize)> {
    let start = at + text[at..].find('\n')? + 1;
    let mut offset = start;
    for line in text[start..].split_inclusive('\n') {
        if line.trim() == marker {
            return Some((text[start..offset].to_owned(), offset + line.trim_end().len()));
        }
        offset += line.len();
    }
    None
}
