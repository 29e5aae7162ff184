//! `chayan-gen <folder>`: writes the TypeScript of the contract between the core and its windows. `chayan-gen process
//! <file>`: writes the process table as a document (`.md`) or its picture (`.svg`).
//!
//! One file for each type, `Commands.ts` with the map from command to argument and result, `words.ts` with every list
//! of words as a value (so that the catalogues can be tested for completeness), and `index.ts` that names them all.
//! The files are committed; a check compares them with a fresh run.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, bail};
use chayan_client::ipc::{
    COMMANDS, DeskEvent, DeskFault, EVENT_CHANNEL, commands_typescript, export_command_types,
};
use chayan_domain::case::{ComplaintTerm, UrgeKind};
use chayan_domain::process;
use ts_rs::{Config, TS};

const HEADER: &str = "// Generated from crates/client/src/ipc/ by `cargo xtask gen`. Do not edit.\n\n";

fn main() -> Result<()> {
    let usage = "usage: chayan-gen <folder> | chayan-gen process <file>";
    let mut args = std::env::args().skip(1);
    match (args.next().as_deref(), args.next()) {
        (Some("process"), Some(file)) => write_process(Path::new(&file)),
        (Some(folder), None) => write_contract(Path::new(folder)),
        _ => bail!(usage),
    }
}

fn write_process(file: &Path) -> Result<()> {
    let document = process::document();
    let text = match file.extension().and_then(|ending| ending.to_str()) {
        Some("md") => document.markdown,
        Some("svg") => document.svg,
        _ => bail!("{}: neither .md nor .svg", file.display()),
    };
    std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
}

fn write_contract(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let config = Config::new().with_out_dir(folder).with_large_int("number");
    DeskEvent::export_all(&config)?;
    DeskFault::export_all(&config)?;
    // Words that travel in a timeline as texts.
    UrgeKind::export_all(&config)?;
    ComplaintTerm::export_all(&config)?;
    export_command_types(&config)?;

    let names = type_names(folder)?;
    std::fs::write(folder.join("Commands.ts"), commands_file(&config, &names))?;
    std::fs::write(folder.join("words.ts"), words_file(folder, &names)?)?;
    std::fs::write(folder.join("index.ts"), index_file(&names))?;
    Ok(())
}

/// The types that were written, in the order of the alphabet.
fn type_names(folder: &Path) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if path.extension().is_some_and(|extension| extension == "ts")
            && starts_upper(stem)
            && stem != "Commands"
        {
            names.insert(stem.to_owned());
        }
    }
    Ok(names)
}

fn starts_upper(word: &str) -> bool {
    word.starts_with(|letter: char| letter.is_ascii_uppercase())
}

fn commands_file(config: &Config, names: &BTreeSet<String>) -> String {
    let interface = commands_typescript(config);
    let mut text = String::from(HEADER);
    for name in names.iter().filter(|name| mentions(&interface, name)) {
        text.push_str(&format!("import type {{ {name} }} from \"./{name}\";\n"));
    }
    text.push('\n');
    text.push_str(&interface);
    text.push_str("\n/** Every command, in the order of the contract. */\n");
    text.push_str(&format!("export const COMMANDS = {COMMANDS:?} as const;\n"));
    text.push_str("\n/** The one event channel from core to windows. */\n");
    text.push_str(&format!("export const EVENT_CHANNEL = {EVENT_CHANNEL:?};\n"));
    text
}

fn mentions(text: &str, name: &str) -> bool {
    text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').any(|word| word == name)
}

/// Lists of words as values: what TypeScript knows only as types, a catalogue test must be able to walk.
fn words_file(folder: &Path, names: &BTreeSet<String>) -> Result<String> {
    let mut text = String::from(HEADER);
    for name in names {
        let source = std::fs::read_to_string(folder.join(format!("{name}.ts")))?;
        let Some(words) = declaration(&source, name).and_then(|declared| words_of(&declared)) else {
            continue;
        };
        let list = words.iter().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(", ");
        text.push_str(&format!("export const {name}Words = [{list}] as const;\n"));
    }
    Ok(text)
}

/// What stands between `export type Name =` and the end, without comments.
fn declaration(source: &str, name: &str) -> Option<String> {
    let (_, declared) = source.split_once(&format!("export type {name} ="))?;
    let mut text = String::new();
    let mut rest = declared;
    while let Some((before, comment)) = rest.split_once("/*") {
        text.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    Some(text.trim().trim_end_matches(';').trim().to_owned())
}

/// The words of a union of string literals, or the tags of a union of objects tagged by `code` or `kind`.
fn words_of(declared: &str) -> Option<Vec<String>> {
    if !declared.contains('{') {
        return declared
            .split('|')
            .map(|part| part.trim().strip_prefix('"')?.strip_suffix('"').map(str::to_owned))
            .collect();
    }
    let tag = ["{ \"code\": \"", "{ \"kind\": \""].into_iter().find(|tag| declared.starts_with(tag))?;
    Some(declared.split(tag).skip(1).filter_map(|part| part.split('"').next().map(str::to_owned)).collect())
}

fn index_file(names: &BTreeSet<String>) -> String {
    let mut text = String::from(HEADER);
    for name in names {
        text.push_str(&format!("export type {{ {name} }} from \"./{name}\";\n"));
    }
    text.push_str("export type { Commands } from \"./Commands\";\n");
    text.push_str("export { COMMANDS, EVENT_CHANNEL } from \"./Commands\";\n");
    text
}
