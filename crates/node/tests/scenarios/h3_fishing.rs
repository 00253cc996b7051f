//! H3. The reporter who is fishing.
//!
//! Given that a restricted concern names Dale Rusk; when Rusk, as a worried neighbour, reports the same child and a second
//! who does not exist, and returns for both outcomes; then both are concerns with owners and clocks, both outcomes read
//! the same, and neither tells the decider or him that another report exists.

use domain::view::SubjectKind;
use node::app::report::{Capacity, Channel, Mention, Report, Reporter, Safe};
use node::app::tell::Telling;

use crate::council::{Council, adult, at, on_each, report};

fn from_rusk(child: &str) -> Report {
    let mut report = report("I am worried about the child next door.", Safe::Yes, child);
    report.channel = Channel::PublicForm;
    report.word = "sparrow".into();
    report.reporter = Reporter {
        capacity: Capacity::Private,
        name: "Dale Rusk".into(),
        contact: "07700 900555".into(),
        may_be_contacted: true,
        ..Reporter::unknown()
    };
    report
}

fn born(mut report: Report) -> Report {
    for mention in report
        .mentions
        .iter_mut()
        .filter(|m| m.kind == SubjectKind::Child)
    {
        mention.born = "2015-03-02".into();
    }
    report
}

async fn answered(council: &Council, reference: &str) {
    let page = council.page("hub", reference).await;
    council
        .decides("hub", reference, &[(Some(page.subjects[0].id), "advice")])
        .await;
    let first = council.node.pack().public_sentences().next().unwrap();
    let sentences = vec![first.id.clone()];
    let hub = council.acting("hub");
    council
        .node
        .tell_reporter(&hub, reference, &Telling::Public { sentences })
        .await
        .unwrap();
}

#[tokio::test]
async fn a_real_child_and_an_invented_one_read_the_same() {
    on_each("2026-09-02 10:00", async |council| {
        let node = &council.node;
        for seed in 1..4 {
            let mut sealed = born(report("About Rusk.", Safe::Yes, "Ivo Brand"));
            sealed.colleague = true;
            sealed.mentions.push(adult("Dale Rusk", "07700 900555"));
            council.raise(seed, &sealed).await;
        }
        let mut pair = Vec::new();
        for (seed, child) in [(11, "Ivo Brand"), (12, "Nobody Atall")] {
            let mut told = born(from_rusk(child));
            told.mentions.push(Mention::named(
                SubjectKind::Adult,
                "person-of-concern",
                "Dale Rusk",
            ));
            pair.push(council.raise(seed, &told).await);
        }
        council.clock.move_to(at("2026-09-02 14:00"));
        let mut read = Vec::new();
        for filed in &pair {
            let page = council.page("hub", &filed.reference).await;
            assert_eq!(page.concern.owner.as_ref().unwrap().post.post(), "hub");
            assert!(page.concern.open_duties().any(|d| d.clock == "C01"));
            answered(&council, &filed.reference).await;
            let page = council.page("hub", &filed.reference).await;
            let decision = page.concern.decision(Some(page.subjects[0].id)).unwrap();
            let duties: Vec<_> = page.concern.duties.iter().map(|d| d.clock.clone()).collect();
            let drawn = decision.drawn;
            read.push((decision.needs_second.clone(), (!drawn).then_some(duties)));
        }
        // Three restricted concerns about the same child would ask for a second reader by themselves: they do not show.
        assert_eq!(read[0].0, read[1].0);
        if let (Some(one), Some(two)) = (&read[0].1, &read[1].1) {
            assert_eq!(one, two);
        }
        let one = node
            .come_back(pair[0].code.as_ref().unwrap(), "sparrow")
            .await
            .unwrap();
        let two = node
            .come_back(pair[1].code.as_ref().unwrap(), "sparrow")
            .await
            .unwrap();
        assert_eq!(one.sentences, two.sentences);
        assert_eq!((one.accepted, one.ring), (two.accepted, two.ring));
        assert!(one.decided.is_some() && two.decided.is_some());
        // He cannot withdraw: what he adds stands beside.
        let code = pair[0].code.as_ref().unwrap();
        node.come_back_add(code, "sparrow", "I was mistaken. Please withdraw it.", &[])
            .await
            .unwrap();
        let page = council.page("hub", &pair[0].reference).await;
        assert_eq!(page.concern.closed, None);
        assert!(
            page.entries
                .iter()
                .any(|e| e.kind == domain::record::Kind::Paragraph)
        );
        council.verifies().await;
    })
    .await;
}
