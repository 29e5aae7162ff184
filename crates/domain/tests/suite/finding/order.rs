//! Step 4 alone: one case of one piece, and what the order makes of several.

use super::*;

pub(super) fn rows() -> Vec<Row> {
    let in_time = Ground::FlowInTime;
    vec![
        row("no case at all", vec![], NoRecord, &[]),
        one("a flow before", flow(-MINUTE), FlowInTime, &[in_time]),
        one("a flow after", flow(MINUTE), OnlyLater, &[Later]),
        one("a delivered notice", notice(-9 * MINUTE, Some(-8 * MINUTE)), LeaderInTime, &[DeliveredInTime]),
        one(
            "a notice sent and not delivered by then",
            notice(-9 * MINUTE, Some(MINUTE)),
            Doubtful,
            &[NotDelivered],
        ),
        one("a notice never delivered", notice(-9 * MINUTE, None), Doubtful, &[NotDelivered]),
        one("a notice sent later and delivered", notice(MINUTE, Some(2 * MINUTE)), OnlyLater, &[Later]),
        one("a notice sent later and never delivered", notice(MINUTE, None), OnlyLater, &[Later]),
        one(
            "a claim countersigned",
            verbal(-9 * MINUTE, Some((-MINUTE, -8 * MINUTE))),
            LeaderInTime,
            &[CountersignedInTime],
        ),
        one(
            "a claim countersigned after",
            verbal(-9 * MINUTE, Some((MINUTE, -8 * MINUTE))),
            Doubtful,
            &[CountersignedAfter],
        ),
        one(
            "a claim whose leader was told after: the leader's time holds",
            verbal(-9 * MINUTE, Some((3 * MINUTE, MINUTE))),
            OnlyLater,
            &[Later],
        ),
        one(
            "a claim recorded after of something told before",
            verbal(MINUTE, Some((2 * MINUTE, -MINUTE))),
            Doubtful,
            &[CountersignedAfter],
        ),
        one("a claim nobody countersigned", verbal(-9 * MINUTE, None), Unproven, &[NotCountersigned]),
        one("such a claim after the complaint", verbal(9 * MINUTE, None), Unproven, &[NotCountersigned]),
        one("a spot trace before", spot(-MINUTE), SpotTrace, &[Ground::SpotTrace]),
        one("a spot trace after", spot(MINUTE), OnlyLater, &[Later]),
        one("a quarantined record before", quarantined(online(-MINUTE)), Doubtful, &[Quarantined]),
        one(
            "a quarantined record of unknown time",
            quarantined(open_ended(MINUTE)),
            Doubtful,
            &[Quarantined],
        ),
        one("a quarantined record after", quarantined(online(MINUTE)), OnlyLater, &[Later]),
        row(
            "an unproved claim before and a flow after: the best evidence decides",
            vec![case(1, vec![verbal(-9 * MINUTE, None), flow(MINUTE)])],
            OnlyLater,
            &[Later],
        ),
        row(
            "the same in two cases",
            vec![case(1, vec![verbal(-9 * MINUTE, None)]), case(2, vec![flow(MINUTE)])],
            OnlyLater,
            &[Later],
        ),
        row(
            "a delivered notice before and a flow after",
            vec![case(1, vec![notice(-9 * MINUTE, Some(-8 * MINUTE)), flow(MINUTE)])],
            LeaderInTime,
            &[DeliveredInTime],
        ),
        row(
            "a flow goes before a notice",
            vec![case(1, vec![notice(-9 * MINUTE, Some(-8 * MINUTE)), flow(-MINUTE)])],
            FlowInTime,
            &[in_time],
        ),
        row(
            "a notice goes before a doubtful record",
            vec![case(1, vec![quarantined(online(-MINUTE)), notice(-9 * MINUTE, Some(-8 * MINUTE))])],
            LeaderInTime,
            &[DeliveredInTime],
        ),
        row(
            "a doubtful record goes before a spot trace",
            vec![case(1, vec![spot(-9 * MINUTE), notice(-MINUTE, None)])],
            Doubtful,
            &[NotDelivered],
        ),
        row(
            "a spot trace goes before a flow after",
            vec![case(1, vec![spot(-9 * MINUTE)]), case(2, vec![flow(MINUTE)])],
            SpotTrace,
            &[Ground::SpotTrace],
        ),
        row(
            "every doubtful piece is named",
            vec![case(1, vec![notice(-MINUTE, None), verbal(-9 * MINUTE, Some((MINUTE, -MINUTE)))])],
            Doubtful,
            &[NotDelivered, CountersignedAfter],
        ),
        row(
            "a higher level was told in time where the first was not",
            vec![case(
                1,
                vec![
                    notice(-9 * MINUTE, None),
                    Evidence::Notice {
                        level: 2,
                        sent: online(-7 * MINUTE),
                        delivered_at: Some(at(-6 * MINUTE)),
                    },
                ],
            )],
            LeaderInTime,
            &[DeliveredInTime],
        ),
    ]
}
