//! Looking into the pages of a program that was started readable, and clicking what stands there with the real mouse.

use anyhow::{Context, Result};
use chayan_client::ipc::WindowName;
use thirtyfour::{By, WebElement};

use super::Workplace;
use crate::desktop::DrivenProgram;
use crate::wait::{self, PATIENCE};

impl Workplace {
    /// Waits until a page shows a text.
    ///
    /// # Errors
    /// After 30 seconds; the message shows what the page says instead.
    pub async fn reads(&self, window: WindowName, text: &str) -> Result<()> {
        let pages = self.page(window).await?;
        wait::until("a text on the page", PATIENCE, async || {
            let body = pages.session.find(By::Css("body")).await.map_err(|error| error.to_string())?;
            let said = body.text().await.map_err(|error| error.to_string())?;
            if said.contains(text) { Ok(()) } else { Err(said.replace('\n', " | ")) }
        })
        .await
    }

    /// Whether a page shows a text at this moment.
    ///
    /// # Errors
    /// When the page cannot be read.
    pub async fn says(&self, window: WindowName, text: &str) -> Result<bool> {
        let pages = self.page(window).await?;
        Ok(pages.session.find(By::Css("body")).await?.text().await?.contains(text))
    }

    /// Clicks the button that bears these words with the display's mouse.
    ///
    /// # Errors
    /// After 30 seconds without such a button.
    pub async fn click_button(&self, window: WindowName, words: &str) -> Result<()> {
        let pages = self.page(window).await?;
        let button = wait::until(&format!("the button “{words}”"), PATIENCE, async || {
            button(pages, words).await.map_err(|error| error.to_string())
        })
        .await?;
        self.click_element(window, &button).await
    }

    /// Clicks the first visible element of a selector with the display's mouse.
    ///
    /// # Errors
    /// After 30 seconds without one.
    pub async fn click(&self, window: WindowName, css: &str) -> Result<()> {
        let pages = self.page(window).await?;
        let element = pages.element(css).await?;
        self.click_element(window, &element).await
    }

    /// Gives an input the keyboard, as the Tab key does.
    ///
    /// # Errors
    /// After 30 seconds without such an input.
    pub async fn focus(&self, window: WindowName, css: &str) -> Result<()> {
        let element = self.page(window).await?.element(css).await?;
        self.page_ready(window).await?;
        Ok(element.focus().await?)
    }

    /// Waits until an input holds a text.
    ///
    /// # Errors
    /// After 30 seconds; the message shows what it holds.
    pub async fn holds(&self, window: WindowName, css: &str, text: &str) -> Result<()> {
        let element = self.page(window).await?.element(css).await?;
        wait::until("what was typed", PATIENCE, async || {
            let held = element.prop("value").await.map_err(|error| error.to_string())?.unwrap_or_default();
            if held == text { Ok(()) } else { Err(format!("“{held}”")) }
        })
        .await
    }

    /// Waits until nothing of a selector is on the page any more, and the page stands still.
    ///
    /// # Errors
    /// After 30 seconds.
    pub async fn closed(&self, window: WindowName, css: &str) -> Result<()> {
        let pages = self.page(window).await?;
        wait::until(&format!("`{css}` to close"), PATIENCE, async || {
            for element in pages.session.find_all(By::Css(css)).await.map_err(|error| error.to_string())? {
                // An element that went away meanwhile is closed.
                if element.is_displayed().await.unwrap_or(false) {
                    return Err("it is open".to_owned());
                }
            }
            Ok(())
        })
        .await?;
        self.page_ready(window).await
    }

    /// Clicks the button that a dialog's form ends with.
    ///
    /// # Errors
    /// After 30 seconds without a dialog.
    pub async fn confirm(&self, window: WindowName) -> Result<()> {
        let pages = self.page(window).await?;
        let button = pages.element("[role=dialog] button[type=submit]").await?;
        self.click_element(window, &button).await
    }

    /// Waits until the page stands still, as dialogs glide in, and clicks into the element's middle.
    async fn click_element(&self, window: WindowName, element: &WebElement) -> Result<()> {
        element.scroll_into_view().await?;
        self.page_ready(window).await?;
        let place = element.rect().await?;
        let frame = self.window(window).await?;
        let x = frame.x + (place.x + place.width / 2.0) as i32;
        let y = frame.y + (place.y + place.height / 2.0) as i32;
        self.stage.screen().click(x, y)
    }

    /// Ends a program that was started readable, in good order.
    ///
    /// # Errors
    /// When its driver does not answer.
    pub async fn close_pages(&mut self) -> Result<()> {
        match self.pages.take() {
            Some(pages) => pages.quit().await,
            None => Ok(()),
        }
    }

    /// Starts the program once more with a link, as a browser or another program does, and waits until that launch has
    /// ended and the workbench is there.
    ///
    /// # Errors
    /// When the launch does not end well or no window comes.
    pub async fn follow_link(&mut self, link: &str) -> Result<()> {
        let mut launched = self.launch(&[link])?;
        let status = launched.wait_for_end(PATIENCE).await?;
        anyhow::ensure!(status.success(), "the launch with {link} ended with {status}");
        self.focused(WindowName::Workbench).await.map(drop)
    }

    async fn page(&self, window: WindowName) -> Result<&DrivenProgram> {
        let pages = self.pages.as_ref().context("the program was not started readable")?;
        let name = serde_json::to_value(window)?;
        let name = name.as_str().context("a window's name is a word")?.replace('_', "-");
        pages.enter(&format!("{name}.html")).await?;
        Ok(pages)
    }
}

async fn button(pages: &DrivenProgram, words: &str) -> Result<WebElement> {
    let mut seen = Vec::new();
    for button in pages.session.find_all(By::Css("button")).await? {
        let text = button.text().await?;
        if text.contains(words) && button.is_displayed().await? && button.is_enabled().await? {
            return Ok(button);
        }
        seen.push(text);
    }
    anyhow::bail!("only {}", seen.join(", "))
}
