//! A server on a new node, and how to ask it.

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::Response;
use axum::{Json, Router};
use domain::id::{PostId, PractitionerId};
use domain::policy::Policy;
use domain::time::Instant;
use node::agency::AgencyFile;
use node::app::people::NewPractitioner;
use node::app::{Database, Node};
use node::clock::SimulatedClock;
use node::signin::token::ApiScope;
use server::app::{self, App};
use server::error::Error;
use server::guard::input;
use server::guard::limit::Source;
use server::settings::Settings;
use server::visit::Visit;
use tower::ServiceExt;

/// A server and the directory its keys lie in.
/// Monday 30 November 2026, 9:00am.
const MONDAY: Instant = Instant(1_796_029_200_000_000);

pub struct Bench {
    pub app: App,
    pub clock: std::sync::Arc<SimulatedClock>,
    routes: Router,
    _home: tempfile::TempDir,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    /// The value of the first `Set-Cookie` for `name`, or `None`.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let lines = self.headers.get_all(header::SET_COOKIE).into_iter();
        lines
            .filter_map(|line| line.to_str().ok()?.split(';').next()?.split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.to_owned())
    }
}

async fn read(response: Response) -> Answer {
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: String::from_utf8_lossy(&bytes).into_owned(),
    }
}

async fn save(
    mut visit: Visit,
    input::Form(pairs): input::Form<Vec<(String, String)>>,
) -> Result<Response, Error> {
    let saved = visit.save(&pairs)?;
    Ok(axum::response::IntoResponse::into_response((saved, "saved")))
}

async fn report(
    axum::extract::State(app): axum::extract::State<App>,
    source: Source,
) -> Result<&'static str, Error> {
    app.may_report(&source)?;
    Ok("filed")
}

/// Routes that only tests have: each shows one thing the shell does.
fn trial_routes() -> Router<App> {
    use axum::response::Html;
    use axum::routing::{get, post};
    let page = |axum::extract::State(app): axum::extract::State<App>, headers: HeaderMap| async move {
        Html(format!(
            "<!DOCTYPE html>{}<p>{}</p>",
            "x".repeat(4000),
            app.form_token(&headers)
        ))
    };
    let danger = |axum::extract::State(app): axum::extract::State<App>,
                  headers: HeaderMap,
                  input::Form(pairs): input::Form<Vec<(String, String)>>| async move {
        server::guard::csrf::check(&app, &headers, &pairs[0].1).map(|()| "done")
    };
    let panics = || async { [""; 1][usize::from("Dale Rusk".len() == 9)] };
    Router::new()
        .route("/trial/page", get(page))
        .route("/trial/hidden", get(|| async { Error::NotFound }))
        .route("/trial/panic", get(panics))
        .route(
            "/trial/office",
            get(|office: server::session::Office| async move { office.acting.post.to_string() }),
        )
        .route("/trial/danger", post(danger))
        .route("/trial/save", post(save))
        .route(
            "/trial/load",
            get(|visit: Visit| async move { Json(visit.load::<Vec<(String, String)>>()) }),
        )
        .route("/trial/report", post(report))
        .route(
            "/api/v1/trial",
            post(|input::Json(_): input::Json<Vec<u8>>| async { "" }),
        )
        .route("/api/v1/hidden", get(|| async { Error::NotFound }))
}

impl Bench {
    /// On `http://127.0.0.1:8080`, on a Monday morning.
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// With other settings.
    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let home = tempfile::tempdir().unwrap();
        let pack = node::rules::england().unwrap();
        let text = include_str!("../../../../rules/demo/northmere.toml");
        let agency = AgencyFile::parse("northmere.toml", text, &pack).unwrap();
        let clock = SimulatedClock::starting(MONDAY);
        let node = Node::open(node::app::Settings {
            data: home.path().to_path_buf(),
            database: Database::Embedded,
            pack: agency.settled(&pack),
            agency: agency.agency,
            policy: Policy::standard().unwrap(),
            clock: clock.clone(),
        });
        let node = node.await.unwrap();
        let mut settings = Settings::loopback("127.0.0.1:8080".parse().unwrap());
        change(&mut settings);
        let app = App::of(node, settings).unwrap();
        let routes = app::shell(trial_routes().merge(app::routes()), app.clone());
        Self {
            app,
            clock,
            routes,
            _home: home,
        }
    }

    /// Somebody in a post.
    pub async fn person(&self, name: &str, post: &str) -> PractitionerId {
        let new = NewPractitioner {
            name: name.to_owned(),
            email: format!("{name}@northmere.example"),
            phone: String::new(),
            address: String::new(),
            born: String::new(),
            registered: true,
        };
        let post: PostId = post.parse().unwrap();
        self.app
            .node()
            .add_practitioner(None, &new, &[post])
            .await
            .unwrap()
    }

    /// Somebody in a post, with a token for the API.
    pub async fn caller(&self, name: &str, post: &str, scopes: &[ApiScope]) -> String {
        let who = self.person(name, post).await;
        let post: PostId = post.parse().unwrap();
        let ends = Instant(i64::MAX);
        self.app
            .sign_in()
            .api_token(who, &post, scopes, ends)
            .await
            .unwrap()
            .reveal()
    }

    /// A request to the API with a token; `key` is the idempotency key, and `-` is none.
    pub async fn call(&self, method: &str, path: &str, token: &str, key: &str, body: &str) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "127.0.0.1:8080")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::AUTHORIZATION, format!("Bearer {token}"));
        if key != "-" {
            request = request.header("idempotency-key", key);
        }
        self.send(request.body(Body::from(body.to_owned())).unwrap())
            .await
    }

    /// Sends a request.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        read(self.routes.clone().oneshot(request).await.unwrap()).await
    }

    /// `GET path` with these headers.
    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::get(path).header(header::HOST, "127.0.0.1:8080");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// `POST path` with this body and these headers.
    pub async fn post_as(&self, path: &str, body: Vec<u8>, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::post(path).header(header::HOST, "127.0.0.1:8080");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// `POST path` with a form, as a browser on our own page sends it, and these headers.
    pub async fn post(&self, path: &str, form: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::post(path)
            .header(header::HOST, "127.0.0.1:8080")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(form.to_owned())).unwrap())
            .await
    }
}
