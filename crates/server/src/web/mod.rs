//! The pages: server-rendered, working without script, every word from [`crate::i18n`].

pub mod account;
pub mod assets;
pub mod components;
pub mod concern;
pub mod duties;
pub mod format;
pub mod inspection;
pub mod open;
pub mod report;
pub mod site;
pub mod time;
pub mod unsent;

use axum::Router;

use crate::app::App;

/// Every page. Put the result inside [`crate::app::shell`].
pub fn routes() -> Router<App> {
    Router::new()
        .merge(report::flow::routes())
        .merge(report::work_flow::routes())
        .merge(report::told_flow::routes())
        .merge(open::handlers::routes())
        .merge(account::handlers::routes())
        .merge(duties::handlers::routes())
        .merge(concern::handlers::routes())
        .merge(inspection::handlers::routes())
        .merge(time::handlers::routes())
        .merge(unsent::handlers::routes())
}
