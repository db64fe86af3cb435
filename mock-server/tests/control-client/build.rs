//! `control-openapi.json` becomes the module `control_openapi`.

fn main() -> std::process::ExitCode {
    generator::build(&["../../control-openapi.json"])
}
