import { describe, expect, it } from 'vitest'
import AuditPage from '@/features/audit/AuditPage.vue'
import ChainCheck from '@/features/audit/ChainCheck.vue'
import { aboutText, faultPlace, faultText, nothingAsked, queryOf, wrongWith } from '@/features/audit/words'
import CasePage from '@/features/cases/CasePage.vue'
import DirectoryPage from '@/features/directory/DirectoryPage.vue'
import { calendarText } from '@/features/directory/changes'
import { daysText, limitText } from '@/features/rules/values'
import type { AccessRecord } from '@/ipc'
import { id } from '@/ipc/mock/cases'
import { groups } from '@/windows/workbench/route'
import { atTheMoment, calls, mock, pass, settle, stage } from './stage'

atTheMoment()

const nothing: AccessRecord = { at: 0, person_id: '1', device_id: 'd', kind: 'search', view: null, by: null, states: [], unit_id: null, line: null, from: null, to: null, format: null, field: null, count: 0, cases: [] }

describe('audit', () => {
  it('is in the navigation of audit alone', async () => {
    for (const [scene, has] of [['auditor', true], ['it', false], ['head', false], ['clerk', false]] as const) {
      await stage(AuditPage, scene)
      expect(groups.value.some((group) => group.pages.includes('audit')), scene).toBe(has)
    }
  })

  it('tells how far a walk is, asks again, and shows what it found', async () => {
    const page = await stage(AuditPage, 'auditor empty')
    expect(page.text()).toContain('还没有核验过')
    await page.get('[data-test=begin-audit]').trigger('click')
    await settle()
    expect(page.get('[role=status]').text()).toContain('正在核验')
    expect(page.get<HTMLButtonElement>('[data-test=begin-audit]').element.disabled).toBe(true)
    await pass(1_000)
    expect(page.get('[data-test=audit-result]').text()).toContain('全部一致')
    expect(page.get('[data-test=audit-result]').text()).toContain('24117')
    const asked = calls('audit_state').length
    await pass(10_000)
    expect(calls('audit_state').length, 'nobody asks once it is over').toBe(asked)
  })

  it('asks no more how far a walk is once nobody looks', async () => {
    const page = await stage(ChainCheck, 'auditor walking')
    let arrive = (): void => undefined
    mock.waiting.set('audit_state', new Promise<void>((resolve) => (arrive = resolve)))
    await pass(1_000)
    const asked = calls('audit_state').length
    page.unmount()
    arrive()
    await pass(10_000)
    expect(calls('audit_state')).toHaveLength(asked)
  })

  it('reads who saw what whenever it is looked at, as it was narrowed', async () => {
    const page = await stage(AuditPage, 'auditor')
    const open = async (tab: string) => {
      await page.get(`#tab-${tab}`).trigger('click')
      await settle()
    }
    await open('accesses')
    expect(calls('accesses')).toHaveLength(1)
    await page.get('#access-kind').setValue('reveal')
    await settle()
    await open('removals')
    await open('accesses')
    expect(calls('accesses').slice(2)).toMatchObject([{ kind: 'reveal' }])
    expect(page.get<HTMLSelectElement>('#access-kind').element.value).toBe('reveal')
  })

  it('names each place that does not hold, and what to do', async () => {
    const page = await stage(AuditPage, 'auditor broken')
    const rows = page.findAll('[data-test=audit-result] tbody tr').map((row) => row.text())
    expect(rows[0]).toContain(`案件 ${id(1)} 第 4 条事件`)
    expect(rows[0]).toContain('内容与校验码不符')
    expect(rows[2]).toContain('查阅记录第 117 条')
    expect(page.text()).toContain('请保留现场')
    expect(faultPlace({ chain: 'of_tomorrow', case_no: null, place: 3, code: 'x' })).toContain('of_tomorrow')
    expect(faultText({ chain: 'case', case_no: null, place: 3, code: 'of_tomorrow' })).toContain('of_tomorrow')
  })

  it('narrows who saw what by person, case, kind and whole days', async () => {
    const page = await stage(AuditPage, 'auditor')
    await page.get('#tab-accesses').trigger('click')
    await settle()
    expect(page.findAll('tbody tr')).toHaveLength(7)
    await page.get('#access-person').setValue(' 吴静 ')
    await page.get('#access-kind').setValue('reveal')
    await settle()
    expect(page.findAll('tbody tr')).toHaveLength(1)
    expect(page.get('tbody tr').text()).toContain('显示客户联系电话')
    expect(calls('accesses').at(-1)).toEqual({ before: null, person: '吴静', case: null, kind: 'reveal', from: null, to: null })
    await page.get('#access-case').setValue('7f3')
    await page.get('form').trigger('submit')
    expect(page.get('[role=alert]').text()).toBe('案件编号至少输入最后 4 位')
    const day = Date.UTC(2026, 10, 21, 16)
    expect(queryOf({ ...nothingAsked(), from: '2026-11-22', to: '2026-11-22' }, null)).toMatchObject({ from: day, to: day + 86_400_000 })
    expect(wrongWith({ ...nothingAsked(), from: '2026-11-23', to: '2026-11-22' })).toBe('audit.order')
  })

  it.each([
    ['…7f 3A 00', '7f3A00'],
    ['8def-7f3a 0000 1c91', '8def-7f3a00001c91'],
    [' ', null],
  ])('asks for a case by what was judged: of “%s” is sent %s', (typed, sent) => {
    const asked = { ...nothingAsked(), case: typed }
    expect(wrongWith(asked)).toBeNull()
    expect(queryOf(asked, null).case).toBe(sent)
  })

  it.each(['7 f 3', '…7f3', '7f-3a'])('says of %s that it is too little of a number', (typed) => {
    expect(wrongWith({ ...nothingAsked(), case: typed })).toBe('audit.short')
  })

  it('says of an access what it was about, and of an unknown word its code', () => {
    expect(aboutText({ ...nothing, view: 'all', by: 'plate' })).toBe('按车牌，在“案件”')
    expect(aboutText({ ...nothing, view: 'escalated', format: 'csv', count: 4 })).toBe('“督办件” · CSV，4 件')
    expect(aboutText({ ...nothing, view: 'of_tomorrow' })).toContain('of_tomorrow')
    expect(aboutText(nothing)).toBe('—')
  })

  it('lists whose customer data was removed, how long it was kept and by which rules', async () => {
    const page = await stage(AuditPage, 'auditor')
    await page.get('#tab-removals').trigger('click')
    await settle()
    const row = page.findAll('tbody tr')[1]?.text() ?? ''
    for (const said of ['鼓楼支公司', '1461 天', '2018-1+320300@1', '第 11 条']) expect(row).toContain(said)
  })
})

describe('the papers of a case', () => {
  it('are saved under a name that says what they are, by whoever may', async () => {
    const page = await stage(CasePage, 'head', { caseId: id(53) })
    await page.get('[data-test=take-notice]').trigger('click')
    await page.get('[data-test=take-receipts]').trigger('click')
    await settle()
    const tail = id(53).slice(-4).toUpperCase()
    expect(calls('export_paper')).toEqual([
      { case_id: id(53), paper: 'notice', file_name: `督办单 ${tail} 2026-11-22.html` },
      { case_id: id(53), paper: 'receipts', file_name: `报告回执 ${tail} 2026-11-22.html` },
    ])
    const other = await stage(CasePage, 'agent1', { caseId: id(1) })
    expect(other.find('[data-test=take-receipts]').exists()).toBe(false)
    expect(other.find('[data-test=take-notice]').exists()).toBe(false)
  })
})

describe('the history of imports', () => {
  it('shows what a version changed when it is asked for, with its link', async () => {
    const page = await stage(DirectoryPage, 'it')
    await page.get('#tab-history').trigger('click')
    await settle()
    expect(calls('directory_changes')).toEqual([])
    await page.get('[data-test=show-changes]').trigger('click')
    await settle()
    expect(calls('directory_changes')).toEqual([{ version: '1795420800000-0b1ce5aa' }])
    expect(page.get('[data-test=version-changes]').text()).toContain('顾晓燕')
    expect(page.text()).toContain('第 7 条变更记录')
    expect(page.findAll('[data-test=show-changes]'), 'none for what came before imports were chained').toHaveLength(2)
  })

  it('words the parts of a calendar', async () => {
    const change = { unit_id: null, part: 'free_days', year: 2027, before: '', after: '元旦 2027-01-01–2027-01-03' } as const
    expect(calendarText(change)).toBe('2027 年节假日：元旦 2027-01-01–2027-01-03')
    expect(calendarText({ ...change, part: 'friday', year: null, before: '08:30–18:00', after: '' })).toBe('周五：08:30–18:00 → 无')
    const page = await stage(DirectoryPage, 'auditor')
    await page.get('#tab-calendar').trigger('click')
    await settle()
    expect(page.text()).toContain('国务院办公厅关于 2027 年部分节假日安排的通知')
  })
})

it('a keeping is counted in days, a clock in what clocks are counted in', () => {
  expect(daysText(1_096 * 86_400_000)).toBe('1096 天')
  expect(limitText('t7', 86_400_000)).toBe('24 小时')
})
