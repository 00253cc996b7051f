//! The pages: server-rendered, working without script, every word from [`crate::i18n`].

pub mod assets;
pub mod components;
pub mod concern;
pub mod duties;
pub mod format;
pub mod open;
pub mod report;
pub mod site;

use axum::{Extension, Router};

use crate::app::App;
pub use site::Site;

/// Every page that needs no sign-in. Put the result inside [`crate::app::shell`].
pub fn public_routes(site: Site) -> Router<App> {
    Router::new()
        .merge(report::flow::routes())
        .merge(report::work_flow::routes())
        .merge(open::handlers::routes())
        .layer(Extension(site))
}
