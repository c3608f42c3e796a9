//! A file with what people have said about it, owned by whoever reads it on a thread of its own.

use std::path::{Path, PathBuf};

use data::uploads::Upload;
use ingest::Input;

pub(crate) struct Source {
    path: PathBuf,
    file_name: String,
    vendor_hint: Option<String>,
    answers: Vec<(String, String)>,
}

impl Source {
    pub(crate) fn of(upload: &Upload, path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            file_name: upload.file_name.clone(),
            vendor_hint: upload.vendor_hint.clone(),
            answers: upload.answers.iter().map(|answer| (answer.id.clone(), answer.value.clone())).collect(),
        }
    }

    pub(crate) fn input(&self) -> Input<'_> {
        Input {
            path: &self.path,
            file_name: &self.file_name,
            vendor_hint: self.vendor_hint.as_deref(),
            answers: &self.answers,
        }
    }
}
