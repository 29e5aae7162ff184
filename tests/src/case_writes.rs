//! Writes of a real shape for tests and measurements of the store: a report that reaches a leader, with everything
//! that follows from it. No rule is applied here; the store must take whatever it is given.

use chayan_domain::case::{AlertKind, Callback, Case, CaseState, Flow, Starter, Timer, TimerName, Timing};
use chayan_domain::directory::Line;
use chayan_domain::evidence::{Hash, ReportTime, TimeProof, chain_hash, sha256};
use chayan_domain::ids::{AlertId, CaseId, CommandId, DeviceId, EventId, PersonId};
use chayan_domain::report::{Channel, ReportFacts};
use chayan_domain::rules::{CaseLimits, HandlingLimits};
use chayan_domain::time::{Span, Timestamp};
use chayan_runtime::Entropy;
use chayan_store::{
    AlertRow, BlindDraft, BlindKind, CaseRecord, CaseWrite, CommandRow, CustomerDraft, FeedDraft, FeedKind,
    SealedEvent, Topic,
};

/// The unit that made-up cases belong to.
pub const UNIT_PATH: &str = "HQ/JS/NJ/KS";

/// A case in a state, as of its `version`-th event.
#[must_use]
pub fn case(case_id: CaseId, reporter: &str, state: CaseState, version: u32, now: Timestamp) -> Case {
    let report_time = ReportTime { earliest: Some(now), latest: now, proof: TimeProof::Online };
    let flow = (state == CaseState::Submitted).then(|| Flow {
        received_at: now,
        report_time,
        starter: Starter::Reporter,
        started_by: Some(reporter.into()),
        channel: Channel::ALL[0],
        missing: Vec::new(),
        joined: None,
    });
    Case {
        case_id,
        state,
        version,
        hash: Hash::ZERO,
        reporter: reporter.into(),
        submitter: None,
        unit_id: "KS".into(),
        unit_path: Some(UNIT_PATH.to_owned()),
        direct_leader: None,
        line: Line::Claims,
        created_at: now,
        changed_at: now,
        rule_version: "2018-1".into(),
        limits: limits(),
        channel: Channel::ALL[0],
        timing: Timing {
            found_at: now,
            started_at: Some(now),
            due_at: now.plus(Span::minutes(5)),
            warned: false,
            overdue: false,
            answered_at: None,
        },
        facts: ReportFacts::default(),
        missing: Vec::new(),
        given: Vec::new(),
        commitments: Vec::new(),
        first_report_time: Some(report_time),
        ladder: Vec::new(),
        flow,
        callback: Callback::default(),
        supplements: 0,
        similar: Vec::new(),
        chain_breaks: 0,
        merged_into: None,
        episode_of: None,
        complained_at: None,
        involved: Vec::new(),
        risks_told: Vec::new(),
        risk_told: Vec::new(),
        rounds: Vec::new(),
        clocks: Vec::new(),
        urges: Vec::new(),
        escalations: Vec::new(),
        conversion: None,
        reopenings: Vec::new(),
        merged: Vec::new(),
    }
}

fn limits() -> CaseLimits {
    CaseLimits {
        t1: Span::minutes(5),
        t1_warning: Span::minutes(4),
        t2: Span::minutes(10),
        delivery_deputy: Span::seconds(60),
        delivery_climb: Span::seconds(120),
        t3: Span::minutes(5),
        t3_head: Span::seconds(450),
        t3_department: Span::minutes(10),
        discard_within: Span::seconds(30),
        handling: HandlingLimits::default(),
    }
}

/// A record whose reporter and leader follow from a number, so that lists find different people's cases.
#[must_use]
pub fn record(case: Case, leader: &str, next_due: Option<Timestamp>) -> CaseRecord {
    CaseRecord {
        unit_path: UNIT_PATH.to_owned(),
        direct_leader: Some(leader.into()),
        received_at: case.created_at,
        next_due,
        involved: vec![leader.into()],
        departments: Vec::new(),
        escalated: Vec::new(),
        case,
    }
}

/// The next event of a chain.
#[must_use]
pub fn event(entropy: &dyn Entropy, before: Option<&SealedEvent>, kind: &str, at: Timestamp) -> SealedEvent {
    let (sequence, prev_hash) = before.map_or((1, Hash::ZERO), |before| (before.sequence + 1, before.hash));
    let event_id = EventId(entropy.uuid(at));
    let padding = "x".repeat(320);
    let bytes =
        format!(r#"{{"event_id":"{event_id}","sequence":{sequence},"body":"{padding}"}}"#).into_bytes();
    let hash = chain_hash(&prev_hash, &bytes);
    SealedEvent { event_id, sequence, at, kind: kind.to_owned(), prev_hash, hash, bytes }
}

/// An open alert for a person.
#[must_use]
pub fn alert(entropy: &dyn Entropy, case_id: CaseId, person: &str, at: Timestamp) -> AlertRow {
    AlertRow {
        alert_id: AlertId(entropy.uuid(at)),
        case_id,
        person_id: person.into(),
        kind: AlertKind::LeaderNotice,
        level: 1,
        raised_at: at,
        due_at: Some(at.plus(Span::minutes(10))),
        ended: None,
    }
}

/// A feed row about a case.
#[must_use]
pub fn feed(entropy: &dyn Entropy, topic: Topic, case_id: CaseId, at: Timestamp) -> FeedDraft {
    FeedDraft {
        topic,
        event_id: EventId(entropy.uuid(at)),
        at,
        kind: FeedKind::CaseChanged,
        case_id: Some(case_id),
        alert_id: None,
        detail: None,
    }
}

/// A command with a receipt of a real length.
#[must_use]
pub fn command(command_id: CommandId, content: &[u8], at: Timestamp) -> CommandRow {
    CommandRow {
        command_id,
        content_hash: sha256(content),
        person_id: Some("10001".into()),
        device_id: Some(DeviceId(command_id.0)),
        device_hash: Some(sha256(b"device")),
        received_at: at,
        receipt: format!(r#"{{"command_id":"{command_id}","signature":"{}"}}"#, "0".repeat(500)).into_bytes(),
    }
}

/// What a customer gave: text under the case's key and a phone to be matched.
#[must_use]
pub fn customer(
    entropy: &dyn Entropy,
    command_id: CommandId,
    phone: &str,
    at: Timestamp,
) -> (CustomerDraft, BlindDraft) {
    let text =
        format!(r#"{{"phone":"{phone}","name":"王小明","narrative":"客户在柜面等候两小时,要求赔付。"}}"#);
    let draft =
        CustomerDraft { command_id, plaintext: text.into_bytes().into(), salt: entropy.bytes32(), at };
    (draft, BlindDraft { kind: BlindKind::Phone, text: phone.to_owned().into() })
}

/// A whole report: 3 events, 2 timers, 6 alerts, 3 feed rows, 1 customer row, 1 command.
#[must_use]
pub fn report(entropy: &dyn Entropy, case_id: CaseId, command_id: CommandId, now: Timestamp) -> CaseWrite {
    let mut events: Vec<SealedEvent> = Vec::with_capacity(3);
    for kind in ["reported", "leader_notified", "flow_started"] {
        let next = event(entropy, events.last(), kind, now);
        events.push(next);
    }
    let mut subject = case(case_id, "10001", CaseState::Submitted, 3, now);
    subject.hash = events[2].hash;
    let due = now.plus(Span::minutes(5));
    let (row, key) = customer(entropy, command_id, "13812345678", now);
    let leader: PersonId = "20001".into();
    CaseWrite {
        case: Some(record(subject, leader.as_str(), Some(due))),
        events,
        timers: Some(vec![
            Timer { name: TimerName::T3, level: 0, due_at: due },
            Timer { name: TimerName::T3Head, level: 0, due_at: now.plus(Span::seconds(450)) },
        ]),
        alerts: (0..6).map(|number| alert(entropy, case_id, &format!("3000{number}"), now)).collect(),
        feed: [Topic::person(&"10001".into()), Topic::person(&leader), Topic::role("CMP")]
            .into_iter()
            .map(|topic| feed(entropy, topic, case_id, now))
            .collect(),
        command: Some(command(command_id, command_id.0.as_bytes(), now)),
        customer: vec![row],
        blind: vec![key],
        ..CaseWrite::default()
    }
}
