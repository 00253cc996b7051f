//! What an entry is, in a few words that stand by themselves: which duty, whose decision, which post was passed.

use domain::record::{Kind, Value};
use node::app::concern::{ConcernPage, Entry};

use super::handlers::outcome_title;
use crate::i18n::Message;
use crate::web::duties::lines::title as clock_title;
use crate::web::site::Site;

/// The title of an entry.
#[must_use]
pub fn of(site: &Site, found: &ConcernPage, entry: &Entry) -> String {
    let t = site.t();
    let code = |name: &str| match entry.codes.get(name) {
        Some(Value::Text(text)) => Some(text.as_str()),
        _ => None,
    };
    let post = || entry.posts.first().map(|post| site.post_title(post));
    let duty = || {
        let made = entry.duty.and_then(|id| found.concern.duty(id));
        made.map(|duty| clock_title(site, &duty.clock))
    };
    let whom = entry.subject.and_then(|id| {
        let subject = found.subjects.iter().find(|one| one.id == id)?;
        let label = subject.label.clone();
        (!label.is_empty() && !subject.not_about).then_some(label)
    });
    let beside = || {
        let record = code("record")?;
        let other = found
            .entries
            .iter()
            .find(|one| one.record.to_string() == record)?;
        Some(other.sequence.to_string())
    };
    let plain = t.code("entry", entry.kind.code());
    let title = match entry.kind {
        Kind::Decided => {
            let outcome = code("outcome").map(|outcome| outcome_title(site, outcome));
            what(t.msg("entry-decided-what"), outcome)
        }
        Kind::Answered => {
            let how = t.code("entry-how", code("how").unwrap_or("done"));
            what(t.msg("entry-answered-what"), duty()).map(|msg| msg.arg("how", how))
        }
        Kind::DutyMade => what(t.msg("entry-duty-made-what"), duty()),
        Kind::Accepted => what(t.msg("entry-accepted-what"), duty()),
        Kind::Lapsed => what(t.msg("entry-lapsed-what"), duty()),
        Kind::ReDated => what(t.msg("entry-re-dated-what"), duty()),
        Kind::Waiting => what(t.msg("entry-waiting-what"), duty()),
        Kind::Asked => what(t.msg("entry-asked-what"), duty()),
        Kind::Climbed => what(t.msg("entry-climbed-what"), duty())
            .zip(post())
            .map(|(msg, post)| msg.arg("post", post)),
        Kind::SteppedOver => {
            let why = t.code("passed", code("reason").unwrap_or_default());
            what(t.msg("entry-passed-what"), post()).map(|msg| msg.arg("why", why))
        }
        Kind::Owned => what(t.msg("entry-owned-what"), post()),
        Kind::Corrected => what(t.msg("entry-corrected-what"), beside()),
        Kind::Disputed => what(t.msg("entry-disputed-what"), beside()),
        Kind::ReLabelled => what(
            t.msg("entry-re-labelled-what"),
            code("label").map(|label| t.code("amend-choice", label)),
        ),
        Kind::SubjectNamed => what(
            t.msg("entry-named-what"),
            code("type").map(|kind| t.code("kind", kind)),
        ),
        _ => None,
    };
    let title = title.map_or(plain, |message| message.text());
    match whom.filter(|_| entry.kind != Kind::SubjectNamed) {
        Some(whom) => t.msg("entry-for").arg("title", title).arg("whom", whom).text(),
        None => title,
    }
}

fn what(message: Message<'_>, arg: Option<String>) -> Option<Message<'_>> {
    arg.map(|arg| message.arg("what", arg))
}
