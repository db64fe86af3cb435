//! `contract compare`: the same cases against two servers, and who is the odd one out.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};

use super::{
    UNREACHABLE,
    arguments::{Choice, Safety, Sending},
    campaign::{Campaign, Done, mark},
    documents::{Loaded, load, path},
    failure::Failure,
    is_written, server,
};
use crate::{
    Credentials, Place, Redactor,
    compare::{Comparison, Form, Mock, Program, Surroundings},
    report::Har,
};

/// What stands for a mock that is started for the comparison.
const MOCK: &str = "mock";

/// What the command takes.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// A file, or the name of a provider
    document: String,
    /// The first server: `mock` for one that is started for it, or a base URL
    #[arg(long, value_name = "mock|URL")]
    a: String,
    /// The second server: `mock`, or a base URL
    #[arg(long, value_name = "mock|URL")]
    b: String,
    #[command(flatten)]
    choice: Choice,
    #[command(flatten)]
    safety: Safety,
    #[command(flatten)]
    sending: Sending,
    /// Keep the exchanges and the verdict in this folder
    #[arg(long, value_name = "FOLDER")]
    record: Option<PathBuf>,
    /// The form of the verdict
    #[arg(long, value_enum, default_value = "text")]
    format: Kind,
    /// Where the verdict goes, instead of the terminal
    #[arg(long)]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    Text,
    Json,
    Markdown,
}

/// A server that takes part, and what it was started with.
struct Side {
    name: &'static str,
    url: String,
    place: Place,
    credentials: Credentials,
    _mock: Option<Mock>,
}

pub(super) async fn run(arguments: &Arguments, seed: u64) -> Result<u8, Failure> {
    let file = path(&arguments.document)?;
    let loaded = load(&file, seed)?;
    let cases = arguments.choice.of(&loaded.suite)?;
    let a = side(arguments, &loaded, &file, &arguments.a).await?;
    let b = side(arguments, &loaded, &file, &arguments.b).await?;
    let names = if a.name == b.name { ("a", "b") } else { (a.name, b.name) };
    let mark = mark(None);
    let mut done: Vec<Done> = Vec::new();
    for side in [&a, &b] {
        let one = of_side(arguments, &loaded, side, seed, &format!("{mark}{}", done.len())).run(&cases).await?;
        if let Some(why) = &one.unreachable {
            eprintln!("error: {}: {why}\nhelp: is the server running, and `{}` its address?", side.name, side.url);
            return Ok(UNREACHABLE);
        }
        if let Some(code) = one.signal {
            return Ok(code);
        }
        done.push(one);
    }
    let [a, b] = &done[..] else { return Ok(UNREACHABLE) };
    told(arguments, &loaded, names, a, b)
}

/// Says who is the odd one out, and keeps the evidence.
fn told(arguments: &Arguments, loaded: &Loaded, names: (&str, &str), a: &Done, b: &Done) -> Result<u8, Failure> {
    let comparison = Comparison::of((names.0, &a.report), (names.1, &b.report));
    let api = loaded.suite.api();
    let redactors = [Redactor::new(api, &a.credentials), Redactor::new(api, &b.credentials)];
    let hidden = |form: Form| redactors.iter().fold(comparison.told(form), |text, redactor| redactor.text(&text));
    if let Some(folder) = &arguments.record {
        let har = |done: &Done, redactor: &Redactor| Har::of(&done.report, redactor).to_json();
        let (one, other) = (har(a, &redactors[0]), har(b, &redactors[1]));
        let kept = comparison.record(folder, (&one, &other), hidden);
        kept.map_err(|error| {
            Failure::new(format!("failed to write to `{}`: {error}", folder.display()), "name another folder by `--record`")
        })?;
    }
    let form = match arguments.format {
        Kind::Text => Form::Text,
        Kind::Json => Form::Json,
        Kind::Markdown => Form::Markdown,
    };
    match &arguments.output {
        Some(file) => {
            let failed = |error: io::Error| {
                Failure::new(format!("failed to write `{}`: {error}", file.display()), "name another file by `--output`")
            };
            fs::write(file, hidden(form)).map_err(failed)?;
        }
        None => _ = is_written(io::stdout().lock().write_all(hidden(form).as_bytes()))?,
    }
    for line in a.report.residue.iter().chain(&b.report.residue) {
        eprintln!("left behind: {line}");
    }
    Ok(comparison.exit_code())
}

async fn side(arguments: &Arguments, loaded: &Loaded, file: &Path, named: &str) -> Result<Side, Failure> {
    let api = loaded.suite.api();
    if named == MOCK {
        let refused = |error: crate::compare::NoMock| Failure::told(error.to_string());
        let program = Program::find(Mock::PROGRAM, &Surroundings::here()).map_err(refused)?;
        let mock = Mock::start(&program, file, &api.name, Mock::PATIENCE).await.map_err(refused)?;
        let (url, credentials) = (mock.url().to_owned(), Credentials::of_document(api));
        return Ok(Side { name: MOCK, url, place: Place::Here, credentials, _mock: Some(mock) });
    }
    let place = server::place(named, &arguments.safety)?;
    let credentials = server::credentials(api, place)?;
    Ok(Side { name: "vendor", url: named.to_owned(), place, credentials, _mock: None })
}

fn of_side<'a>(arguments: &'a Arguments, loaded: &'a Loaded, side: &'a Side, seed: u64, mark: &str) -> Campaign<'a> {
    Campaign {
        loaded,
        seed,
        url: &side.url,
        place: side.place,
        credentials: side.credentials.clone(),
        safety: &arguments.safety,
        sending: &arguments.sending,
        mark: mark.to_owned(),
        ledger: None,
    }
}
