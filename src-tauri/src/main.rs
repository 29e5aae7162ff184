//! The desk at every counter: `chayan`. Everything happens in [`app`].

#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod app;
mod args;
mod autostart;
mod bridge;
mod commands;
mod door;
mod files;
#[cfg(test)]
mod fixtures;
mod logging;
mod sound;
mod texts;
mod toasts;
mod training;
mod tray;
mod windows;

fn main() -> std::process::ExitCode {
    app::run()
}
