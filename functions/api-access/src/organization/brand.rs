//! How an organisation wants its reports to look.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use edge::FieldError;
use imagesize::ImageType;

/// A logo is drawn four centimetres wide.
const LOGO_BYTES_MAX: usize = 1 << 20;
const LOGO_SIDE_MAX: usize = 6_000;

/// A colour as it is kept: `#` and six capital hexadecimal digits.
pub(super) fn colour(text: &str) -> Result<String, FieldError> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6);
    match digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit())) {
        Some(digits) => Ok(format!("#{}", digits.to_ascii_uppercase())),
        None => Err(FieldError::new(
            "/brand_colour",
            "invalid",
            "A colour is # and six hexadecimal digits, for example #1D4E89.",
        )),
    }
}

/// The picture in a base64 text: what it begins with is looked at, its pixels are not.
pub(super) fn logo(text: &str) -> Result<Vec<u8>, FieldError> {
    let refused = |message: &'static str| FieldError::new("/brand_logo", "invalid", message);
    let bytes = STANDARD.decode(text).map_err(|_| refused("A logo is a PNG or JPEG picture in base64."))?;
    if bytes.len() > LOGO_BYTES_MAX {
        return Err(refused("A logo has at most 1 MB."));
    }
    if !matches!(imagesize::image_type(&bytes), Ok(ImageType::Png | ImageType::Jpeg)) {
        return Err(refused("A logo is a PNG or JPEG picture in base64."));
    }
    let size = imagesize::blob_size(&bytes).map_err(|_| refused("This picture is cut off or broken."))?;
    if size.width.max(size.height) > LOGO_SIDE_MAX || size.width.min(size.height) == 0 {
        return Err(refused("A logo has 1 to 6,000 pixels each way."));
    }
    Ok(bytes)
}
