//! Serving the demo: one-time sign-in links on a loopback listener, a witness in a process of its own, and time that runs.

use std::net::SocketAddr;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

use node::app::AppError;
use node::app::invite::NewAccount;
use node::clock::Clock;
use node::jobs;
use server::app::App;
use server::operator::{Health, Operator};
use server::settings::Settings;
use server::web::open::demo::{Step, TimeControl};

use super::people::People;
use super::world::World;
use crate::outcome::sentence;

/// The posts whose people get a sign-in link, in the order in which they are printed.
const LINKS: [&str; 13] = [
    "northmere/hub",
    "northmere/hub-manager",
    "northmere/night-first",
    "northmere/night-second",
    "northmere/north-worker",
    "northmere/service-manager",
    "northmere/director",
    "northmere/designated-officer",
    "northmere/records-officer",
    "northmere/data-protection-officer",
    "northmere/inspector",
    "northmere/operator",
    "northmere-health/safeguarding-lead",
];

/// Moves the demo's time.
struct Mover(World);

impl Mover {
    async fn moved(&self, step: Step) -> Result<(), AppError> {
        let now = self.0.clock.now();
        let until = match step {
            Step::Hour => now.plus_minutes(60),
            Step::Morning => next_morning(&self.0, now)?,
        };
        self.0.live_until(until).await
    }
}

impl TimeControl for Mover {
    fn move_on(&self, step: Step) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async move {
            if let Err(error) = self.moved(step).await {
                tracing::error!(%error, "time could not be moved on");
            }
        })
    }
}

/// 8:30am on the next day on which the hub is open.
fn next_morning(
    world: &World,
    now: node::domain::time::Instant,
) -> Result<node::domain::time::Instant, AppError> {
    let broken = |why: String| AppError::Broken(why);
    let calendar = world
        .node
        .pack()
        .office()
        .ok_or_else(|| broken("no office calendar".into()))?;
    let zone = world.node.pack().zone.clone();
    let civil = node::domain::clock::civil(&zone, now).map_err(|e| broken(e.to_string()))?;
    let tomorrow = civil.date().tomorrow().map_err(|e| broken(e.to_string()))?;
    let day = calendar
        .on_or_after(tomorrow)
        .map_err(|e| broken(e.to_string()))?;
    let at = zone
        .to_timestamp(day.at(8, 30, 0, 0))
        .map_err(|e| broken(e.to_string()))?;
    Ok(node::domain::time::Instant::from_jiff(at))
}

/// Serves the demo until asked to stop.
pub async fn serve(
    mut world: World,
    people: &People,
    home: &Path,
    listen: SocketAddr,
) -> Result<Vec<String>, String> {
    let settings = settings(listen);
    let bound = server::serve::bind(settings.clone()).map_err(|e| sentence(&e))?;
    let address = bound.address().map_err(|e| sentence(&e))?;
    let witness = match super::beside::start(&world.node, home) {
        Ok((beside, witness)) => {
            world.outside.witnesses.push(witness);
            Some(beside)
        }
        Err(why) => {
            super::say(&format!("There is no witness in this demo: {why}"));
            None
        }
    };
    let settings = Settings {
        origin: format!("http://{address}"),
        witnesses: world
            .outside
            .witnesses
            .iter()
            .map(|w| w.key().to_string())
            .collect(),
        ..settings
    };
    let app = App::of(world.node.clone(), settings).map_err(|e| sentence(&e))?;
    print_links(&app, people).await?;
    somebody_waits(&app, people).await.map_err(|e| sentence(&e))?;
    world.clock.run();
    let node = world.node.clone();
    let jobs = tokio::spawn(jobs::run(node.clone(), world.outside.clone()));
    let control: Arc<dyn TimeControl> = Arc::new(Mover(world));
    let routes = server::app::routes().merge(server::web::open::demo::routes(control));
    let routes = server::app::shell(routes, app);
    let operator = Operator {
        health: Arc::new(|| Health::Green),
        metrics: None,
    };
    let stop = async {
        // An error here means that no signal can be listened for; then the demo runs until it is ended otherwise.
        let _ = tokio::signal::ctrl_c().await;
    };
    bound
        .run(routes, operator, stop)
        .await
        .map_err(|e| sentence(&e))?;
    jobs.abort();
    drop(witness);
    node.close().await;
    Ok(vec!["The demo has ended.".to_owned()])
}

fn settings(listen: SocketAddr) -> Settings {
    Settings {
        demo: true,
        operator: None,
        ..Settings::loopback(listen)
    }
}

/// The north team's manager has left: whoever runs the node has asked that a new one be let in, and nobody has agreed yet.
async fn somebody_waits(app: &App, people: &People) -> Result<(), AppError> {
    let post = "northmere/north-manager"
        .parse()
        .map_err(|_| AppError::NotFound)?;
    let new = NewAccount {
        name: "Bryn Fell".to_owned(),
        email: "bryn.fell@northmere.example".to_owned(),
        registered: true,
        posts: vec![post],
        until: None,
    };
    let operator = people.acting("northmere/operator")?;
    app.node()
        .invite_person(&operator, app.sign_in(), &new)
        .await
        .map(drop)
}

async fn print_links(app: &App, people: &People) -> Result<(), String> {
    let origin = app.settings().origin.clone();
    super::say(&format!(
        "Northmere is an invented council. It is served at {origin}"
    ));
    super::say(&format!("  Report a concern, in public: {origin}/"));
    super::say(&format!("  Report a concern, at work:   {origin}/work"));
    super::say(&format!("  Move time on:                {origin}/demo"));
    super::say("One-time sign-in links:");
    for wanted in LINKS {
        let Some((name, post, who)) = people.all().find(|(_, post, _)| *post == wanted) else {
            continue;
        };
        let login = format!("{}@northmere.example", name.to_lowercase().replace(' ', "."));
        app.sign_in()
            .open_account(who, &login)
            .await
            .map_err(|e| sentence(&e))?;
        let invitation = app.sign_in().invite(who).await.map_err(|e| sentence(&e))?;
        let id = post
            .parse()
            .map_err(|_| "a post of the demo cannot be read".to_owned())?;
        let title = app
            .node()
            .agency()
            .posts
            .iter()
            .find(|p| p.id == id)
            .map(|p| p.title.clone());
        let token = invitation.token.reveal();
        super::say(&format!(
            "  {} ({name}): {origin}/invite/{token}",
            title.unwrap_or_default()
        ));
    }
    Ok(())
}
