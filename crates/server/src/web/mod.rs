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

/// Everything a browser asks of this server: the pages, the assets and Exit, inside the shell.
pub fn router(app: App, site: Site) -> Router {
    let routes = Router::new()
        .route("/assets/{name}", axum::routing::get(assets::serve))
        .merge(crate::visit::routes())
        .merge(public_routes(site.clone()))
        .merge(staff_routes(site));
    crate::app::shell(routes, app)
}

/// Every page of the staff workspace.
pub fn staff_routes(site: Site) -> Router<App> {
    Router::new()
        .merge(report::told_flow::routes())
        .merge(duties::handlers::routes())
        .merge(concern::handlers::routes())
        .layer(Extension(site))
}

/// Every page that needs no sign-in. Put the result inside [`crate::app::shell`].
pub fn public_routes(site: Site) -> Router<App> {
    Router::new()
        .merge(report::flow::routes())
        .merge(report::work_flow::routes())
        .merge(open::handlers::routes())
        .layer(Extension(site))
}
