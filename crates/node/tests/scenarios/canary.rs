//! Canary. Given a concern made of marked values; when it has lived through its clocks, notices and decisions; then no
//! marked value can be read in any byte the node wrote, nor in a message; and once erased, none can be opened.

use std::path::PathBuf;

use domain::view::SubjectKind;
use node::app::concern::Said;
use node::app::deliver::{Channel, Delivery, Message};
use node::app::report::{Mention, Report, Safe};
use node::app::tell::Telling;
use node::signin::door::Token;

use crate::council::{Council, adult, on_each, report};

const MARKS: [&str; 9] = [
    "Zqchildmark",
    "Zqwordsmark",
    "07700 900888",
    "07700900888",
    "Zqreportermark",
    "ZQ9 9ZQ",
    "Zqsecretword",
    "Zqreasonmark",
    "Zqownreference",
];

/// A folder of messages, under the node's own directory so that it is searched too.
struct Folder(PathBuf, std::sync::atomic::AtomicU32);

impl Channel for Folder {
    fn name(&self) -> &str {
        "email"
    }

    fn send<'a>(&'a self, message: &'a Message) -> Delivery<'a> {
        let number = self.1.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        std::fs::write(self.0.join(number.to_string()), format!("{message:?}")).unwrap();
        Box::pin(async { Ok(()) })
    }
}

fn marked() -> Report {
    let mut report = report("Zqwordsmark, she said.", Safe::No, "Zqchildmark Brand");
    report.mentions[0].address = "1 High Street, ZQ9 9ZQ".into();
    report.mentions.push(adult("Zqadultmark Rusk", "07700 900888"));
    report
        .mentions
        .push(Mention::named(SubjectKind::Vehicle, "used-in", "ZQ12 ZQX"));
    report.reporter.name = "Zqreportermark".into();
    report.their_reference = "Zqownreference".into();
    report.word = "Zqsecretword".into();
    report
}

async fn lived(council: &Council) -> String {
    let mail = council.home.path().join("mail");
    std::fs::create_dir_all(&mail).unwrap();
    let folder = Folder(mail, 0.into());
    let node = &council.node;
    unsent(council).await;
    let filed = council.raise(1, &marked()).await;
    node.deliver(&folder).await.unwrap();
    council.live_until("2026-09-03 18:00").await;
    node.deliver(&folder).await.unwrap();
    let page = council.page("hub", &filed.reference).await;
    let hub = council.acting("hub");
    node.add_entry(&hub, &filed.reference, "Zqwordsmark again.", "reported", &[])
        .await
        .unwrap();
    council
        .decides(
            "hub",
            &filed.reference,
            &[(Some(page.subjects[0].id), "assessment")],
        )
        .await;
    let reason = "Zqreasonmark".to_owned();
    node.tell_reporter(&hub, &filed.reference, &Telling::NotSafe { reason })
        .await
        .unwrap();
    node.come_back(filed.code.as_ref().unwrap(), "Zqsecretword")
        .await
        .unwrap();
    council.live_until("2026-09-05 18:00").await;
    node.deliver(&folder).await.unwrap();
    assert!(folder.1.load(std::sync::atomic::Ordering::SeqCst) > 0);
    filed.reference
}

/// What was typed and not sent lies in the store too: of somebody with an account, after their session, and by a code.
async fn unsent(council: &Council) {
    let node = &council.node;
    let fields: Vec<(String, String)> = MARKS
        .iter()
        .map(|mark| ((*mark).into(), (*mark).into()))
        .collect();
    let who = council.acting("hub").practitioner;
    let token = Token::read(&"a".repeat(64)).unwrap();
    node.keep_unsent(who, "/record", "1", &fields).await.unwrap();
    node.hold_unsent(who, &token, "/record", "1", &fields)
        .await
        .unwrap();
    let code = node.keep_for_code(MARKS.join("\n").as_bytes()).await.unwrap();
    let mut marks = MARKS.to_vec();
    marks.push(&code);
    assert_eq!(council.readable(&marks), Vec::<String>::new());
    assert_eq!(node.unsent(who).await.unwrap().len(), 1);
}

fn shown(page: &node::app::concern::ConcernPage) -> String {
    let said = page.entries.iter().flat_map(|e| &e.said);
    let texts = said.filter_map(|said| match said {
        Said::Text { text, .. } => Some(text.clone()),
        _ => None,
    });
    let subjects = page
        .subjects
        .iter()
        .map(|s| format!("{} {} {:?}", s.name, s.label, s.details));
    texts.chain(subjects).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn no_marked_value_is_readable_and_once_erased_none_can_be_opened() {
    on_each("2026-09-02 10:00", async |council| {
        let reference = lived(&council).await;
        assert_eq!(council.readable(&MARKS), Vec::<String>::new());
        let page = council.page("hub", &reference).await;
        let before = shown(&page);
        assert!(before.contains("Zqchildmark") && before.contains("Zqwordsmark"));

        // Everything that was said is erased, field by field.
        let node = &council.node;
        let (records, outside) = (council.acting("records"), council.acting("monitoring"));
        let mut fields = Vec::new();
        for entry in &page.entries {
            for said in &entry.said {
                if let Said::Text { field, text } = said
                    && !text.is_empty()
                {
                    fields.push((entry.record, field.clone()));
                }
            }
        }
        for (record, field) in &fields {
            let concern = node
                .ask_erasure(&records, &reference, *record, field, "court-order")
                .await
                .unwrap();
            let asked = concern.erasures.last().unwrap().asked;
            node.agree_erasure(&outside, &reference, asked).await.unwrap();
        }
        council.until("2026-10-20 10:00").await;
        let erased = node.erase_due().await.unwrap();
        assert_eq!(usize::try_from(erased).unwrap(), fields.len());
        for name in council.people.keys() {
            if let Ok(page) = node.concern(&council.acting(name), &reference).await {
                let after = shown(&page);
                assert!(!MARKS.iter().any(|mark| after.contains(mark)), "{name}: {after}");
            }
        }
        assert_eq!(council.readable(&MARKS), Vec::<String>::new());
        assert_eq!(council.verifies().await, u64::from(erased));
    })
    .await;
}
