//! H2. The watched phone.
//!
//! Given that Kez, 15, reports from a phone her stepfather checks and says that it is not safe to keep anything; when he
//! finds the code and tries it without the word; then wrong tries look alike and are slowed, no message goes to her
//! number, the duty to tell is met another way and recorded so, and a code switched off answers like a wrong one.

use std::sync::Mutex;

use domain::record::Kind;
use node::app::AppError;
use node::app::deliver::{Channel, Delivery, Message};
use node::app::report::{Capacity, Channel as Came, Report, Reporter, Safe};
use node::app::tell::Telling;

use crate::council::{at, on_each, report};

/// A channel that keeps what was sent.
pub struct Kept(pub &'static str, pub Mutex<Vec<Message>>);

impl Channel for Kept {
    fn name(&self) -> &str {
        self.0
    }

    fn send<'a>(&'a self, message: &'a Message) -> Delivery<'a> {
        self.1.lock().unwrap().push(message.clone());
        Box::pin(async { Ok(()) })
    }
}

fn kez() -> Report {
    let mut report = report(
        "He said not to tell.\n\nI am scared to go home.",
        Safe::Yes,
        "Kez Lowe",
    );
    report.channel = Came::PublicForm;
    report.safe_to_keep = false;
    report.word = "kingfisher".into();
    report.reporter = Reporter {
        capacity: Capacity::Child,
        name: "Kez Lowe".into(),
        contact: "07700 900333".into(),
        safe_how: "Mr Odell at school, weekdays".into(),
        ..Reporter::unknown()
    };
    report
}

fn refused<T: std::fmt::Debug>(outcome: Result<T, AppError>) -> String {
    format!("{:?}", outcome.unwrap_err())
}

#[tokio::test]
async fn nothing_on_her_phone_or_in_a_wrong_try_shows_that_a_report_exists() {
    on_each("2026-09-02 15:50", async |council| {
        let node = &council.node;
        let filed = council.raise(1, &kez()).await;
        let code = filed.code.clone().unwrap();
        council.until("2026-09-02 15:51").await;
        assert!(matches!(
            node.receipt_file(&filed.ticket, false).await,
            Err(AppError::NotFound)
        ));

        // He tries the code without the word. A code that never was answers the same.
        let never = refused(node.come_back("222 222", "anything").await);
        for guess in ["", "kez", "password", "mum", "lowe", "1234", "kezkez"] {
            assert_eq!(refused(node.come_back(&code, guess).await), never);
        }
        // Slowed: for a while even the right word answers so, and then it opens.
        assert_eq!(refused(node.come_back(&code, "kingfisher").await), never);
        // He keeps guessing: that keeps nobody out for longer.
        for _ in 0..30 {
            assert_eq!(refused(node.come_back(&code, "sister").await), never);
        }
        let after = node.now().plus_minutes(15);
        council.clock.move_to(after);
        let progress = node.come_back(&code, "kingfisher").await.unwrap();
        assert_eq!(progress.received.seconds_since(at("2026-09-02 15:50")), 0);
        assert_eq!(progress.decided, None);

        // Decided; a child reported it, so a second person reads it first. She is told through Mr Odell.
        council.clock.move_to(at("2026-09-03 10:00"));
        let page = council.page("hub", &filed.reference).await;
        council
            .decides(
                "hub",
                &filed.reference,
                &[(Some(page.subjects[0].id), "assessment")],
            )
            .await;
        let reason = "Not safe on her phone: told in person through Mr Odell at school.".to_owned();
        let hub = council.acting("hub");
        node.tell_reporter(&hub, &filed.reference, &Telling::NotSafe { reason })
            .await
            .unwrap();
        let page = council.page("hub", &filed.reference).await;
        let told = page
            .entries
            .iter()
            .find(|e| e.kind == Kind::ReporterTold)
            .unwrap();
        assert_eq!(format!("{:?}", told.codes["form"]), "Text(\"not-safe\")");
        let tell = page.concern.duties.iter().find(|d| d.clock == "tell-reporter");
        assert_eq!(tell.unwrap().ended.as_ref().unwrap().how, "done");

        // Every message that ever went out went to a post, and says how many and nothing more.
        council.live_until("2026-09-08 17:00").await;
        for name in ["email", "text", "telephone"] {
            let kept = Kept(name, Mutex::new(Vec::new()));
            node.deliver(&kept).await.unwrap();
            for message in kept.1.lock().unwrap().iter() {
                assert!(message.to.ends_with("@northmere.example"), "{}", message.to);
            }
        }

        // From school she switches it off. It answers like a wrong one; switching off what never was says nothing.
        node.end_way_back(&code).await.unwrap();
        node.end_way_back("222 222").await.unwrap();
        assert_eq!(refused(node.come_back(&code, "kingfisher").await), never);
        let added = node.come_back_add(&code, "kingfisher", "More.", &[]).await;
        assert_eq!(refused(added), never);
        council.verifies().await;
    })
    .await;
}

#[tokio::test]
async fn a_private_reporter_is_a_member_of_the_public_to_everybody_else() {
    on_each("2026-09-02 10:00", async |council| {
        let filed = council.raise(1, &kez()).await;
        let hub = council.page("hub", &filed.reference).await;
        assert!(hub.reporter.is_some() && hub.may.see_reporter);
        let worker = council.page("social-worker", &filed.reference).await;
        assert!(worker.may.read);
        assert_eq!(worker.reporter, None);
        let raised = worker.entries.iter().find(|e| e.kind == Kind::Raised).unwrap();
        assert_eq!(raised.by, node::app::concern::By::MemberOfThePublic);
        // Somebody reporting in their work is named to those who work on it.
        let work = council
            .raise(2, &report("In my work.", Safe::Yes, "Ivo Brand"))
            .await;
        let worker = council.page("social-worker", &work.reference).await;
        let raised = worker.entries.iter().find(|e| e.kind == Kind::Raised).unwrap();
        assert!(matches!(&raised.by, node::app::concern::By::InTheirWork(name) if name.contains("Alder")));
        // To whoever may not know who it was, it was still somebody in their work.
        let records = council.page("records", &work.reference).await;
        let raised = records.entries.iter().find(|e| e.kind == Kind::Raised).unwrap();
        assert_eq!(raised.by, node::app::concern::By::InTheirWork(String::new()));
    })
    .await;
}
