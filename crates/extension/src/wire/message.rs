//! The messages, with what each means; how they are encoded is in `decode.rs` and `encode.rs`.

use std::fmt;

use super::Value;

/// A request, by the host's number; never used twice for one process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestId(pub u64);

/// One message. What goes from the host to the extension, and what goes back, is never the same.
#[derive(Debug, Clone, PartialEq)]
pub enum Message {
    /// Host: the first message. What it speaks and takes.
    Hello {
        /// Versions of the protocol, the best first.
        versions: Vec<u32>,
        /// Who this is, for a log.
        host: String,
        /// The longest frame that may be sent to it, and that it sends.
        max_frame: u32,
    },
    /// Extension: the answer to hello, and its first message.
    Welcome {
        /// The version of the protocol from here on.
        version: u32,
        /// Who this is, for a log.
        extension: String,
        /// How many requests it takes at once; more wait in the host.
        concurrency: u32,
        /// The methods that it knows.
        methods: Vec<String>,
    },
    /// Extension: it cannot work with this host, and ends.
    Reject {
        /// Why, for a person.
        reason: String,
    },
    /// Host: a question.
    Request {
        /// Its number.
        id: RequestId,
        /// Which method.
        method: String,
        /// How many chunks may be sent before more credit comes; 0 where one answer is wanted.
        credit: u32,
        /// How long the host waits for the answer, in milliseconds.
        timeout_ms: u32,
        /// What the method takes.
        params: Value,
    },
    /// Host: the answer is not wanted any more. One comes all the same, [`Code::Cancelled`] or what was ready.
    Cancel {
        /// Of which request.
        id: RequestId,
    },
    /// Host: so many more chunks may be sent.
    Credit {
        /// Of which request.
        id: RequestId,
        /// How many.
        chunks: u32,
    },
    /// Host: are you well?
    Ping {
        /// Comes back with the answer.
        nonce: u64,
    },
    /// Host: end yourself; requests that are under way need no answer.
    Shutdown,
    /// Extension: the answer, and the last message about a request.
    Response {
        /// To which request.
        id: RequestId,
        /// What the method gives.
        value: Value,
    },
    /// Extension: there is no answer; the last message about a request.
    Error {
        /// To which request.
        id: RequestId,
        /// What went wrong, for the host.
        code: Code,
        /// What went wrong, for a person.
        message: String,
    },
    /// Extension: a part of an answer; takes one credit.
    Chunk {
        /// Of which request.
        id: RequestId,
        /// The part.
        value: Value,
    },
    /// Extension: the answer to a ping.
    Pong {
        /// The ping's.
        nonce: u64,
        /// Whether it can take requests.
        condition: Condition,
        /// More about it, for a person; may be empty.
        note: String,
    },
    /// Extension: a line for the log.
    Log {
        /// How important it is.
        level: Level,
        /// The line.
        message: String,
    },
}

/// Declares an enum whose variants have a fixed name or number on the wire.
macro_rules! wire_enum {
    ($(#[$doc:meta])* $name:ident: $wire:ty { $($(#[$variant_doc:meta])* $variant:ident = $value:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// As it stands on the wire.
            #[must_use]
            pub fn as_wire(self) -> $wire {
                match self { $(Self::$variant => $value,)* }
            }

            pub(super) fn from_wire(value: $wire) -> Option<Self> {
                match value { $($value => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

wire_enum! {
    /// What went wrong with a request.
    Code: u8 {
        /// The method failed.
        Failed = 0,
        /// There is no such method.
        UnknownMethod = 1,
        /// The method does not take these parameters.
        BadParams = 2,
        /// The host cancelled it.
        Cancelled = 3,
        /// It needed something that the sandbox refuses, or a file's owner does.
        Denied = 4,
        /// More requests than it takes at once.
        Busy = 5,
    }
}

wire_enum! {
    /// How an extension is.
    Condition: u8 {
        /// It takes requests.
        Ready = 0,
        /// It will, and loads something now.
        Loading = 1,
        /// It does not, and will not.
        Unwell = 2,
    }
}

wire_enum! {
    /// How important a line of the log is.
    Level: u8 {
        /// Something that failed.
        Error = 0,
        /// Something that may be wrong.
        Warn = 1,
        /// Something that a user may want to know.
        Info = 2,
        /// Something for who looks for a mistake.
        Debug = 3,
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Failed => "failed",
            Self::UnknownMethod => "unknown method",
            Self::BadParams => "bad parameters",
            Self::Cancelled => "cancelled",
            Self::Denied => "denied",
            Self::Busy => "busy",
        })
    }
}

/// The first element of each message's array.
pub(super) mod tag {
    pub(in crate::wire) const HELLO: u8 = 0;
    pub(in crate::wire) const WELCOME: u8 = 1;
    pub(in crate::wire) const REJECT: u8 = 2;
    pub(in crate::wire) const REQUEST: u8 = 3;
    pub(in crate::wire) const CANCEL: u8 = 4;
    pub(in crate::wire) const CREDIT: u8 = 5;
    pub(in crate::wire) const PING: u8 = 6;
    pub(in crate::wire) const SHUTDOWN: u8 = 7;
    pub(in crate::wire) const RESPONSE: u8 = 8;
    pub(in crate::wire) const ERROR: u8 = 9;
    pub(in crate::wire) const CHUNK: u8 = 10;
    pub(in crate::wire) const PONG: u8 = 11;
    pub(in crate::wire) const LOG: u8 = 12;
}
