//! A reader that stops when one item of a stream grows too long.

use std::io::{self, BufRead, Read};

/// Counts bytes since the last [`Metered::item_done`] and fails beyond a cap: a parser that buffers one item (an
/// XML node) then never buffers more than that.
pub(super) struct Metered<R> {
    inner: R,
    since_item: usize,
    cap: usize,
}

impl<R> Metered<R> {
    pub(super) fn new(inner: R, cap: usize) -> Self {
        Self { inner, since_item: 0, cap }
    }

    pub(super) fn item_done(&mut self) {
        self.since_item = 0;
    }

    fn check(&self) -> io::Result<()> {
        if self.since_item > self.cap {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "one item is longer than the limit"));
        }
        Ok(())
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.check()?;
        let count = self.inner.read(buffer)?;
        self.since_item += count;
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Metered<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.check()?;
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.since_item += count;
        self.inner.consume(count);
    }
}
