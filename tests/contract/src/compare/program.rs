//! Where a program of this workspace is found. The cases may not depend on the mock, so it is no library here: it is a
//! program beside this one, or on the path, or one that cargo builds when cargo runs this one.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;

use super::NoMock;

/// A program, and what it is given before anything else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The file.
    pub path: PathBuf,
    /// Its first arguments.
    pub before: Vec<OsString>,
}

/// Where programs are looked for.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// The folder of this program.
    pub beside: Option<PathBuf>,
    /// `PATH`.
    pub path: Option<OsString>,
    /// Cargo, when it runs this program, and the folder to run it in.
    pub cargo: Option<(PathBuf, PathBuf)>,
}

impl Surroundings {
    /// Those of this process.
    #[must_use]
    pub fn here() -> Self {
        let own = env::current_exe().ok();
        let cargo = env::var_os("CARGO").zip(env::var_os("CARGO_MANIFEST_DIR"));
        Self {
            beside: own.and_then(|own| Some(own.parent()?.to_owned())),
            path: env::var_os("PATH"),
            cargo: cargo.map(|(cargo, folder)| (cargo.into(), folder.into())),
        }
    }
}

impl Program {
    /// Finds a program by its name.
    ///
    /// # Errors
    /// When it is nowhere, or cargo cannot build it.
    pub fn find(name: &str, around: &Surroundings) -> Result<Self, NoMock> {
        let file = format!("{name}{}", env::consts::EXE_SUFFIX);
        let path = around.path.as_deref().map(env::split_paths).into_iter().flatten();
        let found = around.beside.iter().cloned().chain(path).map(|folder| folder.join(&file)).find(|path| is_program(path));
        let found = match (found, &around.cargo) {
            (Some(found), _) => found,
            (None, Some((cargo, folder))) => built(name, cargo, folder)?,
            (None, None) => return Err(NoMock::Nowhere { name: name.to_owned() }),
        };
        Ok(Self { path: found, before: Vec::new() })
    }
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

/// Has cargo build a program and say where it is. Running it through cargo was rejected: whoever ends that cargo ends not
/// the program.
fn built(name: &str, cargo: &Path, folder: &Path) -> Result<PathBuf, NoMock> {
    let mut command = Command::new(cargo);
    command.args(["build", "--quiet", "--package", name, "--message-format", "json-render-diagnostics"]);
    let output = command.current_dir(folder).stdin(Stdio::null()).stderr(Stdio::inherit()).output();
    let unbuilt = || NoMock::Unbuilt { name: name.to_owned() };
    let output = output.map_err(|_| unbuilt())?;
    let messages = output.stdout.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice::<Value>(line).ok());
    let executable = |message: Value| {
        let is_it = message.pointer("/target/name").and_then(Value::as_str) == Some(name);
        message["executable"].as_str().filter(|_| is_it).map(PathBuf::from)
    };
    messages.filter_map(executable).next_back().filter(|_| output.status.success()).ok_or_else(unbuilt)
}
