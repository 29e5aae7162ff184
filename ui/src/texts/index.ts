/**
 * Sentences by key. A key that the Chinese catalogue does not have fails the build; so does a key that the English one
 * lacks. Precompiled by nobody and evaluated by nobody: a sentence is text with `{name}` places.
 */
import { shallowRef } from 'vue'
import type { Language } from '@/ipc'
import type whole from './zh-CN.json'

export type Catalogue = typeof whole

type Leaf<T, P extends string = ''> = {
  [K in keyof T & string]: T[K] extends string ? `${P}${K}` : Leaf<T[K], `${P}${K}.`>
}[keyof T & string]

/** Every key of the catalogue, as `section.name`. */
export type TextKey = Leaf<Catalogue>
export type Places = Record<string, string | number>

/** What is spoken now. A sentence that stands on a screen changes with it. */
const catalogue = shallowRef<Catalogue | null>(null)
let chinese: Catalogue | null = null
let wanted: Language = 'zh-CN'

/** The Chinese sentences of this window: all in the workbench, in a small one those that it can say (see sentences.ts). */
export function know(sentences: Catalogue): void {
  chinese = sentences
  if (wanted === 'zh-CN') catalogue.value = sentences
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
