//! The page a person sees when something could not be done. It holds no secret and nothing of the request, so that
//! the same error is the same bytes for everyone.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};

use super::Error;
use crate::app::App;
use crate::web::components::layout::Shell;
use crate::web::open::text::{Fault, fault, refused};
use crate::web::report::desk::desk;
use crate::web::site::Site;

/// Which of the pages of words says it.
const fn which(error: &Error) -> Fault {
    match error {
        Error::NotFound | Error::Method | Error::SignIn | Error::SetUp | Error::ChoosePost | Error::Scope => {
            Fault::NotFound
        }
        Error::CrossSite | Error::StaleForm => Fault::OutOfDate,
        Error::Malformed
        | Error::Invalid(_)
        | Error::Unsupported
        | Error::KeyReused
        | Error::Refused { .. } => Fault::Unreadable,
        Error::TooLarge => Fault::TooLarge,
        Error::TooMany { .. } => Fault::TooMany,
        Error::Moved => Fault::Moved,
        Error::Busy => Fault::Busy,
        Error::Unknown => Fault::Unknown,
        Error::Internal => Fault::Broken,
    }
}

fn draw(error: &Error, app: &App) -> Option<String> {
    let site = Site::of(app).ok()?;
    let agency = &site.node().agency().name;
    // No form token: the one form on the page, Exit, needs none, and a token would differ for everyone.
    let shell = Shell::public(site.t(), agency, "", "").demo(app.settings().demo);
    let page = match error {
        Error::Refused { code, .. } => refused(shell, code),
        other => fault(shell, which(other), &desk(&site)),
    };
    page.render().ok()
}

/// The page for `error`. When it cannot be drawn, the number to ring stands alone.
pub(super) fn respond(error: &Error, app: &App) -> Response {
    let body = draw(error, app).unwrap_or_else(|| app.node().agency().night_phone.clone());
    (error.status(), Html(body)).into_response()
}
