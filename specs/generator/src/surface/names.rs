//! Paths as they are from the client's module: the same type has one name wherever it is mentioned.

use syn::visit_mut::{VisitMut, visit_path_mut};

/// Names that stand for themselves in every module.
const PRIMITIVES: [&str; 12] = ["bool", "char", "f64", "i64", "str", "u16", "u32", "u64", "u8", "usize", "Self", "self"];

/// The value with its paths seen from the client's module, though it stands in one below.
pub(super) fn absolute(mut value: syn::Type, module: &[String]) -> syn::Type {
    Absolute { module }.visit_type_mut(&mut value);
    value
}

/// The same for a path.
pub(super) fn absolute_path(path: &syn::Path, module: &[String]) -> syn::Path {
    let mut path = path.clone();
    Absolute { module }.visit_path_mut(&mut path);
    path
}

struct Absolute<'m> {
    module: &'m [String],
}

impl VisitMut for Absolute<'_> {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_path_mut(self, path);
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let Some(mut last) = path.segments.last().cloned() else { return };
        let mut segments = syn::punctuated::Punctuated::new();
        let around = self.around(&names, path.leading_colon.is_some());
        for name in &around {
            segments.push(syn::PathSegment::from(crate::names::ident(name)));
        }
        if let Some(renamed) = named_here(&names) {
            last.ident = crate::names::ident(renamed);
        }
        segments.push(last);
        path.leading_colon = None;
        path.segments = segments;
    }
}

impl Absolute<'_> {
    /// The modules that lead to the last of these names.
    fn around(&self, names: &[String], is_external: bool) -> Vec<String> {
        let (first, before) = match names {
            [] => return Vec::new(),
            [only] => (only.as_str(), &names[..0]),
            [first, .., _] => (first.as_str(), &names[..names.len() - 1]),
        };
        match (first, before) {
            ("std" | "core" | "alloc", [_, ..]) => Vec::new(),
            ("client_runtime", [_, rest @ ..]) => ["runtime".to_owned()].into_iter().chain(rest.iter().cloned()).collect(),
            ("super", [_, rest @ ..]) => {
                let above = self.module.split_last().map_or(&[][..], |(_, above)| above);
                above.iter().chain(rest).cloned().collect()
            }
            (_, before) if is_external => before.to_vec(),
            (first, []) if PRIMITIVES.contains(&first) => Vec::new(),
            ("Self", before) => before.to_vec(),
            (_, before) => self.module.iter().chain(before).cloned().collect(),
        }
    }
}

/// What goes by another name here: the runtime itself is `runtime`.
fn named_here(names: &[String]) -> Option<&'static str> {
    matches!(names, [one] if one == "client_runtime").then_some("runtime")
}
