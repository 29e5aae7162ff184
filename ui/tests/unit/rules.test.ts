/** 制度要点 and 规则与参数: what is found, what is marked, and the way of a change. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ARTICLES, articleOf, search } from '@/features/articles/articles'
import ArticlesPage from '@/features/articles/ArticlesPage.vue'
import { openArticle, useReading } from '@/features/articles/where'
import CasePage from '@/features/cases/CasePage.vue'
import RulesPage from '@/features/rules/RulesPage.vue'
import { countOf, placeOf, ruleFaultText, spanOf, typedOf } from '@/features/rules/values'
import { CaseStateWords, LimitNameWords, NumberNameWords, RuleFaultWords, SwitchNameWords, TimerNameWords } from '@/ipc/words'
import type { RuleFault } from '@/ipc'
import { id } from '@/ipc/mock/cases'
import { textOrNull } from '@/texts'
import { go, useRoute } from '@/windows/workbench/route'
import { atTheMoment, calls, mock, settle, stage } from './stage'

atTheMoment()

const MINUTE = 60_000

describe('the articles', () => {
  it('hold every state, clock and setting exactly once', () => {
    const all = (subject: 'states' | 'timers' | 'limits' | 'numbers' | 'switches') => ARTICLES.flatMap((article) => article[subject]).sort()
    expect(all('states')).toEqual([...CaseStateWords].sort())
    expect(all('timers')).toEqual([...TimerNameWords].sort())
    expect(all('limits')).toEqual([...LimitNameWords].sort())
    expect(all('numbers')).toEqual([...NumberNameWords].sort())
    expect(all('switches')).toEqual([...SwitchNameWords].sort())
  })

  it('have the rule’s own numbers where the rule set has them', () => {
    const rules = JSON.parse(readFileSync('../crates/domain/data/rules-2018-1.json', 'utf8')) as { limits: { name: string; origin: string; article: number | null }[] }
    for (const limit of rules.limits.filter((one) => one.origin === 'rule')) expect(articleOf('limits', limit.name)?.id, limit.name).toBe(String(limit.article))
  })

  it('go from 1 to 27 and say of the missing ones that their words are not public', () => {
    const numbered = ARTICLES.map((article) => article.id).filter((one) => /^\d+$/.test(one))
    expect(numbered).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12', '13', '24', '25', '26', '27'])
    expect(ARTICLES.find((article) => article.id === '13')).toMatchObject({ label: '第十三条至第二十三条', origin: 'default' })
  })

  it.each([
    ['8', ['8']],
    ['第 12 条', ['12']],
    ['第八条', ['8']],
    ['会签', ['9']],
    ['首次 回访 归档', ['12']],
    ['没有这个词', []],
  ])('are found by %s', (typed, found) => {
    expect(search(typed).map((article) => article.id)).toEqual(found)
  })

  it('are all there without the centre, and the branch’s own text when it is reached', async () => {
    const offline = await stage(ArticlesPage, 'clerk offline')
    expect(offline.findAll('h3')).toHaveLength(ARTICLES.length)
    expect(offline.text()).toContain('连上中心后显示')
    offline.unmount()
    const online = await stage(ArticlesPage, 'clerk')
    expect(online.text()).toContain('苏州分公司客户不满情绪报告实施细则')
  })

  it('are found by the name of a state and shown with the number that binds the reader', async () => {
    const wrapper = await stage(ArticlesPage, 'clerk')
    await wrapper.find('#article-search').setValue('待签收')
    expect(wrapper.findAll('h3').map((one) => one.text())).toHaveLength(1)
    expect(wrapper.find('article').text()).toContain('30 分钟')
  })
})

describe('the case page', () => {
  it('links its state and its clock to their articles, and the way back leads to the case', async () => {
    const wrapper = await stage(CasePage, 'leader1', { caseId: id(7) })
    go('team_board', id(7))
    const links = wrapper.findAll('header .article')
    expect(links.map((link) => link.text())).toEqual(['制度规定第八条', '制度规定第八条'])
    await links[1]?.find('button').trigger('click')
    expect(useRoute().page).toBe('articles')
    expect(useReading()).toMatchObject({ article: '8', from: { page: 'team_board', caseId: id(7) } })
    openArticle('9')
    expect(useReading().from?.page).toBe('team_board')
  })
})

describe('values', () => {
  it('are typed in the unit of their usual length', () => {
    expect(spanOf('４.５', 5 * MINUTE)).toBe(270_000)
    expect(spanOf('50', MINUTE)).toBe(50_000)
    expect(spanOf('20', 24 * 60 * MINUTE)).toBe(20 * 60 * MINUTE)
    for (const wrong of ['', '-1', '4分', '1e3', '.5']) expect(spanOf(wrong, 5 * MINUTE), wrong).toBeNull()
    expect(typedOf(270_000, 5 * MINUTE)).toBe('4.5')
    expect([countOf('３'), countOf('3.5')]).toEqual([3, null])
  })

  it('have a sentence for each fault, at a field where there is one', () => {
    for (const code of RuleFaultWords) expect(textOrNull(`rule_fault.${code}`)?.endsWith('。'), code).toBe(true)
    const fault: RuleFault = { code: 'not_stricter', unit_id: '320500', name: 't1', holds: 300_000, overlay: 360_000 }
    expect(ruleFaultText(fault)).toBe('6 分钟没有严于现行的 5 分钟。实施细则只能更严。')
    expect(placeOf(fault, '320500')).toBe('limit.t1')
    expect(placeOf(fault, '320583')).toBe('form')
  })
})

describe('the rules', () => {
  const open = async (scene: string, what = 'overlay') => {
    const wrapper = await stage(RulesPage, scene)
    await wrapper.find(`[data-test=${what}]`).trigger('click')
    await settle()
    return wrapper
  }

  it('are read by everybody and changed by nobody else', async () => {
    const wrapper = await stage(RulesPage, 'clerk')
    expect(wrapper.text()).toContain('您可以查看')
    expect(wrapper.findAll('header .button').map((button) => button.text())).toEqual(['制度要点'])
    expect(wrapper.find('tbody tr').text()).toContain('苏州分公司规定')
    expect(wrapper.text()).toContain('第三季度超时件偏多')
  })

  it('ask for a preview before anything is put in force', async () => {
    const wrapper = await open('head')
    expect(wrapper.find<HTMLInputElement>('#set-limit-t1').element.value).toBe('4')
    expect(wrapper.find('tbody tr').text()).toContain('本机构规定，原为 5 分钟')
    expect(wrapper.find('#set-number-warn_percent').exists()).toBe(false)
    await wrapper.find('#set-limit-t2').setValue('8')
    await wrapper.find('#amend-reason').setValue('超时偏多')
    expect(wrapper.find('[data-test=save]').attributes('disabled')).toBeDefined()
    await wrapper.find('[data-test=look]').trigger('click')
    await settle()
    expect(wrapper.find('.preview').text()).toContain('10 分钟 → 8 分钟')
    await wrapper.find('#set-limit-t2').setValue('7')
    expect(wrapper.find('.preview').exists()).toBe(false)
    await wrapper.find('[data-test=look]').trigger('click')
    await settle()
    await wrapper.find('[data-test=save]').trigger('click')
    await settle()
    expect(calls('amend_rules').at(-1)).toMatchObject({
      based_on: 2,
      effective_on: '2026-11-22',
      reason: '超时偏多',
      preview: false,
      draft: { kind: 'overlay', unit_id: '320500', limits: [{ name: 't1', span: 240_000 }, { name: 't2', span: 420_000 }, { name: 't6' }] },
    })
    expect(wrapper.text()).toContain('已记入变更记录')
    expect(wrapper.find('.amendments li').text()).toContain('超时偏多')
  })

  it('refuse a looser one in words at its field', async () => {
    const wrapper = await open('head')
    await wrapper.find('#set-limit-t1').setValue('6')
    await wrapper.find('[data-test=look]').trigger('click')
    await settle()
    const field = wrapper.find('#set-limit-t1')
    expect(field.attributes('aria-invalid')).toBe('true')
    expect(document.activeElement?.id).toBe('set-limit-t1')
    expect(wrapper.find(`#${field.attributes('aria-describedby')}`).text()).toContain('没有严于现行的 5 分钟')
    await field.setValue('3')
    expect(field.attributes('aria-invalid')).toBeUndefined()
  })

  it('say at once what is no number, and send nothing', async () => {
    const wrapper = await open('head')
    await wrapper.find('#set-limit-t1').setValue('四分')
    expect(wrapper.text()).toContain('请填数字')
    expect(wrapper.find('[data-test=look]').attributes('disabled')).toBeDefined()
  })

  it('mark a day that is over and a missing reason', async () => {
    const wrapper = await open('head')
    await wrapper.find('#set-limit-t1').setValue('3')
    await wrapper.find('#amend-day').setValue('2026-11-21')
    await wrapper.find('[data-test=look]').trigger('click')
    await settle()
    expect(wrapper.find('#amend-day-hint').text()).toContain('不能早于 2026-11-22 14:06')
    await wrapper.find('#amend-day').setValue('2026-11-22')
    await wrapper.find('[data-test=look]').trigger('click')
    await settle()
    await wrapper.find('[data-test=save]').trigger('click')
    await settle()
    expect(wrapper.find('#amend-reason-hint').text()).toContain('请写明变更原因')
  })

  it('show who was faster and keep what was typed', async () => {
    const wrapper = await open('head overtaken')
    await wrapper.find('#set-limit-t1').setValue('3')
    await wrapper.find('#amend-reason').setValue('超时偏多')
    await wrapper.find('[data-test=look]').trigger('click')
    await settle()
    await wrapper.find('[data-test=save]').trigger('click')
    await settle()
    expect(wrapper.find('[data-test=meanwhile]').text()).toContain('省公司要求全省先缩短')
    expect(wrapper.find('[data-test=meanwhile]').text()).toContain('10 分钟 → 9 分钟')
    expect(wrapper.find<HTMLInputElement>('#set-limit-t1').element.value).toBe('3')
    expect(wrapper.find<HTMLTextAreaElement>('#amend-reason').element.value).toBe('超时偏多')
    expect(wrapper.find('[data-test=save]').attributes('disabled'), 'looked at anew first').toBeDefined()
    await wrapper.find('[data-test=look]').trigger('click')
    await settle()
    await wrapper.find('[data-test=save]').trigger('click')
    await settle()
    expect(calls('amend_rules').at(-1)).toMatchObject({ based_on: 3, preview: false })
    expect(wrapper.text()).toContain('已记入变更记录')
  })

  it('let IT set what is ours and lock what is the rule’s', async () => {
    const wrapper = await open('it', 'defaults')
    expect(wrapper.find('#set-limit-t1').exists()).toBe(false)
    expect(wrapper.text()).toContain('制度规定，不能改')
    await wrapper.find('#set-switch-reporter_open').setValue('1')
    await wrapper.find('[data-test=look]').trigger('click')
    await settle()
    expect(wrapper.find('.preview').text()).toContain('否 → 是')
    expect(calls('amend_rules')).toMatchObject([{ draft: { kind: 'defaults', settings: [{ name: { kind: 'switch', name: 'reporter_open' }, value: 1 }] } }])
  })

  it('attach the branch’s own text', async () => {
    const wrapper = await open('head', 'text')
    expect(wrapper.find<HTMLInputElement>('#text-title').element.value).toContain('实施细则')
    await wrapper.find('#text-words').setValue('一、先安抚。')
    await wrapper.find('#text-reason').setValue('年度修订')
    await wrapper.find('form').trigger('submit')
    await settle()
    expect(calls('amend_rules')).toMatchObject([{ draft: { kind: 'text', unit_id: '320500', text: '一、先安抚。' }, preview: false }])
  })

  it('say why they cannot be read and try again', async () => {
    const wrapper = await stage(RulesPage, 'it offline')
    expect(wrapper.find('[role=alert]').exists()).toBe(true)
    mock.scene.unreachable = false
    await wrapper.find('[role=alert] button').trigger('click')
    await settle()
    expect(wrapper.find('table').exists()).toBe(true)
  })
})
