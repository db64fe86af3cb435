//! What a run says: its report in the form that is asked for, the files beside it, and the exit code.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    time::SystemTime,
};

use specs::Document;

use super::{
    FAILED,
    arguments::{Form, Run},
    documents::Loaded,
    failure::Failure,
    is_written,
    run::last_file,
};
use crate::{
    Baseline, Coverage, Credentials, Redactor,
    baseline::{Acceptance, day},
    report::{self, Colour, Counts, Har, Report, Shown, last},
};

/// What is to be said, once it is known that it can be.
pub(super) struct Telling<'a> {
    arguments: &'a Run,
    baseline: Option<Baseline>,
    expires: Option<chrono::NaiveDate>,
}

/// What a report is about.
pub(super) struct Written<'a> {
    pub(super) loaded: &'a Loaded,
    pub(super) credentials: &'a Credentials,
}

impl<'a> Telling<'a> {
    /// Looks at what will be needed, before anything is sent.
    pub(super) fn new(arguments: &'a Run) -> Result<Self, Failure> {
        let baseline = arguments.baseline.as_deref().map(Baseline::open).transpose();
        let baseline = baseline.map_err(|problems| Failure::of_problems(&problems))?;
        let date =
            |text: &String| text.parse().map_err(|_| Failure::new(format!("`{text}` is no date"), "write the last day as `2027-01-31`"));
        let expires = arguments.expires.as_ref().map(date).transpose()?;
        if let Some(percent) = arguments.min_coverage.filter(|percent| !(0.0..=100.0).contains(percent)) {
            return Err(Failure::new(format!("`{percent}` is no percentage"), "give a number from 0 to 100"));
        }
        Ok(Self { arguments, baseline, expires })
    }

    /// Says all, and gives the exit code.
    pub(super) fn all(&self, report: &mut Report, written: &Written<'_>) -> Result<u8, Failure> {
        let suite = &written.loaded.suite;
        #[expect(clippy::disallowed_methods, reason = "what is accepted is accepted until a day of the calendar")]
        let today = day(SystemTime::now());
        if let Some(baseline) = &self.baseline {
            let told = baseline.judge(report, today).into_iter().chain(baseline.unknown(suite));
            report.warnings.extend(told.map(|problem| problem.to_string()));
        }
        if let Some(reason) = &self.arguments.accept {
            self.accept(report, reason, today)?;
        }
        if self.arguments.coverage || self.arguments.min_coverage.is_some() {
            report.coverage = Some(Coverage::of(suite, report.exchanges()));
        }
        let redactor = Redactor::new(suite.api(), written.credentials);
        let shown = Shown::new(report, &redactor);
        self.write_report(&shown, written)?;
        if let Some(file) = &self.arguments.har {
            write(file, &Har::of(report, &redactor).to_json(), "--har")?;
        }
        let file = last_file(self.arguments, suite);
        let noted = last::write(&file, &last::Last::of(report));
        noted
            .map_err(|error| Failure::new(format!("failed to write `{}`: {error}", file.display()), "name another folder by `--state`"))?;
        Ok(self.code(report))
    }

    fn code(&self, report: &Report) -> u8 {
        let lacks = self.arguments.min_coverage.zip(report.coverage.as_ref()).filter(|(least, coverage)| !coverage.meets(*least));
        if let Some((least, coverage)) = &lacks {
            eprintln!(
                "error: {:.1} % of the document was exercised, and {least} % is wanted\nhelp: `--coverage` prints what was not reached",
                coverage.overall().percent()
            );
        }
        if Counts::of(&report.finished).is_fine() && lacks.is_none() { 0 } else { FAILED }
    }

    /// Accepts what is not accepted yet.
    fn accept(&self, report: &mut Report, reason: &str, today: chrono::NaiveDate) -> Result<(), Failure> {
        let Some((baseline, file)) = self.baseline.as_ref().zip(self.arguments.baseline.as_ref()) else { return Ok(()) };
        let acceptance = Acceptance { reason: reason.to_owned(), today, expires: self.expires };
        let accepted = baseline.accept(report, &acceptance).map_err(|error| Failure::new(error, ""))?;
        write(file, &accepted.text, "--baseline")?;
        let now = Baseline::open(file).map_err(|problems| Failure::of_problems(&problems))?;
        now.judge(report, today);
        eprintln!("{} accepted, {} accepted for longer, in `{}`", accepted.added.len(), accepted.renewed.len(), file.display());
        Ok(())
    }

    fn write_report(&self, shown: &Shown, written: &Written<'_>) -> Result<(), Failure> {
        let colour = if self.arguments.output.is_some() { Colour::Plain } else { Colour::of(&io::stdout()) };
        let text = self.formed(shown, written, colour)?;
        match &self.arguments.output {
            Some(file) => write(file, &text, "--output"),
            None => is_written(io::stdout().lock().write_all(text.as_bytes())).map(|_| ()),
        }
    }

    fn formed(&self, shown: &Shown, written: &Written<'_>, colour: Colour) -> Result<String, Failure> {
        Ok(match self.arguments.format {
            Form::Text => report::text(shown, colour),
            Form::Json => report::json(shown),
            Form::Junit => {
                report::junit(shown).map_err(|error| Failure::new(format!("failed to write JUnit: {error}"), "take another `--format`"))?
            }
            Form::Markdown => report::markdown(shown),
            Form::Github => report::github(shown, written.loaded.suite.api(), &written.loaded.document, &root(&written.loaded.document)),
        })
    }
}

/// The folder that a document's repository is in, else the one where the program runs.
fn root(document: &Document) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    let file = here.join(&document.file);
    let repository = file.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned);
    repository.unwrap_or(here)
}

/// The folder of what runs keep, which is nobody's to commit.
pub(super) fn state(folder: &Path) -> Result<(), Failure> {
    let made = fs::create_dir_all(folder).and_then(|()| fs::write(folder.join(".gitignore"), "*\n"));
    made.map_err(|error| Failure::new(format!("failed to write to `{}`: {error}", folder.display()), "name another folder by `--state`"))
}

fn write(file: &Path, text: &str, flag: &str) -> Result<(), Failure> {
    let help = format!("name another file by `{flag}`");
    fs::write(file, text).map_err(|error| Failure::new(format!("failed to write `{}`: {error}", file.display()), help))
}
