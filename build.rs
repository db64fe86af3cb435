//! Every document of `specs/` becomes a module of typed Rust in `OUT_DIR`; there is no list of them anywhere.
//!
//! Cargo runs this again when the folder or the generator (a build dependency) changed, and not otherwise. What is
//! wrong with a document fails the build with one screen that says where and how to mend it.

use std::{env, fs, io, path::Path, process::ExitCode};

use generator::Opening;
use specs::{Problem, Severity};

/// How many problems fit on a screen.
const SCREEN: usize = 6;

fn main() -> io::Result<ExitCode> {
    let folder = Path::new(specs::DIR);
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={}", folder.display());
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo sets `OUT_DIR` for build scripts"))?;
    let providers = generator::generate_all("crm_notes", folder);
    for file in &providers.files {
        println!("cargo:rerun-if-changed={}", file.display());
    }
    let (errors, warnings): (Vec<_>, Vec<_>) = providers.problems.iter().partition(|problem| problem.severity == Severity::Error);
    for line in warnings.iter().flat_map(|warning| warning.to_string().lines().map(str::to_owned).collect::<Vec<_>>()) {
        println!("cargo:warning={line}");
    }
    if !errors.is_empty() {
        eprint!("{}", screen(&errors));
        return Ok(ExitCode::FAILURE);
    }
    for (name, source) in &providers.modules {
        fs::write(Path::new(&out).join(format!("{name}.rs")), source)?;
    }
    fs::write(Path::new(&out).join("providers.rs"), &providers.index)?;
    fs::write(Path::new(&out).join("example.md"), providers.opening.as_ref().map(example).unwrap_or_default())?;
    Ok(ExitCode::SUCCESS)
}

/// From nothing to something created, on a mock: the first page of the documentation, and a test.
fn example(opening: &Opening) -> String {
    let Opening { module, document, credentials, call } = opening;
    format!(
        "```
use crm_notes::{module}::{{Client, Credentials, types}};
use mock_server::MockServer;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {{
    let mock = MockServer::builder().document({document:?}).start().await?;
    let client = Client::new({credentials}).with_base_url(&mock.base_url({document:?}));
    let created = client.{call}.await?;
    println!(\"{{}}: {{:?}}\", created.status(), created.into_inner());
    Ok(())
}}
```

Without the mock and `with_base_url` the same goes to the vendor's server, with credentials of your own.
"
    )
}

/// The first problems, and how many there are.
fn screen(errors: &[&Problem]) -> String {
    let shown: Vec<String> = errors.iter().take(SCREEN).map(ToString::to_string).collect();
    let rest = errors.len().saturating_sub(SCREEN);
    let more = if rest > 0 { format!("and {rest} more: `cargo xtask lint` shows them all\n") } else { String::new() };
    format!("\nthe documents cannot be made into clients\n\n{}\n\n{more}", shown.join("\n\n"))
}
