//! Examples of the pages of one form, of words, and of coming back.

use server::web::open::form::{Kind, come_back, invitation, set_up, sign_in, wrong_code};
use server::web::open::progress::Progress;
use server::web::open::receipt::{Checked, Proven, ReceiptPage};
use server::web::open::text::{Fault, accessibility, cookies, demo, fault, help, privacy, proving, refused};

use super::report::desk;
use super::{Drawn, Ex, draw};

fn forms(ex: &Ex<'_>) -> Vec<Drawn> {
    let t = ex.t;
    let shell = |title: &str| ex.public(t.get(title));
    vec![
        draw(
            "back",
            &come_back(
                shell("back-title").errors(&vec![wrong_code(t)]),
                &ex.d("7H4 K2P"),
                false,
            ),
        ),
        draw("back-off", &come_back(shell("back-title"), "", true)),
        draw("sign-in", &sign_in(shell("sign-in-title"), "")),
        draw(
            "invitation",
            &invitation(shell("invite-title"), "/invite/x", false),
        ),
        draw(
            "invitation-demo",
            &invitation(shell("invite-title"), "/invite/x", true),
        ),
        draw("set-up", &set_up(shell("invite-title"), &ex.d("KEY"), "ticket")),
    ]
}

fn receipt<'a>(ex: &Ex<'a>, kind: Option<Kind>) -> ReceiptPage<'a> {
    let t = ex.t;
    let entry = Proven {
        heading: t
            .msg("check-receipt-entry")
            .arg("index", ex.d("7"))
            .arg("log", ex.d("daylight.invalid/northmere"))
            .text(),
        facts: vec![
            (
                t.get("check-receipt-by"),
                ex.d("daylight.invalid/northmere/records"),
            ),
            (t.get("check-receipt-witnessed"), t.get("check-receipt-alone")),
            (t.code("shown", "reference"), ex.d("NM-7KD2-Q4")),
        ],
    };
    let (why, entries) = match kind {
        Some(Kind::Good) => (t.msg("check-receipt-good-why").n("count", 1).text(), vec![entry]),
        Some(Kind::Bad) => (t.get("check-receipt-bad-why"), Vec::new()),
        _ => (t.get("check-receipt-neither-why"), Vec::new()),
    };
    let errors = match kind {
        None => vec![("file".to_owned(), t.get("check-receipt-error"))],
        _ => Vec::new(),
    };
    ReceiptPage {
        shell: ex.public(t.get("check-receipt-title")).back("/").errors(&errors),
        t,
        result: kind.map(|kind| Checked { kind, why, entries }),
        pasted: String::new(),
        keys: match kind {
            Some(Kind::Bad) => ex.d("log daylight.invalid/wrenford"),
            _ => String::new(),
        },
    }
}

pub fn pages(ex: &Ex<'_>) -> Vec<Drawn> {
    let t = ex.t;
    let shell = |title: &str| ex.public(t.get(title));
    let desk = desk(ex);
    let progress = Progress {
        shell: shell("progress-title"),
        t,
        received: ex.d("4:56pm on Friday 27 November 2026"),
        read: Some(ex.d("5:04pm on Friday 27 November 2026")),
        decided: None,
        accepted: Some((ex.d("the emergency duty team"), ex.d("5:04pm"))),
        ring: Some(desk.night.clone()),
        sentences: vec![ex.d("What you told us was received.")],
        told: vec![(
            t.msg("progress-decision").arg("who", ex.d("T.M., 13")).text(),
            ex.d("Assessment"),
        )],
        next: ex.d("A social worker visits on Monday. Ring the hub."),
        disputable: vec![("a".into(), ex.d("T.M., 13")), ("b".into(), ex.d("I.M., 9"))],
        picked: String::new(),
        why: String::new(),
        disagreed: true,
        added: true,
        words: String::new(),
    };
    let mut pages = forms(ex);
    pages.extend([
        draw("progress", &progress),
        draw("help", &help(shell("help-title"), &desk)),
        draw("privacy", &privacy(shell("privacy-title"), &desk.agency)),
        draw("cookies", &cookies(shell("cookies-title"))),
        draw(
            "accessibility",
            &accessibility(shell("accessibility-title"), &desk),
        ),
        draw("proving", &proving(shell("proving-title"))),
        draw("check-receipt", &receipt(ex, None)),
        draw("check-receipt-good", &receipt(ex, Some(Kind::Good))),
        draw("check-receipt-bad", &receipt(ex, Some(Kind::Bad))),
        draw("check-receipt-neither", &receipt(ex, Some(Kind::Neither))),
        draw(
            "demo",
            &demo(shell("demo-title"), &ex.d("9:00am on Monday 30 November 2026")),
        ),
        draw("refused", &refused(ex.public(""), "open-duties")),
        draw("not-found", &fault(ex.public(""), Fault::NotFound, &desk)),
        draw("too-many", &fault(ex.public(""), Fault::TooMany, &desk)),
        draw("broken", &fault(ex.public(""), Fault::Broken, &desk)),
    ]);
    pages
}
