//! Examples of the page on which inspections are let in.

use server::web::inspection::page::{Given, Grant, Inspections, POWERS};
use server::web::time::page::TimePage;

use super::{Drawn, Ex, draw};

fn grant(ex: &Ex<'_>, state: &'static str) -> Grant {
    let between = |from: &str, until: &str| {
        ex.t.msg("grant-between")
            .arg("from", ex.d(from))
            .arg("until", ex.d(until))
            .text()
    };
    Grant {
        who: "1".into(),
        asked: "2".into(),
        title: ex.d("Marta Quill: joint inspection of Northmere"),
        state,
        times: between("23 November 2026", "4 December 2026"),
        scope: between("1 September 2026", "30 November 2026"),
        power: ex.t.code("power", "joint-inspection"),
        by: vec![
            ex.d("Amara Oduya, Director"),
            ex.d("Colm Byrne, Monitoring officer"),
        ],
        may_agree: state == "waits",
        may_end: state != "ended",
    }
}

pub fn pages(ex: &Ex<'_>) -> Vec<Drawn> {
    let t = ex.t;
    let shell = || {
        ex.staff(t.get("grants-title"), "/inspections")
            .more(t.get("nav-inspections"), "/inspections")
            .sections("/inspections", Some(9))
    };
    let full = Inspections {
        shell: shell().errors(&vec![("from".to_owned(), t.get("grant-date-error"))]),
        t,
        grants: vec![grant(ex, "waits"), grant(ex, "in-force"), grant(ex, "ended")],
        inspectors: vec![("1".into(), ex.d("Marta Quill"))],
        given: Given {
            inspector: "1".into(),
            power: POWERS.first().copied().unwrap_or_default().to_owned(),
            ..Given::default()
        },
    };
    let none = Inspections {
        shell: shell(),
        t,
        grants: Vec::new(),
        inspectors: Vec::new(),
        given: Given::default(),
    };
    let clock = |held, may_confirm| TimePage {
        shell: ex.staff(t.get("time-title"), "/time").held(true),
        t,
        held,
        may_confirm,
    };
    let held = (
        ex.d("5:10pm, Friday 27 November 2026"),
        ex.d("8:00am, Monday 30 November 2026"),
        t.msg("time-forward")
            .arg("span", ex.d("2 days and 15 hours"))
            .text(),
    );
    vec![
        draw("inspections", &full),
        draw("inspections-none", &none),
        draw("time", &clock(Some(held.clone()), true)),
        draw("time-others", &clock(Some(held), false)),
        draw("time-runs", &clock(None, true)),
    ]
}
