/** What the mock host begins with, by the name in the page's address (`?scene=…`). */
import type { AlertBoard, Boot, LocalRecords } from '../gen'
import * as made from './cases'
import { auditOf, type AuditScene } from './audit'
import { CAST, ME, type Persona, referenceOf } from './people'
import { type RulesScene, rulesOf } from './rules'

const { MINUTE, SECOND } = made

/** Everything a scene decides. */
export interface Scene {
  persona: Persona
  boot: Boot
  records: LocalRecords
  /** Nothing can be read from the centre. */
  unreachable: boolean
  /** The lists are empty. */
  empty: boolean
  /** A report that the leader has already holds all six inputs. */
  complete: boolean
  /** The agent's case has been dialled. */
  dialled: boolean
  /** A walk over all chains: whether one is under way, and what the last one found. */
  audit: AuditScene
  /** The rules and their changes. */
  rules: RulesScene
}

const names = (scene: string) => new Set(scene.split(' '))

/** Words may be combined, e.g. `leader1 offline large`. */
export function sceneOf(text: string, now: number): Scene {
  const has = names(text)
  const persona: Persona = (['agent1', 'operator', 'leader1', 'handler', 'head', 'it', 'auditor'] as const).find((one) => has.has(one)) ?? 'clerk'
  const offline = has.has('offline')
  const signedOut = has.has('signed-out')
  return {
    persona,
    records: has.has('empty') ? { drafts: [], records: [] } : recordsOf(now, has),
    unreachable: offline || has.has('unreachable'),
    empty: has.has('empty'),
    complete: has.has('complete'),
    dialled: has.has('dialled'),
    audit: auditOf(now, has),
    rules: rulesOf(now, has.has('overtaken')),
    boot: {
      version: '0.1.0',
      device_id: made.id(500),
      session: {
        me: signedOut ? null : ME[persona],
        ended: has.has('ended') ? 'session_over' : null,
        keyring: has.has('keyring-locked')
          ? 'locked'
          : has.has('keyring-unavailable')
            ? 'unavailable'
            : has.has('keyring-lost')
              ? 'key_lost'
              : 'ready',
      },
      connection: {
        link: signedOut ? 'idle' : offline ? 'offline' : has.has('reconnecting') ? 'reconnecting' : 'online',
        polling: has.has('polling'),
        server: has.has('no-server') ? '' : 'chayan.example.cn',
        last_contact_at: offline ? now - 11 * MINUTE : now - SECOND,
        pending: offline ? 2 : 0,
        quarantined: has.has('quarantined') ? 1 : 0,
        lost: has.has('keyring-lost') ? 1 : 0,
        nobody_receives: has.has('nobody'),
        clock_offset: 0,
        fault: offline ? { code: 'unreachable', problem: null, fields: [], retryable: true } : null,
        store_fault: has.has('disk-full') ? 'disk_full' : null,
      },
      settings: {
        server: has.has('no-server') ? '' : 'https://chayan.example.cn',
        ca_file: null,
        proxy: '',
        large_text: has.has('large'),
        quiet: false,
        repeat_seconds: 30,
        autostart: true,
        language: has.has('english') ? 'en' : 'zh-CN',
      },
      timers: timersOf(now, has),
      alerts: alertsOf(now, has),
      reference: signedOut ? null : referenceOf(persona, now),
      report: { case_id: has.has('noticed') ? made.id(9) : has.has('timing') || has.has('soon') || has.has('late') ? made.id(40) : null },
      page: { page: null, case_id: null },
      realm: has.has('training') ? 1 : 0,
      training: has.has('training') ? { people: CAST } : null,
    },
  }
}

function timersOf(now: number, has: Set<string>) {
  if (has.has('soon')) return [made.timer(now, 40, '', 42)]
  if (has.has('late')) return [made.timer(now, 40, '柜台 3 号客户', -61)]
  if (has.has('timing')) return [made.timer(now, 40, '柜台 3 号客户', 211)]
  if (has.has('fresh')) return [made.timer(now, 40, '', 288)]
  if (has.has('several')) {
    return [made.timer(now, 40, '柜台 3 号客户', -21), made.timer(now, 41, '', 42), made.timer(now, 42, '电话客户王女士', 252)]
  }
  return []
}

function alertsOf(now: number, has: Set<string>): AlertBoard {
  const open = []
  if (has.has('leader-alert')) {
    open.push(
      made.alert(now, 1, 'leader_notice', {
        level: 2,
        story: [
          { at: now - 16 * MINUTE, kind: 'timing_started', level: 0, by_system: false },
          { at: now - 11 * MINUTE, kind: 'leader_notified', level: 1, by_system: false },
          { at: now - 20 * SECOND, kind: 'leader_notified', level: 2, by_system: true },
        ],
      }),
      made.alert(now, 2, 'leader_notice', { facts: made.FACTS.quote, due_at: null, unit_name: '玄武支公司' }),
    )
  }
  if (has.has('late-alert')) open.push(made.alert(now, 1, 'leader_notice', { due_at: now - 35 * SECOND }))
  if (has.has('callback-alert')) {
    open.push(made.alert(now, 91, 'callback_due', { level: 0, due_at: now + 252 * SECOND, span: 5 * MINUTE, unit_name: '邳州支公司', line: 'sales', facts: made.FACTS.promise }))
  }
  if (has.has('undelivered-alert')) open.push(made.alert(now, 1, 'undelivered', { due_at: null, span: null }))
  if (has.has('number-alert')) open.push(made.alert(now, 2, 'number_needed', { level: 0, due_at: null, span: null }))
  if (has.has('outcome-alert')) open.push(made.alert(now, 3, 'outcome', { level: 0, due_at: null, span: null, facts: made.FACTS.electronic }))
  if (has.has('unknown-alert')) open.push(made.alert(now, 3, 'branch_notice', { due_at: null, span: null }))
  if (has.has('test-alert')) open.push(made.alert(now, 3, 'test', { level: 0, due_at: null, span: null, facts: made.NO_FACTS, story: [] }))
  const ended = has.has('ended-alert')
    ? [made.alert(now, 5, 'leader_notice', { ended: { reason: 'taken_by_other', at: now - 2 * SECOND } })]
    : []
  return { open, ended, missed: has.has('missed') ? 50 : 0 }
}

function recordsOf(now: number, has: Set<string>): LocalRecords {
  const form = made.filledForm()
  const records = [made.record(now, 9, 'notice', 'delivered'), made.record(now, 16, 'flow', 'delivered')]
  if (has.has('offline')) records.unshift(made.record(now, 3, 'notice', 'sealed'), made.record(now, 4, 'spot', 'sealed'))
  if (has.has('quarantined')) {
    records.unshift(
      made.record(now, 6, 'flow', 'quarantined', {
        refused: {
          type: 'urn:chayan:problem:form_faults',
          title: 'form faults',
          status: 422,
          code: 'form_faults',
          request_id: 'a1b2c3d4',
          fields: [{ field: 'phone', kind: 'malformed', limit: null }],
        },
      }),
    )
  }
  const drafts = [{ ...made.draft(now - 3 * MINUTE, 60, form, null), saved_at: now - 2 * MINUTE }]
  return { drafts, records }
}
