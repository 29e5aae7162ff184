import { expect, it } from 'vitest'
import { isComposing } from '@/lib/composing'

const key = (init: { isComposing?: boolean; keyCode?: number }) => {
  const event = new KeyboardEvent('keydown', { key: 'Enter', isComposing: init.isComposing ?? false })
  Object.defineProperty(event, 'keyCode', { value: init.keyCode ?? 13 })
  return event
}

it('an Enter that confirms pinyin belongs to the input method', () => {
  expect(isComposing(key({ isComposing: true }))).toBe(true)
})

it('the same Enter in WebKit, which has cleared the flag by then, is told by its key code', () => {
  expect(isComposing(key({ keyCode: 229 }))).toBe(true)
})

it('any other Enter is the person’s own', () => {
  expect(isComposing(key({}))).toBe(false)
})
