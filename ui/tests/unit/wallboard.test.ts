/** The screen on the wall: figures, the next calls, and what it says when the centre is away. */
import { expect, it } from 'vitest'
import WallboardPage from '@/features/wallboard/WallboardPage.vue'
import { atTheMoment, mock, pass, settle, stage } from './stage'

atTheMoment()

it('shows what waits, how long, and how much was in time, with both numbers', async () => {
  const wrapper = await stage(WallboardPage, 'agent1')
  expect(wrapper.get('[data-test=waiting]').text()).toBe('7')
  expect(wrapper.get('[data-test=oldest]').text()).toBe('05:21')
  expect(wrapper.get('[data-test=in-time]').text()).toBe('98.4%121 / 123')
})

it('shows at most ten calls, the most urgent first, and says in words what is late', async () => {
  const wrapper = await stage(WallboardPage, 'agent1')
  const rows = wrapper.findAll('tbody tr')
  expect(rows.length).toBeGreaterThan(3)
  expect(rows.length).toBeLessThanOrEqual(10)
  expect(rows[0]?.text()).toContain('已超时')
})

it('names no case and no customer', async () => {
  const wrapper = await stage(WallboardPage, 'agent1')
  expect(wrapper.html()).not.toMatch(/0193a5c0|138/)
})

it('counts on without the centre and says since when', async () => {
  const wrapper = await stage(WallboardPage, 'agent1')
  mock.failing.set('wallboard', mock.fault('unreachable'))
  await pass(15_000)
  expect(wrapper.get('[role=status]').text()).toBe('离线，数字截至 14:06')
  expect(wrapper.get('[data-test=oldest]').text()).toBe('05:36')
})

it('follows a change within a second or two', async () => {
  const wrapper = await stage(WallboardPage, 'agent1')
  const known = (await mock.invoke('cases', { view: 'callback', after: null })).cases[0]
  if (!known) throw new Error('a case waits')
  mock.scene.empty = true
  mock.emit({ kind: 'case_changed', case: { ...known, version: known.version + 1 } })
  await pass(1_500)
  await settle()
  expect(wrapper.text()).toContain('没有等待回访的案件')
})
