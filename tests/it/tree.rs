//! The checkout, as files: what the structural tests read.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// The folder of the workspace manifest.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// All files with this ending below a folder of the checkout, in order.
pub(crate) fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(&root().join(folder), ending, &mut found);
    found.sort();
    found
}

fn collect(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, ending, found);
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
}

/// A path as people write it, relative to the checkout.
pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// One package of the workspace.
pub(crate) struct Package {
    /// Folder relative to the checkout, for example `shared/data`.
    pub folder: String,
    pub name: String,
    pub bins: BTreeSet<String>,
    /// Names under `[dependencies]`.
    pub dependencies: BTreeSet<String>,
    /// The manifest as written.
    pub manifest: toml::Table,
}

/// All packages under `functions/` and `shared/`.
pub(crate) fn packages() -> Vec<Package> {
    let mut all = Vec::new();
    for area in ["functions", "shared"] {
        for entry in fs::read_dir(root().join(area)).unwrap() {
            let folder = entry.unwrap().path();
            let Ok(text) = fs::read_to_string(folder.join("Cargo.toml")) else { continue };
            all.push(package(&folder, &text));
        }
    }
    all.sort_by(|a, b| a.folder.cmp(&b.folder));
    assert!(all.len() > 10, "the workspace was not found");
    all
}

fn package(folder: &Path, text: &str) -> Package {
    let manifest: toml::Table = text.parse().unwrap();
    let names = |key: &str| {
        manifest.get(key).and_then(|t| t.as_table()).map(|t| t.keys().cloned().collect()).unwrap_or_default()
    };
    let bins = manifest.get("bin").and_then(|b| b.as_array()).into_iter().flatten();
    Package {
        folder: shown(folder),
        name: manifest["package"]["name"].as_str().unwrap().to_owned(),
        bins: bins.map(|bin| bin["name"].as_str().unwrap().to_owned()).collect(),
        dependencies: names("dependencies"),
        manifest,
    }
}

/// Every bin of the function crates: the list of Lambdas.
pub(crate) fn lambdas() -> BTreeSet<String> {
    packages().into_iter().flat_map(|p| p.bins).collect()
}
