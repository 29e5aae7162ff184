//! 练习: a centre of its own on this machine, and a second desk that knows no other.
//!
//! The centre is a process of its own (`chayan-server training`), so that it costs nothing while nobody practises, and
//! whatever happens to it happens to no real work. It ends when its standard input does: with the training, or with this
//! program, however that ends. The second desk has a folder of its own, a keyring in memory, and settings that nobody
//! can change; nothing here ever holds the first one.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;

use chayan_api::session::Me;
use chayan_api::training::{TrainingCentre, TrainingRole};
use chayan_domain::time::Span;
use chayan_runtime::{Clock, Entropy};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStdin, Command};

use crate::desk::{Desk, DeskParts};
use crate::ipc::{DeskFault, DeskFaultCode, Nothing, Settings, SignInArgs, TrainingView};
use crate::secrets::InMemorySecrets;
use crate::store::make_folder;

/// An old counter needs some seconds to live through a week.
const START_LIMIT: Span = Span::seconds(60);
const END_LIMIT: Span = Span::seconds(5);

/// What a training is made of.
pub struct TrainingParts {
    /// The server's program.
    pub program: PathBuf,
    /// Where everything of the training lies; emptied first, and gone afterwards.
    pub folder: PathBuf,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// The program's version.
    pub client_version: String,
    /// How the person likes the program to look and sound: the rest of the real settings is left behind.
    pub settings: Settings,
}

/// A training that runs.
pub struct Training {
    desk: Desk,
    centre: TrainingCentre,
    server: Server,
    folder: PathBuf,
    clock: Arc<dyn Clock>,
}

/// The process; it ends when `line` is dropped, and at the latest with this value.
struct Server {
    process: Child,
    line: ChildStdin,
}

impl Training {
    /// Starts a training anew; nobody is signed in yet.
    ///
    /// # Errors
    /// [`DeskFaultCode::TrainingFailed`], or the fault of the second desk's store. Then nothing of it runs, and nothing
    /// of it stays.
    pub async fn start(parts: TrainingParts) -> Result<Self, DeskFault> {
        let folder = parts.folder.clone();
        Self::clear(&folder).await;
        let started = Self::start_in_empty(parts).await;
        if started.is_err() {
            Self::clear(&folder).await;
        }
        started
    }

    async fn start_in_empty(parts: TrainingParts) -> Result<Self, DeskFault> {
        make_folder(&parts.folder).map_err(|fault| failed("the folder cannot be made", &fault))?;
        let (server, centre) = Server::start(&parts.program, &parts.folder, &*parts.clock).await?;
        let settings = Settings {
            server: centre.address.clone(),
            ca_file: None,
            proxy: String::new(),
            ..parts.settings
        };
        let desk = DeskParts {
            data_dir: parts.folder.join("desk"),
            clock: Arc::clone(&parts.clock),
            entropy: parts.entropy,
            secrets: Arc::new(InMemorySecrets::new()),
            client_version: parts.client_version,
        };
        match Desk::open_for_training(desk, settings).await {
            Ok(desk) => Ok(Self { desk, centre, server, folder: parts.folder, clock: parts.clock }),
            Err(fault) => {
                server.end(&*parts.clock).await;
                Err(fault)
            }
        }
    }

    /// The second desk.
    #[must_use]
    pub fn desk(&self) -> Desk {
        self.desk.clone()
    }

    /// Whom one may be.
    #[must_use]
    pub fn view(&self) -> TrainingView {
        TrainingView { people: self.centre.people.clone() }
    }

    /// Signs in as one of the made-up people; nobody has to know a password.
    ///
    /// # Errors
    /// [`DeskFaultCode::TrainingFailed`] when there is nobody like that, or the fault of the sign-in.
    pub async fn play(&self, role: TrainingRole) -> Result<Me, DeskFault> {
        let person = self.centre.people.iter().find(|person| person.role == role);
        let person = person.ok_or_else(|| failed("nobody has the role", &format_args!("{role:?}")))?;
        if self.desk.boot_view().session.me.is_some() {
            self.desk.sign_out(Nothing {}).await?;
        }
        let password = self.centre.password.clone();
        self.desk.sign_in(SignInArgs { person_id: person.person_id.clone(), password }).await
    }

    /// Ends it; nothing of it stays.
    pub async fn end(self) {
        let Self { desk, server, folder, clock, .. } = self;
        desk.shutdown().await;
        server.end(&*clock).await;
        Self::clear(&folder).await;
    }

    /// Removes what a training left, where it could not end by itself.
    pub async fn clear(folder: &Path) {
        match tokio::fs::remove_dir_all(folder).await {
            Ok(()) => {}
            Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => {}
            Err(fault) => tracing::warn!(%fault, "what a training left cannot be removed"),
        }
    }
}

impl Server {
    /// Starts it and waits until it says where it is. One that does not is gone before this answers: what it wrote can be
    /// removed.
    async fn start(
        program: &Path,
        folder: &Path,
        clock: &dyn Clock,
    ) -> Result<(Self, TrainingCentre), DeskFault> {
        let mut process = spawn(program, folder)?;
        let heard = tokio::select! {
            heard = first_line(&mut process) => heard,
            () = clock.sleep(START_LIMIT) => Err(failed("the centre is silent", &"timeout")),
        };
        match heard {
            Ok((line, centre)) => Ok((Self { process, line }, centre)),
            Err(fault) => {
                kill(&mut process).await;
                Err(fault)
            }
        }
    }

    async fn end(self, clock: &dyn Clock) {
        let Self { mut process, line } = self;
        drop(line);
        tokio::select! {
            ended = process.wait() => match ended {
                Ok(status) => tracing::debug!(%status, "the centre of the training ended"),
                Err(fault) => tracing::warn!(%fault, "the end of the training's centre is not known"),
            },
            () = clock.sleep(END_LIMIT) => kill(&mut process).await,
        }
    }
}

/// Ends a process that does not end by itself, and waits until it is gone.
async fn kill(process: &mut Child) {
    if let Err(fault) = process.kill().await {
        tracing::warn!(%fault, "the centre of the training does not end");
    }
}

/// Starts the process.
fn spawn(program: &Path, folder: &Path) -> Result<Child, DeskFault> {
    let log = std::fs::File::create(folder.join("centre.log"))
        .map_err(|fault| failed("the log cannot be written", &fault))?;
    let place = folder.join("centre");
    make_folder(&place).map_err(|fault| failed("the folder cannot be made", &fault))?;
    let mut command = Command::new(program);
    command.arg("training").arg("--folder").arg(&place).current_dir(&place);
    // Nothing of the real centre or its keys may be named there. Windows opens no socket without its own folder.
    command.env_clear().envs(std::env::var_os("SystemRoot").map(|root| ("SystemRoot", root)));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(log).kill_on_drop(true);
    #[cfg(windows)]
    command.creation_flags(NO_CONSOLE);
    command.spawn().map_err(|fault| match fault.kind() {
        std::io::ErrorKind::NotFound => DeskFault::new(DeskFaultCode::TrainingMissing),
        _ => failed("the centre cannot be started", &fault),
    })
}

/// Waits for its one line, and keeps open the other one that it ends with.
async fn first_line(process: &mut Child) -> Result<(ChildStdin, TrainingCentre), DeskFault> {
    let (Some(line), Some(said)) = (process.stdin.take(), process.stdout.take()) else {
        return Err(failed("the centre cannot be heard", &"no pipe"));
    };
    let mut ready = String::new();
    let heard = BufReader::new(said).read_line(&mut ready).await;
    heard.map_err(|fault| failed("the centre cannot be heard", &fault))?;
    let centre = serde_json::from_str(&ready).map_err(|fault| {
        // The line holds the password: only where it is wrong is logged.
        failed("the centre says something else", &format_args!("column {}", fault.column()))
    })?;
    Ok((line, centre))
}

/// `CREATE_NO_WINDOW`
#[cfg(windows)]
const NO_CONSOLE: u32 = 0x0800_0000;

fn failed(what: &'static str, why: &dyn std::fmt::Display) -> DeskFault {
    tracing::error!(%why, what, "no training");
    DeskFault::new(DeskFaultCode::TrainingFailed)
}
