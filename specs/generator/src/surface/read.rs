//! Generated source to items. Only what the generator writes is known here, and all of it.

use quote::ToTokens;
use syn::{Fields, Visibility, parse::Parser as _, punctuated::Punctuated};

use super::{
    Item, Room, Signature, What,
    names::{absolute, absolute_path},
    print::text,
};

/// Traits that go without saying: every type of its kind has them.
const EVERYWHERE: [&str; 9] = ["Clone", "Debug", "PartialEq", "Eq", "PartialOrd", "Ord", "Hash", "Serialize", "Deserialize"];
/// Types of impls that only repeat what another type of the same impl says.
const REPEATED: [&str; 1] = ["IntoFuture"];

/// The public items of a module and of those in it.
pub(super) fn items(items: &[syn::Item]) -> Vec<Item> {
    let mut reader = Reader { module: Vec::new(), found: Vec::new() };
    reader.module(items);
    reader.found
}

struct Reader {
    module: Vec<String>,
    found: Vec<Item>,
}

impl Reader {
    fn module(&mut self, items: &[syn::Item]) {
        let types: Vec<String> = items.iter().filter_map(public_type).collect();
        for item in items {
            self.item(item, &types);
        }
    }

    fn item(&mut self, item: &syn::Item, types: &[String]) {
        match item {
            syn::Item::Mod(module) if is_public(&module.vis) && !is_conditional(&module.attrs) => {
                let name = module.ident.to_string();
                self.top(&name, What::Module);
                self.module.push(name);
                self.module(module.content.as_ref().map_or(&[][..], |(_, items)| items));
                self.module.pop();
            }
            syn::Item::Use(reexport) if is_public(&reexport.vis) => self.reexport(&reexport.tree),
            syn::Item::Const(constant) if is_public(&constant.vis) => {
                let value = self.value(&constant.ty);
                self.top(&constant.ident.to_string(), What::Const { value });
            }
            syn::Item::Type(alias) if is_public(&alias.vis) => {
                let value = self.value(&alias.ty);
                self.top(&alias.ident.to_string(), What::Alias { value });
            }
            syn::Item::Fn(function) if is_public(&function.vis) => {
                let signature = self.signature(&function.sig, &function.attrs);
                self.top(&function.sig.ident.to_string(), What::Function(signature));
            }
            syn::Item::Struct(item) if is_public(&item.vis) => self.structure(item),
            syn::Item::Enum(item) if is_public(&item.vis) => self.enumeration(item),
            syn::Item::Impl(item) => self.implementation(item, types),
            _ => {}
        }
    }

    fn structure(&mut self, item: &syn::ItemStruct) {
        let name = item.ident.to_string();
        let hides = item.fields.iter().any(|field| !is_public(&field.vis));
        let room = if hides { Room::PrivateFields } else { room(&item.attrs) };
        self.top(&name, What::Struct { generics: text(&item.generics), room, is_tuple: matches!(item.fields, Fields::Unnamed(_)) });
        for (position, field) in item.fields.iter().enumerate().filter(|(_, field)| is_public(&field.vis)) {
            let field_name = field.ident.as_ref().map_or_else(|| position.to_string(), ToString::to_string);
            let value = self.value(&field.ty);
            self.member(&name, &field_name, What::Field { value });
        }
        self.derived(&name, &item.attrs);
    }

    fn enumeration(&mut self, item: &syn::ItemEnum) {
        let name = item.ident.to_string();
        self.top(&name, What::Enum { room: room(&item.attrs) });
        for variant in &item.variants {
            let holds = self.holds(&variant.fields);
            self.member(&name, &variant.ident.to_string(), What::Variant { holds });
        }
        self.derived(&name, &item.attrs);
    }

    fn holds(&self, fields: &Fields) -> String {
        let values = fields.iter().map(|field| {
            let value = self.value(&field.ty);
            field.ident.as_ref().map_or_else(|| value.clone(), |name| format!("{name}: {value}"))
        });
        let values: Vec<String> = values.collect();
        match fields {
            Fields::Named(_) => format!(" {{ {} }}", values.join(", ")),
            Fields::Unnamed(_) => format!("({})", values.join(", ")),
            Fields::Unit => String::new(),
        }
    }

    fn implementation(&mut self, item: &syn::ItemImpl, types: &[String]) {
        let Some(name) = own_type(&item.self_ty).filter(|name| types.contains(name)) else { return };
        match &item.trait_ {
            Some((path, _)) => {
                let of = text(&absolute_path(path, &self.module));
                let said = path.segments.last().is_some_and(|last| !EVERYWHERE.iter().any(|known| last.ident == known));
                if said {
                    let types = self.types_of(&item.items);
                    self.member(&name, "", What::Impl { of, types });
                }
            }
            None => {
                for function in item.items.iter().filter_map(public_function) {
                    let signature = self.signature(&function.sig, &function.attrs);
                    self.member(&name, &function.sig.ident.to_string(), What::Function(signature));
                }
            }
        }
    }

    fn types_of(&self, items: &[syn::ImplItem]) -> Vec<(String, String)> {
        let types = items.iter().filter_map(|item| match item {
            syn::ImplItem::Type(named) if !REPEATED.iter().any(|known| named.ident == known) => {
                Some((named.ident.to_string(), self.value(&named.ty)))
            }
            _ => None,
        });
        types.collect()
    }

    fn signature(&self, signature: &syn::Signature, attributes: &[syn::Attribute]) -> Signature {
        let mut read = Signature {
            is_deprecated: has(attributes, "deprecated"),
            is_async: signature.asyncness.is_some(),
            generics: text(&signature.generics),
            ..Signature::default()
        };
        for input in &signature.inputs {
            match input {
                syn::FnArg::Receiver(receiver) => read.receiver = Some(text(receiver).trim_start_matches("mut ").to_owned()),
                syn::FnArg::Typed(argument) => read.arguments.push((argument_name(&argument.pat), self.value(&argument.ty))),
            }
        }
        if let syn::ReturnType::Type(_, returns) = &signature.output {
            read.returns = self.value(returns);
        }
        read
    }

    fn reexport(&mut self, tree: &syn::UseTree) {
        if let syn::UseTree::Rename(renamed) = tree {
            self.top(&renamed.rename.to_string(), What::Reexport { of: renamed.ident.to_string() });
        }
    }

    /// Of what is derived the traits that not every type has: `Default`.
    fn derived(&mut self, name: &str, attributes: &[syn::Attribute]) {
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("derive")) {
            let syn::Meta::List(list) = &attribute.meta else { continue };
            let parsed = Punctuated::<syn::Path, syn::Token![,]>::parse_terminated.parse2(list.tokens.clone());
            let names = parsed.into_iter().flatten().filter_map(|path| path.segments.last().map(|last| last.ident.to_string()));
            for of in names.filter(|name| !EVERYWHERE.contains(&name.as_str())) {
                self.member(name, "", What::Impl { of, types: Vec::new() });
            }
        }
    }

    fn value(&self, value: &syn::Type) -> String {
        text(&absolute(value.clone(), &self.module))
    }

    fn path(&self, name: &str) -> String {
        self.module.iter().map(String::as_str).chain([name]).collect::<Vec<_>>().join("::")
    }

    fn top(&mut self, name: &str, what: What) {
        let path = self.path(name);
        self.found.push(Item { path, owner: None, what });
    }

    fn member(&mut self, owner: &str, name: &str, what: What) {
        let owner = self.path(owner);
        let path = if name.is_empty() { owner.clone() } else { format!("{owner}::{name}") };
        self.found.push(Item { path, owner: Some(owner), what });
    }
}

fn argument_name(pattern: &syn::Pat) -> String {
    match pattern {
        syn::Pat::Ident(named) => named.ident.to_string(),
        other => other.to_token_stream().to_string(),
    }
}

fn public_type(item: &syn::Item) -> Option<String> {
    match item {
        syn::Item::Struct(item) => is_public(&item.vis).then(|| item.ident.to_string()),
        syn::Item::Enum(item) => is_public(&item.vis).then(|| item.ident.to_string()),
        _ => None,
    }
}

fn public_function(item: &syn::ImplItem) -> Option<&syn::ImplItemFn> {
    match item {
        syn::ImplItem::Fn(function) => is_public(&function.vis).then_some(function),
        _ => None,
    }
}

/// The type that an impl is of, when it is one of the same module.
fn own_type(of: &syn::Type) -> Option<String> {
    match of {
        syn::Type::Path(path) if path.path.segments.len() == 1 => path.path.segments.first().map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn has(attributes: &[syn::Attribute], name: &str) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident(name))
}

fn room(attributes: &[syn::Attribute]) -> Room {
    if has(attributes, "non_exhaustive") { Room::NonExhaustive } else { Room::None }
}

/// What only some builds have is no part of what callers see.
fn is_conditional(attributes: &[syn::Attribute]) -> bool {
    has(attributes, "cfg")
}
