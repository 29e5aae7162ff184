/** 报告表 with nothing in it, as the contract shapes it. */
import type { ReportFacts, ReportForm } from './gen'

export const emptyFacts = (): ReportFacts => ({
  trigger: null,
  step: null,
  cause: null,
  cause_detail: null,
  complaint_demanded: null,
  customer_present: null,
  product: null,
  customer_kind: null,
  mood: null,
  risk_tags: [],
  measures: [],
})

export const emptyForm = (): ReportForm => ({
  facts: emptyFacts(),
  customer: {
    phone: '',
    no_phone: false,
    policy_no: '',
    loss_report_no: '',
    claim_no: '',
    plate: '',
    customer_name: '',
    narrative: '',
    demand: '',
    contact_time: '',
    remark: '',
  },
})
