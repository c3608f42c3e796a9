//! Mails with files: attached, linked to, or not sent at all.

use data::MailLink;
use mail_parser::{MessageParser, MimeHeaders as _};

use super::*;

impl Setting {
    fn report_mail(&self, format: &str, name: &str) -> Value {
        let id = EmailId::new();
        json!({
            "report_id": id, "title": "Sales summary", "period": "January 2026", "organization": "Acme", "schedule": null,
            "file": { "object_key": format!("reports/{}/{id}.{format}", self.org), "name": name, "format": format,
                "size_bytes": 5 },
            "corrected": false, "note": null, "error": null
        })
    }

    async fn store(&self, payload: &Value, bytes: Vec<u8>) {
        self.ctx.reports.put(payload["file"]["object_key"].as_str().unwrap(), bytes).await.unwrap();
    }

    async fn queue_report(&self, payload: &Value) -> EmailRequested {
        self.queue_kind(EmailType::ReportReady, "ana@brand.example", payload).await
    }
}

#[tokio::test]
async fn a_report_arrives_with_its_file_under_its_name() {
    for (format, media_type) in
        [("pdf", "pdf"), ("csv", "csv"), ("xlsx", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")]
    {
        let setting = setting().await;
        let content = "\u{feff}a;b\r\n1;é2\n";
        let name = format!("Übersicht Jänner 2026.{format}");
        let payload = setting.report_mail(format, &name);
        setting.store(&payload, content.as_bytes().to_vec()).await;
        let request = setting.queue_report(&payload).await;
        setting.deliver(request).await.unwrap();
        let mime = setting.mailer.sent().remove(0);
        let parsed = MessageParser::default().parse(&mime).unwrap();
        let file = parsed.attachment(0).unwrap();
        assert_eq!((file.attachment_name(), file.contents()), (Some(&*name), content.as_bytes()));
        assert_eq!(file.content_type().unwrap().subtype(), Some(media_type));
        assert_eq!(setting.log().await.size_bytes, Some(mime.len() as u64));
    }
}

#[tokio::test]
async fn a_file_one_byte_too_large_becomes_a_link_that_only_we_can_have_written() {
    for (format, most) in
        [("pdf", mail::MAX_PDF_BYTES), ("csv", mail::MAX_CSV_BYTES), ("xlsx", mail::MAX_XLSX_BYTES)]
    {
        let setting = setting().await;
        let fits = setting.report_mail(format, "a");
        setting.store(&fits, vec![b'x'; usize::try_from(most).unwrap()]).await;
        let request = setting.queue_report(&fits).await;
        setting.deliver(request).await.unwrap();
        let larger = setting.report_mail(format, "b");
        setting.store(&larger, vec![b'x'; usize::try_from(most + 1).unwrap()]).await;
        let request = setting.queue_report(&larger).await;
        setting.deliver(request).await.unwrap();

        let sent = setting.mailer.sent();
        let [attached, linked] =
            [&sent[0], &sent[1]].map(|mime| MessageParser::default().parse(mime).unwrap());
        assert_eq!(attached.attachment(0).unwrap().contents().len() as u64, most);
        assert_eq!(linked.attachment_count(), 0);
        let text = linked.body_text(0).unwrap();
        let token = text.split("/v1/mail-files/").nth(1).unwrap().split_whitespace().next().unwrap();
        let of_mail = setting.ctx.db.read_mail_token(MailLink::File, token);
        assert_eq!(of_mail, Some((setting.org, request.email_id)));
        assert_eq!(setting.ctx.db.read_mail_token(MailLink::Unsubscribe, token), None);
    }
}

#[tokio::test]
async fn a_report_without_its_file_is_a_failed_mail() {
    let foreign = format!("reports/{}/x.pdf", OrgId::new());
    for break_it in [
        &(|_: &mut Value| {}) as &dyn Fn(&mut Value),
        &|payload| payload["file"] = Value::Null,
        &|payload| payload["file"]["object_key"] = foreign.clone().into(),
        &|payload| payload["file"]["object_key"] = "exports/x.pdf".into(),
    ] {
        let setting = setting().await;
        let mut payload = setting.report_mail("pdf", "a.pdf");
        break_it(&mut payload);
        if let Some(key) = payload["file"]["object_key"].as_str().filter(|key| key.contains(&foreign)) {
            setting.ctx.reports.put(key, b"secret".to_vec()).await.unwrap();
        }
        let request = setting.queue_report(&payload).await;
        assert!(matches!(setting.deliver(request).await, Err(JobError::Permanent(_))));
        let log = setting.log().await;
        assert_eq!(
            (log.status, log.error.as_deref()),
            (EmailStatus::Failed, Some("there is no file to go with it"))
        );
        assert!(setting.mailer.sent().is_empty());
    }
}
