//! The concerns somebody may know of, and finding one by its reference.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use domain::id::StreamId;
use domain::reference::Reference;
use domain::time::Instant;
use node::app::concerns::{ConcernLine, Place};

use crate::app::App;
use crate::error::Error;
use crate::guard::input::Query;
use crate::i18n::{Html, Texts};
use crate::web::components::field::{Errors, Field};
use crate::web::components::layout::Shell;
use crate::web::components::table::Table;
use crate::web::components::text_input::TextInput;
use crate::web::site::{On, Posted, Site, Staff, again, fault, jiff_of, lead, page};

/// One concern in a list: no names.
#[derive(Clone, Debug)]
pub struct Line {
    /// The reference, which is its address.
    pub reference: String,
    /// Initials and ages, or what there is instead.
    pub who: String,
    /// When we were told.
    pub told: String,
    /// Who has it.
    pub with: String,
    /// What is open on it, and what is late, in words.
    pub open: String,
    /// A word more: restricted, urgent, closed.
    pub mark: Option<&'static str>,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "concern/list.html")]
pub struct Concerns<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// The lines, the newest entry first.
    pub lines: Vec<Line>,
    /// The address of the lines after these.
    pub older: Option<String>,
    /// Whether these are the first.
    pub first: bool,
    /// What was typed.
    pub typed: String,
}

impl Concerns<'_> {
    fn reference(&self) -> TextInput {
        let t = self.t;
        let field = Field::new(t, "reference", t.get("concerns-reference"))
            .hint(t.get("concerns-reference-hint"))
            .errors(&self.shell.errors);
        TextInput::new(field, self.typed.clone()).width("govuk-input--width-20")
    }

    fn table(&self) -> Table {
        let t = self.t;
        let head = [
            t.get("concerns-concern"),
            t.get("concerns-told"),
            t.get("concerns-with"),
            t.get("concerns-open"),
        ];
        let head = head.map(|words| (words, false)).to_vec();
        let mut table = Table::new(t.get("concerns-caption"), head).scroll(t.get("concerns-caption"));
        for line in &self.lines {
            let mark = line.mark.map(|code| t.code("concerns-mark", code));
            table.push(vec![
                Html::rendered(&Cell { line, mark }),
                line.told.as_str().into(),
                line.with.as_str().into(),
                line.open.as_str().into(),
            ]);
        }
        table
    }
}

#[derive(Template)]
#[template(
    source = r#"<a class="govuk-link govuk-link--no-visited-state app-mono app-nowrap" href="/concerns/{{ line.reference }}">{{ line.reference }}</a><span class="app-duty__meta">{{ line.who }}</span>{% if let Some(mark) = mark.as_ref() %}<span class="app-duty__meta">{{ mark }}</span>{% endif %}"#,
    ext = "html"
)]
struct Cell<'l> {
    line: &'l Line,
    mark: Option<String>,
}

/// `GET /concerns`.
pub async fn list(
    State(app): State<App>,
    On(site): On,
    who: Staff,
    headers: HeaderMap,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Error> {
    let query = Posted(query);
    let typed = query.line("reference");
    let mut errors = Errors::new();
    if !typed.is_empty() {
        match typed.parse::<Reference>() {
            Ok(reference) => return Ok(lead(&format!("/concerns/{}", reference.as_str()))),
            Err(_) => errors.push(("reference".to_owned(), site.t().get("concerns-reference-error"))),
        }
    }
    let after = place(&query.line("after"));
    let found = site.node().my_concerns(&who.acting, after).await.map_err(fault)?;
    let t = site.t();
    let wrong = !errors.is_empty();
    let drawn = Concerns {
        shell: site
            .staff(&app, &headers, &who, &t.get("concerns-title"))
            .sections("/concerns", None)
            .errors(&errors),
        t,
        lines: found.lines.iter().map(|one| line(&site, one)).collect(),
        older: found
            .next
            .map(|place| format!("/concerns?after={}", address(&place))),
        first: after.is_none(),
        typed,
    };
    Ok(if wrong { again(&drawn) } else { page(&drawn) })
}

fn line(site: &Site, one: &ConcernLine) -> Line {
    let (t, when) = (site.t(), site.when());
    let (open, late) = one.open;
    let words = t
        .msg("concerns-open-count")
        .n("count", usize::try_from(open).unwrap_or(0));
    let open = match late {
        0 => words.text(),
        late => {
            let late = t
                .msg("concerns-late-count")
                .n("count", usize::try_from(late).unwrap_or(0));
            format!("{}, {}", words.text(), late.text())
        }
    };
    Line {
        reference: one.reference.clone(),
        who: if one.withheld {
            t.get("concerns-withheld")
        } else if one.label.is_empty() {
            t.get("concerns-nobody-named")
        } else {
            one.label.clone()
        },
        told: when.near(jiff_of(one.told)),
        with: one
            .owner
            .as_ref()
            .map(|post| site.post_title(post))
            .unwrap_or_default(),
        open,
        mark: match () {
            () if one.closed => Some("closed"),
            () if one.restricted => Some("restricted"),
            () if one.urgent => Some("urgent"),
            () => None,
        },
    }
}

/// A place in the list as an address has it: when and which, by handle.
fn address(place: &Place) -> String {
    format!("{}-{}", place.recorded.micros(), place.stream)
}

fn place(text: &str) -> Option<Place> {
    let (at, stream) = text.split_once('-')?;
    Some(Place {
        recorded: Instant(at.parse().ok()?),
        stream: stream.parse::<StreamId>().ok()?,
    })
}
