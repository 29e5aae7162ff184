//! The stage itself: what the desktop tests stand on.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use chayan_tests::desktop::{Equipment, Stage, Urgency};
use chayan_tests::process::{Program, Undertaker};
use chayan_tests::wait::{self, PATIENCE};
use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    AtomEnum, ConnectionExt as _, CreateWindowAux, EventMask, KeyButMask, PropMode, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;
use zbus::zvariant::Value;

/// A small X client: a window with a title and a button.
fn message(stage: &Stage, title: &str) -> Program {
    let mut command = stage.command("xmessage");
    command.args(["-title", title, "-buttons", "OK:0", "-default", "OK", "words"]);
    stage.spawn("xmessage", command).expect("xmessage is installed")
}

/// Sends a toast over the wire, as notification libraries do; returns its id.
async fn notify(connection: &zbus::Connection, summary: &str) -> u32 {
    let hints = HashMap::from([("urgency", Value::from(2_u8))]);
    let body = ("stage-test", 0_u32, "", summary, "words", ["default", "open"].as_slice(), hints, 0_i32);
    let reply = connection
        .call_method(
            Some("org.freedesktop.Notifications"),
            "/org/freedesktop/Notifications",
            Some("org.freedesktop.Notifications"),
            "Notify",
            &body,
        )
        .await
        .expect("the service answers");
    reply.body().deserialize().expect("the answer is the toast's id")
}

#[tokio::test]
async fn a_window_is_found_by_its_title_answers_the_keyboard_and_goes() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::with("clerk", folder.path(), Equipment::NONE).await.unwrap();
    let mut program = message(&stage, "a title");

    let window = stage.screen().window("a title").await.unwrap();
    assert!(window.width > 1 && window.height > 1, "{window:?}");
    let focused = stage.screen().window_when("the focus", "a title", |window| window.focused).await.unwrap();
    assert!(!focused.above, "nothing asked for it to stay on top");
    stage.screen().key("Return").unwrap();

    let status = program.wait_for_end(PATIENCE).await.unwrap();
    assert_eq!(status.code(), Some(0), "Return presses the default button");
    stage.screen().gone("a title", PATIENCE).await.unwrap();
}

#[tokio::test]
async fn a_click_lands_in_the_window_below_the_point() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::with("clerk", folder.path(), Equipment::NONE).await.unwrap();
    let mut command = stage.command("xmessage");
    command.args(["-title", "button", "-buttons", "press here:7", "."]);
    let mut program = stage.spawn("xmessage", command).unwrap();
    let window = stage.screen().window("button").await.unwrap();

    // The button is at the lower left, below one line of text.
    stage.screen().click(window.x + 30, window.y + i32::try_from(window.height).unwrap() - 15).unwrap();

    assert_eq!(program.wait_for_end(PATIENCE).await.unwrap().code(), Some(7));
}

#[tokio::test]
async fn latin_and_chinese_letters_arrive_in_the_focused_window_as_they_were_typed() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::with("clerk", folder.path(), Equipment::NONE).await.unwrap();
    let reader = Reader::open(stage.display(), "reader");
    stage.screen().window_when("the focus", "reader", |window| window.focused).await.unwrap();
    let report = "Ab 1!客户对理赔时效不满，要求投诉。客户 ok";
    // Different letters that need more keys than are spare, so that keys are bound anew on the way.
    let rare: Vec<char> = ('\u{4e00}'..='\u{4eb0}').collect();
    let parts = rare.chunks(50).map(|part| part.iter().collect::<String>());

    for text in std::iter::once(report.to_owned()).chain(parts) {
        stage.screen().type_text(&text).unwrap();
        assert_eq!(reader.read(text.chars().count()).await, text);
    }
}

#[tokio::test]
async fn a_picture_of_the_screen_shows_its_windows() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::with("clerk", folder.path(), Equipment::NONE).await.unwrap();
    let _program = message(&stage, "seen");
    let window = stage.screen().window("seen").await.unwrap();

    let picture = folder.path().join("pictures/seen.png");
    stage.screenshot(&picture).unwrap();

    let bytes = std::fs::read(&picture).unwrap();
    assert!(bytes.starts_with(b"\x89PNG"), "a PNG by its ending");
    wait::until("the window to be drawn", PATIENCE, async || {
        let inside = stage.screen().pixel(window.x + 2, window.y + 2).map_err(|error| error.to_string())?;
        let outside = stage.screen().pixel(1, 1).map_err(|error| error.to_string())?;
        if inside == outside { Err(format!("{inside:?} everywhere")) } else { Ok(()) }
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_toast_is_recorded_and_a_click_on_it_reaches_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let stage =
        Stage::with("clerk", folder.path(), Equipment { toasts: true, ..Equipment::NONE }).await.unwrap();
    let connection = stage.connect().await.unwrap();
    let clicks = zbus::MatchRule::builder()
        .msg_type(zbus::message::Type::Signal)
        .interface("org.freedesktop.Notifications")
        .unwrap()
        .member("ActionInvoked")
        .unwrap()
        .build();
    let mut clicks = zbus::MessageStream::for_match_rule(clicks, &connection, None).await.unwrap();

    let id = notify(&connection, "a case waits").await;
    let toast = stage.toasts().toast("the toast", |toast| toast.summary == "a case waits").await.unwrap();
    assert_eq!((toast.id, toast.urgency, toast.timeout), (id, Some(Urgency::Critical), 0));
    assert_eq!(toast.actions, [("default".to_owned(), "open".to_owned())]);
    stage.toasts().click(&toast, "default").await.unwrap();

    let heard = tokio::time::timeout(PATIENCE, futures_util::StreamExt::next(&mut clicks)).await.unwrap();
    let (clicked, action): (u32, String) = heard.unwrap().unwrap().body().deserialize().unwrap();
    assert_eq!((clicked, action.as_str()), (id, "default"));
    assert!(stage.toasts().all()[0].closed, "a clicked toast goes");
}

#[tokio::test]
async fn a_secret_is_written_to_the_keyring_and_read_back() {
    let folder = tempfile::tempdir().unwrap();
    let stage =
        Stage::with("clerk", folder.path(), Equipment { keyring: true, ..Equipment::NONE }).await.unwrap();

    let mut store = stage.command("secret-tool");
    store.args(["store", "--label", "test", "for", "stage"]).stdin(Stdio::piped());
    let mut store = store.spawn().unwrap();
    store.stdin.take().unwrap().write_all(b"quiet words").unwrap();
    assert!(store.wait().unwrap().success());
    let read = stage.command("secret-tool").args(["lookup", "for", "stage"]).output().unwrap();

    assert_eq!(String::from_utf8_lossy(&read.stdout), "quiet words");
}

#[tokio::test]
async fn without_a_keyring_nothing_answers_for_it_until_it_is_started() {
    let folder = tempfile::tempdir().unwrap();
    let mut stage = Stage::with("clerk", folder.path(), Equipment::NONE).await.unwrap();
    let look =
        |stage: &Stage| stage.command("secret-tool").args(["search", "for", "stage"]).output().unwrap();

    assert!(!look(&stage).status.success(), "the bus must not start a keyring by itself");
    stage.start_keyring().await.unwrap();

    assert!(look(&stage).status.success(), "{}", String::from_utf8_lossy(&look(&stage).stderr));
}

#[tokio::test]
async fn two_stages_do_not_see_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let equipment = Equipment { toasts: true, ..Equipment::NONE };
    let clerk = Stage::with("clerk", &folder.path().join("clerk"), equipment).await.unwrap();
    let leader = Stage::with("leader", &folder.path().join("leader"), equipment).await.unwrap();
    let _program = message(&clerk, "only here");

    clerk.screen().window("only here").await.unwrap();
    notify(&clerk.connect().await.unwrap(), "only here").await;

    assert_eq!(leader.screen().find("only here").unwrap(), None);
    assert_eq!(leader.toasts().all(), []);
    assert_eq!(clerk.toasts().all().len(), 1);
    assert_ne!(clerk.display(), leader.display());
    assert_ne!(clerk.home(), leader.home());
}

#[tokio::test]
async fn a_tray_icon_registered_over_the_bus_is_listed_until_its_program_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let stage =
        Stage::with("clerk", folder.path(), Equipment { tray_host: true, ..Equipment::NONE }).await.unwrap();
    let program = stage.connect().await.unwrap();
    program
        .call_method(
            Some("org.kde.StatusNotifierWatcher"),
            "/StatusNotifierWatcher",
            Some("org.kde.StatusNotifierWatcher"),
            "RegisterStatusNotifierItem",
            &"/StatusNotifierItem",
        )
        .await
        .unwrap();

    stage.tray().item().await.unwrap();
    program.close().await.unwrap();

    wait::until("the icon to go", PATIENCE, async || match stage.tray().items().await {
        Ok(items) if items.is_empty() => Ok(()),
        other => Err(format!("{other:?}")),
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_page_is_read_and_written_through_the_driver() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page.html");
    let html = "<title>page</title><input id=name oninput='heard.textContent = value'><p id=heard></p>";
    std::fs::write(&page, html).unwrap();
    let stage = Stage::with("clerk", folder.path(), Equipment::NONE).await.unwrap();
    // The browser that comes with the library the desktop program is made of.
    let browser = format!("/usr/lib/{}-linux-gnu/webkit2gtk-4.1/MiniBrowser", std::env::consts::ARCH);

    let driven = stage.drive(Path::new(&browser), &["--automation"], &[]).await.unwrap();
    driven.session.goto(format!("file://{}", page.display())).await.unwrap();
    driven.enter("page.html").await.unwrap();
    driven.element("#name").await.unwrap().send_keys("不满").await.unwrap();

    driven.text_when("#heard", "the page to hear it", |text| text == "不满").await.unwrap();
    driven.kill();
}

#[tokio::test]
async fn nothing_of_a_stage_is_left_when_it_ends() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::start("clerk", folder.path()).await.unwrap();
    let program = message(&stage, "last");
    stage.screen().window("last").await.unwrap();
    let home = stage.home();
    assert!(!processes_with(&home).is_empty(), "the check below can see programs of a stage");

    drop(program);
    drop(stage);

    let ended = wait::blocking(Duration::from_secs(5), || processes_with(&home).is_empty());
    assert!(ended, "left: {:?}", processes_with(&home));
}

#[tokio::test]
async fn programs_end_even_when_the_test_that_started_them_is_killed() {
    let mut sleeper = Command::new("sleep");
    sleeper.arg("1000");
    let folder = tempfile::tempdir().unwrap();
    let undertaker = Undertaker::start().unwrap();
    let program = Program::start("sleeper", sleeper, &folder.path().join("log"), &undertaker).unwrap();
    let id = program.id();

    // Nothing is dropped in order, as when the test is killed: only the pipe to the undertaker closes.
    std::mem::forget(program);
    let gone = || !Path::new(&format!("/proc/{id}")).exists() || is_zombie(id);
    assert!(!gone());
    undertaker.leave();

    assert!(wait::blocking(Duration::from_secs(10), gone), "the sleeper still runs");
}

/// A window that reads what is typed, with the keyboard's map as it is when each key arrives.
struct Reader {
    connection: RustConnection,
}

impl Reader {
    fn open(display: &str, title: &str) -> Self {
        let (connection, number) = x11rb::connect(Some(display)).expect("the display answers");
        let root = connection.setup().roots[number].root;
        let id = connection.generate_id().expect("X has ids left");
        let events = CreateWindowAux::new().event_mask(EventMask::KEY_PRESS);
        connection
            .create_window(0, id, root, 0, 0, 200, 100, 0, WindowClass::INPUT_OUTPUT, 0, &events)
            .and_then(|_| {
                connection.change_property8(
                    PropMode::REPLACE,
                    id,
                    AtomEnum::WM_NAME,
                    AtomEnum::STRING,
                    title.as_bytes(),
                )
            })
            .and_then(|_| connection.map_window(id))
            .and_then(|_| connection.flush())
            .expect("X makes windows");
        Self { connection }
    }

    async fn read(&self, letters: usize) -> String {
        let mut text = String::new();
        let read = wait::until("every letter", PATIENCE, async || {
            while let Some(event) = self.connection.poll_for_event().map_err(|error| error.to_string())? {
                if let Event::KeyPress(key) = event {
                    let shift = usize::from(key.state.contains(KeyButMask::SHIFT));
                    text.extend(self.letter(key.detail, shift));
                }
            }
            if text.chars().count() >= letters { Ok(()) } else { Err(text.clone()) }
        })
        .await;
        read.expect("the letters arrive");
        text
    }

    fn letter(&self, key: u8, level: usize) -> Option<char> {
        let map = self.connection.get_keyboard_mapping(key, 1).ok()?.reply().ok()?;
        match *map.keysyms.get(level)? {
            latin @ 0x20..=0xff => char::from_u32(latin),
            other @ 0x0100_0100.. => char::from_u32(other - 0x0100_0000),
            _ => None,
        }
    }
}

fn is_zombie(id: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{id}/stat")).is_ok_and(|stat| stat.contains(") Z "))
}

/// The ids of the programs whose home is this folder.
fn processes_with(home: &Path) -> Vec<String> {
    let wanted = format!("HOME={}", home.display());
    std::fs::read_dir("/proc")
        .expect("Linux has /proc")
        .flatten()
        .filter(|entry| {
            let environment = std::fs::read(entry.path().join("environ")).unwrap_or_default();
            environment.split(|byte| *byte == 0).any(|variable| variable == wanted.as_bytes())
        })
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}
