//! Adding a provider is adding one file: checked by doing it.
//!
//! A made-up document is dropped into a scratch copy of the workspace. With no other edit its client compiles, its
//! paths answer on the mock, and its contract tests are there and pass. The copy has a target directory of its own.

use std::{
    fs,
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
};

use specs::Source;

use super::{scratch, seed, steps::Done};
use crate::{
    Failure,
    bench::{load, plan::Plan, server::Server},
    workspace,
};

/// The document that is dropped, and the program that uses its client.
const FIXTURES: [(&str, &str); 2] =
    [("specs/acme.yaml", include_str!("../../fixtures/acme.yaml")), ("tests/acme.rs", include_str!("../../fixtures/acme.rs"))];

/// Does it.
pub(crate) fn run(screen: &mut dyn Write) -> Result<Done, Failure> {
    let copy = Copy::make()?;
    let compiled = workspace::succeeds(&mut copy.cargo(&["test", "--quiet", "--workspace", "--test", "acme"]))?;
    if !compiled {
        return Ok(Done::Failed);
    }
    copy.answers(screen)?;
    copy.has_passing_contract_tests(screen)
}

struct Copy {
    workspace: PathBuf,
    target: PathBuf,
}

impl Copy {
    fn make() -> Result<Self, Failure> {
        let target = workspace::target()?;
        let folder = target.join("drop-in");
        let copy = Self { workspace: folder.join("workspace"), target: folder.join("target") };
        seed::seed(&target, &copy.target)?;
        scratch::copy(workspace::root(), &copy.workspace)?;
        for (path, text) in FIXTURES {
            let file = copy.workspace.join(path);
            fs::write(&file, text).map_err(|error| Failure::new(format!("cannot write `{}`", file.display())).because(error))?;
        }
        Ok(copy)
    }

    /// Cargo in the copy. Always for the whole workspace, so that features are those that its dependencies were built with.
    fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = workspace::cargo(arguments);
        command.current_dir(&self.workspace).env("CARGO_TARGET_DIR", &self.target);
        command
    }

    /// The mock, as a program, takes a create and a read under the provider's name.
    fn answers(&self, screen: &mut dyn Write) -> Result<(), Failure> {
        if !workspace::succeeds(&mut self.cargo(&["build", "--quiet", "--workspace", "--bin", "mock-server"]))? {
            return Err(Failure::new("the mock does not build with the document dropped in"));
        }
        let program = self.target.join("debug").join(format!("mock-server{}", std::env::consts::EXE_SUFFIX));
        let mock = Server::start(&program, &["--listen", "127.0.0.1:0", "--control", "127.0.0.1:0"], &self.target)?;
        let (path, text) = FIXTURES[0];
        let plan = specs::load(&Source::new("acme", path, text.to_owned())).api.and_then(Plan::of);
        let plan = plan.ok_or_else(|| Failure::new("the fixture has no create with an example and a read of what it made"))?;
        let base = mock.base(&plan.provider);
        let create = plan.create(&base).ok_or_else(|| Failure::new("the fixture does not say how to create"))?;
        let created = load::once(mock.address, &create).map_err(|error| Failure::new("the mock does not answer").because(error))?;
        let read = plan.read(&base, &created.body).ok_or_else(|| refused("create", &created))?;
        let read = load::once(mock.address, &read).map_err(|error| Failure::new("the mock does not answer").because(error))?;
        if read.body != created.body {
            return Err(refused("read", &read));
        }
        Ok(writeln!(screen, "{base}: created and read back {}", String::from_utf8_lossy(&read.body))?)
    }

    /// There are contract tests of the provider, and they pass.
    fn has_passing_contract_tests(&self, screen: &mut dyn Write) -> Result<Done, Failure> {
        let mut command = self.cargo(&["test", "--quiet", "--workspace", "--test", "contract", "--", "acme::"]);
        let output = command.stderr(Stdio::inherit()).output().map_err(|error| Failure::new("cannot start cargo").because(error))?;
        screen.write_all(&output.stdout)?;
        let text = String::from_utf8_lossy(&output.stdout);
        let passed = text.lines().rev().find_map(|line| line.strip_prefix("test result: ok. ")?.split(' ').next()?.parse().ok());
        Ok(if output.status.success() && passed.is_some_and(|passed: usize| passed > 0) { Done::Passed } else { Done::Failed })
    }
}

fn refused(what: &str, answer: &load::Answer) -> Failure {
    let body = String::from_utf8_lossy(&answer.body);
    Failure::new(format!("the {what} was answered with {} and {body}", answer.status))
}
