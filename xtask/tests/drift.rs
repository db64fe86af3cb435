//! Drift as a person uses it: the exact screen, the number that a script sees, patches that git takes, pages that are
//! fetched from a server of the test's own.

use std::{
    ffi::OsString,
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    path::PathBuf,
    process::Command,
};

/// Runs a verb, and returns its exit code and screen.
fn xtask(arguments: &[&str]) -> (u8, String) {
    let mut screen = Vec::new();
    let all = ["cargo xtask"].iter().chain(arguments).map(OsString::from);
    let exit = xtask::run(all, &mut screen);
    (exit.code(), String::from_utf8(screen).expect("a screen is text"))
}

/// A folder of the test's own.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("crm-notes-drift-{test}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder can be made");
        Self(folder)
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        fs::write(&path, text).expect("a file can be written");
        path.display().to_string()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).expect("a file can be read")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

const PAGE: &str = include_str!("../../specs/tests/pages/mintlify-source-harbour.mdx");
const DOCUMENT: &str = include_str!("../../specs/tests/drift/mintlify-source-harbour.yaml");

#[test]
fn a_page_that_agrees_leaves_nothing_to_do() {
    let folder = Folder::new("agrees");
    let (page, document) = (folder.write("page.mdx", PAGE), folder.write("harbour.yaml", DOCUMENT));
    let (code, screen) = xtask(&["drift", &page, "--document", &document]);
    assert_eq!(code, 0, "{screen}");
    assert!(
        screen.starts_with(&format!("`{document}` beside `{page}`: 0 contradictions, 0 missing, 0 no longer shown\ncoverage: ")),
        "{screen}"
    );
    assert_eq!(xtask(&["drift", &page, "--document", &document, "--propose"]), (0, String::new()));
}

#[test]
fn a_page_that_says_nothing_does_not_agree() {
    let folder = Folder::new("silent");
    let shell =
        folder.write("app.html", "<!doctype html><html><body><div id=\"root\"></div><script src=\"app.js\"></script></body></html>");
    let (page, document) = (folder.write("page.mdx", PAGE), folder.write("harbour.yaml", DOCUMENT));
    let (code, screen) = xtask(&["drift", &shell, "--document", &document]);
    assert_eq!(code, 100, "{screen}");
    assert!(screen.starts_with(&format!("not read: {shell}: it states nothing that is understood")), "{screen}");
    assert_eq!(xtask(&["drift", &page, &shell, "--document", &document]).0, 4);
    let (code, screen) = xtask(&["new", "../harbour", "--from-page", &page]);
    assert!(code == 100 && screen.starts_with("error: `../harbour` is no name of a document"), "{screen}");
}

/// Generators of pages put the document of the operation beside the text, for programs to read.
#[test]
fn a_document_inside_a_page_is_read() {
    let folder = Folder::new("embedded");
    let document = folder.write("harbour.yaml", DOCUMENT);
    let page = folder.write("page.md", &format!("# Book a berth\n\nWhat a harbour offers.\n\n````yaml POST /x\n{DOCUMENT}\n````\n"));
    let (code, screen) = xtask(&["drift", &page, "--document", &document]);
    assert_eq!(code, 0, "{screen}");
}

#[test]
fn a_change_is_told_with_both_sides() {
    let folder = Folder::new("change");
    let page = folder.write(
        "page.mdx",
        &PAGE.replace("<ParamField body=\"arrives_on\" type=\"string\" required>", "<ParamField body=\"arrives_on\" type=\"string\">"),
    );
    let document = folder.write("harbour.yaml", DOCUMENT);
    let (code, screen) = xtask(&["drift", &page, "--specs", &folder.0.display().to_string()]);
    assert_eq!(code, 4, "{screen}");
    let line = PAGE.lines().position(|line| line.contains("arrives_on")).expect("the page has it") + 1;
    let place = DOCUMENT.lines().position(|line| line.trim_start().starts_with("arrives_on:")).expect("the document has it") + 1;
    let told = format!(
        "contradicts[property-required]: body property `arrives_on`: the page says optional, the document required\n  operation: \
         `post_v2_harbours_harbour_id_bookings`\n  --> {page}:{line}: body property `arrives_on` is optional\n  --> {document}:{place} (#"
    );
    assert!(screen.starts_with(&told), "{screen}\n{told}");
    assert!(screen.ends_with("prints the edits of the document, as a patch for `git apply`\n"), "{screen}");
}

#[test]
fn each_form_names_what_differs() {
    let folder = Folder::new("forms");
    let page = folder.write("page.mdx", &PAGE.replace("\"berth\"", "\"quay\""));
    let document = folder.write("harbour.yaml", DOCUMENT);
    let rows =
        [("json", "\"verdict\": \"missing\""), ("markdown", "| missing | response property `booking.quay`"), ("github", "::warning file=")];
    for (format, expected) in rows {
        let (code, screen) = xtask(&["drift", &page, "--document", &document, "--format", format]);
        assert_eq!(code, 4, "{screen}");
        assert!(screen.contains(expected), "{format}: {screen}");
    }
    assert_eq!(xtask(&["drift", &page, "--document", &document, "--format", "junit"]).0, 100);
    assert_eq!(xtask(&["drift"]).0, 2);
    assert_eq!(xtask(&["drift", "no-such-page.txt", "--document", &document]).0, 100);
}

#[test]
fn a_proposal_is_a_patch_that_git_takes_and_then_drift_is_silent() {
    let folder = Folder::new("propose");
    let changed = PAGE
        .replace("\"berth\"", "\"quay\"")
        .replace("default=\"EUR\" enum={[\"EUR\", \"NOK\", \"SEK\"]}", "default=\"NOK\" enum={[\"EUR\", \"NOK\"]}")
        .replace("between 2 and 120", "between 2 and 90")
        .replace("| 429 | | Too many requests |", "| 429 | | Too many requests |\n| 423 | | The harbour is closed |");
    let page = folder.write("page.mdx", &changed);
    let document = folder.write("harbour.yaml", &format!("# Kept by hand.\n{DOCUMENT}"));
    let (code, patch) = xtask(&["drift", &page, "--document", &document, "--propose"]);
    assert_eq!(code, 4, "{patch}");
    // The document is in no repository, so the patch names it by its path from the root.
    folder.write("drift.patch", &patch);
    let level = (folder.0.components().count()).to_string();
    let git = Command::new("git").args(["apply", "-p", &level, "drift.patch"]).current_dir(&folder.0).output().expect("git is there");
    assert!(git.status.success(), "{}{patch}", String::from_utf8_lossy(&git.stderr));
    assert!(folder.read("harbour.yaml").starts_with("# Kept by hand.\n"));
    let (code, screen) = xtask(&["drift", &page, "--document", &document]);
    assert_eq!(code, 0, "{screen}{patch}");
    assert_eq!(xtask(&["lint", &document]).0, 0);
}

#[test]
fn the_pages_that_documents_name_are_fetched_and_compared() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let url = format!("http://{}/bookings.md", listener.local_addr().expect("it listens"));
    let served = std::thread::spawn(move || {
        for body in [PAGE.to_owned(), PAGE.replace("`409`", "`410`")] {
            let (mut stream, _) = listener.accept().expect("a client comes");
            let lines = BufReader::new(stream.try_clone().expect("a stream can be read")).lines();
            assert!(lines.map_while(Result::ok).take_while(|line| !line.is_empty()).count() > 1);
            let head =
                format!("HTTP/1.1 200 OK\r\ncontent-type: text/markdown\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
            stream.write_all(format!("{head}{body}").as_bytes()).expect("it is sent");
        }
    });
    let folder = Folder::new("watch");
    let docs = format!("x-docs:\n  - {{url: '{url}', read: 2026-01-01}}\npaths:\n");
    folder.write("harbour.yaml", &DOCUMENT.replacen("paths:\n", &docs, 1));
    let watch = ["drift", "--watch-list", "--specs", &folder.0.display().to_string()].map(str::to_owned);
    let watch: Vec<&str> = watch.iter().map(String::as_str).collect();
    assert_eq!(xtask(&watch).0, 0);
    let (code, screen) = xtask(&watch);
    assert_eq!(code, 4, "{screen}");
    assert!(screen.contains("missing[status]: status `410`"), "{screen}");
    served.join().expect("it serves");
    // Nobody serves any more: that is told, and nothing is said of facts.
    let (code, screen) = xtask(&watch);
    assert_eq!(code, 100, "{screen}");
    assert!(screen.contains(&format!("not read: {url}: ")), "{screen}");
}

#[test]
fn a_new_document_is_made_of_a_page() {
    let folder = Folder::new("new");
    let page = folder.write("page.mdx", PAGE);
    let specs = folder.0.display().to_string();
    let (code, screen) = xtask(&["new", "harbour", "--from-page", &page, "--specs", &specs]);
    assert_eq!(code, 0, "{screen}");
    let document = folder.0.join("harbour.yaml").display().to_string();
    assert_eq!(xtask(&["lint", &document]), (0, "1 document: no problems\n".to_owned()));
    assert_eq!(xtask(&["drift", &page, "--specs", &specs]).0, 0);
    assert_eq!(xtask(&["new", "harbour", "--from-page", &page, "--specs", &specs]).0, 100);
}
