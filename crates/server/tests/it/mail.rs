//! Mail through a gateway that speaks SMTP, in the clear on this machine and under TLS, and what is not sent at all.

use std::sync::{Arc, Mutex};

use node::app::deliver::{Channel, Message, NotDelivered};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use server::peer::mail::Smtp;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

const FROM: &str = "daylight@northmere.example";
const TO: &str = "r.achebe@northmere.example";

/// How the gateway behaves.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Speaks {
    /// In the clear.
    Clear,
    /// Offers STARTTLS.
    StartTls,
    /// TLS from the first byte.
    Tls,
    /// In the clear, and refuses whoever the message is for.
    Refuses,
}

/// What the gateway heard: each line, with whether it came under TLS.
type Heard = Arc<Mutex<Vec<(bool, String)>>>;

struct Gateway {
    port: u16,
    certificate: String,
    heard: Heard,
}

impl Gateway {
    async fn new(speaks: Speaks) -> Self {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Heard::default();
        let hears = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(answer(socket, acceptor.clone(), speaks, Arc::clone(&hears)));
            }
        });
        Self {
            port,
            certificate: made.cert.pem(),
            heard,
        }
    }

    fn lines(&self) -> Vec<(bool, String)> {
        self.heard.lock().unwrap().clone()
    }

    fn heard(&self, start: &str) -> Option<bool> {
        self.lines()
            .iter()
            .find(|(_, line)| line.starts_with(start))
            .map(|(tls, _)| *tls)
    }
}

async fn answer(socket: TcpStream, acceptor: TlsAcceptor, speaks: Speaks, heard: Heard) -> Option<()> {
    if speaks == Speaks::Tls {
        return talk(acceptor.accept(socket).await.ok()?, speaks, &heard, true, true)
            .await
            .map(drop);
    }
    let socket = talk(socket, speaks, &heard, false, true).await?;
    talk(acceptor.accept(socket).await.ok()?, speaks, &heard, true, false)
        .await
        .map(drop)
}

/// One conversation; gives the stream back when TLS is to begin on it.
async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    speaks: Speaks,
    heard: &Heard,
    tls: bool,
    greet: bool,
) -> Option<S> {
    let mut stream = BufReader::new(stream);
    if greet {
        stream.write_all(b"220 gateway\r\n").await.ok()?;
    }
    let mut text = false;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let line = line.trim_end().to_owned();
        heard.lock().unwrap().push((tls, line.clone()));
        let said = match line.split(' ').next().unwrap_or_default() {
            _ if text && line != "." => continue,
            "." => {
                text = false;
                "250 taken"
            }
            "EHLO" if speaks == Speaks::StartTls && !tls => "250-gateway\r\n250 STARTTLS",
            "EHLO" => "250 gateway",
            "STARTTLS" => {
                stream.write_all(b"220 begin\r\n").await.ok()?;
                return Some(stream.into_inner());
            }
            "RCPT" if speaks == Speaks::Refuses => "550 nobody called r.achebe here",
            "DATA" => {
                text = true;
                "354 go on"
            }
            _ => "250 ok",
        };
        stream.write_all(format!("{said}\r\n").as_bytes()).await.ok()?;
    }
}

async fn send(url: &str, pem: Option<&str>) -> Result<(), NotDelivered> {
    let smtp = Smtp::vouched(url, FROM, pem.map(str::as_bytes)).unwrap();
    let to = TO.to_owned();
    smtp.send(&Message { to, count: 2 }).await
}

#[tokio::test]
async fn mail_goes_through_a_gateway_on_this_machine() {
    let gateway = Gateway::new(Speaks::Clear).await;
    send(&format!("smtp://127.0.0.1:{}", gateway.port), None)
        .await
        .unwrap();
    let lines: Vec<String> = gateway.lines().into_iter().map(|(_, line)| line).collect();
    for wanted in [
        format!("MAIL FROM:<{FROM}>"),
        format!("RCPT TO:<{TO}>"),
        "Subject: Something is waiting for you".to_owned(),
        "There are 2 things for you in Daylight. Sign in to see.".to_owned(),
    ] {
        assert!(lines.contains(&wanted), "{wanted}: {lines:?}");
    }
}

#[tokio::test]
async fn a_gateway_with_a_certificate_of_the_agencys_own_hears_it_under_tls() {
    for (speaks, scheme, tail) in [
        (Speaks::StartTls, "smtp", "?tls=required"),
        (Speaks::Tls, "smtps", ""),
    ] {
        let gateway = Gateway::new(speaks).await;
        let url = format!("{scheme}://localhost:{}{tail}", gateway.port);
        send(&url, Some(&gateway.certificate)).await.unwrap();
        assert_eq!(gateway.heard("MAIL"), Some(true), "{scheme}");
        assert_eq!(gateway.heard("There are 2"), Some(true), "{scheme}");
    }
}

#[tokio::test]
async fn nothing_is_said_to_a_gateway_that_nobody_vouches_for_or_that_has_no_tls() {
    for (speaks, scheme, tail) in [
        (Speaks::StartTls, "smtp", "?tls=required"),
        (Speaks::Tls, "smtps", ""),
        (Speaks::Clear, "smtp", "?tls=required"),
    ] {
        let gateway = Gateway::new(speaks).await;
        let url = format!("{scheme}://localhost:{}{tail}", gateway.port);
        assert!(send(&url, None).await.is_err(), "{scheme}");
        assert_eq!(
            (gateway.heard("MAIL"), gateway.heard("RCPT")),
            (None, None),
            "{scheme}"
        );
    }
    let other = Gateway::new(Speaks::Clear).await.certificate;
    let gateway = Gateway::new(Speaks::Tls).await;
    let url = format!("smtps://localhost:{}", gateway.port);
    assert!(
        send(&url, Some(&other)).await.is_err(),
        "vouched for by somebody else"
    );
    assert_eq!(gateway.heard("MAIL"), None);
}

#[tokio::test]
async fn what_a_gateway_says_of_a_person_is_not_repeated() {
    let gateway = Gateway::new(Speaks::Refuses).await;
    let refused = send(&format!("smtp://127.0.0.1:{}", gateway.port), None).await;
    assert_eq!(refused, Err(NotDelivered("the gateway refused it".to_owned())));
}

#[test]
fn a_certificate_is_of_no_use_without_tls() {
    assert!(Smtp::vouched("smtp://127.0.0.1:25", FROM, Some(b"x")).is_err());
    assert!(Smtp::vouched("smtps://mail.northmere.example", FROM, Some(b"not a certificate")).is_err());
}
