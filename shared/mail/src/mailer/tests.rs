use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpListener,
    task::JoinHandle,
};

use super::*;

/// What the server does once it has the whole mail.
#[derive(Clone, Copy)]
enum Then {
    Takes,
    /// Takes it and hangs up without a word.
    Drops,
    Answers(&'static str),
}

/// An SMTP server that takes one mail; its address, and in the end what it was told.
async fn server(then: Then) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://127.0.0.1:{}", listener.local_addr().unwrap().port());
    let talk = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let (reader, mut writer) = stream.into_split();
        let mut lines = BufReader::new(reader).lines();
        let (mut told, mut in_mail) = (Vec::new(), false);
        writer.write_all(b"220 test\r\n").await.unwrap();
        while let Ok(Some(line)) = lines.next_line().await {
            told.push(line.clone());
            let answer = match (in_mail, line.as_str()) {
                (true, ".") => match then {
                    Then::Takes => "250 queued-7\r\n",
                    Then::Drops => return told,
                    Then::Answers(answer) => answer,
                },
                (true, _) => continue,
                (false, "DATA") => {
                    in_mail = true;
                    "354 go on\r\n"
                }
                (false, "QUIT") => break,
                (false, line) if line.starts_with("EHLO") => "250 test\r\n",
                (false, _) => "250 ok\r\n",
            };
            in_mail &= line != ".";
            writer.write_all(answer.as_bytes()).await.unwrap();
        }
        told
    });
    (url, talk)
}

async fn send(url: &str) -> Result<String, Error> {
    let from: Mailbox = "Shelfline <reports@shelfline.example>".parse().unwrap();
    let tags = Tags { org: OrgId::new(), email: EmailId::new() };
    let mime = b"Subject: x\r\n\r\n.a line with a dot\r\nend\r\n".to_vec();
    Mailer::smtp(url).unwrap().send(tags, &from, &"ana@brand.example".parse().unwrap(), mime).await
}

#[tokio::test]
async fn a_mail_travels_by_smtp_whole_and_to_its_reader_alone() {
    let (url, talk) = server(Then::Takes).await;
    assert_eq!(send(&url).await.unwrap(), "queued-7");
    let told = talk.await.unwrap();
    assert!(told.iter().any(|line| line.starts_with("MAIL FROM:<reports@shelfline.example>")), "{told:?}");
    assert_eq!(told.iter().filter(|line| line.starts_with("RCPT")).count(), 1);
    // A line that begins with a dot is sent with two (RFC 5321, 4.5.2).
    assert!(told.iter().any(|line| line == "..a line with a dot"), "{told:?}");
}

#[tokio::test]
async fn a_server_that_takes_a_mail_and_hangs_up_leaves_it_open_what_became_of_it() {
    let (url, talk) = server(Then::Drops).await;
    let error = send(&url).await.unwrap_err();
    assert!(matches!(error, Error::Unanswered { .. }), "{error:?}");
    assert!(!error.is_permanent());
    assert!(talk.await.unwrap().iter().any(|line| line == "end"));
}

#[tokio::test]
async fn a_server_says_whether_another_try_can_help() {
    let (url, _talk) = server(Then::Answers("451 later\r\n")).await;
    assert!(matches!(send(&url).await.unwrap_err(), Error::Unavailable { .. }));
    let (url, _talk) = server(Then::Answers("550 no such reader\r\n")).await;
    assert!(matches!(send(&url).await.unwrap_err(), Error::Refused { .. }));
    for (answer, exists) in [
        ("550-5.1.1 The account that you tried\r\n550 5.1.1 to reach does not exist\r\n", false),
        ("556 5.1.10 null MX\r\n", false),
        ("550 5.7.1 relaying denied for 5.1.1\r\n", true),
        ("554 spam\r\n", true),
    ] {
        let (url, _talk) = server(Then::Answers(answer)).await;
        let error = send(&url).await.unwrap_err();
        assert_eq!(matches!(error, Error::Refused { .. }), exists, "{answer}: {error:?}");
        assert_eq!(
            matches!(&error, Error::NoReader { said } if said.starts_with("5.1.")),
            !exists,
            "{answer}: {error:?}"
        );
    }
    // Nobody listens: nothing has left.
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    assert!(matches!(send(&format!("smtp://{free}")).await.unwrap_err(), Error::Unavailable { .. }));
}

#[test]
fn mails_leave_this_machine_encrypted_or_not_at_all() {
    for url in [
        "smtp://mail.example",
        "smtp://user:pw@mail.example:25",
        "http://127.0.0.1:1",
        "",
        "smtp://127.0.0.1.evil.example:25",
    ] {
        let error = Mailer::smtp(url).unwrap_err();
        assert!(!format!("{error:?} {error}").contains("pw"), "{error:?}");
    }
    for url in ["smtps://user:pw@mail.example", "smtp://user:pw@mail.example:587?tls=required"] {
        assert!(!format!("{:?}", Mailer::smtp(url).unwrap()).contains("pw"));
    }
}

/// A service that speaks HTTP: it reads a whole request and answers with this, or hangs up.
async fn http(answer: Option<&'static str>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (reader, mut writer) = stream.into_split();
            let mut reader = BufReader::new(reader);
            let (mut line, mut length) = (String::new(), 0_usize);
            while reader.read_line(&mut line).await.is_ok_and(|read| read > 2) {
                if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                line.clear();
            }
            let mut body = vec![0; length];
            tokio::io::AsyncReadExt::read_exact(&mut reader, &mut body).await.unwrap();
            if let Some(answer) = answer {
                writer.write_all(answer.as_bytes()).await.unwrap();
            }
        }
    });
    url
}

async fn send_by_ses(endpoint: &str) -> Result<String, Error> {
    let config = SdkConfig::builder()
        .behavior_version(aws_config::BehaviorVersion::latest())
        .region(aws_config::Region::new("eu-central-1"))
        .endpoint_url(endpoint)
        .credentials_provider(aws_sdk_sesv2::config::SharedCredentialsProvider::new(
            aws_sdk_sesv2::config::Credentials::new("a", "b", None, None, "test"),
        ))
        .build();
    let from: Mailbox = "Shelfline <reports@shelfline.example>".parse().unwrap();
    let tags = Tags { org: OrgId::new(), email: EmailId::new() };
    Mailer::ses(&config, None).send(tags, &from, &"ana@brand.example".parse().unwrap(), b"x".to_vec()).await
}

#[tokio::test]
async fn ses_that_takes_a_mail_and_hangs_up_leaves_it_open_what_became_of_it() {
    let error = send_by_ses(&http(None).await).await.unwrap_err();
    assert!(matches!(error, Error::Unanswered { .. }), "{error:?}");
}

#[tokio::test]
async fn ses_says_whether_another_try_can_help() {
    let taken = "HTTP/1.1 200 OK\r\ncontent-length: 19\r\n\r\n{\"MessageId\":\"m-1\"}";
    assert_eq!(send_by_ses(&http(Some(taken)).await).await.unwrap(), "m-1");
    let refused = "HTTP/1.1 400 Bad\r\nx-amzn-errortype: MessageRejected\r\ncontent-length: 2\r\n\r\n{}";
    assert!(matches!(send_by_ses(&http(Some(refused)).await).await.unwrap_err(), Error::Refused { .. }));
    let busy =
        "HTTP/1.1 429 Slow\r\nx-amzn-errortype: TooManyRequestsException\r\ncontent-length: 2\r\n\r\n{}";
    assert!(matches!(send_by_ses(&http(Some(busy)).await).await.unwrap_err(), Error::Unavailable { .. }));
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    assert!(matches!(send_by_ses(&format!("http://{free}")).await.unwrap_err(), Error::Unavailable { .. }));
}
