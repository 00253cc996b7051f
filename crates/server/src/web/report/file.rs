//! Filing what was answered, and what is shown after: the receipt, the code, and switching it off.

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use domain::view::SubjectKind;
use node::app::report::{Capacity, Channel, Mention, Report, Reporter, Safe};
use node::app::{Acting, AppError, proof};
use serde::{Deserialize, Serialize};

use super::answers::Answers;
use super::desk::desk;
use super::flow::Said;
use super::sent::{Receipt, Sent, Standing};
use crate::app::App;
use crate::error::Error;
use crate::guard::csrf::Pressed;
use crate::visit::Visit;
use crate::web::components::chips::Chip;
use crate::web::format::When;
use crate::web::site::{On, Site, fault, jiff_of, lead, page};

/// What was filed in a visit.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Filed {
    /// Opens the receipt and nothing else.
    pub ticket: String,
    /// The code to come back with.
    pub code: Option<String>,
    /// Whether the code has been shown.
    pub shown: bool,
    /// Whether it was reported in somebody's work.
    pub work: bool,
    /// Where the duty to report may apply: what it asks for, by code, and whether it was given.
    #[serde(default)]
    pub given: Vec<(String, bool)>,
}

/// 32 random bytes in hex: a report's own key.
///
/// # Errors
/// [`Error::Internal`] when there is no randomness.
pub fn once(app: &App) -> Result<String, Error> {
    app.door()
        .random::<32>()
        .map(|bytes| domain::record::hex(&bytes))
        .map_err(|_| Error::Internal)
}

fn key(once: &str) -> [u8; 32] {
    let mut out = [0; 32];
    for (slot, pair) in out.iter_mut().zip(once.as_bytes().chunks(2)) {
        *slot = std::str::from_utf8(pair)
            .ok()
            .and_then(|pair| u8::from_str_radix(pair, 16).ok())
            .unwrap_or(0);
    }
    out
}

/// Whether a report's key is one: 64 hexadecimal digits.
#[must_use]
pub fn is_once(once: &str) -> bool {
    once.len() == 64 && once.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Files a report. Pressing twice files it once.
///
/// # Errors
/// As the use case.
pub async fn raise(site: &Site, once: &str, report: &Report, by: Option<&Acting>) -> Result<Filed, Error> {
    if !is_once(once) {
        return Err(Error::Malformed);
    }
    let filed = site.node().raise(&key(once), report, by).await.map_err(fault)?;
    let work = report.reporter.capacity == Capacity::Work;
    Ok(Filed {
        ticket: filed.ticket,
        code: filed.code,
        shown: false,
        work,
        given: Vec::new(),
    })
}

/// What the duty to report child sexual abuse asks for, by code, and whether it was given: kinds of answer, none of the
/// words. Empty where nobody said that it may apply. Law: CPA2026-report-duty.
#[must_use]
pub fn given(answers: &Answers) -> Vec<(String, bool)> {
    if answers.sexual != "yes" {
        return Vec::new();
    }
    let named = |role: &str| answers.chips.iter().any(|chip| chip.role == role);
    let asked = [
        ("what", !answers.worry.trim().is_empty()),
        ("child", named("child-at-risk")),
        ("who", named("person-of-concern")),
        ("you", !answers.name.trim().is_empty()),
    ];
    asked.map(|(code, given)| (code.to_owned(), given)).to_vec()
}

fn listed(site: &Site, filed: &Filed) -> Vec<(String, String)> {
    let t = site.t();
    let row = |(code, given): &(String, bool)| {
        let said = if *given {
            t.get("csa-given")
        } else {
            t.get("csa-not-given")
        };
        (t.code("csa", code), said)
    };
    filed.given.iter().map(row).collect()
}

/// A subject as typed, for the record. What is not a number or a date stays in the words about it.
#[must_use]
pub fn mention(chip: &Chip) -> Mention {
    let kind = SubjectKind::ALL
        .iter()
        .copied()
        .find(|kind| kind.code() == chip.kind)
        .unwrap_or(SubjectKind::Adult);
    let mut mention = Mention::named(kind, &chip.role, &chip.what);
    let age = chip.more.trim().trim_start_matches("aged ");
    if !age.is_empty() && age.len() <= 2 && age.bytes().all(|byte| byte.is_ascii_digit()) {
        age.clone_into(&mut mention.age);
    } else {
        mention.about.clone_from(&chip.more);
    }
    mention
}

/// The parts that every report has.
#[must_use]
pub fn report_of(answers: &Answers, channel: Channel, reporter: Reporter) -> Report {
    Report {
        words: answers.worry.clone(),
        safe: Safe::from_code(&answers.safe).unwrap_or(Safe::Unknown),
        spoken: answers.spoke.clone(),
        mentions: answers.chips.iter().map(mention).collect(),
        parents: answers.know.clone(),
        // Not known counts as no (R9): the comparison with the staff directory runs all the same.
        colleague: answers.colleague == "yes",
        sexual_harm: answers.sexual == "yes",
        channel,
        told: None,
        happened: String::new(),
        reporter,
        safe_to_keep: answers.keep == "yes",
        word: answers.word.clone(),
        joins: None,
        their_reference: answers.own_ref.clone(),
    }
}

/// What a member of the public answered, as a report.
#[must_use]
pub fn public_report(answers: &Answers) -> Report {
    let how = [&answers.ask_for, &answers.when]
        .into_iter()
        .filter(|part| !part.is_empty());
    let reporter = Reporter {
        name: answers.name.clone(),
        contact: match answers.reach.as_str() {
            "none" | "" => String::new(),
            way => format!("{way}: {}", answers.contact),
        },
        safe_how: how.cloned().collect::<Vec<_>>().join(", "),
        wishes: answers.know_more.clone(),
        may_be_contacted: answers.reach != "none",
        ..Reporter::unknown()
    };
    report_of(answers, Channel::PublicForm, reporter)
}

/// What somebody reporting in their work answered, as a report.
#[must_use]
pub fn work_report(answers: &Answers) -> Report {
    let reporter = Reporter {
        capacity: Capacity::Work,
        name: answers.name.clone(),
        role: answers.role.clone(),
        organisation: answers.org.clone(),
        contact: answers.contact.clone(),
        may_be_contacted: true,
        ..Reporter::unknown()
    };
    Report {
        safe_to_keep: true,
        ..report_of(answers, Channel::StaffForm, reporter)
    }
}

fn standing(when: &When<'_>, receipt: &proof::Receipt) -> Standing {
    let by = jiff_of(receipt.next.by);
    let otherwise = receipt.next.then.clone().map(|next| (next, when.time(by)));
    Standing {
        accepted: receipt
            .next
            .accepted
            .clone()
            .map(|(who, at)| (who, when.time(jiff_of(at)))),
        urgent: receipt.next.ring.is_some(),
        as_at: when.time_comma_date(when.now()),
        look_by: when.near(by),
        look_who: receipt.next.post.clone(),
        otherwise,
        again: "/q/sent".to_owned(),
    }
}

fn states(site: &Site, has_witness: bool, when: &When<'_>, receipt: &proof::Receipt) -> Receipt {
    let (signed, witnessed) = match &receipt.proven {
        proof::Proven::Recorded => (None, None),
        proof::Proven::Signed { at } => (Some(when.time(jiff_of(*at))), None),
        proof::Proven::Witnessed { at, by } => {
            let time = when.time(jiff_of(*at));
            (Some(time.clone()), Some((time, by.join(", "))))
        }
    };
    let recorded = jiff_of(receipt.recorded);
    Receipt {
        reference: receipt.reference.clone(),
        recorded: (when.time_comma_date(recorded), when.time(recorded)),
        signed,
        witnessed,
        has_witness,
        agency: site.node().agency().name.clone(),
        save: "/q/receipt".to_owned(),
    }
}

/// `GET /q/sent`: who has it, and the receipt when it is safe to keep one. The code shows once.
pub async fn sent(
    State(app): State<App>,
    On(site): On,
    headers: HeaderMap,
    mut visit: Visit,
) -> Result<Response, Error> {
    let mut said: Said = visit.load().unwrap_or_default();
    let Some(filed) = said.filed.clone() else {
        return Ok(lead("/"));
    };
    let receipt = site.node().receipt(&filed.ticket).await.map_err(fault)?;
    let (t, when) = (site.t(), site.when());
    let has_witness = !app.settings().witnesses.is_empty();
    let response = page(&Sent {
        shell: site.public(&app, &headers, &t.get("report-title-sent")),
        t,
        desk: desk(&site),
        standing: standing(&when, &receipt),
        code: filed.code.clone().filter(|_| !filed.shown),
        receipt: receipt
            .safe_to_keep
            .then(|| states(&site, has_witness, &when, &receipt)),
        full: receipt.in_work,
        contact: !matches!(said.answers.reach.as_str(), "none" | ""),
        duty_to_report: listed(&site, &filed),
    });
    if filed.shown || filed.code.is_none() {
        return Ok(response);
    }
    said.filed = Some(Filed { shown: true, ..filed });
    let saved = visit.save(&said)?;
    Ok((saved, response).into_response())
}

/// `POST /q/receipt`: the receipt as a file with a neutral name; full only for people reporting in their work.
pub async fn receipt(On(site): On, visit: Visit, _: Pressed) -> Result<Response, Error> {
    let said: Said = visit.load().unwrap_or_default();
    let filed = said.filed.ok_or(Error::NotFound)?;
    match site.node().receipt_file(&filed.ticket, filed.work).await {
        Ok(Some(bytes)) => {
            let headers = [
                (header::CONTENT_TYPE, "application/octet-stream"),
                (
                    header::CONTENT_DISPOSITION,
                    "attachment; filename=\"document.txt\"",
                ),
            ];
            Ok((headers, bytes).into_response())
        }
        Ok(None) => Err(Error::Busy),
        Err(error) => Err(fault(error)),
    }
}

/// `POST /q/code-off`: switches the code off at once.
pub async fn code_off(On(site): On, mut visit: Visit, _: Pressed) -> Result<Response, Error> {
    let mut said: Said = visit.load().unwrap_or_default();
    if let Some(code) = said.filed.as_mut().and_then(|filed| filed.code.take()) {
        site.node()
            .end_way_back(&code)
            .await
            .map_err(|error: AppError| fault(error))?;
    }
    let saved = visit.save(&said)?;
    Ok((saved, lead("/back?off=1")).into_response())
}
