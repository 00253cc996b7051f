//! Asking a witness to sign our head (C2SP `tlog-witness`), over HTTP on this machine or HTTPS elsewhere.
//!
//! The address comes from the operator and from nowhere else, and nothing is followed anywhere (peers.md V6): one
//! request, one bounded answer, one connection.

use std::sync::Arc;
use std::time::Duration;

use node::app::witnessing::{Answered, VerifierKey, Witness};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// How long a witness may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// The largest answer taken, in bytes: a handful of signature lines.
const MOST: u64 = 64 * 1024;

/// The address of a witness is not one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("a witness is reached at https://host[:port][/path], or at http:// on this machine")]
pub struct NotAnAddress;

/// Where something is reached.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Address {
    tls: bool,
    host: String,
    port: u16,
    path: String,
}

impl Address {
    fn read(url: &str) -> Result<Self, NotAnAddress> {
        let (tls, rest) = match url.split_once("://") {
            Some(("https", rest)) => (true, rest),
            Some(("http", rest)) => (false, rest),
            _ => return Err(NotAnAddress),
        };
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) => (host, port.parse().map_err(|_| NotAnAddress)?),
            None => (authority, if tls { 443 } else { 80 }),
        };
        let plain = |text: &str| {
            text.bytes()
                .all(|b| b.is_ascii_graphic() && !b"@?#%\\".contains(&b))
        };
        let local = ["127.0.0.1", "localhost"].contains(&host);
        if host.is_empty() || !plain(host) || !plain(path) || !(tls || local) {
            return Err(NotAnAddress);
        }
        let path = format!("/{}", path.trim_end_matches('/'));
        Ok(Self {
            tls,
            host: host.to_owned(),
            port,
            path: path.trim_end_matches('/').to_owned(),
        })
    }
}

/// A witness reached over HTTP.
pub struct Remote {
    key: VerifierKey,
    address: Address,
    tls: TlsConnector,
}

impl Remote {
    /// The witness with this key at this address.
    ///
    /// # Errors
    /// When the address is not one, or is not on this machine and not HTTPS.
    pub fn new(key: VerifierKey, url: &str) -> Result<Self, NotAnAddress> {
        let roots = rustls::RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        };
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|_| NotAnAddress)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self {
            key,
            address: Address::read(url)?,
            tls: TlsConnector::from(Arc::new(config)),
        })
    }

    async fn ask(&self, body: &[u8]) -> std::io::Result<(u16, Vec<u8>)> {
        let Address {
            tls,
            host,
            port,
            path,
        } = &self.address;
        let stream = TcpStream::connect((host.as_str(), *port)).await?;
        let head = format!(
            "POST {path}/add-checkpoint HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: text/plain\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        if *tls {
            let name = ServerName::try_from(host.clone()).map_err(std::io::Error::other)?;
            exchange(self.tls.connect(name, stream).await?, &head, body).await
        } else {
            exchange(stream, &head, body).await
        }
    }
}

/// Sends a request and reads the answer to its end.
async fn exchange(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    head: &str,
    body: &[u8],
) -> std::io::Result<(u16, Vec<u8>)> {
    stream.write_all(&[head.as_bytes(), body].concat()).await?;
    stream.flush().await?;
    let mut bytes = Vec::new();
    stream.take(MOST).read_to_end(&mut bytes).await?;
    parse(&bytes).ok_or_else(|| std::io::Error::other("the answer is not HTTP"))
}

/// Status and body of an HTTP/1.1 answer whose connection was closed after it.
pub fn parse(bytes: &[u8]) -> Option<(u16, Vec<u8>)> {
    let end = bytes.windows(4).position(|w| w == b"\r\n\r\n")?;
    let head = std::str::from_utf8(bytes.get(..end)?).ok()?;
    let body = bytes.get(end.checked_add(4)?..)?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.strip_prefix("HTTP/1.")?.split(' ').nth(1)?;
    let status = status.parse().ok().filter(|_| status.len() == 3)?;
    let mut headers = lines.filter_map(|line| line.split_once(':'));
    let chunked = headers.any(|(name, value)| {
        name.eq_ignore_ascii_case("transfer-encoding") && value.trim().eq_ignore_ascii_case("chunked")
    });
    let body = if chunked { unchunk(body)? } else { body.to_vec() };
    Some((status, body))
}

/// The body that chunks make up; `None` when they are cut short or not chunks.
fn unchunk(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    loop {
        let end = rest.windows(2).position(|w| w == b"\r\n")?;
        let size = std::str::from_utf8(rest.get(..end)?).ok()?;
        let size = usize::from_str_radix(size.split(';').next()?.trim(), 16).ok()?;
        rest = rest.get(end.checked_add(2)?..)?;
        if size == 0 {
            return Some(out);
        }
        out.extend_from_slice(rest.get(..size)?);
        rest = rest.get(size..)?.strip_prefix(b"\r\n")?;
    }
}

impl Witness for Remote {
    fn key(&self) -> &VerifierKey {
        &self.key
    }

    fn add_checkpoint(&self, body: Vec<u8>) -> Answered<'_> {
        Box::pin(async move {
            match tokio::time::timeout(PATIENCE, self.ask(&body)).await {
                Ok(Ok(answered)) => Ok(answered),
                Ok(Err(error)) => Err(error.to_string()),
                Err(_) => Err("it did not answer in time".to_owned()),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn addresses_elsewhere_need_tls() {
        let read = |url: &str| Address::read(url).map(|a| (a.tls, a.host, a.port, a.path));
        assert_eq!(
            read("https://witness.example/log/"),
            Ok((true, "witness.example".into(), 443, "/log".into()))
        );
        assert_eq!(
            read("http://127.0.0.1:8090"),
            Ok((false, "127.0.0.1".into(), 8090, String::new()))
        );
        for wrong in [
            "http://witness.example",
            "witness.example",
            "ftp://x",
            "https://",
            "https://a@b",
            "https://x:y",
            "https://a b/",
            "https://a/b?c\r\nX: y",
        ] {
            assert_eq!(read(wrong), Err(NotAnAddress), "{wrong}");
        }
    }

    #[test]
    fn answers_are_read_whole_or_not_at_all() {
        assert_eq!(
            parse(b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n\xe2\x80\x94 w x\n"),
            Some((200, "— w x\n".as_bytes().to_vec()))
        );
        let chunked =
            b"HTTP/1.1 409 Conflict\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n12\r\n1\r\n\n\r\n0\r\n\r\n";
        assert_eq!(parse(chunked), Some((409, b"12\n".to_vec())));
        assert_eq!(parse(chunked.get(..chunked.len() - 9).unwrap()), None);
        for wrong in [
            b"".as_slice(),
            b"HTTP/1.1 200",
            b"HTTP/2 20\r\n\r\n",
            b"\r\n\r\n",
            b"HTTP/1.1  \r\n\r\n",
        ] {
            assert_eq!(parse(wrong), None);
        }
    }

    proptest::proptest! {
        #[test]
        fn no_answer_makes_it_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
            let _ = parse(&bytes);
            let _ = parse(&[b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".as_slice(), &bytes].concat());
        }
    }
}
