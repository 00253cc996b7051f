//! Somebody reporting in their work: the word, what they are told once their organisation is confirmed, disagreeing.

use axum::http::StatusCode;

use crate::bench::Bench;
use crate::walk::{Visitor, code_on, signed_in};

const REPORT: &[(&str, &str)] = &[
    ("do", "send"),
    ("worry", "He has bruises that he will not speak of."),
    ("safe", "yes"),
    ("colleague", "no"),
    ("know", "do-not-know"),
    ("name", "Carys Holtby"),
    ("role", "teacher"),
    ("org", "Tarn Road School"),
    ("contact", "office@tarn-road.example"),
    ("word", "heron"),
    ("sexual", "no"),
];

/// The address in the page that ends so.
fn link(visitor: &Visitor<'_>, marker: &str) -> String {
    let mut links = visitor.page.body.split("href=\"").skip(1);
    let found = links.find_map(|part| part.split('"').next().filter(|to| to.contains(marker)));
    found
        .unwrap_or_else(|| panic!("no link to {marker}: {}", visitor.page.body))
        .to_owned()
}

/// Reports one child from the staff page; gives the code and the concern's address.
async fn reported<'b>(bench: &'b Bench, hub: &mut Visitor<'b>) -> (String, String) {
    let mut teacher = Visitor::open(bench, "/work").await;
    let chip = [
        ("do", "add"),
        ("add-kind", "child"),
        ("add-role", "child-at-risk"),
        ("add-what", "Owen Tarrant"),
        ("add-more", "9"),
    ];
    teacher.send("/work", &chip).await;
    let once = teacher.value_of("once");
    let mut form = REPORT.to_vec();
    form.push(("once", &once));
    teacher.send("/work", &form).await;
    assert_eq!(teacher.at, "/q/sent", "{}", teacher.page.body);
    hub.go("/duties").await;
    let at = link(hub, "/concerns/");
    let at: Vec<&str> = at.split('/').take(3).collect();
    (code_on(&teacher), at.join("/"))
}

async fn decide(hub: &mut Visitor<'_>, at: &str, marks: &[&str]) {
    hub.go(&format!("{at}/decide")).await;
    let outcome = hub.page.body.split("name=\"outcome-").nth(1).unwrap();
    let handle = outcome.split('"').next().unwrap().to_owned();
    let (outcome, reason) = (format!("outcome-{handle}"), format!("reason-{handle}"));
    let seen = hub.value_of("seen");
    let mut form = vec![
        (outcome.as_str(), "assessment"),
        (reason.as_str(), "A social worker should see him."),
        ("seen", &seen),
        ("do", "decide"),
    ];
    form.extend(marks.iter().map(|mark| ("mark", *mark)));
    hub.send(&format!("{at}/decide"), &form).await;
    assert!(hub.at.contains("done=decided"), "{}", hub.page.body);
}

/// Law: OWN-R7-telling
#[tokio::test]
async fn a_teacher_reads_the_decision_once_confirmed_and_disagrees() {
    let bench = Bench::with(|settings| settings.demo = true).await;
    let mut hub = signed_in(&bench, "Priya Nair", "northmere/hub").await;
    let (code, at) = reported(&bench, &mut hub).await;
    decide(&mut hub, &at, &[]).await;

    let reporter = format!("{at}/reporter");
    hub.go(&reporter).await;
    assert!(
        hub.shows("told only what anyone is told") && !hub.shows("value=\"work\""),
        "{}",
        hub.page.body
    );
    let confirm = link(&hub, "/duties/");
    hub.go(&confirm).await;
    let seen = hub.value_of("seen");
    let mut answer = vec![
        ("do", "answer"),
        ("seen", seen.as_str()),
        ("how", "done"),
        ("words", "Rang the number on the school's own page."),
    ];
    hub.send(&confirm, &answer).await;
    assert_eq!(hub.page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(hub.shows("Select what was found") && hub.shows("Rang the number"));
    answer.push(("finding", "organisation-confirmed"));
    hub.send(&confirm, &answer).await;
    hub.go(&reporter).await;
    let words = "A social worker visits on Monday. Ring the hub.";
    hub.send(&reporter, &[("form", "work"), ("words", words)]).await;
    assert!(hub.at.contains("done=told"), "{}", hub.page.body);

    let mut teacher = Visitor::open(&bench, "/back").await;
    teacher.send("/back", &[("code", &code), ("word", "heron")]).await;
    assert!(
        teacher.shows("Decision for O.T., aged 9") && teacher.shows("Assessment") && teacher.shows(words),
        "{}",
        teacher.page.body
    );
    assert!(!teacher.shows("Tarrant") && !teacher.shows("bruises"));
    let decision = teacher.value_of("decision");
    let empty = [("decision", decision.as_str()), ("disagree", " ")];
    teacher.send("/back/disagree", &empty).await;
    assert_eq!(teacher.page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mine = [
        ("decision", decision.as_str()),
        ("disagree", "He must be seen today."),
    ];
    teacher.send("/back/disagree", &mine).await;
    assert!(teacher.shows("Someone who took no part in the decision answers it"));
    assert!(!teacher.shows("name=\"disagree\""), "said once");
}

#[tokio::test]
async fn a_mark_of_sexual_harm_sets_a_hold_and_stays() {
    let bench = Bench::with(|settings| settings.demo = true).await;
    let mut hub = signed_in(&bench, "Priya Nair", "northmere/hub").await;
    let (_, at) = reported(&bench, &mut hub).await;
    decide(&mut hub, &at, &["sexual-exploitation"]).await;
    let mut records = signed_in(&bench, "Ines Cole", "northmere/records-officer").await;
    records.go(&format!("{at}/keeping")).await;
    assert!(!records.shows("No hold was ever set"), "{}", records.page.body);
    hub.go(&format!("{at}/decide")).await;
    assert!(
        hub.shows("Marked: Sexual exploitation.") && !hub.shows("value=\"sexual-exploitation\""),
        "{}",
        hub.page.body
    );
    hub.send(&format!("{at}/decide"), &[("do", "mark")]).await;
    assert!(hub.shows("Mark at least one kind"));
    hub.send(&format!("{at}/decide"), &[("do", "mark"), ("mark", "neglect")])
        .await;
    assert!(hub.shows("Neglect."), "{}", hub.page.body);
}

/// Law: CPA2026-report-duty
#[tokio::test]
async fn where_the_duty_to_report_may_apply_the_receipt_lists_what_was_given() {
    let bench = Bench::with(|settings| settings.demo = true).await;
    let mut teacher = Visitor::open(&bench, "/work").await;
    let chip = [
        ("do", "add"),
        ("add-kind", "child"),
        ("add-role", "child-at-risk"),
        ("add-what", "Owen Tarrant"),
    ];
    teacher.send("/work", &chip).await;
    let once = teacher.value_of("once");
    let mut form: Vec<_> = REPORT
        .iter()
        .filter(|(name, _)| *name != "sexual")
        .copied()
        .collect();
    form.extend([("sexual", "yes"), ("once", once.as_str())]);
    teacher.send("/work", &form).await;
    assert!(
        teacher.shows("The duty to report") && teacher.shows("Which child") && teacher.shows("Not given"),
        "{}",
        teacher.page.body
    );
    let mut records = signed_in(&bench, "Ines Cole", "northmere/records-officer").await;
    let mut hub = signed_in(&bench, "Priya Nair", "northmere/hub").await;
    hub.go("/duties").await;
    let at = link(&hub, "/concerns/");
    let at: Vec<&str> = at.split('/').take(3).collect();
    records.go(&format!("{}/keeping", at.join("/"))).await;
    assert!(!records.shows("No hold was ever set"), "{}", records.page.body);
}
