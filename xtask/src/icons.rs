//! Renders the icons from their drawings.
//!
//! `icons/*.svg` are the drawings; the pictures beside them are committed, so that a build needs no renderer.
//! `icons/rendered.txt` names each picture with the fingerprints of its drawing and of itself: freshness is
//! checked by these, because two versions of a renderer never agree on every pixel.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::command::{command, has, root, run};
use crate::fingerprint;

/// One picture: the drawing, the file that it becomes, its edge in pixels.
type Picture = (&'static str, &'static str, u32);

const PICTURES: [Picture; 14] = [
    ("app-small.svg", "32x32.png", 32),
    ("app.svg", "128x128.png", 128),
    ("app.svg", "128x128@2x.png", 256),
    ("app.svg", "icon.png", 512),
    ("tray/idle.svg", "tray/idle.png", 22),
    ("tray/idle.svg", "tray/idle@2x.png", 44),
    ("tray/timing.svg", "tray/timing.png", 22),
    ("tray/timing.svg", "tray/timing@2x.png", 44),
    ("tray/pending.svg", "tray/pending.png", 22),
    ("tray/pending.svg", "tray/pending@2x.png", 44),
    ("tray/alert.svg", "tray/alert.png", 22),
    ("tray/alert.svg", "tray/alert@2x.png", 44),
    ("tray/offline.svg", "tray/offline.png", 22),
    ("tray/offline.svg", "tray/offline@2x.png", 44),
];

/// The sizes inside icon.ico: up to 48 px from the simplified drawing.
const ICO: [(u32, &str); 7] = [
    (16, "app-small.svg"),
    (24, "app-small.svg"),
    (32, "app-small.svg"),
    (48, "app-small.svg"),
    (64, "app.svg"),
    (128, "app.svg"),
    (256, "app.svg"),
];

/// Renders every picture and writes the list of fingerprints.
///
/// # Errors
/// When `rsvg-convert` or ImageMagick's `convert` is missing or fails.
pub(crate) fn render() -> Result<()> {
    for (tool, package) in [("rsvg-convert", "librsvg2-bin"), ("convert", "imagemagick")] {
        if !has(tool) {
            bail!("`{tool}` is missing: install it (Debian: {package})");
        }
    }
    for (drawing, picture, edge) in PICTURES {
        rasterise(drawing, &folder().join(picture), edge)?;
    }
    render_ico()?;
    std::fs::write(folder().join("rendered.txt"), fingerprints()?).context("cannot write rendered.txt")
}

/// The findings: pictures that do not belong to the drawings any more.
///
/// # Errors
/// When a file cannot be read.
pub(crate) fn stale() -> Result<Vec<String>> {
    let listed = std::fs::read_to_string(folder().join("rendered.txt")).unwrap_or_default();
    let present = fingerprints()?;
    Ok(present
        .lines()
        .filter(|line| !listed.lines().any(|known| known == *line))
        .map(|line| format!("icons/{} is stale", line.split(' ').next().unwrap_or_default()))
        .collect())
}

fn render_ico() -> Result<()> {
    let work = crate::command::target().join("icons");
    std::fs::create_dir_all(&work)?;
    let mut convert = command("convert");
    for (edge, drawing) in ICO {
        let layer = work.join(format!("{edge}.png"));
        rasterise(drawing, &layer, edge)?;
        convert.arg(layer);
    }
    run(convert.arg(folder().join("icon.ico")))
}

fn rasterise(drawing: &str, picture: &std::path::Path, edge: u32) -> Result<()> {
    let edge = edge.to_string();
    run(command("rsvg-convert")
        .args(["--width", &edge, "--height", &edge, "--output"])
        .arg(picture)
        .arg(folder().join(drawing)))
}

fn fingerprints() -> Result<String> {
    let mut lines = String::new();
    for (drawing, picture, _) in PICTURES {
        let (from, to) = (fingerprint::of_file(&folder().join(drawing))?, of_picture(picture)?);
        writeln!(lines, "{picture} {drawing} {from:016x} {to:016x}")?;
    }
    let (large, small) = (
        fingerprint::of_file(&folder().join("app.svg"))?,
        fingerprint::of_file(&folder().join("app-small.svg"))?,
    );
    writeln!(
        lines,
        "icon.ico app.svg+app-small.svg {:016x} {:016x}",
        large ^ small.rotate_left(1),
        of_picture("icon.ico")?
    )?;
    Ok(lines)
}

/// A picture that is missing has a fingerprint that no file has in the list.
fn of_picture(name: &str) -> Result<u64> {
    let path = folder().join(name);
    if path.is_file() { fingerprint::of_file(&path) } else { Ok(0) }
}

fn folder() -> PathBuf {
    root().join("icons")
}
