//! The base protocol: `Content-Length` headers around JSON bodies. Never looks inside a body.

use std::io::{BufRead, Error, ErrorKind, Result};

/// The bytes of one message: header and body.
pub fn frame(body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// The body of the next message, or `None` at the end of the stream.
///
/// # Errors
/// When the stream ends inside a message, or a header is not one that a server may send.
pub fn read_frame(reader: &mut impl BufRead) -> Result<Option<Vec<u8>>> {
    let mut length = None;
    let mut line = String::new();
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return match length {
                None => Ok(None),
                Some(_) => Err(Error::new(
                    ErrorKind::UnexpectedEof,
                    "stream ends in a header",
                )),
            };
        }
        if line == "\r\n" {
            break;
        }
        let (name, value) = line
            .split_once(':')
            .ok_or_else(|| Error::new(ErrorKind::InvalidData, format!("not a header: {line:?}")))?;
        if name.eq_ignore_ascii_case("content-length") {
            let value = value.trim().parse::<usize>();
            length = Some(value.map_err(|error| Error::new(ErrorKind::InvalidData, error))?);
        }
    }
    let length =
        length.ok_or_else(|| Error::new(ErrorKind::InvalidData, "no Content-Length header"))?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(Some(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_reads_back() {
        let mut bytes = frame(b"{}");
        bytes.extend(frame("\u{1f3bb}".as_bytes()));
        let mut reader = bytes.as_slice();
        assert_eq!(read_frame(&mut reader).unwrap().unwrap(), b"{}");
        assert_eq!(
            read_frame(&mut reader).unwrap().unwrap(),
            "\u{1f3bb}".as_bytes()
        );
        assert!(read_frame(&mut reader).unwrap().is_none());
    }

    #[test]
    fn a_cut_frame_is_an_error() {
        let bytes = frame(b"{}");
        assert!(read_frame(&mut &bytes[..bytes.len() - 1]).is_err());
        assert!(read_frame(&mut &bytes[..5]).is_err());
    }
}
