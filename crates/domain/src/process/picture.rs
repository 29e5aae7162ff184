//! The states as a picture. Places are chosen by hand (data); lines and their words come from the table.

use std::fmt::Write as _;

use crate::case::CaseState;

use super::document::{leading, next_of};
use super::words::{place, wire, word};

const COLUMN: f64 = 200.0;
const ROW: f64 = 92.0;
const LEFT: f64 = 190.0;
const TOP: f64 = 50.0;
const HALF_WIDTH: f64 = 82.0;
const HALF_HEIGHT: f64 = 21.0;
/// 转投诉 is reached from many states: it stands tall beside them, so that each line runs straight.
const TALL: f64 = 300.0;
/// Two lines between the same boxes keep this much from the middle.
const APART: f64 = 9.0;
/// Where on its line the words of a line stand, and how far they are apart when there are many.
const NEAR: f64 = 0.38;
const LINE: f64 = 12.0;
const WIDTH: f64 = 1_560.0;
const HEIGHT: f64 = 1_080.0;

const STYLE: &str = "<style>\
text{font-family:'Noto Sans CJK SC','Microsoft YaHei',sans-serif;font-size:13px;text-anchor:middle;fill:#1f2937}\
.code{font-size:9px;fill:#6b7280}\
.by{font-size:10px;fill:#374151;paint-order:stroke;stroke:#fff;stroke-width:4px}\
rect{fill:#f8fafc;stroke:#475569;stroke-width:1.2}\
.end rect{fill:#eef2f7;stroke-dasharray:4 3}\
.supervised rect{fill:#fff7ed;stroke:#c2410c}\
line{stroke:#64748b;stroke-width:1.1;marker-end:url(#tip)}\
</style>";

const TIP: &str = "<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" \
orient=\"auto\"><path d=\"M0 0 8 4 0 8z\" fill=\"#64748b\"/></marker></defs>";

/// A box of the picture.
#[derive(Debug, Clone, Copy)]
struct Place {
    x: f64,
    y: f64,
    half_height: f64,
}

/// SVG of the states and what leads from one to another. 作废 is reached from nearly everywhere: its box says from how
/// many states instead of drawing their lines.
pub(super) fn picture() -> String {
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\">\n{STYLE}\n{TIP}\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" style=\"fill:#fff;stroke:none\"/>\n"
    );
    let mut words = String::new();
    for from in CaseState::ALL {
        for (to, by) in next_of(*from).into_iter().filter(|(to, _)| *to != CaseState::Void) {
            edge(&mut svg, &mut words, *from, to, &by);
        }
    }
    for state in CaseState::ALL {
        state_box(&mut svg, *state);
    }
    svg.push_str(&words);
    svg.push_str("</svg>\n");
    svg
}

fn state_box(svg: &mut String, state: CaseState) {
    let Some(at) = placed(state) else { return };
    let class = match state {
        _ if next_of(state).is_empty() => "end",
        state if is_supervised(state) => "supervised",
        _ => "state",
    };
    let (x, y) = (at.x - HALF_WIDTH, at.y - at.half_height);
    let (width, height) = (HALF_WIDTH * 2.0, at.half_height * 2.0);
    let mut code = wire(&state);
    if state == CaseState::Void {
        let from = CaseState::ALL.iter().filter(|from| !leading(**from, state).is_empty()).count();
        code = format!("{code} ({from} states)");
    }
    let _ = writeln!(
        svg,
        "<g class=\"{class}\"><rect x=\"{x:.0}\" y=\"{y:.0}\" width=\"{width:.0}\" height=\"{height:.0}\" rx=\"7\"/>\
         <text x=\"{:.0}\" y=\"{:.0}\">{}</text><text class=\"code\" x=\"{:.0}\" y=\"{:.0}\">{code}</text></g>",
        at.x,
        at.y - 1.0,
        word(&state),
        at.x,
        at.y + 13.0,
    );
}

fn edge(svg: &mut String, words: &mut String, from: CaseState, to: CaseState, by: &[String]) {
    let (Some(start), Some(end)) = (placed(from), placed(to)) else { return };
    let both_ways = !leading(to, from).is_empty();
    let ((x1, y1), (x2, y2)) = line_between(start, end, both_ways);
    let _ = writeln!(svg, "<line x1=\"{x1:.0}\" y1=\"{y1:.0}\" x2=\"{x2:.0}\" y2=\"{y2:.0}\"/>");
    // Nearer to where it comes from, so that the words of lines that meet in one box do not.
    let (x, y) = (x1 + (x2 - x1) * NEAR, y1 + (y2 - y1) * NEAR);
    let lines: Vec<String> = by.chunks(2).map(|pair| pair.join(" / ")).collect();
    let mut at = y + 3.0;
    for (place, line) in lines.iter().enumerate() {
        at += if place == 0 { 0.0 } else { LINE };
        let _ = writeln!(words, "<text class=\"by\" x=\"{x:.0}\" y=\"{at:.0}\">{line}</text>");
    }
}

/// From border to border: straight across or down where the boxes face each other, from middle to middle otherwise.
fn line_between(start: Place, end: Place, both_ways: bool) -> ((f64, f64), (f64, f64)) {
    let apart = if both_ways { APART } else { 0.0 };
    let top = (start.y - start.half_height).max(end.y - end.half_height);
    let bottom = (start.y + start.half_height).min(end.y + end.half_height);
    if top < bottom {
        let right = end.x > start.x;
        let side = if right { HALF_WIDTH } else { -HALF_WIDTH };
        let y = f64::midpoint(top, bottom) + if right { apart } else { -apart };
        return ((start.x + side, y), (end.x - side, y));
    }
    if (start.x - end.x).abs() < HALF_WIDTH * 2.0 - 20.0 {
        let down = end.y > start.y;
        let x = f64::midpoint(start.x, end.x) + if down { apart } else { -apart } * 2.0;
        let (y1, y2) = if down {
            (start.y + start.half_height, end.y - end.half_height)
        } else {
            (start.y - start.half_height, end.y + end.half_height)
        };
        return ((x, y1), (x, y2));
    }
    let (dx, dy) = (end.x - start.x, end.y - start.y);
    let length = dx.hypot(dy).max(1.0);
    let aside = (-dy / length * apart, dx / length * apart);
    (border(start, aside, (dx, dy)), border(end, aside, (-dx, -dy)))
}

/// Where a line that begins `aside` the middle of a box leaves it.
fn border(at: Place, aside: (f64, f64), towards: (f64, f64)) -> (f64, f64) {
    let share = |half: f64, aside: f64, towards: f64| {
        if towards == 0.0 { f64::INFINITY } else { (half * towards.signum() - aside) / towards }
    };
    let leaves = share(HALF_WIDTH, aside.0, towards.0).min(share(at.half_height, aside.1, towards.1));
    (at.x + aside.0 + towards.0 * leaves, at.y + aside.1 + towards.1 * leaves)
}

fn placed(state: CaseState) -> Option<Place> {
    let (column, row) = place(&state)?;
    let half_height = if state == CaseState::ToComplaint { TALL } else { HALF_HEIGHT };
    Some(Place { x: LEFT + column * COLUMN, y: TOP + row * ROW, half_height })
}

/// 督办 lies over these states.
const fn is_supervised(state: CaseState) -> bool {
    matches!(
        state,
        CaseState::ToDispatch
            | CaseState::Dispatched
            | CaseState::Returned
            | CaseState::Ruling
            | CaseState::Handling
            | CaseState::Replied
            | CaseState::Recalling
            | CaseState::Rework
    )
}
