/** One call that is being registered. It stays while the program runs, whatever page the agent looks at meanwhile. */
import { computed, reactive, ref, shallowRef, watch, type Ref } from 'vue'
import { controlOf, emptyForm } from '@/features/report/form'
import { host, type CaseSummary, type DeskFault, type FieldFault, type PersonChoice, type ReportForm } from '@/ipc'
import { centreNow } from '@/lib/now'
import { fromLocalInput, toLocalInput } from '@/lib/time'
import { t } from '@/texts'
import { toFault } from '@/texts/faults'

export type Registration = ReturnType<typeof newRegistration>

/** What became of a registration. */
export interface Registered {
  case: CaseSummary
  caller: PersonChoice
}

let kept: { person: string; registration: Registration } | null = null

/** The call of whoever is signed in: nobody finds another's customer in it. */
export function useRegistration(person: string): Registration {
  if (kept?.person !== person) kept = { person, registration: newRegistration() }
  return kept.registration
}

export function forgetRegistration(): void {
  kept = null
}

function newRegistration() {
  /** The case that this form becomes, however often it is handed over. */
  const draft: Ref<string | null> = ref(null)
  const caller = shallowRef<PersonChoice | null>(null)
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
    calledAt.value = toLocalInput(centreNow())
    foundAt.value = calledAt.value
    draft.value = (await host.invoke('new_call', {})).case_id
  }

  // Until somebody says otherwise the reporter found it when they rang.
  watch(calledAt, (next, before) => foundAt.value === before && (foundAt.value = next))

  const callError = computed(() => {
    const at = fromLocalInput(calledAt.value)
    if (at === null) return t('register.need_time')
    return at > centreNow() ? t('register.call_ahead') : ''
  })
  const foundError = computed(() => {
    const [found, called] = [fromLocalInput(foundAt.value), fromLocalInput(calledAt.value)]
    if (found === null) return t('register.need_time')
    return called !== null && found > called ? t('register.found_after') : ''
  })
  const callerError = computed(() => (caller.value === null ? t('register.need_caller') : ''))

  /** Registers it. Answers whether the centre has it. */
  async function register(): Promise<boolean> {
    if (working.value || done.value) return false
    tried.value = true
    fault.value = null
    const [called, found] = [fromLocalInput(calledAt.value), fromLocalInput(foundAt.value)]
    if (callerError.value || callError.value || foundError.value || caller.value === null || called === null || found === null) return false
    working.value = true
    faults.value = []
    try {
      draft.value ??= (await host.invoke('new_call', {})).case_id
      const report = { found_at: found, timing_started_at: null, channel: 'telephone' as const, form: JSON.parse(JSON.stringify(form)) as ReportForm }
      const action = { kind: 'register_as_agent' as const, reporter: caller.value.person_id, called_at: called, report, recording: recording.value.trim() }
      done.value = { case: (await host.invoke('act', { case_id: draft.value, action })).case, caller: caller.value }
      return true
    } catch (error) {
      fault.value = toFault(error)
      faults.value = fault.value.fields.length > 0 ? fault.value.fields : (fault.value.problem?.fields ?? [])
      return false
    } finally {
      working.value = false
    }
  }

  const faultOf = (control: string) => faults.value.find((one) => controlOf(one.field) === control || one.field === control) ?? null

  return { draft, caller, calledAt, foundAt, recording, form, faults, fault, tried, working, done, callerError, callError, foundError, begin, register, faultOf }
}
