/** One report on the screen: opened, typed, saved, handed over, and what became of it. */
import { computed, nextTick, onScopeDispose, reactive, ref, shallowRef, watch } from 'vue'
import { controlOf, emptyForm, mergeForms } from '@/features/report/form'
import { host, type DeskFault, type DraftView, type Exit, type FieldFault, type OpenReport, type RecordView, type ReportForm } from '@/ipc'
import { desk, onDeskEvent } from '@/stores/desk'
import { toFault } from '@/texts/faults'
import { useAutosave } from './autosave'

/** The rule's own number, until the desk has heard the rules that bind it. */
const FIVE_MINUTES = 300_000
/** Faults that leave nothing to type into: it is over, or only the centre has it and cannot be asked. */
const CLOSED = new Set<string>(['sealed_record', 'unknown_id', 'problem', 'unreachable', 'timeout', 'session_over', 'no_server'])

export type Report = ReturnType<typeof useReport>

export function useReport() {
  const draft = shallowRef<DraftView | null>(null)
  const form = reactive<ReportForm>(emptyForm())
  const faults = ref<FieldFault[]>([])
  const fault = ref<DeskFault | null>(null)
  const submitting = ref(false)
  const records = ref<RecordView[]>([])
  const alsoFlow = ref(false)
  let typed = false
  let filling = false
  let opening = 0

  const autosave = useAutosave(async () => {
    const open = draft.value
    if (!open) throw { code: 'unknown_id', problem: null, fields: [], retryable: false } satisfies DeskFault
    return (await host.invoke('save_draft', { case_id: open.case_id, form: plain(form) })).saved_at
  })

  watch(
    form,
    () => {
      if (filling) return
      typed = true
      if (draft.value) autosave.touch()
    },
    { deep: true, flush: 'sync' },
  )

  const stopHearing = onDeskEvent((event) => {
    if (event.kind !== 'records') return
    records.value = records.value.map(
      (shown) => event.records.records.find((record) => record.record_id === shown.record_id) ?? shown,
    )
  })

  onScopeDispose(stopHearing)

  function fill(next: ReportForm): void {
    filling = true
    Object.assign(form.facts, next.facts)
    Object.assign(form.customer, next.customer)
    filling = false
  }

  /** An empty sheet, at once: the stored draft follows. */
  function clear(): void {
    draft.value = null
    typed = false
    faults.value = []
    fault.value = null
    records.value = []
    alsoFlow.value = false
    autosave.reset(null)
    fill(emptyForm())
  }

  /** Opens what was asked for. What is typed while the core still answers is kept. */
  async function open(asked: OpenReport): Promise<void> {
    const mine = (opening += 1)
    if (draft.value && records.value.length === 0) await autosave.flush()
    if (mine !== opening) return
    const stays = draft.value !== null && records.value.length === 0 && draft.value.case_id === asked.case_id
    if (!stays) clear()
    try {
      adopt(await host.invoke('open_draft', asked), mine)
    } catch (error) {
      if (mine === opening) fault.value = toFault(error)
    }
  }

  function adopt(view: DraftView, mine: number): void {
    if (mine !== opening) return
    const before = typed
    draft.value = view
    fill(before ? mergeForms(plain(form), view.form) : view.form)
    // The leader has it already: what the flow still needs is asked for at once, not after a refusal.
    faults.value = view.asks
    autosave.reset(view.saved_at)
    if (before) autosave.touch()
  }

  /** Opens a refused record as a new draft. */
  async function correct(record: RecordView): Promise<void> {
    const mine = (opening += 1)
    try {
      const view = await host.invoke('correct_record', { record_id: record.record_id })
      clear()
      adopt(view, mine)
    } catch (error) {
      fault.value = toFault(error)
    }
  }

  /** Hands the report over by these exits. Answers whether it was sealed. */
  async function submit(exits: Exit[]): Promise<boolean> {
    const open = draft.value
    if (!open || submitting.value || records.value.length > 0) return false
    submitting.value = true
    faults.value = []
    fault.value = null
    try {
      await autosave.flush()
      records.value = (await host.invoke('submit', { case_id: open.case_id, form: plain(form), exits })).records
      return true
    } catch (error) {
      const what = toFault(error)
      faults.value = what.fields.length > 0 ? what.fields : (what.problem?.fields ?? [])
      fault.value = what
      await nextTick()
      return false
    } finally {
      submitting.value = false
    }
  }

  const timer = computed(() => desk.timers.find((one) => one.case_id === draft.value?.case_id) ?? draft.value?.timer ?? null)
  const span = computed(() => desk.reference?.rules.limits.find((limit) => limit.name === 't1')?.span ?? FIVE_MINUTES)
  const noticed = computed(() => draft.value?.noticed ?? false)
  // The notice has answered the five minutes; what starts with the flow is 95518's clock.
  const dueAt = computed(() => (noticed.value ? null : (timer.value?.due_at ?? (draft.value ? draft.value.found_at + span.value : null))))
  /** What was asked for is not here to be edited: it was reported in full, or lies at another desk. */
  const closed = computed(() => (draft.value === null && CLOSED.has(fault.value?.code ?? '') ? fault.value : null))
  const faultOf = (control: string) => faults.value.find((one) => controlOf(one.field) === control) ?? null

  return {
    draft,
    form,
    faults,
    fault,
    submitting,
    records,
    alsoFlow,
    timer,
    span,
    dueAt,
    noticed,
    closed,
    faultOf,
    saving: autosave.state,
    flush: autosave.flush,
    clear,
    open,
    correct,
    submit,
  }
}

/** Without the reactivity that no message between processes can carry. */
const plain = (form: ReportForm): ReportForm => JSON.parse(JSON.stringify(form)) as ReportForm
