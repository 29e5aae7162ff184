//! The import of a province: a spreadsheet of 20,000 people, read, checked, compared and stored.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use chayan_runtime::{SystemClock, SystemEntropy};
use chayan_server::commands::import_directory;
use chayan_store::{MasterKey, Store, StoreConfig, Target as Place};
use chayan_tests::stopwatch::Stopwatch;
use rust_xlsxwriter::Workbook;

use crate::figures::{Figures, Target};

const PEOPLE: u32 = 20_000;
/// People of one county, its head included.
const TEAM: u32 = 50;

/// Brings everybody, then the same with every fiftieth person elsewhere.
pub(crate) async fn run(folder: &Path, figures: &mut Figures) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let key = MasterKey::load_or_create(&folder.join("master.key"), &SystemEntropy)?;
    let config = StoreConfig::new(Place::Sqlite(folder.join("centre.db")));
    let store = Store::open(&config, Arc::new(SystemEntropy), key).await?;
    for (name, moved) in [("the first time", false), ("with 400 changes", true)] {
        let file = folder.join(format!("people-{moved}.xlsx"));
        write(&file, moved)?;
        let watch = Stopwatch::start();
        import_directory(&store, &SystemClock, &SystemEntropy, &[file], None, None).await?;
        let millis = watch.millis();
        figures.add(&format!("import of 20,000 people, {name}"), millis, "ms", Target::AtMost(5_000.0));
    }
    store.shutdown().await;
    Ok(())
}

fn write(file: &Path, moved: bool) -> Result<()> {
    let mut book = Workbook::new();
    let units = book.add_worksheet().set_name("机构")?;
    units.write_row(0, 0, ["机构代码", "上级机构", "层级", "机构名称"])?;
    units.write_row(1, 0, ["320000", "", "省分公司", "江苏分公司"])?;
    for county in 0..PEOPLE / TEAM {
        let (code, name) = (unit(county), format!("第{county}支公司"));
        units.write_row(county + 2, 0, [code.as_str(), "320000", "支公司", &name])?;
    }
    let people = book.add_worksheet().set_name("人员")?;
    people.write_row(0, 0, ["工号", "姓名", "所在机构", "条线", "岗位", "直接领导"])?;
    people.write_row(1, 0, ["10000000", "总经理", "320000", "销售", "管理岗", ""])?;
    for number in 0..PEOPLE - 1 {
        let (county, place) = (number / TEAM, number % TEAM);
        let leader = if place == 0 { "10000000".to_owned() } else { person(county * TEAM) };
        let away = moved && place == TEAM - 2;
        let county = if away { (county + 1) % (PEOPLE / TEAM) } else { county };
        let (code, name, unit) = (person(number), format!("人员{number}"), unit(county));
        people.write_row(number + 2, 0, [code.as_str(), &name, &unit, "理赔", "查勘", &leader])?;
    }
    book.save(file).context("the spreadsheet is written")
}

fn unit(county: u32) -> String {
    format!("{}", 330_000 + county)
}

fn person(number: u32) -> String {
    format!("{}", 20_000_000 + number)
}
