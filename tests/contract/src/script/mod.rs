//! Scripts: conversations with a server, written as tables that people read.
//!
//! The cases of this crate follow from a document; a script says what a document cannot, as the sentences of a
//! documentation page. It is a YAML file of promises, each with a name in plain words and the steps that show it:
//!
//! ```yaml
//! page: https://docs.example/notes          # where the promises were made
//! with: {shelf: s-1, long: {repeat: ab, times: 500}}   # values that texts may name as `{shelf}`
//! headers: {x-version: '2'}                 # sent with every step, unless the step says otherwise
//! promises:
//! - promise: a book without a title is refused with 400
//!   steps:
//!   - send: POST /shelves/{shelf}/books     # below the server's base URL, the query as it is written
//!     as: nobody                            # or a scheme's name, or {scheme: credential}; else what the document offers
//!     headers: {x-tag: [a, b]}              # a list is a header that is there twice, null takes one away
//!     json: {pages: 7}                      # or `form`, `text` or `bytes` (base64); `type` is its media type
//!     gets: 400                             # or [200, 201], or 4XX
//!     answers: {/error/code: NO_TITLE}      # JSON pointer: the exact value, or a matcher
//!     answers-headers: {retry-after: {is: absent}}
//!     answers-type: application/json
//!     answers-text: {contains: title}       # the whole body as text
//!     keep: {code: /error/code}             # JSON pointer or header, for `{code}` in later steps
//! ```
//!
//! An object stands for a matcher, so that an exact object is written `{equals: {…}}`; [`matcher`] has all of them.
//! `{name}` is a value that is known: alone in a text it keeps its type, in a path it is encoded; `{{name}}` means the
//! text itself. One file of expressions was rejected, because a table can be read, checked and told with its line by
//! those who write no Rust.

mod judge;
mod kept;
pub mod matcher;
mod read;
mod request;
mod step;

use std::fmt;

use specs::{Problem, Source, api::Api};

use self::{kept::Kept, step::Step};
use crate::{Exchange, Intent, Target};

/// The promises of one file.
#[derive(Clone, Debug)]
pub struct Script {
    /// Where they were made.
    pub page: Option<String>,
    /// The rules of the problems that the document has.
    pub problems: Vec<String>,
    /// The operations of which a generated client takes or gives something untyped.
    pub degraded: Vec<String>,
    /// Each with the conversation that shows it.
    pub promises: Vec<Promise>,
    file: String,
    with: Kept,
}

impl Script {
    /// Reads a script about a server of this document.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with file, line and fix.
    pub fn read(source: &Source, api: &Api) -> Result<Self, Vec<Problem>> {
        read::script(source, api)
    }

    /// Holds the conversation of one of its promises with a server of the document.
    ///
    /// # Errors
    /// The first step that did not go as it says.
    pub async fn run(&self, promise: &Promise, api: &Api, target: &Target) -> Result<(), Broken> {
        let mut kept = self.with.clone();
        for step in &promise.steps {
            let broken = |what: Vec<String>, exchange| Broken { file: self.file.clone(), line: step.line, what, exchange };
            let request = request::of(step, api, target, &kept);
            let (exchange, response) = target.exchange(&promise.name, Intent::Test, request).await;
            let response = response.map_err(|error| broken(vec![crate::run::chain(&error)], None))?;
            match judge::answer(step, &response, &mut kept) {
                wrong if wrong.is_empty() => {}
                wrong => return Err(broken(wrong, Some(Box::new(exchange)))),
            }
        }
        Ok(())
    }
}

/// A promise.
#[derive(Clone, Debug)]
pub struct Promise {
    /// What is promised, in words.
    pub sentence: String,
    /// The same as a test's name, in snake case.
    pub name: String,
    steps: Vec<Step>,
}

/// A promise that was not kept.
#[derive(Clone, Debug)]
pub struct Broken {
    file: String,
    line: usize,
    what: Vec<String>,
    exchange: Option<Box<Exchange>>,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: the step went otherwise", self.file, self.line)?;
        for what in &self.what {
            write!(f, "\n  {what}")?;
        }
        match &self.exchange {
            Some(exchange) => write!(f, "\n{exchange}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Broken {}
