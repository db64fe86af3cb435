//! A request as a curl command on one line.

use std::fmt::Write;

use http::Method;

/// A request in the parts that curl takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    pub(super) method: Method,
    /// Path and query, below the base URL.
    pub(super) target: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) user: Option<String>,
    pub(super) body: Option<String>,
}

impl Call {
    /// The command, on one line, quoted for a POSIX shell.
    pub(crate) fn curl(&self, base_url: &str) -> String {
        let mut line = "curl".to_owned();
        let implied = if self.body.is_some() { Method::POST } else { Method::GET };
        if self.method == Method::HEAD {
            line.push_str(" --head");
        } else if self.method != implied {
            let _ = write!(line, " -X {}", self.method);
        }
        if let Some(user) = &self.user {
            let _ = write!(line, " -u {}", quote(user));
        }
        for (name, value) in &self.headers {
            let _ = write!(line, " -H {}", quote(&format!("{name}: {value}")));
        }
        if let Some(body) = &self.body {
            let _ = write!(line, " -d {}", quote(body));
        }
        let _ = write!(line, " {}", quote(&format!("{base_url}{}", self.target)));
        line
    }
}

/// Quotes an argument for a POSIX shell, when it needs that.
pub(crate) fn quote(argument: &str) -> String {
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || b"%+,-./:=@_".contains(&byte);
    if !argument.is_empty() && argument.bytes().all(safe) {
        return argument.to_owned();
    }
    format!("'{}'", argument.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_quoted_for_a_shell() {
        for (argument, quoted) in [("a:b", "a:b"), ("", "''"), ("a b", "'a b'"), ("it's", r"'it'\''s'"), ("$(x)", "'$(x)'")] {
            assert_eq!(quote(argument), quoted);
        }
    }
}
