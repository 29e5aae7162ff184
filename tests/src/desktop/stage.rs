//! The stage: what belongs to one desktop, how it starts, and how it ends.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use super::screen::Screen;
use super::toasts::ToastService;
use super::tray::TrayHost;
use crate::process::{Program, Undertaker};
use crate::wait::{self, PATIENCE};

/// A bus without services to start: on a private desktop only what the test starts may answer.
const BUS_CONFIG: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=SOCKET</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// What a desktop has from the start; the rest can be started later.
#[derive(Debug, Clone, Copy)]
pub struct Equipment {
    /// An unlocked Secret Service.
    pub keyring: bool,
    /// A `StatusNotifierWatcher` that shows tray icons.
    pub tray_host: bool,
    /// A notification service that records toasts.
    pub toasts: bool,
}

impl Default for Equipment {
    fn default() -> Self {
        Self { keyring: true, tray_host: true, toasts: true }
    }
}

impl Equipment {
    /// A desktop with nothing but a bus, a screen and a window manager.
    pub const NONE: Self = Self { keyring: false, tray_host: false, toasts: false };
}

/// One private desktop.
pub struct Stage {
    name: String,
    folder: PathBuf,
    bus: String,
    display: String,
    screen: Screen,
    tray: Option<TrayHost>,
    toasts: Option<ToastService>,
    keyring: Option<Program>,
    // In the order in which they must end: the window manager before the display.
    _window_manager: Program,
    _bus_daemon: Program,
    _display_server: Program,
    undertaker: Undertaker,
    // Short, because the path of a socket has at most 108 bytes; removed with the stage.
    runtime: TempDir,
}

impl Stage {
    /// A fully equipped desktop. Home, logs and pictures lie in `folder`, which is kept.
    ///
    /// # Errors
    /// When a program is missing or does not come up; the message names it and shows its log.
    pub async fn start(name: &str, folder: &Path) -> Result<Self> {
        Self::with(name, folder, Equipment::default()).await
    }

    /// A desktop with chosen equipment.
    ///
    /// # Errors
    /// When a program is missing or does not come up.
    pub async fn with(name: &str, folder: &Path, equipment: Equipment) -> Result<Self> {
        std::fs::create_dir_all(folder.join("home"))?;
        let folder = folder.canonicalize()?;
        let runtime = tempfile::Builder::new().prefix("chayan-").tempdir().context("no temporary folder")?;
        std::fs::set_permissions(runtime.path(), std::fs::Permissions::from_mode(0o700))?;
        let undertaker = Undertaker::start()?;
        undertaker.remove_at_end(runtime.path());
        let socket = runtime.path().join("bus");
        let bus = format!("unix:path={}", socket.display());

        let (display_server, display) = start_display(&folder, &undertaker).await?;
        let bus_daemon = start_bus(&folder, &socket, &undertaker).await?;
        let screen = Screen::open(&display).await?;
        let environment = environment(&folder, runtime.path(), &bus, &display);
        let mut openbox = bare_command("openbox", &folder, &environment);
        openbox.arg("--sm-disable");
        let window_manager = Program::start("openbox", openbox, &log(&folder, "openbox"), &undertaker)?;
        screen.wait_for_window_manager().await?;

        let mut stage = Self {
            name: name.to_owned(),
            folder,
            bus,
            display,
            screen,
            tray: None,
            toasts: None,
            keyring: None,
            _window_manager: window_manager,
            _bus_daemon: bus_daemon,
            _display_server: display_server,
            undertaker,
            runtime,
        };
        if equipment.keyring {
            stage.start_keyring().await?;
        }
        if equipment.tray_host {
            stage.start_tray_host().await?;
        }
        if equipment.toasts {
            stage.start_toasts().await?;
        }
        Ok(stage)
    }

    /// The name given at the start; programs on this stage are called by it in messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The folder that is kept: `home/`, logs, pictures.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The home folder of the programs on this stage.
    pub fn home(&self) -> PathBuf {
        self.folder.join("home")
    }

    /// The address of the private D-Bus session.
    pub fn bus(&self) -> &str {
        &self.bus
    }

    /// The X display, such as `:7`.
    pub fn display(&self) -> &str {
        &self.display
    }

    /// The screen with its windows, keyboard and mouse.
    pub fn screen(&self) -> &Screen {
        &self.screen
    }

    /// The tray host.
    ///
    /// # Panics
    /// When the stage has none: a test that asks for it must have started it.
    pub fn tray(&self) -> &TrayHost {
        self.tray.as_ref().expect("this stage has no tray host")
    }

    /// The notification service.
    ///
    /// # Panics
    /// When the stage has none: a test that asks for it must have started it.
    pub fn toasts(&self) -> &ToastService {
        self.toasts.as_ref().expect("this stage has no notification service")
    }

    /// Starts and unlocks the keyring.
    ///
    /// # Errors
    /// When `gnome-keyring-daemon` is missing or its Secret Service does not appear on the bus.
    pub async fn start_keyring(&mut self) -> Result<()> {
        let mut command = self.command("gnome-keyring-daemon");
        command.args(["--foreground", "--unlock", "--components=secrets"]);
        let log = log(&self.folder, "keyring");
        let mut keyring =
            Program::start_with("keyring", command, &log, &self.undertaker, Stdio::piped(), Stdio::null())?;
        // The password is the whole input; its end is what the daemon waits for.
        keyring.child().stdin.take().context("its input is piped")?.write_all(b"stage")?;
        let connection = self.connect().await?;
        wait_for_name(&connection, "org.freedesktop.secrets", &mut keyring).await?;
        self.keyring = Some(keyring);
        Ok(())
    }

    /// Takes the keyring away while programs run.
    pub fn stop_keyring(&mut self) {
        self.keyring = None;
    }

    /// Starts the tray host, also after the programs that look for one.
    ///
    /// # Errors
    /// When the name on the bus is taken.
    pub async fn start_tray_host(&mut self) -> Result<()> {
        self.tray = Some(TrayHost::start(&self.bus).await?);
        Ok(())
    }

    /// Takes the tray host away, as a panel that crashes does.
    pub fn stop_tray_host(&mut self) {
        self.tray = None;
    }

    /// Starts the notification service that records toasts.
    ///
    /// # Errors
    /// When the name on the bus is taken.
    pub async fn start_toasts(&mut self) -> Result<()> {
        self.toasts = Some(ToastService::start(&self.bus).await?);
        Ok(())
    }

    /// Takes the notification service away.
    pub fn stop_toasts(&mut self) {
        self.toasts = None;
    }

    /// A connection of the test's own to the private bus.
    ///
    /// # Errors
    /// When the bus does not answer.
    pub async fn connect(&self) -> Result<zbus::Connection> {
        Ok(zbus::connection::Builder::address(self.bus.as_str())?.build().await?)
    }

    /// A command that sees this desktop and nothing of the one that the tests run on.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let environment = environment(&self.folder, self.runtime.path(), &self.bus, &self.display);
        bare_command(program, &self.folder, &environment)
    }

    /// Starts a program on this desktop; it ends with the value returned. Its output goes to `<name>.log`.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn spawn(&self, name: &str, command: Command) -> Result<Program> {
        Program::start(name, command, &log(&self.folder, name), &self.undertaker)
    }

    /// The undertaker of this stage, for programs started by other means.
    pub fn undertaker(&self) -> &Undertaker {
        &self.undertaker
    }

    /// Writes a picture of the whole screen; the file's ending names the format.
    ///
    /// # Errors
    /// When ImageMagick's `import` is missing or fails.
    pub fn screenshot(&self, path: &Path) -> Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut import = self.command("import");
        import.args(["-silent", "-window", "root"]).arg(std::path::absolute(path)?);
        let output = import.output().context("cannot start `import` (Debian: imagemagick)")?;
        if !output.status.success() {
            bail!("import: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(())
    }
}

fn environment(folder: &Path, runtime: &Path, bus: &str, display: &str) -> Vec<(&'static str, String)> {
    let home = folder.join("home");
    let below = |path: &str| home.join(path).display().to_string();
    let mut environment = vec![
        ("HOME", home.display().to_string()),
        ("XDG_RUNTIME_DIR", runtime.display().to_string()),
        ("XDG_CONFIG_HOME", below(".config")),
        ("XDG_DATA_HOME", below(".local/share")),
        ("XDG_STATE_HOME", below(".local/state")),
        ("XDG_CACHE_HOME", below(".cache")),
        ("DISPLAY", display.to_owned()),
        ("DBUS_SESSION_BUS_ADDRESS", bus.to_owned()),
        ("DBUS_SYSTEM_BUS_ADDRESS", format!("unix:path={}", runtime.join("no-system-bus").display())),
        ("LANG", language()),
        ("LANGUAGE", "zh_CN".to_owned()),
        ("GDK_BACKEND", "x11".to_owned()),
        ("GSETTINGS_BACKEND", "memory".to_owned()),
        ("GTK_IM_MODULE", "gtk-im-context-simple".to_owned()),
        ("NO_AT_BRIDGE", "1".to_owned()),
        ("WEBKIT_DISABLE_DMABUF_RENDERER", "1".to_owned()),
        ("LIBGL_ALWAYS_SOFTWARE", "1".to_owned()),
    ];
    for kept in ["PATH", "USER", "LOGNAME", "TMPDIR", "RUST_BACKTRACE"] {
        if let Ok(value) = std::env::var(kept) {
            environment.push((kept, value));
        }
    }
    environment
}

/// Chinese where the machine has the locale, else one that at least has UTF-8.
fn language() -> String {
    let compiled = Path::new("/usr/lib/locale/zh_CN.utf8").is_dir();
    if compiled { "zh_CN.UTF-8".to_owned() } else { "C.UTF-8".to_owned() }
}

fn bare_command(
    program: impl AsRef<std::ffi::OsStr>,
    folder: &Path,
    environment: &[(&'static str, String)],
) -> Command {
    let mut command = Command::new(program);
    command.env_clear().current_dir(folder.join("home"));
    command.envs(environment.iter().map(|(name, value)| (name, value)));
    command
}

fn log(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.log"))
}

/// Xvfb finds a free display by itself and writes its number when it accepts connections.
async fn start_display(folder: &Path, undertaker: &Undertaker) -> Result<(Program, String)> {
    let mut command = Command::new("Xvfb");
    command.args(["-displayfd", "1", "-screen", "0", "1600x1000x24", "-nolisten", "tcp", "-noreset"]);
    let log = log(folder, "display");
    let mut display = Program::start_with("Xvfb", command, &log, undertaker, Stdio::null(), Stdio::piped())?;
    let output = display.child().stdout.take().context("its output is piped")?;
    let mut number = String::new();
    let (number, read) = tokio::task::spawn_blocking(move || {
        let read = BufReader::new(output).read_line(&mut number);
        (number, read)
    })
    .await?;
    read?;
    if number.trim().is_empty() {
        bail!("Xvfb did not come up:\n{}", display.log_tail());
    }
    Ok((display, format!(":{}", number.trim())))
}

async fn start_bus(folder: &Path, socket: &Path, undertaker: &Undertaker) -> Result<Program> {
    let config = folder.join("bus.conf");
    std::fs::write(&config, BUS_CONFIG.replace("SOCKET", &socket.display().to_string()))?;
    let mut command = Command::new("dbus-daemon");
    command.arg("--config-file").arg(&config).args(["--nofork", "--nopidfile"]);
    let mut bus = Program::start("dbus-daemon", command, &log(folder, "bus"), undertaker)?;
    wait::until("the socket of the private bus", PATIENCE, async || {
        if std::os::unix::net::UnixStream::connect(socket).is_ok() {
            return Ok(());
        }
        Err(bus
            .ended()
            .map_or_else(|| "no socket".to_owned(), |status| format!("dbus-daemon ended: {status}")))
    })
    .await
    .with_context(|| bus.log_tail())?;
    Ok(bus)
}

async fn wait_for_name(connection: &zbus::Connection, name: &str, owner: &mut Program) -> Result<()> {
    let bus = zbus::fdo::DBusProxy::new(connection).await?;
    wait::until(&format!("{name} on the private bus"), PATIENCE, async || {
        let wanted = zbus::names::BusName::try_from(name).map_err(|error| error.to_string())?;
        match bus.name_has_owner(wanted).await {
            Ok(true) => Ok(()),
            Ok(false) => {
                Err(owner.ended().map_or_else(|| "nobody".to_owned(), |status| format!("it ended: {status}")))
            }
            Err(error) => Err(error.to_string()),
        }
    })
    .await
    .with_context(|| owner.log_tail())
}
