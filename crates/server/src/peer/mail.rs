//! Telling people by e-mail: that something waits, and nothing about what.
//!
//! A message says how many things wait and to sign in; it names nobody, holds no reference and no link, so that it can
//! be read on any screen and forwarded by any rule (practice.md R3).

use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message as Mail};
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use node::app::deliver::{Channel, Delivery, Message, NotDelivered};

use crate::i18n::{TextError, Texts};

/// How long the gateway may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Why mail cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The gateway's address.
    #[error(
        "the mail gateway's address cannot be used: give smtps://user:password@host, or smtp://host?tls=required"
    )]
    Gateway,
    /// The sender's address.
    #[error("the sender of messages is not an e-mail address")]
    Sender,
    /// The certificate of whoever vouches for the gateway.
    #[error("the certificate that vouches for the mail gateway cannot be used: give a PEM file")]
    Certificate,
    /// The words.
    #[error(transparent)]
    Words(#[from] TextError),
    /// The folder.
    #[error("messages cannot be written into {path}: {source}")]
    Folder {
        /// Which.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
}

fn words(t: &Texts, count: u32) -> (String, String) {
    let text = t.msg("mail-body").n("count", count.max(1)).text();
    (t.get("mail-subject"), format!("{text}\r\n"))
}

fn mail(t: &Texts, from: &Mailbox, message: &Message) -> Result<Mail, NotDelivered> {
    let to = message.to.parse::<Mailbox>();
    let to = to.map_err(|_| NotDelivered("the post's address is not an e-mail address".to_owned()))?;
    let (subject, body) = words(t, message.count);
    let mail = Mail::builder()
        .from(from.clone())
        .to(to)
        .subject(subject)
        .header(ContentType::TEXT_PLAIN)
        .body(body);
    mail.map_err(|_| NotDelivered("the message could not be put together".to_owned()))
}

/// E-mail by a gateway that speaks SMTP.
pub struct Smtp {
    words: Texts,
    from: Mailbox,
    gateway: AsyncSmtpTransport<Tokio1Executor>,
}

impl Smtp {
    /// Mail from `from` by the gateway at `url` (`smtps://user:password@host`). Nothing is sent yet.
    ///
    /// # Errors
    /// When either is not an address, or the gateway is elsewhere and its address does not ask for TLS.
    pub fn new(url: &str, from: &str) -> Result<Self, MailError> {
        Self::vouched(url, from, None)
    }

    /// The same, by a gateway whose certificate may also be vouched for by `pem`, besides the usual authorities: an
    /// agency's own.
    ///
    /// # Errors
    /// As [`Smtp::new`]; when `pem` is not a certificate, or the address does not ask for TLS.
    pub fn vouched(url: &str, from: &str, pem: Option<&[u8]>) -> Result<Self, MailError> {
        let local = ["smtp://localhost", "smtp://127.0.0.1", "smtp://[::1]"];
        let plain = url.starts_with("smtp://") && !url.contains("tls=required");
        if plain && (pem.is_some() || !local.iter().any(|host| url.starts_with(host))) {
            return Err(MailError::Gateway);
        }
        let mut gateway =
            AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| MailError::Gateway)?;
        if let Some(pem) = pem {
            let host = host(url).ok_or(MailError::Gateway)?;
            // The library reads a file that holds no certificate as none to add, which would go unnoticed.
            if !String::from_utf8_lossy(pem).contains("BEGIN CERTIFICATE") {
                return Err(MailError::Certificate);
            }
            let certificate = Certificate::from_pem(pem).map_err(|_| MailError::Certificate)?;
            let tls = TlsParameters::builder(host)
                .add_root_certificate(certificate)
                .build();
            let tls = tls.map_err(|_| MailError::Certificate)?;
            gateway = gateway.tls(if url.starts_with("smtps://") {
                Tls::Wrapper(tls)
            } else {
                Tls::Required(tls)
            });
        }
        Ok(Self {
            words: Texts::english()?,
            from: from.parse().map_err(|_| MailError::Sender)?,
            gateway: gateway.timeout(Some(PATIENCE)).build(),
        })
    }
}

/// The host in a gateway's address: its certificate must name it.
fn host(url: &str) -> Option<String> {
    let uri = url.parse::<axum::http::Uri>().ok()?;
    uri.host().map(|host| host.trim_matches(['[', ']']).to_owned())
}

impl Channel for Smtp {
    fn name(&self) -> &str {
        "email"
    }

    fn send<'a>(&'a self, message: &'a Message) -> Delivery<'a> {
        Box::pin(async move {
            let sent = self.gateway.send(mail(&self.words, &self.from, message)?).await;
            // What the gateway said may hold the address: only whether it will ever take the message is kept.
            sent.map(drop).map_err(|error| {
                let why = if error.is_permanent() {
                    "the gateway refused it"
                } else if error.is_timeout() {
                    "the gateway did not answer in time"
                } else {
                    "the gateway could not be reached or would not take it now"
                };
                NotDelivered(why.to_owned())
            })
        })
    }
}

/// E-mail into a folder, one `.eml` file a message: for a trial, and where another program sends.
pub struct Folder {
    words: Texts,
    from: Mailbox,
    directory: PathBuf,
}

impl Folder {
    /// Mail from `from` into `directory`, which is made.
    ///
    /// # Errors
    /// When it cannot be made or the sender is not an address.
    pub fn new(directory: &Path, from: &str) -> Result<Self, MailError> {
        std::fs::create_dir_all(directory).map_err(|source| MailError::Folder {
            path: directory.to_path_buf(),
            source,
        })?;
        Ok(Self {
            words: Texts::english()?,
            from: from.parse().map_err(|_| MailError::Sender)?,
            directory: directory.to_path_buf(),
        })
    }

    /// Writes under a name that is not yet taken: complete before it has it.
    async fn write(&self, bytes: Vec<u8>) -> std::io::Result<()> {
        for number in 0_u32.. {
            let file = self.directory.join(format!("{number:06}.eml"));
            let opened = tokio::fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(&file)
                .await;
            match opened {
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
                Ok(_) => return tokio::fs::write(&file, bytes).await,
            }
        }
        Err(std::io::Error::other("the folder is full"))
    }
}

impl Channel for Folder {
    fn name(&self) -> &str {
        "email"
    }

    fn send<'a>(&'a self, message: &'a Message) -> Delivery<'a> {
        Box::pin(async move {
            let bytes = mail(&self.words, &self.from, message)?.formatted();
            let written = self.write(bytes).await;
            written.map_err(|_| NotDelivered("the folder could not be written".to_owned()))
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[tokio::test]
    async fn a_message_says_that_something_waits_and_no_more() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::new(&home.path().join("mail"), "daylight@northmere.example").unwrap();
        for count in [1, 3] {
            let to = "r.achebe@northmere.example".to_owned();
            folder.send(&Message { to, count }).await.unwrap();
        }
        let read = |name: &str| std::fs::read_to_string(home.path().join("mail").join(name)).unwrap();
        let (one, two) = (read("000000.eml"), read("000001.eml"));
        let body = |text: &str| {
            text.split_once("\r\n\r\n")
                .map(|(_, body)| body.trim().to_owned())
                .unwrap()
        };
        assert_eq!(
            body(&one),
            "There is something for you in Daylight. Sign in to see."
        );
        assert_eq!(
            body(&two),
            "There are 3 things for you in Daylight. Sign in to see."
        );
        assert!(one.contains("To: r.achebe@northmere.example") && !one.contains("http"));
    }

    #[tokio::test]
    async fn an_address_that_is_none_fails_at_once() {
        let home = tempfile::tempdir().unwrap();
        let folder = Folder::new(home.path(), "daylight@northmere.example").unwrap();
        let message = Message {
            to: "nobody\r\nBcc: all".to_owned(),
            count: 1,
        };
        assert!(folder.send(&message).await.is_err());
        assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_gateway_elsewhere_must_be_reached_over_tls() {
        let from = "daylight@northmere.example";
        assert!(Smtp::new("smtp://mail.northmere.example", from).is_err());
        assert!(Smtp::new("smtp://mail.northmere.example?tls=required", from).is_ok());
        assert!(Smtp::new("smtps://mail.northmere.example", from).is_ok());
        assert!(Smtp::new("smtp://127.0.0.1:2525", from).is_ok());
        assert!(Smtp::new("smtps://mail.northmere.example", "nobody").is_err());
        assert!(Smtp::new("http://mail.northmere.example", from).is_err());
    }
}
