//! Lists the profiles in `vendors/`, so that a new vendor is a new file and nothing else.

use std::{env, error::Error, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    // Asked when it runs: two checkouts may share one target folder.
    let crate_ = env::var_os("CARGO_MANIFEST_DIR").ok_or("cargo sets CARGO_MANIFEST_DIR")?;
    let folder = Path::new(&crate_).join("vendors");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut profiles = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            profiles.push(format!("({name:?}, include_str!({:?}))", path.display().to_string()));
        }
    }
    profiles.sort();
    let out = env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    fs::write(Path::new(&out).join("shipped.rs"), format!("&[{}]", profiles.join(",\n")))?;
    Ok(())
}
