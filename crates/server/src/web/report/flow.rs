//! The public questions as handlers: what was said is kept in the visit, each post leads on.

use std::collections::HashMap;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};

use super::answers::{Answers, CHIPS_MOST, WORRY_MOST};
use super::desk::{desk, open};
use super::file;
use super::pages::{self, Check, Now, Start, Who, Worry};
use crate::app::App;
use crate::error::Error;
use crate::guard::input::Query;
use crate::guard::limit::Source;
use crate::i18n::Texts;
use crate::visit::Visit;
use crate::web::components::chips::{Chip, Chips};
use crate::web::components::field::Errors;
use crate::web::components::layout::Shell;
use crate::web::site::{On, Posted, Sent, Site, lead, page};

/// What a visit holds. It is sealed, in memory, and ends with the visit.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Said {
    /// The answers so far.
    pub answers: Answers,
    /// What stands in the form of the list.
    pub draft: Chip,
    /// The place of the subject being changed.
    pub editing: Option<usize>,
    /// The page whose answers have just been found wanting.
    pub wrong: String,
    /// Makes a second press the same report: 32 bytes in hex.
    pub once: String,
    /// What was filed in this visit.
    pub filed: Option<file::Filed>,
    /// The code and word with which this visit came back.
    pub way: Option<(String, String)>,
    /// Whether something was just added.
    pub added: bool,
    /// Whether it is the one page for people reporting in their work.
    #[serde(default)]
    pub work: bool,
}

/// The questions.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/", get(start))
        .route("/q/{page}", get(show).post(answer))
        .route("/q/send", post(send))
        .route("/q/sent", get(file::sent))
        .route("/q/receipt", post(file::receipt))
        .route("/q/code-off", post(file::code_off))
}

async fn start(State(app): State<App>, On(site): On, headers: HeaderMap) -> Response {
    let t = site.t();
    let shell = site.public(&app, &headers, &t.get("report-title-start"));
    page(&Start {
        shell,
        t,
        desk: desk(&site),
    })
}

/// The page before, for "Back".
fn before(name: &str, said: &Said, site: &Site) -> &'static str {
    match name {
        "2" => "/q/1",
        "now" => "/q/2",
        "3" if said.answers.urgent() && !open(site) => "/q/now",
        "3" => "/q/2",
        "4" => "/q/3",
        "5" => "/q/4",
        "keep" => "/q/5",
        "check" => "/q/keep",
        _ => "/",
    }
}

/// The first question that has no answer yet: nobody is sent past one.
pub fn first_missing(t: &Texts, said: &Said, site: &Site) -> &'static str {
    let a = &said.answers;
    let steps: [(&str, bool); 7] = [
        ("1", a.check_worry(t, WORRY_MOST).is_empty()),
        ("2", a.check_safe(t).is_empty()),
        ("now", !a.urgent() || open(site) || a.check_spoke(t).is_empty()),
        ("3", a.check_who(t).is_empty()),
        ("4", a.check_know(t).is_empty()),
        ("5", a.check_reach(t).is_empty()),
        ("keep", a.check_keep(t).is_empty()),
    ];
    steps
        .iter()
        .find(|(_, done)| !done)
        .map_or("check", |(name, _)| name)
}

const ORDER: [&str; 8] = ["1", "2", "now", "3", "4", "5", "keep", "check"];

fn place(name: &str) -> Option<usize> {
    ORDER.iter().position(|one| *one == name)
}

fn errors(t: &Texts, name: &str, said: &Said) -> Errors {
    let a = &said.answers;
    match name {
        "1" => a.check_worry(t, WORRY_MOST),
        "2" => a.check_safe(t),
        "now" => a.check_spoke(t),
        "3" => a.check_who(t),
        "4" => a.check_know(t),
        "5" => a.check_reach(t),
        "keep" => a.check_keep(t),
        _ => Errors::new(),
    }
}

async fn show(
    State(app): State<App>,
    On(site): On,
    Path(name): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
    mut visit: Visit,
) -> Result<Response, Error> {
    let Some(at) = place(&name) else {
        return Err(Error::NotFound);
    };
    let mut said: Said = visit.load().unwrap_or_default();
    let t = site.t();
    if place(first_missing(t, &said, &site)).is_some_and(|missing| at > missing) {
        return Ok(lead(&format!("/q/{}", first_missing(t, &said, &site))));
    }
    let wrong = match said.wrong.split_once(':') {
        Some((page, "list")) if page == name => vec![("add-what".to_owned(), t.get("report-who-empty"))],
        _ if said.wrong == name => errors(t, &name, &said),
        _ => Errors::new(),
    };
    if let Some(place) = query.get("change").and_then(|place| place.parse().ok()) {
        said.editing = Some(place);
    }
    let shell = site
        .public(&app, &headers, &title(t, &name))
        .back(before(&name, &said, &site))
        .errors(&wrong);
    let response = draw(&site, &name, shell, &said);
    if said.wrong.is_empty() {
        return Ok(response);
    }
    said.wrong.clear();
    let saved = visit.save(&said)?;
    Ok((saved, response).into_response())
}

fn title(t: &Texts, name: &str) -> String {
    match name {
        "now" => t.get("report-title-now"),
        "keep" => t.get("report-title-keep"),
        "check" => t.get("report-title-check"),
        number => t.msg("report-title-question").arg("number", number).text(),
    }
}

fn draw<'a>(site: &'a Site, name: &str, shell: Shell<'a>, said: &Said) -> Response {
    let (t, answers) = (site.t(), said.answers.clone());
    match name {
        "1" => page(&Worry {
            shell,
            t,
            desk: desk(site),
            answers,
        }),
        "2" => page(&pages::safe(shell, &desk(site), &answers)),
        "now" => page(&Now {
            shell,
            t,
            desk: desk(site),
            answers,
        }),
        "3" => {
            let chips = chips(t, said, &shell.errors);
            page(&Who {
                shell,
                t,
                chips,
                colleague: answers.colleague,
            })
        }
        "4" => page(&pages::know(shell, &answers)),
        "5" => page(&pages::reach(shell, &answers)),
        "keep" => page(&pages::keep(shell, &answers)),
        _ => page(&Check {
            shell,
            t,
            answers,
            once: said.once.clone(),
        }),
    }
}

/// The list with what stands in its form.
pub fn chips<'a>(t: &'a Texts, said: &Said, errors: &Errors) -> Chips<'a> {
    let list = Chips::new(t, said.answers.chips.clone()).editing(said.editing);
    if errors.iter().any(|(id, _)| id == "add-what") {
        list.posted(said.draft.clone(), errors)
    } else {
        list
    }
}

/// Take the answers of one page into the visit.
fn take(name: &str, form: &Posted, a: &mut Answers) {
    match name {
        "1" => a.worry = form.get("worry"),
        "2" => a.safe = form.line("safe"),
        "now" => a.spoke = form.line("spoke"),
        "3" => a.colleague = form.line("colleague"),
        "4" => {
            a.know = form.line("know");
            a.know_more = form.line("know_more");
        }
        "5" => {
            a.reach = form.line("reach");
            a.contact = form.line("contact");
            a.ask_for = form.line("ask_for");
            a.when = form.line("when");
            a.name = form.line("name");
        }
        "keep" => {
            a.keep = form.line("keep");
            a.word = form.line("word");
        }
        _ => {}
    }
}

/// What the buttons of the list do: add, change, remove. Whether the page is to be shown again.
pub fn list(t: &Texts, form: &Posted, said: &mut Said) -> Option<Errors> {
    let pressed = form.get("do");
    let chip = Chip {
        kind: form.line("add-kind"),
        role: form.line("add-role"),
        what: form.line("add-what"),
        more: form.line("add-more"),
    };
    let number = |prefix: &str| {
        pressed
            .strip_prefix(prefix)
            .and_then(|rest| rest.parse::<usize>().ok())
    };
    if let Some(at) = number("change-") {
        said.editing = Some(at).filter(|at| *at < said.answers.chips.len());
        return Some(Errors::new());
    }
    if let Some(at) = number("remove-") {
        if at < said.answers.chips.len() {
            said.answers.chips.remove(at);
        }
        said.editing = None;
        return Some(Errors::new());
    }
    // Something typed and not added counts as added: nothing a person wrote is lost.
    if pressed == "add" || !chip.what.is_empty() {
        let place = form
            .get("editing")
            .parse()
            .ok()
            .filter(|place| *place < CHIPS_MOST);
        said.draft = chip.clone();
        let errors = said.answers.put_chip(t, chip, place);
        if errors.is_empty() {
            said.editing = None;
            said.draft = Chip::default();
        }
        if pressed == "add" || !errors.is_empty() {
            return Some(errors);
        }
    }
    None
}

async fn answer(
    State(app): State<App>,
    On(site): On,
    Path(name): Path<String>,
    mut visit: Visit,
    Sent(form): Sent,
) -> Result<Response, Error> {
    if place(&name).is_none() {
        return Err(Error::NotFound);
    }
    let t = site.t();
    let mut said: Said = visit.load().unwrap_or_default();
    take(&name, &form, &mut said.answers);
    said.work = false;
    let shown_again = if name == "3" {
        list(t, &form, &mut said)
    } else {
        None
    };
    let to = if form.get("do") == "later" {
        "later".to_owned()
    } else if let Some(errors) = shown_again {
        said.wrong = if errors.is_empty() {
            String::new()
        } else {
            "3:list".to_owned()
        };
        "3".to_owned()
    } else if errors(t, &name, &said).is_empty() {
        said.wrong.clear();
        after(&name, &said, &site)
    } else {
        said.wrong.clone_from(&name);
        name
    };
    if said.once.is_empty() {
        said.once = file::once(&app)?;
    }
    let saved = visit.save(&said)?;
    Ok((saved, lead(&format!("/q/{to}"))).into_response())
}

/// The page after one that is answered: the next without an answer, or the check once all have one.
fn after(name: &str, said: &Said, site: &Site) -> String {
    let missing = first_missing(site.t(), said, site);
    let next = match name {
        "1" => "2",
        "2" if said.answers.urgent() && !open(site) => "now",
        "2" | "now" => "3",
        "3" => "4",
        "4" => "5",
        "5" => "keep",
        _ => "check",
    };
    if missing == "check" {
        "check".to_owned()
    } else {
        next.to_owned()
    }
}

async fn send(
    State(app): State<App>,
    On(site): On,
    source: Source,
    mut visit: Visit,
    Sent(_): Sent,
) -> Result<Response, Error> {
    let mut said: Said = visit.load().unwrap_or_default();
    if said.filed.is_some() {
        return Ok(lead("/q/sent"));
    }
    let missing = first_missing(site.t(), &said, &site);
    if missing != "check" {
        return Ok(lead(&format!("/q/{missing}")));
    }
    app.may_report(&source)?;
    let report = file::public_report(&said.answers);
    said.filed = Some(file::raise(&site, &said.once, &report, None).await?);
    // What was written is in the record now: the visit keeps none of it.
    said.answers = Answers {
        keep: said.answers.keep,
        reach: said.answers.reach,
        ..Answers::default()
    };
    let saved = visit.save(&said)?;
    Ok((saved, lead("/q/sent")).into_response())
}
