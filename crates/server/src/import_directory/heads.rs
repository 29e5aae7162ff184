//! What the lists of an import are called, what stands in their heads, and the words of their cells: the wire's own and
//! those that people write.

use chayan_api::directory::DirectoryList;
use chayan_domain::directory::{Line, Post, Role, UnitLevel};
use serde::de::DeserializeOwned;

/// A column: its name, what people call it, and whether a list is none without it.
pub(super) struct Column {
    pub(super) name: &'static str,
    called: &'static [&'static str],
    pub(super) needed: bool,
}

const fn needed(name: &'static str, called: &'static [&'static str]) -> Column {
    Column { name, called, needed: true }
}

const fn optional(name: &'static str, called: &'static [&'static str]) -> Column {
    Column { name, called, needed: false }
}

const UNITS: &[Column] = &[
    needed("unit_id", &["机构代码", "机构编码", "机构编号", "机构号"]),
    optional("parent", &["上级机构", "上级机构代码", "上级代码", "上级"]),
    needed("level", &["层级", "机构层级", "级别", "机构级别"]),
    needed("name", &["机构名称", "名称", "机构"]),
    optional("active_from", &["启用日期", "启用时间", "启用", "成立日期"]),
    optional("active_to", &["停用日期", "停用时间", "停用", "撤销日期"]),
    optional("successor", &["承接机构", "承接机构代码"]),
];
const PEOPLE: &[Column] = &[
    needed("person_id", &["工号", "员工号", "员工编号", "人员编号", "人员工号"]),
    needed("name", &["姓名", "员工姓名", "人员姓名"]),
    needed(
        "unit_id",
        &["机构代码", "机构编码", "所在机构", "所属机构", "所在机构代码", "所属机构代码", "机构"],
    ),
    needed("line", &["条线", "业务条线", "部门条线"]),
    needed("post", &["岗位", "岗位名称"]),
    optional("direct_leader", &["直接领导", "直接领导工号", "上级领导", "直属领导", "领导工号"]),
    optional("deputies", &["代理人", "代理人工号", "代理"]),
    optional("roles", &["角色", "系统角色"]),
];
const ABSENCES: &[Column] = &[
    needed("person_id", &["工号", "员工号", "员工编号", "人员编号", "人员工号", "离岗人", "离岗人工号"]),
    needed("from", &["开始", "开始时间", "开始日期", "离岗开始", "起"]),
    needed("to", &["结束", "结束时间", "结束日期", "离岗结束", "止"]),
    optional("deputy", &["代理人", "代理人工号", "值班人", "值班人工号"]),
];
const LINE_LEADERS: &[Column] = &[
    needed("unit_id", &["机构代码", "机构编码", "机构编号", "所在机构", "机构"]),
    needed("line", &["条线", "业务条线", "分管条线"]),
    needed("person_id", &["工号", "分管领导", "分管领导工号", "员工号"]),
];

/// Every list, the one with the most columns first.
pub(super) const LISTS: [DirectoryList; 4] =
    [DirectoryList::People, DirectoryList::Units, DirectoryList::Absences, DirectoryList::LineLeaders];

/// The columns of a list.
pub(super) const fn columns(list: DirectoryList) -> &'static [Column] {
    match list {
        DirectoryList::Units => UNITS,
        DirectoryList::People => PEOPLE,
        DirectoryList::Absences => ABSENCES,
        DirectoryList::LineLeaders => LINE_LEADERS,
    }
}

impl Column {
    /// What it is called when it is asked for.
    pub(super) fn shown(&self) -> &'static str {
        self.called.first().copied().unwrap_or(self.name)
    }
}

/// The list that a sheet or a file is called after.
pub(super) fn list_called(name: &str) -> Option<DirectoryList> {
    let stem = plain(name.rsplit_once('.').map_or(name, |(stem, _)| stem));
    let lists: [(DirectoryList, &[&str]); 4] = [
        (DirectoryList::Units, &["units", "机构", "机构清单"]),
        (DirectoryList::People, &["people", "人员", "员工", "人员清单"]),
        (DirectoryList::Absences, &["absences", "离岗", "值班", "离岗与值班", "值班表", "请假"]),
        (DirectoryList::LineLeaders, &["line_leaders", "分管领导"]),
    ];
    lists.into_iter().find(|(_, names)| names.contains(&stem.as_str())).map(|(list, _)| list)
}

/// For each column of a list the places in the head at which it stands.
pub(super) fn find(list: DirectoryList, head: &[String]) -> Vec<(&'static Column, Vec<usize>)> {
    let head: Vec<String> = head.iter().map(|cell| plain(cell)).collect();
    let places = |column: &Column| {
        let is_it = |cell: &String| cell == column.name || column.called.contains(&cell.as_str());
        head.iter().enumerate().filter(|(_, cell)| is_it(cell)).map(|(at, _)| at).collect()
    };
    columns(list).iter().map(|column| (column, places(column))).collect()
}

/// Without what people put around a head: blanks, stars, `（必填）`.
fn plain(cell: &str) -> String {
    let before = cell.split(['(', '（']).next().unwrap_or(cell);
    let kept =
        before.chars().filter(|sign| !sign.is_whitespace() && !matches!(sign, '*' | '＊' | '\u{feff}'));
    kept.collect::<String>().to_lowercase()
}

/// A list of words that a cell is read by.
pub(super) trait Worded: DeserializeOwned + Copy + 'static {
    /// The words that people write.
    const WRITTEN: &'static [(&'static str, Self)];
}

/// The value of a cell: the wire's word, or one that people write.
pub(super) fn value<T: Worded>(cell: &str) -> Option<T> {
    let written: String = cell.chars().filter(|sign| !matches!(sign, ' ' | '·' | '\u{3000}')).collect();
    let found =
        T::WRITTEN.iter().find(|(word, _)| *word == written || written.strip_suffix('岗') == Some(word));
    let on_the_wire = || serde_json::from_value(serde_json::Value::String(cell.to_owned())).ok();
    found.map(|(_, value)| *value).or_else(on_the_wire)
}

impl Worded for UnitLevel {
    const WRITTEN: &'static [(&'static str, Self)] = &[
        ("总公司", Self::Headquarters),
        ("省分公司", Self::Province),
        ("省公司", Self::Province),
        ("省级", Self::Province),
        ("省", Self::Province),
        ("市分公司", Self::City),
        ("市公司", Self::City),
        ("地市公司", Self::City),
        ("市级", Self::City),
        ("市", Self::City),
        ("县支公司", Self::County),
        ("县(区)支公司", Self::County),
        ("县（区）支公司", Self::County),
        ("区县支公司", Self::County),
        ("支公司", Self::County),
        ("县级", Self::County),
        ("县", Self::County),
        ("营业部", Self::Outlet),
        ("营销服务部", Self::Outlet),
        ("出单点", Self::Outlet),
        ("网点", Self::Outlet),
    ];
}

impl Worded for Line {
    const WRITTEN: &'static [(&'static str, Self)] = &[
        ("承保", Self::Underwriting),
        ("理赔", Self::Claims),
        ("销售", Self::Sales),
        ("出单", Self::PolicyIssuing),
        ("电网销", Self::TeleSales),
        ("电销", Self::TeleSales),
        ("网销", Self::TeleSales),
        ("客服", Self::CustomerService),
        ("客户服务", Self::CustomerService),
        ("客服/95518", Self::CustomerService),
        ("客服95518", Self::CustomerService),
        ("95518", Self::CustomerService),
    ];
}

impl Worded for Post {
    const WRITTEN: &'static [(&'static str, Self)] = &[
        ("承保", Self::Underwriting),
        ("出单", Self::PolicyIssuing),
        ("理赔查勘", Self::Survey),
        ("查勘", Self::Survey),
        ("理赔定损", Self::LossAssessment),
        ("定损", Self::LossAssessment),
        ("理赔核赔", Self::ClaimReview),
        ("核赔", Self::ClaimReview),
        ("理赔人伤", Self::InjuryClaims),
        ("人伤", Self::InjuryClaims),
        ("理赔柜面", Self::ClaimsCounter),
        ("销售", Self::Sales),
        ("电网销", Self::TeleSales),
        ("电销", Self::TeleSales),
        ("95518坐席", Self::HotlineAgent),
        ("坐席", Self::HotlineAgent),
        ("综合柜面", Self::GeneralCounter),
        ("柜面", Self::GeneralCounter),
        ("管理", Self::Management),
        ("系统管理", Self::Administration),
        ("系统管理员", Self::Administration),
    ];
}

impl Worded for Role {
    const WRITTEN: &'static [(&'static str, Self)] = &[
        ("报告人", Self::Rep),
        ("直接领导", Self::Ldr),
        ("95518客服代表", Self::Agt),
        ("客服代表", Self::Agt),
        ("95518投诉组", Self::Cmp),
        ("投诉组", Self::Cmp),
        ("部门承办人", Self::Hdl),
        ("承办人", Self::Hdl),
        ("部门负责人", Self::Dpt),
        ("客户服务部门", Self::Csd),
        ("客户服务部", Self::Csd),
        ("客服部", Self::Csd),
        ("分管领导", Self::Exe),
        ("班子成员", Self::Exe),
        ("系统管理员", Self::Adm),
        ("审计", Self::Aud),
    ];
}
