//! The files of the workspace, and the text that a program of Rust carries as literals.

use std::{
    fs,
    path::{Path, PathBuf},
};

use proc_macro2::{TokenStream, TokenTree};

/// A file, with its path from the root.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    pub(crate) fn is_rust(&self) -> bool {
        Path::new(&self.path).extension().is_some_and(|extension| extension == "rs")
    }

    /// The tokens, in which comments are no more; documentation comments are attributes with a literal.
    pub(crate) fn tokens(&self) -> TokenStream {
        self.text.parse().unwrap_or_else(|error| panic!("`{}` is Rust: {error}", self.path))
    }

    /// The strings of a program without its documentation, unescaped.
    pub(crate) fn strings(&self) -> Vec<String> {
        let mut strings = Vec::new();
        collect_strings(self.tokens(), &mut strings);
        strings
    }

    /// Every identifier in the order written, macros' arguments included.
    pub(crate) fn identifiers(&self) -> Vec<String> {
        let mut identifiers = Vec::new();
        collect_identifiers(self.tokens(), &mut identifiers);
        identifiers
    }
}

pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every text file, what git keeps, cargo builds and npm installs left out.
pub(crate) fn files() -> Vec<File> {
    let mut found = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                if ![".contract", ".git", "node_modules", "target"].contains(&name.as_str()) && !path.join("CACHEDIR.TAG").exists() {
                    folders.push(path);
                }
            } else if let Ok(text) = fs::read_to_string(&path) {
                let path = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
                found.push(File { path, text });
            }
        }
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    found
}

pub(crate) fn rust_files() -> Vec<File> {
    files().into_iter().filter(File::is_rust).collect()
}

fn collect_strings(tokens: TokenStream, strings: &mut Vec<String>) {
    let mut documentation = false;
    for token in tokens {
        match token {
            TokenTree::Group(group) => collect_strings(group.stream(), strings),
            TokenTree::Ident(word) => documentation = word == "doc",
            TokenTree::Punct(_) => {}
            TokenTree::Literal(literal) => {
                if !documentation {
                    strings.extend(unescaped(literal));
                }
                documentation = false;
            }
        }
    }
}

fn unescaped(literal: proc_macro2::Literal) -> Option<String> {
    match syn::Lit::new(literal) {
        syn::Lit::Str(text) => Some(text.value()),
        syn::Lit::ByteStr(bytes) => Some(String::from_utf8_lossy(&bytes.value()).into_owned()),
        syn::Lit::CStr(text) => Some(text.value().to_string_lossy().into_owned()),
        _ => None,
    }
}

fn collect_identifiers(tokens: TokenStream, identifiers: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => collect_identifiers(group.stream(), identifiers),
            TokenTree::Ident(word) => identifiers.push(word.to_string()),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

#[test]
fn strings_are_found_without_documentation_and_comments() {
    let file = File::new("a.rs", "//! \"no\"\n/// no\n// \"no\"\nfn f() { g(\"ye\\x73\", vec![br#\"also\"#]); }");
    assert_eq!(file.strings(), ["yes", "also"]);
}
