import { describe, expect, it } from 'vitest'
import type { DeskFaultCode } from '@/ipc'
// Loaded before the first test, so that a page is there as soon as it is opened.
import '@/features/articles/ArticlesPage.vue'
import '@/features/callback/CallbackPage.vue'
import '@/features/cases/QueuePage.vue'
import '@/features/connection/ConnectionPage.vue'
import '@/features/ladder/Inbox.vue'
import '@/features/ladder/TeamBoard.vue'
import '@/features/report/MyReports.vue'
import '@/features/session/SignIn.vue'
import '@/features/training/TrainingPage.vue'
import { openWindow } from '@/lib/window'
import { desk } from '@/stores/desk'
import Workbench from '@/windows/workbench/Workbench.vue'
import { useRoute } from '@/windows/workbench/route'
import { atTheMoment, calls, mock, pass, settle, stage } from './stage'

atTheMoment()

const route = useRoute()
const show = async (scene: string, page: string | null = null) => {
  const wrapper = await stage(Workbench, scene, { first: { page, case_id: null } })
  await pass(300)
  return wrapper
}

describe('a training', () => {
  it('is one step from the sign-in page, also for a person who is signed in', async () => {
    const signedOut = await show('signed-out', 'sign_in')
    await signedOut.find('[data-test=training]').trigger('click')
    await pass(300)
    expect(signedOut.find('h1').text()).toBe('练习模式')
    const signedIn = await show('clerk', 'training')
    expect(signedIn.findAll('[data-role]')).toHaveLength(5)
  })

  it('says before it begins what becomes of the real work', async () => {
    const wrapper = await show('clerk', 'training')
    expect(wrapper.text()).toContain('一有真实的提醒要您处理，练习马上结束')
    expect(wrapper.text()).toContain('写什么都不会送到中心')
    expect(wrapper.find('.training-bar').exists()).toBe(false)
  })

  it('begins as the one who was chosen', async () => {
    const wrapper = await show('clerk', 'training')
    await wrapper.find('[data-role=leader]').trigger('click')
    await settle()
    expect(calls('start_training')).toEqual([{ role: 'leader', anew: false }])
  })

  it.each([
    ['timer_runs', '有客户正在计时'],
    ['alert_waits', '有提醒等您处理'],
    ['training_off', '不提供练习模式'],
    ['training_missing', '没有装练习组件'],
  ] satisfies [DeskFaultCode, string][])('that is refused (%s) says why and what to do', async (code, words) => {
    const wrapper = await show('clerk', 'training')
    mock.failing.set('start_training', mock.fault(code))
    await wrapper.find('[data-role=clerk]').trigger('click')
    await settle()
    expect(wrapper.find('[data-test=failed]').text()).toContain(words)
    expect(wrapper.find('[data-role=clerk]').attributes('disabled')).toBeUndefined()
  })

  it('says on every page who one is and that nothing is real', async () => {
    for (const page of ['my_reports', 'inbox', 'articles', 'connection', 'training']) {
      const wrapper = await show('clerk training', page)
      expect(wrapper.find('.training-bar').text()).toContain('练习中 · 您现在是顾晓燕（柜台）')
      wrapper.unmount()
    }
  })

  it('leads whoever becomes somebody else to their first page', async () => {
    const wrapper = await show('clerk training', 'training')
    await wrapper.find('[data-role=leader]').trigger('click')
    await pass(300)
    expect(route.page).toBe('team_board')
    expect(wrapper.find('.training-bar').text()).toContain('直接领导')
  })

  it('asks who one would like to be when nobody is signed in, and never for a password or a setting', async () => {
    const wrapper = await show('training signed-out', 'sign_in')
    expect(route.page).toBe('training')
    expect(wrapper.find('#password').exists()).toBe(false)
    mock.emit({ kind: 'show_page', page: { page: 'settings', case_id: null } })
    await settle()
    expect(route.page).toBe('training')
    expect(wrapper.find('nav').text()).not.toContain('设置')
  })

  it('begins anew as the same one, and ends', async () => {
    const wrapper = await show('agent1 training', 'training')
    await wrapper.find('[data-test=anew]').trigger('click')
    await settle()
    expect(calls('start_training')).toEqual([{ role: 'agent', anew: true }])
    await wrapper.find('[data-test=leave-training]').trigger('click')
    await settle()
    expect(calls('leave_training')).toHaveLength(1)
  })

  it('lets no file leave the program', async () => {
    const wrapper = await show('handler training', 'find')
    await pass(300)
    expect(wrapper.find('[data-test=export-xlsx]').exists()).toBe(false)
  })
})

describe('the watermark', () => {
  const open = async (scene: string) => {
    document.body.innerHTML = '<div id="app"></div>'
    mock.reset(scene)
    const opening = openWindow('timer', () => ({ render: () => null }))
    await pass(600)
    await opening
  }

  it('lies over a window in a training, and is spoken', async () => {
    await open('clerk training')
    const mark = document.querySelector<HTMLElement>('.training-mark')
    expect(mark?.dataset.mark).toBe('练习')
    expect(mark?.getAttribute('aria-label')).toContain('不会报到中心')
    expect(desk.training).not.toBeNull()
  })

  it('lies over no window of the real work', async () => {
    await open('clerk')
    expect(document.querySelector('.training-mark')).toBeNull()
  })
})
