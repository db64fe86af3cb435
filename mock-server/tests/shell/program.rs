//! The program: flags, what it prints, and how it ends.

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
};

use serde_json::Value;

use crate::http::{KEY, fixture, get, send};

/// A running mock that ends with the test.
struct Program {
    child: Child,
    /// What it printed when it was ready.
    screen: String,
    ready: Value,
}

impl Program {
    /// Starts the program on ports that the system chooses and waits until it says that it is ready.
    fn start(name: &str, arguments: &[&str]) -> Self {
        Self::start_at(name, &["--listen", "127.0.0.1:0", "--control", "127.0.0.1:0"], arguments)
    }

    fn start_at(name: &str, addresses: &[&str], arguments: &[&str]) -> Self {
        let ready_file = scratch(&format!("{name}.ready.json"));
        let mut child = command(arguments).args(addresses).arg("--ready-file").arg(&ready_file).stdout(Stdio::piped()).spawn().unwrap();
        let mut screen = String::new();
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            screen.push_str(&line);
            screen.push('\n');
            if line.starts_with("sandboxes") {
                break;
            }
        }
        let ready = fs::read_to_string(&ready_file).unwrap_or_else(|error| panic!("{error}: {screen}"));
        Self { child, screen, ready: serde_json::from_str(&ready).unwrap() }
    }

    fn url(&self) -> &str {
        self.ready["url"].as_str().unwrap()
    }

    fn signal(&self, name: &str) {
        assert!(Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap().success());
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mock-server"));
    command.args(arguments).env_remove("RUST_LOG").env_remove("MOCK_CONTROL_TOKEN").current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

/// Runs the program to its end, which must come early.
fn fails(arguments: &[&str]) -> Output {
    let output = command(arguments).args(["--control", "127.0.0.1:0"]).output().unwrap();
    assert!(!output.status.success());
    output
}

fn scratch(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_file(&path);
    path
}

#[test]
fn it_says_where_and_how_in_one_screen() {
    let program = Program::start("screen", &["--document", fixture(), "--only", "orchard"]);
    assert!(program.screen.contains(&format!("orchard  {}/orchard/garden/v2", program.url())), "{}", program.screen);
    assert!(program.screen.contains("header X-Gate-Word  apple o'clock"), "{}", program.screen);
    assert!(program.screen.contains(program.ready["control_url"].as_str().unwrap()));
    assert_eq!(program.ready["providers"]["orchard"], format!("{}/orchard/garden/v2", program.url()));
}

#[test]
fn every_printed_command_works_as_printed() {
    let certificate = scratch("curl cert.pem").display().to_string();
    for (name, arguments) in [
        ("curl", vec!["--document", fixture()]),
        ("curl-insecure", vec!["--root", fixture(), "--tls-self-signed"]),
        ("curl-secure", vec!["--root", fixture(), "--tls-self-signed", "--tls-cert-out", &certificate]),
    ] {
        works_as_printed(&Program::start(name, &arguments));
    }
}

fn works_as_printed(program: &Program) {
    let lines: Vec<_> = program.screen.lines().filter_map(|line| line.trim().split_once(" curl ")).collect();
    let made = lines.iter().filter(|(does, _)| does.trim() == "create").count();
    assert_eq!(made, program.ready["providers"].as_object().unwrap().len(), "{}", program.screen);
    assert!(lines.len() >= 2 * made && lines.iter().any(|(does, _)| does.trim() == "delete"), "{}", program.screen);
    for line in lines.into_iter().map(|(_, line)| format!("curl {line}")) {
        let command = line.replacen("curl", "curl -s -w '\\n%{http_code}'", 1);
        let output = Command::new("sh").args(["-c", &command]).output().unwrap();
        let answer = String::from_utf8_lossy(&output.stdout).into_owned();
        let status = answer.rsplit('\n').next().unwrap_or_default();
        assert!(status.starts_with('2'), "{line}\n{answer}");
    }
}

#[test]
fn the_example_of_the_document_is_sent_with_all_its_quotes() {
    let program = Program::start("quotes", &["--document", fixture(), "--only", "orchard"]);
    let (_, line) = program.screen.lines().find_map(|line| line.split_once("create  ")).unwrap();
    let output = Command::new("sh").args(["-c", &line.replacen("curl", "curl -s", 1)]).output().unwrap();
    let made: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {line}"));
    assert_eq!(made["remark"], "the gardener's \"best\" $tree");
}

#[test]
fn a_document_can_be_given_a_name() {
    let program = Program::start("named", &["--document", &format!("plot={}", fixture()), "--only", "plot"]);
    assert_eq!(get(&format!("{}/plot/garden/v2/pickings/pick-001", program.url())).status, 200);
}

#[test]
fn only_takes_several_names() {
    let document = format!("plot={}", fixture());
    let program = Program::start("only", &["--document", &document, "--document", fixture(), "--only", "orchard,plot"]);
    let names: Vec<_> = program.ready["providers"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(names, ["plot", "orchard"]);
}

#[test]
fn root_takes_a_file_or_a_name() {
    for (test, arguments) in [("root-file", vec!["--root", fixture()]), ("root", vec!["--document", fixture(), "--root", "orchard"])] {
        let program = Program::start(test, &arguments);
        assert_eq!(get(&format!("{}/garden/v2/pickings/pick-001", program.url())).status, 200);
        assert_eq!(get(&format!("{}/pickings/pick-001", program.url())).status, 200);
    }
}

#[test]
fn state_and_bounds_are_flags() {
    let rows = scratch("rows.json");
    fs::write(&rows, r#"{"orchard":{"pickings":[{"ref":"pick-900","tree":"tree-12","kilos":2}]}}"#).unwrap();
    let state = rows.display().to_string();
    let program = Program::start("state", &["--root", fixture(), "--state", &state, "--max-rows", "3", "--seed", "9"]);
    assert_eq!(get(&format!("{}/pickings/pick-900", program.url())).status, 200);
    let body = r#"{"kilos":1}"#;
    let full = send("POST", &format!("{}/trees/tree-07/pickings", program.url()), &[KEY, "Content-Type: application/json"], body);
    assert_eq!(full.status, 507, "{full:?}");
}

#[test]
fn the_log_goes_to_standard_error_and_names_the_request() {
    let mut child = command(&["--root", fixture(), "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0", "--log", "dropshot=info"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = lines.find_map(|line| line.ok().filter(|line| line.contains("http://"))).unwrap();
    let url = first.split_whitespace().find(|word| word.starts_with("http://")).unwrap().to_owned();
    get(&format!("{url}/pickings/pick-001"));
    child.kill().unwrap();
    let mut log = String::new();
    child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    child.wait().unwrap();
    let line = log.lines().find(|line| line.contains("request completed")).unwrap_or_else(|| panic!("{log}"));
    assert!(line.contains("uri=/garden/v2/pickings/pick-001") && line.contains("response_code=200"), "{line}");
}

#[test]
fn sigterm_and_interrupt_end_it_well() {
    for signal in ["-TERM", "-INT"] {
        let mut program = Program::start(&format!("signal{signal}"), &["--root", fixture()]);
        assert_eq!(get(&format!("{}/pickings/pick-001", program.url())).status, 200);
        program.signal(signal);
        assert_eq!(program.child.wait().unwrap().code(), Some(0), "{signal}");
    }
}

#[test]
fn too_little_coverage_fails_at_the_end_and_the_report_is_a_file() {
    for (minimum, code, word) in [("1", 0, ", enough: "), ("99.5", 1, ", too little: ")] {
        let file = scratch(&format!("coverage{minimum}.json"));
        let path = file.display().to_string();
        let arguments = ["--root", fixture(), "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0"];
        let mut child = command(&arguments)
            .args(["--min-coverage", minimum, "--coverage", &path])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let url = lines.find_map(|line| line.strip_prefix("orchard  ").map(str::to_owned)).unwrap();
        get(&format!("{url}/pickings/pick-001"));
        lines.find(|line| line.starts_with("sandboxes")).unwrap();
        assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
        let table = lines.collect::<Vec<_>>().join("\n");
        let mut errors = String::new();
        child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(code), "{errors}");
        assert!(table.contains("  operations ") && table.contains(word), "{table}");
        assert_eq!(errors.contains("`--min-coverage` is 99.5"), code == 1, "{errors}");
        let report: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        assert_eq!(report["providers"][0]["operations"]["covered"], 1);
    }
}

#[test]
fn a_taken_port_is_named_with_the_flag_that_chooses_another() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = fails(&["--listen", &address]);
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text.starts_with(&format!("error: cannot listen on {address} for data: ")), "{text}");
    assert!(text.trim_end().lines().last().unwrap().starts_with("help: ") && text.contains("`--listen 127.0.0.1:0`"), "{text}");
}

#[test]
fn every_mistake_ends_with_help() {
    let broken = scratch("broken.yaml");
    fs::write(&broken, "openapi: 3.0.3\npaths: [\n").unwrap();
    let broken = broken.display().to_string();
    let mistakes: &[(&[&str], &str)] = &[
        (&["--only", "nobody"], "no document is named `nobody`"),
        (&["--document", "nowhere.yaml"], "cannot read `nowhere.yaml`"),
        (&["--document", &broken], "broken.yaml:"),
        (&["--state", "nowhere.json"], "cannot read `nowhere.json`"),
        (&["--state", fixture()], "is no JSON"),
        (&["--log", "a=b=c"], "`--log a=b=c` is no filter"),
        (&["--ready-file", "/nowhere/ready.json"], "cannot write `/nowhere/ready.json`"),
        (&["--document", &format!("~a={}", fixture())], "`~a` cannot name a document"),
        (&["--cors", "localhost:5173"], "`localhost:5173` is no origin of pages"),
        (&["--cors", "off,http://a.example"], "`off` is no origin of pages"),
        (&["--control-token", "a b"], "the control token cannot be used"),
        (&["--tls-cert", "nowhere.pem", "--tls-key", "nowhere.key"], "cannot read `nowhere.pem`"),
        (&["--tls-cert", fixture(), "--tls-key", fixture()], "orchard.yaml` as certificate: there is none in it"),
        (&["--tls-self-signed", "--tls-name", "a b"], "`a b` is neither a name nor an address"),
        (&["--tls-self-signed", "--tls-cert-out", "/nowhere/cert.pem"], "cannot write `/nowhere/cert.pem`"),
    ];
    for (arguments, expected) in mistakes {
        let mut all = vec!["--listen", "127.0.0.1:0"];
        all.extend(*arguments);
        let text = String::from_utf8(fails(&all).stderr).unwrap();
        assert!(text.contains(expected), "{arguments:?}: {text}");
        assert!(text.trim_end().lines().last().unwrap().starts_with("help: "), "{arguments:?}: {text}");
    }
}

#[test]
fn a_wrong_address_is_a_wrong_argument() {
    let output = fails(&["--listen", "nonsense"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("127.0.0.1:8080"));
}

#[test]
fn flags_of_tls_that_need_each_other_say_so() {
    for (arguments, expected) in [
        (&["--tls-cert", "a.pem"][..], "--tls-key"),
        (&["--tls-key", "a.key"], "--tls-cert"),
        (&["--tls-cert-out", "a.pem"], "--tls-self-signed"),
        (&["--tls-name", "a"], "--tls-self-signed"),
        (&["--tls-self-signed", "--tls-cert", "a.pem", "--tls-key", "a.key"], "cannot be used with"),
    ] {
        let output = fails(arguments);
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && text.contains(expected), "{text}");
    }
}

#[test]
fn a_token_that_is_made_is_shown_and_one_that_is_given_is_not() {
    let made = Program::start_at("token-made", &["--listen", "127.0.0.1:0", "--control", "0.0.0.0:0"], &["--root", fixture()]);
    let token = made.ready["control_token"].as_str().unwrap();
    assert!(
        made.screen.contains(&format!("/?token={token}")) && made.screen.contains(&format!("Authorization: Bearer {token}")),
        "{}",
        made.screen
    );
    let given = Program::start("token-given", &["--root", fixture(), "--control-token", "open-sesame"]);
    assert_eq!(given.ready["control_token"], "open-sesame");
    assert!(!given.screen.contains("open-sesame"), "{}", given.screen);
    for (program, bearer) in [(&made, format!("Authorization: Bearer {token}")), (&given, "Authorization: Bearer open-sesame".to_owned())] {
        let url = format!("{}/state", program.ready["control_url"].as_str().unwrap());
        assert_eq!((send("GET", &url, &[], "").status, send("GET", &url, &[&bearer], "").status), (401, 200));
    }
    let none = Program::start("token-none", &["--root", fixture(), "--control-token", ""]);
    assert_eq!(none.ready["control_token"], Value::Null);
}

#[test]
fn control_can_be_switched_off() {
    let program = Program::start("no-control", &["--root", fixture(), "--no-control"]);
    assert_eq!(program.ready["control_url"], Value::Null);
    assert!(program.screen.contains("control    none"), "{}", program.screen);
    assert_eq!(get(&format!("{}/pickings/pick-001", program.url())).status, 200);
}

#[test]
fn the_screen_says_how_to_trust_a_certificate() {
    let file = scratch("screen-cert.pem").display().to_string();
    let program = Program::start("trust", &["--root", fixture(), "--tls-self-signed", "--tls-cert-out", &file]);
    assert!(program.screen.contains(&format!("trust      {file}")) && program.screen.contains("--cacert"), "{}", program.screen);
    assert!(program.url().starts_with("https://") && program.ready["providers"]["orchard"].as_str().unwrap().starts_with("https://"));
    assert_eq!(program.ready["certificate"].as_str().unwrap(), fs::read_to_string(&file).unwrap());
}
