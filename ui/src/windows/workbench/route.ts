/** Where the workbench is: a page and perhaps a case on it. */
import { computed, reactive } from 'vue'
import type { OpenWorkbench, Role, WorkbenchPage } from '@/ipc'
import { desk } from '@/stores/desk'

interface Route {
  page: WorkbenchPage
  caseId: string | null
}

const route = reactive<Route>({ page: 'sign_in', caseId: null })
const OPEN_TO_ALL: WorkbenchPage[] = ['sign_in', 'articles', 'training', 'settings', 'connection']

export interface NavGroup {
  title: 'group_hotline' | 'group_department' | 'group_supervision' | 'group_team' | 'group_mine' | 'group_it' | 'group_audit' | 'group_program'
  pages: WorkbenchPage[]
}

const has = (role: Role) => desk.session.me?.roles.includes(role) ?? false

/** Navigation shows only what the role may do. */
export const groups = computed<NavGroup[]>(() => {
  const all: NavGroup[] = []
  if (has('CMP')) all.push({ title: 'group_hotline', pages: ['callback', 'register', 'wallboard', 'to_dispatch', 'recall', 'reopened'] })
  else if (has('AGT')) all.push({ title: 'group_hotline', pages: ['register'] })
  if (has('HDL') || has('DPT')) all.push({ title: 'group_department', pages: ['handling'] })
  const supervision: WorkbenchPage[] = []
  if (has('CSD')) supervision.push('rulings')
  if (has('CSD') && !has('CMP')) supervision.push('recall', 'reopened')
  if (has('DPT') || has('EXE')) supervision.push('escalated')
  if (supervision.length) all.push({ title: 'group_supervision', pages: supervision })
  if (has('LDR')) all.push({ title: 'group_team', pages: ['team_board'] })
  if (desk.session.me) all.push({ title: 'group_mine', pages: ['inbox', 'my_reports', 'find', 'absences'] })
  if (has('ADM') || has('AUD')) all.push({ title: 'group_it', pages: ['directory'] })
  if (has('AUD')) all.push({ title: 'group_audit', pages: ['audit'] })
  const program: WorkbenchPage[] = has('ADM') || has('CSD') ? ['articles', 'rules'] : ['articles']
  all.push({ title: 'group_program', pages: desk.training ? [...program, 'training', 'connection'] : [...program, 'training', 'connection', 'settings'] })
  return all
})

const firstPage = (): WorkbenchPage => {
  if (!desk.session.me) return desk.training ? 'training' : 'sign_in'
  if (has('CMP')) return 'callback'
  if (has('AGT')) return 'register'
  if (has('HDL') || has('DPT')) return 'handling'
  if (has('ADM')) return 'directory'
  if (has('AUD')) return 'audit'
  return has('LDR') ? 'team_board' : 'my_reports'
}

/** In a training nobody signs in with a password, and no setting is changed. */
const OF_REAL_WORK: WorkbenchPage[] = ['sign_in', 'settings']

/** Everybody who is signed in may read the rules; only those who may change them have them in the navigation. */
const allowed = (page: WorkbenchPage) => OPEN_TO_ALL.includes(page) || (page === 'rules' && desk.session.me !== null) || groups.value.some((group) => group.pages.includes(page))

export function go(page: WorkbenchPage | null, caseId: string | null = null): void {
  // A link or a toast leads to a case, whatever list it is on: the case page shows it.
  const asked = page ?? (caseId === null ? firstPage() : 'inbox')
  const wanted = desk.training && OF_REAL_WORK.includes(asked) ? 'training' : asked
  route.page = allowed(wanted) ? wanted : firstPage()
  route.caseId = caseId
}

export const goTo = (asked: OpenWorkbench) => go(asked.page, asked.case_id)

export function useRoute(): Readonly<Route> {
  return route
}
