/** What went before, in words. */
import type { StoryLine } from '@/ipc'
import { t, textOrNull } from '@/texts'

export function storyText(line: Pick<StoryLine, 'kind' | 'level' | 'by_system'>): string {
  const key = line.kind === 'leader_notified' && line.by_system ? 'leader_notified_system' : line.kind
  return textOrNull(`story.${key}`, { level: line.level }) ?? t('common.unknown', { code: line.kind })
}
