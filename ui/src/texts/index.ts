/**
 * Sentences by key. A key that the Chinese catalogue does not have fails the build; so does a key that the English one
 * lacks. Precompiled by nobody and evaluated by nobody: a sentence is text with `{name}` places.
 */
import { shallowRef } from 'vue'
import type { Language } from '@/ipc'
import small from 'virtual:small-catalogue'
import type whole from './zh-CN.json'

export type Catalogue = typeof whole

type Leaf<T, P extends string = ''> = {
  [K in keyof T & string]: T[K] extends string ? `${P}${K}` : Leaf<T[K], `${P}${K}.`>
}[keyof T & string]

/** Every key of the catalogue, as `section.name`. */
export type TextKey = Leaf<Catalogue>
export type Places = Record<string, string | number>

/** What is spoken now. A sentence that stands on a screen changes with it. */
const catalogue = shallowRef<Catalogue>(small)
let chinese = small
let wanted: Language = 'zh-CN'

/** The whole Chinese catalogue, for the window that shows more than the small ones (see vite.config). */
export function knowAll(all: Catalogue): void {
  chinese = all
  if (wanted === 'zh-CN') catalogue.value = all
}

/** From the answer on every sentence is in this language; the last wish wins. */
export async function speak(language: Language): Promise<void> {
  wanted = language
  const words = language === 'en' ? (await import('./en.json')).default : chinese
  if (wanted !== language) return
  catalogue.value = words
  document.documentElement.lang = language
}

/** The sentence of a key with its places filled. */
export function t(key: TextKey, places?: Places): string {
  return fill(lookUp(key) ?? key, places)
}

/** The sentence of a key that is only known while running, such as the code of an error. */
export function textOrNull(key: string, places?: Places): string | null {
  const sentence = lookUp(key)
  return sentence === null ? null : fill(sentence, places)
}

function lookUp(key: string): string | null {
  let branch: unknown = catalogue.value
  for (const name of key.split('.')) {
    if (typeof branch !== 'object' || branch === null || !Object.hasOwn(branch, name)) return null
    branch = (branch as Record<string, unknown>)[name]
  }
  return typeof branch === 'string' ? branch : null
}

function fill(sentence: string, places?: Places): string {
  if (!places) return sentence
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(places[name] ?? whole))
}
