import { describe, expect, it } from 'vitest'
import AbsencesPage from '@/features/absence/AbsencesPage.vue'
import { faultText, fieldTexts, kindsOf, whoText } from '@/features/directory/changes'
import DirectoryPage from '@/features/directory/DirectoryPage.vue'
import { base64Of } from '@/features/directory/file'
import { treeOf, within } from '@/features/directory/tree'
import type { DirectoryChange } from '@/ipc'
import { now as made } from '@/ipc/mock/directory'
import ReportGate from '@/windows/quick-report/ReportGate.vue'
import { atTheMoment, calls, mock, MOMENT, settle, stage } from './stage'

atTheMoment()

const change = (some: Partial<DirectoryChange>): DirectoryChange => ({ subject: 'person', kind: 'changed', id: '1', name: '甲', fields: [], ...some })
const NAMES = { '320583': '昆山支公司', '320582': '张家港支公司', '2': '乙', '3': '丙' }

describe('what an import changes', () => {
  it('is a move, another leader and another deputy at once', () => {
    const moved = change({
      fields: [
        { field: 'unit', before: '320583', after: '320582' },
        { field: 'direct_leader', before: '2', after: '3' },
        { field: 'deputies', before: null, after: '2;3' },
      ],
    })
    expect(kindsOf(moved)).toEqual(['moved', 'leader', 'deputies'])
    expect(fieldTexts(moved, NAMES)).toEqual([
      '所在机构：昆山支公司\uff08320583\uff09 → 张家港支公司\uff08320582\uff09',
      '直接领导：乙\uff082\uff09 → 丙\uff083\uff09',
      '代理人：无 → 乙\uff082\uff09、丙\uff083\uff09',
    ])
  })

  it('says of who comes or goes what there is to say', () => {
    const gone = change({ kind: 'removed', fields: [{ field: 'line', before: 'claims', after: null }, { field: 'deputies', before: null, after: null }] })
    expect(kindsOf(gone)).toEqual(['removed'])
    expect(fieldTexts(gone, NAMES)).toEqual(['条线：理赔'])
    expect(whoText(change({ subject: 'line_leader', id: '320583/claims' }), NAMES)).toBe('昆山支公司 · 理赔')
  })

  it('shows times in Beijing and who stands in', () => {
    const away = change({ subject: 'absence', kind: 'added', fields: [{ field: 'absences', before: null, after: `${MOMENT}-${MOMENT + 3_600_000}@2` }] })
    expect(fieldTexts(away, NAMES)).toEqual(['离岗：2026-11-22 14:06 – 2026-11-22 15:06 乙\uff082\uff09'])
  })

  it('words a fault with what it mentions, and an unknown one with its code', () => {
    const fault = { sheet: '人员', row: 3, column: null, code: 'leader_cycle', words: { person_ids: '1 → 2' } }
    expect(faultText(fault)).toBe('直接领导关系形成循环：1 → 2')
    expect(faultText({ ...fault, code: 'of_tomorrow' })).toContain('of_tomorrow')
  })
})

it('units form a tree, and one that is shown without its parent begins one', () => {
  const { units, people } = made(0)
  const tree = treeOf(units, people)
  expect(tree[0]).toMatchObject({ depth: 0, people: people.length })
  expect([...within(tree, '320500')]).toEqual(['320500', '320583', '32058301', '320581'])
  const part = treeOf(units.filter((unit) => unit.unit_id.startsWith('3205')), people)
  expect(part[0]).toMatchObject({ depth: 0, unit: { unit_id: '320500' } })
})

it('a file travels byte by byte, whatever its size', async () => {
  const bytes = Uint8Array.from({ length: 100_001 }, (_, at) => at % 256)
  const text = await base64Of(new Blob([bytes]))
  expect([...atob(text)].map((sign) => sign.charCodeAt(0))).toEqual([...bytes])
})

describe('the import', () => {
  async function bring(name: string) {
    const wrapper = await stage(DirectoryPage, 'it')
    await wrapper.get('#tab-import').trigger('click')
    const input = wrapper.get<HTMLInputElement>('input[type=file]')
    Object.defineProperty(input.element, 'files', { value: [new File(['x'], name)] })
    await input.trigger('change')
    for (let i = 0; i < 5; i += 1) await settle()
    return wrapper
  }

  it('takes exactly what was previewed, with a reason', async () => {
    const wrapper = await bring('人员.csv')
    expect(wrapper.get('[data-test=changes]').text()).toContain('7 项变化')
    await wrapper.get('form.take').trigger('submit')
    expect(calls('take_directory')).toEqual([])
    expect(wrapper.text()).toContain('请填写 2 到 200 个字的导入原因')
    await wrapper.get('#reason').setValue('十二月调整')
    await wrapper.get('form.take').trigger('submit')
    await settle()
    expect(calls('take_directory')).toEqual([{ file: { name: '人员.csv', content: 'eA==', effective: null }, preview: '9f'.repeat(32), reason: '十二月调整' }])
    expect(wrapper.find('[data-test=changes]').exists()).toBe(false)
  })

  it('looks anew when the day changes, and filters by what changes', async () => {
    const wrapper = await bring('人员.csv')
    await wrapper.get('#effective').setValue('2026-12-01')
    await settle()
    expect(calls('preview_directory').map((args) => (args as { effective: string | null }).effective)).toEqual([null, '2026-12-01'])
    const moved = wrapper.findAll('.kinds button').find((button) => button.text().startsWith('调动'))
    await moved?.trigger('click')
    expect(wrapper.findAll('[data-test=changes] tbody tr')).toHaveLength(1)
  })

  it('offers nothing to take while there are faults, and names each', async () => {
    const wrapper = await bring('有误.csv')
    expect(wrapper.findAll('[data-test=faults] tbody tr')).toHaveLength(4)
    expect(wrapper.text()).toContain('人员 第 7 行')
    expect(wrapper.find('form.take').exists()).toBe(false)
  })

  it('keeps what was chosen when the centre refuses', async () => {
    const wrapper = await bring('人员.csv')
    mock.failing.set('take_directory', mock.fault('unreachable'))
    await wrapper.get('#reason').setValue('十二月调整')
    await wrapper.get('form.take').trigger('submit')
    await settle()
    expect(wrapper.get<HTMLInputElement>('#reason').element.value).toBe('十二月调整')
    expect(wrapper.find('[data-test=changes]').exists()).toBe(true)
  })
})

describe('absences', () => {
  it('are entered with the number of the deputy, at Beijing times', async () => {
    const wrapper = await stage(AbsencesPage, 'leader1')
    await wrapper.get('#absence-person').setValue('32050803')
    await wrapper.get('#absence-from').setValue('2026-11-23T09:00')
    await wrapper.get('#absence-to').setValue('2026-11-24T18:00')
    await wrapper.get('#absence-deputy').setValue('朱敏 32050806')
    await wrapper.get('form').trigger('submit')
    await settle()
    const [from, to] = [Date.UTC(2026, 10, 23, 1), Date.UTC(2026, 10, 24, 10)]
    expect(calls('enter_absence')).toEqual([{ person_id: '32050803', kind: 'leave', from, to, deputy: '32050806' }])
    expect(wrapper.findAll('tbody tr')).toHaveLength(4)
  })

  it('of a roster need a deputy, and without an end none is entered', async () => {
    const wrapper = await stage(AbsencesPage, 'leader1')
    await wrapper.get('form').trigger('submit')
    expect(wrapper.get('[role=alert]').text()).toBe('请填写开始和结束时间')
    await wrapper.get('#absence-to').setValue('2026-11-24T18:00')
    await wrapper.get('#absence-kind').setValue('duty')
    await wrapper.get('form').trigger('submit')
    expect(wrapper.get('[role=alert]').text()).toBe('值班必须填写代理人')
    expect(calls('enter_absence')).toEqual([])
  })

  it('end only after a second look, and imported ones cannot', async () => {
    const wrapper = await stage(AbsencesPage, 'leader1')
    const buttons = wrapper.findAll('.acts button')
    expect(buttons.map((button) => button.text())).toEqual(['提前结束', '取消登记'])
    await buttons[0]?.trigger('click')
    expect(calls('end_absence')).toEqual([])
    await wrapper.get('.ask .primary').trigger('click')
    await settle()
    expect(calls('end_absence')).toHaveLength(1)
    expect(wrapper.findAll('tbody tr')).toHaveLength(2)
  })
})

describe('nobody can receive', () => {
  const gate = (scene: string, noticed = false) => stage(ReportGate, scene, { signedIn: true, noticed })

  it('is said before the report is handed in, with what to do instead', async () => {
    const wrapper = await gate('nobody')
    expect(wrapper.get('[data-test=nobody]').text()).toContain('建议直接启动流程')
  })

  it('is not said when somebody can, when the leader has it already, or when the centre is not reached', async () => {
    expect((await gate('clerk')).find('[data-test=nobody]').exists()).toBe(false)
    expect((await gate('nobody', true)).find('[data-test=nobody]').exists()).toBe(false)
    expect((await gate('offline nobody')).find('[data-test=nobody]').exists()).toBe(false)
  })
})
