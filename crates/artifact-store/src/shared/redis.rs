//! Redis as a shared store: one connection, over which all questions go without waiting for each other's answers.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ::redis::aio::MultiplexedConnection;
use ::redis::{AsyncConnectionConfig, Client, RedisError};
use bytes::Bytes;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::sync::Mutex;

use super::{Backend, SharedError};

/// From when on a connection that says nothing is taken for a broken one. Below the patience of who asks.
const SILENCE: Duration = Duration::from_millis(1_500);
/// How long a large value may be on its way.
const WRITING: Duration = Duration::from_secs(8);
/// What nobody has made again for so long is forgotten, in seconds: the store would only grow.
const KEPT: u64 = 30 * 24 * 3600;

/// A Redis, or what speaks like it.
pub struct Redis {
    client: Client,
    // Held while connecting: who comes meanwhile waits for the same connection.
    connection: Mutex<Option<Numbered>>,
    connections: AtomicU64,
}

#[derive(Clone)]
struct Numbered {
    number: u64,
    connection: MultiplexedConnection,
}

impl Redis {
    /// At `redis://user:password@host:port/db`, or `rediss://` for TLS. Connects when it is first asked.
    ///
    /// # Errors
    /// If the address is not understood.
    pub fn open(address: &str) -> Result<Self, SharedError> {
        // The reason names the part that is wrong, never the password.
        let client =
            Client::open(address).map_err(|error| SharedError::Address(error.to_string()))?;
        Ok(Self {
            client,
            connection: Mutex::default(),
            connections: AtomicU64::new(0),
        })
    }

    async fn connection(&self) -> Result<Numbered, RedisError> {
        let mut connection = self.connection.lock().await;
        if let Some(connection) = &*connection {
            return Ok(connection.clone());
        }
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(SILENCE))
            .set_response_timeout(Some(SILENCE));
        let client = &self.client;
        let made = client.get_multiplexed_async_connection_with_config(&config);
        let made = Numbered {
            connection: made.await?,
            number: self.connections.fetch_add(1, Ordering::Relaxed),
        };
        Ok(connection.insert(made).clone())
    }

    /// What went wrong, for who asked; a broken connection is replaced when the next one asks.
    async fn failed(&self, number: u64, error: RedisError) -> SharedError {
        if error.is_unrecoverable_error() || error.is_io_error() {
            let mut connection = self.connection.lock().await;
            if connection.as_ref().is_some_and(|it| it.number == number) {
                *connection = None;
            }
        }
        failure(&error)
    }

    async fn read(&self, name: &str) -> Result<Option<Bytes>, SharedError> {
        let Numbered {
            number,
            mut connection,
        } = self.connection().await.map_err(|it| failure(&it))?;
        let mut get = ::redis::cmd("GET");
        let answer = get
            .arg(full(name))
            .query_async::<Option<Vec<u8>>>(&mut connection);
        match answer.await {
            Ok(entry) => Ok(entry.map(Bytes::from)),
            Err(error) => Err(self.failed(number, error).await),
        }
    }

    async fn write(&self, name: &str, entry: Bytes) -> Result<(), SharedError> {
        let Numbered {
            number,
            mut connection,
        } = self.connection().await.map_err(|it| failure(&it))?;
        connection.set_response_timeout(WRITING);
        let mut set = ::redis::cmd("SET");
        let set = set.arg(full(name)).arg(&entry[..]).arg("EX").arg(KEPT);
        match set.query_async::<()>(&mut connection).await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.failed(number, error).await),
        }
    }
}

/// A server holds what others put there too.
fn full(name: &str) -> String {
    format!("symphony/{name}")
}

fn failure(error: &RedisError) -> SharedError {
    SharedError::Failed(error.to_string())
}

impl Backend for Redis {
    fn connect(&self) -> BoxFuture<'_, ()> {
        self.connection().map(drop).boxed()
    }

    fn get<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<Bytes>, SharedError>> {
        self.read(name).boxed()
    }

    fn put<'a>(&'a self, name: &'a str, entry: Bytes) -> BoxFuture<'a, Result<(), SharedError>> {
        self.write(name, entry).boxed()
    }
}
