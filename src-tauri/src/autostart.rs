//! Starting with the session. The package installs an entry for everybody under /etc/xdg/autostart; a person who does
//! not want it gets an entry of their own that hides it.

use std::path::{Path, PathBuf};

/// The package's entry.
const SYSTEM_ENTRY: &str = "/etc/xdg/autostart/chayan.desktop";

const HIDDEN: &str = "[Desktop Entry]\nType=Application\nName=Chayan\nHidden=true\n";

/// What to do with the person's own entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Own {
    Remove,
    WriteHidden,
    WriteStarting,
    Leave,
}

/// Makes the session start the program, or not, from the next log-in on.
///
/// # Errors
/// The entry cannot be written.
#[cfg(target_os = "linux")]
pub(crate) fn apply(enabled: bool) -> std::io::Result<()> {
    let Some(folder) = config_folder() else { return Ok(()) };
    let program = std::env::current_exe()?;
    write_own(
        &folder.join("autostart/chayan.desktop"),
        &program,
        decide(enabled, Path::new(SYSTEM_ENTRY).exists(), &program),
    )
}

/// On Windows the installer's registry entry does it.
#[cfg(not(target_os = "linux"))]
pub(crate) fn apply(_enabled: bool) -> std::io::Result<()> {
    Ok(())
}

fn decide(enabled: bool, system_entry: bool, program: &Path) -> Own {
    let installed = ["/usr", "/opt"].iter().any(|root| program.starts_with(root));
    match (enabled, system_entry) {
        (true, true) => Own::Remove,
        (false, true) => Own::WriteHidden,
        // A program that runs from a build folder must not plant itself in the session.
        (true, false) if installed => Own::WriteStarting,
        (true, false) => Own::Leave,
        (false, false) => Own::Remove,
    }
}

fn write_own(entry: &Path, program: &Path, own: Own) -> std::io::Result<()> {
    let text = match own {
        Own::Leave => return Ok(()),
        Own::Remove => {
            return match std::fs::remove_file(entry) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            };
        }
        Own::WriteHidden => HIDDEN.to_owned(),
        Own::WriteStarting => {
            format!(
                "[Desktop Entry]\nType=Application\nName=Chayan\nExec=\"{}\" --hidden\n",
                program.display()
            )
        }
    };
    if let Some(folder) = entry.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(entry, text)
}

fn config_folder() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("XDG_CONFIG_HOME").or_else(|| set("HOME").map(|home| home.join(".config")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::installed_and_wanted(true, true, "/usr/bin/chayan", Own::Remove)]
    #[case::installed_and_not_wanted(false, true, "/usr/bin/chayan", Own::WriteHidden)]
    #[case::copied_to_opt(true, false, "/opt/chayan/chayan", Own::WriteStarting)]
    #[case::a_build_folder(true, false, "/home/dev/target/debug/chayan", Own::Leave)]
    #[case::nothing_wanted(false, false, "/usr/bin/chayan", Own::Remove)]
    fn the_persons_entry_follows_the_setting(
        #[case] enabled: bool,
        #[case] system_entry: bool,
        #[case] program: &str,
        #[case] expected: Own,
    ) {
        assert_eq!(decide(enabled, system_entry, Path::new(program)), expected);
    }

    #[test]
    fn switching_off_and_on_again_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let entry = folder.path().join("autostart/chayan.desktop");
        let program = Path::new("/usr/bin/chayan");
        write_own(&entry, program, Own::WriteHidden).unwrap();
        assert!(std::fs::read_to_string(&entry).unwrap().contains("Hidden=true"));
        write_own(&entry, program, Own::Remove).unwrap();
        assert!(!entry.exists());
        write_own(&entry, program, Own::Remove).unwrap();
    }
}
