/** One call that is being registered. It stays while the program runs, whatever page the agent looks at meanwhile. */
import { computed, effectScope, reactive, ref, shallowRef, watch, type Ref } from 'vue'
import { controlOf, emptyForm } from '@/features/report/form'
import { host, type CaseAction, type CaseSummary, type DeskFault, type FieldFault, type PersonChoice, type ReportForm } from '@/ipc'
import { centreNow } from '@/lib/now'
import { fromLocalInput, toLocalInput } from '@/lib/time'
import { t } from '@/texts'
import { toFault } from '@/texts/faults'

export type Registration = ReturnType<typeof newRegistration>

/** What became of a registration. */
export interface Registered {
  case: CaseSummary
  reporter: string
  /** What stands in the form may not be what the centre has. */
  changed: boolean
}

/** After these the centre may have it all the same. */
const LOST = new Set<DeskFault['code']>(['unreachable', 'timeout', 'not_ours'])

let kept: { person: string; registration: Registration; end: () => void } | null = null

/** The call of whoever is signed in: nobody finds another's customer in it. */
export function useRegistration(person: string): Registration {
  if (kept?.person === person) return kept.registration
  forgetRegistration()
  // Its own: what a page watches ends with the page, and the call outlives it.
  const scope = effectScope(true)
  const registration = scope.run(newRegistration) as Registration
  kept = { person, registration, end: () => scope.stop() }
  return registration
}

export function forgetRegistration(): void {
  kept?.end()
  kept = null
}

function newRegistration() {
  /** The case that this form becomes, however often it is handed over. */
  const draft: Ref<string | null> = ref(null)
  const caller = shallowRef<PersonChoice | null>(null)
  /** The moment that nobody has said yet. */
  let offered = ''
  let begun = false
  /** Handed over and not answered: one of these may be what the centre has. */
  const unanswered = new Set<string>()
  const calledAt = ref('')
  /** Empty: as early as the call. */
  const foundAt = ref('')
  const recording = ref('')
  const form = reactive<ReportForm>(emptyForm())
  const faults = ref<FieldFault[]>([])
  const fault = shallowRef<DeskFault | null>(null)
  const tried = ref(false)
  const working = ref(false)
  const done = shallowRef<Registered | null>(null)

  async function begin(): Promise<void> {
    draft.value = null
    caller.value = null
    recording.value = ''
    Object.assign(form, emptyForm())
    faults.value = []
    fault.value = null
    tried.value = false
    done.value = null
    unanswered.clear()
    begun = false
    offered = toLocalInput(centreNow())
    calledAt.value = offered
    foundAt.value = offered
    draft.value = (await host.invoke('new_call', {})).case_id
  }

  /** The first key of a registration is pressed during its call; the page may have stood open for hours. */
  function start(): void {
    if (begun) return
    begun = true
    if (calledAt.value === offered) calledAt.value = toLocalInput(centreNow())
  }

  // Until somebody says otherwise the reporter found it when they rang.
  watch(calledAt, (next, before) => foundAt.value === before && (foundAt.value = next))

  /** What is ahead of time at one moment is not at the next. */
  function callError(now: number): string {
    const at = fromLocalInput(calledAt.value)
    if (at === null) return t('register.need_time')
    return at > now ? t('register.call_ahead') : ''
  }
  const foundError = computed(() => {
    const [found, called] = [fromLocalInput(foundAt.value), fromLocalInput(calledAt.value)]
    if (found === null) return t('register.need_time')
    return called !== null && found > called ? t('register.found_after') : ''
  })
  const callerError = computed(() => (caller.value === null ? t('register.need_caller') : ''))

  /** What stands in the form, as it is handed over; `null` while it cannot be. */
  function action(): Extract<CaseAction, { kind: 'register_as_agent' }> | null {
    const [called, found] = [fromLocalInput(calledAt.value), fromLocalInput(foundAt.value)]
    if (caller.value === null || called === null || found === null) return null
    const report = { found_at: found, timing_started_at: null, channel: 'telephone' as const, form: JSON.parse(JSON.stringify(form)) as ReportForm }
    return { kind: 'register_as_agent', reporter: caller.value.person_id, called_at: called, report, recording: recording.value.trim() }
  }

  /** The centre has `sent`; with `null` it is not known which of several. */
  function settle(found: CaseSummary, sent: string | null): void {
    done.value = { case: found, reporter: found.reporter?.name ?? caller.value?.name ?? '', changed: JSON.stringify(action()) !== sent }
  }

  /** An answer was lost on its way, and the case has begun. Answers whether it could be read. */
  async function settleBegun(caseId: string): Promise<boolean> {
    try {
      const [first, ...others] = unanswered
      settle((await host.invoke('case_detail', { case_id: caseId })).summary, others.length === 0 ? (first ?? null) : null)
      return true
    } catch {
      // That it has begun is still what there is to say.
      return false
    }
  }

  /** Registers it. Answers whether the centre has it. */
  async function register(): Promise<boolean> {
    if (working.value || done.value) return false
    tried.value = true
    fault.value = null
    const handed = action()
    if (callerError.value || callError(centreNow()) || foundError.value || handed === null) return false
    const sent = JSON.stringify(handed)
    working.value = true
    faults.value = []
    try {
      draft.value ??= (await host.invoke('new_call', {})).case_id
      settle((await host.invoke('act', { case_id: draft.value, action: handed })).case, sent)
      return true
    } catch (error) {
      const refused = toFault(error)
      if (refused.problem?.refusal?.code === 'already_begun' && draft.value && (await settleBegun(draft.value))) return true
      if (LOST.has(refused.code) || refused.retryable) unanswered.add(sent)
      fault.value = refused
      faults.value = fault.value.fields.length > 0 ? fault.value.fields : (fault.value.problem?.fields ?? [])
      return false
    } finally {
      working.value = false
    }
  }

  const faultOf = (control: string) => faults.value.find((one) => controlOf(one.field) === control || one.field === control) ?? null

  return { draft, caller, calledAt, foundAt, recording, form, faults, fault, tried, working, done, callerError, callError, foundError, begin, start, register, faultOf }
}
