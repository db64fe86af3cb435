//! A terminal in a repository of the test's own. Lines are typed as a person types them, by a shell, in a folder that is
//! no part of this workspace: what the verbs need from it they would not find.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};

/// `cargo xtask` means the program that is tested, wherever it is called; errors stand between the lines, as on a terminal.
const START: &str = "exec 2>&1\ncargo() { shift; \"$XTASK\" \"$@\"; }\n";
/// Nothing of whoever runs the test is in its repository.
const ENVIRONMENT: [(&str, &str); 7] = [
    ("XTASK", env!("CARGO_BIN_EXE_xtask")),
    ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ("GIT_CONFIG_SYSTEM", "/dev/null"),
    ("GIT_AUTHOR_NAME", "a"),
    ("GIT_AUTHOR_EMAIL", "a@kites.example"),
    ("GIT_COMMITTER_NAME", "a"),
    ("GIT_COMMITTER_EMAIL", "a@kites.example"),
];

/// The repository, and a shell in it.
pub(crate) struct Console(PathBuf);

/// What a line printed, and the number that it ended with.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) screen: String,
}

impl Console {
    pub(crate) fn new(test: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("crm-notes-console-{test}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder can be made");
        let console = Self(folder);
        assert_eq!(console.types("git init --quiet --initial-branch main").code, 0);
        console
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("files are in folders")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }

    pub(crate) fn commit(&self) {
        let said = self.types("git add --all && git commit --quiet --message kept");
        assert_eq!(said.code, 0, "{}", said.screen);
    }

    /// Types a line. Which commit it is that a screen names is not for a test to say.
    pub(crate) fn types(&self, line: &str) -> Said {
        let output = self.run(&format!("{START}{line}"));
        let screen = String::from_utf8(output.stdout).expect("a screen is text");
        let head = self.run("git rev-parse --short=9 --verify --quiet HEAD").stdout;
        let head = String::from_utf8(head).expect("a commit is text");
        let screen = if head.is_empty() { screen } else { screen.replace(head.trim_end(), "COMMIT") };
        Said { code: output.status.code().expect("it ends by itself"), screen }
    }

    fn run(&self, script: &str) -> Output {
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(script).envs(ENVIRONMENT).current_dir(&self.0);
        shell.output().expect("there is a shell")
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}
