//! A vendor changed its docs: the whole way from the page to the release, for each format of pages and each kind of
//! change, on pages and documents of made-up vendors.
//!
//! Each way is a transcript in `loop/`, one file a page: what was typed, what was printed, and the number that it ended
//! with. `LOOP_WRITE=1` writes them anew; what they then say is to be read. What must hold of every way whatever its
//! words is asserted here.

mod console;

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use console::{Console, Said};
use contract::{Credentials, Http, Suite, Target};
use mock_server::MockServer;
use specs::Source;

/// What is typed after a page changed, with the number that it ends with.
const STEPS: [(&str, i32); 11] = [
    ("git diff -U0 PAGE | sed 1,4d", 0),
    ("cargo xtask drift PAGE --specs specs", 4),
    ("cargo xtask drift PAGE --specs specs --propose > drift.patch", 4),
    ("git apply drift.patch", 0),
    ("git diff -U0 specs | sed 1,4d", 0),
    ("cargo xtask drift PAGE --specs specs", 0),
    ("cargo xtask lint --specs specs", 0),
    ("cargo xtask generate NAME --specs specs --out client.rs --check", 4),
    ("cargo xtask generate NAME --specs specs --out client.rs", 0),
    ("cargo xtask generate NAME --specs specs --out client.rs --check", 0),
    ("cargo xtask diff HEAD --specs specs", 4),
];

/// What is replaced on a page, and by what.
type Edits = &'static [(&'static str, &'static str)];

/// A page, and how its vendor changes it.
struct Vendor {
    page: &'static str,
    name: &'static str,
    renamed_field: Edits,
    new_required_parameter: Edits,
    new_status: Edits,
    other_values: Edits,
}

#[test]
fn mintlify_source() {
    go_round(&Vendor {
        page: "mintlify-source-harbour.mdx",
        name: "harbour",
        renamed_field: &[("\"berth\"", "\"quay\"")],
        new_required_parameter: &[
            (
                "  The currency of the fee.\n</ParamField>\n",
                "  The currency of the fee.\n</ParamField>\n<ParamField query=\"season\" type=\"string\" required>\n  The season.\n</ParamField>\n",
            ),
            ("?dry_run=true", "?dry_run=true&season=high"),
            ("/bookings', options", "/bookings?season=high', options"),
        ],
        new_status: &[("| 429 | | Too many requests |", "| 429 | | Too many requests |\n| 423 | | The harbour is closed |")],
        other_values: &[("[\"EUR\", \"NOK\", \"SEK\"]", "[\"EUR\", \"NOK\", \"DKK\"]")],
    });
}

#[test]
fn mintlify_text() {
    go_round(&Vendor {
        page: "mintlify-text-lantern.txt",
        name: "lantern",
        renamed_field: &[("changed_at", "updated_at")],
        new_required_parameter: &[
            ("Whether the house is told.\n", "Whether the house is told.\n\n\u{200b}\nseason\nstring\nrequired\n\nThe season.\n"),
            ("/lamps/{lamp_id} \\\n", "/lamps/{lamp_id}?season=high \\\n"),
        ],
        new_status: &[("200\n404\n", "200\n404\n423\n")],
        other_values: &[("blink,\npulse\n", "blink,\nglow\n")],
    });
}

#[test]
fn fumadocs_text() {
    go_round(&Vendor {
        page: "fumadocs-tollgate.txt",
        name: "tollgate",
        renamed_field: &[("axles", "axle_count")],
        new_required_parameter: &[("\"left\" | \"right\"\n", "\"left\" | \"right\"\npurpose*string\nWhy it is opened.\n")],
        new_status: &[("409 application/json\ncode*string\n", "409 application/json\ncode*string\n423 application/json\ncode*string\n")],
        other_values: &[("\"sand\" | \"wood\"", "\"sand\" | \"gravel\"")],
    });
}

#[test]
fn fern_text() {
    go_round(&Vendor {
        page: "fern-quarry.txt",
        name: "quarry",
        renamed_field: &[("cut_by", "cut_before")],
        new_required_parameter: &[("urgentboolean", "crewstringRequired\nurgentboolean"), ("/blocks \\\n", "/blocks?crew=c_1 \\\n")],
        new_status: &[("409\nConflict Error\n", "409\nConflict Error\n423\nLocked Error\n")],
        other_values: &[("marble\nslate\n", "marble\nbasalt\n")],
    });
}

#[test]
fn html() {
    go_round(&Vendor {
        page: "html-kiln.html",
        name: "kiln",
        renamed_field: &[("glaze", "finish")],
        new_required_parameter: &[
            (
                "<td>optional</td></tr>\n",
                "<td>optional</td></tr>\n      <tr><td><code>Kiln-Crew</code></td><td>string</td><td>required</td></tr>\n",
            ),
            ("  -u \"potter:secret\" \\\n", "  -u \"potter:secret\" \\\n  -H \"Kiln-Crew: c_1\" \\\n"),
        ],
        new_status: &[("the kiln is hot</li>\n", "the kiln is hot</li>\n    <li><code>410</code>: the kiln is gone</li>\n")],
        other_values: &[("or <code>cobalt</code>", "or <code>iron</code>")],
    });
}

#[test]
fn prose() {
    go_round(&Vendor {
        page: "prose-ferry-guide.md",
        name: "ferry",
        renamed_field: &[("bikes", "cycles")],
        new_required_parameter: &[
            ("| `seat` |", "| `season` | string | yes | The season |\n| `seat` |"),
            (
                "{\"passenger\": \"Ida Lund\", \"seat\": \"deck\", \"bikes\"",
                "{\"passenger\": \"Ida Lund\", \"season\": \"high\", \"seat\": \"deck\", \"bikes\"",
            ),
        ],
        new_status: &[("there is no such crossing\n", "there is no such crossing\n- `410`: the crossing has left\n")],
        other_values: &[("`deck`, `cabin`", "`deck`, `saloon`")],
    });
}

#[test]
fn openapi() {
    go_round(&Vendor {
        page: "openapi-tannery.yaml",
        name: "tannery",
        renamed_field: &[("area", "surface")],
        new_required_parameter: &[(
            "default: false}\n",
            "default: false}\n        - {name: season, in: query, required: true, schema: {type: string}}\n",
        )],
        new_status: &[(
            "{description: Somebody was faster.}\n",
            "{description: Somebody was faster.}\n        '423': {description: It is locked.}\n",
        )],
        other_values: &[("[ox, goat]", "[ox, elk]")],
    });
}

/// Goes the whole way for each kind of change, and compares what was seen.
fn go_round(vendor: &Vendor) {
    let kinds = [
        ("a renamed field", vendor.renamed_field),
        ("a new required parameter", vendor.new_required_parameter),
        ("a new status", vendor.new_status),
        ("other values", vendor.other_values),
    ];
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs/tests");
    let read = |file: PathBuf| fs::read_to_string(file).expect("the fixture is there");
    let page = read(fixtures.join("pages").join(vendor.page));
    let document = by_hand(&read(fixtures.join("drift").join(vendor.page).with_extension("yaml")));
    let mut seen = format!("What was seen when `{}` changed.\n", vendor.page);
    for (kind, edits) in kinds {
        let console = Console::new(&format!("{}-{}", vendor.name, kind.replace(' ', "-")));
        console.write(vendor.page, &page);
        console.write(&format!("specs/{}.yaml", vendor.name), &document);
        console.types(&line("cargo xtask generate NAME --specs specs --out client.rs", vendor));
        console.commit();
        console.write(vendor.page, &edited(&page, edits));
        let _ = write!(seen, "\n## {kind}\n");
        walk(vendor, kind, &console, &mut seen);
        keeps_what_was_written_by_hand(&document, &console.types(&line("cat specs/NAME.yaml", vendor)).screen, kind);
        passes_its_contract_tests(vendor.name, console.types(&line("cat specs/NAME.yaml", vendor)).screen);
    }
    compare(vendor.name, &seen);
}

/// Types each step, and adds what is seen.
fn walk(vendor: &Vendor, kind: &str, console: &Console, seen: &mut String) {
    for (step, expected) in STEPS {
        let typed = line(step, vendor);
        let Said { code, screen } = console.types(&typed);
        let _ = write!(seen, "\n$ {typed}\n{screen}");
        if code != 0 {
            let _ = writeln!(seen, "[{code}]");
        }
        assert_eq!(code, expected, "{}, {kind}: `{typed}`\n{seen}", vendor.name);
    }
    let patch = console.types("cat drift.patch").screen;
    assert!(!patch.contains("\n# ") && !patch.starts_with('#'), "nothing is left to a person:\n{patch}");
}

fn line(step: &str, vendor: &Vendor) -> String {
    step.replace("PAGE", vendor.page).replace("NAME", vendor.name)
}

fn edited(page: &str, edits: Edits) -> String {
    edits.iter().fold(page.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "`{from}` is on the page");
        text.replace(from, to)
    })
}

/// The document with the marks of somebody who cares: comments on lines of their own and behind others.
fn by_hand(document: &str) -> String {
    let mut made = "# Written by hand.\n".to_owned();
    for (number, line) in document.lines().enumerate() {
        let start = line.trim_start();
        let indent = &line[..line.len() - start.len()];
        if ["responses:", "properties:", "- name:", "'4"].iter().any(|first| start.starts_with(first)) {
            let _ = writeln!(made, "{indent}# Why, {number}.");
        }
        let tail = if start.starts_with("required: [") { "  # all of them" } else { "" };
        let _ = writeln!(made, "{line}{tail}");
    }
    made
}

fn keeps_what_was_written_by_hand(before: &str, after: &str, kind: &str) {
    let comments =
        |text: &str| -> Vec<String> { text.lines().filter_map(|line| line.find("# ").map(|at| line[at..].to_owned())).collect() };
    assert_eq!(comments(after), comments(before), "{kind}:\n{after}");
}

/// A server of the document does what the document promises.
fn passes_its_contract_tests(name: &str, text: String) {
    let source = Source::new(name, &format!("{name}.yaml"), text);
    let api = specs::load(&source).api.expect("the document loads");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be made");
    runtime.block_on(async {
        let suite = Suite::new(api, Suite::SEED);
        let server = MockServer::builder().source(source).start().await.expect("the mock starts");
        for (number, case) in suite.cases().iter().enumerate() {
            let world = server.named_sandbox(&format!("case-{number}")).expect("there is room for a sandbox");
            let transport = Box::new(Http::new(&world.base_url(name)).expect("the sandbox has an address"));
            let target = Target::new(transport, Credentials::of_document(suite.api()));
            let verdict = suite.run(case, &target).await;
            assert!(verdict.outcome.is_fine(), "{}: {:?}", case.id(), verdict.outcome);
            assert_eq!(world.journal().defects(), 0, "{}", case.id());
        }
        assert!(!suite.cases().is_empty(), "there is something to hold");
    });
}

fn compare(name: &str, seen: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/loop/{name}.md"));
    if std::env::var_os("LOOP_WRITE").is_some() {
        fs::write(&file, seen).expect("a transcript can be written");
    }
    let expected = fs::read_to_string(&file).unwrap_or_default();
    let differing = seen.lines().zip(expected.lines()).position(|(one, other)| one != other);
    assert_eq!(seen, expected, "from line {} of `{}`", differing.map_or(0, |at| at + 1), file.display());
}
