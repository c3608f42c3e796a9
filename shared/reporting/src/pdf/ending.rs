//! What a PDF ends with: what it is called, its bookmarks, its structure, where its pages are.

use pdf_writer::{Finish as _, Name, Ref, TextStr};

use super::{PdfReport, file::PdfFile, heading::Bookmark};
use crate::{Error, document::Head, report::Finished};

const LANGUAGE: &str = "en-GB";

pub(super) fn finish(report: PdfReport) -> Result<Finished, Error> {
    let PdfReport { head, mut press, logo, warnings, .. } = report;
    // The cover was written last and is read first.
    let mut pages = press.done.clone();
    pages.rotate_right(1);
    let made = format!("{} UTC", head.made_at.format("%H:%M"));
    let words = format!("{} · {}, {made}", head.organization, head.locale.date(head.made_at.date_naive()));
    press.write_feet(&pages, &words)?;
    let mut file = press.file;
    let fonts = press.faces.write(&mut file)?;
    let resources = press.resources;
    file.small(resources, |chunk| {
        let mut dict = chunk.indirect(resources).dict();
        let mut faces = dict.insert(Name(b"Font")).dict();
        for (name, font) in &fonts {
            faces.pair(Name(name.as_bytes()), *font);
        }
        faces.finish();
        if let Some(logo) = logo {
            dict.insert(Name(b"XObject")).dict().pair(Name(b"Logo"), logo.id);
        }
    })?;
    let root = press.pages;
    file.small(root, |chunk| {
        let count = i32::try_from(pages.len()).unwrap_or(i32::MAX);
        chunk.pages(root).kids(pages.iter().map(|page| page.id)).count(count);
    })?;
    let structure = press.tags.finish(&mut file)?;
    let outline = outline(&mut file, &press.bookmarks)?;
    let (info, metadata, catalog) = (file.allocate(), file.allocate(), file.allocate());
    let title = title_of(&head);
    file.small(info, |chunk| {
        let mut dict = chunk.indirect(info).dict();
        dict.pair(Name(b"Title"), TextStr(&title)).pair(Name(b"Author"), TextStr(&head.organization));
        dict.pair(Name(b"Producer"), TextStr("Shelfline")).pair(Name(b"Creator"), TextStr("Shelfline"));
        let date = head.made_at.format("D:%Y%m%d%H%M%SZ").to_string();
        dict.pair(Name(b"CreationDate"), pdf_writer::Str(date.as_bytes()));
    })?;
    let xmp = metadata_of(&head, &title);
    file.object(metadata, |chunk| {
        chunk.metadata(metadata, xmp.as_bytes()).finish();
    })?;
    file.small(catalog, |chunk| {
        let mut dict = chunk.indirect(catalog).dict();
        dict.pair(Name(b"Type"), Name(b"Catalog")).pair(Name(b"Pages"), root);
        dict.pair(Name(b"Lang"), TextStr(LANGUAGE)).pair(Name(b"Metadata"), metadata);
        dict.pair(Name(b"StructTreeRoot"), structure);
        dict.insert(Name(b"MarkInfo")).dict().pair(Name(b"Marked"), true);
        dict.insert(Name(b"ViewerPreferences")).dict().pair(Name(b"DisplayDocTitle"), true);
        if let Some(outline) = outline {
            dict.pair(Name(b"Outlines"), outline).pair(Name(b"PageMode"), Name(b"UseOutlines"));
        }
    })?;
    let (file, size_bytes) = file.finish(catalog, info)?;
    Ok(Finished { file, size_bytes, pages: u32::try_from(pages.len()).ok(), warnings })
}

fn title_of(head: &Head) -> String {
    super::text::printable(&format!("{}, {}, {}", head.title, head.period, head.organization))
}

/// The sections.
fn outline(file: &mut PdfFile, bookmarks: &[Bookmark]) -> Result<Option<Ref>, Error> {
    if bookmarks.is_empty() {
        return Ok(None);
    }
    let root = file.allocate();
    let ids: Vec<Ref> = bookmarks.iter().map(|_| file.allocate()).collect();
    for (place, (bookmark, id)) in bookmarks.iter().zip(&ids).enumerate() {
        let before = place.checked_sub(1).and_then(|before| ids.get(before));
        let after = ids.get(place + 1);
        file.small(*id, |chunk| {
            let mut item = chunk.outline_item(*id);
            item.title(TextStr(&bookmark.title)).parent(root);
            if let Some(before) = before {
                item.prev(*before);
            }
            if let Some(after) = after {
                item.next(*after);
            }
            item.dest().page(bookmark.id).xyz(0.0, bookmark.y, None);
        })?;
    }
    file.small(root, |chunk| {
        let mut outline = chunk.outline(root);
        if let (Some(first), Some(last)) = (ids.first(), ids.last()) {
            outline.first(*first).last(*last).count(i32::try_from(ids.len()).unwrap_or(i32::MAX));
        }
    })?;
    Ok(Some(root))
}

/// What programs that keep documents read, and those that check whether a document is accessible.
fn metadata_of(head: &Head, title: &str) -> String {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let made = head.made_at.format("%Y-%m-%dT%H:%M:%SZ");
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" xmlns:pdfuaid=\"http://www.aiim.org/pdfua/ns/id/\">\
         <dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{}</rdf:li></rdf:Alt></dc:title>\
         <dc:creator><rdf:Seq><rdf:li>{}</rdf:li></rdf:Seq></dc:creator>\
         <dc:language><rdf:Bag><rdf:li>{LANGUAGE}</rdf:li></rdf:Bag></dc:language>\
         <xmp:CreateDate>{made}</xmp:CreateDate><pdfuaid:part>1</pdfuaid:part>\
         </rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end=\"r\"?>",
        escaped(title),
        escaped(&super::text::printable(&head.organization)),
    )
}
