//! Examples of the pages of an account, and of passkeys.

use server::web::account::admin_page::{Accounts, Done, Invited, Line, Person, Seat};
use server::web::account::letting_page::{Asked, LettingIn, OneAsked};
use server::web::account::page::{
    Account, AddPasskey, Place, UsePasskey, Way, passkey_instead, with_passkey,
};
use server::web::account::seats::{Given, Newcomer};
use server::web::open::form::{set_up, sign_in};

use super::{Drawn, Ex, draw};

fn account<'a>(ex: &Ex<'a>) -> Account<'a> {
    let place = |id: &str, this| Place {
        id: id.into(),
        started: ex.d("9:00am, Monday 30 November 2026"),
        last: ex.d("9:42am today"),
        this,
    };
    let way = |id: &str, what: String, used: &str| Way {
        id: id.into(),
        what,
        made: ex.d("9:10am, Monday 2 November 2026"),
        used: if used.is_empty() {
            String::new()
        } else {
            ex.d(used)
        },
    };
    let named = |name: &str| ex.t.msg("way-passkey").arg("name", ex.d(name)).text();
    Account {
        shell: ex.staff(ex.t.get("account-title"), ""),
        t: ex.t,
        posts: vec![
            ("northmere/hub".into(), ex.d("Hub")),
            ("northmere/edt".into(), ex.d("Night team")),
        ],
        acting: "northmere/hub".into(),
        places: vec![place("a", true), place("b", false)],
        ways: vec![
            way("a", ex.t.get("way-password"), "9:00am today"),
            way("b", named("work laptop"), ""),
        ],
        signed_in: ex.d("9:00am, Monday 30 November 2026"),
        may_change: true,
        passkeys: true,
        changes: vec![Done {
            at: ex.d("9:10am, Monday 2 November 2026"),
            by: ex.d("Ruth Calder, Service manager"),
            what: ex.t.code("access", "invited"),
            reason: String::new(),
        }],
    }
}

fn line(ex: &Ex<'_>, name: &str, state: &'static str) -> Line {
    Line {
        who: "1".into(),
        name: ex.d(name),
        login: ex.d("r.achebe@northmere.example"),
        posts: vec![ex.d("Hub decision-maker"), ex.d("Service manager")],
        last: ex.d("9:42am today"),
        ways: vec![
            ex.t.get("way-password"),
            ex.t.msg("ways-passkeys").n("count", 2).text(),
        ],
        sessions: 2,
        invited: String::new(),
        state,
        own: false,
    }
}

fn administration(ex: &Ex<'_>) -> Vec<Drawn> {
    let t = ex.t;
    let shell = |title: String| {
        ex.staff(title, "/accounts")
            .more(t.get("nav-accounts"), "/accounts")
            .sections("/accounts", None)
    };
    let list = |lines| Accounts {
        shell: shell(t.get("accounts-title")),
        t,
        lines,
    };
    let new = Line {
        login: String::new(),
        posts: Vec::new(),
        last: String::new(),
        ways: Vec::new(),
        sessions: 0,
        invited: ex.d("9:00am, Thursday 3 December 2026"),
        ..line(ex, "Bryn Fell", "invited")
    };
    let seat = |title: &str, until: &str| Seat {
        post: "northmere/hub".into(),
        title: ex.d(title),
        until: if until.is_empty() {
            String::new()
        } else {
            ex.d(until)
        },
    };
    let posts = vec![
        ("northmere/hub".to_owned(), ex.d("Hub decision-maker")),
        ("northmere/operator".to_owned(), ex.d("Operator of the system")),
    ];
    let newcomer = |given: Given, errors: &[(String, String)]| Newcomer {
        shell: shell(t.get("newcomer-title")).errors(&errors.to_vec()),
        t,
        posts: posts.clone(),
        given,
    };
    let typed = Given {
        name: ex.d("Bryn Fell"),
        email: ex.d("b.fell@northmere.example"),
        posts: vec!["northmere/hub".into(), "northmere/operator".into()],
        ..Given::default()
    };
    let apart = [("post".to_owned(), t.code("seat", "post-apart"))];
    let person = |line: Line, acts: &[&'static str]| Person {
        shell: shell(t.get("accounts-person-title")),
        t,
        line,
        acts: acts.to_vec(),
        reason: String::new(),
        done: vec![Done {
            at: ex.d("9:10am, Monday 2 November 2026"),
            by: ex.d("Sten Lund, Operator of the system"),
            what: t.code("access", "ways-removed"),
            reason: ex.d("Telephone lost on a bus. Rang back at the number on the rota."),
        }],
        seats: vec![
            seat("Hub decision-maker", ""),
            seat("Service manager", "18 December 2026"),
        ],
        posts: posts.clone(),
        asks: vec![("1".into(), t.code("lettingis", "invited"))],
    };
    let open = ["invited", "sessions-ended", "ways-removed", "closed"];
    let mut own = person(line(ex, "Sten Lund", "open"), &open);
    own.line.own = true;
    own.done.clear();
    own.asks.clear();
    let mut missing = person(line(ex, "Rosa Achebe", "open"), &open);
    missing.shell = missing
        .shell
        .errors(&vec![("reason".to_owned(), t.get("accounts-reason-missing"))]);
    vec![
        draw(
            "accounts",
            &list(vec![line(ex, "Rosa Achebe", "open"), new, line(ex, "Dale Rusk", "closed")]),
        ),
        draw("accounts-none", &list(Vec::new())),
        draw("accounts-new", &newcomer(Given::default(), &[])),
        draw("accounts-new-error", &newcomer(typed, &apart)),
        draw("accounts-person", &missing),
        draw("accounts-person-closed", &person(line(ex, "Dale Rusk", "closed"), &["re-opened"])),
        draw("accounts-person-own", &own),
        draw(
            "accounts-link",
            &Invited {
                shell: shell(t.get("accounts-link-title")),
                t,
                name: ex.d("Rosa Achebe"),
                link: ex.d("https://safeguarding.northmere.example/invite/00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"),
                until: ex.d("9:00am, Thursday 3 December 2026"),
            },
        ),
    ]
}

pub fn pages(ex: &Ex<'_>) -> Vec<Drawn> {
    let mut drawn = own(ex);
    drawn.extend(administration(ex));
    drawn.extend(letting(ex));
    drawn
}

fn letting(ex: &Ex<'_>) -> Vec<Drawn> {
    let t = ex.t;
    let shell = |title: String| {
        ex.staff(title, "/letting-in")
            .more(t.get("nav-letting"), "/letting-in")
            .sections("/letting-in", None)
    };
    let new = Asked {
        href: "/letting-in/1/1".into(),
        name: ex.d("Bryn Fell"),
        email: ex.d("bryn.fell@northmere.example"),
        registered: true,
        what: "new",
        posts: vec![ex.d("Team manager, north team")],
        until: ex.d("18 December 2026"),
        by: ex.d("Sten Lund, Operator of the system"),
        at: ex.d("9:10am, Monday 2 November 2026"),
        ends: ex.d("9:10am, Monday 16 November 2026"),
        reason: String::new(),
        state: "waits",
        answered: String::new(),
        mine: true,
    };
    let refused = Asked {
        href: "/letting-in/1/2".into(),
        name: ex.d("Dale Rusk"),
        what: "re-opened",
        posts: Vec::new(),
        until: String::new(),
        registered: false,
        reason: ex.d("I rang Dale Rusk, who did not ask for this."),
        state: "refused",
        answered: ex.d("Ruth Calder, Service manager, 9:42am, Tuesday 3 November 2026"),
        ..new.clone()
    };
    let one = |one: Asked, errors: &[(String, String)]| OneAsked {
        shell: shell(t.get("letting-page-title")).errors(&errors.to_vec()),
        t,
        one,
        reason: String::new(),
    };
    let list = |waits, settled| LettingIn {
        shell: shell(t.get("letting-title")),
        t,
        waits,
        settled,
    };
    let missing = [("reason".to_owned(), t.get("letting-why-missing"))];
    let own = Asked {
        mine: false,
        what: "post",
        ..new.clone()
    };
    vec![
        draw("letting", &list(vec![new.clone()], vec![refused.clone()])),
        draw("letting-none", &list(Vec::new(), Vec::new())),
        draw("letting-one", &one(new.clone(), &missing)),
        draw("letting-own", &one(own, &[])),
        draw("letting-refused", &one(refused, &[])),
    ]
}

fn own(ex: &Ex<'_>) -> Vec<Drawn> {
    let t = ex.t;
    let left_open = Account {
        may_change: false,
        ..account(ex)
    };
    let last = Account {
        shell: ex
            .staff(t.get("account-title"), "")
            .errors(&vec![("ways".to_owned(), t.get("error-last-way"))]),
        ..account(ex)
    };
    let nothing = Account {
        ways: Vec::new(),
        changes: Vec::new(),
        ..account(ex)
    };
    let mut two_ways = sign_in(ex.public(t.get("sign-in-title")), "");
    two_ways.second = Some(with_passkey(&two_ways.shell));
    let mut instead = set_up(ex.public(t.get("invite-title")), &ex.d("KEY"), "ticket");
    instead.after = Some(passkey_instead(t));
    let ask = || r#"{"publicKey":{"challenge":"AAAA","rpId":"localhost","allowCredentials":[]}}"#.to_owned();
    let add = |shell| AddPasskey {
        shell,
        t,
        ask: ask(),
        ticket: "ticket".into(),
        name: String::new(),
    };
    let wrong = vec![("name".to_owned(), t.get("error-passkey-name"))];
    vec![
        draw("account", &account(ex)),
        draw("account-left-open", &left_open),
        draw("account-last-way", &last),
        draw("account-nothing", &nothing),
        draw("account-sign-in", &two_ways),
        draw("account-set-up", &instead),
        draw(
            "account-passkey-use",
            &UsePasskey {
                shell: ex.public(t.get("sign-in-title")),
                t,
                ask: ask(),
                ticket: "ticket".into(),
            },
        ),
        draw(
            "account-passkey-add",
            &add(ex.staff(t.get("passkey-add-title"), "").errors(&wrong)),
        ),
        draw(
            "account-passkey-first",
            &add(ex.public(t.get("passkey-add-title"))),
        ),
    ]
}
