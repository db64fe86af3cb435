//! `diff --check-version`: whether the version was raised as far as the changes call for, by Cargo's reading of
//! Semantic Versioning: before 1.0, what breaks raises the second number, and everything else the third.

use std::{fs, io::Write, path::Path};

use semver::Version;
use specs::compare::Release;

use super::{git::Git, sides};
use crate::{
    Failure,
    format::{Annotation, Format, Level},
};

/// Says whether the version is high enough.
pub(super) fn check(
    specs: Option<&Path>,
    sides: &sides::Sides,
    release: Release,
    format: Format,
    screen: &mut dyn Write,
) -> Result<bool, Failure> {
    let Some(commit) = &sides.commit else {
        return Err(Failure::new("two files have no version between them").help("leave `--check-version` out, or name a revision"));
    };
    let git = Git::of(&sides::folder(specs));
    let manifest = git.root()?.join("Cargo.toml");
    let name = manifest.display().to_string();
    let text = fs::read_to_string(&manifest).map_err(|error| Failure::new(format!("cannot read `{name}`")).because(error))?;
    let now = version(&text, &name)?;
    // A workspace that is new has no version to be raised from.
    let Some(before) = git.text_of_root(commit, "Cargo.toml") else { return Ok(true) };
    let before = version(&before, &format!("{commit}:Cargo.toml"))?;
    let least = raised(&before, release);
    let is_enough = now >= least;
    match format {
        Format::Text if is_enough => writeln!(screen, "version: {before} → {now}, as a {release} release wants")?,
        Format::Text => writeln!(
            screen,
            "version: {before} → {now}, and a {release} release wants {least}\nhelp: write `version = \"{least}\"` into `{name}`"
        )?,
        Format::Github if !is_enough => {
            let message = format!("a {release} release wants version {least} after {before}, not {now}");
            writeln!(
                screen,
                "{}",
                Annotation { level: Level::Error, file: "Cargo.toml", line: 0, column: 0, title: "version", message: &message }
            )?;
        }
        // The other forms have no place for it; the exit code tells.
        _ => {}
    }
    Ok(is_enough)
}

/// The version of the workspace, or of the package.
fn version(text: &str, name: &str) -> Result<Version, Failure> {
    let cannot = || Failure::new(format!("`{name}` has no version")).help("write `version` under `[workspace.package]` or `[package]`");
    let manifest: toml::Table = text.parse().map_err(|error: toml::de::Error| cannot().because(error))?;
    let of = |table: Option<&toml::Value>| table?.get("version")?.as_str().map(str::to_owned);
    let shared = manifest.get("workspace").and_then(|workspace| workspace.get("package"));
    let written = of(shared).or_else(|| of(manifest.get("package"))).ok_or_else(cannot)?;
    written.parse().map_err(|error: semver::Error| cannot().because(error))
}

/// The least version that is such a release after this one.
fn raised(before: &Version, release: Release) -> Version {
    let Version { major, minor, patch, .. } = *before;
    match (release, major, minor) {
        (Release::None, ..) => before.clone(),
        (Release::Major, 0, 0) => Version::new(0, 0, patch + 1),
        (Release::Major, 0, _) => Version::new(0, minor + 1, 0),
        (Release::Major, ..) => Version::new(major + 1, 0, 0),
        (Release::Minor, 1.., _) => Version::new(major, minor + 1, 0),
        (Release::Minor | Release::Patch, ..) => Version::new(major, minor, patch + 1),
    }
}

#[cfg(test)]
mod tests {
    use specs::compare::Release;

    use super::{raised, version};

    #[test]
    fn releases_raise_the_number_that_cargo_looks_at() {
        let rows = [
            ("1.2.3", Release::None, "1.2.3"),
            ("1.2.3", Release::Patch, "1.2.4"),
            ("1.2.3", Release::Minor, "1.3.0"),
            ("1.2.3", Release::Major, "2.0.0"),
            ("0.2.3", Release::Patch, "0.2.4"),
            ("0.2.3", Release::Minor, "0.2.4"),
            ("0.2.3", Release::Major, "0.3.0"),
            ("0.0.3", Release::Major, "0.0.4"),
        ];
        for (before, release, after) in rows {
            assert_eq!(raised(&before.parse().unwrap(), release).to_string(), after, "{before} {release}");
        }
    }

    #[test]
    fn the_version_is_of_the_workspace_or_of_the_package() {
        for text in ["[workspace.package]\nversion = '0.3.1'\n", "[package]\nname = 'a'\nversion = '0.3.1'\n"] {
            assert_eq!(version(text, "Cargo.toml").unwrap().to_string(), "0.3.1");
        }
        let failure = version("[package]\nversion.workspace = true\n", "Cargo.toml").unwrap_err().to_string();
        assert!(failure.starts_with("error: `Cargo.toml` has no version\nhelp: "), "{failure}");
    }
}
