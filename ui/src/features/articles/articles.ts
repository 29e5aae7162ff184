/**
 * 制度要点: the rule article by article in our own words, part of the program and so there without the centre.
 *
 * Each state, clock and setting belongs to exactly one entry; a test holds the entries against the contract's lists.
 */
import type { Origin } from '@/ipc'
import entries from '@/texts/articles.json'

export interface Article {
  id: string
  /** 第八条, or what the part is called where the rule's own words are not public. */
  label: string
  chapter: string
  /** Whether the entry tells of the rule or of what we made of its silence. */
  origin: Extract<Origin, 'rule' | 'default'>
  title: string
  points: string[]
  states: string[]
  timers: string[]
  limits: string[]
  numbers: string[]
  switches: string[]
}

export const ARTICLES = entries as Article[]

/** What an entry can be asked for by. */
export type Subject = 'states' | 'timers' | 'limits' | 'numbers' | 'switches'

/** The entry that a state, clock or setting comes from. */
export function articleOf(subject: Subject, name: string): Article | null {
  return ARTICLES.find((article) => article[subject].includes(name)) ?? null
}

const folded = (text: string) => text.normalize('NFKC').toLowerCase().replace(/\s+/g, '')

/** Number words as a person types them: 8, 第8条, 第八条. */
function numberOf(wanted: string): string {
  return /^\u7b2c?(\d{1,2})\u6761?$/.exec(wanted)?.[1] ?? ''
}

/** The entries that hold every typed word; a number alone is that article. All of them when nothing is typed. */
export function search(typed: string, more: (article: Article) => string[] = () => []): Article[] {
  const number = numberOf(folded(typed))
  const byNumber = ARTICLES.filter((article) => article.id === number)
  if (byNumber.length > 0) return byNumber
  const words = typed.trim().split(/\s+/).map(folded).filter(Boolean)
  return ARTICLES.filter((article) => {
    const text = folded([article.label, article.chapter, article.title, ...article.points, ...more(article)].join('\n'))
    return words.every((word) => text.includes(word))
  })
}
