//! A province of real shape with made-up people: what demos and tests import.
//!
//! Thirteen cities and 95 counties come from a file; the people are computed from their staff numbers, so two runs write
//! the same bytes. The chain of a counter is: counter → county head → city line head → city head → province line head.
//! Nothing here knows the store: it writes the same CSV files that a real directory is imported from.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context as _, bail};
use chayan_domain::directory::{Absence, DirectoryDraft, Line, Person, Post, Role, Unit, UnitLevel};
use chayan_domain::ids::{PersonId, UnitId};
use chayan_domain::time::{Span, Timestamp};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::import_directory;

/// The province and its code.
const PROVINCE: &str = "320000";
/// The staff numbers of the 95518 centre begin with this.
const HOTLINE: &str = "320095";
/// In force since this moment (2018-06-01 in Asia/Shanghai), as the rule itself.
const FOUNDED: Timestamp = Timestamp(1_527_782_400_000);

/// Surnames and given names that are combined by staff number.
#[derive(Debug, Deserialize)]
pub struct Names {
    /// The province branch.
    province: String,
    /// A city branch, `{}` for its place.
    city: String,
    /// The ending that a city's place loses in its branch's name.
    city_ending: String,
    /// A county sub-branch.
    county: String,
    /// An outlet.
    outlet: String,
    surnames: Vec<String>,
    given_names: Vec<String>,
}

impl Names {
    /// The list that comes with the product.
    ///
    /// # Errors
    /// When the list is empty or not JSON.
    pub fn built_in() -> anyhow::Result<Self> {
        Self::read(include_str!("../../../data/demo-names.json"))
    }

    /// Reads a list of the same shape.
    ///
    /// # Errors
    /// When the list is empty or not JSON.
    pub fn read(json: &str) -> anyhow::Result<Self> {
        let names: Self = serde_json::from_str(json).context("names: not the expected JSON")?;
        if names.surnames.is_empty() || names.given_names.is_empty() {
            bail!("names: a list is empty");
        }
        Ok(names)
    }

    fn of(&self, person_id: &str) -> String {
        let digest = Sha256::digest(person_id.as_bytes());
        let given = pick(&self.given_names, digest[2], digest[3]);
        format!("{}{given}", pick(&self.surnames, digest[0], digest[1]))
    }

    /// The surname of somebody who is known by this key.
    pub(crate) fn surname_of(&self, key: &str) -> &str {
        let digest = Sha256::digest(key.as_bytes());
        pick(&self.surnames, digest[0], digest[1])
    }
}

fn pick(from: &[String], high: u8, low: u8) -> &str {
    let index = usize::from(high) << 8 | usize::from(low);
    &from[index % from.len()]
}

#[derive(Debug, Deserialize)]
struct Division {
    city: String,
    city_code: String,
    county: String,
}

/// The whole province as a draft.
///
/// # Errors
/// When the divisions are not CSV with the columns `city,city_code,county`.
pub fn draft(divisions_csv: &str, names: &Names) -> anyhow::Result<DirectoryDraft> {
    let mut reader = csv::Reader::from_reader(divisions_csv.trim_start_matches('\u{feff}').as_bytes());
    let divisions = reader
        .deserialize()
        .collect::<Result<Vec<Division>, _>>()
        .context("divisions: not the expected CSV")?;
    let mut province = Province { names, draft: DirectoryDraft::default(), counties: HashMap::new() };
    province.found();
    for division in &divisions {
        province.add_county(division)?;
    }
    Ok(province.draft)
}

/// Writes `units.csv`, `people.csv` and `absences.csv` into `folder`.
///
/// # Errors
/// When the divisions do not do or the folder cannot be written.
pub fn write(divisions_csv: &str, names: &Names, folder: &Path) -> anyhow::Result<DirectoryDraft> {
    let draft = draft(divisions_csv, names)?;
    std::fs::create_dir_all(folder).with_context(|| format!("{}: cannot be made", folder.display()))?;
    import_directory::write_csv(&draft, folder)?;
    Ok(draft)
}

struct Province<'a> {
    names: &'a Names,
    draft: DirectoryDraft,
    /// Counties so far by city code; a city is founded with its first county.
    counties: HashMap<String, u32>,
}

/// One post of a fixed plan: number within the unit, line, post, leader's number within the unit, roles.
type Seat = (u32, Line, Post, u32, &'static [Role]);

const CITY_HEAD: u32 = 1;
const CITY_SECOND: u32 = 2;
const CUSTOMER_SERVICE_HEAD: u32 = 16;

/// Line heads of a province or a city, in the order of their numbers from 11.
const LINE_HEADS: [(u32, Line); 6] = [
    (11, Line::Underwriting),
    (12, Line::Claims),
    (13, Line::Sales),
    (14, Line::PolicyIssuing),
    (15, Line::TeleSales),
    (CUSTOMER_SERVICE_HEAD, Line::CustomerService),
];

const CITY_SEATS: [Seat; 9] = [
    (21, Line::Underwriting, Post::Underwriting, 11, &[Role::Hdl]),
    (22, Line::Claims, Post::ClaimReview, 12, &[Role::Hdl]),
    (23, Line::Sales, Post::Sales, 13, &[Role::Hdl]),
    (24, Line::PolicyIssuing, Post::PolicyIssuing, 14, &[Role::Hdl]),
    (25, Line::TeleSales, Post::TeleSales, 15, &[Role::Hdl]),
    (26, Line::CustomerService, Post::GeneralCounter, 16, &[Role::Csd]),
    (27, Line::Claims, Post::InjuryClaims, 12, &[]),
    (28, Line::Claims, Post::ClaimsCounter, 12, &[]),
    (29, Line::TeleSales, Post::TeleSales, 15, &[]),
];

const COUNTY_HEAD: u32 = 1;
const COUNTY_CLAIMS_HEAD: u32 = 2;

const COUNTY_SEATS: [Seat; 7] = [
    (3, Line::Claims, Post::ClaimsCounter, COUNTY_CLAIMS_HEAD, &[]),
    (4, Line::Claims, Post::Survey, COUNTY_CLAIMS_HEAD, &[]),
    (5, Line::Claims, Post::LossAssessment, COUNTY_CLAIMS_HEAD, &[]),
    (6, Line::Sales, Post::Sales, COUNTY_HEAD, &[]),
    (7, Line::Sales, Post::Sales, COUNTY_HEAD, &[]),
    (8, Line::PolicyIssuing, Post::PolicyIssuing, COUNTY_HEAD, &[]),
    (9, Line::Underwriting, Post::Underwriting, COUNTY_HEAD, &[]),
];

impl Province<'_> {
    fn found(&mut self) {
        let province = &self.names.province;
        self.unit(PROVINCE, None, UnitLevel::Province, province);
        self.person(PROVINCE, 1, Line::CustomerService, Post::Management, None, &[], &[Role::Exe]);
        for (number, line) in LINE_HEADS {
            let roles: &[Role] =
                if line == Line::CustomerService { &[Role::Dpt, Role::Csd] } else { &[Role::Dpt] };
            let deputy = if number == 11 { 12 } else { 11 };
            self.person(PROVINCE, number, line, Post::Management, None, &[staff(PROVINCE, deputy)], roles);
        }
        let service_head = staff(PROVINCE, CUSTOMER_SERVICE_HEAD);
        for number in [61, 62] {
            let leader = Some(service_head.clone());
            self.person(
                PROVINCE,
                number,
                Line::CustomerService,
                Post::GeneralCounter,
                leader,
                &[],
                &[Role::Csd],
            );
        }
        for (number, post, role) in [(91, Post::Administration, Role::Adm), (92, Post::Management, Role::Aud)]
        {
            let leader = Some(service_head.clone());
            self.person(PROVINCE, number, Line::CustomerService, post, leader, &[], &[role]);
        }
        self.found_hotline(&service_head);
    }

    /// 95518: the complaint group of eight with its head, and agents on the telephone.
    fn found_hotline(&mut self, service_head: &str) {
        let head = staff(HOTLINE, 1);
        for number in 1..=12 {
            let person_id = staff(HOTLINE, number);
            let roles: &[Role] = match number {
                1 => &[Role::Dpt],
                2..=9 => &[Role::Cmp],
                _ => &[Role::Agt],
            };
            let post = if number == 1 { Post::Management } else { Post::HotlineAgent };
            let leader = if number == 1 { service_head.to_owned() } else { head.clone() };
            let deputies = if number == 1 { vec![PersonId(staff(HOTLINE, 2))] } else { Vec::new() };
            self.draft.people.push(Person {
                name: self.names.of(&person_id),
                phone: telephone(&person_id),
                person_id: PersonId(person_id),
                unit_id: UnitId::from(PROVINCE),
                line: Line::CustomerService,
                post,
                direct_leader: Some(PersonId(leader)),
                deputies,
                roles: roles.to_vec(),
            });
        }
    }

    fn add_county(&mut self, division: &Division) -> anyhow::Result<()> {
        let Some(prefix) = division.city_code.get(..4) else {
            bail!("divisions: {} is not a city code of six digits", division.city_code)
        };
        let city = format!("{prefix}00");
        if !self.counties.contains_key(&city) {
            self.found_city(&city, &division.city);
        }
        let count = self.counties.entry(city.clone()).or_default();
        *count += 1;
        let county = format!("{prefix}{count:02}");
        self.found_county(&county, &city, &division.county);
        Ok(())
    }

    fn found_city(&mut self, city: &str, name: &str) {
        self.counties.insert(city.to_owned(), 0);
        let place = name.trim_end_matches(&self.names.city_ending);
        let branch = self.names.city.replace("{}", place);
        self.unit(city, Some(PROVINCE), UnitLevel::City, &branch);
        let top = Some(staff(PROVINCE, CUSTOMER_SERVICE_HEAD));
        let second = [staff(city, CITY_SECOND)];
        self.person(city, CITY_HEAD, Line::CustomerService, Post::Management, top, &second, &[Role::Exe]);
        let head = Some(staff(city, CITY_HEAD));
        self.person(
            city,
            CITY_SECOND,
            Line::CustomerService,
            Post::Management,
            head.clone(),
            &[],
            &[Role::Exe],
        );
        for (number, line) in LINE_HEADS {
            let roles: &[Role] =
                if line == Line::CustomerService { &[Role::Dpt, Role::Csd] } else { &[Role::Dpt] };
            let deputies = [staff(city, number + 10)];
            self.person(city, number, line, Post::Management, head.clone(), &deputies, roles);
        }
        for seat in CITY_SEATS {
            self.seat(city, seat);
        }
    }

    fn found_county(&mut self, county: &str, city: &str, name: &str) {
        let short = county_name(name);
        self.unit(county, Some(city), UnitLevel::County, &self.names.county.replace("{}", short));
        let (first, second) = (staff(county, COUNTY_HEAD), staff(county, COUNTY_CLAIMS_HEAD));
        let (sales_head, claims_head) = (Some(staff(city, 13)), Some(staff(city, 12)));
        self.person(county, COUNTY_HEAD, Line::Sales, Post::Management, sales_head, &[second], &[]);
        self.person(county, COUNTY_CLAIMS_HEAD, Line::Claims, Post::Management, claims_head, &[first], &[]);
        for seat in COUNTY_SEATS {
            self.seat(county, seat);
        }
        let outlet = format!("{county}A");
        self.unit(&outlet, Some(county), UnitLevel::Outlet, &self.names.outlet.replace("{}", short));
        let person_id = staff(county, 10);
        self.draft.people.push(Person {
            name: self.names.of(&person_id),
            phone: telephone(&person_id),
            person_id: PersonId(person_id),
            unit_id: UnitId(outlet),
            line: Line::Sales,
            post: Post::GeneralCounter,
            direct_leader: Some(PersonId(staff(county, COUNTY_HEAD))),
            deputies: Vec::new(),
            roles: Vec::new(),
        });
        if county.ends_with("05") {
            // One head in some cities was away for a week, so that the files show what an absence looks like.
            let from = Timestamp(1_790_812_800_000);
            let to = from.plus(Span::minutes(7 * 24 * 60));
            let person_id = PersonId(staff(county, COUNTY_HEAD));
            self.draft.absences.push(Absence { person_id, from, to, deputy: None });
        }
    }

    fn seat(&mut self, unit: &str, (number, line, post, leader, roles): Seat) {
        self.person(unit, number, line, post, Some(staff(unit, leader)), &[], roles);
    }

    fn unit(&mut self, unit_id: &str, parent: Option<&str>, level: UnitLevel, name: &str) {
        self.draft.units.push(Unit {
            unit_id: UnitId::from(unit_id),
            parent: parent.map(UnitId::from),
            level,
            name: name.to_owned(),
            active_from: FOUNDED,
            active_to: None,
            successor: None,
        });
    }

    #[expect(clippy::too_many_arguments, reason = "one line of the plan reads as one call")]
    fn person(
        &mut self,
        unit: &str,
        number: u32,
        line: Line,
        post: Post,
        leader: Option<String>,
        deputies: &[String],
        roles: &[Role],
    ) {
        let person_id = staff(unit, number);
        self.draft.people.push(Person {
            name: self.names.of(&person_id),
            phone: telephone(&person_id),
            person_id: PersonId(person_id),
            unit_id: UnitId::from(unit),
            line,
            post,
            direct_leader: leader.map(PersonId),
            deputies: deputies.iter().cloned().map(PersonId).collect(),
            roles: roles.to_vec(),
        });
    }
}

/// A number that no network gives to anybody.
fn telephone(person_id: &str) -> Option<String> {
    Some(format!("100{person_id}"))
}

fn staff(unit: &str, number: u32) -> String {
    format!("{unit}{number:02}")
}

/// 昆山市 → 昆山, 玄武区 → 玄武; 丰县 stays, because one character would be left.
fn county_name(name: &str) -> &str {
    let short = name.trim_end_matches(['市', '区', '县']);
    if short.chars().count() >= 2 { short } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIVISIONS: &str = include_str!("../../../data/jiangsu-divisions.csv");

    #[test]
    fn the_province_has_its_real_shape_and_is_the_same_every_time() {
        let first = draft(DIVISIONS, &Names::built_in().unwrap()).unwrap();
        let count = |level| first.units.iter().filter(|unit| unit.level == level).count();
        assert_eq!(
            (count(UnitLevel::Province), count(UnitLevel::City), count(UnitLevel::County)),
            (1, 13, 95)
        );
        let second = draft(DIVISIONS, &Names::built_in().unwrap()).unwrap();
        assert_eq!(first, second, "names come from the staff number alone");
    }

    #[test]
    fn the_counter_of_kunshan_reports_to_county_city_line_city_and_province() {
        let draft = draft(DIVISIONS, &Names::built_in().unwrap()).unwrap();
        let leader_of = |id: &str| {
            let person = draft.people.iter().find(|person| person.person_id.as_str() == id).unwrap();
            person.direct_leader.as_ref().map(|leader| leader.as_str().to_owned())
        };
        let mut chain = vec!["32050803".to_owned()];
        while let Some(next) = leader_of(chain.last().unwrap()) {
            chain.push(next);
        }
        assert_eq!(chain, ["32050803", "32050802", "32050012", "32050001", "32000016"]);
        let kunshan = draft.units.iter().find(|unit| unit.unit_id.as_str() == "320508").unwrap();
        assert_eq!(kunshan.name, "昆山支公司");
    }

    #[test]
    fn every_demo_account_is_a_person_of_the_province() {
        let draft = draft(DIVISIONS, &Names::built_in().unwrap()).unwrap();
        let accounts: serde_json::Value =
            serde_json::from_str(include_str!("../../../data/demo-accounts.json")).unwrap();
        for account in accounts["accounts"].as_array().unwrap() {
            let id = account["person_id"].as_str().unwrap();
            assert!(draft.people.iter().any(|person| person.person_id.as_str() == id), "{id} is nobody");
        }
    }
}
