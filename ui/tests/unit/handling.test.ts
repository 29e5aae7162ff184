/** From the dispatch on: the lists that roles work off, the rounds of a case, and what a dispatch asks. */
import { describe, expect, it } from 'vitest'
import CasePage from '@/features/cases/CasePage.vue'
import QueuePage from '@/features/cases/QueuePage.vue'
import { id } from '@/ipc/mock/cases'
import { atTheMoment, calls, settle, stage } from './stage'

atTheMoment()

const dialog = () => document.querySelector<HTMLElement>('[role=dialog]')

describe('a list that a role works off', () => {
  it('shows how long each case has, whose it is and who holds it', async () => {
    const wrapper = await stage(QueuePage, 'handler', { queue: 'handling' })
    const rows = wrapper.findAll('tbody tr').map((row) => row.text())
    expect(rows).toHaveLength(3)
    expect(rows[0]).toContain('待签收')
    expect(rows[1]).toContain('钱丽')
    expect(wrapper.text()).toContain('3 件')
  })

  it('says what will come here while it is empty', async () => {
    const wrapper = await stage(QueuePage, 'handler empty', { queue: 'handling' })
    expect(wrapper.text()).toContain('转办到本部门的案件会出现在这里')
  })
})

describe('a case that was dispatched', () => {
  it('tells round by round what its department did, the newest first', async () => {
    const wrapper = await stage(CasePage, 'head', { caseId: id(53) })
    const rounds = wrapper.findAll('article').map((round) => round.text())
    expect(rounds[0]).toContain('第 1.1 轮')
    expect(rounds[1]).toContain('苏州分公司 · 理赔')
    expect(rounds[1]).toContain('不满意')
    expect(rounds[1]).toContain('已化解')
  })

  it('does not name the reporter to the department', async () => {
    const wrapper = await stage(CasePage, 'handler', { caseId: id(52) })
    expect(wrapper.find('.side').text()).not.toContain('顾晓燕')
  })
})

describe('what may be done', () => {
  it('begins with what leads the case on, and offers the rest after it', async () => {
    const wrapper = await stage(CasePage, 'head', { caseId: id(53) })
    const buttons = wrapper.findAll('.side > section:first-child .inside > .offers button')
    expect(buttons.map((button) => button.attributes('data-action'))).toEqual(['assign_handler', 'acknowledge_escalation', 'comment'])
    expect(wrapper.find('.side .primary').exists()).toBe(false)
    const handler = await stage(CasePage, 'handler', { caseId: id(51) })
    expect(handler.find('.side .primary').attributes('data-action')).toBe('sign')
  })
})

describe('a supplement', () => {
  it('takes the risks that must be known at once and what was done, and nothing when nothing was given', async () => {
    const wrapper = await stage(CasePage, 'clerk', { caseId: id(2) })
    await wrapper.find('[data-action=supplement]').trigger('click')
    await settle()
    const form = document.querySelector<HTMLElement>('form.supplement')
    const send = () => form?.querySelector<HTMLButtonElement>('button[type=submit]')?.click()
    send()
    await settle()
    expect(form?.textContent).toContain('请至少填写一项')
    expect(calls('act')).toEqual([])
    for (const value of ['media', 'apologised']) form?.querySelector<HTMLInputElement>(`input[value=${value}]`)?.click()
    await settle()
    send()
    await settle()
    expect(calls('act')).toMatchObject([{ action: { kind: 'supplement', form: { facts: { risk_tags: ['media'], measures: ['apologised'] } } } }])
  })
})

describe('a case that became a complaint', () => {
  it('says until when the law wants it decided and which longer terms there are', async () => {
    const wrapper = await stage(CasePage, 'head', { caseId: id(81) })
    expect(wrapper.text()).toContain('最迟于 2026-12-07 作出处理决定')
    expect(wrapper.text()).toContain('批准延长 60 日2027-01-21')
  })

  it('has no such card before', async () => {
    const wrapper = await stage(CasePage, 'head', { caseId: id(53) })
    expect(wrapper.text()).not.toContain('作出处理决定')
  })
})

describe('the dispatch', () => {
  it('begins with the department that is proposed and sends it with those that help', async () => {
    const wrapper = await stage(CasePage, 'agent1', { caseId: id(4) })
    await wrapper.find('[data-action=dispatch]').trigger('click')
    await settle()
    const lead = dialog()?.querySelector<HTMLSelectElement>('#act-lead')
    expect(lead?.selectedOptions[0]?.textContent).toContain('苏州分公司 · 销售（建议）')
    dialog()?.querySelector<HTMLInputElement>('.helpers input')?.click()
    await settle()
    dialog()?.querySelector<HTMLButtonElement>('button[type=submit]')?.click()
    await settle()
    expect(calls('act')).toMatchObject([
      {
        action: {
          kind: 'dispatch',
          lead: { unit_id: '320500', line: 'sales' },
          assisting: [{ unit_id: '320500', line: 'underwriting' }],
        },
      },
    ])
  })

  it('never asks the leading department to help itself', async () => {
    const wrapper = await stage(CasePage, 'agent1', { caseId: id(4) })
    await wrapper.find('[data-action=dispatch]').trigger('click')
    await settle()
    const helpers = [...(dialog()?.querySelectorAll('.helpers label') ?? [])].map((label) => label.textContent?.trim())
    expect(helpers).toContain('苏州分公司 · 理赔')
    expect(helpers).not.toContain('苏州分公司 · 销售')
  })
})
