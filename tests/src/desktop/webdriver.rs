//! Driving the pages of a desktop program: WebKitWebDriver starts it and looks into its windows.
//!
//! One driver for each program: a leaked session would block the next. Windows are opened the way a person does
//! (tray, keyboard) before anything in them is clicked; pictures are taken from the screen, not through the driver.

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::json;
use thirtyfour::{By, WebDriver, WebElement};

use super::Stage;
use crate::process::Program;
use crate::wait::{self, PATIENCE};

/// A desktop program under a driver; both end with this value.
pub struct DrivenProgram {
    /// The session, for everything that this type has no name for.
    pub session: WebDriver,
    driver: Program,
}

impl Stage {
    /// Starts a program under a driver of its own. `settings` are variables of the program's environment.
    ///
    /// # Errors
    /// When WebKitWebDriver is missing or the program does not come up.
    pub async fn drive(
        &self,
        program: &Path,
        arguments: &[&str],
        settings: &[(&str, &str)],
    ) -> Result<DrivenProgram> {
        let port = free_port()?;
        let mut command: Command = self.command("WebKitWebDriver");
        command.args(["--host=127.0.0.1", &format!("--port={port}")]);
        // The program is a child of the driver and has its environment.
        command.envs([("TAURI_WEBVIEW_AUTOMATION", "true"), ("TAURI_AUTOMATION", "true")]);
        command.envs(settings.iter().copied());
        let mut driver = self.spawn("webdriver", command)?;
        wait::until("WebKitWebDriver", PATIENCE, async || {
            match tokio::net::TcpStream::connect(("127.0.0.1", port)).await {
                Ok(_) => Ok(()),
                Err(error) => {
                    Err(driver.ended().map_or(error.to_string(), |status| format!("ended: {status}")))
                }
            }
        })
        .await?;
        let capabilities = json!({
            "webkitgtk:browserOptions": { "binary": program.display().to_string(), "args": arguments },
        });
        let capabilities: thirtyfour::Capabilities = serde_json::from_value(capabilities)?;
        let session = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities)
            .await
            .with_context(|| format!("{} did not come up:\n{}", program.display(), driver.log_tail()))?;
        Ok(DrivenProgram { session, driver })
    }
}

impl DrivenProgram {
    /// The id of the driver's process group, in which the program runs.
    pub fn group(&self) -> u32 {
        self.driver.id()
    }

    /// Makes the window whose page's address contains these words the one that is driven.
    ///
    /// # Errors
    /// After 30 seconds; the message lists the addresses of the pages that are there.
    pub async fn enter(&self, address: &str) -> Result<()> {
        wait::until(&format!("the page “{address}”"), PATIENCE, async || {
            let handles = self.session.windows().await.map_err(|error| error.to_string())?;
            let mut seen = Vec::new();
            for handle in handles {
                self.session.switch_to_window(handle).await.map_err(|error| error.to_string())?;
                match self.session.current_url().await {
                    Ok(url) if url.as_str().contains(address) => return Ok(()),
                    Ok(url) => seen.push(url.to_string()),
                    Err(error) => seen.push(error.to_string()),
                }
            }
            Err(seen.join(", "))
        })
        .await
    }

    /// Waits for a visible element.
    ///
    /// # Errors
    /// After 30 seconds.
    pub async fn element(&self, css: &str) -> Result<WebElement> {
        wait::until(&format!("the element `{css}`"), PATIENCE, async || {
            let element = self.session.find(By::Css(css)).await.map_err(|_| "it is not there".to_owned())?;
            match element.is_displayed().await {
                Ok(true) => Ok(element),
                Ok(false) => Err("it is hidden".to_owned()),
                Err(error) => Err(error.to_string()),
            }
        })
        .await
    }

    /// Waits until an element's text satisfies a condition.
    ///
    /// # Errors
    /// After 30 seconds; the message shows the last text.
    pub async fn text_when(&self, css: &str, what: &str, holds: impl Fn(&str) -> bool) -> Result<String> {
        wait::until(what, PATIENCE, async || {
            let element = self.session.find(By::Css(css)).await.map_err(|_| "it is not there".to_owned())?;
            let text = element.text().await.map_err(|error| error.to_string())?;
            if holds(&text) { Ok(text) } else { Err(format!("“{text}”")) }
        })
        .await
    }

    /// Ends the session, and with it the program. Dropping does the same, but only while a runtime is there.
    ///
    /// # Errors
    /// When the driver does not answer.
    pub async fn quit(self) -> Result<()> {
        Ok(self.session.quit().await?)
    }

    /// `kill -9` for the program and its driver, as a crash would.
    pub fn kill(mut self) {
        self.driver.kill();
    }
}

/// A port of this machine that nobody uses now.
///
/// # Errors
/// When there is none.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
