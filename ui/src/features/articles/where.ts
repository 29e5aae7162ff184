/** Which article is being read, and where its reader came from. */
import { reactive, readonly } from 'vue'
import type { WorkbenchPage } from '@/ipc'
import { go, useRoute } from '@/windows/workbench/route'

interface Reading {
  article: string | null
  from: { page: WorkbenchPage; caseId: string | null } | null
}

const reading = reactive<Reading>({ article: null, from: null })

export const useReading = (): Readonly<Reading> => readonly(reading) as Readonly<Reading>

/** Opens an article; the way back leads to where it was asked for. */
export function openArticle(article: string): void {
  const route = useRoute()
  if (route.page !== 'articles') reading.from = { page: route.page, caseId: route.caseId }
  reading.article = article
  go('articles')
}

/** Back to the page and case from which the article was opened. */
export function leaveArticle(): void {
  const from = reading.from
  reading.from = null
  reading.article = null
  go(from?.page ?? null, from?.caseId ?? null)
}

/** Opened by the navigation: at the top, and nowhere to go back to. */
export function forgetReading(): void {
  reading.from = null
  reading.article = null
}
