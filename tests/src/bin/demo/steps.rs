//! The steps of a demo: each is checked, timed, printed and kept as a picture of the program concerned.

use std::path::{Path, PathBuf};

use anyhow::Result;
use chayan_domain::time::Timestamp;
use chayan_runtime::{Clock, SystemClock};
use chayan_tests::stopwatch::Stopwatch;
use chayan_tests::world::Workplace;
use serde::Serialize;

/// The people of a scenario at their workplaces.
pub(crate) trait Players {
    /// The workplace of a demo account that plays.
    fn workplace(&self, key: &str) -> Result<&Workplace>;
    /// Every workplace.
    fn workplaces(&self) -> Vec<&Workplace>;
    /// After each step: a scenario that wants to remember what was on the screens does it here.
    fn look_around(&mut self) {}
}

/// The name of the step that failed; the next ones need it.
#[derive(Debug)]
pub(crate) struct Failed(String);

impl Failed {
    /// Says why the demo stops, and keeps a picture of every desktop for whoever looks into it.
    pub(crate) fn tell(&self, players: &impl Players, out: &Path) {
        println!("demo: stopped, because the next steps need this one ({})", self.0);
        for place in players.workplaces() {
            // The failure itself has been told; a picture more or less does not change it.
            let _taken = place.picture(&out.join(format!("failed-{}.png", place.account().key)));
        }
    }
}

/// What has been played so far.
pub(crate) struct Steps {
    out: PathBuf,
    clock: SystemClock,
    began: Timestamp,
    played: Vec<Played>,
}

/// One step of `timeline.json`.
#[derive(Serialize)]
struct Played {
    number: usize,
    name: String,
    program: String,
    picture: String,
    /// Milliseconds since the demo began.
    began_ms: i64,
    took_ms: i64,
    ok: bool,
    /// What was checked, or why it failed.
    said: String,
}

impl Steps {
    /// Empties the folder of an earlier demo.
    pub(crate) fn begin(out: &Path) -> Result<Self> {
        if out.exists() {
            std::fs::remove_dir_all(out)?;
        }
        std::fs::create_dir_all(out)?;
        let clock = SystemClock;
        Ok(Self { out: out.to_path_buf(), began: clock.now(), clock, played: Vec::new() })
    }

    /// Plays one step. `act` returns in words what it checked.
    pub(crate) async fn run<P: Players>(
        &mut self,
        name: &str,
        program: &str,
        players: &mut P,
        act: impl AsyncFnOnce(&mut P) -> Result<String>,
    ) -> Result<(), Failed> {
        let number = self.played.len() + 1;
        let began_ms = self.clock.now().since(self.began).0;
        let watch = Stopwatch::start();
        let outcome = act(players).await;
        let took_ms = i64::try_from(watch.passed().as_millis()).unwrap_or(i64::MAX);
        let picture = format!("{number:02}-{name}.png");
        let taken = players.workplace(program).and_then(|place| place.picture(&self.out.join(&picture)));
        players.look_around();
        let outcome = outcome.and_then(|checked| taken.map(|()| checked));
        let (ok, said) = match outcome {
            Ok(checked) => (true, checked),
            Err(error) => (false, format!("{error:#}")),
        };
        if ok {
            println!("ok {number:02} {name} ({took_ms} ms) {said}");
        } else {
            println!("FAILED {number:02} {name} ({took_ms} ms) {said}");
        }
        let (name, program) = (name.to_owned(), program.to_owned());
        self.played.push(Played {
            number,
            name: name.clone(),
            program,
            picture,
            began_ms,
            took_ms,
            ok,
            said,
        });
        // The same file is written once more at the end, where a full disk is told.
        let _written = self.keep();
        if ok { Ok(()) } else { Err(Failed(name)) }
    }

    /// Prints the last line; whether every step succeeded.
    pub(crate) fn finish(&self) -> Result<bool> {
        self.keep()?;
        let failed = self.played.iter().filter(|step| !step.ok).count();
        println!("demo: {} steps, {failed} failed", self.played.len());
        Ok(failed == 0)
    }

    fn keep(&self) -> Result<()> {
        let text = serde_json::to_vec_pretty(&self.played)?;
        Ok(std::fs::write(self.out.join("timeline.json"), text)?)
    }
}
