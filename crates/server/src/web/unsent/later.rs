//! Stopping a public report and going on with it later, with a code. Nothing is kept unless somebody asks, after they
//! were told what a code can show to whoever finds it.
//!
//! Keeping ends the visit: the browser holds nothing, and the code is not in any cookie or address. A code that is wrong,
//! used or ended gives one page. Law: OWN-R1-draft.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use node::app::AppError;
use zeroize::Zeroizing;

use crate::app::App;
use crate::error::Error;
use crate::guard::csrf::Pressed;
use crate::guard::limit::Source;
use crate::i18n::{Html, Texts};
use crate::visit::Visit;
use crate::web::components::button::Button;
use crate::web::components::field::{Errors, Field};
use crate::web::components::inset::Inset;
use crate::web::components::layout::Shell;
use crate::web::components::text_input::TextInput;
use crate::web::open::form::{FormPage, Kind, result};
use crate::web::report::flow::{Said, first_missing};
use crate::web::site::{On, Sent, Site, again, fault, lead, page};

/// What is said before a code is shown.
#[derive(Debug, Template)]
#[template(path = "unsent/later.html")]
pub struct Later<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// They answered that it is not safe to keep anything.
    pub not_safe: bool,
    /// Where they go on instead.
    pub on: String,
}

impl Later<'_> {
    fn careful(&self) -> Option<Inset> {
        self.not_safe.then(|| Inset::new(self.t.get("later-not-safe")))
    }

    fn show(&self) -> Button {
        Button::submit(self.t.get("later-show")).once()
    }
}

/// The code, shown once.
#[derive(Debug, Template)]
#[template(path = "unsent/code.html")]
pub struct Code<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// The code.
    pub code: Zeroizing<String>,
}

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/q/later", get(explain).post(keep))
        .route("/q/go-on", get(ask).post(go_on))
}

/// Whether there is anything to keep: a first look at the pages is nothing.
fn began(said: &Said) -> bool {
    said.filed.is_none() && !said.once.is_empty()
}

/// Where a report goes on.
fn place(site: &Site, said: &Said) -> String {
    if said.work {
        "/work".to_owned()
    } else {
        format!("/q/{}", first_missing(site.t(), said, site))
    }
}

async fn explain(State(app): State<App>, On(site): On, headers: HeaderMap, visit: Visit) -> Response {
    let said: Said = visit.load().unwrap_or_default();
    if !began(&said) {
        return lead("/");
    }
    let (t, on) = (site.t(), place(&site, &said));
    page(&Later {
        shell: site.public(&app, &headers, &t.get("later-title")).back(&on),
        t,
        not_safe: said.answers.keep == "no",
        on,
    })
}

async fn keep(
    State(app): State<App>,
    On(site): On,
    headers: HeaderMap,
    source: Source,
    mut visit: Visit,
    _: Pressed,
) -> Result<Response, Error> {
    let said: Said = visit.load().unwrap_or_default();
    if !began(&said) {
        return Ok(lead("/"));
    }
    app.may_try_code(&source)?;
    // A way back to another report is not part of this one.
    let said = Said { way: None, ..said };
    let plain = Zeroizing::new(serde_json::to_vec(&said).map_err(|_| Error::Internal)?);
    let code = site.node().keep_for_code(&plain).await.map_err(fault)?;
    let t = site.t();
    let shown = page(&Code {
        shell: site.public(&app, &headers, &t.get("later-title")),
        t,
        code,
    });
    // The visit is over: what is kept is behind the code, and this browser holds nothing.
    Ok((visit.end(), shown).into_response())
}

/// The page that asks for the code, or throws away what it is for.
#[must_use]
pub fn ask_code<'a>(shell: Shell<'a>, gone: bool) -> FormPage<'a> {
    let t = shell.t;
    let input = |id: &str| {
        let field = Field::new(t, id, t.get("go-on-code")).errors(&shell.errors);
        Html::rendered(&TextInput::new(field, "").width("govuk-input--width-10"))
    };
    FormPage {
        heading: t.get("go-on-heading"),
        lead: t.get("go-on-lead"),
        result: gone.then(|| result(Kind::Neither, &t.get("go-on-gone"), "")),
        action: "/q/go-on".to_owned(),
        questions: vec![input("code")],
        button: Button::submit(t.get("go-on-open")).named("do", "open"),
        second: Some((
            t.get("go-on-drop-heading"),
            t.get("go-on-drop-lead"),
            "/q/go-on".to_owned(),
            vec![input("drop-code")],
            Button::submit(t.get("go-on-drop"))
                .named("do", "drop")
                .secondary(),
        )),
        after: None,
        shell,
        t,
    }
}

fn around<'a>(app: &App, site: &'a Site, headers: &HeaderMap) -> Shell<'a> {
    site.public(app, headers, &site.t().get("go-on-title")).back("/")
}

async fn ask(State(app): State<App>, On(site): On, headers: HeaderMap) -> Response {
    page(&ask_code(around(&app, &site, &headers), false))
}

async fn go_on(
    State(app): State<App>,
    On(site): On,
    headers: HeaderMap,
    source: Source,
    mut visit: Visit,
    Sent(form): Sent,
) -> Result<Response, Error> {
    app.may_try_code(&source)?;
    if form.get("do") == "drop" {
        let typed = form.line("drop-code");
        site.node().drop_by_code(&typed).await.map_err(fault)?;
        return Ok(page(&ask_code(around(&app, &site, &headers), true)));
    }
    match site.node().take_by_code(&form.line("code")).await {
        Ok(plain) => {
            let said: Said = serde_json::from_slice(&plain).map_err(|_| Error::Internal)?;
            let saved = visit.save(&said)?;
            Ok((saved, lead(&place(&site, &said))).into_response())
        }
        Err(AppError::NotFound) => {
            let wrong: Errors = vec![("code".to_owned(), site.t().get("go-on-wrong"))];
            Ok(again(&ask_code(
                around(&app, &site, &headers).errors(&wrong),
                false,
            )))
        }
        Err(error) => Err(fault(error)),
    }
}
