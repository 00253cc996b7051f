//! The server's own TLS: a page over https with a certificate made here, and what plain http gets on that port.

use std::net::SocketAddr;
use std::sync::Arc;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use server::app::router;
use server::operator::{Health, Operator};
use server::serve::bind;
use server::settings::{Settings, Tls};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::bench::Bench;

async fn get(mut stream: impl AsyncRead + AsyncWrite + Unpin, path: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_page_is_served_over_https_and_says_to_come_back_that_way() {
    let home = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (certificate, key) = (home.path().join("cert.pem"), home.path().join("key.pem"));
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let tls = |settings: &mut Settings| {
        settings.listen = SocketAddr::from(([127, 0, 0, 1], 0));
        settings.origin = "https://localhost".to_owned();
        settings.operator = None;
        settings.tls = Some(Tls { certificate, key });
    };
    let bench = Bench::with(tls).await;
    let bound = bind(bench.app.settings().clone()).unwrap();
    let address = bound.address().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let operator = Operator {
        health: Arc::new(|| Health::Green),
        metrics: None,
    };
    let served = tokio::spawn(bound.run(router(bench.app.clone()), operator, async {
        let _ = stopped.await;
    }));

    let mut roots = RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let config = ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = TlsConnector::from(Arc::new(config));
    let name = ServerName::try_from("localhost").unwrap();
    let stream = connector
        .connect(name, TcpStream::connect(address).await.unwrap())
        .await
        .unwrap();
    let page = get(stream, "/q/1").await;
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    assert!(
        page.to_lowercase()
            .contains("strict-transport-security: max-age=63072000; includesubdomains")
    );
    for line in page
        .lines()
        .filter(|line| line.to_lowercase().starts_with("set-cookie:"))
    {
        assert!(line.contains("__Host-") && line.contains("Secure"), "{line}");
    }

    let strangers = ClientConfig::builder()
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let socket = TcpStream::connect(address).await.unwrap();
    let refused = TlsConnector::from(Arc::new(strangers))
        .connect(name, socket)
        .await;
    assert!(
        refused.is_err(),
        "whoever does not know the certificate is not fooled"
    );
    let plain = get(TcpStream::connect(address).await.unwrap(), "/q/1").await;
    assert!(!plain.contains("<html"), "nothing in the clear: {plain}");

    stop.send(()).unwrap();
    served.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_certificate_that_cannot_be_read_is_said_before_anything_is_served() {
    let home = tempfile::tempdir().unwrap();
    let bench = Bench::with(|settings| {
        settings.listen = SocketAddr::from(([127, 0, 0, 1], 0));
        settings.origin = "https://localhost".to_owned();
        settings.operator = None;
        settings.tls = Some(Tls {
            certificate: home.path().join("none.pem"),
            key: home.path().join("none.pem"),
        });
    })
    .await;
    let bound = bind(bench.app.settings().clone()).unwrap();
    let operator = Operator {
        health: Arc::new(|| Health::Green),
        metrics: None,
    };
    let never = std::future::pending::<()>();
    let ended = bound.run(router(bench.app.clone()), operator, never).await;
    assert!(
        matches!(ended, Err(server::serve::ServeError::Tls(_))),
        "{ended:?}"
    );
}
