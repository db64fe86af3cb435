//! The mock as a program: found, started, asked where it is, and ended. The programs here are scripts that only say what
//! the mock would.

use std::{
    env, fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use contract::compare::{Mock, NoMock, Program, Surroundings};

/// Reads the arguments as the mock does, and says in the file where it is.
const READS: &str = r#"
while [ $# -gt 0 ]; do
  case "$1" in --ready-file) ready="$2" ;; --root) root="$2" ;; esac
  shift 2
done
say() { printf '%s' "$1" > "$ready.part" && mv "$ready.part" "$ready"; }
"#;

/// A folder of a test's own.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("contract-programs-{}-{count}", std::process::id()));
        fs::create_dir_all(&path).expect("the folder for passing files is writable");
        Self(path)
    }

    /// A program that a shell runs, so that no program is run while it is written.
    fn script(&self, text: &str) -> Program {
        let file = self.0.join("script.sh");
        fs::write(&file, format!("{READS}{text}\n")).expect("the folder is writable");
        Program { path: "/bin/sh".into(), before: vec![file.into()] }
    }

    /// A file that may be run, or may not.
    fn file(&self, name: &str, mode: u32) -> PathBuf {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("the folder is writable");
        fs::write(&path, "").expect("the folder is writable");
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("the file is ours");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

async fn start(program: &Program, patience: u64) -> Result<Mock, NoMock> {
    Mock::start(program, Path::new("kitchen.yaml"), "kitchen", Duration::from_millis(patience)).await
}

fn runs(process: u32) -> bool {
    Command::new("kill").args(["-0", &process.to_string()]).output().is_ok_and(|output| output.status.success())
}

#[tokio::test]
async fn a_mock_runs_until_it_is_dropped() {
    let folder = Folder::new();
    let says = r#"say "{\"providers\": {\"kitchen\": \"http://127.0.0.1:9$root\"}}"; exec tail -f /dev/null"#;
    let mock = start(&folder.script(says), 30_000).await.expect("the script is ready at once");
    assert_eq!(mock.url(), "http://127.0.0.1:9./kitchen.yaml");
    let process = mock.process();
    assert!(runs(process));
    drop(mock);
    assert!(!runs(process));
}

#[tokio::test]
async fn of_several_the_document_s_own_is_taken() {
    let folder = Folder::new();
    let says = r#"say '{"providers": {"cellar": "http://a", "kitchen": "http://b"}}'; exec tail -f /dev/null"#;
    assert_eq!(start(&folder.script(says), 30_000).await.expect("the script is ready at once").url(), "http://b");
    let says = r#"say '{"providers": {"cellar": "http://a", "attic": "http://b"}}'; exec tail -f /dev/null"#;
    let error = start(&folder.script(says), 30_000).await.expect_err("the kitchen is not there").to_string();
    assert_eq!(error, "the mock does not say where `kitchen` is\nhelp: `contract` and the mock have to be of the same version");
}

#[tokio::test]
async fn a_mock_that_ends_or_is_late_is_told_with_what_it_said() {
    let folder = Folder::new();
    let script = folder.script("echo 'no pans here' >&2; exit 3");
    let command = format!("/bin/sh {} --listen 127.0.0.1:0 --control 127.0.0.1:0 --root ./kitchen.yaml", script.before[0].display());
    let error = start(&script, 30_000).await.expect_err("the script ends").to_string();
    assert_eq!(error, format!("the mock ended before it was ready (exit status: 3): no pans here\nhelp: `{command}` shows the same"));
    let script = folder.script("exec tail -f /dev/null");
    let error = start(&script, 50).await.expect_err("the script says nothing").to_string();
    assert_eq!(error, format!("the mock is not ready after 0.1 s\nhelp: `{command}` shows why"));
    let missing = Program { path: folder.0.join("missing"), before: Vec::new() };
    let error = start(&missing, 50).await.expect_err("there is no such file").to_string();
    assert!(error.starts_with(&format!("`{}` does not start: ", missing.path.display())), "{error}");
}

#[test]
fn a_program_is_beside_this_one_or_on_the_path_or_built() {
    let folder = Folder::new();
    let beside = folder.file("own/mock-server", 0o755);
    let on_path = folder.file("path/mock-server", 0o755);
    folder.file("text/mock-server", 0o644);
    let find = |beside: &str, path: &[&str]| {
        let folders = path.iter().map(|name| folder.0.join(name));
        let path = env::join_paths(folders).expect("the folders have plain names");
        let around = Surroundings { beside: Some(folder.0.join(beside)), path: Some(path), cargo: None };
        Program::find(Mock::PROGRAM, &around).map(|program| program.path).map_err(|error| error.to_string())
    };
    assert_eq!(find("own", &["path"]), Ok(beside));
    assert_eq!(find("text", &["text", "path"]), Ok(on_path));
    let nowhere = "there is no program `mock-server`, neither beside this one nor in `PATH`\n\
                   help: `cargo install --path mock-server` makes it, or give the address of a mock that runs";
    assert_eq!(find("text", &[]), Err(nowhere.to_owned()));
}

#[test]
fn cargo_builds_what_is_not_there() {
    let folder = Folder::new();
    let built = |program: &str| {
        let cargo = folder.file("cargo", 0o644);
        fs::write(&cargo, program).expect("the file is ours");
        // A shell runs what it finds in the folder that it is in, as its first argument.
        let around = Surroundings { cargo: Some(("/bin/sh".into(), folder.0.clone())), ..Surroundings::default() };
        fs::rename(&cargo, folder.0.join("build")).expect("the folder is ours");
        Program::find(Mock::PROGRAM, &around).map(|program| program.path).map_err(|error| error.to_string())
    };
    let messages = r#"
echo '{"reason": "compiler-artifact", "target": {"name": "specs"}, "executable": null}'
echo '{"reason": "compiler-artifact", "target": {"name": "mock-server"}, "executable": null}'
echo '{"reason": "compiler-artifact", "target": {"name": "mock-server"}, "executable": "/built/mock-server"}'
echo '{"reason": "build-finished", "success": true}'
"#;
    assert_eq!(built(messages), Ok("/built/mock-server".into()));
    let unbuilt = "cargo does not build `mock-server`\nhelp: `cargo build -p mock-server` says why";
    assert_eq!(built(&format!("{messages}exit 101")), Err(unbuilt.to_owned()));
    assert_eq!(built("echo nothing"), Err(unbuilt.to_owned()));
}
