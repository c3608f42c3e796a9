//! The bytes of a PDF: objects as they come, small ones packed, then where each of them lies.
//!
//! A table of tens of thousands of cells is as many structure elements. Object streams keep them at a few bytes each, and what is
//! written leaves memory.

use std::{
    fs::File,
    io::{BufWriter, Seek as _, Write as _},
};

use flate2::{Compression, write::ZlibEncoder};
use pdf_writer::{Chunk, Ref};

use crate::Error;

/// Packed objects are compressed together; many of them compress better, few are found faster by readers.
const PACKED_BYTES: usize = 96 << 10;

/// Where an object lies.
#[derive(Clone, Copy, Default)]
enum Place {
    /// Allocated, and not written.
    #[default]
    Nowhere,
    Offset(u32),
    Packed {
        stream: u32,
        index: u16,
    },
}

pub(super) struct PdfFile {
    out: BufWriter<File>,
    position: u64,
    /// By number, from zero.
    places: Vec<Place>,
    packed: Packed,
}

/// Objects that will be one stream.
#[derive(Default)]
struct Packed {
    bytes: Vec<u8>,
    /// Number and offset of each.
    objects: Vec<(i32, usize)>,
}

impl PdfFile {
    pub(super) fn new() -> Result<Self, Error> {
        let file = tempfile::tempfile().map_err(Error::Disk)?;
        let mut file = Self {
            out: BufWriter::with_capacity(64 << 10, file),
            position: 0,
            places: vec![Place::Nowhere],
            packed: Packed::default(),
        };
        // The bytes beyond ASCII tell programs that carry files about that this one is no text.
        file.put(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")?;
        Ok(file)
    }

    /// A number for an object that is written later.
    pub(super) fn allocate(&mut self) -> Ref {
        self.places.push(Place::Nowhere);
        Ref::new(i32::try_from(self.places.len() - 1).unwrap_or(i32::MAX))
    }

    /// Writes an object that is or has a stream.
    pub(super) fn object(&mut self, id: Ref, write: impl FnOnce(&mut Chunk)) -> Result<(), Error> {
        let mut chunk = Chunk::new();
        write(&mut chunk);
        self.settle(id, Place::Offset(u32::try_from(self.position).map_err(|_| Error::TooLarge)?));
        self.put(chunk.as_bytes())
    }

    /// Writes an object without a stream.
    pub(super) fn small(&mut self, id: Ref, write: impl FnOnce(&mut Chunk)) -> Result<(), Error> {
        let mut chunk = Chunk::new();
        write(&mut chunk);
        let bytes = chunk.as_bytes();
        let start = bytes.windows(4).position(|window| window == b"obj\n").map_or(0, |at| at + 4);
        let end = bytes.windows(6).rposition(|window| window == b"endobj").unwrap_or(bytes.len());
        self.pack(id, bytes.get(start..end).unwrap_or_default())
    }

    /// Writes an object without a stream that somebody has put into words already.
    pub(super) fn pack(&mut self, id: Ref, words: &[u8]) -> Result<(), Error> {
        self.packed.objects.push((id.get(), self.packed.bytes.len()));
        self.packed.bytes.extend_from_slice(words);
        self.packed.bytes.push(b'\n');
        if self.packed.bytes.len() >= PACKED_BYTES { self.flush_packed() } else { Ok(()) }
    }

    fn flush_packed(&mut self) -> Result<(), Error> {
        let packed = std::mem::take(&mut self.packed);
        if packed.objects.is_empty() {
            return Ok(());
        }
        let stream = self.allocate();
        let mut body = Vec::with_capacity(packed.bytes.len() + packed.objects.len() * 12);
        for (index, (number, offset)) in packed.objects.iter().enumerate() {
            let index = u16::try_from(index).unwrap_or(u16::MAX);
            self.settle(Ref::new(*number), Place::Packed { stream: stream.get().unsigned_abs(), index });
            write!(body, "{number} {offset} ").map_err(Error::Disk)?;
        }
        let first = body.len();
        body.extend_from_slice(&packed.bytes);
        let body = deflated(&body)?;
        let count = packed.objects.len();
        self.begin(stream)?;
        let head = format!(
            "<</Type/ObjStm/N {count}/First {first}/Filter/FlateDecode/Length {}>>\nstream\n",
            body.len()
        );
        self.put(head.as_bytes())?;
        self.put(&body)?;
        self.put(b"\nendstream\nendobj\n")
    }

    fn begin(&mut self, id: Ref) -> Result<(), Error> {
        self.settle(id, Place::Offset(u32::try_from(self.position).map_err(|_| Error::TooLarge)?));
        self.put(format!("{} 0 obj\n", id.get()).as_bytes())
    }

    fn settle(&mut self, id: Ref, place: Place) {
        if let Some(known) = self.places.get_mut(id.get().unsigned_abs() as usize) {
            *known = place;
        }
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.out.write_all(bytes).map_err(Error::Disk)?;
        self.position += bytes.len() as u64;
        Ok(())
    }

    /// Writes where everything lies; the file from its beginning, and how long it is.
    pub(super) fn finish(mut self, catalog: Ref, info: Ref) -> Result<(File, u64), Error> {
        self.flush_packed()?;
        let id = self.allocate();
        let start = self.position;
        self.begin(id)?;
        let table = self.cross_references()?;
        // The same report has the same name: nothing of it is random.
        let name = format!("<{:016x}{:016x}>", start, self.places.len());
        let head = format!(
            "<</Type/XRef/Size {}/W[1 4 2]/Root {} 0 R/Info {} 0 R/ID[{name}{name}]/Filter/FlateDecode\
             /DecodeParms<</Predictor 12/Columns 7>>/Length {}>>\nstream\n",
            self.places.len(),
            catalog.get(),
            info.get(),
            table.len()
        );
        self.put(head.as_bytes())?;
        self.put(&table)?;
        self.put(format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").as_bytes())?;
        let mut file = self.out.into_inner().map_err(|error| Error::Disk(error.into_error()))?;
        file.rewind().map_err(Error::Disk)?;
        Ok((file, self.position))
    }

    /// A row an object, each as its difference from the one above: they differ by little.
    fn cross_references(&self) -> Result<Vec<u8>, Error> {
        let mut rows = Vec::with_capacity(self.places.len() * 8);
        let mut above = [0_u8; 7];
        for place in &self.places {
            let (kind, where_, index) = match *place {
                Place::Nowhere => (0, 0, u16::MAX),
                Place::Offset(offset) => (1, offset, 0),
                Place::Packed { stream, index } => (2, stream, index),
            };
            let mut row = [0; 7];
            row[0] = kind;
            row[1..5].copy_from_slice(&where_.to_be_bytes());
            row[5..].copy_from_slice(&index.to_be_bytes());
            rows.push(2);
            rows.extend(row.iter().zip(above).map(|(new, old)| new.wrapping_sub(old)));
            above = row;
        }
        deflated(&rows)
    }
}

/// As a stream of a PDF is compressed.
pub(super) fn deflated(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut encoder = ZlibEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::new(5));
    encoder.write_all(bytes).map_err(Error::Disk)?;
    encoder.finish().map_err(Error::Disk)
}
