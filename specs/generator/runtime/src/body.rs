//! Bodies: what goes out as bytes with a media type, and what came in without a type.

use std::{fmt, ops::Deref};

use bytes::{BufMut as _, Bytes, BytesMut};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{NotSent, Style};

/// How much of a body's text errors and `Debug` show.
pub(crate) const SHOWN: usize = 2048;
/// Stands between the parts of a multipart body; what is sent is checked not to hold it.
const BOUNDARY: &str = "crm-notes-part";

/// The body of a response that the document does not describe.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Body(pub(crate) Bytes);

impl Body {
    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.0
    }

    /// The text; what is no UTF-8 is replaced.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0).into_owned()
    }

    /// The body as JSON, read as you say.
    ///
    /// # Errors
    /// When it is not JSON, or does not fit.
    pub fn json<T: for<'de> Deserialize<'de>>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(&self.0)
    }

    /// The text, up to a bound.
    pub(crate) fn shown(&self) -> String {
        let mut text = String::from_utf8_lossy(self.0.get(..SHOWN).unwrap_or(&self.0)).into_owned();
        if self.0.len() > SHOWN {
            text.push('…');
        }
        text
    }
}

impl Deref for Body {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.shown(), f)
    }
}

/// A file to upload.
///
/// ```
/// let file = client_runtime::File::new("call.txt", "we spoke").content_type("text/plain");
/// assert_eq!(file.name(), "call.txt");
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "FileForm")]
pub struct File {
    #[serde(rename = "filename")]
    name: String,
    content_type: String,
    #[serde(serialize_with = "as_text")]
    content: Bytes,
}

/// What a file is read from: its text alone, or all three.
#[derive(Deserialize)]
#[serde(untagged)]
enum FileForm {
    Text(String),
    Full { filename: String, content_type: Option<String>, content: String },
}

impl File {
    /// A file by name, of no particular type.
    pub fn new(name: impl Into<String>, content: impl Into<Bytes>) -> Self {
        Self { name: name.into(), content_type: "application/octet-stream".to_owned(), content: content.into() }
    }

    /// The same with a media type.
    #[must_use]
    pub fn content_type(mut self, media_type: impl Into<String>) -> Self {
        self.content_type = media_type.into();
        self
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What is in it.
    #[must_use]
    pub fn content(&self) -> &Bytes {
        &self.content
    }
}

impl From<FileForm> for File {
    fn from(form: FileForm) -> Self {
        match form {
            FileForm::Text(content) => Self::new("file", content),
            FileForm::Full { filename, content_type, content } => {
                let file = Self::new(filename, content);
                match content_type {
                    Some(media_type) => file.content_type(media_type),
                    None => file,
                }
            }
        }
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "File({:?}, {}, {} bytes)", self.name, self.content_type, self.content.len())
    }
}

fn as_text<S: serde::Serializer>(content: &Bytes, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&String::from_utf8_lossy(content))
}

/// A body that is ready to be sent.
#[derive(Clone, Debug, Default)]
pub struct Payload {
    /// The media type; `None` with nothing to send.
    pub content_type: Option<String>,
    /// The bytes.
    pub bytes: Bytes,
}

impl Payload {
    /// JSON, under the media type that the document names for it.
    ///
    /// # Errors
    /// When the value cannot be written as JSON.
    pub fn json(media_type: &str, value: &(impl Serialize + ?Sized)) -> Result<Self, NotSent> {
        let bytes = serde_json::to_vec(value).map_err(|error| NotSent::new(format!("the body cannot be written: {error}")))?;
        Ok(Self { content_type: Some(media_type.to_owned()), bytes: bytes.into() })
    }

    /// A form: the members of an object in these styles; those of no style of their own with elements of arrays
    /// repeated, and `name[member]` for objects.
    ///
    /// # Errors
    /// When the value cannot be written.
    pub fn form(media_type: &str, value: &(impl Serialize + ?Sized), styles: &[(&str, Style)]) -> Result<Self, NotSent> {
        let value = serde_json::to_value(value).map_err(|error| NotSent::new(format!("the body cannot be written: {error}")))?;
        let mut query = super::Query::default();
        for (name, value) in value.as_object().into_iter().flatten() {
            let style = styles.iter().find(|(known, _)| known == name).map_or(Style::DeepObject, |(_, style)| *style);
            query.add(name, value, style)?;
        }
        let text = query.encoded();
        Ok(Self { content_type: Some(media_type.to_owned()), bytes: text.into() })
    }

    /// Bytes as they are.
    pub fn raw(media_type: &str, bytes: impl Into<Bytes>) -> Self {
        Self { content_type: Some(media_type.to_owned()), bytes: bytes.into() }
    }

    /// A multipart form of parts that [`multipart_part`] wrote.
    #[must_use]
    pub fn multipart(media_type: &str, parts: &[Bytes]) -> Self {
        let mut boundary = BOUNDARY.to_owned();
        while parts.iter().any(|part| part.windows(boundary.len()).any(|window| window == boundary.as_bytes())) {
            boundary.push('-');
        }
        let mut bytes = BytesMut::new();
        for part in parts {
            bytes.put_slice(format!("--{boundary}\r\n").as_bytes());
            bytes.put_slice(part);
            bytes.put_slice(b"\r\n");
        }
        bytes.put_slice(format!("--{boundary}--\r\n").as_bytes());
        Self { content_type: Some(format!("{media_type}; boundary={boundary}")), bytes: bytes.freeze() }
    }
}

/// Writes one property of a multipart form: a file as a file, an array as one part for each element, an object as
/// JSON, anything else as text; nothing when it is not set.
///
/// # Errors
/// When the value cannot be written.
pub fn multipart_part(parts: &mut Vec<Bytes>, name: &str, value: &(impl Serialize + ?Sized)) -> Result<(), NotSent> {
    let value = serde_json::to_value(value).map_err(|error| NotSent::new(format!("part `{name}` cannot be written: {error}")))?;
    write_part(parts, name, value);
    Ok(())
}

fn write_part(parts: &mut Vec<Bytes>, name: &str, value: Value) {
    match value {
        Value::Null => {}
        Value::Array(items) => items.into_iter().for_each(|item| write_part(parts, name, item)),
        Value::Object(_) => parts.push(part(name, "\r\nContent-Type: application/json", value.to_string().as_bytes())),
        Value::String(text) => parts.push(part(name, "", text.as_bytes())),
        other => parts.push(part(name, "", other.to_string().as_bytes())),
    }
}

/// Writes every member of an object as [`multipart_part`] does.
///
/// # Errors
/// When a member cannot be written.
pub fn multipart_parts(parts: &mut Vec<Bytes>, members: &(impl Serialize + ?Sized)) -> Result<(), NotSent> {
    let value = serde_json::to_value(members).map_err(|error| NotSent::new(format!("the form cannot be written: {error}")))?;
    for (name, value) in value.as_object().into_iter().flatten() {
        write_part(parts, name, value.clone());
    }
    Ok(())
}

/// One file, or several.
pub trait Files {
    /// Writes each as a part of a multipart form.
    fn write(&self, parts: &mut Vec<Bytes>, name: &str);
}

impl Files for File {
    fn write(&self, parts: &mut Vec<Bytes>, name: &str) {
        let more = format!("; filename=\"{}\"\r\nContent-Type: {}", quoted(&self.name), quoted(&self.content_type));
        parts.push(part(name, &more, &self.content));
    }
}

impl Files for Vec<File> {
    fn write(&self, parts: &mut Vec<Bytes>, name: &str) {
        for file in self {
            file.write(parts, name);
        }
    }
}

fn part(name: &str, more: &str, content: &[u8]) -> Bytes {
    let mut bytes = BytesMut::new();
    bytes.put_slice(format!("Content-Disposition: form-data; name=\"{}\"{more}\r\n\r\n", quoted(name)).as_bytes());
    bytes.put_slice(content);
    bytes.freeze()
}

/// As browsers write names in a multipart header.
fn quoted(text: &str) -> String {
    text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}
