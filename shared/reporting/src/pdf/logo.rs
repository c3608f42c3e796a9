//! Logos: pictures of strangers, so they are decoded within limits or left out.

use std::io::Cursor;

use image::{DynamicImage, ImageError, ImageFormat, ImageReader, Limits};
use pdf_writer::{Filter, Ref};

use super::file::{PdfFile, deflated};
use crate::Error;

/// A logo is drawn four centimetres wide: more pixels are no sharper, and a bomb is made of them.
const SIDE_MAX: u32 = 6_000;
const BYTES_MAX: usize = 5 << 20;
/// What a decoder may take.
const MEMORY_MAX: u64 = 160 << 20;
/// What is kept of it: 300 dots an inch.
const KEPT: (u32, u32) = (900, 300);

/// A picture in the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Logo {
    pub(super) id: Ref,
    /// Width to height.
    pub(super) ratio: f32,
}

/// Why a report has no logo.
#[derive(Debug, thiserror::Error)]
pub(super) enum LogoFault {
    #[error("the logo is left out: it is larger than 5 MB or 6,000 pixels")]
    TooLarge,
    #[error("the logo is left out: it is no PNG or JPEG picture that can be read")]
    Unreadable,
}

impl LogoFault {
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "logo_too_large",
            Self::Unreadable => "logo_unreadable",
        }
    }
}

/// The pixels of a logo, no more of them than are drawn.
pub(super) fn read(bytes: &[u8]) -> Result<DynamicImage, LogoFault> {
    if bytes.len() > BYTES_MAX {
        return Err(LogoFault::TooLarge);
    }
    let reader =
        || ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| LogoFault::Unreadable);
    let mut reader_of_pixels = reader()?;
    if !matches!(reader_of_pixels.format(), Some(ImageFormat::Png | ImageFormat::Jpeg)) {
        return Err(LogoFault::Unreadable);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(MEMORY_MAX);
    limits.max_image_width = Some(SIDE_MAX);
    limits.max_image_height = Some(SIDE_MAX);
    reader_of_pixels.limits(limits);
    let picture = reader_of_pixels.decode().map_err(|error| match error {
        ImageError::Limits(_) => LogoFault::TooLarge,
        _ => LogoFault::Unreadable,
    })?;
    let is_large = picture.width() > KEPT.0 || picture.height() > KEPT.1;
    Ok(if is_large { picture.thumbnail(KEPT.0, KEPT.1) } else { picture })
}

/// Writes the picture, and what is transparent of it.
pub(super) fn write(file: &mut PdfFile, picture: &DynamicImage) -> Result<Logo, Error> {
    let id = file.allocate();
    let size = |side: u32| i32::try_from(side).unwrap_or(i32::MAX);
    let (width, height) = (size(picture.width()), size(picture.height()));
    let mask = if picture.color().has_alpha() {
        let mask = file.allocate();
        let alpha: Vec<u8> = picture.to_rgba8().pixels().map(|pixel| pixel.0[3]).collect();
        let bytes = deflated(&alpha)?;
        file.object(mask, |chunk| {
            let mut image = chunk.image_xobject(mask, &bytes);
            image.filter(Filter::FlateDecode);
            image.width(width).height(height).bits_per_component(8).color_space().device_gray();
        })?;
        Some(mask)
    } else {
        None
    };
    let bytes = deflated(&picture.to_rgb8())?;
    file.object(id, |chunk| {
        let mut image = chunk.image_xobject(id, &bytes);
        image.filter(Filter::FlateDecode);
        image.width(width).height(height).bits_per_component(8);
        image.color_space().device_rgb();
        if let Some(mask) = mask {
            image.s_mask(mask);
        }
    })?;
    Ok(Logo { id, ratio: width as f32 / height.max(1) as f32 })
}
