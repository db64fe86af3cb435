//! What a person sees: the exact screen of each verb, and the number that a script sees.

use std::{ffi::OsString, fs, path::PathBuf};

/// Runs a verb, and returns its exit code and screen.
fn xtask(arguments: &[&str]) -> (u8, String) {
    let mut screen = Vec::new();
    let all = ["cargo xtask"].iter().chain(arguments).map(OsString::from);
    let exit = xtask::run(all, &mut screen);
    (exit.code(), String::from_utf8(screen).expect("a screen is text"))
}

/// A folder of the test's own, and a document in it.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("crm-notes-{test}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder can be made");
        Self(folder)
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        fs::write(&path, text).expect("a file can be written");
        path.display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

#[test]
fn lint_has_nothing_to_say_about_a_good_document() {
    let folder = Folder::new("lint-good");
    let document = folder.write("acme.yaml", include_str!("../fixtures/acme.yaml"));
    assert_eq!(xtask(&["lint", &document]), (0, "1 document: no problems\n".to_owned()));
}

#[test]
fn lint_shows_place_and_fix() {
    let folder = Folder::new("lint-bad");
    let document = folder.write("acme.yaml", "openapi: 3.0.3\nopenapi: 3.0.3\ninfo: {title: Acme, version: '1'}\npaths: {}\n");
    let (code, screen) = xtask(&["lint", &document]);
    assert_eq!(code, 4, "{screen}");
    assert!(screen.contains(&format!("  --> {document}:2:1 (#/openapi)\n  help: ")), "{screen}");
}

#[test]
fn a_strict_lint_fails_where_a_strict_reader_would_refuse() {
    let folder = Folder::new("lint-strict");
    let good = folder.write("acme.yaml", include_str!("../fixtures/acme.yaml"));
    assert_eq!(xtask(&["lint", "--strict", &good]).0, 0);
    let sloppy = folder.write("sloppy.yaml", &include_str!("../fixtures/acme.yaml").replacen("openapi:", "tags: null\nopenapi:", 1));
    assert_eq!(xtask(&["lint", &sloppy]).0, 4);
    let (code, screen) = xtask(&["lint", "--strict", &sloppy]);
    assert_eq!(code, 100, "{screen}");
    assert!(screen.contains("warning[empty-member]") && screen.contains("help: mend the problems above"), "{screen}");
    assert_eq!(xtask(&["generate", "--strict", &sloppy]).0, 100);
    let overlay = "overlay: 1.0.0\ninfo: {title: t, version: '1'}\nactions:\n- {target: $.tags, update: [{name: a}]}\n- {target: $, update: {tags: [{name: a}]}}\n";
    let overlay = folder.write("mine.yaml", overlay);
    let (code, screen) = xtask(&["lint", &sloppy, "--overlay", &overlay]);
    assert_eq!(code, 4, "{screen}");
    assert!(
        screen
            .contains(&format!("error[overlay]: what `$.tags` selects cannot be merged with an update of another kind\n  --> {overlay}:4")),
        "{screen}"
    );
    assert!(!screen.contains("empty-member"), "{screen}");
}

#[test]
fn lint_tells_what_the_mock_could_not_act_out() {
    let folder = Folder::new("lint-mock");
    let good = include_str!("../fixtures/acme.yaml");
    let lint = |line: &str| {
        let text = good.replace("      operationId: writeEntry\n", &format!("      operationId: writeEntry\n      x-mock: {line}\n"));
        assert_ne!(text, good);
        xtask(&["lint", &folder.write("acme.yaml", &text)])
    };
    for (line, told) in [
        ("{set: {remark: request.body.remark or}}", "error[expression]: `request.body.remark or` is not an expression"),
        ("{set: {remark: request.body.remark|shout}}", "there is no filter `shout`"),
        ("{each: request.body.remark}", "warning[silent-batch]: `write_entry` makes a row for each element"),
    ] {
        let (code, screen) = lint(line);
        assert_eq!(code, 4, "{screen}");
        assert!(screen.contains(told) && screen.contains("acme.yaml:55:"), "{screen}");
    }
}

#[test]
fn lint_of_a_file_that_is_not_there_says_what_it_takes() {
    let (code, screen) = xtask(&["lint", "nowhere/acme.yaml"]);
    let expected = "\
error: cannot read `nowhere/acme.yaml`: No such file or directory (os error 2)
help: name OpenAPI documents, as files of YAML or JSON
";
    assert_eq!((code, screen.as_str()), (100, expected));
}

#[test]
fn generate_writes_what_check_then_finds() {
    let folder = Folder::new("generate");
    let document = folder.write("acme.yaml", include_str!("../fixtures/acme.yaml"));
    let out = folder.0.join("acme.rs").display().to_string();
    let arguments = ["generate", &document, "--out", &out];
    let with_check = ["generate", &document, "--out", &out, "--check"];
    let stale = format!("`{out}` is not what `{document}` gives\nhelp: `cargo xtask generate {document} --out {out}` writes it\n");
    assert_eq!(xtask(&with_check), (4, stale.clone()));
    assert_eq!(xtask(&arguments), (0, format!("`{out}` is written: 4 operations, 4 of them typed throughout\n")));
    assert_eq!(xtask(&with_check), (0, format!("`{out}` is up to date\n")));
    assert_eq!(xtask(&["generate", &document]), (0, fs::read_to_string(&out).expect("the file was written")));
    fs::write(&out, "").expect("a file can be written");
    assert_eq!(xtask(&with_check), (4, stale));
}

#[test]
fn generate_lists_the_public_items_of_a_document_by_its_name_in_a_folder() {
    let folder = Folder::new("surface");
    let document = folder.write("acme.yaml", include_str!("../fixtures/acme.yaml"));
    let specs = folder.0.display().to_string();
    let (code, listed) = xtask(&["generate", "acme", "--specs", &specs, "--surface"]);
    assert_eq!(code, 0, "{listed}");
    assert!(listed.starts_with("pub const BASE_URL: &str\npub struct Client\n"), "{listed}");
    assert_eq!(xtask(&["generate", &document, "--surface"]), (0, listed.clone()));
    assert_eq!(xtask(&["generate", "--specs", &specs, "--surface"]), (0, format!("// acme\n{listed}\n")));
    let (code, screen) = xtask(&["generate", "acne", "--specs", &specs]);
    assert_eq!((code, screen.as_str()), (100, "error: no file and no document is called `acne`\nhelp: name a file, or one of `acme`\n"));
}

#[test]
fn generate_keeps_all_documents_of_a_folder_in_another() {
    let folder = Folder::new("generate-all");
    folder.write("acme.yaml", include_str!("../fixtures/acme.yaml"));
    folder.write("bcme.yaml", include_str!("../fixtures/acme.yaml"));
    let (specs, out) = (folder.0.display().to_string(), folder.0.join("clients").display().to_string());
    let arguments = ["generate", "--specs", &specs, "--out", &out];
    let with_check = ["generate", "--specs", &specs, "--out", &out, "--check"];
    assert_eq!(xtask(&with_check).0, 4);
    assert_eq!(xtask(&arguments).0, 0);
    assert_eq!(xtask(&with_check), (0, format!("`{out}/acme.rs` is up to date\n`{out}/bcme.rs` is up to date\n")));
    fs::write(folder.0.join("clients/bcme.rs"), "").expect("a file can be written");
    let (code, screen) = xtask(&with_check);
    assert_eq!(code, 4);
    assert!(screen.ends_with(&format!("help: `cargo xtask generate --specs {specs} --out {out}` writes it\n")), "{screen}");
}

#[test]
fn wrong_arguments_are_told_apart() {
    let (code, screen) = xtask(&["ci", "everything"]);
    assert_eq!(code, 2);
    assert!(screen.starts_with("error: invalid value 'everything' for '[STEP]...'\n  [possible values: fmt, "), "{screen}");
}

#[test]
fn help_is_no_failure() {
    let (code, screen) = xtask(&["--help"]);
    assert_eq!(code, 0);
    assert!(screen.contains("\nUsage: cargo xtask <COMMAND>\n"), "{screen}");
    assert!(
        screen.ends_with("Exit codes: 0 nothing to do, 4 something to update or look at, 100 failed, 2 wrong arguments.\n"),
        "{screen}"
    );
}

/// One problem, in each form.
#[test]
fn lint_says_the_same_in_every_form() {
    let folder = Folder::new("lint-forms");
    let text = include_str!("../fixtures/acme.yaml").replacen("openapi:", "x-mok: {a|b: 1}\nopenapi:", 1);
    let document = folder.write("acme.yaml", &text);
    let form = |form: &str| xtask(&["lint", &document, "--format", form]);
    assert_eq!(form("text"), xtask(&["lint", &document]));
    let (code, json) = form("json");
    let json: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    let expected = serde_json::json!([{
        "rule": "extension-name", "severity": "warning", "file": document, "line": 4, "column": 1, "pointer": "/x-mok",
        "message": "nothing reads `x-mok`", "help": "write `x-mock`",
    }]);
    assert_eq!((code, json), (4, expected));
    let table =
        "| line | rule | problem | fix |\n|---|---|---|---|\n| 4 | `extension-name` (warning) | nothing reads `x-mok` | write `x-mock` |\n";
    assert_eq!(form("markdown"), (4, format!("1 document: 1 warning\n\n### `{document}`\n\n{table}")));
    let line = format!("::warning file={document},line=4,col=1,title=extension-name::nothing reads `x-mok`%0Ahelp: write `x-mock`\n");
    assert_eq!(form("github"), (4, line));
    let (code, report) = form("junit");
    assert_eq!(code, 4);
    assert!(report.contains("<testsuites name=\"lint\" tests=\"1\" skipped=\"0\" failures=\"1\" errors=\"0\">"), "{report}");
    assert!(report.contains("<failure message=\"nothing reads `x-mok`\" type=\"extension-name\">warning[extension-name]: "), "{report}");
    assert_eq!(xtask(&["lint", "--specs", &folder.0.display().to_string()]), xtask(&["lint", &document]));
}

#[test]
fn lint_explains_its_rules() {
    let (code, screen) = xtask(&["lint", "--explain", "enum-type"]);
    let expected = "\
enum-type: the values of an `enum` are of the type
help: quote the value, or correct the type

breaks it:
    paths: {}
    components: {schemas: {A: {type: string, enum: [a, 1]}}}

does not:
    paths: {}
    components: {schemas: {A: {type: string, enum: [a, '1']}}}
";
    assert_eq!((code, screen.as_str()), (0, expected));
    let unknown = "error: there is no rule `enum-typ`\nhelp: `cargo xtask lint --explain enum-type`\n";
    assert_eq!(xtask(&["lint", "--explain", "enum-typ"]), (2, unknown.to_owned()));
}

#[test]
fn lint_mends_what_has_one_right_answer_and_keeps_the_layout() {
    let folder = Folder::new("lint-fix");
    let good = include_str!("../fixtures/acme.yaml");
    let bad = good.replacen("openapi:", "# Why?\nx-rate-limit: []\nopenapi:", 1);
    let bad = bad.replacen("      operationId: writeEntry\n", "      deprecated: # who knows\n", 1);
    let document = folder.write("acme.yaml", &bad);
    let (code, screen) = xtask(&["lint", "--fix", "--check", &document]);
    assert_eq!((code, fs::read_to_string(&document).expect("the file is there")), (4, bad.clone()), "{screen}");
    assert!(screen.starts_with(&format!("{document}:5:1 [extension-name] writes `x-rate-limits` for `x-rate-limit`\n")), "{screen}");
    assert!(screen.ends_with("1 document: 3 problems can be mended\nhelp: `cargo xtask lint --fix` mends them\n"), "{screen}");
    let (code, screen) = xtask(&["lint", "--fix", &document]);
    assert_eq!(code, 0, "{screen}");
    assert!(
        screen.contains("[operation-id] writes `operationId: ") && screen.contains("[empty-member] removes `deprecated`, which is empty\n"),
        "{screen}"
    );
    let mended = fs::read_to_string(&document).expect("the file is there");
    assert!(mended.contains("\n# Why?\nx-rate-limits: []\nopenapi:"), "{mended}");
    assert_eq!(mended.lines().count(), bad.lines().count(), "{mended}");
    let kept = |line: &&str| !["x-rate-limit", "      deprecated"].iter().any(|start| line.starts_with(start));
    assert!(bad.lines().filter(kept).all(|line| mended.contains(line)), "{mended}");
    assert_eq!(xtask(&["lint", "--fix", &document]), (0, "1 document: nothing to mend\n".to_owned()));
}
