//! Whoever has documents elsewhere installs the verbs: they work in a folder that knows nothing of this workspace.

mod console;

use console::{Console, Said};

const PAGE: &str = include_str!("../fixtures/docs/pinboard.md");
const DOCUMENT: &str = include_str!("../fixtures/docs/pinboard.yaml");

fn check(console: &Console, line: &str, code: i32, screen: &str) {
    assert_eq!(console.types(line), Said { code, screen: screen.to_owned() }, "{line}");
}

#[test]
fn documents_of_a_folder_are_meant_by_its_name() {
    let console = Console::new("elsewhere");
    console.write("page.md", PAGE);
    console.write("api/pinboard.yaml", DOCUMENT);
    console.commit();
    check(&console, "cargo xtask lint --specs api", 0, "1 document: no problems\n");
    check(&console, "cargo xtask generate pinboard --specs api --surface | head -n 1", 0, "pub const BASE_URL: &str\n");
    check(&console, "cargo xtask diff HEAD --specs api", 0, "since `HEAD (COMMIT)`: nothing changed\nrelease: none\n");
    let agrees = "`api/pinboard.yaml` beside `page.md`: 0 contradictions, 0 missing, 0 no longer shown\ncoverage: 14 facts, 0 lines not understood\n";
    check(&console, "cargo xtask drift page.md --specs api", 0, agrees);
    check(&console, "cargo xtask drift page.md --specs api --propose", 0, "");
    assert_eq!(console.types("cargo xtask new board --from-page page.md --specs api").code, 0);
    check(&console, "cargo xtask lint --specs api", 0, "2 documents: no problems\n");
}

#[test]
fn without_a_name_the_folder_specs_is_meant() {
    let console = Console::new("specs");
    let nothing =
        "error: cannot read `specs`: No such file or directory (os error 2)\nhelp: name a folder of documents: `--specs <folder>`\n";
    check(&console, "cargo xtask lint", 100, nothing);
    console.write("page.md", PAGE);
    console.write("specs/pinboard.yaml", DOCUMENT);
    console.commit();
    check(&console, "cargo xtask lint", 0, "1 document: no problems\n");
    check(&console, "cargo xtask diff", 0, "since `COMMIT`: nothing changed\nrelease: none\n");
    check(&console, "cargo xtask generate pinboard --surface | head -n 1", 0, "pub const BASE_URL: &str\n");
    assert_eq!(console.types("cargo xtask drift page.md").code, 0);
}
