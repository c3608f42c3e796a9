//! A bucket in S3.

use std::{collections::BTreeMap, time::Duration};

use aws_config::SdkConfig;
use aws_sdk_s3::{
    Client,
    config::{Builder, RequestChecksumCalculation},
    presigning::PresigningConfig,
    primitives::ByteStream,
};
use chrono::DateTime;
use domain::FileName;

use super::{ObjectInfo, PathStyle, Target};
use crate::Error;

/// One S3 bucket and the client for it.
#[derive(Debug, Clone)]
pub struct S3Store {
    pub(super) client: Client,
    pub(super) bucket: String,
}

impl S3Store {
    pub(super) fn new(config: &SdkConfig, bucket: String, path_style: PathStyle) -> Self {
        // A checksum that is always computed would become part of every presigned upload, and a browser would
        // have to send it.
        let config = Builder::from(config)
            .force_path_style(path_style == PathStyle::On)
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
            .build();
        Self { client: Client::from_conf(config), bucket }
    }

    pub(super) async fn read(&self, key: &str, target: &mut Target) -> Result<(), Error> {
        let sent = self.client.get_object().bucket(&self.bucket).key(key).send().await;
        let object = match sent {
            Ok(object) => object,
            Err(error) if error.as_service_error().is_some_and(|e| e.is_no_such_key()) => {
                return Err(Error::NotFound { key: key.to_owned() });
            }
            Err(error) => return Err(Error::object("read", key, error)),
        };
        target.announce(object.content_length().unwrap_or_default().unsigned_abs())?;
        let mut body = object.body;
        while let Some(chunk) = body.next().await {
            target.write(&chunk.map_err(|error| Error::object("read", key, error))?).await?;
        }
        Ok(())
    }

    pub(super) async fn head(&self, key: &str) -> Result<Option<ObjectInfo>, Error> {
        match self.client.head_object().bucket(&self.bucket).key(key).send().await {
            Ok(head) => Ok(Some(ObjectInfo {
                size_bytes: head.content_length().unwrap_or_default().unsigned_abs(),
                etag: head.e_tag().map(str::to_owned),
                modified: head
                    .last_modified()
                    .and_then(|t| DateTime::from_timestamp(t.secs(), t.subsec_nanos())),
            })),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_not_found()) => Ok(None),
            Err(error) => Err(Error::object("look at", key, error)),
        }
    }

    pub(super) async fn put(&self, key: &str, bytes: Vec<u8>) -> Result<(), Error> {
        let request = self.client.put_object().bucket(&self.bucket).key(key);
        request
            .body(ByteStream::from(bytes))
            .send()
            .await
            .map_err(|error| Error::object("store", key, error))?;
        Ok(())
    }

    pub(super) async fn delete(&self, key: &str) -> Result<(), Error> {
        let request = self.client.delete_object().bucket(&self.bucket).key(key);
        request.send().await.map_err(|error| Error::object("delete", key, error))?;
        Ok(())
    }

    /// A name may begin another one, so what is listed is held against the whole of it. Whatever a page lists is gone with it: the
    /// next one begins at the beginning again.
    pub(super) async fn erase(&self, key: &str) -> Result<(), Error> {
        loop {
            let page = self.client.list_object_versions().bucket(&self.bucket).prefix(key).send().await;
            let page = page.map_err(|error| Error::object("list the versions of", key, error))?;
            let versions = page.versions().iter().map(|version| (version.key(), version.version_id()));
            let markers = page.delete_markers().iter().map(|marker| (marker.key(), marker.version_id()));
            let mut erased = false;
            for (_, version) in versions.chain(markers).filter(|(of, _)| *of == Some(key)) {
                let request = self.client.delete_object().bucket(&self.bucket).key(key);
                let request = request.set_version_id(version.map(str::to_owned));
                request.send().await.map_err(|error| Error::object("delete a version of", key, error))?;
                erased = true;
            }
            if !erased {
                return Ok(());
            }
        }
    }

    pub(super) async fn presign_put(
        &self,
        key: &str,
        size_bytes: u64,
        expires: Duration,
    ) -> Result<(String, BTreeMap<String, String>), Error> {
        let failed =
            |error| Error::Object { operation: "sign an upload of", key: key.to_owned(), source: error };
        let size = i64::try_from(size_bytes).map_err(|error| failed(error.into()))?;
        let config = PresigningConfig::expires_in(expires).map_err(|error| failed(error.into()))?;
        let request = self.client.put_object().bucket(&self.bucket).key(key).content_length(size);
        let signed = request.presigned(config).await.map_err(|error| failed(error.into()))?;
        let headers = signed.headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Ok((signed.uri().to_owned(), headers))
    }

    pub(super) async fn presign_get(
        &self,
        key: &str,
        file_name: &FileName,
        expires: Duration,
    ) -> Result<String, Error> {
        let failed =
            |error| Error::Object { operation: "sign a download of", key: key.to_owned(), source: error };
        let config = PresigningConfig::expires_in(expires).map_err(|error| failed(error.into()))?;
        let request = self.client.get_object().bucket(&self.bucket).key(key);
        let signed = request
            .response_content_disposition(file_name.content_disposition())
            .response_content_type("application/octet-stream")
            .presigned(config)
            .await
            .map_err(|error| failed(error.into()))?;
        Ok(signed.uri().to_owned())
    }
}
