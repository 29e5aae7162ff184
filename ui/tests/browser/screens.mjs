// Every screen that is pictured and checked: window, scene, page, and what is done before the picture.
import { SIZES } from './browser.mjs'

const until = (tab, selector) => tab.locator(selector).first().waitFor()

/** 1366 × 768 at 150 %, less the frame. */
const LAPTOP = { width: 911, height: 456 }

/** What is left of a screen by the scaling of its desktop: 1366 × 768 at 125 %, 1920 × 1080 at 200 %, less the bars. */
const SCALED = [
  { called: 'at-125', scale: 1.25, width: 1092, height: 574 },
  { called: 'at-200', scale: 2, width: 960, height: 480 },
]
const PICTURED = ['quick-report', 'alert', 'timer', 'my-reports', 'team-board', 'callback-dialled', 'register', 'case-leader', 'handling-case', 'rules']

/** The same screens on desktops that draw everything larger. */
const scaled = (screens) =>
  SCALED.flatMap(({ called, scale, width, height }) =>
    screens
      .filter(({ name }) => PICTURED.includes(name))
      .map((one) => {
        const own = SIZES[one.window]
        return { ...one, name: `${one.name}-${called}`, scale, size: { width: Math.min(own.width, width), height: Math.min(own.height, height) } }
      }),
  )

const AS_USUAL = [
  { name: 'quick-report', window: 'quick-report', scene: 'timing', before: fillReport },
  { name: 'quick-report-empty', window: 'quick-report' },
  { name: 'quick-report-soon', window: 'quick-report', scene: 'soon' },
  { name: 'quick-report-late', window: 'quick-report', scene: 'late' },
  { name: 'quick-report-faults', window: 'quick-report', before: (tab) => tab.keyboard.press('Control+Shift+Enter') },
  { name: 'quick-report-no-phone', window: 'quick-report', before: (tab) => tab.locator('.check input').check() },
  { name: 'quick-report-offline', window: 'quick-report', scene: 'timing offline' },
  { name: 'quick-report-nobody', window: 'quick-report', scene: 'timing nobody' },
  { name: 'quick-report-signed-out', window: 'quick-report', scene: 'signed-out' },
  { name: 'quick-report-keyring', window: 'quick-report', scene: 'keyring-locked' },
  { name: 'quick-report-not-saved', window: 'quick-report', before: failSaving },
  { name: 'quick-report-done', window: 'quick-report', before: (tab) => hand(tab, 'delivered') },
  { name: 'quick-report-sealed', window: 'quick-report', scene: 'offline', before: (tab) => hand(tab, 'sealed') },
  { name: 'quick-report-large', window: 'quick-report', scene: 'timing large', before: fillReport },
  { name: 'quick-report-noticed', window: 'quick-report', scene: 'noticed' },
  { name: 'quick-report-noticed-complete', window: 'quick-report', scene: 'noticed complete' },
  { name: 'quick-report-closed', window: 'quick-report', scene: 'timing', before: openClosed },
  { name: 'quick-report-english', window: 'quick-report', scene: 'timing english' },
  { name: 'quick-report-low', window: 'quick-report', scene: 'timing', size: { width: 480, height: 456 }, scale: 1.5, before: fillReport },
  { name: 'quick-report-calming', window: 'quick-report', scene: 'timing', before: (tab) => fillReport(tab).then(() => calm(tab)) },
  { name: 'quick-report-calming-none', window: 'quick-report', scene: 'timing offline', before: calm },
  { name: 'quick-report-calming-large', window: 'quick-report', scene: 'soon large', before: calm },
  { name: 'quick-report-fault', window: 'quick-report', fault: 'store_newer' },
  { name: 'workbench-fault', window: 'workbench', fault: 'store_damaged' },
  { name: 'timer', window: 'timer', scene: 'timing' },
  { name: 'timer-fresh', window: 'timer', scene: 'fresh' },
  { name: 'timer-soon', window: 'timer', scene: 'soon' },
  { name: 'timer-several', window: 'timer', scene: 'several', size: { width: 300, height: 276 } },
  { name: 'timer-settle', window: 'timer', scene: 'soon', before: (tab) => tab.locator('.acts button').nth(1).click() },
  { name: 'alert', window: 'alert', scene: 'leader-alert' },
  { name: 'alert-late', window: 'alert', scene: 'late-alert' },
  { name: 'alert-flow', window: 'alert', scene: 'leader-alert', before: (tab) => tab.locator('footer button').nth(1).click() },
  { name: 'alert-resolved', window: 'alert', scene: 'leader-alert', before: (tab) => tab.locator('footer button').nth(2).click() },
  { name: 'alert-callback', window: 'alert', scene: 'agent1 callback-alert missed' },
  { name: 'alert-undelivered', window: 'alert', scene: 'undelivered-alert' },
  { name: 'alert-number', window: 'alert', scene: 'number-alert' },
  { name: 'alert-outcome', window: 'alert', scene: 'outcome-alert' },
  { name: 'alert-ended', window: 'alert', scene: 'ended-alert' },
  { name: 'alert-test', window: 'alert', scene: 'test-alert' },
  { name: 'alert-unknown', window: 'alert', scene: 'unknown-alert' },
  { name: 'alert-large', window: 'alert', scene: 'leader-alert large' },
  { name: 'sign-in', window: 'workbench', scene: 'signed-out ended', page: 'sign_in', ready: '#password' },
  { name: 'sign-in-no-server', window: 'workbench', scene: 'signed-out no-server', page: 'sign_in', ready: '#password' },
  { name: 'my-reports', window: 'workbench', scene: 'clerk quarantined', page: 'my_reports', ready: 'table' },
  { name: 'my-reports-empty', window: 'workbench', scene: 'clerk empty', page: 'my_reports', ready: '.block h2' },
  { name: 'my-reports-offline', window: 'workbench', scene: 'clerk offline', page: 'my_reports', ready: '[role=alert]' },
  { name: 'session-ended', window: 'workbench', scene: 'clerk ended', page: 'my_reports', ready: 'table' },
  { name: 'quick-report-session-ended', window: 'quick-report', scene: 'timing ended' },
  { name: 'team-board', window: 'workbench', scene: 'leader1 leader-alert', page: 'team_board', ready: 'article' },
  { name: 'team-board-empty', window: 'workbench', scene: 'leader1 empty', page: 'team_board', ready: '.block h2' },
  { name: 'callback', window: 'workbench', scene: 'agent1', page: 'callback', open: '1', ready: '.timeline' },
  { name: 'callback-dialled', window: 'workbench', scene: 'agent1 dialled', page: 'callback', open: '1', ready: '#call-note' },
  { name: 'callback-free', window: 'workbench', scene: 'agent1', page: 'callback', open: '92', ready: '.timeline' },
  { name: 'callback-more', window: 'workbench', scene: 'agent1 dialled', page: 'callback', open: '1', ready: '#call-note', before: (tab) => tab.locator('[aria-expanded]').click() },
  { name: 'callback-reveal', window: 'workbench', scene: 'agent1', page: 'callback', open: '1', ready: '.timeline', before: (tab) => tab.locator('.phone button').click().then(() => until(tab, '#reveal-why')) },
  { name: 'callback-empty', window: 'workbench', scene: 'agent1 empty', page: 'callback', ready: '.queue .block h2' },
  { name: 'callback-offline', window: 'workbench', scene: 'agent1 offline', page: 'callback', ready: '[role=alert]' },
  { name: 'callback-again', window: 'workbench', scene: 'agent1', page: 'callback', open: '92', ready: '.again' },
  { name: 'register', window: 'workbench', scene: 'agent1', page: 'register', ready: '#register-caller', before: fillCall },
  { name: 'register-empty', window: 'workbench', scene: 'operator', page: 'register', ready: '#register-caller' },
  { name: 'register-found', window: 'workbench', scene: 'operator', page: 'register', ready: '#register-caller', before: (tab) => rings(tab, '3205') },
  { name: 'register-faults', window: 'workbench', scene: 'operator', page: 'register', ready: '#register-caller', before: (tab) => tab.keyboard.press('Control+Enter').then(() => until(tab, '[role=alert]')) },
  { name: 'register-more', window: 'workbench', scene: 'operator', page: 'register', ready: '#register-caller', before: (tab) => tab.locator('summary').click() },
  { name: 'register-done', window: 'workbench', scene: 'agent1', page: 'register', ready: '#register-caller', before: (tab) => fillCall(tab).then(() => tab.keyboard.press('Control+Enter')).then(() => until(tab, '.done')) },
  { name: 'register-offline', window: 'workbench', scene: 'operator offline', page: 'register', ready: '#register-caller', before: (tab) => fillCall(tab, true).then(() => until(tab, '[role=alert]')) },
  { name: 'register-laptop', window: 'workbench', scene: 'agent1', page: 'register', ready: '#register-caller', size: LAPTOP, scale: 1.5, before: fillCall },
  { name: 'case-again', window: 'workbench', scene: 'agent1', page: 'find', open: '92', ready: '.similar' },
  { name: 'case-merge', window: 'workbench', scene: 'agent1', page: 'find', open: '92', ready: '.similar', before: (tab) => tab.locator('.similar .button').first().click().then(() => until(tab, '#act-code')) },
  { name: 'reopened', window: 'workbench', scene: 'agent1', page: 'reopened', ready: 'table' },
  { name: 'reopened-empty', window: 'workbench', scene: 'agent1 empty', page: 'reopened', ready: '.block h2' },
  { name: 'wallboard', window: 'workbench', scene: 'agent1', page: 'wallboard', ready: '.wall table', size: { width: 1920, height: 1080 } },
  { name: 'wallboard-empty', window: 'workbench', scene: 'agent1 empty', page: 'wallboard', ready: '.nothing', size: { width: 1920, height: 1080 } },
  { name: 'wallboard-offline', window: 'workbench', scene: 'agent1 offline', page: 'wallboard', ready: '[role=alert]' },
  { name: 'to-dispatch', window: 'workbench', scene: 'agent1', page: 'to_dispatch', ready: 'table' },
  { name: 'dispatch', window: 'workbench', scene: 'agent1', page: 'to_dispatch', open: '4', ready: '.offers', before: (tab) => choose(tab, 'dispatch', '#act-lead') },
  { name: 'recall', window: 'workbench', scene: 'agent1', page: 'recall', ready: 'table' },
  { name: 'handling', window: 'workbench', scene: 'handler', page: 'handling', ready: 'table' },
  { name: 'handling-empty', window: 'workbench', scene: 'handler empty', page: 'handling', ready: '.block h2' },
  { name: 'handling-case', window: 'workbench', scene: 'handler', page: 'handling', open: '52', ready: '.offers' },
  { name: 'handling-return', window: 'workbench', scene: 'handler', page: 'handling', open: '51', ready: '.offers', before: (tab) => choose(tab, 'return', '#act-choice') },
  { name: 'rulings', window: 'workbench', scene: 'head', page: 'rulings', ready: 'table' },
  { name: 'rule', window: 'workbench', scene: 'head', page: 'rulings', open: '71', ready: '.offers', before: (tab) => choose(tab, 'rule', '#act-lead') },
  { name: 'escalated', window: 'workbench', scene: 'head', page: 'escalated', ready: 'table' },
  { name: 'rework-case', window: 'workbench', scene: 'head', page: 'escalated', open: '53', ready: '.offers' },
  { name: 'find', window: 'workbench', scene: 'handler', page: 'find', ready: 'table' },
  { name: 'find-filters', window: 'workbench', scene: 'handler', page: 'find', ready: 'table', before: (tab) => narrow(tab) },
  { name: 'find-nothing', window: 'workbench', scene: 'agent1', page: 'find', ready: 'table', before: (tab) => lookFor(tab, 'phone', '13900000000', '.block h2') },
  { name: 'find-short', window: 'workbench', scene: 'agent1', page: 'find', ready: 'table', before: (tab) => lookFor(tab, 'case_no', '7f3', '[role=alert]') },
  { name: 'find-laptop', window: 'workbench', scene: 'handler', page: 'find', ready: 'table', size: LAPTOP, scale: 1.5, before: (tab) => narrow(tab) },
  { name: 'inbox', window: 'workbench', scene: 'leader1 leader-alert outcome-alert missed', page: 'inbox', ready: 'article' },
  { name: 'inbox-empty', window: 'workbench', scene: 'leader1', page: 'inbox', ready: '.block h2' },
  { name: 'case-leader', window: 'workbench', scene: 'leader1', page: 'team_board', open: '7', ready: '.offers' },
  { name: 'case-reporter', window: 'workbench', scene: 'clerk', page: 'my_reports', open: '2', ready: '.offers' },
  { name: 'case-supplement', window: 'workbench', scene: 'clerk', page: 'my_reports', open: '2', ready: '.offers', before: (tab) => choose(tab, 'supplement', '#add-phone') },
  { name: 'absences', window: 'workbench', scene: 'leader1', page: 'absences', ready: 'table' },
  { name: 'absences-end', window: 'workbench', scene: 'leader1', page: 'absences', ready: 'table', before: (tab) => tab.locator('.acts button').first().click() },
  { name: 'absences-empty', window: 'workbench', scene: 'clerk empty', page: 'absences', ready: '.block h2' },
  { name: 'absences-offline', window: 'workbench', scene: 'clerk offline', page: 'absences', ready: '[role=alert]' },
  { name: 'directory', window: 'workbench', scene: 'it', page: 'directory', ready: 'table', before: (tab) => tab.locator('.units button').nth(3).click() },
  { name: 'directory-empty', window: 'workbench', scene: 'it empty', page: 'directory', ready: '.block h2' },
  { name: 'directory-offline', window: 'workbench', scene: 'it offline', page: 'directory', ready: '[role=alert]' },
  { name: 'directory-import', window: 'workbench', scene: 'it', page: 'directory', ready: '.units', before: (tab) => tab.locator('#tab-import').click() },
  { name: 'directory-preview', window: 'workbench', scene: 'it', page: 'directory', ready: '.units', before: (tab) => bring(tab, '十二月人员.xlsx', '[data-test=changes]') },
  { name: 'directory-faults', window: 'workbench', scene: 'it', page: 'directory', ready: '.units', before: (tab) => bring(tab, '有误.xlsx', '[data-test=faults]') },
  { name: 'directory-history', window: 'workbench', scene: 'it', page: 'directory', ready: '.units', before: (tab) => tab.locator('#tab-history').click().then(() => until(tab, 'table')) },
  { name: 'directory-laptop', window: 'workbench', scene: 'it', page: 'directory', ready: '.units', size: LAPTOP, scale: 1.5, before: (tab) => bring(tab, '十二月人员.xlsx', '[data-test=changes]') },
  { name: 'directory-changes', window: 'workbench', scene: 'it', page: 'directory', ready: '.units', before: (tab) => tab.locator('#tab-history').click().then(() => tab.locator('[data-test=show-changes]').first().click()).then(() => until(tab, '[data-test=version-changes]')) },
  { name: 'directory-calendar', window: 'workbench', scene: 'auditor', page: 'directory', ready: '.units', before: (tab) => tab.locator('#tab-calendar').click().then(() => until(tab, 'ol')) },
  { name: 'audit', window: 'workbench', scene: 'auditor', page: 'audit', ready: '[data-test=audit-result]' },
  { name: 'audit-broken', window: 'workbench', scene: 'auditor broken', page: 'audit', ready: '[data-test=audit-result] table' },
  { name: 'audit-walking', window: 'workbench', scene: 'auditor empty walking', page: 'audit', ready: 'progress' },
  { name: 'audit-empty', window: 'workbench', scene: 'auditor empty', page: 'audit', ready: '.block h2' },
  { name: 'audit-offline', window: 'workbench', scene: 'auditor offline', page: 'audit', ready: '[role=alert]' },
  { name: 'audit-accesses', window: 'workbench', scene: 'auditor', page: 'audit', ready: '#tab-accesses', before: (tab) => tab.locator('#tab-accesses').click().then(() => until(tab, 'table')) },
  { name: 'audit-accesses-none', window: 'workbench', scene: 'auditor', page: 'audit', ready: '#tab-accesses', before: (tab) => tab.locator('#tab-accesses').click().then(() => lookAt(tab, '查无此人', '.block h2')) },
  { name: 'audit-accesses-laptop', window: 'workbench', scene: 'auditor', page: 'audit', ready: '#tab-accesses', size: LAPTOP, scale: 1.5, before: (tab) => tab.locator('#tab-accesses').click().then(() => until(tab, 'table')) },
  { name: 'audit-removals', window: 'workbench', scene: 'auditor', page: 'audit', ready: '#tab-removals', before: (tab) => tab.locator('#tab-removals').click().then(() => until(tab, 'table')) },
  { name: 'audit-removals-empty', window: 'workbench', scene: 'auditor empty', page: 'audit', ready: '#tab-removals', before: (tab) => tab.locator('#tab-removals').click().then(() => until(tab, '#panel-removals .block h2')) },
  { name: 'connection', window: 'workbench', scene: 'clerk', page: 'connection', ready: 'dl' },
  { name: 'connection-offline', window: 'workbench', scene: 'clerk offline quarantined', page: 'connection', ready: 'dl' },
  { name: 'connection-lost', window: 'workbench', scene: 'clerk keyring-lost disk-full', page: 'connection', ready: 'dl' },
  { name: 'settings', window: 'workbench', scene: 'clerk', page: 'settings', ready: '#server' },
  { name: 'settings-large', window: 'workbench', scene: 'clerk large', page: 'settings', ready: '#server' },
  { name: 'articles', window: 'workbench', scene: 'clerk', page: 'articles', ready: '.own' },
  { name: 'articles-search', window: 'workbench', scene: 'clerk', page: 'articles', ready: '.own', before: (tab) => tab.locator('#article-search').fill('签收') },
  { name: 'articles-none', window: 'workbench', scene: 'clerk offline', page: 'articles', ready: 'article', before: (tab) => tab.locator('#article-search').fill('无此字词') },
  { name: 'articles-laptop', window: 'workbench', scene: 'clerk', page: 'articles', ready: '.own', size: LAPTOP, scale: 1.5 },
  { name: 'articles-linked', window: 'workbench', scene: 'leader1', page: 'team_board', open: '7', ready: '.offers', before: (tab) => tab.locator('header .article-link').first().click().then(() => until(tab, 'article.on')) },
  { name: 'rules', window: 'workbench', scene: 'it', page: 'rules', ready: 'table' },
  { name: 'rules-reader', window: 'workbench', scene: 'clerk', page: 'rules', ready: 'table' },
  { name: 'rules-offline', window: 'workbench', scene: 'it offline', page: 'rules', ready: '[role=alert]' },
  { name: 'rules-overlay', window: 'workbench', scene: 'head', page: 'rules', ready: 'table', before: (tab) => stricter(tab, '3').then(() => until(tab, '.preview')), size: { width: 1366, height: 1500 } },
  { name: 'rules-looser', window: 'workbench', scene: 'head', page: 'rules', ready: 'table', before: (tab) => stricter(tab, '6').then(() => until(tab, '.error')) },
  { name: 'rules-overtaken', window: 'workbench', scene: 'head overtaken', page: 'rules', ready: 'table', before: overtake, size: { width: 1366, height: 900 } },
  { name: 'rules-defaults', window: 'workbench', scene: 'it', page: 'rules', ready: 'table', before: (tab) => tab.locator('[data-test=defaults]').click().then(() => until(tab, '#amend-day')), size: { width: 1366, height: 1500 } },
  { name: 'rules-text', window: 'workbench', scene: 'head', page: 'rules', ready: 'table', before: (tab) => tab.locator('[data-test=text]').click().then(() => until(tab, '#text-words')) },
  { name: 'rules-laptop', window: 'workbench', scene: 'head', page: 'rules', ready: 'table', size: LAPTOP, scale: 1.5 },
  { name: 'training', window: 'workbench', scene: 'clerk', page: 'training', ready: '[data-role]' },
  { name: 'training-refused', window: 'workbench', scene: 'signed-out', page: 'training', ready: '[data-role]', before: refuseTraining },
  { name: 'training-inside', window: 'workbench', scene: 'leader1 training', page: 'training', ready: '[data-role]' },
  { name: 'training-signed-out', window: 'workbench', scene: 'training signed-out', page: 'training', ready: '[data-role]' },
  { name: 'training-my-reports', window: 'workbench', scene: 'clerk training quarantined', page: 'my_reports', ready: 'table' },
  { name: 'training-callback', window: 'workbench', scene: 'agent1 training', page: 'callback', open: '1', ready: '.timeline' },
  { name: 'training-wallboard', window: 'workbench', scene: 'agent1 training', page: 'wallboard', ready: '.wall table', size: { width: 1920, height: 1080 } },
  { name: 'training-laptop', window: 'workbench', scene: 'leader1 training', page: 'training', ready: '[data-role]', size: LAPTOP, scale: 1.5 },
  { name: 'quick-report-training', window: 'quick-report', scene: 'timing training', before: fillReport },
  { name: 'timer-training', window: 'timer', scene: 'timing training' },
  { name: 'alert-training', window: 'alert', scene: 'leader-alert training' },
  { name: 'case-english', window: 'workbench', scene: 'leader1 english', page: 'team_board', open: '7', ready: '.offers' },
  { name: 'callback-laptop', window: 'workbench', scene: 'agent1', page: 'callback', open: '1', ready: '.timeline', size: LAPTOP, scale: 1.5 },
  { name: 'case-laptop', window: 'workbench', scene: 'leader1', page: 'team_board', open: '7', ready: '.offers', size: LAPTOP, scale: 1.5 },
  { name: 'my-reports-laptop', window: 'workbench', scene: 'clerk quarantined', page: 'my_reports', ready: 'table', size: LAPTOP, scale: 1.5 },
  { name: 'team-board-laptop', window: 'workbench', scene: 'leader1 leader-alert', page: 'team_board', ready: 'article', size: LAPTOP, scale: 1.5 },
  { name: 'callback-narrow', window: 'workbench', scene: 'agent1', page: 'callback', open: '1', ready: '.timeline', size: { width: 1100, height: 700 } },
]

export const SCREENS = [...AS_USUAL, ...scaled(AS_USUAL)]

/** Unfolds what to say to the customer. */
async function calm(tab) {
  await tab.keyboard.press('F2')
  await until(tab, '[data-test=calming] dd')
}

async function refuseTraining(tab) {
  await tab.evaluate(() => globalThis.chayanMock.failing.set('start_training', globalThis.chayanMock.fault('timer_runs')))
  await tab.locator('[data-role=clerk]').click()
  await until(tab, '[data-test=failed]')
}

/** Opens the dialog of an act of a case and waits for its first field. */
async function choose(tab, action, field) {
  await tab.locator(`.offers [data-action=${action}]`).click()
  await until(tab, field)
}

/** Looks what one person saw. */
async function lookAt(tab, person, selector) {
  await tab.locator('#access-person').fill(person)
  await tab.locator('[data-test=access-look]').click()
  await until(tab, selector)
}

/** Types a limit of the branch's own rules and looks what it would change. */
async function stricter(tab, minutes) {
  await tab.locator('[data-test=overlay]').click()
  await tab.locator('#set-limit-t1').fill(minutes)
  await tab.locator('#amend-reason').fill('第四季度超时偏多，先从柜台抓起')
  await tab.locator('[data-test=look]').click()
}

async function overtake(tab) {
  await stricter(tab, '3')
  await until(tab, '.preview')
  await tab.locator('[data-test=save]').click()
  await until(tab, '[data-test=meanwhile]')
}

/** Opens the filters and looks for a unit. */
async function narrow(tab) {
  await tab.locator('[data-test=find-wide]').click()
  await tab.locator('[data-test=find-line]').selectOption('claims')
  await tab.locator('#all-unit').fill('支公司')
  await tab.clock.runFor(400)
  await until(tab, '[role=option]')
}

/** Types a part of who rings and waits for what is offered. */
async function rings(tab, text) {
  await tab.locator('#register-caller').fill(text)
  await tab.clock.runFor(400)
}

/** A call as it is registered: who rang, and all six inputs. */
async function fillCall(tab, alone = false) {
  await rings(tab, '顾晓燕')
  if (alone === true) return
  await until(tab, '[role=option]')
  await tab.keyboard.press('Enter')
  await tab.locator('#register-recording').fill('REC-20261122-0097')
  await tab.locator('input[name=trigger]').nth(1).check()
  await tab.locator('#field-step').selectOption('loss_assessment')
  await tab.locator('#field-cause').selectOption('timeliness/timeliness_assessment')
  await tab.locator('#field-contact').fill('138 0000 1234')
  await tab.locator('#field-narrative').fill('客户已等定损两天，第三次来柜台催办，认为没有人负责。已解释流程并联系定损员。')
  await tab.locator('input[name=complaint_demanded]').first().check()
}

/** Looks for one thing in a list. */
async function lookFor(tab, by, text, shown) {
  await tab.locator('[data-test=find-by]').selectOption(by)
  await tab.locator('[data-test=find-text]').fill(text)
  await tab.locator('[data-test=find-go]').click()
  await until(tab, shown)
}

/** Brings a file on the import tab and waits for what it would change. */
async function bring(tab, name, shown) {
  await tab.locator('#tab-import').click()
  await tab.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from('x') })
  await until(tab, shown)
}

/** The report of the pictures: all six inputs. */
export async function fillReport(tab) {
  await tab.keyboard.press('2')
  await tab.locator('#field-step').selectOption('loss_assessment')
  await tab.locator('#field-cause').selectOption('timeliness/timeliness_assessment')
  await tab.locator('#field-contact').fill('138 0000 1234')
  await tab.locator('#field-narrative').fill('客户已等定损两天，第三次来柜台催办，认为没有人负责。已解释流程并联系定损员。')
  await tab.locator('input[name=complaint_demanded]').first().check()
  await tab.locator('input[name=customer_present]').nth(1).check()
  await tab.clock.runFor(400)
}

async function openClosed(tab) {
  await tab.evaluate(() => {
    globalThis.chayanMock.failing.set('open_draft', globalThis.chayanMock.fault('sealed_record'))
    globalThis.chayanMock.emit({ kind: 'show_report', report: { case_id: '0193a5c0-7e10-7abc-8def-000000000000' } })
  })
  await until(tab, '[data-test=closed]')
}

async function failSaving(tab) {
  await tab.evaluate(() => globalThis.chayanMock.failing.set('save_draft', globalThis.chayanMock.fault('disk_full')))
  await tab.locator('#field-narrative').fill('客户在等定损')
  await tab.clock.runFor(400)
}

async function hand(tab, state) {
  await fillReport(tab)
  await tab.keyboard.press('Control+Enter')
  await until(tab, '[data-test=result]')
  await tab.clock.runFor(state === 'sealed' ? 6_000 : 400)
  await until(tab, `[data-state=${state}]`)
}
