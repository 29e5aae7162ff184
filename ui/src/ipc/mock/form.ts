import type { FieldFault, ReportForm } from '../gen'

/** The core's own validation, as far as the screens need it. */
export function faultsOf(form: ReportForm, flow: boolean): FieldFault[] {
  const faults: FieldFault[] = []
  const missing = (field: FieldFault['field']) => faults.push({ field, kind: 'missing', limit: null })
  if (!form.facts.trigger) missing('trigger')
  if (!flow) return faults
  if (!form.facts.step) missing('step')
  if (!form.facts.cause) missing('cause')
  if (form.customer.no_phone) {
    const { policy_no, loss_report_no, claim_no, plate } = form.customer
    if (![policy_no, loss_report_no, claim_no, plate].some((text) => text.trim())) missing('policy_no')
  } else if (!form.customer.phone.trim()) missing('phone')
  else if (/[^\d\s+()-]/.test(form.customer.phone)) faults.push({ field: 'phone', kind: 'malformed', limit: null })
  const narrative = [...form.customer.narrative.trim()].length
  if (narrative === 0) missing('narrative')
  else if (narrative < 5) faults.push({ field: 'narrative', kind: 'too_short', limit: 5 })
  if (form.facts.complaint_demanded === null) missing('complaint_demanded')
  return faults
}
