//! Keys: where they go, and where they do not.

use symphony_instruments::{Api, Endpoint, EndpointOptions, Key, KeySource};
use symphony_pit::Instrument as _;

use crate::fake::{Fake, KINDS, ask, text};

const SECRET: &str = "sk-canary-0123456789";

fn given() -> KeySource {
    KeySource::Given(Key::new(SECRET).unwrap())
}

async fn why(options: EndpointOptions) -> String {
    match Endpoint::new(options).start().await {
        Ok(_) => panic!("it started"),
        Err(error) => error.to_string(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_is_sent_and_shown_nowhere() {
    for api in KINDS {
        let fake = Fake::start(api, [text("1;")]).await;
        let mut options = fake.options(api);
        options.key = given();
        assert!(!format!("{options:?}").contains("canary"));
        let endpoint = Endpoint::new(options);
        assert!(!format!("{endpoint:?}").contains("canary"));
        let running = endpoint.start().await.unwrap();
        ask(&*running, "let a = $0").await.unwrap();
        let asked = fake.asked.lock().unwrap().clone();
        assert_eq!(asked.len(), 2, "{api:?}: a probe and a question");
        for request in asked {
            assert!(
                request.contains(&format!("authorization: Bearer {SECRET}")),
                "{api:?}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_goes_over_tls_or_to_this_machine() {
    let mut options = EndpointOptions::new("far", "http://models.example/v1", Api::Chat);
    options.key = given();
    let told = why(options).await;
    assert!(told.contains("anybody could read the key"), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn addresses_that_cannot_be_meant_are_refused() {
    let cases = [
        ("file:///etc/passwd", "is not one of HTTP"),
        ("http://user:word@127.0.0.1/", "has a password"),
        ("http://127.0.0.1/?key=1", "has a query"),
        ("nonsense", "is none"),
    ];
    for (url, expected) in cases {
        let told = why(EndpointOptions::new("x", url, Api::Chat)).await;
        assert!(told.contains(expected), "{url}: {told}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_is_not_there_is_told_by_its_name() {
    let mut options = EndpointOptions::new("x", "http://127.0.0.1:1/", Api::Chat);
    options.key = KeySource::Environment("SYMPHONY_NO_SUCH_KEY".to_owned());
    let told = why(options).await;
    assert_eq!(told, "the variable SYMPHONY_NO_SUCH_KEY has no key");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_not_there_does_not_start() {
    // The port was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let options = EndpointOptions::new("x", format!("http://127.0.0.1:{port}"), Api::Ollama);
    let told = why(options).await;
    assert!(told.starts_with("failed to reach it"), "{told}");
}
