//! The form's lists. The order is the order on the screen; article 7's four triggers keep the rule's own.

use serde::{Deserialize, Serialize};

macro_rules! word_list {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every value in the order in which a list shows them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
        }
    )+};
}

word_list! {
    /// 触发情形 (article 7): exactly four, in the rule's order.
    Trigger {
        /// ①明确表示不满并要求投诉
        ComplaintDemanded,
        /// ②抱怨 / 批评 / 催办
        Grumbling,
        /// ③诉求未满足或意见明显分歧
        DemandUnmet,
        /// ④其他感知到(可能)不满
        OtherSign,
    }

    /// 业务环节.
    Step {
        /// 咨询
        Enquiry,
        /// 投保/报价
        Quotation,
        /// 核保
        Underwriting,
        /// 出单/缴费
        PolicyIssuing,
        /// 保单送达/发票
        PolicyDelivery,
        /// 批改/退保
        Endorsement,
        /// 续保
        Renewal,
        /// 报案
        LossReport,
        /// 查勘
        Survey,
        /// 定损
        LossAssessment,
        /// 核赔/赔款支付
        ClaimPayment,
        /// 维修/救援
        RepairRescue,
        /// 增值服务
        AddedService,
        /// 回访
        Callback,
        /// 其他
        Other,
    }

    /// 不满事由·一级 (系统默认).
    Cause {
        /// 服务态度
        Attitude,
        /// 服务时效
        Timeliness,
        /// 理赔结果
        ClaimResult,
        /// 承保出单
        PolicyIssue,
        /// 销售
        Selling,
        /// 批改退保
        EndorsementRefund,
        /// 收付费
        Payment,
        /// 系统与渠道故障
        SystemFailure,
        /// 第三方
        ThirdParty,
        /// 其他
        Other,
    }

    /// 不满事由·二级 (系统默认); each belongs to one [`Cause`], see [`CauseDetail::cause`].
    CauseDetail {
        /// 冷淡
        AttitudeCold,
        /// 推诿
        AttitudeShirking,
        /// 言语冲突
        AttitudeQuarrel,
        /// 不专业
        AttitudeUnprofessional,
        /// 等待久
        TimelinessWaiting,
        /// 查勘慢
        TimelinessSurvey,
        /// 定损慢
        TimelinessAssessment,
        /// 赔付慢
        TimelinessPayment,
        /// 电话难通
        TimelinessPhone,
        /// 责任认定
        ClaimLiability,
        /// 定损金额
        ClaimAmount,
        /// 配件工时
        ClaimParts,
        /// 拒赔
        ClaimRefusal,
        /// 资料要求
        ClaimDocuments,
        /// 报价差异
        IssueQuoteDifference,
        /// 核保拒保
        IssueDeclined,
        /// 信息错误
        IssueWrongData,
        /// 发票
        IssueInvoice,
        /// 电子保单
        IssueElectronicPolicy,
        /// 误导
        SellingMisleading,
        /// 承诺未兑现
        SellingPromise,
        /// 捆绑
        SellingBundling,
        /// 骚扰电话
        SellingNuisanceCalls,
        /// 信息泄露
        SellingDataLeak,
        /// 手续
        EndorsementProcedure,
        /// 金额
        EndorsementAmount,
        /// 时效
        EndorsementTimeliness,
        /// 修理厂
        ThirdPartyGarage,
        /// 代理
        ThirdPartyAgent,
        /// 救援
        ThirdPartyRescue,
    }

    /// 险种.
    Product {
        /// 交强险
        CompulsoryMotor,
        /// 商业车险
        CommercialMotor,
        /// 企财
        CommercialProperty,
        /// 家财
        HomeProperty,
        /// 责任
        Liability,
        /// 意外健康
        AccidentHealth,
        /// 农险
        Agricultural,
        /// 货运
        Cargo,
        /// 信用保证
        CreditSurety,
        /// 其他
        Other,
    }

    /// 客户类型.
    CustomerKind {
        /// 投保人
        Policyholder,
        /// 被保险人
        Insured,
        /// 受益人/索赔权人
        Beneficiary,
        /// 第三者/伤者
        ThirdParty,
        /// 代理/中介
        Intermediary,
        /// 企业客户
        Corporate,
        /// 其他
        Other,
    }

    /// 情绪等级 (系统默认), 1 to 4.
    Mood {
        /// 1 不快
        Displeased,
        /// 2 抱怨
        Complaining,
        /// 3 激动
        Agitated,
        /// 4 冲突/滞留
        Confrontation,
    }

    /// 风险标签.
    RiskTag {
        /// 要求投诉
        ComplaintDemanded,
        /// 提及监管12378/12345
        Regulator,
        /// 提及媒体/网络曝光
        Media,
        /// 提及诉讼/律师
        Lawsuit,
        /// 群体(≥5人)
        Group,
        /// 人身安全
        PersonalSafety,
        /// 重复不满(30天内≥2次)
        Repeated,
        /// VIP/大客户
        KeyAccount,
        /// 老年/特殊群体
        Vulnerable,
    }

    /// 已采取措施.
    Measure {
        /// 解释说明
        Explained,
        /// 致歉
        Apologised,
        /// 现场协调
        Coordinated,
        /// 联系承办部门
        ContactedDepartment,
        /// 引导至安静区
        QuietArea,
        /// 承诺回复时限
        PromisedReply,
        /// 其他
        Other,
    }

    /// 报告渠道 (article 10).
    Channel {
        /// PC客户端
        Desktop,
        /// 知识化信息平台
        KnowledgePlatform,
        /// 企业微信-理赔小助手
        WecomClaims,
        /// 企业微信-95518客户服务
        WecomService,
        /// 电话95518-6(代登记)
        Telephone,
    }

    /// Names of the form's fields, for faults, 待补 and masking.
    FieldName {
        /// 触发情形
        Trigger,
        /// 业务环节
        Step,
        /// 不满事由
        Cause,
        /// 不满事由·二级
        CauseDetail,
        /// 是否已要求投诉
        ComplaintDemanded,
        /// 客户联系电话
        Phone,
        /// 保单号
        PolicyNo,
        /// 报案号
        LossReportNo,
        /// 赔案号
        ClaimNo,
        /// 车牌
        Plate,
        /// 客户姓名/称谓
        CustomerName,
        /// 简要经过
        Narrative,
        /// 客户诉求
        Demand,
        /// 方便联系时间
        ContactTime,
        /// 备注
        Remark,
        /// 录音: of a call, not of the form
        Recording,
    }
}

impl CauseDetail {
    /// The first-level cause that this detail belongs to.
    #[must_use]
    pub const fn cause(self) -> Cause {
        match self {
            Self::AttitudeCold
            | Self::AttitudeShirking
            | Self::AttitudeQuarrel
            | Self::AttitudeUnprofessional => Cause::Attitude,
            Self::TimelinessWaiting
            | Self::TimelinessSurvey
            | Self::TimelinessAssessment
            | Self::TimelinessPayment
            | Self::TimelinessPhone => Cause::Timeliness,
            Self::ClaimLiability
            | Self::ClaimAmount
            | Self::ClaimParts
            | Self::ClaimRefusal
            | Self::ClaimDocuments => Cause::ClaimResult,
            Self::IssueQuoteDifference
            | Self::IssueDeclined
            | Self::IssueWrongData
            | Self::IssueInvoice
            | Self::IssueElectronicPolicy => Cause::PolicyIssue,
            Self::SellingMisleading
            | Self::SellingPromise
            | Self::SellingBundling
            | Self::SellingNuisanceCalls
            | Self::SellingDataLeak => Cause::Selling,
            Self::EndorsementProcedure | Self::EndorsementAmount | Self::EndorsementTimeliness => {
                Cause::EndorsementRefund
            }
            Self::ThirdPartyGarage | Self::ThirdPartyAgent | Self::ThirdPartyRescue => Cause::ThirdParty,
        }
    }
}

impl RiskTag {
    /// Must be known at once by the complaint group and those who answer for the unit (系统默认).
    #[must_use]
    pub const fn is_urgent(self) -> bool {
        matches!(self, Self::Regulator | Self::Media | Self::Lawsuit | Self::Group | Self::PersonalSafety)
    }
}

impl FieldName {
    /// The most characters that the field holds; `None` for fields that are chosen, not written.
    #[must_use]
    pub const fn max_chars(self) -> Option<u32> {
        match self {
            Self::Trigger | Self::Step | Self::Cause | Self::CauseDetail | Self::ComplaintDemanded => None,
            Self::Phone | Self::PolicyNo | Self::LossReportNo | Self::ClaimNo | Self::CustomerName => {
                Some(40)
            }
            Self::Plate => Some(16),
            Self::Narrative => Some(2_000),
            Self::Demand | Self::Recording => Some(500),
            Self::ContactTime => Some(100),
            Self::Remark => Some(1_000),
        }
    }

    /// Whether the field says who the customer is: masked on screens, and matched against complaints.
    #[must_use]
    pub const fn identifies(self) -> bool {
        matches!(
            self,
            Self::Phone
                | Self::PolicyNo
                | Self::LossReportNo
                | Self::ClaimNo
                | Self::Plate
                | Self::CustomerName
        )
    }
}
