//! An evidence pack as one file: the events for machines, the page for people.

use std::io::{Cursor, Read as _, Write as _};

use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// The events with their hashes.
const EVENTS: &str = "evidence.json";
/// The printable page.
const PAGE: &str = "evidence.html";
/// So large a part may be, unpacked: a pack that would fill the memory is none of ours.
const LARGEST: u64 = 256 * 1024 * 1024;

/// Packs both.
pub(crate) fn pack(events: &[u8], page: &[u8]) -> ZipResult<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in [(EVENTS, events), (PAGE, page)] {
        archive.start_file(name, options)?;
        archive.write_all(bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// Events and page of a pack.
pub(crate) fn open(bytes: Vec<u8>) -> ZipResult<(Vec<u8>, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))?;
    let mut part = |name: &str| -> ZipResult<Vec<u8>> {
        let mut bytes = Vec::new();
        archive.by_name(name)?.take(LARGEST).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    Ok((part(EVENTS)?, part(PAGE)?))
}
