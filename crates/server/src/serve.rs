//! Listening, and stopping without cutting anyone off.

use std::future::Future;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use axum::Router;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;

use crate::operator::{self, Operator};
use crate::settings::Settings;

/// How long open requests may take to end once the server stops.
const GRACE: Duration = Duration::from_secs(25);
/// How long a sender may take over its request line and headers.
const HEADERS: Duration = Duration::from_secs(10);

/// Why the server could not start or stopped.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The settings would be unsafe.
    #[error("{0}")]
    Unsafe(&'static str),
    /// The address is taken, or not ours.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Which address.
        address: SocketAddr,
        /// What the operating system said.
        source: io::Error,
    },
    /// Certificate or key cannot be used.
    #[error("the certificate and key cannot be used: {0}")]
    Tls(io::Error),
    /// The listener broke.
    #[error("the server stopped: {0}")]
    Stopped(io::Error),
}

/// A server with its listeners open. Nothing is answered before [`Bound::run`].
#[derive(Debug)]
pub struct Bound {
    public: TcpListener,
    operator: Option<TcpListener>,
    settings: Settings,
}

/// Opens the listeners, so that the addresses are known and taken before anything is announced.
///
/// # Errors
/// When the settings are unsafe or an address cannot be listened on.
pub fn bind(settings: Settings) -> Result<Bound, ServeError> {
    settings.check().map_err(ServeError::Unsafe)?;
    let listen = |address: SocketAddr| {
        let opened = TcpListener::bind(address).and_then(|l| l.set_nonblocking(true).map(|()| l));
        opened.map_err(|source| ServeError::Listen { address, source })
    };
    Ok(Bound {
        public: listen(settings.listen)?,
        operator: settings.operator.map(listen).transpose()?,
        settings,
    })
}

impl Bound {
    /// Where pages and API are answered: the port the system chose, when the settings said 0.
    ///
    /// # Errors
    /// When the operating system does not say.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.public.local_addr()
    }

    /// Where health and metrics are answered.
    #[must_use]
    pub fn operator_address(&self) -> Option<SocketAddr> {
        self.operator.as_ref().and_then(|l| l.local_addr().ok())
    }

    /// Answers until `stop` is done, then lets open requests end.
    ///
    /// # Errors
    /// When the certificate cannot be used or a listener breaks.
    pub async fn run(
        self,
        routes: Router,
        operator: Operator,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServeError> {
        let (handle, aside) = (Handle::new(), Handle::new());
        let (ending, ending_aside) = (handle.clone(), aside.clone());
        tokio::spawn(async move {
            stop.await;
            ending.graceful_shutdown(Some(GRACE));
            ending_aside.graceful_shutdown(Some(GRACE));
        });
        if let Some(listener) = self.operator {
            let service = operator::router(operator).into_make_service();
            let server = axum_server::from_tcp(listener).map_err(ServeError::Stopped)?;
            tokio::spawn(server.handle(aside).serve(service));
        }
        let service = routes.into_make_service_with_connect_info::<SocketAddr>();
        match self.settings.tls {
            None => {
                let mut server = axum_server::from_tcp(self.public)
                    .map_err(ServeError::Stopped)?
                    .handle(handle);
                server.http_builder().http1().header_read_timeout(HEADERS);
                server.serve(service).await.map_err(ServeError::Stopped)
            }
            Some(tls) => {
                // Two libraries in this program could each bring a provider; this says which. It fails only when
                // one is installed already, which is what is wanted.
                let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
                let config = RustlsConfig::from_pem_file(tls.certificate, tls.key).await;
                let config = config.map_err(ServeError::Tls)?;
                let server =
                    axum_server::from_tcp_rustls(self.public, config).map_err(ServeError::Stopped)?;
                let mut server = server.handle(handle);
                server.http_builder().http1().header_read_timeout(HEADERS);
                server.serve(service).await.map_err(ServeError::Stopped)
            }
        }
    }
}
