//! Typing through XTEST.
//!
//! A letter that no key bears (every Chinese one) is bound to a spare key first. All letters of a text are bound
//! before the first is typed, and stay bound until a later text needs their keys: programs read the keyboard's map
//! late, so a key must not change its letter before they have read the last one. Wait for what a text brings about
//! before typing the next.

use anyhow::{Context, Result, bail};
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{ConnectionExt as _, KEY_PRESS_EVENT, KEY_RELEASE_EVENT, Keycode, Keysym};
use x11rb::protocol::xtest::ConnectionExt as _;

use super::screen::Screen;

/// Names of keys that are not letters, with their keysyms.
const NAMED: &[(&str, Keysym)] = &[
    ("ctrl", 0xffe3),
    ("shift", 0xffe1),
    ("alt", 0xffe9),
    ("super", 0xffeb),
    ("Return", 0xff0d),
    ("Tab", 0xff09),
    ("Escape", 0xff1b),
    ("BackSpace", 0xff08),
    ("Delete", 0xffff),
    ("space", 0x0020),
    ("Up", 0xff52),
    ("Down", 0xff54),
    ("Left", 0xff51),
    ("Right", 0xff53),
    ("Home", 0xff50),
    ("End", 0xff57),
    ("Page_Up", 0xff55),
    ("Page_Down", 0xff56),
    ("F1", 0xffbe),
    ("F4", 0xffc1),
    ("F5", 0xffc2),
];

/// A key, and whether shift must be held for the symbol.
#[derive(Clone, Copy)]
struct Stroke {
    key: Keycode,
    shift: bool,
}

/// The keyboard's map: for each key from `first` on, its symbols by level.
struct Map {
    first: Keycode,
    levels: usize,
    symbols: Vec<Keysym>,
}

pub(super) fn chord(screen: &Screen, chord: &str) -> Result<()> {
    let map = Map::read(screen)?;
    let mut held = Vec::new();
    for name in chord.split('+') {
        let symbol =
            named(name).with_context(|| format!("`{name}` in `{chord}` is not the name of a key"))?;
        let stroke = map.stroke(symbol).with_context(|| format!("no key bears `{name}`"))?;
        if stroke.shift {
            bail!("`{name}` needs shift: write shift+ and the unshifted key");
        }
        press(screen, stroke.key)?;
        held.push(stroke.key);
    }
    for key in held.into_iter().rev() {
        release(screen, key)?;
    }
    flush(screen)
}

pub(super) fn text(screen: &Screen, text: &str) -> Result<()> {
    let letters: Vec<char> = text.chars().collect();
    bind(screen, &letters)?;
    let map = Map::read(screen)?;
    let shift = map.stroke(named("shift").unwrap_or_default()).context("no key is shift")?.key;
    for letter in letters {
        let stroke = map.stroke(keysym(letter)).with_context(|| format!("no key bears {letter:?}"))?;
        if stroke.shift {
            press(screen, shift)?;
        }
        press(screen, stroke.key)?;
        release(screen, stroke.key)?;
        if stroke.shift {
            release(screen, shift)?;
        }
    }
    flush(screen)
}

/// Gives every letter of the text a key. Letters that have one keep it, so that keys change as late as possible.
fn bind(screen: &Screen, letters: &[char]) -> Result<()> {
    let map = Map::read(screen)?;
    let mut spare = map.spare(letters).into_iter();
    let mut bound = Vec::new();
    for letter in letters {
        let symbol = keysym(*letter);
        if bound.contains(&symbol) || map.stroke(symbol).is_some() {
            continue;
        }
        let key =
            spare.next().context("more different letters than spare keys: type the text in two parts")?;
        screen.connection.change_keyboard_mapping(1, key, 2, &[symbol, symbol])?;
        bound.push(symbol);
    }
    flush(screen)
}

impl Map {
    fn read(screen: &Screen) -> Result<Self> {
        let setup = screen.connection.setup();
        let first = setup.min_keycode;
        let count = setup.max_keycode - first + 1;
        let reply = screen.connection.get_keyboard_mapping(first, count)?.reply()?;
        Ok(Self { first, levels: usize::from(reply.keysyms_per_keycode), symbols: reply.keysyms })
    }

    fn keys(&self) -> impl Iterator<Item = (Keycode, &[Keysym])> {
        (self.first..=Keycode::MAX).zip(self.symbols.chunks(self.levels.max(1)))
    }

    fn stroke(&self, symbol: Keysym) -> Option<Stroke> {
        [false, true].into_iter().find_map(|shift| {
            let (key, _) =
                self.keys().find(|(_, symbols)| symbols.get(usize::from(shift)) == Some(&symbol))?;
            Some(Stroke { key, shift })
        })
    }

    /// Keys that bear nothing, then keys bound for an earlier text whose letter is not needed now.
    fn spare(&self, needed: &[char]) -> Vec<Keycode> {
        let is_needed = |symbol: Keysym| needed.iter().any(|letter| keysym(*letter) == symbol);
        let is_bound = |symbols: &[Keysym]| symbols.first().is_some_and(|symbol| *symbol >= 0x0100_0100);
        let empty = self.keys().filter(|(_, symbols)| symbols.iter().all(|symbol| *symbol == 0));
        let earlier =
            self.keys().filter(|(_, symbols)| is_bound(symbols) && !symbols.iter().any(|s| is_needed(*s)));
        empty.chain(earlier).map(|(key, _)| key).collect()
    }
}

fn named(name: &str) -> Option<Keysym> {
    let mut letters = name.chars();
    match (letters.next(), letters.next()) {
        (Some(letter), None) => Some(keysym(letter)),
        _ => NAMED.iter().find(|(known, _)| *known == name).map(|(_, symbol)| *symbol),
    }
}

/// X names Latin letters by their code and all others by 0x01000000 plus their code.
fn keysym(letter: char) -> Keysym {
    match letter {
        '\n' => 0xff0d,
        '\t' => 0xff09,
        _ if u32::from(letter) < 0x100 => u32::from(letter),
        _ => 0x0100_0000 + u32::from(letter),
    }
}

fn press(screen: &Screen, key: Keycode) -> Result<()> {
    screen.connection.xtest_fake_input(KEY_PRESS_EVENT, key, 0, screen.root, 0, 0, 0)?;
    Ok(())
}

fn release(screen: &Screen, key: Keycode) -> Result<()> {
    screen.connection.xtest_fake_input(KEY_RELEASE_EVENT, key, 0, screen.root, 0, 0, 0)?;
    Ok(())
}

/// Waits until the display has done everything asked so far.
fn flush(screen: &Screen) -> Result<()> {
    screen.connection.get_input_focus()?.reply()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{keysym, named};

    #[test]
    fn keys_are_known_by_their_letter_or_their_name() {
        assert_eq!(named("a"), Some(0x61));
        assert_eq!(named("Return"), Some(0xff0d));
        assert_eq!(named("Nothing"), None);
        assert_eq!(keysym('察'), 0x0100_5bdf);
    }
}
