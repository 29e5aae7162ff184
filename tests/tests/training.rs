//! 练习: a real desk beside a real server, and a training beside both. What is written in one is nowhere in the other.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test, and names the line")]

#[expect(dead_code, reason = "the server's own tests use the rest of the town")]
#[path = "server_contract/town.rs"]
mod town;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chayan_api::cases::{CaseDetail, CaseList, CaseView};
use chayan_api::commands::CaseAction;
use chayan_api::paths;
use chayan_api::search::{CaseFilter, ExportFormat};
use chayan_api::session::Me;
use chayan_api::training::TrainingRole;
use chayan_client::ipc::{
    ActArgs, CaseListArgs, CasePaper, CaseRef, CheckServer, DeskFaultCode, Exit, ExportArgs, LinkState,
    Nothing, OpenReport, PackArgs, PaperArgs, SaveDraft, Settings, SignInArgs, StartTiming, Submit,
};
use chayan_client::{Desk, DeskParts, InMemorySecrets, Secret, Secrets as _, Training, TrainingParts};
use chayan_domain::case::{CallbackResult, CaseState};
use chayan_domain::directory::{Department, Line};
use chayan_domain::ids::{CaseId, PersonId, UnitId};
use chayan_domain::report::{Private, ReportForm};
use chayan_runtime::{SystemClock, SystemEntropy};
use chayan_tests::programs;
use tempfile::TempDir;
use town::{AGENT_1, CLERK, DEPARTMENT, LEADER_1, Town, full_report, until};

/// Written in the training; it may be nowhere else.
const CANARY: &str = "13999990042";
/// Written in the real work; it may not be seen in the training.
const REAL: &str = "13988880017";

/// A real program on a real desk, and where its trainings lie.
struct Program {
    desk: Desk,
    secrets: Arc<InMemorySecrets>,
    folder: TempDir,
}

impl Program {
    async fn of(person: &str, town: &Town) -> Self {
        let (secrets, folder) = (Arc::new(InMemorySecrets::new()), tempfile::tempdir().unwrap());
        let desk = Desk::open(DeskParts {
            data_dir: folder.path().join("desk"),
            clock: Arc::new(town.clock.clone()),
            entropy: Arc::new(SystemEntropy),
            secrets: secrets.clone(),
            client_version: "test".to_owned(),
        })
        .await
        .unwrap();
        let settings = Settings { server: town.base(), large_text: true, ..Settings::default() };
        desk.save_settings(settings).await.unwrap();
        let args = SignInArgs { person_id: PersonId::from(person), password: Private::new(town::PASSWORD) };
        desk.sign_in(args).await.unwrap();
        online(&desk).await;
        Self { desk, secrets, folder }
    }

    fn trainings(&self) -> PathBuf {
        self.folder.path().join("training")
    }

    async fn train(&self) -> Training {
        let settings = self.desk.boot_view().settings;
        start(&self.trainings(), programs::path("chayan-server").unwrap(), settings).await.unwrap()
    }
}

async fn start(
    folder: &Path,
    program: PathBuf,
    settings: Settings,
) -> Result<Training, chayan_client::ipc::DeskFault> {
    Training::start(TrainingParts {
        program,
        folder: folder.to_owned(),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        client_version: "test".to_owned(),
        settings,
    })
    .await
}

async fn online(desk: &Desk) {
    until("the link", async || (desk.boot_view().connection.link == LinkState::Online).then_some(())).await;
}

fn form(phone: &str) -> ReportForm {
    full_report(town::MONDAY, phone).form
}

/// Reported to the leader, and confirmed by the centre that this desk knows.
async fn report(desk: &Desk, phone: &str) -> CaseId {
    send(desk, phone, Exit::Leader).await
}

async fn send(desk: &Desk, phone: &str, exit: Exit) -> CaseId {
    let timer = desk.start_timing(StartTiming::default()).await.unwrap();
    let (case_id, form) = (timer.case_id, form(phone));
    desk.save_draft(SaveDraft { case_id, form: form.clone() }).await.unwrap();
    desk.submit(Submit { case_id, form, exits: vec![exit] }).await.unwrap();
    until("the receipt", async || (desk.boot_view().connection.pending == 0).then_some(())).await;
    case_id
}

async fn cases(desk: &Desk, view: CaseView) -> Vec<CaseId> {
    let args = CaseListArgs { view, after: None, filter: None };
    desk.cases(args).await.unwrap().cases.into_iter().map(|case| case.case_id).collect()
}

/// The files below a folder that hold the text, or the bytes of the id.
fn holding(folder: &Path, text: &str, id: CaseId) -> Vec<PathBuf> {
    let wanted = [text.as_bytes().to_vec(), id.to_string().into_bytes(), id.0.as_bytes().to_vec()];
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if let Ok(bytes) = std::fs::read(&path)
            && wanted.iter().any(|wanted| bytes.windows(wanted.len()).any(|window| window == wanted))
        {
            found.push(path);
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_written_in_a_training_reaches_the_real_server_or_the_real_store_and_nothing_of_them_is_seen()
{
    let town = Town::new().await;
    let clerk = Program::of(CLERK, &town).await;
    let real = report(&clerk.desk, REAL).await;
    let before = clerk.desk.local_records(Nothing {}).await.unwrap();
    let token = clerk.secrets.read(Secret::Token).await.unwrap();

    let training = clerk.train().await;
    training.play(TrainingRole::Clerk).await.unwrap();
    let made_up = training.desk();
    online(&made_up).await;
    let canary = report(&made_up, CANARY).await;
    let draft = made_up.open_draft(OpenReport { case_id: None }).await.unwrap();
    made_up.save_draft(SaveDraft { case_id: draft.case_id, form: form(CANARY) }).await.unwrap();
    assert!(cases(&made_up, CaseView::Mine).await.contains(&canary), "it arrived where it belongs");

    // The real centre: nobody's list has it, nobody can open it, no file holds it.
    for person in [CLERK, LEADER_1, AGENT_1, DEPARTMENT] {
        let person = town.sign_in(person).await;
        let list: CaseList = person.get(&format!("{}?view=mine", paths::CASES)).await;
        assert!(list.cases.iter().all(|case| case.case_id == real));
        person.refused_get(&paths::case(canary)).await;
    }
    let kept: CaseDetail = town.sign_in(CLERK).await.get(&paths::case(real)).await;
    assert_eq!(kept.summary.case_id, real);
    let of_the_town = Path::new(town.database()).parent().unwrap();
    assert_eq!(holding(of_the_town, CANARY, canary), [] as [PathBuf; 0]);
    assert!(!holding(of_the_town, REAL, real).is_empty(), "the search finds what is there");

    // The real desk: its records, its folder and its keyring are as they were.
    assert_eq!(clerk.desk.local_records(Nothing {}).await.unwrap(), before);
    let of_the_desk = clerk.folder.path().join("desk");
    assert_eq!(holding(&of_the_desk, CANARY, canary), [] as [PathBuf; 0]);
    assert_eq!(clerk.secrets.read(Secret::Token).await.unwrap(), token, "no other token is kept");

    // And the other way round.
    let seen = made_up.local_records(Nothing {}).await.unwrap();
    assert!(seen.records.iter().all(|record| record.case_id == canary));
    let missing = made_up.case_detail(CaseRef { case_id: real }).await.unwrap_err();
    assert_eq!(missing.code, DeskFaultCode::Problem);
    assert!(!holding(&clerk.trainings(), CANARY, canary).is_empty(), "the search finds what is there");
    let of_real = holding(&clerk.trainings(), REAL, real);
    assert_eq!(of_real, [] as [PathBuf; 0]);

    // The way back: the training leaves nothing, and the real session goes on.
    training.end().await;
    assert!(!clerk.trainings().exists());
    online(&clerk.desk).await;
    assert_eq!(clerk.desk.boot_view().session.me.unwrap().person_id, PersonId::from(CLERK));
    let again = report(&clerk.desk, REAL).await;
    let mine = cases(&clerk.desk, CaseView::Mine).await;
    assert!(mine.contains(&real) && mine.contains(&again) && mine.len() == 2);
    clerk.desk.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clerk_in_training_reports_and_the_same_person_as_leader_sees_the_alert_and_takes_over() {
    let folder = tempfile::tempdir().unwrap();
    let program = programs::path("chayan-server").unwrap();
    let training = start(&folder.path().join("training"), program, Settings::default()).await.unwrap();
    let desk = training.desk();
    let clerk: Me = training.play(TrainingRole::Clerk).await.unwrap();
    online(&desk).await;
    let case_id = report(&desk, CANARY).await;
    let leader = training.play(TrainingRole::Leader).await.unwrap();
    assert_ne!(clerk.person_id, leader.person_id);
    until("the alert", async || {
        desk.boot_view().alerts.open.iter().any(|alert| alert.case_id == case_id).then_some(())
    })
    .await;
    desk.act(ActArgs { case_id, action: CaseAction::TakeOver }).await.unwrap();
    let detail = desk.case_detail(CaseRef { case_id }).await.unwrap();
    assert_eq!(detail.summary.state.word(), Some(&CaseState::LeaderHandling));
    assert!(cases(&desk, CaseView::Team).await.contains(&case_id));

    // The week is left to chance and promises nobody an open case. What one sends into the flow oneself is on the first
    // page of everybody whom one may be, from the counter to the department.
    training.play(TrainingRole::Clerk).await.unwrap();
    let case_id = send(&desk, "13999990043", Exit::Flow).await;
    assert!(cases(&desk, CaseView::Mine).await.contains(&case_id));
    training.play(TrainingRole::Agent).await.unwrap();
    assert!(cases(&desk, CaseView::Callback).await.contains(&case_id));
    for action in to_the_claims_of_the_city() {
        desk.act(ActArgs { case_id, action }).await.unwrap();
    }
    for role in [TrainingRole::Handler, TrainingRole::Head] {
        training.play(role).await.unwrap();
        assert!(cases(&desk, CaseView::Handling).await.contains(&case_id), "{role:?}");
    }
    training.end().await;
}

/// What the agent does with a customer who is not content.
fn to_the_claims_of_the_city() -> [CaseAction; 4] {
    let result = CaseAction::RecordCallback {
        result: CallbackResult::Dissatisfied,
        appointment_at: None,
        note: Private::new("等赔款"),
        recording: Private::default(),
    };
    let lead = Department { unit_id: UnitId::from("320500"), line: Line::Claims };
    let dispatch = CaseAction::Dispatch { lead, assisting: Vec::new(), note: Private::new("请联系") };
    [CaseAction::ClaimCallback, CaseAction::LogDial, result, dispatch]
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_of_a_training_knows_one_centre_and_lets_no_file_out() {
    let town = Town::new().await;
    let folder = tempfile::tempdir().unwrap();
    let program = programs::path("chayan-server").unwrap();
    let liked = Settings {
        server: town.base(),
        proxy: "http://proxy.example:3128".to_owned(),
        large_text: true,
        ..Settings::default()
    };
    let training = start(&folder.path().join("training"), program, liked).await.unwrap();
    training.play(TrainingRole::Agent).await.unwrap();
    let desk = training.desk();
    let settings = desk.boot_view().settings;
    assert!(settings.server.starts_with("http://127.0.0.1:") && settings.server != town.base());
    assert_eq!((settings.proxy.as_str(), settings.large_text), ("", true), "how it looks comes along");
    let elsewhere = Settings { server: town.base(), ..settings.clone() };
    assert_eq!(desk.save_settings(elsewhere.clone()).await.unwrap_err().code, DeskFaultCode::InTraining);
    let check = desk.check_server(CheckServer { settings: elsewhere }).await.unwrap();
    assert_eq!(check.fault.unwrap().code, DeskFaultCode::InTraining);
    assert_eq!(desk.boot_view().settings, settings);
    let list = ExportArgs {
        view: CaseView::Callback,
        filter: CaseFilter::default(),
        format: ExportFormat::Csv,
        file_name: "list.csv".to_owned(),
    };
    assert_eq!(desk.export_cases(list).await.unwrap_err().code, DeskFaultCode::InTraining);
    let case_id = CaseId(uuid::Uuid::from_u128(1));
    let pack = PackArgs { case_id, file_name: "pack.zip".to_owned() };
    assert_eq!(desk.export_pack(pack).await.unwrap_err().code, DeskFaultCode::InTraining);
    for paper in [CasePaper::Receipts, CasePaper::Notice] {
        let page = PaperArgs { case_id, paper, file_name: "page.html".to_owned() };
        assert_eq!(desk.export_paper(page).await.unwrap_err().code, DeskFaultCode::InTraining);
    }
    training.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_training_begun_anew_has_nothing_of_the_one_before_and_its_centre_ends_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("training");
    let program = programs::path("chayan-server").unwrap();
    let first = start(&place, program.clone(), Settings::default()).await.unwrap();
    first.play(TrainingRole::Clerk).await.unwrap();
    let (case_id, address) = (report(&first.desk(), CANARY).await, first.desk().boot_view().settings.server);
    // As after a crash: nobody ended it, and the folder is still there.
    first.desk().shutdown().await;
    drop(first);
    assert!(place.exists());
    let port = address.rsplit(':').next().unwrap().parse::<u16>().unwrap();
    until("the end of its centre", async || {
        tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err().then_some(())
    })
    .await;
    let second = start(&place, program, Settings::default()).await.unwrap();
    second.play(TrainingRole::Clerk).await.unwrap();
    assert!(!cases(&second.desk(), CaseView::Mine).await.contains(&case_id));
    assert!(second.desk().local_records(Nothing {}).await.unwrap().records.is_empty());
    second.end().await;
    assert!(!place.exists());
}

#[tokio::test]
async fn a_training_without_its_program_is_refused_with_a_code_and_leaves_nothing_running() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("training");
    let missing = start(&place, folder.path().join("not-there"), Settings::default()).await;
    assert_eq!(missing.err().map(|fault| fault.code), Some(DeskFaultCode::TrainingMissing));
    assert!(!place.exists(), "nothing of it stays");
    let silent = start(&place, PathBuf::from("/bin/true"), Settings::default()).await;
    assert_eq!(silent.err().map(|fault| fault.code), Some(DeskFaultCode::TrainingFailed));
    assert!(!place.exists(), "nothing of it stays");
    let (program, pid) = something_else(folder.path());
    let other = start(&place, program, Settings::default()).await;
    assert_eq!(other.err().map(|fault| fault.code), Some(DeskFaultCode::TrainingFailed));
    assert!(!place.exists(), "nothing of it stays");
    let pid = std::fs::read_to_string(pid).unwrap();
    let running = Path::new("/proc").join(pid.trim());
    assert!(!running.exists(), "nothing of it runs: {}", running.display());
}

/// A program that is no centre, says so and would run for ever; and the file where it writes its number.
fn something_else(folder: &Path) -> (PathBuf, PathBuf) {
    let [words, program, pid] = ["words", "program", "pid"].map(|name| folder.join(name));
    let said = format!("#!/bin/sh\necho $$ > '{}'\necho no centre\nexec tail -f /dev/null\n", pid.display());
    std::fs::write(&words, said).unwrap();
    // Another process writes what is to be run: a file that this one has open for writing cannot be.
    let mut install = std::process::Command::new("install");
    assert!(install.args(["-m", "755"]).args([&words, &program]).status().unwrap().success());
    (program, pid)
}
