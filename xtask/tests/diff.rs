//! `cargo xtask diff` on repositories of the test's own.

use std::{ffi::OsString, fs, path::PathBuf, process::Command};

/// Runs the verb, and returns its exit code and screen.
fn diff(arguments: &[&str]) -> (u8, String) {
    let mut screen = Vec::new();
    let all = ["cargo xtask", "diff"].iter().chain(arguments).map(OsString::from);
    let exit = xtask::run(all, &mut screen);
    (exit.code(), String::from_utf8(screen).expect("a screen is text"))
}

const KITES: &str = "\
openapi: 3.1.0
info: {title: Kites, version: '1'}
paths:
  /kites:
    get:
      operationId: listKites
      responses:
        '200':
          description: all of them
          content: {application/json: {schema: {type: array, items: {$ref: 'schemas/kite.yaml'}}}}
";
const KITE: &str = "type: object\nrequired: [colour]\nproperties:\n  colour: {type: string}\n";

/// A repository with a document of two files, committed on `main`.
struct Repository(PathBuf);

impl Repository {
    fn new(test: &str) -> Self {
        let repository = Self(std::env::temp_dir().join(format!("crm-notes-diff-{test}-{}", std::process::id())));
        fs::create_dir_all(repository.0.join("specs/schemas")).expect("a folder can be made");
        repository.write("Cargo.toml", "[package]\nname = 'kites'\nversion = '1.2.3'\n");
        repository.write("specs/kites.yaml", KITES);
        repository.write("specs/schemas/kite.yaml", KITE);
        repository.git(&["init", "-q", "-b", "main"]);
        repository.commit();
        repository.git(&["switch", "-q", "-c", "work"]);
        repository
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        fs::write(&path, text).expect("a file can be written");
        path.display().to_string()
    }

    fn commit(&self) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", "kites"]);
    }

    fn git(&self, arguments: &[&str]) {
        let settings = ["-c", "user.name=a", "-c", "user.email=a@kites.example", "-c", "commit.gpgsign=false"];
        let status = Command::new("git").arg("-C").arg(&self.0).args(settings).args(arguments).status();
        assert!(status.is_ok_and(|status| status.success()), "git {arguments:?}");
    }

    fn specs(&self) -> String {
        self.0.join("specs").display().to_string()
    }

    fn break_it(&self) {
        self.write("specs/schemas/kite.yaml", &KITE.replace("type: string", "type: integer"));
    }
}

impl Drop for Repository {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

#[test]
fn nothing_changed_is_told_so() {
    let repository = Repository::new("none");
    let (code, screen) = diff(&["--specs", &repository.specs()]);
    assert_eq!(code, 0, "{screen}");
    assert!(screen.ends_with(": nothing changed\nrelease: none\n"), "{screen}");
}

#[test]
fn a_change_of_a_file_beside_the_document_is_found_since_the_merge_base() {
    let repository = Repository::new("beside");
    repository.break_it();
    let (code, screen) = diff(&["--specs", &repository.specs()]);
    assert_eq!(code, 4, "{screen}");
    let wire = "breaking[type-changed]: values of another type fit: `string` → `integer`\n  in: response 200 `[].colour` of `list_kites`\n";
    assert!(screen.starts_with(wire), "{screen}");
    assert!(
        screen.contains(&format!("  --> {}/schemas/kite.yaml:4:12 (#/properties/colour/type)\n  was: ", repository.specs())),
        "{screen}"
    );
    assert!(screen.contains("major[field-type-changed]: "), "{screen}");
    assert!(screen.contains("\nrelease: major\n"), "{screen}");
    repository.commit();
    assert_eq!(diff(&["--specs", &repository.specs()]).0, 4, "a commit on a branch is a change since the default one");
    assert_eq!(diff(&["HEAD", "--specs", &repository.specs()]).0, 0);
    assert_eq!(diff(&["HEAD~1", "--specs", &repository.specs()]).0, 4);
}

#[test]
fn documents_that_come_and_go_are_changes() {
    let repository = Repository::new("come");
    repository.write("specs/lines.yaml", &KITES.replace("{$ref: 'schemas/kite.yaml'}", "{type: string}"));
    fs::remove_file(repository.0.join("specs/kites.yaml")).expect("a file can be removed");
    let (code, screen) = diff(&["--specs", &repository.specs(), "--format", "json"]);
    assert_eq!(code, 4, "{screen}");
    let report: serde_json::Value = serde_json::from_str(&screen).expect("the report is JSON");
    let rule = |document: usize| report["documents"][document]["wire"][0]["rule"].clone();
    assert_eq!((rule(0), rule(1), &report["release"]), ("document-removed".into(), "document-added".into(), &"major".into()));
}

#[test]
fn it_fails_from_the_verdict_that_is_named() {
    let repository = Repository::new("fail");
    repository.write("specs/schemas/kite.yaml", &KITE.replace("colour: {type: string}", "colour: {type: string}\n  tail: {type: string}"));
    let code = |level: &str| diff(&["--specs", &repository.specs(), "--fail-on", level]).0;
    let codes = ["none", "patch", "minor", "major", "caution", "breaking"].map(code);
    assert_eq!(codes, [0, 100, 100, 0, 0, 0]);
    assert_eq!(code("fatal"), 2);
}

#[test]
fn the_version_has_to_be_raised_as_far_as_the_changes_call_for() {
    let repository = Repository::new("version");
    repository.break_it();
    let check = || diff(&["--specs", &repository.specs(), "--check-version"]);
    let (code, screen) = check();
    assert_eq!(code, 100, "{screen}");
    assert!(
        screen.contains("version: 1.2.3 → 1.2.3, and a major release wants 2.0.0\nhelp: write `version = \"2.0.0\"` into `"),
        "{screen}"
    );
    repository.write("Cargo.toml", "[package]\nname = 'kites'\nversion = '1.9.0'\n");
    assert_eq!(check().0, 100);
    repository.write("Cargo.toml", "[package]\nname = 'kites'\nversion = '2.0.0'\n");
    let (code, screen) = check();
    assert_eq!(code, 0, "{screen}");
    assert!(screen.ends_with("version: 1.2.3 → 2.0.0, as a major release wants\n"), "{screen}");
}

#[test]
fn a_file_of_verdicts_is_taken_whole_or_not_at_all() {
    let repository = Repository::new("severity");
    repository.break_it();
    let arguments = |file: &str| ["--specs", &repository.specs(), "--severity", file, "--fail-on", "breaking"].map(str::to_owned);
    let run = |text: &str| {
        let all = arguments(&repository.write("verdicts.yaml", text));
        diff(&all.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let (code, screen) = run("type-changed: {verdict: compatible, reason: nobody reads it}\n");
    assert_eq!(code, 0, "{screen}");
    assert!(screen.contains("compatible[type-changed]") && screen.contains("  nobody reads it\n"), "{screen}");
    let (code, screen) = run("type-chnged: {verdict: none, reason: r}\n");
    assert_eq!(code, 100, "{screen}");
    assert!(
        screen.contains("error[severity]: there is no rule `type-chnged`") && screen.contains("did you mean `type-changed`?"),
        "{screen}"
    );
}

#[test]
fn every_form_has_the_verdict() {
    let repository = Repository::new("forms");
    repository.break_it();
    for (format, said) in [
        ("markdown", "| breaking | `type-changed` | response 200 `[].colour` of `list_kites` ("),
        ("github", "line=4,col=12,title=breaking%3A type-changed::response 200 `[].colour` of `list_kites`: "),
        ("github", "::notice title=release%3A major::"),
        ("junit", "<failure message=\"response 200 `[].colour` of `list_kites`: values of another type fit"),
    ] {
        let (code, screen) = diff(&["--specs", &repository.specs(), "--format", format]);
        assert_eq!(code, 4, "{screen}");
        assert!(screen.contains(said), "{format}: {screen}");
    }
}

#[test]
fn every_rule_has_a_page() {
    let (code, screen) = diff(&["--explain", "all"]);
    assert_eq!(code, 0);
    let rules: Vec<&str> = screen.lines().filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next()).collect();
    assert!(rules.len() > 120, "{screen}");
    for rule in rules {
        let (code, page) = diff(&["--explain", rule]);
        assert_eq!(code, 0, "{page}");
        assert!(page.starts_with(&format!("{rule} (")) && page.contains("calls for a "), "{page}");
    }
    let (code, screen) = diff(&["--explain", "enum-value-aded"]);
    assert_eq!((code, screen.as_str()), (100, "error: there is no rule `enum-value-aded`\nhelp: did you mean `enum-value-added`?\n"));
}

#[test]
fn what_is_no_revision_says_what_to_name() {
    let repository = Repository::new("revision");
    let (code, screen) = diff(&["nowhere", "--specs", &repository.specs()]);
    assert_eq!(code, 100);
    assert!(screen.starts_with("error: `nowhere` is no revision of the repository that `"), "{screen}");
    assert!(screen.ends_with("help: name a commit, a branch or a tag; or two files\n"), "{screen}");
    let file = format!("{}/kites.yaml", repository.specs());
    assert_eq!(diff(&[&file, &file]).0, 0);
    assert_eq!(diff(&[&file, &file, "--check-version"]).0, 100);
    assert_eq!(diff(&[&file, &file, &file]).0, 2);
}
