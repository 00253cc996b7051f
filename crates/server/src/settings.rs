//! What one server is told before it starts. Read from arguments and environment by `cli`, never here.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// Where certificate and key lie, as PEM files.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tls {
    /// The certificate chain.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// What one server is told before it starts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settings {
    /// Where it listens. Without TLS this must be a loopback address.
    pub listen: SocketAddr,
    /// TLS in the process itself; without it a proxy on the same machine speaks TLS, or it is a demo.
    pub tls: Option<Tls>,
    /// Where health and metrics are answered; always loopback. `None`: nowhere.
    pub operator: Option<SocketAddr>,
    /// The origin that browsers see: `https://safeguarding.northmere.example`.
    pub origin: String,
    /// Whether a proxy in front adds the source's address as the last entry of `X-Forwarded-For`.
    pub behind_proxy: bool,
    /// Where *Exit this page* leads.
    pub exit_to: String,
    /// The keys of the witnesses that sign this node's log, as text: they go into the keys that anybody may take, and
    /// without any a receipt says that nobody outside has signed.
    pub witnesses: Vec<String>,
    /// Whether this is the demo, which says so on every page.
    pub demo: bool,
}

impl Settings {
    /// A server on the loopback listener `listen`.
    #[must_use]
    pub fn loopback(listen: SocketAddr) -> Self {
        Self {
            listen,
            tls: None,
            operator: Some(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0)),
            origin: format!("http://{listen}"),
            behind_proxy: false,
            exit_to: "https://www.bbc.co.uk/weather".to_owned(),
            witnesses: Vec::new(),
            demo: false,
        }
    }

    /// Whether browsers reach us over TLS, here or at the proxy: cookies are then `Secure` and HSTS is sent.
    #[must_use]
    pub fn secure(&self) -> bool {
        self.origin.starts_with("https://")
    }

    /// Checks what would be unsafe to start with.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn check(&self) -> Result<(), &'static str> {
        if self.tls.is_none() && !self.listen.ip().is_loopback() {
            return Err(
                "without a certificate the server listens on a loopback address only: \
                 give --tls-cert and --tls-key, or put a proxy that speaks TLS in front",
            );
        }
        if self.tls.is_some() && !self.secure() {
            return Err("there is a certificate, but the origin does not begin with https://");
        }
        if self.operator.is_some_and(|at| !at.ip().is_loopback()) {
            return Err("health and metrics are answered on a loopback address only");
        }
        let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | ';' | ',');
        if !self.exit_to.starts_with("https://") || !self.exit_to.chars().all(plain) {
            return Err("the page that Exit leads to is an https:// address");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn plain_http_stays_on_loopback() {
        let mut settings = Settings::loopback("127.0.0.1:8080".parse().unwrap());
        assert_eq!(settings.check(), Ok(()));
        settings.listen = "0.0.0.0:8080".parse().unwrap();
        assert!(settings.check().is_err());
        settings.listen = "127.0.0.1:8080".parse().unwrap();
        settings.operator = Some("192.0.2.1:9000".parse().unwrap());
        assert!(settings.check().is_err());
        settings.operator = None;
        settings.exit_to = "javascript:alert(1)".to_owned();
        assert!(settings.check().is_err());
    }
}
