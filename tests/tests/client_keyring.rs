//! The operating system's keyring for real: gnome-keyring on a private D-Bus, open, locked and missing.
//!
//! Each test runs its other half in a process of its own, inside a session bus with a home folder of its own.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test, and names the line")]

use std::path::Path;
use std::process::{Command, Stdio};

use chayan_client::{Secret, SecretFault, Secrets, SystemSecrets};

/// Tells the other half what to do.
const PART: &str = "CHAYAN_TEST_KEYRING";
const SERVICE: &str = "chayan-test";

/// What a session does about its keyring before the other half runs.
const UNLOCK: &str =
    "printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null; exec \"$0\" \"$@\"";
const UNLOCK_WHEN_THERE_IS_A_BUS: &str = "\
    until [ -S \"$XDG_RUNTIME_DIR/bus\" ]; do sleep 0.05; done; \
    printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null";
const LEAVE_LOCKED: &str = "gnome-keyring-daemon --start --components=secrets >/dev/null; exec \"$0\" \"$@\"";

/// Runs this test program again inside a session of its own; true when its half of the test passed.
fn passes_in_session(home: &Path, keyring: &str, test: &str, part: &str) -> bool {
    let run = home.join("run");
    std::fs::create_dir_all(&run).unwrap();
    let program = std::env::current_exe().unwrap();
    let status = Command::new("dbus-run-session")
        .args(["--", "sh", "-c", keyring])
        .arg(program)
        .args(["--exact", "--nocapture", test])
        .stdout(Stdio::null())
        .env(PART, part)
        .env("HOME", home)
        .env("XDG_DATA_HOME", home.join("data"))
        .env("XDG_RUNTIME_DIR", &run)
        .env_remove("DISPLAY")
        .env_remove("GNOME_KEYRING_CONTROL")
        .status()
        .unwrap();
    status.success()
}

fn part() -> Option<String> {
    std::env::var(PART).ok()
}

#[tokio::test]
async fn an_open_keyring_keeps_gives_back_and_forgets() {
    if part().is_some() {
        let secrets = SystemSecrets::new(SERVICE);
        assert_eq!(secrets.read(Secret::StoreKey).await.unwrap(), None);
        let key: Vec<u8> = (0..=255).collect();
        secrets.write(Secret::StoreKey, &key).await.unwrap();
        // As long as a token may be: Windows keeps no more than 1280 UTF-16 units.
        let token = "t".repeat(1_280);
        secrets.write(Secret::Token, token.as_bytes()).await.unwrap();
        assert_eq!(*secrets.read(Secret::Token).await.unwrap().unwrap(), token.into_bytes());
        assert_eq!(*secrets.read(Secret::StoreKey).await.unwrap().unwrap(), key);
        secrets.delete(Secret::Token).await.unwrap();
        secrets.delete(Secret::Token).await.unwrap();
        assert_eq!(secrets.read(Secret::Token).await.unwrap(), None);
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let test = "an_open_keyring_keeps_gives_back_and_forgets";
    assert!(passes_in_session(home.path(), UNLOCK, test, "all"));
}

#[tokio::test]
async fn a_locked_keyring_is_said_to_be_locked_instead_of_waiting_for_ever() {
    let test = "a_locked_keyring_is_said_to_be_locked_instead_of_waiting_for_ever";
    match part().as_deref() {
        Some("write") => SystemSecrets::new(SERVICE).write(Secret::StoreKey, b"key").await.unwrap(),
        Some(_) => {
            let answer = SystemSecrets::new(SERVICE).read(Secret::StoreKey).await;
            assert_eq!(answer, Err(SecretFault::Locked));
        }
        None => {
            let home = tempfile::tempdir().unwrap();
            assert!(passes_in_session(home.path(), UNLOCK, test, "write"));
            assert!(passes_in_session(home.path(), LEAVE_LOCKED, test, "read"));
        }
    }
}

#[tokio::test]
async fn a_keyring_that_appears_later_is_used_without_a_restart() {
    if part().is_some() {
        let secrets = SystemSecrets::new(SERVICE);
        assert_eq!(secrets.read(Secret::StoreKey).await, Err(SecretFault::Unavailable));
        let address = format!("--address={}", std::env::var("DBUS_SESSION_BUS_ADDRESS").unwrap());
        let mut bus = Command::new("dbus-daemon").args(["--session", "--nofork", &address]).spawn().unwrap();
        let unlocked = Command::new("sh").args(["-c", UNLOCK_WHEN_THERE_IS_A_BUS]).status().unwrap();
        let written = secrets.write(Secret::StoreKey, b"key").await;
        let read = secrets.read(Secret::StoreKey).await;
        bus.kill().unwrap();
        bus.wait().unwrap();
        assert!(unlocked.success());
        written.unwrap();
        assert_eq!(**read.unwrap().unwrap(), *b"key");
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let run = home.path().join("run");
    std::fs::create_dir_all(&run).unwrap();
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture", "a_keyring_that_appears_later_is_used_without_a_restart"])
        .stdout(Stdio::null())
        .env(PART, "all")
        .env("HOME", home.path())
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env("XDG_RUNTIME_DIR", &run)
        .env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}", run.join("bus").display()))
        .env_remove("DISPLAY")
        .env_remove("GNOME_KEYRING_CONTROL")
        .status()
        .unwrap();
    assert!(status.success());
}

#[tokio::test]
async fn a_machine_without_a_keyring_is_said_to_have_none() {
    if part().is_some() {
        let answer = SystemSecrets::new(SERVICE).read(Secret::StoreKey).await;
        assert_eq!(answer, Err(SecretFault::Unavailable));
        return;
    }
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "--nocapture", "a_machine_without_a_keyring_is_said_to_have_none"])
        .stdout(Stdio::null())
        .env(PART, "read")
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
        .status()
        .unwrap();
    assert!(status.success());
}
