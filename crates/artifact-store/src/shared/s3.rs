//! A bucket of S3, or of what speaks like it, as a shared store: one object for each entry. When objects are old enough
//! to go is for the bucket's lifecycle rules to say.

use std::time::Duration;

use bytes::Bytes;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{ClientOptions, Error, ObjectStoreExt as _, RetryConfig};

use super::{Backend, SharedError};

/// What no entry is larger than: more is not read.
const LARGEST: u64 = 64 << 20;

/// A bucket.
pub struct S3 {
    bucket: AmazonS3,
    prefix: String,
}

impl S3 {
    /// At `s3://bucket/prefix`. `environment` has credentials, region and endpoint under their usual names; what does not
    /// begin with `AWS_` is left out. Plain HTTP is refused unless there is `AWS_ALLOW_HTTP=true`.
    ///
    /// # Errors
    /// If the address, or what is in the environment, is not understood.
    pub fn open(
        address: &str,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, SharedError> {
        let place = address.strip_prefix("s3://").unwrap_or_default();
        let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
        if bucket.is_empty() {
            let known = "the address of a bucket is s3://bucket/prefix";
            return Err(SharedError::Address(known.to_owned()));
        }
        let client = ClientOptions::new()
            .with_connect_timeout(Duration::from_secs(2))
            .with_timeout(Duration::from_secs(8));
        // Who waits has a deadline, and there is a breaker: trying again here would only hide what they have to know.
        let retry = RetryConfig {
            max_retries: 0,
            ..RetryConfig::default()
        };
        let mut builder = AmazonS3Builder::new()
            .with_client_options(client)
            .with_retry(retry);
        for (name, value) in environment {
            let name = name.to_ascii_lowercase();
            // Other tools read other names.
            if let Some(name) = name
                .starts_with("aws_")
                .then(|| name.parse().ok())
                .flatten()
            {
                builder = builder.with_config(name, value);
            }
        }
        let bucket = builder.with_bucket_name(bucket).build();
        Ok(Self {
            bucket: bucket.map_err(|error| SharedError::Address(error.to_string()))?,
            prefix: prefix.trim_matches('/').to_owned(),
        })
    }

    fn path(&self, name: &str) -> Path {
        Path::from(format!("{}/{name}", self.prefix))
    }

    async fn read(&self, name: &str) -> Result<Option<Bytes>, SharedError> {
        let object = match self.bucket.get(&self.path(name)).await {
            Ok(object) => object,
            Err(Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(failure(&error)),
        };
        if object.meta.size > LARGEST {
            let reason = "an object is larger than any entry";
            return Err(SharedError::Failed(reason.to_owned()));
        }
        object.bytes().await.map(Some).map_err(|it| failure(&it))
    }

    async fn write(&self, name: &str, entry: Bytes) -> Result<(), SharedError> {
        let put = self.bucket.put(&self.path(name), entry.into()).await;
        put.map(drop).map_err(|it| failure(&it))
    }
}

fn failure(error: &Error) -> SharedError {
    SharedError::Failed(error.to_string())
}

impl Backend for S3 {
    fn connect(&self) -> BoxFuture<'_, ()> {
        // Its client keeps the connection for the next question.
        self.read("nothing").map(drop).boxed()
    }

    fn get<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<Bytes>, SharedError>> {
        self.read(name).boxed()
    }

    fn put<'a>(&'a self, name: &'a str, entry: Bytes) -> BoxFuture<'a, Result<(), SharedError>> {
        self.write(name, entry).boxed()
    }
}
