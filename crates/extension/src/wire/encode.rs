//! From a message to bytes: an array of a tag and the fields in their order, each in its shortest form.

use rmp::encode::{ByteBuf, write_array_len, write_str, write_uint};

use super::message::tag;
use super::{FrameError, Message, Value, frame};

impl Message {
    /// A frame with the message.
    ///
    /// # Errors
    /// [`FrameError::TooLong`] if that is over `limit`.
    pub fn to_frame(&self, limit: usize) -> Result<Vec<u8>, FrameError> {
        frame(limit, |bytes| self.append(bytes))
    }

    /// Appends the message without a length.
    pub fn append(&self, bytes: &mut Vec<u8>) {
        let mut fields = Fields(ByteBuf::from_vec(std::mem::take(bytes)));
        self.write(&mut fields);
        *bytes = fields.0.into_vec();
    }

    fn write(&self, out: &mut Fields) {
        match self {
            Self::Hello {
                versions,
                host,
                max_frame,
            } => {
                out.begin(4, tag::HELLO);
                out.length(versions.len());
                versions.iter().for_each(|it| out.uint(*it));
                out.str(host);
                out.uint(*max_frame);
            }
            Self::Request {
                id,
                method,
                credit,
                timeout_ms,
                params,
            } => {
                out.begin(6, tag::REQUEST);
                out.uint(id.0);
                out.str(method);
                out.uint(*credit);
                out.uint(*timeout_ms);
                out.value(params);
            }
            Self::Cancel { id } => {
                out.begin(2, tag::CANCEL);
                out.uint(id.0);
            }
            Self::Credit { id, chunks } => {
                out.begin(3, tag::CREDIT);
                out.uint(id.0);
                out.uint(*chunks);
            }
            Self::Ping { nonce } => {
                out.begin(2, tag::PING);
                out.uint(*nonce);
            }
            Self::Shutdown => out.begin(1, tag::SHUTDOWN),
            of_extension => of_extension.write_extensions(out),
        }
    }

    /// What an extension sends; nothing of what a host does.
    fn write_extensions(&self, out: &mut Fields) {
        match self {
            Self::Welcome {
                version,
                extension,
                concurrency,
                methods,
            } => {
                out.begin(5, tag::WELCOME);
                out.uint(*version);
                out.str(extension);
                out.uint(*concurrency);
                out.length(methods.len());
                methods.iter().for_each(|it| out.str(it));
            }
            Self::Reject { reason } => {
                out.begin(2, tag::REJECT);
                out.str(reason);
            }
            Self::Response { id, value } => {
                out.begin(3, tag::RESPONSE);
                out.uint(id.0);
                out.value(value);
            }
            Self::Error { id, code, message } => {
                out.begin(4, tag::ERROR);
                out.uint(id.0);
                out.uint(code.as_wire());
                out.str(message);
            }
            Self::Chunk { id, value } => {
                out.begin(3, tag::CHUNK);
                out.uint(id.0);
                out.value(value);
            }
            Self::Pong {
                nonce,
                condition,
                note,
            } => {
                out.begin(4, tag::PONG);
                out.uint(*nonce);
                out.uint(condition.as_wire());
                out.str(note);
            }
            Self::Log { level, message } => {
                out.begin(3, tag::LOG);
                out.uint(level.as_wire());
                out.str(message);
            }
            Self::Hello { .. }
            | Self::Request { .. }
            | Self::Cancel { .. }
            | Self::Credit { .. }
            | Self::Ping { .. }
            | Self::Shutdown => {}
        }
    }
}

/// The fields of one message. Memory takes everything: these errors have no values.
struct Fields(ByteBuf);

impl Fields {
    fn begin(&mut self, n_elements: usize, tag: u8) {
        self.length(n_elements);
        self.uint(tag);
    }

    fn length(&mut self, n_elements: usize) {
        // A list of more does not fit into a frame.
        let n_elements = u32::try_from(n_elements).unwrap_or(u32::MAX);
        let Ok(_) = write_array_len(&mut self.0, n_elements);
    }

    fn uint(&mut self, value: impl Into<u64>) {
        let Ok(_) = write_uint(&mut self.0, value.into());
    }

    fn str(&mut self, value: &str) {
        let Ok(()) = write_str(&mut self.0, value);
    }

    fn value(&mut self, value: &Value) {
        self.0.as_mut_vec().extend_from_slice(value.as_bytes());
    }
}
