//! Step 3: equal times, precision, intervals.

use super::*;

pub(super) fn rows() -> Vec<Row> {
    let in_time = Ground::FlowInTime;
    let flow_at = |time| Evidence::Flow { time };
    let day = |after| known_by(Precision::Day, after);
    // 2026-03-02 00:00 and the last millisecond of that day, seen from ten o'clock.
    let (midnight, day_end) = (-10 * HOUR, 14 * HOUR - 1);
    vec![
        one("the same moment is not late", flow(0), FlowInTime, &[in_time]),
        one("within the complaint's minute", flow(MINUTE - 1), FlowInTime, &[in_time]),
        one("the next minute", flow(MINUTE), OnlyLater, &[Later]),
        one(
            "a complaint known by the second is compared by the minute",
            flow(59 * SECOND),
            FlowInTime,
            &[in_time],
        )
        .against(known_by(Precision::Second, 0)),
        one("also where its minute has begun before", flow(0), FlowInTime, &[in_time])
            .against(known_by(Precision::Second, 30 * SECOND)),
        one("and late from the next minute on", flow(MINUTE), OnlyLater, &[Later])
            .against(known_by(Precision::Second, 59 * SECOND)),
        one(
            "a notice delivered within the minute",
            notice(-MINUTE, Some(59 * SECOND)),
            LeaderInTime,
            &[DeliveredInTime],
        ),
        one(
            "a countersign within the minute",
            verbal(-9 * MINUTE, Some((59 * SECOND, -MINUTE))),
            LeaderInTime,
            &[CountersignedInTime],
        ),
        one("a spot trace within the minute", spot(59 * SECOND), SpotTrace, &[Ground::SpotTrace]),
        one(
            "an interval that ends in the minute",
            flow_at(proven(-HOUR, 30 * SECOND)),
            FlowInTime,
            &[in_time],
        ),
        one("an interval that straddles", flow_at(proven(-HOUR, MINUTE)), Doubtful, &[TimeUncertain]),
        one("one that begins in the minute", flow_at(proven(59 * SECOND, HOUR)), Doubtful, &[TimeUncertain]),
        one("one that begins after", flow_at(proven(MINUTE, HOUR)), OnlyLater, &[Later]),
        one("one without a beginning, received before", flow_at(open_ended(-MINUTE)), FlowInTime, &[in_time]),
        one("one without a beginning, received after", flow_at(open_ended(HOUR)), Doubtful, &[TimeUncertain]),
        one(
            "a spot trace whose time straddles",
            Evidence::Spot { time: proven(-HOUR, HOUR) },
            Doubtful,
            &[TimeUncertain],
        ),
        one(
            "a notice whose sending straddles and that came after",
            Evidence::Notice { level: 1, sent: proven(-HOUR, HOUR), delivered_at: Some(at(HOUR)) },
            Doubtful,
            &[TimeUncertain],
        ),
        one(
            "a notice sealed before, received and delivered after",
            Evidence::Notice { level: 1, sent: proven(-HOUR, -MINUTE), delivered_at: Some(at(HOUR)) },
            Doubtful,
            &[NotDelivered],
        ),
        one("the day before is in time", flow(midnight - 1), FlowInTime, &[in_time]).against(day(0)),
        one("the first moment of the day is doubtful", flow(midnight), Doubtful, &[TimeUncertain])
            .against(day(0)),
        one("the last one too", flow(day_end), Doubtful, &[TimeUncertain]).against(day(0)),
        one("the day after is late", flow(day_end + 1), OnlyLater, &[Later]).against(day(0)),
        one("whatever moment of the day is written down", flow(midnight - 1), FlowInTime, &[in_time])
            .against(day(day_end)),
        one("a notice delivered on the day", notice(midnight - 1, Some(0)), Doubtful, &[TimeUncertain])
            .against(day(0)),
        one("a notice sent on the day", notice(0, None), Doubtful, &[TimeUncertain]).against(day(0)),
        one("a countersign on the day", verbal(-DAY, Some((0, -DAY))), Doubtful, &[TimeUncertain])
            .against(day(0)),
        one("a spot trace on the day", spot(0), Doubtful, &[TimeUncertain]).against(day(0)),
    ]
}

#[test]
fn a_precision_is_a_span_of_moments_in_shanghai() {
    let moment = at(12 * MINUTE + 34 * SECOND + 567);
    let span = |precision: Precision| (precision.floor(moment).0 - TEN, precision.ceiling(moment).0 - TEN);
    assert_eq!(span(Precision::Second), (12 * MINUTE + 34 * SECOND, 12 * MINUTE + 35 * SECOND - 1));
    assert_eq!(span(Precision::Minute), (12 * MINUTE, 13 * MINUTE - 1));
    assert_eq!(span(Precision::Day), (-10 * HOUR, 14 * HOUR - 1));
}
