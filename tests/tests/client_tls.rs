//! A desk and a server over TLS: an unknown certificate is refused and named, the CA file of the settings makes it known.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test, and names the line")]

#[expect(dead_code, reason = "the server's own tests use the rest of the town")]
#[path = "server_contract/town.rs"]
mod town;

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use chayan_client::ipc::{CheckServer, DeskFaultCode, LinkState, Settings, SignInArgs};
use chayan_client::{Desk, DeskParts, InMemorySecrets};
use chayan_domain::ids::PersonId;
use chayan_domain::report::Private;
use chayan_runtime::SystemEntropy;
use town::{CLERK, Database, Town, until};

fn openssl(folder: &Path, arguments: &[&str]) {
    let output = Command::new("openssl").args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A certificate authority of its own and a certificate for this machine.
fn certificates(folder: &Path) {
    let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    let authority = ["-x509", "-days", "2", "-subj", "/CN=Test CA", "-keyout", "ca.key", "-out", "ca.pem"];
    openssl(folder, &[&["req"], &key[..], &authority[..]].concat());
    let asked = ["-subj", "/CN=127.0.0.1", "-keyout", "server.key", "-out", "server.csr"];
    openssl(folder, &[&["req"], &key[..], &asked[..]].concat());
    std::fs::write(folder.join("names"), "subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n").unwrap();
    let signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names"];
    openssl(folder, &[&["x509", "-req", "-in", "server.csr", "-out", "server.pem"], &signed[..]].concat());
}

#[tokio::test]
async fn an_unknown_certificate_is_named_and_the_ca_file_makes_it_known() {
    let folder = tempfile::tempdir().unwrap();
    certificates(folder.path());
    let secure = |config: &mut chayan_server::config::Config| {
        config.tls_cert = Some(folder.path().join("server.pem"));
        config.tls_key = Some(folder.path().join("server.key"));
    };
    let town = Town::with(Database::Sqlite, secure, |_| {}).await;
    let desk = Desk::open(DeskParts {
        data_dir: folder.path().join("desk"),
        clock: Arc::new(town.clock.clone()),
        entropy: Arc::new(SystemEntropy),
        secrets: Arc::new(InMemorySecrets::new()),
        client_version: "test".to_owned(),
    })
    .await
    .unwrap();
    let server = town.base().replace("http://", "https://");
    let stranger = Settings { server: server.clone(), ..Settings::default() };
    let check = desk.check_server(CheckServer { settings: stranger }).await.unwrap();
    assert_eq!(check.fault.unwrap().code, DeskFaultCode::Certificate, "{}", town::logs());
    let ca_file = Some(folder.path().join("ca.pem").display().to_string());
    let known = Settings { server, ca_file, ..Settings::default() };
    let check = desk.check_server(CheckServer { settings: known.clone() }).await.unwrap();
    assert!(check.reachable, "{:?}", check.fault);
    desk.save_settings(known).await.unwrap();
    let args = SignInArgs { person_id: PersonId::from(CLERK), password: Private::new(town::PASSWORD) };
    desk.sign_in(args).await.unwrap();
    until("the link", async || (desk.boot_view().connection.link == LinkState::Online).then_some(())).await;
    desk.shutdown().await;
}
