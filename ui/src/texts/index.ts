/**
 * Sentences by key. A key that the Chinese catalogue does not have fails the build; so does a key that the English one
 * lacks. Precompiled by nobody and evaluated by nobody: a sentence is text with `{name}` places.
 */
import zh from './zh-CN.json'

export type Catalogue = typeof zh

type Leaf<T, P extends string = ''> = {
  [K in keyof T & string]: T[K] extends string ? `${P}${K}` : Leaf<T[K], `${P}${K}.`>
}[keyof T & string]

/** Every key of the catalogue, as `section.name`. */
export type TextKey = Leaf<Catalogue>
export type Places = Record<string, string | number>

export const LANGUAGES = ['zh-CN', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

const STORED = 'chayan.language'
let catalogue: Catalogue = zh

/** The language this machine was set to; Chinese unless somebody chose otherwise. */
export function chosenLanguage(): Language {
  try {
    return localStorage.getItem(STORED) === 'en' ? 'en' : 'zh-CN'
  } catch {
    return 'zh-CN'
  }
}

/** Remembers the choice on this machine; windows take it up when they are made again. */
export function chooseLanguage(language: Language): void {
  try {
    localStorage.setItem(STORED, language)
  } catch {
    // A page without storage stays Chinese.
  }
}

/** Brings in the chosen catalogue before the first picture. */
export async function prepareTexts(language = chosenLanguage()): Promise<void> {
  catalogue = language === 'en' ? (await import('./en.json')).default : zh
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
  let branch: unknown = catalogue
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
