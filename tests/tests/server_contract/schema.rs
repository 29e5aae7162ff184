//! The document against the server: for every operation requests that fit its schemas and requests that do not, from
//! every role, with every kind of token. No answer is a fault of the server, and every answer is one that the document
//! describes.

mod contract;
mod made;

use chayan_api::commands::CaseAction;
use chayan_api::directory::EnterAbsence;
use chayan_domain::directory::{AbsenceKind, Role};
use chayan_domain::ids::{AbsenceId, AlertId, CaseId};
use chayan_domain::report::Private;
use chayan_domain::time::Span;
use chayan_runtime::{Clock as _, SeededEntropy};
use reqwest::Method;
use rstest::rstest;
use serde_json::Value;

use self::contract::{Answer, Contract, Operation};
use self::made::{Maker, Place};
use super::town::{
    AGENT_1, CLERK, DEPARTMENT, Database, Desk, GROUP_HEAD, IT, LEADER_1, LEADER_2, STRANGER, Town,
    full_report, new_case, new_command, person, short_report,
};
use chayan_domain::directory::Line;

/// Requests of each operation; commands, of which there are almost fifty kinds, get more.
const REQUESTS: u64 = 60;
const COMMANDS: u64 = 1_000;
/// A password is slow to check on purpose.
const SIGN_INS: u64 = 40;
/// The whole run follows from it.
const SEED: u64 = 20_180_601;
const EXECUTIVE: &str = "1201";
const AUDITOR: &str = "1202";
const HANDLER: &str = "1203";

/// What needs more than a fitting request: a preview, an import, a dispatch. `directory_versions` and `oversight` do it.
const PREPARED: [&str; 3] = [
    "POST /v1/directory/versions",
    "GET /v1/directory/versions/{version}/changes",
    "POST /v1/cases/{case_id}/notice",
];

/// Who sends requests, with what is in the town.
struct Callers {
    desks: Vec<Desk>,
    /// Tokens that open nothing, and none at all.
    shut: Vec<Option<String>>,
    cases: Vec<CaseId>,
    alerts: Vec<AlertId>,
    absences: Vec<AbsenceId>,
}

/// One request.
struct Request<'a> {
    operation: &'a Operation,
    method: Method,
    path: String,
    query: Vec<(String, String)>,
    body: Option<Vec<u8>>,
    /// Whether the body is what the document asks for.
    fits: bool,
}

#[rstest]
#[case::sqlite(Database::Sqlite)]
#[case::postgres(Database::Postgres)]
#[tokio::test]
async fn no_request_whatever_is_a_fault_of_the_server_or_answered_outside_of_the_document(
    #[case] database: Database,
) {
    let town = Town::with(
        database,
        |_| {},
        |draft| {
            for (id, role) in [(EXECUTIVE, Role::Exe), (AUDITOR, Role::Aud), (HANDLER, Role::Hdl)] {
                draft.people.push(person(id, "JS", Line::CustomerService, Some(GROUP_HEAD), &[], &[role]));
            }
        },
    )
    .await;
    let callers = Callers::of(&town).await;
    let contract = Contract::of(&serde_json::to_value(chayan_server::openapi()).unwrap());
    let entropy = SeededEntropy::new(SEED);
    let maker = Maker::new(&contract.document, &entropy);
    let (mut faults, mut answered) = (Vec::new(), std::collections::BTreeSet::new());
    // Commands come last: they move the cases that the other operations ask about.
    for operation in contract.operations.iter().rev() {
        for _ in 0..rounds(operation) {
            let desk = callers.one(&maker, operation);
            let place = callers.place(&town, &maker, desk);
            let request = request(&maker, operation, &place);
            let token = token(&maker, &callers, operation, desk);
            let answer = send(desk, token.as_deref(), &request).await;
            answered.insert((operation.id.clone(), answer.status));
            let open = !operation.needs_token || token.as_ref() == Some(&desk.token);
            if let Err(fault) = contract.judge(&request, open, &answer) {
                faults.push(format!("{request}: {} {fault}\n    {}", answer.status, answer.shown()));
            }
        }
    }
    faults.sort();
    faults.dedup_by_key(|fault| fault.split(" {").next().map(str::to_owned));
    assert!(faults.is_empty(), "{} deviations:\n{}", faults.len(), faults[..faults.len().min(25)].join("\n"));
    for operation in &contract.operations {
        let succeeded =
            answered.iter().any(|(id, status)| *id == operation.id && (200..300).contains(status));
        let by_chance = !PREPARED.contains(&operation.id.as_str());
        assert!(succeeded || !by_chance, "{} was never done: its successes were not looked at", operation.id);
    }
}

#[test]
fn every_parameter_stands_where_the_document_says() {
    let contract = Contract::of(&serde_json::to_value(chayan_server::openapi()).unwrap());
    for operation in &contract.operations {
        for parameter in &operation.parameters {
            let in_path = operation.path.contains(&format!("{{{}}}", parameter.name));
            let expected = if in_path { "path" } else { "query" };
            assert_eq!(parameter.place, expected, "{} of {}", parameter.name, operation.id);
            // A list has a view, and a choice a text.
            let needed = in_path || matches!(parameter.name.as_str(), "view" | "text");
            assert_eq!(needed, parameter.required, "{}", parameter.name);
        }
    }
}

#[test]
fn an_answer_outside_of_the_document_is_noticed() {
    let contract = Contract::of(&serde_json::to_value(chayan_server::openapi()).unwrap());
    let operation = contract.operations.iter().find(|operation| operation.id == "GET /v1/session").unwrap();
    let request = Request {
        operation,
        method: Method::GET,
        path: "/v1/session".to_owned(),
        query: Vec::new(),
        body: None,
        fits: true,
    };
    let answer = |status: u16, kind: &str, body: &str| Answer {
        status,
        kind: Some(kind.to_owned()),
        body: body.as_bytes().to_vec(),
    };
    let problem =
        r#"{"type":"about:blank","title":"x","status":401,"code":"not_signed_in","request_id":"1"}"#;
    for (answer, what) in [
        (answer(500, "application/problem+json", problem), "a fault of the server"),
        (answer(200, "application/json", "{}"), "a body without its members"),
        (answer(202, "application/json", "{}"), "a status that is not documented"),
        (answer(401, "application/json", problem), "another content type"),
        (answer(403, "application/problem+json", problem), "a status that is not the code's"),
        (answer(404, "application/problem+json", "{}"), "a problem without its code"),
    ] {
        assert!(contract.judge(&request, true, &answer).is_err(), "{what}");
    }
}

impl Callers {
    async fn of(town: &Town) -> Self {
        let expired = town.sign_in(CLERK).await;
        town.clock.advance(Span::minutes(12 * 60 + 1));
        let revoked = town.sign_in(CLERK).await;
        revoked.request(Method::DELETE, chayan_api::paths::SESSION).send().await.unwrap();
        let mut desks = Vec::new();
        for key in [
            CLERK, LEADER_1, LEADER_2, AGENT_1, GROUP_HEAD, DEPARTMENT, IT, STRANGER, EXECUTIVE, AUDITOR,
            HANDLER,
        ] {
            desks.push(town.sign_in(key).await);
        }
        let (clerk, agent) = (&desks[0], &desks[3]);
        let now = town.clock.now();
        let cases = [(); 8].map(|()| new_case());
        for (number, case_id) in cases.iter().enumerate() {
            let action = match number {
                0 => CaseAction::StartTiming { found_at: now },
                1 => CaseAction::ResolveOnSpot { report: short_report(now) },
                2 | 3 => CaseAction::NotifyLeader { report: full_report(now, "13800005555") },
                _ => CaseAction::StartFlow { report: full_report(now, "13800005555") },
            };
            clerk.act(*case_id, action).await;
        }
        for case_id in &cases[5..] {
            agent.act(*case_id, CaseAction::ClaimCallback).await;
        }
        agent.act(cases[6], CaseAction::LogDial).await;
        clerk.act(cases[2], CaseAction::Supplement { form: full_report(now, "13800005556").form }).await;
        desks[1].act(cases[3], CaseAction::ResolveAsLeader { note: Private::new("已当面解释") }).await;
        let mut alerts = Vec::new();
        for desk in &desks {
            alerts.extend(desk.alerts().await.into_iter().map(|alert| alert.alert_id));
        }
        let shut = vec![
            None,
            Some(String::new()),
            Some("not-a-token".to_owned()),
            Some("f".repeat(4_000)),
            Some(expired.token),
            Some(revoked.token),
        ];
        let mut absences = Vec::new();
        for _ in 0..6 {
            let absence_id = AbsenceId(new_command().0);
            let (person_id, to) = (clerk.person.clone(), now.plus(Span::minutes(60)));
            let kind = AbsenceKind::Out;
            let body = EnterAbsence { absence_id, person_id, kind, from: now, to, deputy: None };
            clerk.request(Method::POST, chayan_api::paths::ABSENCES).json(&body).send().await.unwrap();
            absences.push(absence_id);
        }
        Self { desks, shut, cases: cases.to_vec(), alerts, absences }
    }

    /// Anybody; a field is shown to hardly anybody but the agent who has claimed the case, and so with other acts.
    /// Only agents look for people.
    fn one(&self, maker: &Maker<'_>, operation: &Operation) -> &Desk {
        let agent =
            ["/reveal", "/people/search"].iter().any(|end| operation.id.ends_with(end)) && maker.chance(50);
        // Whose absences they are, and who keeps the directory and the rules.
        let clerk = operation.id.ends_with("/end") && maker.chance(50);
        let kept = ["/directory", "/amendments"].iter().any(|part| operation.id.contains(part));
        let it = kept && maker.chance(50);
        let read = ["/accesses", "/audit", "/removals"].iter().any(|part| operation.id.ends_with(part));
        let audits = read && maker.chance(50);
        match (agent, clerk, it, audits) {
            (true, ..) => &self.desks[3],
            (_, true, ..) => &self.desks[0],
            (_, _, true, _) => &self.desks[6],
            (.., true) => &self.desks[9],
            _ => maker.one_of(&self.desks),
        }
    }

    fn place(&self, town: &Town, maker: &Maker<'_>, desk: &Desk) -> Place {
        Place {
            case_id: if maker.chance(70) {
                maker.one_of(&self.cases).to_string()
            } else {
                new_case().to_string()
            },
            command_id: new_command().to_string(),
            person_id: desk.person.to_string(),
            device_id: desk.device.to_string(),
            alert_id: maker.one_of(&self.alerts).to_string(),
            absence_id: maker.one_of(&self.absences).to_string(),
            now: town.clock.now().0,
        }
    }
}

fn rounds(operation: &Operation) -> u64 {
    match operation.id.as_str() {
        "POST /v1/session" => SIGN_INS,
        id if id.ends_with("/commands/{command_id}") => COMMANDS,
        id if id.ends_with("/reveal") => 2 * REQUESTS,
        id if id.ends_with("/amendments") => 5 * REQUESTS,
        _ => REQUESTS,
    }
}

/// Most requests come from somebody; the person's own session is ended with a token that nobody else needs.
fn token(maker: &Maker<'_>, callers: &Callers, operation: &Operation, desk: &Desk) -> Option<String> {
    let signs_out = operation.id == "DELETE /v1/session" && desk.person.as_str() != STRANGER;
    if signs_out || maker.chance(15) { maker.one_of(&callers.shut).clone() } else { Some(desk.token.clone()) }
}

fn request<'a>(maker: &Maker<'_>, operation: &'a Operation, place: &Place) -> Request<'a> {
    let mut path = operation.path.clone();
    let mut query = Vec::new();
    for parameter in &operation.parameters {
        let value = maker.parameter(parameter, place);
        if operation.path.contains(&format!("{{{}}}", parameter.name)) {
            path = path.replace(&format!("{{{}}}", parameter.name), value.as_deref().unwrap_or("x"));
        } else {
            query.extend(value.map(|value| (parameter.name.clone(), value)));
        }
    }
    let method = if maker.chance(4) { maker.one_of(&METHODS).clone() } else { operation.method.clone() };
    let mut made = operation.body.as_ref().map(|schema| maker.value(schema, place));
    if let Some(body) = &mut made
        && maker.chance(45)
    {
        maker.spoil(body);
    }
    let fits = match (&made, &operation.body_validator) {
        (Some(body), Some(validator)) => validator.is_valid(body),
        _ => true,
    };
    let mut body = made.map(|body| serde_json::to_vec(&body).unwrap());
    if body.is_some() && maker.chance(5) {
        body = Some(maker.one_of(&NOT_JSON).to_vec());
        return Request { operation, method, path, query, body, fits: false };
    }
    Request { operation, method, path, query, body, fits }
}

const METHODS: [Method; 6] =
    [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS];
const NOT_JSON: [&[u8]; 6] = [b"", b"{", b"\"", b"\0\0", &[0xff, 0xfe, 0x22], b"[[[[[[[[[[[["];

async fn send(desk: &Desk, token: Option<&str>, request: &Request<'_>) -> Answer {
    let mut sent = desk.bare_request(request.method.clone(), &request.path).query(&request.query);
    if let Some(token) = token {
        sent = sent.bearer_auth(token);
    }
    if let Some(body) = &request.body {
        sent = sent.header("content-type", "application/json").body(body.clone());
    }
    Answer::read(sent.send().await.unwrap()).await
}

impl std::fmt::Display for Request<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let body = self.body.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
        let short: String = body.chars().take(600).collect();
        let query: Vec<_> = self.query.iter().map(|(name, value)| format!("{name}={value:.40}")).collect();
        write!(f, "{} {:.120}?{} {{{short}}}", self.method, self.path, query.join("&"))
    }
}

/// For the places that read a value they know to be there.
fn words(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
