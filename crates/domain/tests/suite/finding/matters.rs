//! What belongs together: 不同事项 and 并案.

use super::*;

/// 不同事项.
pub(super) fn different() -> Vec<Row> {
    let in_time = Ground::FlowInTime;
    let claim = || with(matter(), KeyKind::Claim, "PC2");
    let of_other = |evidence| claiming(case(1, vec![evidence]), "PC1");
    let flagged = |what, evidence, decision, grounds: &[Ground]| {
        row(what, vec![of_other(evidence)], decision, grounds).against(claim())
    };
    let mut both = claiming(case(1, vec![flow(-MINUTE)]), "PC1");
    both.keys.extend(keyed(KeyKind::Claim, "PC2", false));
    let mut loss_reports = case(1, vec![flow(-MINUTE)]);
    loss_reports.keys.extend(keyed(KeyKind::LossReport, "BA1", false));
    vec![
        flagged("a flow of another claim is doubtful", flow(-MINUTE), Doubtful, &[DifferentMatter]),
        flagged("so is its notice", notice(-9 * MINUTE, Some(-MINUTE)), Doubtful, &[DifferentMatter]),
        flagged("so is its spot trace", spot(-MINUTE), Doubtful, &[DifferentMatter]),
        flagged(
            "so is a countersigned claim",
            verbal(-9 * MINUTE, Some((-MINUTE, -MINUTE))),
            Doubtful,
            &[DifferentMatter],
        ),
        flagged("a later flow of another claim is no record of this one", flow(MINUTE), NoRecord, &[]),
        flagged(
            "a claim nobody countersigned is, flagged or not",
            verbal(-9 * MINUTE, None),
            Unproven,
            &[NotCountersigned],
        ),
        row(
            "beside a flow after it is 9-3 still",
            vec![claiming(case(1, vec![verbal(-9 * MINUTE, None), flow(MINUTE)]), "PC1")],
            Unproven,
            &[NotCountersigned],
        )
        .against(claim()),
        row("a link by hand clears it", vec![of_other(flow(-MINUTE))], FlowInTime, &[in_time])
            .against(claim())
            .linked(1),
        row(
            "the same claim number",
            vec![claiming(case(1, vec![flow(-MINUTE)]), "pc 2")],
            FlowInTime,
            &[in_time],
        )
        .against(claim()),
        row("one equal of two", vec![both], FlowInTime, &[in_time]).against(claim()),
        row("no claim number in the case", vec![case(1, vec![flow(-MINUTE)])], FlowInTime, &[in_time])
            .against(claim()),
        row("none in the complaint", vec![of_other(flow(-MINUTE))], FlowInTime, &[in_time]),
        row("a differing loss report number does not set it", vec![loss_reports], FlowInTime, &[in_time])
            .against(with(matter(), KeyKind::LossReport, "BA2")),
        row(
            "another case in time decides before it",
            vec![of_other(flow(-MINUTE)), case(2, vec![flow(-MINUTE)])],
            FlowInTime,
            &[in_time],
        )
        .against(claim()),
        row(
            "another case later does not",
            vec![of_other(flow(-MINUTE)), case(2, vec![flow(MINUTE)])],
            Doubtful,
            &[DifferentMatter],
        )
        .against(claim()),
    ]
}

/// 并案.
pub(super) fn merged() -> Vec<Row> {
    let in_time = Ground::FlowInTime;
    let into = |number, into, evidence| CaseRecord {
        standing: Standing::Voided(VoidReason::Duplicate),
        merged_into: Some(case_id(into)),
        ..case(number, evidence)
    };
    let keyless = |case: CaseRecord| CaseRecord { keys: keyed(KeyKind::Phone, "13900002222", false), ..case };
    let void = |case: CaseRecord| CaseRecord { standing: Standing::Voided(VoidReason::Test), ..case };
    vec![
        row(
            "a merged case keeps its own evidence",
            vec![case(1, vec![flow(MINUTE)]), into(2, 1, vec![flow(-MINUTE)])],
            FlowInTime,
            &[in_time],
        ),
        row(
            "the keys are pooled: the survivor's find the merged one",
            vec![case(1, vec![flow(MINUTE)]), keyless(into(2, 1, vec![flow(-MINUTE)]))],
            FlowInTime,
            &[in_time],
        ),
        row(
            "and the other way",
            vec![keyless(case(1, vec![flow(-MINUTE)])), into(2, 1, vec![flow(MINUTE)])],
            FlowInTime,
            &[in_time],
        ),
        row(
            "over two steps",
            vec![
                keyless(case(1, vec![flow(-MINUTE)])),
                keyless(into(2, 1, vec![])),
                into(3, 2, vec![flow(MINUTE)]),
            ],
            FlowInTime,
            &[in_time],
        ),
        row(
            "voiding the survivor later does not void the others",
            vec![void(case(1, vec![flow(-9 * MINUTE)])), into(2, 1, vec![notice(-MINUTE, None)])],
            Doubtful,
            &[NotDelivered],
        ),
        row(
            "a voided survivor still leads further",
            vec![
                keyless(into(1, 4, vec![flow(-MINUTE)])),
                void(CaseRecord { merged_into: Some(case_id(4)), ..case(2, vec![]) }),
                into(3, 2, vec![flow(MINUTE)]),
                keyless(case(4, vec![])),
            ],
            FlowInTime,
            &[in_time],
        ),
        row(
            "a circle is one matter",
            vec![into(1, 2, vec![flow(MINUTE)]), keyless(into(2, 1, vec![flow(-MINUTE)]))],
            FlowInTime,
            &[in_time],
        ),
        row(
            "merged into a case that is not there it stands alone",
            vec![into(2, 9, vec![flow(-MINUTE)])],
            FlowInTime,
            &[in_time],
        ),
        row(
            "a claim number of the survivor marks what was merged into it",
            vec![claiming(case(1, vec![]), "PC1"), into(2, 1, vec![flow(-MINUTE)])],
            Doubtful,
            &[DifferentMatter],
        )
        .against(with(matter(), KeyKind::Claim, "PC2")),
        row(
            "a link to one links all",
            vec![keyless(case(1, vec![flow(-MINUTE)])), keyless(into(2, 1, vec![]))],
            FlowInTime,
            &[in_time],
        )
        .linked(2),
    ]
}
