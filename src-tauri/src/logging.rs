//! Logs: to stderr and to a file in the data folder that is set aside at 2 MB, four old ones kept. English, structured,
//! without customer data: the code logs codes, counts and ids, never what a form holds.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

const LARGEST: u64 = 2_000_000;
const KEPT: u32 = 4;

/// Starts logging. Without a writable folder only stderr is written.
pub(crate) fn start(data_dir: &Path) {
    let filter = EnvFilter::try_from_env("CHAYAN_LOG").unwrap_or_else(|_| EnvFilter::new("info,zbus=warn"));
    let file = RollingFile::open(data_dir.join("logs"), LARGEST);
    let (file, problem) = match file {
        Ok(file) => (Some(Shared(Arc::new(Mutex::new(file)))), None),
        Err(error) => (None, Some(error)),
    };
    let to_file = file.map(|file| tracing_subscriber::fmt::layer().json().with_writer(file));
    let to_stderr = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(io::stderr);
    // A second start in one process (tests) keeps the first.
    let _first = tracing_subscriber::registry().with(filter).with(to_stderr).with(to_file).try_init().is_ok();
    if let Some(error) = problem {
        tracing::warn!(%error, "no log file");
    }
}

/// A file that is set aside when it is full.
#[derive(Debug)]
struct RollingFile {
    folder: PathBuf,
    largest: u64,
    file: File,
    written: u64,
}

impl RollingFile {
    fn open(folder: PathBuf, largest: u64) -> io::Result<Self> {
        std::fs::create_dir_all(&folder)?;
        let file = OpenOptions::new().create(true).append(true).open(numbered(&folder, 0))?;
        let written = file.metadata()?.len();
        Ok(Self { folder, largest, file, written })
    }

    fn set_aside(&mut self) -> io::Result<()> {
        for number in (0..KEPT).rev() {
            let from = numbered(&self.folder, number);
            if from.exists() {
                std::fs::rename(from, numbered(&self.folder, number + 1))?;
            }
        }
        *self = Self::open(self.folder.clone(), self.largest)?;
        Ok(())
    }
}

impl Write for RollingFile {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.written >= self.largest {
            self.set_aside()?;
        }
        let count = self.file.write(line)?;
        self.written += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn numbered(folder: &Path, number: u32) -> PathBuf {
    if number == 0 { folder.join("chayan.log") } else { folder.join(format!("chayan.{number}.log")) }
}

/// The file, shared by all threads; a full disk loses log lines and nothing else.
#[derive(Debug, Clone)]
struct Shared(Arc<Mutex<RollingFile>>);

impl Write for Shared {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(line)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).flush()
    }
}

impl<'a> MakeWriter<'a> for Shared {
    type Writer = Self;

    fn make_writer(&'a self) -> Self::Writer {
        self.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_file_is_set_aside_and_only_four_old_ones_are_kept() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = RollingFile::open(folder.path().to_owned(), 10).unwrap();
        for number in 0..8 {
            file.write_all(format!("line {number:05}\n").as_bytes()).unwrap();
        }
        let mut names: Vec<String> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        let expected = ["chayan.1.log", "chayan.2.log", "chayan.3.log", "chayan.4.log", "chayan.log"];
        assert_eq!(names, expected);
        assert_eq!(std::fs::read_to_string(folder.path().join("chayan.log")).unwrap(), "line 00007\n");
        assert_eq!(std::fs::read_to_string(folder.path().join("chayan.4.log")).unwrap(), "line 00003\n");
    }
}
