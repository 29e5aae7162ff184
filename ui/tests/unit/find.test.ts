/** Finding one case, narrowing a list, taking it along: what the centre is asked for, and when it is not asked. */
import { beforeEach, describe, expect, it } from 'vitest'
import MyReports from '@/features/report/MyReports.vue'
import QueuePage from '@/features/cases/QueuePage.vue'
import CasePage from '@/features/cases/CasePage.vue'
import { id } from '@/ipc/mock/cases'
import { filterOf, nothingTyped, statesOf, wrongWith } from '@/features/find/filter'
import { calls, mock, pass, press, settle, stage, atTheMoment } from './stage'

atTheMoment()

const rows = (wrapper: Awaited<ReturnType<typeof stage>>) => wrapper.findAll('tbody tr').length

describe('what was typed', () => {
  it('asks for nothing as long as nothing narrows the list', () => {
    expect(filterOf(nothingTyped())).toBeNull()
    expect(filterOf({ ...nothingTyped(), text: '  ' })).toBeNull()
  })

  it('counts the last day whole, in Beijing', () => {
    const filter = filterOf({ ...nothingTyped(), from: '2026-11-01', to: '2026-11-02' })
    expect(filter?.from).toBe(Date.UTC(2026, 9, 31, 16))
    expect(filter?.to).toBe(Date.UTC(2026, 10, 2, 16))
  })

  it('is wrong with three signs of a number and with days the wrong way round', () => {
    expect(wrongWith({ ...nothingTyped(), text: '…7F3' })).toBe('find.short')
    expect(wrongWith({ ...nothingTyped(), text: '…7F3A' })).toBeNull()
    expect(wrongWith({ ...nothingTyped(), text: '7f-3a' })).toBe('find.short')
    expect(filterOf({ ...nothingTyped(), text: ' …7f 3A ' })?.find).toEqual({ by: 'case_no', text: '7f3A' })
    expect(wrongWith({ ...nothingTyped(), by: 'plate', text: '苏E' })).toBeNull()
    expect(wrongWith({ ...nothingTyped(), from: '2026-11-02', to: '2026-11-01' })).toBe('find.order')
  })

  it('offers the states that a list holds, and none that only the desk knows', () => {
    expect(statesOf('recall')).toEqual(['REPLIED', 'RECALLING'])
    expect(statesOf('all')).toContain('ARCHIVED_RESOLVED')
    expect(statesOf('all')).not.toContain('DRAFT')
  })
})

describe('a list with its tools', () => {
  let wrapper: Awaited<ReturnType<typeof stage>>
  const find = async (by: string, text: string) => {
    await wrapper.get('[data-test=find-by]').setValue(by)
    await wrapper.get('[data-test=find-text]').setValue(text)
    await wrapper.get('form').trigger('submit')
    await settle()
  }
  beforeEach(async () => {
    wrapper = await stage(QueuePage, 'handler', { queue: 'find' })
  })

  it('shows everything at first and asks without a filter', () => {
    expect(rows(wrapper)).toBeGreaterThan(3)
    expect(calls('cases')).toEqual([{ view: 'all', after: null }])
  })

  it('looks for a customer only when asked, however often the list changes', async () => {
    await find('phone', '138 0000 1234')
    expect(calls('cases').at(-1)).toMatchObject({ filter: { find: { by: 'phone', text: '138 0000 1234' } } })
    const asked = calls('cases').length
    const known = (await mock.invoke('cases', { view: 'all', after: null })).cases[0]
    if (!known) throw new Error('a case is on the list')
    mock.emit({ kind: 'case_changed', case: { ...known, version: known.version + 1 } })
    await pass(2_000)
    expect(calls('cases').length).toBe(asked + 1)
  })

  it('says that nothing fits and clears with one button', async () => {
    await find('phone', '13900000000')
    expect(wrapper.text()).toContain('没有符合条件的案件')
    await wrapper.get('.block button').trigger('click')
    await settle()
    expect(rows(wrapper)).toBeGreaterThan(3)
    expect(wrapper.get<HTMLInputElement>('[data-test=find-text]').element.value).toBe('')
  })

  it('says what is wrong instead of asking', async () => {
    const asked = calls('cases').length
    await find('case_no', '7f3')
    expect(wrapper.get('[role=alert]').text()).toBe('案件编号至少输入最后 4 位')
    expect(calls('cases').length).toBe(asked)
  })

  it('narrows by line, and exports what is shown and not what is being typed', async () => {
    await wrapper.get('[data-test=find-wide]').trigger('click')
    await wrapper.get('[data-test=find-line]').setValue('claims')
    await settle()
    await wrapper.get('[data-test=find-text]').setValue('7f3a')
    await wrapper.get('[data-test=export-csv]').trigger('click')
    await settle()
    expect(calls('export_cases')).toMatchObject([{ view: 'all', format: 'csv', file_name: '案件 2026-11-22.csv', filter: { line: 'claims', find: null } }])
    expect(wrapper.get('[data-test=find-wide]').text()).toBe('筛选（1）')
  })

  it('chooses a unit with the keyboard alone', async () => {
    await wrapper.get('[data-test=find-wide]').trigger('click')
    const field = wrapper.get<HTMLInputElement>('#all-unit')
    field.element.focus()
    await field.setValue('支公司')
    await pass(300)
    expect(wrapper.findAll('[role=option]').map((one) => one.text())).toEqual(['昆山支公司苏州分公司 · 320583', '张家港支公司苏州分公司 · 320582', '鼓楼支公司徐州分公司 · 320302'])
    await press({ key: 'ArrowDown' })
    await press({ key: 'Enter' })
    expect(field.element.value).toBe('张家港支公司')
    expect(calls('cases').at(-1)).toMatchObject({ filter: { unit_id: '320582' } })
  })

  it('forgets a unit that was typed and not chosen', async () => {
    await wrapper.get('[data-test=find-wide]').trigger('click')
    const field = wrapper.get<HTMLInputElement>('#all-unit')
    await field.setValue('昆')
    await field.trigger('blur')
    await settle()
    expect(field.element.value).toBe('')
    expect(calls('cases')).toHaveLength(1)
  })
})

describe('the evidence of a case', () => {
  it('is taken along by who may, under a name that says which case', async () => {
    const wrapper = await stage(CasePage, 'leader1', { caseId: id(7) })
    await wrapper.get('[data-test=take-pack]').trigger('click')
    await settle()
    expect(calls('export_pack')).toEqual([{ case_id: id(7), file_name: `证据包 ${id(7).slice(-4).toUpperCase()} 2026-11-22.zip` }])
  })

  it('is not offered to anybody else', async () => {
    const wrapper = await stage(CasePage, 'clerk', { caseId: id(2) })
    expect(wrapper.find('[data-test=take-pack]').exists()).toBe(false)
  })
})

it('my reports stay on the page while nothing fits', async () => {
  const wrapper = await stage(MyReports, 'clerk')
  await wrapper.get('[data-test=find-by]').setValue('plate')
  await wrapper.get('[data-test=find-text]').setValue('苏E99999')
  await wrapper.get('form').trigger('submit')
  await settle()
  expect(wrapper.text()).toContain('没有符合条件的案件')
  expect(wrapper.text()).not.toContain('还没有报告')
})
