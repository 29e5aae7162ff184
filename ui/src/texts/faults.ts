/** What went wrong, in a sentence that says what to do. Decided by code, never by comparing text. */
import type { DeskFault, FieldFault, Problem, Refusal } from '@/ipc'
import { dateTimeText, minuteText } from '@/lib/time'
import { t, textOrNull } from './index'
import { word } from './words'

const MINUTE = 60

export function faultSentence(fault: DeskFault): string {
  return fault.problem ? problemSentence(fault.problem) : codeSentence(fault.code)
}

/** The sentence of a fault of which only the code is known. */
export function codeSentence(code: DeskFault['code']): string {
  return textOrNull(`fault.${code}`) ?? t('common.unknown', { code })
}

export function problemSentence(problem: Problem): string {
  if (problem.refusal) return refusalSentence(problem.refusal)
  if (problem.code === 'account_locked' && problem.retry_after) {
    return t('problem.account_locked_for', { minutes: Math.ceil(problem.retry_after / MINUTE) })
  }
  if (problem.fields?.length) return problem.fields.map(fieldSentence).join(t('common.list_separator'))
  const places = { request: problem.request_id ?? t('common.none') }
  return textOrNull(`problem.${problem.code}`, places) ?? t('common.unknown', { code: problem.code })
}

export function refusalSentence(refusal: Refusal): string {
  const places = {
    state: refusal.code === 'wrong_state' ? word('state', refusal.state) : '',
    person: 'person_id' in refusal ? refusal.person_id : '',
    made: refusal.code === 'attempts_left' ? refusal.made : '',
    needed: refusal.code === 'attempts_left' ? refusal.needed : '',
    time: timeIn(refusal),
  }
  return textOrNull(`refusal.${refusal.code}`, places) ?? t('common.unknown', { code: refusal.code })
}

function timeIn(refusal: Refusal): string {
  if (refusal.code === 'too_soon') return minuteText(refusal.earliest)
  return 'earliest' in refusal ? dateTimeText(refusal.earliest) : ''
}

export function fieldSentence(fault: FieldFault): string {
  const places = { field: word('field', fault.field), limit: fault.limit ?? '' }
  return textOrNull(`field_fault.${fault.kind}`, places) ?? t('common.unknown', { code: fault.kind })
}

/** Whatever was thrown, as a fault: a bug of ours must still end in a sentence. */
export function toFault(error: unknown): DeskFault {
  if (typeof error === 'object' && error !== null && 'code' in error && 'fields' in error) return error as DeskFault
  return { code: 'internal', problem: null, fields: [], retryable: false }
}
