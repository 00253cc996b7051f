//! Examples of the duty pages.

use node::app::duties::{ANSWERS, READ_ANSWERS};
use server::web::concern::summary::Paragraph;
use server::web::duties::climbed::{Before, Climbed};
use server::web::duties::duty::{Duty, Given};
use server::web::duties::list::{Duties, Line, List};
use server::web::duties::waiting::Waiting;
use server::web::duties::why::Why;
use server::web::format::{ClockWords, When};

use super::{Drawn, Ex, draw};

pub fn clock(ex: &Ex<'_>, started: &str, due: &str, waiting: bool) -> ClockWords {
    let when = When::london(ex.t, "2026-11-24T09:42:00Z".parse().unwrap());
    when.clock(started.parse().unwrap(), due.parse().unwrap(), waiting)
}

fn line(ex: &Ex<'_>, title: &str, who: &str, clock: ClockWords, status: &'static str) -> Line {
    Line {
        title: ex.d(title),
        href: "/duties/1".into(),
        reference: ex.d("NM-C3WT-8H5V"),
        who: ex.d(who),
        from: ex.d("Asked by Dunvale Police, Thursday 19 November"),
        clock,
        status,
        notes: Vec::new(),
    }
}

pub fn lines(ex: &Ex<'_>) -> Vec<Line> {
    let overdue = clock(ex, "2026-11-19T09:00:00Z", "2026-11-24T09:00:00Z", false);
    let sent =
        ex.t.msg("duties-sent-to")
            .arg("who", ex.d("your manager"))
            .arg("time", ex.d("9:01am"))
            .text();
    let waiting = ex.t.msg("duties-waiting-for").arg("who", ex.d("Housing")).text();
    let today = |due: &str| clock(ex, "2026-11-23T12:00:00Z", due, false);
    vec![
        Line {
            notes: vec![sent],
            ..line(
                ex,
                "Reply to Dunvale Police about who will visit",
                "T.M., 9",
                overdue,
                "overdue",
            )
        },
        line(
            ex,
            "Decide what happens next",
            "R.K., 14",
            today("2026-11-24T12:00:00Z"),
            "not-started",
        ),
        line(
            ex,
            "Read and answer what Eastmarch Health sent",
            "J.D., 11",
            today("2026-11-24T17:00:00Z"),
            "accepted",
        ),
        line(
            ex,
            "See the child and speak to them alone",
            "A.S. and L.S., 7 and 5",
            today("2026-11-25T17:00:00Z"),
            "in-progress",
        ),
        Line {
            notes: vec![waiting],
            ..line(
                ex,
                "Confirm the address with Housing",
                "R.K., 14",
                clock(ex, "2026-11-20T09:00:00Z", "2026-11-30T17:00:00Z", true),
                "waiting",
            )
        },
    ]
}

fn list<'a>(ex: &Ex<'a>, list: List, lines: Vec<Line>) -> Duties<'a> {
    let t = ex.t;
    Duties {
        shell: ex.staff(t.get("duties-title"), "/duties"),
        t,
        list,
        sizes: [9, 31, 12],
        lines,
        as_at: (
            ex.d("9:42am on Tuesday 24 November 2026"),
            "2026-11-24T09:42".into(),
        ),
        changed: Some([2, 1]),
        letting: 2,
        told: Some(node::app::told::Told {
            waiting: 1,
            sent: 12,
            delivered: 40,
            failed: 2,
        }),
        message: None,
        reference: String::new(),
        kinds: vec![
            ("decide".into(), ex.d("Decide"), 2),
            ("visit".into(), ex.d("See a child"), 1),
        ],
        chosen: Vec::new(),
        askers: vec![("work", 6), ("public", 3)],
        asked_by: Vec::new(),
        page: (1, 1),
    }
}

fn waiting<'a>(ex: &Ex<'a>, since: Option<(&str, &str)>) -> Waiting<'a> {
    let t = ex.t;
    let line = lines(ex).remove(1);
    let heading = t.msg("wait-title").arg("reference", &line.reference).text();
    let errors = vec![("whom".to_owned(), t.get("wait-whom-error"))];
    let shell = ex.staff(heading, "/duties");
    Waiting {
        shell: if since.is_none() {
            shell.errors(&errors)
        } else {
            shell
        },
        t,
        action: "/duties/1/wait".into(),
        posts: vec![(
            "northmere-health/lead".into(),
            ex.d("Safeguarding lead for health, Eastmarch Health"),
        )],
        since: since.map(|(who, since)| (ex.d(who), ex.d(since))),
        given: Default::default(),
        line,
    }
}

fn climbed<'a>(ex: &Ex<'a>) -> Climbed<'a> {
    let t = ex.t;
    let passed = t
        .msg("duties-passed")
        .arg("who", ex.d("Service manager"))
        .arg("why", t.code("passed", "vacant"))
        .text();
    let before = |who: &str, from: &str, how_long: &str, what: String| Before {
        who: ex.d(who),
        from: ex.d(from),
        how_long: ex.d(how_long),
        what,
    };
    Climbed {
        shell: ex.staff(
            t.msg("climbed-title")
                .arg("reference", ex.d("NM-P6ZD-73KF"))
                .text(),
            "/duties",
        ),
        t,
        action: "/duties/1".into(),
        reference: ex.d("NM-P6ZD-73KF"),
        duty: ex.d("Hold the conference"),
        due: ex.d("5:00pm, Friday 20 November"),
        late: ex.d("3 days 16 hours"),
        who: ex.d("M.T., 9"),
        before: vec![
            before(
                "Duty social worker, Priya Nair",
                "10:00am, Friday 6 November",
                "14 days",
                t.code("status", "accepted"),
            ),
            before(
                "Service manager",
                "9:00am, Monday 23 November",
                "less than a minute",
                passed,
            ),
        ],
        help: vec![(
            ex.d("Priya Nair"),
            ex.d("4:10pm, Wednesday 18 November"),
            ex.d("no chair is free"),
        )],
        undone: vec![(ex.d("Conference needed"), ex.d("17 November 2026"))],
        next: None,
        accepted: None,
        may_answer: false,
        ask: ex.d("Priya Nair"),
        question: String::new(),
        notices: 1,
        seen: 14,
    }
}

fn read_duty<'a>(ex: &Ex<'a>) -> Duty<'a> {
    let t = ex.t;
    let title = t.msg("duty-title").arg("reference", ex.d("NM-7K4X-29QD")).text();
    let errors = Given::default().check(t, READ_ANSWERS, &[]);
    Duty {
        shell: ex.staff(title, "/duties").errors(&errors),
        t,
        line: lines(ex).remove(0),
        action: "/duties/2".into(),
        concern: "/concerns/NM-7K4X-29QD".into(),
        owner: ex.d("Duty social worker, Priya Nair"),
        asked: None,
        history: Vec::new(),
        climbed: false,
        may_accept: false,
        may_answer: true,
        answers: READ_ANSWERS,
        findings: Vec::new(),
        given: Given::default(),
        outcome: None,
        seen: 14,
    }
}

pub fn pages(ex: &Ex<'_>) -> Vec<Drawn> {
    let t = ex.t;
    let title = t.msg("duty-title").arg("reference", ex.d("NM-7K4X-29QD")).text();
    let line = lines(ex).remove(1);
    let findings = vec![
        ("conference-needed".to_owned(), ex.d("A conference is needed")),
        ("no-enquiry".to_owned(), ex.d("No enquiry")),
    ];
    let errors = Given {
        how: "done".into(),
        ..Given::default()
    }
    .check(t, ANSWERS, &findings);
    let outcome = t
        .msg("duty-running")
        .arg("left", &line.clock.left)
        .arg("due", &line.clock.due)
        .text();
    let duty = Duty {
        shell: ex.staff(title.clone(), "/duties").errors(&errors),
        t,
        line,
        action: "/duties/1".into(),
        concern: "/concerns/NM-7K4X-29QD".into(),
        owner: ex.d("Duty social worker, Priya Nair"),
        asked: Some(Paragraph {
            by: ex.d("Amara Oduya, Director"),
            when: ex.d("9:10am, Monday 23 November 2026"),
            nature: String::new(),
            words: ex.d("What stands in the way?"),
            shown: true,
        }),
        history: vec![(ex.d("9:01am today"), ex.d("Sent to the service manager"))],
        climbed: true,
        may_accept: true,
        may_answer: true,
        answers: ANSWERS,
        findings,
        given: Given::default(),
        outcome: Some(outcome),
        seen: 14,
    };
    let why = Why {
        shell: ex.staff(t.get("why-title"), "/duties"),
        t,
        duty: ex.d("Decide what happens next"),
        back: "/duties/1".into(),
        started: ex.d("12:00pm, Monday 23 November 2026"),
        rule: ex.d("C01, decide on a referral"),
        length: ex.d("1 working day, due at the same time of day"),
        calendar: ex.d("Monday to Friday, without bank holidays in England"),
        authority: ex.d("Working Together 2026, chapter 3"),
        pauses: Vec::new(),
        pack: ex.d("england 2026-11"),
        restarts: Some(ex.d("once")),
        re_dated: vec![(
            ex.d("12:00pm, Tuesday 24 November"),
            ex.d("5:00pm, Tuesday 24 November"),
        )],
        due: ex.d("12:00pm, Tuesday 24 November 2026"),
        provisional: true,
        steps: vec![ex.d("Told at 12:00pm on Monday 23 November")],
    };
    let accepted = Climbed {
        accepted: Some(ex.d("9:40am today")),
        may_answer: true,
        ..climbed(ex)
    };
    vec![
        draw("duties", &list(ex, List::Mine, lines(ex))),
        draw("duties-empty", &list(ex, List::Team, Vec::new())),
        draw(
            "duties-finished",
            &list(ex, List::Finished, lines(ex).split_off(4)),
        ),
        draw("duty", &duty),
        draw("duty-read", &read_duty(ex)),
        draw("why", &why),
        draw("climbed", &climbed(ex)),
        draw("climbed-accepted", &accepted),
        draw("wait", &waiting(ex, None)),
        draw("wait-over", &waiting(ex, Some(("Housing", "Friday 20 November")))),
    ]
}
