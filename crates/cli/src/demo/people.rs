//! Who works in Northmere. Every one of them is invented.

use std::collections::BTreeMap;

use node::app::people::NewPractitioner;
use node::app::{Acting, AppError, Node};
use node::domain::id::{PostId, PractitionerId, StreamId};

/// Name, post, and whether a registered social worker.
const PEOPLE: [(&str, &str, bool); 20] = [
    ("Priya Nair", "northmere/hub", true),
    ("Helen Marsh", "northmere/hub-manager", true),
    ("Tom Adeyemi", "northmere/night-first", true),
    ("Gwen Holt", "northmere/night-second", true),
    ("Jo Pell", "northmere/north-worker", true),
    ("Sam Okafor", "northmere/south-worker", true),
    ("Ines Duarte", "northmere/south-manager", true),
    ("Ruth Calder", "northmere/service-manager", true),
    ("Amara Oduya", "northmere/director", true),
    ("Leo Strand", "northmere/assistant-director", true),
    ("Wyn Parry", "northmere/designated-officer", true),
    ("Sian Rees", "northmere/deputy-designated-officer", true),
    ("Colm Byrne", "northmere/monitoring-officer", false),
    ("Dee Ford", "northmere/records-officer", false),
    ("Anil Shah", "northmere/data-protection-officer", false),
    ("Marta Quill", "northmere/inspector", false),
    ("Lee Marr", "northmere/operator", false),
    ("Nasreen Malik", "northmere-health/safeguarding-lead", false),
    ("Fay Lund", "northmere-police/public-protection", false),
    ("Owen Tull", "northmere-partnership/scrutineer", false),
];

/// The people of the demo, by post.
pub struct People(BTreeMap<String, PractitionerId>);

impl People {
    /// Adds everybody and puts them into their posts. The north team's manager has just left: that post is vacant.
    pub async fn arrive(node: &Node) -> Result<Self, AppError> {
        let mut people = BTreeMap::new();
        for (name, post, registered) in PEOPLE {
            let id: PostId = post.parse().map_err(|_| AppError::NotFound)?;
            let login = name.to_lowercase().replace(' ', ".");
            let new = NewPractitioner {
                name: name.to_owned(),
                email: format!("{login}@northmere.example"),
                phone: if name == "Lee Marr" {
                    "07700 900411".to_owned()
                } else {
                    String::new()
                },
                address: String::new(),
                born: String::new(),
                registered,
            };
            people.insert(post.to_owned(), node.add_practitioner(None, &new, &[id]).await?);
        }
        Ok(Self(people))
    }

    /// Who holds a post.
    pub fn who(&self, post: &str) -> Result<PractitionerId, AppError> {
        self.0.get(post).copied().ok_or(AppError::NotFound)
    }

    /// Somebody acting in the post they hold.
    pub fn acting(&self, post: &str) -> Result<Acting, AppError> {
        let practitioner = self.who(post)?;
        let post = post.parse().map_err(|_| AppError::NotFound)?;
        Ok(Acting {
            practitioner,
            post,
            work: StreamId(practitioner.0.map(|byte| byte ^ 0x5a)),
        })
    }

    /// Everybody, with the post they hold and their name.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, &'static str, PractitionerId)> + '_ {
        PEOPLE
            .iter()
            .filter_map(|(name, post, _)| Some((*name, *post, *self.0.get(*post)?)))
    }
}
