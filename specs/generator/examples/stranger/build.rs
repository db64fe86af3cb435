//! `lighthouse.yaml` becomes the module `lighthouse`.

fn main() -> std::process::ExitCode {
    generator::build(&["lighthouse.yaml"])
}
