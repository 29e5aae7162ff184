//! Sounds of alerts and timers, played by the shell and not by a page: a page may be hidden, throttled or crashed.
//!
//! The file is played by the sound system's own small player; where there is none, the display's bell rings. What
//! sounds when is decided in [`policy`].

mod policy;
mod tone;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chayan_api::alerts::Alert;
use chayan_client::ipc::Settings;
use chayan_runtime::Clock;
use tauri::AppHandle;
use tokio::sync::Notify;
use tracing::{debug, warn};

use policy::Schedule;
pub(crate) use policy::Tone;

/// Players of the common sound systems, best first.
const PLAYERS: [&str; 3] = ["pw-play", "paplay", "aplay"];

/// The sounds of this desk.
pub(crate) struct Sounds {
    app: AppHandle,
    clock: Arc<dyn Clock>,
    folder: PathBuf,
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Default)]
struct State {
    schedule: Schedule,
    settings: Settings,
}

impl Sounds {
    /// Silent until told of something. The sounds lie in a folder below `data_dir`.
    pub(crate) fn new(app: AppHandle, clock: Arc<dyn Clock>, data_dir: &Path) -> Self {
        let folder = data_dir.join("sounds");
        Self { app, clock, folder, state: Mutex::default(), changed: Notify::new() }
    }

    /// The open alerts are these now.
    pub(crate) fn set_open(&self, open: &[Alert]) {
        {
            let mut state = self.state();
            let State { schedule, settings } = &mut *state;
            schedule.set_open(open, settings, self.clock.now());
        }
        self.changed.notify_one();
    }

    /// Settings changed.
    pub(crate) fn set_settings(&self, settings: &Settings) {
        self.state().settings = settings.clone();
        self.changed.notify_one();
    }

    /// A sound of its own, outside of alerts: 安静模式 silences it.
    pub(crate) fn once(&self, tone: Tone) {
        if !self.state().settings.quiet {
            self.play(tone);
        }
    }

    /// Plays what is due, for ever.
    pub(crate) async fn run(&self) {
        loop {
            let due = {
                let mut state = self.state();
                let State { schedule, settings } = &mut *state;
                let tone = schedule.ring(settings, self.clock.now());
                let due = schedule.next_due();
                drop(state);
                if let Some(tone) = tone {
                    self.play(tone);
                }
                due
            };
            match due {
                Some(due) => tokio::select! {
                    () = self.clock.sleep_until(due) => {}
                    () = self.changed.notified() => {}
                },
                None => self.changed.notified().await,
            }
        }
    }

    fn play(&self, tone: Tone) {
        let (app, folder) = (self.app.clone(), self.folder.clone());
        // A thread of its own: a sound server that hangs must hold up nothing.
        let started = std::thread::Builder::new().name("sound".to_owned()).spawn(move || {
            let played =
                sound_file(&folder, tone).map(|file| PLAYERS.iter().any(|player| plays(player, &file)));
            match played {
                Ok(true) => {}
                Ok(false) => bell(&app),
                Err(error) => {
                    warn!(%error, "the sound cannot be written: the bell rings instead");
                    bell(&app);
                }
            }
        });
        if let Err(error) = started {
            warn!(%error, "no sound");
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The sound as a file, written once.
fn sound_file(folder: &Path, tone: Tone) -> std::io::Result<PathBuf> {
    let file = folder.join(match tone {
        Tone::Soft => "soft.wav",
        Tone::Urgent => "urgent.wav",
    });
    let bytes = tone::wav(tone);
    if std::fs::metadata(&file).is_ok_and(|found| found.len() == bytes.len() as u64) {
        return Ok(file);
    }
    std::fs::create_dir_all(folder)?;
    std::fs::write(&file, bytes)?;
    Ok(file)
}

fn plays(player: &str, file: &Path) -> bool {
    let played = Command::new(player)
        .arg(file)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    match played {
        Ok(status) if status.success() => true,
        Ok(status) => {
            debug!(player, %status, "the player did not play");
            false
        }
        Err(_) => false,
    }
}

#[cfg(target_os = "linux")]
fn bell(app: &AppHandle) {
    let rung = app.run_on_main_thread(|| {
        if let Some(display) = gtk::gdk::Display::default() {
            display.beep();
        }
    });
    if let Err(error) = rung {
        debug!(%error, "no bell");
    }
}

#[cfg(not(target_os = "linux"))]
fn bell(_app: &AppHandle) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sound_is_written_once_and_again_when_it_is_damaged() {
        let folder = tempfile::tempdir().unwrap();
        let file = sound_file(folder.path(), Tone::Urgent).unwrap();
        std::fs::write(&file, b"broken").unwrap();
        assert_eq!(sound_file(folder.path(), Tone::Urgent).unwrap(), file);
        assert_eq!(std::fs::read(&file).unwrap(), tone::wav(Tone::Urgent));
    }

    #[test]
    fn a_player_that_is_not_there_or_fails_does_not_count_as_played() {
        let file = Path::new("/nonexistent.wav");
        assert!(!plays("no-such-player", file));
        assert!(!plays("false", file));
        assert!(plays("true", file));
    }
}
