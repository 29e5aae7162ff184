//! Hands-on: a seeded province with its server, one program on this display, and everything until Ctrl-C.

use std::path::Path;
use std::process::Command;

use anyhow::Result;
use chayan_tests::process::Program;
use chayan_tests::programs;
use chayan_tests::world::{Tempo, World};

/// Runs until Ctrl-C, or until the program is quit from its tray menu.
pub(crate) async fn run(out: &Path) -> Result<()> {
    let mut world = World::found(&out.join("hands-on"), Tempo::CALM).await?;
    println!("demo: the server answers at {}", world.server());
    for account in world.accounts() {
        println!("demo: {:<8} {} {}  {}", account.key, account.person_id, account.password, account.what);
    }
    println!("demo: everything lies in {}", world.folder().display());
    // A folder of its own, so that a second program can be started beside it for another account.
    let data = world.folder().join("desk");
    let mut command = Command::new(programs::path("chayan")?);
    command.args(["--server", &world.server(), "--show", "workbench", "--data-dir"]).arg(&data);
    let log = world.folder().join("chayan.log");
    let mut program = Program::start("chayan", command, &log, world.undertaker())?;
    println!("demo: Ctrl-C ends server and program");
    tokio::select! {
        stopped = tokio::signal::ctrl_c() => stopped?,
        () = ended(&mut program) => println!("demo: the program was quit"),
    }
    drop(program);
    world.centre().stop().await
}

async fn ended(program: &mut Program) {
    // Until it ends, however long a person looks around.
    while program.wait_for_end(std::time::Duration::from_secs(3_600)).await.is_err() {}
}
