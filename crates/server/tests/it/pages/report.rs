//! Examples of the report pages.

use server::web::components::chips::{Chip, Chips};
use server::web::components::layout::Begun;
use server::web::report::answers::Answers;
use server::web::report::pages::{Check, Desk, Now, Phone, Start, Who, Worry, keep, know, reach, safe};
use server::web::report::sent::{Receipt, Sent, Standing};
use server::web::report::told::{Recorded, Telling, Told};
use server::web::report::work::Work;

use super::{Drawn, Ex, draw};

pub fn desk(ex: &Ex<'_>) -> Desk {
    let phone = |words: &str| Phone {
        words: ex.d(words),
        ..Phone::new(words)
    };
    Desk {
        agency: ex.d("Northmere Council"),
        day: phone("01632 960 001"),
        night: phone("01632 960 000"),
        minutes: 30,
        next: ex.d("the duty manager for the night"),
        opens: ex.d("8:30am on Monday 30 November"),
        next_working_day: ex.d("Monday 30 November"),
        now: ex.d("4:50pm, Friday 27 November 2026"),
    }
}

fn chips(ex: &Ex<'_>) -> Vec<Chip> {
    let chip = |kind: &str, role: &str, what: &str, more: &str| Chip {
        kind: kind.into(),
        role: role.into(),
        what: ex.d(what),
        more: if more.is_empty() {
            String::new()
        } else {
            ex.d(more)
        },
    };
    vec![
        chip("child", "child-at-risk", "Tegan Marlow", "13"),
        chip("child", "witness", "Younger boy, name not known", ""),
        chip("adult", "parent", "Dilys Marlow", "mother, does not know yet"),
        chip("adult", "person-of-concern", "Driver, name not known", ""),
        chip("vehicle", "used-in", "Grey van, ends 7KD", ""),
        chip("phone", "person-of-concern", "01632 960 042", ""),
    ]
}

fn answers(ex: &Ex<'_>) -> Answers {
    Answers {
        worry: ex.d(
            "Tegan has missed four afternoons this month. At 1:40pm today a man we do not know waited for her at the side gate in a grey van. A younger boy was inside.",
        ),
        safe: "unknown".into(),
        spoke: "not-yet".into(),
        chips: chips(ex),
        colleague: "no".into(),
        know: "do-not-know".into(),
        know_more: ex.d("her father must not know I told you"),
        reach: "text".into(),
        contact: ex.d("07700 900 123"),
        when: ex.d("weekdays until 6pm"),
        keep: "yes".into(),
        name: ex.d("Osian Trevarth"),
        role: ex.d("Year 9 lead"),
        org: ex.d("Northmere Academy"),
        ..Answers::default()
    }
}

fn standing(ex: &Ex<'_>, accepted: bool) -> Standing {
    Standing {
        accepted: accepted.then(|| (ex.d("the emergency duty team"), ex.d("5:04pm"))),
        urgent: true,
        as_at: ex.d("4:56pm, Friday 27 November 2026"),
        look_by: ex.d("5:26pm today"),
        look_who: ex.d("Emergency duty team"),
        otherwise: Some((ex.d("the duty manager"), ex.d("5:26pm"))),
        again: "/q/sent".into(),
    }
}

fn receipt(ex: &Ex<'_>) -> Receipt {
    Receipt {
        reference: ex.d("NM-6WJF-83PC"),
        recorded: (ex.d("4:56pm, Friday 27 November 2026"), ex.d("4:56pm")),
        signed: Some(ex.d("4:56pm")),
        witnessed: None,
        has_witness: true,
        agency: ex.d("Northmere Council"),
        save: "/q/receipt".into(),
    }
}

fn questions(ex: &Ex<'_>) -> Vec<Drawn> {
    let t = ex.t;
    let title = |number: u32| t.msg("report-title-question").n("number", number).text();
    let shell = |number: u32, back: &str| ex.public(title(number)).back(back);
    let (desk, given) = (desk(ex), answers(ex));
    let worry = |shell, answers: Answers| Worry {
        shell,
        t,
        desk: desk.clone(),
        answers,
    };
    let empty = Answers::default();
    let wrong = ex.public(title(1)).errors(&empty.check_worry(t, 5));
    vec![
        draw(
            "start",
            &Start {
                shell: ex.public(t.get("report-title-start")),
                t,
                desk: desk.clone(),
            },
        ),
        draw("worry", &worry(shell(1, "/"), empty.clone())),
        draw("worry-error", &worry(wrong, empty.clone())),
        draw("safe", &safe(shell(2, "/q/1"), &desk, &empty)),
        draw(
            "now",
            &Now {
                shell: ex.public(t.get("report-title-now")).back("/q/2"),
                t,
                desk: desk.clone(),
                answers: given.clone(),
            },
        ),
        draw(
            "who",
            &Who {
                shell: shell(3, "/q/2"),
                t,
                chips: Chips::new(t, given.chips.clone()),
                colleague: String::new(),
            },
        ),
        draw("know", &know(shell(4, "/q/3"), &given)),
        draw(
            "reach",
            &reach(shell(5, "/q/4").errors(&empty.check_reach(t)), &empty),
        ),
        draw(
            "keep",
            &keep(ex.public(t.get("report-title-keep")).back("/q/5"), &empty),
        ),
        draw(
            "check",
            &Check {
                shell: ex.public(t.get("report-title-check")).back("/q/keep"),
                t,
                answers: given,
                once: "once".into(),
            },
        ),
    ]
}

fn receipts(ex: &Ex<'_>) -> Vec<Drawn> {
    let t = ex.t;
    let sent = |accepted: bool, kept: bool, full: bool| Sent {
        shell: ex.public(t.get("report-title-sent")),
        t,
        desk: desk(ex),
        standing: standing(ex, accepted),
        code: (!full).then(|| ex.d("7H4 K2P")),
        receipt: kept.then(|| receipt(ex)),
        full,
        contact: full,
        duty_to_report: if full {
            vec![(ex.d("When and where"), ex.d("Given"))]
        } else {
            Vec::new()
        },
    };
    vec![
        draw("sent", &sent(false, true, false)),
        draw("sent-nothing-to-keep", &sent(false, false, false)),
        draw("sent-full", &sent(true, true, true)),
    ]
}

fn told(ex: &Ex<'_>) -> Vec<Drawn> {
    let t = ex.t;
    let shell = || ex.staff(t.get("told-title"), "/record");
    let telling = Telling {
        how: "telephone".into(),
        who: ex.d("Carys Holtby, aunt"),
        kind: "private".into(),
        when: ["27", "11", "2026", "2:10pm"].map(|part| ex.d(part)),
        receipt: "no".into(),
        ..Telling::default()
    };
    let page = Told {
        shell: shell(),
        t,
        telling,
        answers: answers(ex),
        chips: Chips::new(t, chips(ex)),
        written: ex.d("3:24pm, Friday 27 November 2026"),
        gap: Some(ex.d("1 hour 14 minutes")),
        once: "once".into(),
    };
    let done = Recorded {
        shell: shell(),
        t,
        reference: ex.d("NM-D5VR-42XG"),
        due: ex.d("2:10pm, Monday 30 November"),
        may_open: true,
    };
    let mut begun = shell();
    begun.begun = Some(Begun {
        since: ex.d("9:12am today"),
        drop: "/unsent/00".into(),
    });
    let unsent = Told {
        shell: begun,
        chips: Chips::new(t, chips(ex)),
        answers: answers(ex),
        telling: page.telling.clone(),
        t,
        written: ex.d("3:24pm, Friday 27 November 2026"),
        gap: None,
        once: "once".into(),
    };
    vec![
        draw("told", &page),
        draw("told-begun", &unsent),
        draw("told-done", &done),
    ]
}

pub fn pages(ex: &Ex<'_>) -> Vec<Drawn> {
    let t = ex.t;
    let mut pages = questions(ex);
    pages.extend(receipts(ex));
    pages.extend(told(ex));
    let work = Work {
        shell: ex.public(t.get("work-title")),
        t,
        desk: desk(ex),
        answers: answers(ex),
        chips: Chips::new(t, chips(ex)),
        ring_now: true,
        once: "once".into(),
    };
    pages.push(draw("work", &work));
    pages
}
