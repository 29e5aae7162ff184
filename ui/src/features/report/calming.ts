/** 安抚话术: what a clerk may say to a customer, by 不满事由. Part of the program, so that it is there without a network. */
import type { Cause, Language } from '@/ipc'
import catalogue from '@/texts/calming.json'

/** In the order of a conversation. */
export const STEPS = ['hear', 'explain', 'next'] as const

type Words = Record<(typeof STEPS)[number], string>

export interface Calming {
  /** The title and the names of the steps. */
  labels: (typeof catalogue)['zh-CN']
  /** What fits the cause; what fits every cause while none is chosen. */
  words: Words
}

export function calmingFor(cause: Cause | null, language: Language): Calming {
  const labels = catalogue[language]
  // A cause that a newer centre added has no words of its own yet.
  const words: Record<string, Words> = labels.words
  return { labels, words: words[cause ?? 'other'] ?? labels.words.other }
}
