/**
 * What the core last said, for every screen of one window.
 *
 * It changes only through the first picture (`boot`) and through events; a command's answer never writes here.
 */
import { computed, reactive, readonly } from 'vue'
import {
  host,
  type AlertBoard,
  type Boot,
  type CaseSummary,
  type ConnectionView,
  type DeskEvent,
  type LocalRecords,
  type Reference,
  type SessionView,
  type Settings,
  type TimerView,
  type TrainingView,
} from '@/ipc'
import { speak } from '@/texts'

export interface Desk {
  ready: boolean
  version: string
  deviceId: string | null
  session: SessionView
  connection: ConnectionView
  settings: Settings
  timers: TimerView[]
  alerts: AlertBoard
  reference: Reference | null
  records: LocalRecords
  /** All of it is made up. */
  training: TrainingView | null
}

const state = reactive<Desk>({
  ready: false,
  version: '',
  deviceId: null,
  session: { me: null, ended: null, keyring: 'opening' },
  connection: {
    link: 'idle',
    polling: false,
    server: '',
    last_contact_at: null,
    pending: 0,
    quarantined: 0,
    lost: 0,
    nobody_receives: false,
    clock_offset: 0,
    fault: null,
    store_fault: null,
  },
  settings: {
    server: '',
    ca_file: null,
    proxy: '',
    large_text: false,
    quiet: false,
    repeat_seconds: 30,
    autostart: true,
    language: 'zh-CN',
  },
  timers: [],
  alerts: { open: [], ended: [], missed: 0 },
  reference: null,
  records: { drafts: [], records: [] },
  training: null,
})

/** The core's last word; read-only for screens. */
export const desk = readonly(state) as Desk

/** The centre is reached and has everything of this desk: the only time at which something is green. */
export const confirmed = computed(() => {
  const { link, pending, quarantined, lost } = state.connection
  return link === 'online' && pending + quarantined + lost === 0
})

type Hearer = (event: DeskEvent) => void
const hearers = new Set<Hearer>()

/** Hears every event after it has been applied; the answer ends it. */
export function onDeskEvent(hear: Hearer): () => void {
  hearers.add(hear)
  return () => hearers.delete(hear)
}

/** Cases that changed, for lists that hold them. */
export function onCaseChanged(hear: (changed: CaseSummary) => void): () => void {
  return onDeskEvent((event) => {
    if (event.kind === 'case_changed') hear(event.case)
  })
}

/** Listens first and asks then, so that nothing that happens in between is lost. */
export async function startDesk(): Promise<Boot> {
  let early: DeskEvent[] | null = []
  await host.listen((event) => {
    if (early) early.push(event)
    else hearEvent(event)
  })
  const boot = await host.invoke('boot', {})
  state.version = boot.version
  state.deviceId = boot.device_id
  state.session = boot.session
  state.connection = boot.connection
  state.timers = boot.timers
  state.alerts = boot.alerts
  state.reference = boot.reference
  state.training = boot.training
  await applySettings(boot.settings)
  state.ready = true
  const waiting = early
  early = null
  waiting.forEach(hearEvent)
  return boot
}

function hearEvent(event: DeskEvent): void {
  applyEvent(event)
  for (const hear of [...hearers]) hear(event)
}

function applyEvent(event: DeskEvent): void {
  switch (event.kind) {
    case 'session':
      state.session = event.session
      break
    case 'connection':
      state.connection = event.connection
      break
    case 'timers':
      state.timers = event.timers
      break
    case 'alerts':
      state.alerts = event.board
      break
    case 'records':
      state.records = event.records
      break
    case 'reference':
      state.reference = event.reference
      break
    case 'settings':
      void applySettings(event.settings)
      break
  }
}

function applySettings(settings: Settings): Promise<void> {
  state.settings = settings
  document.documentElement.dataset.large = String(settings.large_text)
  return speak(settings.language)
}

/** Reads what lies on this desk; later changes come as events. */
export async function readLocalRecords(): Promise<void> {
  state.records = await host.invoke('local_records', {})
}
