//! What is shown after sending: who has it, when a person will next look, and one of three
//! receipts: nothing to keep, the short one, or the full copy for people in their work.

use askama::Template;

use super::pages::Desk;
use crate::i18n::{Html, Texts};
use crate::web::components::facts::Facts;
use crate::web::components::layout::Shell;
use crate::web::components::summary_list::SummaryList;

/// Who has it now.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// Who accepted it and at what time; nothing when nobody has.
    pub accepted: Option<(String, String)>,
    /// Whether it went to the night post, so that nobody's acceptance yet means ring.
    pub urgent: bool,
    /// "4:56pm, Friday 27 November 2026".
    pub as_at: String,
    /// "5:26pm today".
    pub look_by: String,
    /// "Emergency duty team".
    pub look_who: String,
    /// Who is next, and at what time, when they do not.
    pub otherwise: Option<(String, String)>,
    /// Where this page is read again.
    pub again: String,
}

/// What a receipt says of itself: three states, in words.
#[derive(Clone, Debug, Default)]
pub struct Receipt {
    /// The reference.
    pub reference: String,
    /// When it was recorded, in full and as a time.
    pub recorded: (String, String),
    /// The time it was signed.
    pub signed: Option<String>,
    /// Time and witness.
    pub witnessed: Option<(String, String)>,
    /// Whether any outside witness is configured.
    pub has_witness: bool,
    /// The agency that signs.
    pub agency: String,
    /// Where it is saved from.
    pub save: String,
}

impl Receipt {
    /// The three states.
    #[must_use]
    pub fn states(&self, t: &Texts) -> SummaryList {
        let recorded = t.msg("receipt-recorded-yes").arg("time", &self.recorded.1).text();
        let signed = match &self.signed {
            Some(time) => t
                .msg("receipt-signed-yes")
                .arg("time", time)
                .arg("agency", &self.agency)
                .text(),
            None => t.get("receipt-signed-not-yet"),
        };
        let witnessed = match &self.witnessed {
            Some((time, who)) => t
                .msg("receipt-witnessed-yes")
                .arg("time", time)
                .arg("who", who)
                .text(),
            None if self.has_witness => t.get("receipt-witnessed-not-yet"),
            None => t.get("receipt-witnessed-never"),
        };
        SummaryList::new()
            .row(t.get("receipt-recorded"), recorded)
            .row(t.get("receipt-signed"), signed)
            .row(t.get("receipt-witnessed"), witnessed)
    }
}

/// Sent.
#[derive(Debug, Template)]
#[template(path = "report/sent.html")]
pub struct Sent<'a> {
    /// Around it.
    pub shell: Shell<'a>,
    /// The words.
    pub t: &'a Texts,
    /// Whom to ring.
    pub desk: Desk,
    /// Who has it.
    pub standing: Standing,
    /// The code to come back with; shown once, and not at all on the one-page form.
    pub code: Option<String>,
    /// The receipt, when it is safe to keep one.
    pub receipt: Option<Receipt>,
    /// Whether the receipt is the full copy, for people reporting in their work.
    pub full: bool,
    /// Whether they may be contacted.
    pub contact: bool,
    /// What the duty to report asks for, and what was given, where it applies.
    pub duty_to_report: Vec<(String, String)>,
}

impl Sent<'_> {
    fn accepted(&self) -> Option<String> {
        let (who, time) = self.standing.accepted.as_ref()?;
        Some(
            self.t
                .msg("report-sent-accepted")
                .arg("who", who)
                .arg("time", time)
                .text(),
        )
    }

    fn nobody(&self) -> Html {
        let phone = if self.standing.urgent {
            &self.desk.night
        } else {
            &self.desk.day
        };
        let message = if self.standing.urgent {
            self.t.msg("report-sent-nobody")
        } else {
            self.t.msg("report-sent-waiting-day")
        };
        message.arg("number", &phone.words).arg("href", &phone.tel).html()
    }

    fn as_at(&self) -> Html {
        let message = self.t.msg("report-sent-as-at").arg("when", &self.standing.as_at);
        message.arg("href", &self.standing.again).html()
    }

    fn facts(&self) -> Facts {
        let (t, s) = (self.t, &self.standing);
        let who = match &s.otherwise {
            Some((next, time)) => {
                let message = t.msg("report-sent-look-else").arg("who", &s.look_who);
                message.arg("next", next).arg("time", time).text()
            }
            None => s.look_who.clone(),
        };
        let by = t.msg("report-sent-look-by").arg("when", &s.look_by).text();
        Facts {
            items: vec![
                (t.get("report-sent-look"), by, who.into()),
                (
                    t.get("report-sent-later"),
                    t.get("report-sent-steps"),
                    t.get("report-sent-steps-what").into(),
                ),
            ],
        }
    }

    fn look_sentence(&self) -> String {
        let (t, s) = (self.t, &self.standing);
        let (next, time) = s.otherwise.clone().unwrap_or_default();
        let message = t
            .msg("report-sent-look-sentence")
            .arg("when", &s.look_by)
            .arg("who", &s.look_who);
        message.arg("next", next).arg("time", time).text()
    }

    fn back(&self, code: &str) -> SummaryList {
        let t = self.t;
        let shown = t.msg("report-sent-code-what");
        let code = Html::rendered(&Code {
            code,
            what: &shown.text(),
        });
        let messages = if self.contact {
            t.get("report-sent-messages-some")
        } else {
            t.get("report-sent-messages-none")
        };
        SummaryList::new()
            .row(t.get("report-sent-code"), code)
            .row(t.get("report-sent-word"), t.get("report-sent-word-what"))
            .row(t.get("report-sent-messages"), messages)
    }

    fn given(&self) -> SummaryList {
        self.duty_to_report
            .iter()
            .fold(SummaryList::new(), |list, (asked, given)| {
                list.row(asked, given.clone())
            })
    }

    fn clear(&self) -> Html {
        self.t.msg("report-leave-4").arg("href", "/help#history").html()
    }
}

#[derive(Template)]
#[template(
    source = r#"<span class="app-code">{{ code }}</span>{{ what }}"#,
    ext = "html"
)]
struct Code<'a> {
    code: &'a str,
    what: &'a str,
}
