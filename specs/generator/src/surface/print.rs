//! Tokens of types as people write them: `Option<&'c str>`, not `Option < & 'c str >`.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;

/// The text of a type, a path or generics, on one line.
pub(super) fn text(tokens: &impl ToTokens) -> String {
    let mut out = String::new();
    write(tokens.to_token_stream(), &mut out);
    out
}

fn write(tokens: TokenStream, out: &mut String) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => (" { ", " }"),
                    Delimiter::None => ("", ""),
                };
                out.push_str(open);
                write(group.stream(), out);
                out.push_str(close);
            }
            TokenTree::Punct(punct) => write_sign(punct.as_char(), out),
            TokenTree::Ident(_) | TokenTree::Literal(_) => {
                if out.ends_with(|last: char| last.is_alphanumeric() || matches!(last, '_' | ')' | '>') && !out.ends_with("->")) {
                    out.push(' ');
                }
                out.push_str(&token.to_string());
            }
        }
    }
}

fn write_sign(sign: char, out: &mut String) {
    match sign {
        ',' | ';' => {
            out.push(sign);
            out.push(' ');
        }
        '>' if out.ends_with("- ") => {
            out.truncate(out.len() - 2);
            out.push_str("-> ");
        }
        '-' | '=' | '+' => out.push_str(&format!(" {sign} ")),
        ':' if out.ends_with(": ") => {
            out.truncate(out.len() - 1);
            out.push(':');
        }
        ':' => out.push_str(": "),
        '>' => {
            // The comma behind the last argument, where the source wraps lines.
            let kept = out.trim_end_matches(", ").len();
            out.truncate(kept);
            out.push('>');
        }
        _ => out.push(sign),
    }
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn types_are_written_as_people_write_them() {
        let check = |source: &str| {
            let parsed: syn::Type = syn::parse_str(source).unwrap();
            assert_eq!(text(&parsed), source);
        };
        check("Option<&'c str>");
        check("impl IntoIterator<Item = impl Into<types::Note>>");
        check("Box<dyn Future<Output = (u8, [i64; 2])> + Send + 'c>");
        check("fn(&mut super::Client) -> runtime::Response<'_>");
        check("&[types::Note]");
        let wrapped: syn::Type = syn::parse_str("Result<\n    A,\n    B,\n>").unwrap();
        assert_eq!(text(&wrapped), "Result<A, B>");
    }
}
