//! The files of Swagger UI that the API reference needs, out of the archive of its release.
//!
//! They stay compressed: what the archive holds by deflate becomes a gzip file by a head and a tail, which is what
//! browsers take. So nothing is unpacked here or at start, and the program grows by half a megabyte and not by two.

use std::{
    error::Error,
    fmt::Write,
    fs,
    io::{Cursor, Read},
    path::Path,
};

use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED;
use zip::{CompressionMethod, ZipArchive, read::ZipFile};

/// The files, as they are called within the folder of the release. The licence asks for itself and for the notice.
const FILES: [&str; 8] = [
    "LICENSE",
    "NOTICE",
    "dist/favicon-16x16.png",
    "dist/favicon-32x32.png",
    "dist/oauth2-redirect.html",
    "dist/oauth2-redirect.js",
    "dist/swagger-ui-bundle.js",
    "dist/swagger-ui.css",
];

/// The head of a gzip file (RFC 1952): the mark, deflate, and nothing about the file; the last byte is an unknown system.
const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// Writes each file and `reference.rs`, the table of them: name, bytes, and whether those are gzip.
pub(crate) fn embed(folder: &Path) -> Result<(), Box<dyn Error>> {
    let mut archive = ZipArchive::new(Cursor::new(SWAGGER_UI_VENDORED))?;
    // Everything is in one folder, which has the version in its name and comes first.
    let release = archive.name_for_index(0).ok_or("the release of Swagger UI is empty")??.into_owned();
    let mut table = String::from("[\n");
    for path in FILES {
        let index = archive.index_for_name(&format!("{release}{path}"));
        let mut entry = archive.by_index_raw(index.ok_or_else(|| format!("the release of Swagger UI has no `{path}`"))?)?;
        let (bytes, is_gzip) = content(&mut entry)?;
        let name = path.rsplit('/').next().unwrap_or(path);
        let file = folder.join(format!("reference-{name}"));
        fs::write(&file, bytes)?;
        writeln!(table, "    ({name:?}, include_bytes!({:?}), {is_gzip}),", file.display().to_string())?;
    }
    table.push_str("]\n");
    fs::write(folder.join("reference.rs"), table)?;
    Ok(())
}

/// The bytes to embed, and whether they are gzip.
fn content(entry: &mut ZipFile<'_, Cursor<&[u8]>>) -> Result<(Vec<u8>, bool), Box<dyn Error>> {
    let mut bytes = Vec::new();
    let (method, crc32, size) = (entry.compression(), entry.crc32(), u32::try_from(entry.size())?);
    if method == CompressionMethod::Stored {
        entry.read_to_end(&mut bytes)?;
        return Ok((bytes, false));
    }
    if method != CompressionMethod::DEFLATE {
        return Err(format!("the release of Swagger UI is packed by {method}").into());
    }
    bytes.extend(HEAD);
    entry.read_to_end(&mut bytes)?;
    bytes.extend(crc32.to_le_bytes());
    bytes.extend(size.to_le_bytes());
    Ok((bytes, true))
}
