//! The screen of a stage: its windows, its pixels, its keyboard and mouse, over one X connection.
//!
//! Input goes through XTEST, so programs see it as they see a person's.

use std::time::Duration;

use anyhow::{Context, Result};
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{
    Atom, AtomEnum, ClientMessageEvent, ConfigureWindowAux, ConnectionExt as _, CreateWindowAux, EventMask,
    ImageFormat, MapState, Window as WindowId, WindowClass,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;

use super::keyboard;
use crate::wait::{self, PATIENCE};

/// A window as it is at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// The X window.
    pub id: WindowId,
    /// The title.
    pub title: String,
    /// Whether it is on the screen: mapped, and every window that holds it too.
    pub visible: bool,
    /// The left edge on the screen, in pixels.
    pub x: i32,
    /// The upper edge on the screen, in pixels.
    pub y: i32,
    /// The width without the frame, in pixels.
    pub width: u32,
    /// The height without the frame, in pixels.
    pub height: u32,
    /// Whether it stays above other windows.
    pub above: bool,
    /// Whether it is the window that the keyboard writes to.
    pub focused: bool,
}

/// One X display with the means to look at it and to use it.
pub struct Screen {
    display: String,
    pub(super) connection: RustConnection,
    pub(super) root: WindowId,
    atoms: Atoms,
}

struct Atoms {
    name: Atom,
    utf8: Atom,
    state: Atom,
    above: Atom,
    active: Atom,
    check: Atom,
    managed: Atom,
    stacking: Atom,
}

impl Screen {
    /// Connects to a display such as `:7`.
    ///
    /// # Errors
    /// When the display does not answer.
    pub async fn open(display: &str) -> Result<Self> {
        let (connection, number) = wait::until("the X display", PATIENCE, async || {
            x11rb::connect(Some(display)).map_err(|error| error.to_string())
        })
        .await?;
        let root = connection.setup().roots[number].root;
        let atom = |name: &str| -> Result<Atom> {
            Ok(connection.intern_atom(false, name.as_bytes())?.reply()?.atom)
        };
        let atoms = Atoms {
            name: atom("_NET_WM_NAME")?,
            utf8: atom("UTF8_STRING")?,
            state: atom("_NET_WM_STATE")?,
            above: atom("_NET_WM_STATE_ABOVE")?,
            active: atom("_NET_ACTIVE_WINDOW")?,
            check: atom("_NET_SUPPORTING_WM_CHECK")?,
            managed: atom("_NET_CLIENT_LIST")?,
            stacking: atom("_NET_CLIENT_LIST_STACKING")?,
        };
        Ok(Self { display: display.to_owned(), connection, root, atoms })
    }

    /// The display's name, such as `:7`.
    pub fn display(&self) -> &str {
        &self.display
    }

    /// Waits until the window manager really manages: openbox announces itself first, and loses a window that
    /// appears between that and its first look at the display. So a window of our own is offered until it is taken.
    pub(super) async fn wait_for_window_manager(&self) -> Result<()> {
        wait::until("the window manager", PATIENCE, async || {
            match self.window_property(self.root, self.atoms.check) {
                Ok(Some(_)) => Ok(()),
                Ok(None) => Err("none".to_owned()),
                Err(error) => Err(error.to_string()),
            }
        })
        .await?;
        let probe = self.connection.generate_id()?;
        let (class, events) = (WindowClass::INPUT_OUTPUT, CreateWindowAux::new());
        self.connection.create_window(0, probe, self.root, 0, 0, 10, 10, 0, class, 0, &events)?;
        wait::until("the window manager to take a window", PATIENCE, async || match self.offer(probe) {
            Ok(true) => Ok(()),
            Ok(false) => Err("it takes none".to_owned()),
            Err(error) => Err(error.to_string()),
        })
        .await?;
        self.connection.destroy_window(probe)?;
        self.connection.get_input_focus()?.reply()?;
        Ok(())
    }

    fn offer(&self, window: WindowId) -> Result<bool> {
        self.connection.map_window(window)?;
        Ok(self.connection.get_window_attributes(window)?.reply()?.map_state == MapState::VIEWABLE)
    }

    /// Every window with a title, hidden ones too.
    ///
    /// # Errors
    /// When the display does not answer.
    pub fn windows(&self) -> Result<Vec<Window>> {
        let active = self.window_property(self.root, self.atoms.active)?;
        let mut found = Vec::new();
        let mut open = vec![self.root];
        while let Some(parent) = open.pop() {
            // A window may disappear between two questions: then it is simply not among the answers.
            let Ok(tree) = self.connection.query_tree(parent)?.reply() else { continue };
            for id in tree.children {
                open.push(id);
                if let Some(window) = self.describe(id, active)? {
                    found.push(window);
                }
            }
        }
        Ok(found)
    }

    /// The window with exactly this title, hidden or not; of several the largest.
    ///
    /// # Errors
    /// When the display does not answer.
    pub fn find(&self, title: &str) -> Result<Option<Window>> {
        let windows = self.windows()?.into_iter().filter(|window| window.title == title);
        Ok(windows.max_by_key(|window| (window.visible, u64::from(window.width) * u64::from(window.height))))
    }

    /// Waits until a window with this title is on the screen.
    ///
    /// # Errors
    /// After 30 seconds; the message lists the windows that are there.
    pub async fn window(&self, title: &str) -> Result<Window> {
        self.window_when(&format!("the window “{title}” on the screen"), title, |window| window.visible).await
    }

    /// Waits until the window with this title satisfies a condition.
    ///
    /// # Errors
    /// After 30 seconds; the message lists the windows that are there.
    pub async fn window_when(
        &self,
        what: &str,
        title: &str,
        holds: impl Fn(&Window) -> bool,
    ) -> Result<Window> {
        wait::until(what, PATIENCE, async || match self.find(title) {
            Ok(Some(window)) if holds(&window) => Ok(window),
            Ok(_) => Err(self.summary()),
            Err(error) => Err(error.to_string()),
        })
        .await
    }

    /// Waits until no window with this title is on the screen.
    ///
    /// # Errors
    /// After the limit.
    pub async fn gone(&self, title: &str, limit: Duration) -> Result<()> {
        wait::until(&format!("the window “{title}” to go"), limit, async || match self.find(title) {
            Ok(Some(window)) if window.visible => Err(self.summary()),
            Ok(_) => Ok(()),
            Err(error) => Err(error.to_string()),
        })
        .await
    }

    /// The titles of the windows on the screen.
    ///
    /// # Errors
    /// When the display does not answer.
    pub fn seen(&self) -> Result<Vec<String>> {
        let windows = self.windows()?.into_iter().filter(|window| window.visible);
        Ok(windows.map(|window| window.title).collect())
    }

    /// Asks the window manager to bring a window to the front and give it the keyboard, as a task bar does.
    ///
    /// # Errors
    /// When the display does not answer.
    pub fn raise(&self, window: &Window) -> Result<()> {
        const FROM_A_TASK_BAR: u32 = 2;
        let message =
            ClientMessageEvent::new(32, window.id, self.atoms.active, [FROM_A_TASK_BAR, 0, 0, 0, 0]);
        let mask = EventMask::SUBSTRUCTURE_REDIRECT | EventMask::SUBSTRUCTURE_NOTIFY;
        self.connection.send_event(false, self.root, mask, message)?;
        self.connection.get_input_focus()?.reply()?;
        Ok(())
    }

    /// Has the window manager put a window at a point of the screen, as a person would who pulls it there.
    ///
    /// # Errors
    /// When it is not there after 30 seconds.
    pub async fn move_to(&self, window: &Window, x: i32, y: i32) -> Result<()> {
        let place = ConfigureWindowAux::new().x(x).y(y);
        self.connection.configure_window(window.id, &place)?;
        self.connection.get_input_focus()?.reply()?;
        let there = |now: &Window| now.id == window.id && now.x == x && now.y == y;
        let what = format!("“{}” at {x},{y}", window.title);
        self.window_when(&what, &window.title, there).await.map(drop)
    }

    /// Whether one window lies above another, as the window manager stacks them.
    ///
    /// # Errors
    /// When it does not manage both.
    pub fn is_above(&self, upper: &Window, lower: &Window) -> Result<bool> {
        let stacked = self.window_list(self.atoms.stacking)?;
        let place = |window: &Window| {
            let place = stacked.iter().position(|id| *id == window.id);
            place.with_context(|| format!("“{}” is not managed", window.title))
        };
        Ok(place(upper)? > place(lower)?)
    }

    /// The windows that the window manager manages.
    ///
    /// # Errors
    /// When the display does not answer.
    pub fn managed(&self) -> Result<Vec<WindowId>> {
        self.window_list(self.atoms.managed)
    }

    /// Waits until the window manager has let go of all these windows. The display gives their numbers to the next
    /// program, whose windows would otherwise get the size of those that went.
    ///
    /// # Errors
    /// After 30 seconds.
    pub async fn let_go(&self, windows: &[WindowId]) -> Result<()> {
        wait::until("the window manager to let go of the windows", PATIENCE, async || match self.managed() {
            Ok(managed) if managed.iter().any(|window| windows.contains(window)) => Err(self.summary()),
            Ok(_) => Ok(()),
            Err(error) => Err(error.to_string()),
        })
        .await
    }

    /// The colour of one pixel of the screen: red, green, blue.
    ///
    /// # Errors
    /// When the point is outside of the screen.
    pub fn pixel(&self, x: i32, y: i32) -> Result<[u8; 3]> {
        let (x, y) = (i16::try_from(x)?, i16::try_from(y)?);
        let image = self
            .connection
            .get_image(ImageFormat::Z_PIXMAP, self.root, x, y, 1, 1, u32::MAX)?
            .reply()
            .with_context(|| format!("there is no pixel at {x},{y}"))?;
        match image.data[..] {
            [blue, green, red, ..] => Ok([red, green, blue]),
            _ => anyhow::bail!("the display has an unknown depth"),
        }
    }

    /// The pixels of a window as the display gives them, with whatever lies above it; what lies outside of the screen
    /// is left out.
    ///
    /// # Errors
    /// When the window is not on the screen.
    pub fn picture(&self, window: &Window) -> Result<Vec<u8>> {
        let screen = &self.connection.setup().roots[0];
        let seen = |at: i32, length: u32, limit: u16| {
            let (from, to) = (at.max(0), (at + i32::try_from(length)?).min(i32::from(limit)));
            anyhow::Ok((i16::try_from(from)?, u16::try_from(to - from)?))
        };
        let (x, width) = seen(window.x, window.width, screen.width_in_pixels)?;
        let (y, height) = seen(window.y, window.height, screen.height_in_pixels)?;
        let image = self
            .connection
            .get_image(ImageFormat::Z_PIXMAP, self.root, x, y, width, height, u32::MAX)?
            .reply()
            .with_context(|| format!("“{}” is not on the screen", window.title))?;
        Ok(image.data)
    }

    /// Presses and releases a key with its modifiers, such as `ctrl+shift+Return`, `Tab` or `a`.
    ///
    /// # Errors
    /// When a name is unknown or no key bears the letter.
    pub fn key(&self, chord: &str) -> Result<()> {
        keyboard::chord(self, chord)
    }

    /// Types text as a person would, Chinese too.
    ///
    /// # Errors
    /// When the display does not answer.
    pub fn type_text(&self, text: &str) -> Result<()> {
        keyboard::text(self, text)
    }

    /// Moves the mouse to a point of the screen and clicks the left button.
    ///
    /// # Errors
    /// When the point is outside of the coordinates of X.
    pub fn click(&self, x: i32, y: i32) -> Result<()> {
        const MOTION: u8 = x11rb::protocol::xproto::MOTION_NOTIFY_EVENT;
        const PRESS: u8 = x11rb::protocol::xproto::BUTTON_PRESS_EVENT;
        const RELEASE: u8 = x11rb::protocol::xproto::BUTTON_RELEASE_EVENT;
        let (x, y) = (i16::try_from(x)?, i16::try_from(y)?);
        for (kind, button) in [(MOTION, 0), (PRESS, 1), (RELEASE, 1)] {
            self.connection.xtest_fake_input(kind, button, 0, self.root, x, y, 0)?;
        }
        self.connection.get_input_focus()?.reply()?;
        Ok(())
    }

    fn describe(&self, id: WindowId, active: Option<WindowId>) -> Result<Option<Window>> {
        let Some(title) = self.title(id)? else { return Ok(None) };
        let Ok(attributes) = self.connection.get_window_attributes(id)?.reply() else { return Ok(None) };
        let Ok(geometry) = self.connection.get_geometry(id)?.reply() else { return Ok(None) };
        let Ok(place) = self.connection.translate_coordinates(id, self.root, 0, 0)?.reply() else {
            return Ok(None);
        };
        let states = self.connection.get_property(false, id, self.atoms.state, AtomEnum::ATOM, 0, 32)?;
        let above = states.reply().ok().is_some_and(|states| {
            states.value32().is_some_and(|mut states| states.any(|s| s == self.atoms.above))
        });
        Ok(Some(Window {
            id,
            title,
            visible: attributes.map_state == MapState::VIEWABLE,
            x: i32::from(place.dst_x),
            y: i32::from(place.dst_y),
            width: u32::from(geometry.width),
            height: u32::from(geometry.height),
            above,
            focused: active == Some(id),
        }))
    }

    fn title(&self, id: WindowId) -> Result<Option<String>> {
        for (property, kind) in
            [(self.atoms.name, self.atoms.utf8), (AtomEnum::WM_NAME.into(), AtomEnum::STRING.into())]
        {
            let reply = self.connection.get_property(false, id, property, kind, 0, 1024)?.reply();
            if let Ok(reply) = reply
                && !reply.value.is_empty()
            {
                return Ok(Some(String::from_utf8_lossy(&reply.value).into_owned()));
            }
        }
        Ok(None)
    }

    fn window_property(&self, of: WindowId, property: Atom) -> Result<Option<WindowId>> {
        let reply = self.connection.get_property(false, of, property, AtomEnum::WINDOW, 0, 1)?.reply()?;
        Ok(reply.value32().and_then(|mut windows| windows.next()).filter(|window| *window != 0))
    }

    fn window_list(&self, list: Atom) -> Result<Vec<WindowId>> {
        let reply =
            self.connection.get_property(false, self.root, list, AtomEnum::WINDOW, 0, 1024)?.reply()?;
        Ok(reply.value32().into_iter().flatten().collect())
    }

    fn summary(&self) -> String {
        self.windows().map_or_else(
            |error| error.to_string(),
            |windows| {
                let lines: Vec<String> = windows
                    .iter()
                    .map(|w| {
                        let seen = if w.visible { "visible" } else { "hidden" };
                        let focus = if w.focused { ", focused" } else { "" };
                        format!("“{}” {seen}{focus} {}x{}+{}+{}", w.title, w.width, w.height, w.x, w.y)
                    })
                    .collect();
                format!("{} windows: {}", lines.len(), lines.join("; "))
            },
        )
    }
}
