//! Examples of the pages of one form, of words, and of coming back.

use server::web::account::page::{Account, Place};
use server::web::open::form::{come_back, invitation, set_up, sign_in, wrong_code};
use server::web::open::progress::Progress;
use server::web::open::text::{
    Fault, accessibility, checking, cookies, demo, fault, help, privacy, proving, refused,
};

use super::report::desk;
use super::{Drawn, Ex, draw};

fn account<'a>(ex: &Ex<'a>) -> Account<'a> {
    let place = |id: &str, this| Place {
        id: id.into(),
        started: ex.d("9:00am, Monday 30 November 2026"),
        last: ex.d("9:42am today"),
        this,
    };
    Account {
        shell: ex.staff(ex.t.get("account-title"), ""),
        t: ex.t,
        posts: vec![
            ("northmere/hub".into(), ex.d("Hub")),
            ("northmere/edt".into(), ex.d("Night team")),
        ],
        acting: "northmere/hub".into(),
        places: vec![place("a", true), place("b", false)],
    }
}

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
        draw("account", &account(ex)),
    ]
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
        may_disagree: true,
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
        draw("checking", &checking(shell("check-receipt-title"))),
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
