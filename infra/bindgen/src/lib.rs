//! Stands in for bindgen in the one build that asks for it, that of `pg_query`: gives out the bindings that bindgen 0.66.1 made
//! from the header of `libpg_query` 18.1.0, so that a build needs a C compiler and nothing else. README.md says how to
//! make them anew.

use std::{fs, io, path::Path};

/// What bindgen made.
const BINDINGS: &str = include_str!("pg_query.bindings");

/// FNV-1a of the header that they were made from.
const HEADER: u64 = 0x26ff_b91b_61b0_c085;

/// Takes the calls that the build script of `pg_query` makes.
#[derive(Default)]
pub struct Builder {
    header: String,
}

/// Bindings to be written.
#[derive(Debug)]
pub struct Bindings;

impl Builder {
    /// Names the header.
    #[must_use]
    pub fn header(self, header: impl Into<String>) -> Self {
        Self { header: header.into() }
    }

    /// Checks that the header is the one that the bindings were made from.
    ///
    /// # Errors
    /// When it is another one: then they do not fit, and calls through them would be undefined.
    pub fn generate(self) -> Result<Bindings, String> {
        let header = fs::read(&self.header).map_err(|error| format!("{}: {error}", self.header))?;
        if fingerprint(&header) == HEADER {
            Ok(Bindings)
        } else {
            Err("pg_query has another header now: infra/bindgen/README.md says how to make its bindings anew".to_owned())
        }
    }
}

impl Bindings {
    /// # Errors
    /// When the file cannot be written.
    pub fn write_to_file(&self, path: impl AsRef<Path>) -> io::Result<()> {
        fs::write(path, BINDINGS)
    }
}

fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
