use std::time::Duration;

use aws_config::Region;
use aws_sdk_s3::config::{Credentials, SharedCredentialsProvider};

use super::*;

const MINUTE: Duration = Duration::from_secs(60);

fn s3(path_style: PathStyle) -> ObjectStore {
    let config = SdkConfig::builder()
        .behavior_version(aws_config::BehaviorVersion::latest())
        .region(Region::new("eu-central-1"))
        .endpoint_url("http://127.0.0.1:1")
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new(
            "id", "secret", None, None, "test",
        )))
        .build();
    ObjectStore::s3(&config, "inbox", path_style)
}

#[tokio::test]
async fn a_fetched_object_has_its_size_and_sha256() {
    let (store, folder) = (ObjectStore::memory(), tempfile::tempdir().unwrap());
    store.put("a", b"abc".to_vec()).await.unwrap();
    let fetched = store.get_to_file("a", &folder.path().join("a"), 3).await.unwrap();
    assert_eq!(fetched.size_bytes, 3);
    assert_eq!(fetched.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(std::fs::read(folder.path().join("a")).unwrap(), b"abc");
}

#[tokio::test]
async fn a_missing_object_and_one_too_large_are_told_apart() {
    let (store, folder) = (ObjectStore::memory(), tempfile::tempdir().unwrap());
    let path = folder.path().join("a");
    assert!(matches!(store.get_to_file("a", &path, 2).await, Err(Error::NotFound { .. })));
    store.put("a", b"abc".to_vec()).await.unwrap();
    assert!(matches!(store.get_to_file("a", &path, 2).await, Err(Error::TooLarge { max_bytes: 2, .. })));
    assert_eq!(std::fs::metadata(&path).unwrap().len(), 0);
}

#[tokio::test]
async fn a_deleted_object_is_gone_and_deleting_it_again_is_fine() {
    let store = ObjectStore::memory();
    store.put("a", vec![1, 2]).await.unwrap();
    assert_eq!(store.head("a").await.unwrap().unwrap().size_bytes, 2);
    store.delete("a").await.unwrap();
    store.delete("a").await.unwrap();
    assert_eq!(store.head("a").await.unwrap(), None);
}

#[tokio::test]
async fn the_size_is_part_of_an_uploads_signature_and_nothing_else_is_asked_of_the_browser() {
    let put = s3(PathStyle::On).presign_put("uploads/o/u", 17, MINUTE).await.unwrap();
    assert!(put.url.starts_with("http://127.0.0.1:1/inbox/uploads/o/u?"), "{}", put.url);
    assert!(put.url.contains("X-Amz-SignedHeaders=content-length%3Bhost&"), "{}", put.url);
    assert!(put.url.contains("X-Amz-Expires=60&"), "{}", put.url);
    assert!(!put.url.to_lowercase().contains("checksum"), "{}", put.url);
    assert_eq!(put.headers, BTreeMap::from([("content-length".to_owned(), "17".to_owned())]));
}

#[tokio::test]
async fn a_download_is_saved_under_the_files_own_name() {
    let name = FileName::lossy("März \"x\".csv");
    let get = s3(PathStyle::On).presign_get("uploads/o/u", &name, MINUTE).await.unwrap();
    assert!(
        get.url.contains("response-content-disposition=attachment%3B%20filename%3D%22M_rz"),
        "{}",
        get.url
    );
    assert!(get.url.contains("UTF-8%27%27M%25C3%25A4rz%2520%2522x%2522.csv"), "{}", get.url);
}

#[tokio::test]
async fn an_error_does_not_print_its_source() {
    let config = SdkConfig::builder().behavior_version(aws_config::BehaviorVersion::latest()).build();
    let store = ObjectStore::s3(&config, "inbox", PathStyle::Off);
    let error = store.presign_put("uploads/o/u", 1, MINUTE).await.unwrap_err();
    assert_eq!(error.to_string(), "cannot sign an upload of object uploads/o/u");
    assert!(std::error::Error::source(&error).is_some());
}

#[tokio::test]
async fn an_object_that_is_written_in_parts_is_there_when_it_is_finished() {
    let store = ObjectStore::memory();
    let mut object = store.begin("a");
    object.add(vec![1, 2]).await.unwrap();
    object.add(vec![3]).await.unwrap();
    assert_eq!(store.head("a").await.unwrap(), None);
    assert_eq!(object.finish().await.unwrap(), 3);
    assert_eq!(store.head("a").await.unwrap().unwrap().size_bytes, 3);
}
