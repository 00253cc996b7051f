//! Checking a receipt or an exhibit, for anybody. Nothing is looked up and nothing is kept: the file is checked by itself,
//! with this record's keys, or with those of another record that somebody pastes.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::record::Value;
use domain::time::Instant;
use node::app::check::{self, Checked as Found};

use super::form::{Kind, result};
use crate::app::App;
use crate::error::Error;
use crate::guard::input::clean;
use crate::i18n::{Html, Texts};
use crate::web::components::details::Details;
use crate::web::components::field::{Errors, Field};
use crate::web::components::layout::Shell;
use crate::web::components::summary_list::SummaryList;
use crate::web::components::textarea::Textarea;
use crate::web::format::When;
use crate::web::site::{On, SentFile, Site, again, fault, jiff_of, page};

/// The most characters of a pasted receipt: a full copy of the longest report fits.
const MOST: usize = 200_000;
/// The most characters of pasted keys.
const KEYS_MOST: usize = 20_000;

/// What was found, in one of three results.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Good: not changed. Bad: does not match. Neither: cannot be told with the keys at hand.
    pub kind: Kind,
    /// Why, or empty.
    pub why: String,
    /// Each entry that the file proves, when it holds.
    pub entries: Vec<Proven>,
}

/// One entry that a file proves.
#[derive(Clone, Debug, Default)]
pub struct Proven {
    /// "Entry 7 of daylight.invalid/northmere".
    pub heading: String,
    /// What holds of it, and then what it shows: key and value.
    pub facts: Vec<(String, String)>,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "open/receipt.html")]
pub struct ReceiptPage<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// What was found, once something was checked.
    pub result: Option<Checked>,
    /// What was pasted.
    pub pasted: String,
    /// The other record's keys, as pasted.
    pub keys: String,
}

impl ReceiptPage<'_> {
    fn called(&self, checked: &Checked) -> Html {
        let t = self.t;
        let big = match checked.kind {
            Kind::Good => t.get("check-receipt-good"),
            Kind::Bad => t.get("check-receipt-bad"),
            Kind::Neither => t.get("check-receipt-neither"),
        };
        result(checked.kind, &big, &checked.why)
    }

    fn facts(&self, entry: &Proven) -> SummaryList {
        let rows = entry.facts.iter();
        rows.fold(SummaryList::new(), |list, (key, value)| {
            list.row(key, value.clone())
        })
    }

    fn file(&self) -> Html {
        let field = Field::new(self.t, "file", self.t.get("check-receipt-file")).errors(&self.shell.errors);
        Html::rendered(&FileInput { field })
    }

    fn pasted(&self) -> Textarea {
        let t = self.t;
        let field = Field::new(t, "receipt", t.get("check-receipt-paste")).errors(&self.shell.errors);
        Textarea::new(t, field, self.pasted.clone(), 4, MOST)
    }

    fn keys(&self) -> Details {
        let t = self.t;
        let field = Field::new(t, "keys", t.get("check-receipt-keys"))
            .hint(t.get("check-receipt-keys-hint"))
            .errors(&self.shell.errors);
        let keys = Textarea::new(t, field, self.keys.clone(), 3, KEYS_MOST);
        Details::new(t.get("check-receipt-elsewhere"), Html::rendered(&keys)).open(!self.keys.is_empty())
    }

    fn take(&self) -> Html {
        self.t
            .msg("check-receipt-take")
            .arg("href", "/receipt/keys")
            .html()
    }
}

#[derive(Debug, Template)]
#[template(
    source = r#"<div class="govuk-form-group{% if field.error.is_some() %} govuk-form-group--error{% endif %}">{% include "components/field/label.html" %}<input class="govuk-file-upload{% if field.error.is_some() %} govuk-file-upload--error{% endif %}" id="{{ field.id }}" name="{{ field.name }}" type="file" aria-describedby="{{ field.described_by() }}"></div>"#,
    ext = "html"
)]
struct FileInput {
    field: Field,
}

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/receipt", get(show).post(check))
        .route("/receipt/keys", get(keys))
}

fn drawn<'a>(site: &'a Site, app: &App, headers: &HeaderMap) -> ReceiptPage<'a> {
    let t = site.t();
    ReceiptPage {
        shell: site.public(app, headers, &t.get("check-receipt-title")).back("/"),
        t,
        result: None,
        pasted: String::new(),
        keys: String::new(),
    }
}

async fn show(State(app): State<App>, On(site): On, headers: HeaderMap) -> Response {
    page(&drawn(&site, &app, &headers))
}

/// This record's keys, as a file to keep apart from any receipt.
async fn keys(State(app): State<App>, On(site): On) -> Result<Response, Error> {
    let text = site
        .node()
        .policy_file(&app.settings().witnesses)
        .map_err(fault)?;
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"keys.txt\""),
    ];
    Ok((headers, text).into_response())
}

async fn check(
    State(app): State<App>,
    On(site): On,
    headers: HeaderMap,
    SentFile { form, file }: SentFile,
) -> Result<Response, Error> {
    let t = site.t();
    let mut drawn = drawn(&site, &app, &headers);
    drawn.pasted = form.get("receipt");
    drawn.keys = form.get("keys");
    let bytes = file.or_else(|| as_file(&drawn.pasted));
    let mut errors = Errors::new();
    if bytes.is_none() {
        errors.push(("file".to_owned(), t.get("check-receipt-error")));
    }
    let own = site
        .node()
        .policy_file(&app.settings().witnesses)
        .map_err(fault)?;
    let keys = as_file(&drawn.keys).unwrap_or_else(|| own.into_bytes());
    if let Some(bytes) = bytes {
        match check::check(&bytes, &keys) {
            Found::NoKeys => errors.push(("keys".to_owned(), t.get("check-receipt-keys-error"))),
            found => drawn.result = Some(said(&site, found)),
        }
    }
    if errors.is_empty() {
        return Ok(page(&drawn));
    }
    drawn.shell = drawn.shell.errors(&errors);
    Ok(again(&drawn))
}

/// Pasted text as the file it was: no blank lines around it, and one line end.
fn as_file(pasted: &str) -> Option<Vec<u8>> {
    let text = pasted.trim();
    (!text.is_empty()).then(|| format!("{text}\n").into_bytes())
}

/// One of three results, in words, and what the file proves when it holds.
fn said(site: &Site, found: Found) -> Checked {
    let t = site.t();
    let without = |kind, why| Checked {
        kind,
        why,
        entries: Vec::new(),
    };
    match found {
        Found::Holds(entries) => Checked {
            kind: Kind::Good,
            why: t.msg("check-receipt-good-why").n("count", entries.len()).text(),
            entries: entries.iter().map(|one| proven(site, one)).collect(),
        },
        Found::Mismatch => without(Kind::Bad, t.get("check-receipt-bad-why")),
        Found::CannotTell | Found::NoKeys => without(Kind::Neither, t.get("check-receipt-neither-why")),
    }
}

fn proven(site: &Site, entry: &check::Proven) -> Proven {
    let (t, when) = (site.t(), site.when());
    let recorded = if entry.issuer_checked {
        entry.issuer.clone()
    } else {
        t.msg("check-receipt-unchecked").arg("who", &entry.issuer).text()
    };
    let mut facts = vec![
        (t.get("check-receipt-by"), recorded),
        (t.get("check-receipt-signed"), entry.signed_by.clone()),
    ];
    for (name, seconds) in &entry.witnessed {
        let line = t.msg("check-receipt-witness").arg("who", name);
        let line = line.arg("when", moment(&when, *seconds));
        facts.push((t.get("check-receipt-witnessed"), line.text()));
    }
    if entry.witnessed.is_empty() {
        facts.push((t.get("check-receipt-witnessed"), t.get("check-receipt-alone")));
    }
    for (name, shown) in &entry.shown {
        let name = name.trim_start_matches("code.");
        facts.push((t.code("shown", name), value(&when, shown)));
    }
    let heading = t.msg("check-receipt-entry").arg("index", entry.index.to_string());
    Proven {
        heading: heading.arg("log", &entry.log).text(),
        facts,
    }
}

/// A value that is shown: times as people read them, text without what can only deceive.
fn value(when: &When<'_>, value: &Value) -> String {
    match value {
        Value::Time(at) => when.time_comma_date(jiff_of(*at)),
        Value::Text(text) => clean(text),
        Value::List(items) => clean(&items.join(", ")),
        Value::Int(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
    }
}

fn moment(when: &When<'_>, seconds: u64) -> String {
    let micros = i64::try_from(seconds).ok().and_then(|s| s.checked_mul(1_000_000));
    micros.map_or_else(String::new, |at| when.time_comma_date(jiff_of(Instant(at))))
}
