//! HTTPS.

use std::{fs, path::PathBuf};

use http::{Request, StatusCode, Version, header};
use mock_server::{Error, MockServer, Tls};
use rcgen::{CertificateParams, KeyPair};

use crate::{
    client::{Client, Spoken},
    http::{served, telling},
};

const WORD: (&str, &str) = ("x-gate-word", "apple o'clock");

async fn start(tls: Tls) -> MockServer {
    MockServer::builder().source(telling()).document("orchard").tls(tls).start().await.unwrap()
}

fn scratch(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_file(&path);
    path
}

/// A certificate for this machine with its key, as PEM.
fn pair() -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap().self_signed(&key).unwrap();
    (certificate.pem(), key.serialize_pem())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_trusts_the_certificate_gets_the_best_that_both_speak() {
    let server = start(Tls::self_signed()).await;
    let control = server.control_url().unwrap();
    assert!(server.url().starts_with("https://127.0.0.1:") && control.starts_with("https://127.0.0.1:"));
    for (spoken, expected) in [(Spoken::Best, Version::HTTP_2), (Spoken::One, Version::HTTP_11)] {
        let client = Client::new(server.certificate(), spoken);
        let url = format!("{}/pickings/pick-001", server.base_url("orchard"));
        let by_name = url.replace("127.0.0.1", "localhost");
        for url in [url, by_name] {
            let reply = client.send(Request::get(&url).header(WORD.0, WORD.1).body("").unwrap()).await;
            assert_eq!((reply.status(), reply.version()), (StatusCode::OK, expected), "{url}");
        }
        let health = client.send(Request::get(format!("{control}/health")).body("").unwrap()).await;
        assert!(health.version() == expected && health.body().contains(server.url()), "{health:?}");
    }
    assert_eq!(server.journal().defects(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_trusts_another_certificate_is_not_served() {
    let (server, other) = (start(Tls::self_signed()).await, start(Tls::self_signed()).await);
    for trusted in [None, other.certificate()] {
        let request = Request::get(server.url()).body("").unwrap();
        let failed = Client::new(trusted, Spoken::Best).try_send(request).await.unwrap_err();
        assert!(failed.contains("InvalidCertificate"), "{failed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_addresses_that_are_told_are_https() {
    let server = start(Tls::self_signed()).await;
    for spoken in [Spoken::One, Spoken::Best] {
        let client = Client::new(server.certificate(), spoken);
        let base = server.named_sandbox("red").unwrap().base_url("orchard");
        let request = Request::post(format!("{base}/trees/tree-07/pickings")).header(WORD.0, WORD.1);
        let made = client.send(request.header(header::CONTENT_TYPE, "application/json").body(r#"{"kilos":5}"#).unwrap()).await;
        let location = made.headers()[header::LOCATION].to_str().unwrap();
        assert!(location.starts_with(&base) && base.starts_with("https://"), "{location}");
        let control = server.control_url().unwrap();
        let document = client.send(Request::get(format!("{control}/documents/orchard.json")).body("").unwrap()).await;
        assert!(document.body().contains(&server.base_url("orchard")), "{document:?}");
    }
    let provider = served(&server);
    assert!(provider.base_url.starts_with("https://"));
    assert!(provider.tour.iter().all(|call| call.curl.starts_with("curl -k ") && call.curl.contains("https://")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_certificate_can_be_written_and_be_for_other_names() {
    let file = scratch("tls.pem");
    let server = start(Tls::self_signed().name("mock.example").write_to(&file)).await;
    assert_eq!(fs::read_to_string(&file).unwrap(), server.certificate().unwrap());
    assert!(!server.certificate().unwrap().contains("PRIVATE"));
    let trusts = format!("curl --cacert {} ", file.display());
    assert!(served(&server).tour.iter().all(|call| call.curl.starts_with(&trusts)));
    let failed = MockServer::builder().tls(Tls::self_signed().name("no name")).start().await.unwrap_err();
    assert!(matches!(failed, Error::NoCertificate { .. }), "{failed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_can_be_given() {
    let (certificate, key) = pair();
    let server = start(Tls::pem(certificate.as_str(), key)).await;
    assert_eq!(server.certificate(), Some(certificate.as_str()));
    let client = Client::new(Some(&certificate), Spoken::Best);
    let reply = client.send(Request::get(server.url()).body("").unwrap()).await;
    assert_eq!((reply.status(), reply.version()), (StatusCode::NOT_FOUND, Version::HTTP_2));
    assert!(served(&server).tour.iter().all(|call| call.curl.starts_with("curl ") && !call.curl.contains("-k ")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_certificate_names_the_file() {
    let ((certificate, key), (other, _)) = (pair(), pair());
    let broken = "-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----\n";
    for (certificate, key, expected) in [
        (key.as_str(), key.as_str(), "cannot use `CERT` as certificate: there is none in it"),
        ("", &key, "cannot use `CERT` as certificate: there is none in it"),
        (broken, &key, "cannot use `CERT` as certificate"),
        (&certificate, &certificate, "cannot use `KEY` as private key: there is none in it"),
        (&certificate, "-----BEGIN PRIVATE KEY-----\nbm9uZQ==\n-----END PRIVATE KEY-----\n", "cannot use `KEY` as private key"),
        (&other, &key, "cannot use `KEY` as private key: it is not the key of `CERT`"),
    ] {
        let [cert_file, key_file] = [scratch("given-cert.pem"), scratch("given-key.pem")];
        fs::write(&cert_file, certificate).unwrap();
        fs::write(&key_file, key).unwrap();
        let failed = MockServer::builder().tls(Tls::files(&cert_file, &key_file).unwrap()).start().await.unwrap_err();
        let text = failed.to_string().replace(&cert_file.display().to_string(), "CERT").replace(&key_file.display().to_string(), "KEY");
        assert!(text.starts_with(expected), "{text}");
        assert!(failed.help().contains("PEM"), "{text}");
    }
    assert!(matches!(Tls::files("nowhere.pem".as_ref(), "nowhere.key".as_ref()), Err(Error::Read { .. })));
}
