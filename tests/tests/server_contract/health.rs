//! `healthcheck` asks a server over TLS too, and believes only whom it was told to believe.

use std::path::Path;
use std::process::Command;

use chayan_server::commands::{HealthTarget, healthcheck};
use chayan_server::config::Config;
use rstest::rstest;

use super::town::{Database, Town};

fn openssl(folder: &Path, arguments: &[&str]) {
    let output = Command::new("openssl").args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

const KEY: [&str; 5] = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/// A certificate that signed itself, as the usual command makes it: marked as an authority.
fn own(folder: &Path, name: &str) {
    let (key, cert) = (format!("{name}.key"), format!("{name}.pem"));
    let asked = ["-x509", "-days", "2", "-subj", "/CN=127.0.0.1", "-keyout", &key, "-out", &cert];
    openssl(folder, &[&["req"], &KEY[..], &asked[..]].concat());
}

/// A certificate for this machine, signed by the authority `ca`.
fn signed(folder: &Path) {
    own(folder, "ca");
    let asked = ["-subj", "/CN=127.0.0.1", "-keyout", "server.key", "-out", "server.csr"];
    openssl(folder, &[&["req"], &KEY[..], &asked[..]].concat());
    std::fs::write(folder.join("names"), "subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n").unwrap();
    let sign = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names"];
    openssl(folder, &[&["x509", "-req", "-in", "server.csr", "-out", "server.pem"], &sign[..]].concat());
}

#[rstest]
#[case::own_certificate(false)]
#[case::of_an_authority(true)]
#[tokio::test]
async fn a_server_over_tls_is_asked_and_a_strange_certificate_is_not_believed(#[case] by_authority: bool) {
    let folder = tempfile::tempdir().unwrap();
    if by_authority {
        signed(folder.path())
    } else {
        own(folder.path(), "server")
    }
    own(folder.path(), "stranger");
    let secure = |config: &mut Config| {
        config.tls_cert = Some(folder.path().join("server.pem"));
        config.tls_key = Some(folder.path().join("server.key"));
    };
    let town = Town::with(Database::Sqlite, secure, |_| {}).await;
    let url = Some(town.base().replace("http://", "https://"));
    let of = |file: &str| HealthTarget { url: url.clone(), ca: Some(folder.path().join(file)) };
    let nothing = Config::default();
    healthcheck(&of("server.pem"), &nothing).await.unwrap();
    if by_authority {
        healthcheck(&of("ca.pem"), &nothing).await.unwrap();
    }
    assert!(healthcheck(&of("stranger.pem"), &nothing).await.is_err());
    assert!(healthcheck(&HealthTarget { url: url.clone(), ca: None }, &nothing).await.is_err());
    // Without any flag: the server of the settings, by its own certificate.
    let mut settings =
        Config { listen: town.base().replace("http://", "").parse().unwrap(), ..Config::default() };
    secure(&mut settings);
    let sentence = healthcheck(&HealthTarget::default(), &settings).await.unwrap();
    assert!(sentence.contains("https://127.0.0.1"), "{sentence}");
}
