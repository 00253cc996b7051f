//! Given a witness outside this node, when it has signed the head, then an entry's exhibit verifies under a policy that
//! asks for that witness.

use std::sync::Mutex;

use ledger::exhibit::Exhibit;
use ledger::key::{COSIGNATURE, SignerKey, VerifierKey};
use ledger::policy::Policy;
use ledger::witness::{Request, Seen};
use node::app::proof::Proven;
use node::app::report::Safe;
use node::app::witnessing::{Answered, Asked, Witness};

use crate::council::{Council, report};

/// A witness in memory, by the ledger's own rules.
struct InMemory {
    key: SignerKey,
    verifier: VerifierKey,
    log: VerifierKey,
    seen: Mutex<Option<Seen>>,
}

impl Witness for InMemory {
    fn key(&self) -> &VerifierKey {
        &self.verifier
    }

    fn add_checkpoint(&self, body: Vec<u8>) -> Answered<'_> {
        Box::pin(async move {
            let request = Request::parse(&body).map_err(|_| "not a request".to_owned())?;
            let mut seen = self.seen.lock().unwrap();
            let decision = request.decide(
                std::slice::from_ref(&self.log),
                seen.as_ref(),
                &self.key,
                1_790_000_000,
            );
            if let Some(keep) = decision.keep {
                *seen = Some(keep);
            }
            Ok((decision.answer.status, decision.answer.body.into_bytes()))
        })
    }
}

#[tokio::test]
async fn a_witnessed_entry_verifies_under_a_policy_that_asks_for_the_witness() {
    let council = Council::at("2026-11-02 10:00").await;
    let filed = council
        .node
        .raise(&[1; 32], &report("…", Safe::Yes, "Ivo Brand"), None)
        .await
        .unwrap();
    council.node.publish().await.unwrap();
    let policy = council.node.policy_file(&[]).unwrap();
    let log = policy.lines().find_map(|line| line.strip_prefix("log ")).unwrap();
    let key = SignerKey::from_seed("witness.example/one", COSIGNATURE, &[9; 32]).unwrap();
    let witness = InMemory {
        verifier: key.verifier(),
        log: VerifierKey::parse(log).unwrap(),
        key,
        seen: Mutex::new(None),
    };
    assert_eq!(
        council.node.ask_witness(&witness).await.unwrap(),
        Asked::Witnessed
    );
    assert_eq!(council.node.ask_witness(&witness).await.unwrap(), Asked::Nothing);

    let hub = council.acting("hub");
    let page = council.node.concern(&hub, &filed.reference).await.unwrap();
    let proof = council
        .node
        .proof(&hub, &filed.reference, page.entries[0].record)
        .await
        .unwrap();
    assert!(matches!(proof.proven, Proven::Witnessed { .. }));
    let wanted =
        format!("{policy}witness one {}\n", witness.verifier).replace("quorum none\n", "") + "quorum one\n";
    let wanted = Policy::parse(wanted.as_bytes()).unwrap();
    let exhibit = Exhibit::parse(&proof.exhibit.unwrap()).unwrap();
    let verified = exhibit.verify(&wanted).unwrap();
    assert!(verified.issuer_checked && verified.judged.quorum);
}
