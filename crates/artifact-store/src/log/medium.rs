//! The few things that the log asks of the file system when it writes, so that a test can let them fail.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

/// Where the log writes.
pub(crate) trait Medium: Send + Sync {
    /// Makes a new file that can be read and written.
    fn create(&self, path: &Path) -> io::Result<File> {
        OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .open(path)
    }

    /// Writes all of `bytes` at an offset.
    fn write(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        write_at(file, bytes, offset)
    }

    /// Waits until the file's contents are on the disk.
    fn sync(&self, file: &File) -> io::Result<()> {
        file.sync_data()
    }

    /// Waits until the directory's names are on the disk.
    fn sync_names(&self, dir: &Path) -> io::Result<()> {
        sync_dir(dir)
    }

    /// Puts a file in another's place, at once.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }
}

/// The file system.
pub(crate) struct Disk;

impl Medium for Disk {}

#[cfg(unix)]
pub(crate) fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}

#[cfg(unix)]
pub(super) fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

#[cfg(unix)]
fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

#[cfg(windows)]
pub(crate) fn read_at(file: &File, mut bytes: &mut [u8], mut offset: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !bytes.is_empty() {
        let n = file.seek_read(bytes, offset)?;
        if n == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        bytes = &mut bytes[n..];
        offset += n as u64;
    }
    Ok(())
}

#[cfg(windows)]
pub(super) fn write_at(file: &File, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !bytes.is_empty() {
        let n = file.seek_write(bytes, offset)?;
        if n == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        bytes = &bytes[n..];
        offset += n as u64;
    }
    Ok(())
}

/// Windows has no such call: names are as durable as its journal makes them.
#[cfg(windows)]
fn sync_dir(_: &Path) -> io::Result<()> {
    Ok(())
}
