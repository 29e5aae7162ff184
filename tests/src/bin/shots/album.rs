//! The pictures: one file each, cut to its window.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use chayan_client::ipc::WindowName;
use chayan_tests::desktop::Pixmap;
use chayan_tests::world::{Workplace, title};

/// A folder of pictures.
pub(crate) struct Album {
    out: PathBuf,
    count: usize,
}

impl Album {
    /// Removes the pictures of an earlier run; other folders in there stay.
    pub(crate) fn open(out: &Path) -> Result<Self> {
        std::fs::create_dir_all(out)?;
        for entry in std::fs::read_dir(out)? {
            let path = entry?.path();
            if path.extension().is_some_and(|ending| ending == "png") {
                std::fs::remove_file(path)?;
            }
        }
        Ok(Self { out: out.canonicalize()?, count: 0 })
    }

    /// How many there are.
    pub(crate) const fn count(&self) -> usize {
        self.count
    }

    /// Waits until the window stands still, and keeps a picture of it.
    pub(crate) async fn still(&mut self, place: &Workplace, window: WindowName, name: &str) -> Result<()> {
        place.window(window).await?;
        place.page_ready(window).await?;
        self.keep(place, window, name)
    }

    /// The same for a window with a running clock: waits only until it is painted.
    pub(crate) async fn moving(&mut self, place: &Workplace, window: WindowName, name: &str) -> Result<()> {
        place.window(window).await?;
        place.page_shown(window).await?;
        self.keep(place, window, name)
    }

    /// The tray's icon as the panel gets it.
    pub(crate) async fn tray(&mut self, place: &Workplace, name: &str) -> Result<()> {
        let icons = place.tray().await?.icon().await?;
        let largest = icons.into_iter().max_by_key(|(width, ..)| *width);
        let (width, height, argb): Pixmap = largest.context("the tray has no picture")?;
        let rgba: Vec<u8> = argb.chunks_exact(4).flat_map(|p| [p[1], p[2], p[3], p[0]]).collect();
        let raw = self.out.join(format!("{name}.rgba"));
        std::fs::write(&raw, rgba)?;
        let mut convert = Command::new("convert");
        convert.args(["-size", &format!("{width}x{height}"), "-depth", "8"]);
        convert.arg(format!("rgba:{}", raw.display())).arg(self.path(name));
        finish(&mut convert)?;
        std::fs::remove_file(raw)?;
        self.count += 1;
        println!("shots: {name}");
        Ok(())
    }

    fn keep(&mut self, place: &Workplace, window: WindowName, name: &str) -> Result<()> {
        let shown = place.stage().screen().find(title(window)?)?.context("the window is gone")?;
        let cut = format!("{}x{}+{}+{}", shown.width, shown.height, shown.x, shown.y);
        let mut import = place.stage().command("import");
        import.args(["-silent", "-window", "root", "-crop", &cut, "+repage"]).arg(self.path(name));
        finish(&mut import)?;
        self.count += 1;
        println!("shots: {name}");
        Ok(())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.out.join(format!("{name}.png"))
    }
}

fn finish(command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}
