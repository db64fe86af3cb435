//! The programs that the check needs, where this machine has them.

use std::{
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
    process::Command,
};

use super::Lack;

/// What Chromium is called where it is installed; `CHROMIUM` names one that is called otherwise.
const CHROMIUMS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// Programs that run.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tools {
    pub(crate) node: PathBuf,
    /// Needed only when packages are to be installed.
    pub(crate) npm: Option<PathBuf>,
    pub(crate) chromium: PathBuf,
}

impl Tools {
    /// Those of this machine; `oldest` is the major version of Node.js that the packages need.
    pub(crate) fn of_this_machine(oldest: u32) -> Result<Self, Lack> {
        let path = env::var_os("PATH").unwrap_or_default();
        Self::find(&path, env::var_os("CHROMIUM").as_deref().filter(|name| !name.is_empty()), oldest, version)
    }

    /// `version` is what a program says of itself, when it runs.
    fn find(path: &OsStr, chromium: Option<&OsStr>, oldest: u32, version: impl Fn(&Path) -> Option<String>) -> Result<Self, Lack> {
        // Some systems have a file of that name that only says where to get a browser.
        let browser = |name: &OsStr| program(path, name).filter(|file| version(file).is_some());
        let help = format!("install Node.js {oldest} or newer");
        let node = program(path, OsStr::new("node")).ok_or_else(|| Lack::new("no Node.js is installed", help.as_str()))?;
        let major = version(&node).and_then(|version| version.trim().strip_prefix('v')?.split('.').next()?.parse::<u32>().ok());
        match major {
            None => return Err(Lack::new(format!("`{}` does not say its version", node.display()), help)),
            Some(major) if major < oldest => return Err(Lack::new(format!("Node.js {major} is too old"), help)),
            Some(_) => {}
        }
        let chromium = match chromium {
            Some(name) => browser(name).ok_or_else(|| format!("`CHROMIUM` names `{}`, which does not run", name.display())),
            None => CHROMIUMS.iter().find_map(|name| browser(OsStr::new(name))).ok_or_else(|| "no Chromium is installed".to_owned()),
        };
        let chromium = chromium.map_err(|what| Lack::new(what, "install Chromium, or name the program in `CHROMIUM`"))?;
        Ok(Self { node, npm: program(path, OsStr::new("npm")), chromium })
    }
}

/// A file of this name on the path; one with a folder is taken as it is.
fn program(path: &OsStr, name: &OsStr) -> Option<PathBuf> {
    let folders = if Path::new(name).components().count() > 1 { vec![env::current_dir().ok()?] } else { env::split_paths(path).collect() };
    folders.into_iter().map(|folder| folder.join(name)).find(|file| file.is_file())
}

fn version(program: &Path) -> Option<String> {
    let output = Command::new(program).arg("--version").output().ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()
}

#[cfg(test)]
mod tests {
    use super::Tools;
    use crate::browser::Lack;
    use std::{ffi::OsStr, fs, path::Path};

    /// What is found where these programs are all that there is; of those without a version none runs.
    fn check(test: &str, programs: &[(&str, &str)], chromium: Option<&str>) -> Result<[Option<String>; 3], Lack> {
        let folder = std::env::temp_dir().join(format!("crm-notes-tools-{test}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder can be made");
        for (name, version) in programs {
            fs::write(folder.join(name), version).expect("a file can be written");
        }
        let version = |file: &Path| fs::read_to_string(file).ok().filter(|version| !version.is_empty());
        let found = Tools::find(folder.as_os_str(), chromium.map(OsStr::new), 18, version);
        fs::remove_dir_all(&folder).expect("the folder is the test's own");
        let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
        found.map(|tools| [name(&tools.node), tools.npm.as_deref().and_then(name), name(&tools.chromium)])
    }

    const NODE: (&str, &str) = ("node", "v18.20.4\n");
    const CHROMIUM: (&str, &str) = ("chromium", "Chromium 1");

    #[test]
    fn the_first_browser_that_runs_is_taken() {
        let programs = [NODE, ("chromium", ""), ("chromium-browser", "Chromium 1"), ("npm", "9"), ("kite", "Kite 1")];
        let names = |names: [&str; 3]| Ok(names.map(|name| Some(name.to_owned())));
        assert_eq!(check("first", &programs, None), names(["node", "npm", "chromium-browser"]));
        assert_eq!(check("named", &programs, Some("kite")), names(["node", "npm", "kite"]));
    }

    #[test]
    fn what_is_lacking_is_named() {
        for (test, programs, chromium, what) in [
            ("nothing", vec![], None, "no Node.js is installed"),
            ("old", vec![("node", "v12.22.9"), CHROMIUM], None, "Node.js 12 is too old"),
            ("alone", vec![NODE], None, "no Chromium is installed"),
            ("wrong", vec![NODE, CHROMIUM], Some("kite"), "`CHROMIUM` names `kite`, which does not run"),
        ] {
            assert_eq!(check(test, &programs, chromium).unwrap_err().what, what);
        }
    }

    #[test]
    fn npm_need_not_be_there() {
        assert_eq!(check("npm", &[NODE, CHROMIUM], None).unwrap()[1], None);
    }
}
