/**
 * A host inside the page, for tests, pictures and work on the screens. Never part of the real bundle.
 *
 * It keeps the contract's manners: commands answer, and what changed comes as an event afterwards.
 */
import type {
  AbsenceView,
  AlertBoard,
  CaseAction,
  CaseDetail,
  CaseSummary,
  CaseView,
  DeskEvent,
  DeskFault,
  DeskFaultCode,
  DraftView,
  Exit,
  OpenWorkbench,
  RecordView,
  ReportForm,
  SealKind,
} from '../gen'
import type { ArgsOf, CommandName, Host, ResultOf } from '../host'
import { emptyForm } from '../empty'
import * as made from './cases'
import * as directory from './directory'
import * as audit from './audit'
import { faultsOf } from './form'
import { narrowed, VIEWS_OF } from './lists'
import { CALLERS, ME, PERSONA_OF, UNITS } from './people'
import { amendBy, bookOf } from './rules'
import { type Scene, sceneOf } from './scenes'

/** How long the made-up centre takes to confirm. */
const DELIVERY = 180

/** As between two processes: only what JSON holds arrives, and nothing is shared. */
const carried = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

type Handlers = { [C in CommandName]: (args: ArgsOf<C>) => ResultOf<C> | Promise<ResultOf<C>> }

export class MockHost implements Host {
  /** Every command in order, for tests. */
  readonly calls: { command: CommandName; args: unknown }[] = []
  /** Commands that fail, with what. */
  readonly failing = new Map<CommandName, DeskFault>()
  /** Commands that wait for a promise first. */
  readonly waiting = new Map<CommandName, Promise<unknown>>()
  /** How often a window began to move. */
  moves = 0
  scene: Scene
  private hearers = new Set<(event: DeskEvent) => void>()
  private drafts = new Map<string, DraftView>()
  private shown = new Map<string, CaseSummary>()
  /** What each registered case began with. */
  private begun = new Map<string, string>()
  private serial = 0
  private absences: AbsenceView[] | null = null

  constructor(scene = '') {
    this.scene = sceneOf(scene, Date.now())
  }

  /** Starts over with another scene. */
  reset(scene = ''): void {
    this.calls.length = 0
    this.failing.clear()
    this.waiting.clear()
    this.drafts.clear()
    this.shown.clear()
    this.begun.clear()
    this.absences = null
    this.hearers.clear()
    this.moves = 0
    this.scene = sceneOf(scene, Date.now())
  }

  emit(event: DeskEvent): void {
    for (const hear of [...this.hearers]) hear(carried(event))
  }

  fault(code: DeskFaultCode, some: Partial<DeskFault> = {}): DeskFault {
    return { code, problem: null, fields: [], retryable: false, ...some }
  }

  async invoke<C extends CommandName>(command: C, args: ArgsOf<C>): Promise<ResultOf<C>> {
    this.calls.push({ command, args: carried(args) })
    await this.waiting.get(command)
    const failing = this.failing.get(command)
    if (failing) throw carried(failing)
    const handler = this.handlers[command] as (args: ArgsOf<C>) => ResultOf<C> | Promise<ResultOf<C>>
    return carried(await handler(carried(args)))
  }

  async listen(hear: (event: DeskEvent) => void): Promise<() => void> {
    this.hearers.add(hear)
    return () => this.hearers.delete(hear)
  }

  async moveWindow(): Promise<void> {
    this.moves += 1
  }

  private readonly handlers: Handlers = {
    boot: () => this.scene.boot,
    painted: () => ({}),
    hide_window: () => ({}),
    open_workbench: () => ({}),
    open_report: () => ({}),
    start_training: ({ role }) => {
      // A training that begins has every page loaded anew by the program: here nothing follows.
      if (!this.scene.boot.training) return {}
      this.scene.persona = PERSONA_OF[role]
      this.scene.boot.session = { me: ME[this.scene.persona], ended: null, keyring: 'ready' }
      this.emit({ kind: 'session', session: this.scene.boot.session })
      return {}
    },
    leave_training: () => ({}),
    sign_in: ({ person_id, password }) => this.signIn(person_id, password),
    sign_out: () => {
      this.scene.boot.session.me = null
      this.emit({ kind: 'session', session: this.scene.boot.session })
      return {}
    },
    retry_keyring: () => {
      this.scene.boot.session.keyring = 'ready'
      this.emit({ kind: 'session', session: this.scene.boot.session })
      return 'ready'
    },
    settings: () => this.scene.boot.settings,
    save_settings: (settings) => {
      this.scene.boot.settings = settings
      this.emit({ kind: 'settings', settings })
      return settings
    },
    check_server: ({ settings }) =>
      this.scene.unreachable || settings.server === ''
        ? { reachable: false, version: null, round_trip: null, clock_offset: null, fault: this.fault(settings.server ? 'unreachable' : 'no_server') }
        : { reachable: true, version: '0.1.0', round_trip: 12, clock_offset: 0, fault: null },
    start_timing: ({ label }) => {
      const timer = made.timer(Date.now(), 70 + (this.serial += 1), label, 300)
      this.scene.boot.timers = [...this.scene.boot.timers, timer]
      this.emitTimers()
      return timer
    },
    discard_timing: ({ case_id }) => this.endTimer(case_id),
    name_timer: ({ case_id, label }) => {
      const timer = this.scene.boot.timers.find((one) => one.case_id === case_id)
      if (!timer) throw this.fault('unknown_id')
      timer.label = label
      this.emitTimers()
      return timer
    },
    open_draft: ({ case_id }) => this.openDraft(case_id),
    save_draft: ({ case_id, form }) => {
      const saved = Date.now()
      const draft = this.drafts.get(case_id)
      if (draft) Object.assign(draft, { form, saved_at: saved })
      return { saved_at: saved }
    },
    discard_draft: ({ case_id }) => {
      this.drafts.delete(case_id)
      this.scene.records.drafts = this.scene.records.drafts.filter((draft) => draft.case_id !== case_id)
      this.emitRecords()
      return {}
    },
    submit: ({ case_id, form, exits }) => this.submit(case_id, form, exits),
    correct_record: ({ record_id }) => {
      const record = this.scene.records.records.find((one) => one.record_id === record_id)
      const draft = made.draft(Date.now(), 64, made.filledForm(), null)
      return { ...draft, corrects: record_id, refused: record?.refused ?? null }
    },
    alerts: () => this.scene.boot.alerts,
    alerts_shown: () => ({}),
    acknowledge_alert: ({ alert_id }) => {
      this.endAlert((alert) => alert.alert_id === alert_id, 'acknowledged')
      return {}
    },
    test_alert: () => {
      const alert = made.alert(Date.now(), 77, 'test', { level: 0, due_at: null, span: null, facts: made.NO_FACTS, story: [] })
      this.emitAlerts({ ...this.scene.boot.alerts, open: [...this.scene.boot.alerts.open, alert] })
      return {}
    },
    cases: ({ view, filter }) => ({ cases: narrowed(this.casesOf(view), filter), next: null, server_time: Date.now() }),
    export_cases: ({ view, filter, file_name }) => {
      const rows = narrowed(this.casesOf(view), filter).length
      return { name: file_name, rows, complete: true }
    },
    find_units: ({ text }) => {
      this.needCentre()
      return { units: UNITS.filter((unit) => unit.name.includes(text) || unit.unit_id.startsWith(text)) }
    },
    find_people: ({ text }) => {
      this.needCentre()
      const wanted = text.trim()
      const digits = wanted.replace(/\D/g, '')
      const meant = CALLERS.filter((one) => one.person_id.startsWith(wanted) || one.name.includes(wanted) || one.phone === digits)
      return { people: wanted === '' ? [] : meant.map(({ person_id, name, unit_name, line }) => ({ person_id, name, unit_name, line })) }
    },
    new_call: () => ({ case_id: made.id(600 + (this.serial += 1)) }),
    local_records: () => this.scene.records,
    case_detail: ({ case_id }) => this.detailOf(case_id),
    export_pack: ({ file_name }) => {
      this.needCentre()
      return { name: file_name, rows: 9, complete: true }
    },
    act: ({ case_id, action }) => {
      this.needCentre()
      if (action.kind === 'log_dial') this.scene.dialled = true
      if (action.kind === 'register_as_agent') return { case: this.registered(case_id, action) }
      const changed = this.changedBy(case_id, action.kind, action.kind === 'record_callback' ? action.result : '')
      this.shown.set(case_id, changed)
      this.emit({ kind: 'case_changed', case: changed })
      this.endAlert((alert) => alert.case_id === case_id, action.kind === 'start_flow_as_leader' ? 'flow_started' : 'acknowledged')
      return { case: changed }
    },
    reveal: ({ field }) => {
      this.needCentre()
      return { field, text: field === 'phone' ? '138 0000 1234' : '苏E·A0012' }
    },
    rule_book: ({ unit_id }) => {
      this.needCentre()
      return bookOf(this.scene.rules, this.scene.persona, unit_id, Date.now())
    },
    amend_rules: (args) => {
      this.needCentre()
      return amendBy(this.scene.rules, this.scene.persona, args, Date.now())
    },
    wallboard: async () => {
      const figures = await this.invoke('callback_figures', {})
      const calls = [...this.casesOf('callback'), ...this.casesOf('callback')].filter((one) => one.clock !== null)
      const next = calls.map((one) => ({ clock: one.clock!, unit_name: one.unit_name, line: one.line, state: one.state, holder: one.holder?.name ?? null }))
      return { figures, next: next.sort((a, b) => a.clock.due_at - b.clock.due_at).slice(0, 10) }
    },
    callback_figures: () => {
      this.needCentre()
      const share = (part: number, whole: number) => (this.scene.empty ? { part: 0, whole: 0 } : { part, whole })
      return {
        waiting: this.scene.empty ? 0 : 7,
        oldest_received_at: this.scene.empty ? null : Date.now() - 321 * made.SECOND,
        dialled_in_time: share(121, 123),
        connected: share(106, 123),
        not_dissatisfied: share(65, 106),
        server_time: Date.now(),
      }
    },
    directory: () => {
      this.needCentre()
      return this.scene.empty ? directory.nothing(Date.now()) : directory.now(Date.now())
    },
    preview_directory: ({ name }) => {
      this.needCentre()
      return directory.preview(name)
    },
    take_directory: ({ file, reason }) => {
      this.needCentre()
      return directory.taken(Date.now(), file.name, reason)
    },
    directory_versions: () => {
      this.needCentre()
      return { versions: this.scene.empty ? [] : directory.versions(Date.now()) }
    },
    absences: () => {
      this.needCentre()
      this.absences ??= this.scene.empty ? [] : directory.absences(Date.now())
      return directory.absenceList(Date.now(), this.scene.persona, this.absences)
    },
    enter_absence: ({ person_id, kind, from, to, deputy }) => {
      this.needCentre()
      const entered = directory.absence(600 + (this.serial += 1), { person_id, kind, from, to, deputy }, ME[this.scene.persona])
      this.absences = [...(this.absences ?? []), entered]
      return entered
    },
    end_absence: ({ absence_id }) => {
      this.needCentre()
      this.absences = (this.absences ?? []).filter((one) => one.absence_id !== absence_id)
      return {}
    },
    directory_changes: ({ version }) => {
      this.needCentre()
      return directory.changes(version)
    },
    calendar_versions: () => {
      this.needCentre()
      return { versions: this.scene.empty ? [] : directory.calendars(Date.now()) }
    },
    export_paper: ({ file_name }) => {
      this.needCentre()
      return { name: file_name, rows: 1, complete: true }
    },
    audit_state: () => {
      this.needCentre()
      return audit.stateOf(this.scene, Date.now())
    },
    begin_audit: () => {
      this.needCentre()
      return audit.begin(this.scene, Date.now())
    },
    accesses: (asked) => {
      this.needCentre()
      return this.scene.empty ? { accesses: [], more: false } : audit.accesses(Date.now(), asked)
    },
    removals: () => {
      this.needCentre()
      return { removals: this.scene.empty ? [] : audit.removals(Date.now()) }
    },
  }

  private signIn(personId: string, password: string) {
    if (this.scene.unreachable) throw this.fault('unreachable', { retryable: true })
    if (password !== 'chayan-demo-1') {
      throw this.fault('problem', {
        problem: { type: 'urn:chayan:problem:wrong_credentials', title: '', status: 401, code: 'wrong_credentials', request_id: null },
      })
    }
    const me = Object.values(ME).find((one) => one.person_id === personId) ?? ME.clerk
    this.scene.boot.session = { me, ended: null, keyring: 'ready' }
    this.emit({ kind: 'session', session: this.scene.boot.session })
    return me
  }

  private openDraft(caseId: string | null): DraftView {
    if (!this.scene.boot.session.me) throw this.fault('not_signed_in')
    const known = caseId ? this.drafts.get(caseId) : [...this.drafts.values()].at(-1)
    if (known) return known
    const timer = this.scene.boot.timers.find((one) => one.case_id === caseId) ?? null
    const stored = this.scene.records.drafts.find((one) => one.case_id === caseId)
    const noticed = caseId !== null && this.scene.records.records.some((one) => one.case_id === caseId && one.kind === 'notice' && !stored)
    if (noticed) {
      const form = this.scene.complete ? made.filledForm() : emptyForm()
      form.facts.trigger = 'grumbling'
      const draft = { ...made.draft(Date.now() - 6 * made.MINUTE, 0, form, null), case_id: caseId, noticed, asks: faultsOf(form, true) }
      this.drafts.set(draft.case_id, draft)
      return draft
    }
    const draft = stored ?? made.draft(Date.now(), 300 + (this.serial += 1), emptyForm(), timer)
    this.drafts.set(draft.case_id, draft)
    return draft
  }

  private submit(caseId: string, form: ReportForm, exits: Exit[]) {
    const fields = faultsOf(form, exits.includes('flow'))
    if (fields.length) throw this.fault('form_faults', { fields })
    const kinds: Record<Exit, SealKind> = { leader: 'notice', flow: 'flow', spot: 'spot' }
    const now = Date.now()
    const records: RecordView[] = exits.map((exit) => ({
      ...made.record(now, 400 + (this.serial += 1), kinds[exit], 'sealed'),
      case_id: caseId,
      sealed_at: now,
      attempts: 0,
    }))
    this.drafts.delete(caseId)
    this.endTimer(caseId)
    this.scene.records.records.unshift(...records)
    this.emitRecords()
    if (!this.scene.unreachable) setTimeout(() => this.deliver(records.map((record) => record.record_id)), DELIVERY)
    return { records }
  }

  private deliver(ids: string[]): void {
    for (const record of this.scene.records.records.filter((one) => ids.includes(one.record_id))) {
      record.state = 'delivered'
      record.attempts = 1
      record.receipt = made.receipt(Date.now(), record.case_id)
    }
    this.emitRecords()
  }

  private casesOf(view: CaseView): CaseSummary[] {
    this.needCentre()
    if (this.scene.empty) return []
    const now = Date.now()
    const lists: Record<CaseView, (now: number) => CaseSummary[]> = {
      mine: made.mine,
      team: made.team,
      callback: made.callbackQueue,
      to_dispatch: made.toDispatch,
      rulings: made.rulings,
      handling: made.handling,
      recall: made.recall,
      escalated: made.escalated,
      reopened: made.reopened,
      all: (at) => [...made.mine(at), ...made.toDispatch(at), ...made.handling(at)],
    }
    return lists[view](now).map((head) => this.shown.get(head.case_id) ?? this.remember(head))
  }

  /** 代登记: in the queue at once. The same once more is the same command; anything else comes too late. */
  private registered(caseId: string, action: Extract<CaseAction, { kind: 'register_as_agent' }>): CaseSummary {
    const words = JSON.stringify(action)
    const stored = this.shown.get(caseId)
    if (stored && this.begun.get(caseId) === words) return stored
    if (stored) {
      throw this.fault('problem', { problem: { type: 'urn:chayan:problem:refused', title: '', status: 409, code: 'refused', request_id: null, refusal: { code: 'already_begun' } } })
    }
    const fields = faultsOf(action.report.form, true)
    if (action.recording.includes(' ')) fields.push({ field: 'recording', kind: 'malformed', limit: null })
    if (fields.length) {
      throw this.fault('problem', { problem: { type: 'urn:chayan:problem:form_faults', title: '', status: 422, code: 'form_faults', request_id: null, fields } })
    }
    const caller = CALLERS.find((one) => one.person_id === action.reporter)
    const head = made.registered(Date.now(), caseId, action, caller ?? CALLERS[0]!)
    this.shown.set(caseId, head)
    this.begun.set(caseId, words)
    this.emit({ kind: 'case_changed', case: head })
    return head
  }

  private remember(head: CaseSummary): CaseSummary {
    this.shown.set(head.case_id, head)
    return head
  }

  private detailOf(caseId: string): CaseDetail {
    this.needCentre()
    const views: CaseView[] = VIEWS_OF[this.scene.persona]
    for (const view of views) this.casesOf(view)
    const head = this.shown.get(caseId)
    if (!head) {
      throw this.fault('problem', {
        problem: { type: 'urn:chayan:problem:not_found', title: '', status: 404, code: 'not_found', request_id: null },
      })
    }
    return made.detail(Date.now(), head, this.scene.persona, this.scene.dialled)
  }

  private changedBy(caseId: string, kind: string, result: string): CaseSummary {
    const head = this.detailOf(caseId).summary
    const me = this.scene.boot.session.me
    const holder = me ? { person_id: me.person_id, name: me.name } : null
    const next: Record<string, Partial<CaseSummary>> = {
      take_over: { state: 'LEADER_HANDLING', holder },
      resolve_as_leader: { state: 'LEADER_RESOLVED', clock: null },
      start_flow_as_leader: { state: 'SUBMITTED' },
      claim_callback: { state: 'CALLING', holder },
      release_callback: { state: 'SUBMITTED', holder: null },
      dispatch: { state: 'DISPATCHED' },
      log_dial: { clock: null },
      withdraw: { state: 'WITHDRAWN', clock: null },
      record_callback: result === 'dissatisfied' ? { state: 'TO_DISPATCH' } : { state: 'ARCHIVED_NO_DISSATISFACTION' },
    }
    return { ...head, version: head.version + 1, changed_at: Date.now(), ...next[kind] }
  }

  private endAlert(which: (alert: AlertBoard['open'][number]) => boolean, reason: string): void {
    const board = this.scene.boot.alerts
    const ended = board.open.filter(which).map((alert) => ({ ...alert, ended: { reason, at: Date.now() } }))
    this.emitAlerts({ ...board, open: board.open.filter((alert) => !which(alert)), ended })
  }

  private endTimer(caseId: string) {
    this.scene.boot.timers = this.scene.boot.timers.filter((timer) => timer.case_id !== caseId)
    this.emitTimers()
    return {}
  }

  private needCentre(): void {
    if (this.scene.unreachable) throw this.fault('unreachable', { retryable: true })
  }

  private emitTimers(): void {
    this.emit({ kind: 'timers', timers: this.scene.boot.timers })
  }

  private emitRecords(): void {
    this.emit({ kind: 'records', records: this.scene.records })
  }

  private emitAlerts(board: AlertBoard): void {
    this.scene.boot.alerts = board
    this.emit({ kind: 'alerts', board })
  }
}

const query = new URLSearchParams(typeof location === 'undefined' ? '' : location.search)

/** The one host of the page. */
export const mock = new MockHost(query.get('scene') ?? '')
if (query.has('fault')) mock.failing.set('boot', mock.fault(query.get('fault') as DeskFaultCode))
mock.scene.boot.page = {
  page: query.get('page') as OpenWorkbench['page'],
  case_id: query.has('case') ? made.id(Number(query.get('case'))) : null,
}
export const host: Host = mock

declare global {
  interface Window {
    chayanMock?: MockHost
  }
}
if (typeof window !== 'undefined') window.chayanMock = mock
