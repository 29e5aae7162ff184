//! What a task needs before it can begin: tools, Debian packages, node modules, built pages, built programs.
//!
//! Everything is checked first and done only when it is missing or stale, so a second run costs a second.
//! On Debian and Ubuntu missing packages are installed; elsewhere they are named.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::command::{cargo, command, has, read, root, run, step, target};
use crate::fingerprint;

/// For the desktop program: WebKitGTK, tray, TLS and the compiler for the C parts.
const BUILD_PACKAGES: &[&str] = &[
    "build-essential",
    "file",
    "libayatana-appindicator3-dev",
    "libdbus-1-dev",
    "librsvg2-dev",
    "libssl-dev",
    "libwebkit2gtk-4.1-dev",
    "pkg-config",
    "xdg-utils",
];

/// For a desktop of its own for each program under test, for the screens in a browser, and for PostgreSQL.
const TEST_PACKAGES: &[&str] = &[
    "chromium",
    "dbus-x11",
    "dunst",
    "fonts-noto-cjk",
    "gnome-keyring",
    "imagemagick",
    "libsecret-tools",
    "openbox",
    "postgresql",
    "webkit2gtk-driver",
    "x11-utils",
    "xvfb",
];

/// The oldest Node.js that the build of the pages works with.
const NODE_MAJOR: u32 = 20;

/// What the first build of everything takes on the disk, with the databases and pictures of the tests.
const BUILD_GIGABYTES: u64 = 8;

/// How the programs are compiled.
#[derive(Clone, Copy)]
pub(crate) enum Profile {
    /// For tests and demos.
    Dev,
    /// For figures and installers.
    Release,
}

/// Prepares a build of the whole workspace.
///
/// # Errors
/// When a tool is missing that cannot be installed here, or a step fails.
pub(crate) fn for_build() -> Result<()> {
    room();
    tools()?;
    packages(BUILD_PACKAGES)?;
    node_modules()?;
    pages()
}

/// Prepares a build and a run of programs on desktops of their own.
///
/// # Errors
/// When a tool is missing that cannot be installed here, or a step fails.
pub(crate) fn for_desktops() -> Result<()> {
    room();
    tools()?;
    packages(&[BUILD_PACKAGES, TEST_PACKAGES].concat())?;
    node_modules()?;
    pages()
}

/// Builds every program of the workspace for tests and demos, always the same set, so that no dependency is compiled
/// once for one task and again for another.
///
/// # Errors
/// When the build fails.
pub(crate) fn build_programs() -> Result<()> {
    step("build the programs", || run(cargo().args(["build", "--workspace", "--bins"])))
}

/// Builds the programs that write generated files. Without the desktop program, whose pages may need what they write.
///
/// # Errors
/// When a tool or a package is missing, or the build fails.
pub(crate) fn build_generators() -> Result<()> {
    tools()?;
    packages(BUILD_PACKAGES)?;
    step("build the generators", || {
        run(cargo().args([
            "build",
            "--workspace",
            "--exclude",
            "chayan",
            "--exclude",
            "chayan-peer",
            "--bins",
        ]))
    })
}

/// Builds some programs for figures and installers. Only these, for each one is linked for minutes; of the whole
/// workspace, for the features of their dependencies are then always the same.
///
/// # Errors
/// When the build fails.
pub(crate) fn build_release(programs: &[&str]) -> Result<()> {
    step("build the release programs", || {
        let mut build = cargo();
        build.args(["build", "--workspace", "--release"]);
        for program in programs {
            build.args(["--bin", program]);
        }
        run(&mut build)
    })
}

/// Where a program is built.
pub(crate) fn program(name: &str, profile: Profile) -> PathBuf {
    let folder = match profile {
        Profile::Dev => "debug",
        Profile::Release => "release",
    };
    target().join(folder).join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

fn tools() -> Result<()> {
    read(cargo().arg("--version")).context("Rust is needed: https://rustup.rs")?;
    let version = read(command("node").arg("--version"))
        .with_context(|| format!("Node.js {NODE_MAJOR} or newer is needed: https://nodejs.org"))?;
    let major =
        version.trim().trim_start_matches('v').split('.').next().and_then(|part| part.parse::<u32>().ok());
    if major.is_none_or(|major| major < NODE_MAJOR) {
        bail!("Node.js {NODE_MAJOR} or newer is needed, this one is {}", version.trim());
    }
    if !has("npm") && !has("npm.cmd") {
        bail!("npm is needed; it comes with Node.js");
    }
    Ok(())
}

/// Says when the disk is too small for a first build, which would stop in its middle without naming the cause.
fn room() {
    if target().join("debug").is_dir() || !has("df") {
        return;
    }
    let Ok(listing) = read(command("df").args(["-P", "-k"]).arg(root())) else { return };
    let free = listing.lines().last().and_then(|line| line.split_whitespace().nth(3)?.parse::<u64>().ok());
    if let Some(gigabytes) = free.map(|kilobytes| kilobytes >> 20)
        && gigabytes < BUILD_GIGABYTES
    {
        println!("setup: {gigabytes} GB are free here, a first build takes about {BUILD_GIGABYTES} GB");
    }
}

/// Installs what is missing on Debian and its descendants; elsewhere asks for it by name.
fn packages(wanted: &[&str]) -> Result<()> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    if !has("dpkg-query") {
        println!(
            "setup: not a Debian system; these must be there under this system's names: {}",
            wanted.join(" ")
        );
        return Ok(());
    }
    let missing = missing_packages(wanted)?;
    if missing.is_empty() {
        return Ok(());
    }
    step(&format!("install {}", missing.join(" ")), || {
        run(&mut apt(&["update", "-q"])?)?;
        let mut install = vec!["install", "-y", "-q", "--no-install-recommends"];
        install.extend(&missing);
        run(&mut apt(&install)?)
    })
}

fn missing_packages<'a>(wanted: &[&'a str]) -> Result<Vec<&'a str>> {
    // dpkg-query fails for a name it has never seen, and still lists the others.
    let listed = command("dpkg-query")
        .args(["-W", "-f", "${Package} ${db:Status-Status}\n"])
        .args(wanted)
        .output()
        .context("cannot start dpkg-query")?;
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let installed = |name: &str| listed.lines().any(|line| line == format!("{name} installed"));
    Ok(wanted.iter().copied().filter(|name| !installed(name)).collect())
}

fn apt(args: &[&str]) -> Result<std::process::Command> {
    let root_user = read(command("id").arg("-u"))?.trim() == "0";
    let mut apt = if root_user {
        command("apt-get")
    } else {
        if !has("sudo") {
            bail!("install these as root: apt-get {}", args.join(" "));
        }
        let mut sudo = command("sudo");
        sudo.args(["--preserve-env=DEBIAN_FRONTEND", "apt-get"]);
        sudo
    };
    apt.env("DEBIAN_FRONTEND", "noninteractive").args(args);
    Ok(apt)
}

/// `npm ci` when the lock file is not the one that the modules were installed from.
fn node_modules() -> Result<()> {
    let lock = ui().join("package-lock.json");
    let stamp = ui().join("node_modules/.installed-from");
    let wanted = format!("{:016x}", fingerprint::of_file(&lock)?);
    if std::fs::read_to_string(&stamp).is_ok_and(|known| known == wanted) {
        return Ok(());
    }
    step("npm ci", || {
        run(npm().args(["ci", "--no-audit", "--no-fund"]))?;
        Ok(std::fs::write(&stamp, &wanted)?)
    })
}

/// `npm run build` when a source of the pages is newer than what was built.
fn pages() -> Result<()> {
    let stamp = target().join("xtask/pages");
    let mut sources = vec![root().join("data")];
    for entry in std::fs::read_dir(ui())? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name != "node_modules" && name != "tests" && !name.starts_with("dist") {
            sources.push(entry.path());
        }
    }
    let wanted = format!("{:016x}", fingerprint::of_paths(&sources)?);
    if ui().join("dist").is_dir() && std::fs::read_to_string(&stamp).is_ok_and(|known| known == wanted) {
        return Ok(());
    }
    step("build the pages", || {
        run(npm().args(["run", "build"]))?;
        std::fs::create_dir_all(stamp.parent().unwrap_or(Path::new(".")))?;
        Ok(std::fs::write(&stamp, &wanted)?)
    })
}

/// npm in the folder of the pages.
pub(crate) fn npm() -> std::process::Command {
    let mut npm = command(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.current_dir(ui());
    npm
}

/// The folder of the pages.
pub(crate) fn ui() -> PathBuf {
    root().join("ui")
}
