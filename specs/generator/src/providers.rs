//! All documents of a folder at once: what a build script needs.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use proc_macro2::TokenStream;
use quote::quote;
use specs::{Problem, Severity, Source};

use crate::{Extent, Opening, docs::docs, generate_with, names};

/// Modules of the including crate that no document can be called.
const TAKEN: [&str; 1] = ["runtime"];

/// The clients of a folder of documents.
#[derive(Clone, Debug, Default)]
pub struct Providers {
    /// The source of each module, by the module's name.
    pub modules: BTreeMap<String, String>,
    /// The source that includes them, each from `<name>.rs` in `OUT_DIR`.
    pub index: String,
    /// The ids of the operations that are not typed throughout, by module.
    pub degraded: BTreeMap<String, Vec<String>>,
    /// What is wrong with the documents, or could not be generated.
    pub problems: Vec<Problem>,
    /// The files that were read.
    pub files: Vec<PathBuf>,
    /// What a reader does first, with the first document that has all values for it.
    pub opening: Option<Opening>,
}

/// What the index says of a module.
struct Entry {
    title: String,
    example: String,
    opening: Option<Opening>,
}

/// Generates a client for every document of a folder, for a crate of this name.
#[must_use]
pub fn generate_all(including: &str, folder: &Path) -> Providers {
    match specs::documents(folder) {
        Ok(files) => generate_files(including, files),
        Err(error) => Providers { problems: vec![unreadable(folder, &error.to_string())], ..Providers::default() },
    }
}

/// The same for these documents.
#[must_use]
pub fn generate_files(including: &str, files: Vec<PathBuf>) -> Providers {
    let mut all = Providers::default();
    let mut entries = BTreeMap::new();
    for file in &files {
        match Source::read(file) {
            Ok(source) => add(&mut all, &mut entries, including, &source),
            Err(error) => all.problems.push(unreadable(file, &error.to_string())),
        }
    }
    all.files = files;
    all.opening = entries.values().find_map(|entry| entry.opening.clone());
    all.index = index(&entries);
    all
}

fn add(all: &mut Providers, entries: &mut BTreeMap<String, Entry>, including: &str, source: &Source) {
    let loaded = specs::load(source);
    all.problems.extend(loaded.problems);
    let (Some(api), Some(document)) = (loaded.api, loaded.document) else { return };
    let folder = Path::new(&source.file).parent().unwrap_or(Path::new(""));
    all.files.extend(document.beside().map(|path| folder.join(path)));
    let name = names::ident(&api.name).to_string();
    if TAKEN.contains(&name.as_str()) || all.modules.contains_key(&name) {
        all.problems.push(clash(source, &name));
        return;
    }
    let mut generated = generate_with(&api, Extent::WithContract(including));
    for problem in &mut generated.problems {
        document.place(problem);
    }
    all.problems.append(&mut generated.problems);
    if generated.source.is_empty() {
        return;
    }
    entries.insert(name.clone(), Entry { title: api.title.clone(), example: generated.example, opening: generated.opening });
    all.degraded.insert(name.clone(), generated.degraded);
    all.modules.insert(name, generated.source);
}

fn index(entries: &BTreeMap<String, Entry>) -> String {
    let modules = entries.iter().map(|(name, entry)| {
        let (module, file) = (names::ident(name), format!("/{name}.rs"));
        let doc = docs(&entry.title, "");
        let example = entry.example.lines().map(|line| format!(" {line}"));
        quote! {
            #doc
            ///
            #(#[doc = #example])*
            #[allow(
                unreachable_pub,
                unused,
                clippy::all,
                clippy::pedantic,
                clippy::unwrap_used,
                clippy::allow_attributes_without_reason,
                reason = "generated"
            )]
            pub mod #module {
                include!(concat!(env!("OUT_DIR"), #file));
            }
        }
    });
    let modules: Vec<TokenStream> = modules.collect();
    let providers = entries.keys().map(|name| {
        let module = names::ident(name);
        quote!(runtime::contract::Provider { name: #name, operations: #module::contract::OPERATIONS, call: #module::contract::call })
    });
    let file = quote! {
        #(#modules)*
        /// Every provider, for contract tests.
        #[cfg(feature = "contract")]
        pub const PROVIDERS: &[runtime::contract::Provider] = &[#(#providers),*];
    };
    syn::parse2(file).map(|file| prettyplease::unparse(&file)).unwrap_or_default()
}

fn unreadable(path: &Path, why: &str) -> Problem {
    Problem {
        rule: "document-unreadable",
        severity: Severity::Error,
        file: path.display().to_string(),
        line: 0,
        column: 0,
        pointer: String::new(),
        message: format!("cannot be read: {why}"),
        help: "check that it is there, may be read, and is UTF-8".to_owned(),
    }
}

fn clash(source: &Source, name: &str) -> Problem {
    Problem {
        rule: "document-name",
        severity: Severity::Error,
        file: source.file.clone(),
        line: 0,
        column: 0,
        pointer: String::new(),
        message: format!("the module of this document would be called `{name}`, which is taken"),
        help: "rename the file".to_owned(),
    }
}
