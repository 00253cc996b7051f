//! The Cedar engine, behind four functions. No other file in the workspace names Cedar.
//!
//! A request is two entities (the person, the thing) and a purpose: a slice made for the one question. Every word is
//! interned when the policy is loaded, so deciding parses nothing. What a rule may read has no ids in it, only words
//! and flags, so the answers that were worked out are kept ([`Question`] holds everything they depend on) and can
//! never be stale.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::str::FromStr;
use std::sync::RwLock;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicyId,
    PolicySet, Request, RestrictedExpression, Schema, ValidationMode, Validator,
};

use super::vocabulary::{Action, Item, Relation, Role, Tier};
use super::{PolicyError, Purpose, What};

/// What of a person a rule may read.
pub(super) struct Person<'a> {
    pub(super) roles: &'a [Role],
    pub(super) registered: bool,
    pub(super) grant: bool,
    pub(super) warrant: bool,
}

/// What the engine answers.
#[derive(Clone)]
pub(super) enum Answer {
    Permit,
    /// The ids of the rules that refused.
    Deny(Vec<String>),
}

/// Everything an answer depends on.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Question {
    roles: u32,
    relations: u32,
    flags: u16,
    action: Action,
    item: Item,
    tier: Tier,
    purpose: u8,
}

impl Question {
    fn new(person: &Person<'_>, action: Action, what: &What, purpose: &Purpose) -> Self {
        let flags = [
            person.registered,
            person.grant,
            person.warrant,
            what.barred,
            what.line,
            what.first,
            what.held,
            what.hidden,
            what.unreadable,
            what.in_work,
        ];
        Self {
            roles: person.roles.iter().fold(0, |bits, role| bits | 1 << role.place()),
            relations: what.relations.bits(),
            flags: flags.iter().fold(0, |bits, flag| bits << 1 | u16::from(*flag)),
            action,
            item: what.item,
            tier: what.tier,
            purpose: u8::try_from(purpose.place()).unwrap_or(u8::MAX),
        }
    }
}

/// How many answers are kept before all are forgotten and worked out again.
const KEPT: usize = 16_384;

pub(super) struct Engine {
    /// Answers already worked out. Losing them costs time and nothing else.
    kept: RwLock<HashMap<Question, Answer>>,
    /// For each action that the schema lets be asked of a thing, the policies that could apply to it. The rest are
    /// false there whatever the facts, as Cedar's own type checker finds; leaving them out is what makes it quick.
    policies: HashMap<(Action, Item), PolicySet>,
    authorizer: Authorizer,
    /// The `@id` of each policy.
    ids: HashMap<PolicyId, String>,
    person: EntityUid,
    items: Vec<EntityUid>,
    actions: Vec<EntityUid>,
    roles: Vec<RestrictedExpression>,
    tiers: Vec<RestrictedExpression>,
    relations: Vec<RestrictedExpression>,
    purposes: Vec<RestrictedExpression>,
}

impl Engine {
    /// Parses and strictly validates policies against a schema.
    pub(super) fn load(policies: &str, schema: &str) -> Result<Self, PolicyError> {
        let (schema, warnings) =
            Schema::from_cedarschema_str(schema).map_err(|e| PolicyError::Schema(detail(&e)))?;
        if let Some(warning) = warnings.into_iter().next() {
            return Err(PolicyError::Schema(warning.to_string()));
        }
        let policies = PolicySet::from_str(policies).map_err(|e| PolicyError::Syntax(detail(&e)))?;
        let ids = identify(&policies)?;
        let validator = Validator::new(schema.clone());
        validate(&validator, &policies, &ids)?;
        check_words(&validator)?;
        let applies = applicability(&schema)?;
        Ok(Self {
            kept: RwLock::default(),
            policies: apportion(&policies, &schema, &applies)?,
            authorizer: Authorizer::new(),
            ids,
            person: uid("Person", "asker")?,
            items: Item::ALL
                .iter()
                .map(|i| uid(i.code(), "asked"))
                .collect::<Result<_, _>>()?,
            actions: uids("Action", Action::ALL.iter().map(|a| a.code()))?,
            roles: expressions("Role", Role::ALL.iter().map(|r| r.code()))?,
            tiers: expressions("Tier", Tier::ALL.iter().map(|t| t.code()))?,
            relations: expressions("Relation", Relation::ALL.iter().map(|r| r.code()))?,
            purposes: expressions("Purpose", Purpose::CODES.iter().copied())?,
        })
    }

    /// Whether the schema lets `action` be asked of `item` at all.
    pub(super) fn applies(&self, action: Action, item: Item) -> bool {
        self.policies.contains_key(&(action, item))
    }

    /// Decides. A rule that fails to evaluate refuses: Cedar alone would skip it, even where it forbids.
    pub(super) fn decide(
        &self,
        person: &Person<'_>,
        action: Action,
        what: &What,
        purpose: &Purpose,
    ) -> Answer {
        let question = Question::new(person, action, what, purpose);
        let kept = self
            .kept
            .read()
            .ok()
            .and_then(|kept| kept.get(&question).cloned());
        if let Some(answer) = kept {
            return answer;
        }
        let answer = self.work_out(person, action, what, purpose);
        if let Ok(mut kept) = self.kept.write() {
            if kept.len() >= KEPT {
                kept.clear();
            }
            kept.insert(question, answer.clone());
        }
        answer
    }

    fn work_out(&self, person: &Person<'_>, action: Action, what: &What, purpose: &Purpose) -> Answer {
        let asked = self.request(person, action, what, purpose);
        let policies = self.policies.get(&(action, what.item));
        let (Some((request, entities)), Some(policies)) = (asked, policies) else {
            return Answer::Deny(vec!["cannot-be-evaluated".to_owned()]);
        };
        let response = self.authorizer.is_authorized(&request, policies, &entities);
        let diagnostics = response.diagnostics();
        if diagnostics.errors().next().is_some() {
            return Answer::Deny(vec!["cannot-be-evaluated".to_owned()]);
        }
        if response.decision() == Decision::Allow {
            return Answer::Permit;
        }
        let mut reasons: Vec<String> = diagnostics
            .reason()
            .filter_map(|id| self.ids.get(id).cloned())
            .collect();
        reasons.sort();
        if reasons.is_empty() {
            reasons.push("no-rule-permits".to_owned());
        }
        Answer::Deny(reasons)
    }

    fn request(
        &self,
        person: &Person<'_>,
        action: Action,
        what: &What,
        purpose: &Purpose,
    ) -> Option<(Request, Entities)> {
        let resource = self.items.get(what.item.place())?;
        let set = |words: &[RestrictedExpression], places: &mut dyn Iterator<Item = usize>| {
            let members: Option<Vec<_>> = places.map(|p| words.get(p).cloned()).collect();
            members.map(RestrictedExpression::new_set)
        };
        let flag = |name: &str, value: bool| (name.to_owned(), RestrictedExpression::new_bool(value));
        let asker = [
            (
                "roles".to_owned(),
                set(&self.roles, &mut person.roles.iter().map(|r| r.place()))?,
            ),
            flag("registered", person.registered),
            flag("grant", person.grant),
            flag("warrant", person.warrant),
        ];
        let asked = [
            ("tier".to_owned(), self.tiers.get(what.tier.place())?.clone()),
            (
                "relations".to_owned(),
                set(&self.relations, &mut what.relations.iter().map(Relation::place))?,
            ),
            flag("barred", what.barred),
            flag("line", what.line),
            flag("first", what.first),
            flag("held", what.held),
            flag("hidden", what.hidden),
            flag("unreadable", what.unreadable),
            flag("in_work", what.in_work),
        ];
        let asker = Entity::new_with_tags(self.person.clone(), asker, [], []).ok()?;
        let asked = Entity::new_with_tags(resource.clone(), asked, [], []).ok()?;
        let why = self.purposes.get(purpose.place())?.clone();
        let request = Request::new(
            self.person.clone(),
            self.actions.get(action.place())?.clone(),
            resource.clone(),
            Context::from_pairs([("purpose".to_owned(), why)]).ok()?,
            None,
        )
        .ok()?;
        Some((request, Entities::from_entities([asker, asked], None).ok()?))
    }
}

/// An engine's error with its causes, on one line. Policies and schemas hold nothing personal.
fn detail(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

/// Each policy's `@id`; each must have one, no two the same, and a `@why` beside it.
fn identify(policies: &PolicySet) -> Result<HashMap<PolicyId, String>, PolicyError> {
    let mut ids = HashMap::new();
    let mut seen = BTreeSet::new();
    for policy in policies.policies() {
        let id = policy.annotation("id").filter(|id| !id.is_empty());
        let id = id.ok_or_else(|| PolicyError::Unnamed(policy.to_string()))?;
        if policy.annotation("why").is_none_or(str::is_empty) {
            return Err(PolicyError::Unexplained(id.to_owned()));
        }
        if !seen.insert(id.to_owned()) {
            return Err(PolicyError::Repeated(id.to_owned()));
        }
        ids.insert(policy.id().clone(), id.to_owned());
    }
    Ok(ids)
}

fn validate(
    validator: &Validator,
    policies: &PolicySet,
    ids: &HashMap<PolicyId, String>,
) -> Result<(), PolicyError> {
    let result = validator.validate(policies, ValidationMode::Strict);
    let error = result
        .validation_errors()
        .map(|e| (e.policy_id(), e.to_string()))
        .next();
    let warning = || {
        result
            .validation_warnings()
            .map(|w| (w.policy_id(), w.to_string()))
            .next()
    };
    match error.or_else(warning) {
        None => Ok(()),
        Some((id, detail)) => Err(PolicyError::Invalid {
            policy: ids.get(id).cloned().unwrap_or_default(),
            detail,
        }),
    }
}

/// Every word of every list must be a word of the schema: a policy that names each is validated.
fn check_words(validator: &Validator) -> Result<(), PolicyError> {
    let mut lists: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    lists.insert(
        ("Role", "principal.roles.contains"),
        Role::ALL.iter().map(|w| w.code()).collect(),
    );
    lists.insert(
        ("Relation", "resource.relations.contains"),
        Relation::ALL.iter().map(|w| w.code()).collect(),
    );
    lists.insert(
        ("Tier", "resource.tier == "),
        Tier::ALL.iter().map(|w| w.code()).collect(),
    );
    lists.insert(("Purpose", "context.purpose == "), Purpose::CODES.to_vec());
    for ((list, test), words) in lists {
        for word in words {
            let text = format!("permit(principal, action, resource) when {{ {test}({list}::\"{word}\") }};");
            let probe = PolicySet::from_str(&text).map_err(|e| PolicyError::Syntax(detail(&e)))?;
            let result = validator.validate(&probe, ValidationMode::Strict);
            if !result.validation_passed() {
                return Err(PolicyError::Word(format!("{list}::\"{word}\"")));
            }
        }
    }
    Ok(())
}

/// The policies that could apply, for each question that can be asked.
fn apportion(
    all: &PolicySet,
    schema: &Schema,
    applies: &BTreeSet<(Action, Item)>,
) -> Result<HashMap<(Action, Item), PolicySet>, PolicyError> {
    let mut out: HashMap<(Action, Item), PolicySet> =
        applies.iter().map(|pair| (*pair, PolicySet::new())).collect();
    for policy in all.policies() {
        for env in policy.get_valid_request_envs(schema) {
            let action = Action::from_code(env.action().id().unescaped());
            let item = Item::from_code(&env.resource().to_string());
            let set = action.zip(item).and_then(|pair| out.get_mut(&pair));
            if let Some(set) = set {
                set.add(policy.clone())
                    .map_err(|e| PolicyError::Syntax(detail(&e)))?;
            }
        }
    }
    Ok(out)
}

/// Which action applies to which thing. Every action and every thing must appear.
fn applicability(schema: &Schema) -> Result<BTreeSet<(Action, Item)>, PolicyError> {
    let mut applies = BTreeSet::new();
    for env in schema.request_envs() {
        let word = |text: &str| PolicyError::Word(text.to_owned());
        let action = env.action().id().unescaped().to_owned();
        let resource = env.resource().to_string();
        let action = Action::from_code(&action).ok_or_else(|| word(&action))?;
        let item = Item::from_code(&resource).ok_or_else(|| word(&resource))?;
        applies.insert((action, item));
    }
    for action in Action::ALL {
        if !applies.iter().any(|(known, _)| known == action) {
            return Err(PolicyError::Word(format!("Action::\"{}\"", action.code())));
        }
    }
    for item in Item::ALL {
        if !applies.iter().any(|(_, known)| known == item) {
            return Err(PolicyError::Word(item.code().to_owned()));
        }
    }
    Ok(applies)
}

fn uid(kind: &str, id: &str) -> Result<EntityUid, PolicyError> {
    let name = EntityTypeName::from_str(kind).map_err(|e| PolicyError::Schema(detail(&e)))?;
    Ok(EntityUid::from_type_name_and_id(name, EntityId::new(id)))
}

fn uids<'a>(kind: &str, ids: impl Iterator<Item = &'a str>) -> Result<Vec<EntityUid>, PolicyError> {
    ids.map(|id| uid(kind, id)).collect()
}

fn expressions<'a>(
    kind: &str,
    ids: impl Iterator<Item = &'a str>,
) -> Result<Vec<RestrictedExpression>, PolicyError> {
    let all = uids(kind, ids)?;
    Ok(all
        .into_iter()
        .map(RestrictedExpression::new_entity_uid)
        .collect())
}
