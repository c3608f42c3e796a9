//! Text in any encoding as UTF-8, block by block.

use std::io::{self, Read};

use encoding_rs::{Decoder, Encoding};

const BLOCK_BYTES: usize = 64 * 1024;

/// Decodes while reading; what is not valid becomes a replacement character.
pub(super) struct Decoded<R> {
    source: R,
    decoder: Decoder,
    raw: Vec<u8>,
    text: String,
    /// How much of the text was taken.
    at: usize,
    ended: bool,
    damaged: bool,
}

impl<R: Read> Decoded<R> {
    pub(super) fn new(source: R, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_with_bom_removal();
        Self {
            source,
            decoder,
            raw: vec![0; BLOCK_BYTES],
            text: String::new(),
            at: 0,
            ended: false,
            damaged: false,
        }
    }

    /// What was decoded and not taken yet.
    pub(super) fn text(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Takes whole characters from the beginning of the text.
    pub(super) fn take(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// Whether something was not valid so far.
    pub(super) fn is_damaged(&self) -> bool {
        self.damaged
    }

    /// Decodes the next block behind the text; `false` at the end of the source.
    pub(super) fn more(&mut self) -> io::Result<bool> {
        if self.ended {
            return Ok(false);
        }
        let count = loop {
            match self.source.read(&mut self.raw) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                outcome => break outcome?,
            }
        };
        self.ended = count == 0;
        self.text.drain(..self.at);
        self.at = 0;
        let raw = self.raw.get(..count).unwrap_or_default();
        // With this much room the decoder takes all.
        self.text.reserve(self.decoder.max_utf8_buffer_length(count).unwrap_or(0));
        let (_, _, replaced) = self.decoder.decode_to_string(raw, &mut self.text, self.ended);
        self.damaged |= replaced;
        Ok(true)
    }
}
