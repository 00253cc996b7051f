//! Filing a report, and its receipt.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::view::SubjectKind;
use node::app::proof::Receipt;
use node::app::report::{Capacity, Channel, Filed, Mention, NextLook, Report, Reporter, Safe, Told};
use node::signin::token::ApiScope;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::caller::{Caller, Key, Once, Refusals, Writes};
use super::time;
use crate::app::App;
use crate::error::{Error, Fault};
use crate::guard::input;

/// A report.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReportIn {
    /// What worries you, in your words. Paragraphs are separated by a blank line.
    #[schema(pattern = r"\S")]
    words: String,
    /// Is the child safe until the next working day? `yes`, `no` or `unknown`.
    #[schema(pattern = "^(yes|no|unknown)$")]
    safe: String,
    /// Have you spoken to someone? `yes`, `no-answer`, `not-yet`, `not-safe-to-ring`.
    #[serde(default)]
    spoken: String,
    /// Who and what it is about.
    mentions: Vec<MentionIn>,
    /// Do the parents or carers know? `know-safe`, `know-not-safe`, `do-not-know`, `must-not-know`, `unknown`.
    #[schema(pattern = "^(know-safe|know-not-safe|do-not-know|must-not-know|unknown)$")]
    parents: String,
    /// Does it involve someone who works or volunteers with children, or for the council, police or health?
    colleague: bool,
    /// Sexual harm or exploitation is marked.
    #[serde(default)]
    sexual_harm: bool,
    /// When it happened, in words.
    #[serde(default)]
    happened: String,
    /// When you were told (RFC 3339), if you write down what somebody told you. The clock starts here.
    #[schema(format = DateTime)]
    told_at: Option<String>,
    /// By which channel you were told: `telephone`, `in-person`, `letter`, `email`, `night-log`.
    told_by: Option<String>,
    /// The paper sheet's number.
    #[serde(default)]
    sheet: String,
    /// Who reports.
    reporter: ReporterIn,
    /// The reference of an earlier telling that this belongs to.
    joins: Option<String>,
    /// Your own reference.
    #[serde(default)]
    their_reference: String,
}

/// Somebody or something mentioned. What is not known is left out.
#[derive(Clone, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MentionIn {
    /// `child`, `adult`, `vehicle`, `phone`, `handle`, `device`, `place`, `organisation`.
    #[schema(pattern = "^(child|adult|vehicle|phone|handle|device|place|organisation)$")]
    kind: String,
    /// `child-at-risk`, `person-of-concern`, `parent`, `witness`, `used-in`, `other`.
    #[schema(pattern = "^(child-at-risk|person-of-concern|parent|witness|used-in|other)$")]
    role: String,
    /// Name of a person, mark of a vehicle, number of a phone, name on a service, address of a place.
    #[serde(default)]
    name: String,
    /// Date of birth as far as known: `2012-05-14`, `2012-05`, `2012`.
    #[serde(default)]
    born: String,
    /// Age, if that is what is known.
    #[serde(default)]
    age: String,
    /// NHS number.
    #[serde(default)]
    nhs_number: String,
    /// Telephone number.
    #[serde(default)]
    phone: String,
    /// Address or postcode.
    #[serde(default)]
    address: String,
    /// School or workplace.
    #[serde(default)]
    works_or_learns_at: String,
    /// Anything else that helps to know who or what it is.
    #[serde(default)]
    about: String,
}

/// Who reports, held apart from what is reported.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReporterIn {
    /// `work`, `parent`, `child`, `private`.
    #[schema(pattern = "^(work|parent|child|private)$")]
    capacity: String,
    /// Their name.
    #[serde(default)]
    name: String,
    /// Their role.
    #[serde(default)]
    role: String,
    /// Their organisation.
    #[serde(default)]
    organisation: String,
    /// The way to reach them that they called safe.
    #[serde(default)]
    contact: String,
    /// When and under which name that is safe.
    #[serde(default)]
    safe_how: String,
    /// What they wish.
    #[serde(default)]
    wishes: String,
    /// Whether any message at all is safe.
    #[serde(default)]
    may_be_contacted: bool,
}

/// What a report becomes.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct FiledOut {
    /// The reference.
    reference: String,
    /// When it was recorded.
    recorded: String,
    /// When we were told: the clock's start.
    received: String,
    /// For reading the receipt. Keep it as you keep the reference.
    ticket: String,
    /// Whether this very report had been filed before.
    repeated: bool,
}

/// A receipt.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct ReceiptOut {
    /// The reference.
    reference: String,
    /// When it was recorded.
    recorded: String,
    /// When we were told.
    received: String,
    /// `recorded`, `signed` or `witnessed`.
    proof: &'static str,
    /// When the proof reached that state.
    proof_at: Option<String>,
    /// Who witnessed it.
    witnesses: Vec<String>,
    /// What happens next.
    next: NextOut,
}

/// What happens next, in clock time.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct NextOut {
    /// When a person will have looked.
    by: String,
    /// The post that will.
    post: String,
    /// The number to ring now.
    ring: Option<String>,
    /// The post that accepted it.
    accepted_by: Option<String>,
    /// When it did.
    accepted_at: Option<String>,
}

/// One of a few, or which they are.
pub(super) fn choice<T>(found: Option<T>, pointer: &str, choices: &str) -> Result<T, Error> {
    found.ok_or_else(|| {
        Error::Invalid(vec![Fault {
            pointer: pointer.to_owned(),
            code: "not-a-choice",
            detail: format!("Expected one of {choices}."),
        }])
    })
}

/// Everybody and everything mentioned, each with its place for a pointer.
pub(super) fn mentions(given: Vec<MentionIn>) -> Result<Vec<Mention>, Error> {
    given
        .into_iter()
        .enumerate()
        .map(|(place, one)| mention(place, one))
        .collect()
}

fn mention(place: usize, given: MentionIn) -> Result<Mention, Error> {
    const KINDS: &str = "child, adult, vehicle, phone, handle, device, place, organisation";
    const ROLES: [&str; 6] = [
        "child-at-risk",
        "person-of-concern",
        "parent",
        "witness",
        "used-in",
        "other",
    ];
    let at = format!("/mentions/{place}");
    let role = ROLES.contains(&given.role.as_str()).then_some(given.role);
    let line = |text: String| input::line(&text);
    Ok(Mention {
        kind: choice(SubjectKind::from_code(&given.kind), &format!("{at}/kind"), KINDS)?,
        role: choice(role, &format!("{at}/role"), &ROLES.join(", "))?,
        name: line(given.name),
        born: line(given.born),
        age: line(given.age),
        nhs_number: line(given.nhs_number),
        phone: line(given.phone),
        address: line(given.address),
        works_or_learns_at: line(given.works_or_learns_at),
        about: given.about,
    })
}

fn reporter(given: ReporterIn) -> Result<Reporter, Error> {
    let capacity = Capacity::from_code(&given.capacity);
    Ok(Reporter {
        capacity: choice(capacity, "/reporter/capacity", "work, parent, child, private")?,
        name: input::line(&given.name),
        role: input::line(&given.role),
        organisation: input::line(&given.organisation),
        contact: input::line(&given.contact),
        safe_how: given.safe_how,
        wishes: given.wishes,
        may_be_contacted: given.may_be_contacted,
    })
}

fn channel(told_by: Option<&String>) -> Result<Channel, Error> {
    const TOLD: [Channel; 5] = [
        Channel::Telephone,
        Channel::InPerson,
        Channel::Letter,
        Channel::Email,
        Channel::NightLog,
    ];
    match told_by {
        None => Ok(Channel::Api),
        Some(code) => {
            let found = TOLD.into_iter().find(|c| c.code() == code);
            choice(
                found,
                "/told_by",
                "telephone, in-person, letter, email, night-log",
            )
        }
    }
}

impl ReportIn {
    fn read(self) -> Result<Report, Error> {
        const PARENTS: [&str; 5] = [
            "know-safe",
            "know-not-safe",
            "do-not-know",
            "must-not-know",
            "unknown",
        ];
        let parents = PARENTS.contains(&self.parents.as_str()).then_some(self.parents);
        let told = time::read_if(self.told_at.as_ref(), "/told_at")?;
        Ok(Report {
            words: self.words,
            safe: choice(Safe::from_code(&self.safe), "/safe", "yes, no, unknown")?,
            spoken: self.spoken,
            mentions: mentions(self.mentions)?,
            parents: choice(parents, "/parents", &PARENTS.join(", "))?,
            colleague: self.colleague,
            sexual_harm: self.sexual_harm,
            channel: channel(self.told_by.as_ref())?,
            told: told.map(|at| Told {
                at,
                sheet: self.sheet,
            }),
            happened: self.happened,
            reporter: reporter(self.reporter)?,
            safe_to_keep: true,
            word: String::new(),
            joins: self.joins,
            their_reference: self.their_reference,
        })
    }
}

impl From<Filed> for FiledOut {
    fn from(filed: Filed) -> Self {
        Self {
            reference: filed.reference,
            recorded: time::write(filed.recorded),
            received: time::write(filed.received),
            ticket: filed.ticket,
            repeated: filed.repeated,
        }
    }
}

impl From<NextLook> for NextOut {
    fn from(next: NextLook) -> Self {
        let (accepted_by, accepted_at) = next.accepted.map(|(post, at)| (post, time::write(at))).unzip();
        Self {
            by: time::write(next.by),
            post: next.post,
            ring: next.ring,
            accepted_by,
            accepted_at,
        }
    }
}

impl From<Receipt> for ReceiptOut {
    fn from(receipt: Receipt) -> Self {
        let (proof, proof_at, witnesses) = super::proof::state(receipt.proven);
        Self {
            reference: receipt.reference,
            recorded: time::write(receipt.recorded),
            received: time::write(receipt.received),
            proof,
            proof_at,
            witnesses,
            next: receipt.next.into(),
        }
    }
}

/// Files a report. Sent again with the same key, it is the same report and the same answer.
#[utoipa::path(
    post, path = "/api/v1/reports", operation_id = "fileReport", request_body = ReportIn,
    params(Key),
    responses(
        (status = 201, description = "Recorded", body = FiledOut),
        (status = 200, description = "It had been recorded before", body = FiledOut),
        Writes, Refusals
    )
)]
pub(super) async fn file(
    State(app): State<App>,
    caller: Caller,
    once: Once,
    input::Json(given): input::Json<ReportIn>,
) -> Result<Response, Error> {
    let acting = caller.may(ApiScope::Report)?;
    let key = once.key(&app, &acting);
    let what = serde_json::to_vec(&given).map_err(|_| Error::Internal)?;
    let node = app.node().once(key, app.door().tag("api-asked", &what).0);
    let filed = node.raise(&key, &given.read()?, Some(&acting)).await?;
    if filed.repeated && !node.is_same_report().await? {
        return Err(Error::KeyReused);
    }
    let status = if filed.repeated {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    let location = format!("/api/v1/receipts/{}", filed.ticket);
    let mut response = (status, Json(FiledOut::from(filed))).into_response();
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}

/// The receipt of a report: how far its proof has come, and what happens next.
#[utoipa::path(
    get, path = "/api/v1/receipts/{ticket}", operation_id = "receipt",
    params(("ticket" = String, Path, description = "As given when it was filed.")),
    responses(
        (status = 200, description = "The receipt", body = ReceiptOut),
        Refusals
    )
)]
pub(super) async fn receipt(
    State(app): State<App>,
    caller: Caller,
    Path(ticket): Path<String>,
) -> Result<Json<ReceiptOut>, Error> {
    caller.may(ApiScope::Report)?;
    let receipt = app.node().receipt(&ticket).await?;
    Ok(Json(receipt.into()))
}
