//! Programs that never outlive the test that started them.
//!
//! Each runs in a process group of its own, which is killed as a whole when its owner is dropped, so also when a
//! test panics. For a test that is itself killed there is the [`Undertaker`]: a shell that notices by the end of
//! its input and buries what is left.

use std::fs::File;
use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process_group};

use crate::wait;

/// How long a program may take to end by itself before it is killed.
const GRACE: Duration = Duration::from_secs(3);

/// Reads `+group`, `-group` and `=folder` lines; at the end of its input the test is gone: every group left is
/// killed and every folder removed.
const BURIAL: &str = "
    groups=
    set --
    while read -r word; do
        case $word in
            +*) groups=\"$groups ${word#+}\" ;;
            =*) set -- \"$@\" \"${word#=}\" ;;
            -*) kept=; for g in $groups; do [ \"$g\" = \"${word#-}\" ] || kept=\"$kept $g\"; done; groups=$kept ;;
        esac
    done
    for g in $groups; do kill -s TERM -- -$g 2>/dev/null; done
    [ -z \"$groups\" ] || sleep 1
    for g in $groups; do kill -s KILL -- -$g 2>/dev/null; done
    [ $# -eq 0 ] || rm -rf -- \"$@\"
";

/// Ends registered process groups when this program disappears, by whatever cause.
#[derive(Clone)]
pub struct Undertaker {
    inner: Arc<Grave>,
}

struct Grave {
    shell: Mutex<Child>,
    input: Mutex<Option<ChildStdin>>,
}

impl Undertaker {
    /// Starts the shell that waits.
    ///
    /// # Errors
    /// When there is no `sh`.
    pub fn start() -> Result<Self> {
        let mut shell = Command::new("sh");
        shell.args(["-c", BURIAL]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        // A group of its own: Ctrl-C in the terminal must not end it before the work is done.
        let mut shell = shell.process_group(0).spawn().context("cannot start sh")?;
        let input = shell.stdin.take();
        Ok(Self { inner: Arc::new(Grave { shell: Mutex::new(shell), input: Mutex::new(input) }) })
    }

    /// Removes a temporary folder when this program is gone, also one that is held by a static and never dropped.
    pub fn remove_at_end(&self, folder: &Path) {
        self.note('=', folder.display());
    }

    /// Buries at once what is registered, as if this program were gone.
    pub fn leave(&self) {
        drop(self.inner.input.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    fn note(&self, sign: char, subject: impl std::fmt::Display) {
        let mut input = self.inner.input.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(input) = input.as_mut() {
            // A shell that is gone can bury nothing, and the owner kills its programs anyway.
            let _ = writeln!(input, "{sign}{subject}").and_then(|()| input.flush());
        }
    }
}

impl Drop for Grave {
    fn drop(&mut self) {
        drop(self.input.lock().unwrap_or_else(PoisonError::into_inner).take());
        let mut shell = self.shell.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = shell.wait();
    }
}

/// A running program with its process group and its log.
pub struct Program {
    name: String,
    child: Child,
    log: PathBuf,
    undertaker: Undertaker,
    ended: Option<ExitStatus>,
}

impl Program {
    /// Starts a program in its own process group; its output goes to `log`, unless the command says otherwise
    /// through [`Program::start_with`].
    ///
    /// # Errors
    /// When it cannot be started or the log cannot be written.
    pub fn start(name: &str, command: Command, log: &Path, undertaker: &Undertaker) -> Result<Self> {
        let output = open_log(log)?;
        Self::start_with(name, command, log, undertaker, Stdio::null(), output.into())
    }

    /// The same with a given standard input and output; standard error goes to `log`.
    ///
    /// # Errors
    /// When it cannot be started or the log cannot be written.
    pub fn start_with(
        name: &str,
        mut command: Command,
        log: &Path,
        undertaker: &Undertaker,
        input: Stdio,
        output: Stdio,
    ) -> Result<Self> {
        let errors = open_log(log)?;
        command.stdin(input).stdout(output).stderr(errors).process_group(0);
        let program = command.get_program().to_string_lossy().into_owned();
        let child = command.spawn().with_context(|| format!("cannot start {name} (`{program}`)"))?;
        undertaker.note('+', child.id());
        Ok(Self {
            name: name.to_owned(),
            child,
            log: log.to_path_buf(),
            undertaker: undertaker.clone(),
            ended: None,
        })
    }

    /// The process id, which is also the id of its group.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it was called when it was started.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The started process, for its pipes.
    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        if self.ended.is_none() {
            self.ended = self.child.try_wait().ok().flatten();
        }
        self.ended
    }

    /// The last lines of its log, for a message.
    pub fn log_tail(&self) -> String {
        let text = std::fs::read(&self.log).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    /// Waits until it ends by itself.
    ///
    /// # Errors
    /// When it is still running after the limit.
    pub async fn wait_for_end(&mut self, limit: Duration) -> Result<ExitStatus> {
        let what = format!("the end of {}", self.name);
        wait::until(&what, limit, async || self.ended().ok_or_else(|| "it is running".to_owned())).await
    }

    /// `kill -9` for it and everything that it started, as a crash or a power cut would.
    pub fn kill(&mut self) {
        self.signal(Signal::KILL);
        if self.ended.is_none() {
            self.ended = self.child.wait().ok();
        }
        self.undertaker.note('-', self.child.id());
    }

    /// Asks it to end, and kills it when it does not within three seconds.
    pub fn stop(&mut self) {
        self.signal(Signal::TERM);
        wait::blocking(GRACE, || self.ended().is_some());
        self.kill();
    }

    /// Sends a signal to the whole group.
    pub fn signal(&mut self, signal: Signal) {
        let group = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        if let Some(group) = group {
            // A group whose last process is gone cannot be signalled, and need not be.
            let _ = kill_process_group(group, signal);
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.stop();
    }
}

fn open_log(path: &Path) -> Result<File> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    File::options()
        .create(true)
        .append(true)
        .open(path)
        .with_context(|| format!("cannot write {}", path.display()))
}
