/** 逐级报告 as one plain sentence for each level. */
import type { Level, PersonRef } from '@/ipc'
import { whenText } from '@/lib/time'
import { t, textOrNull } from '@/texts'

export function levelSentence(level: Level, people: PersonRef[], now: number): string {
  const nameOf = (id: string) => people.find((person) => person.person_id === id)?.name ?? id
  const at = (time: number) => whenText(time, now)
  const deputy = level.deputy ? t('ladder.deputy', { name: nameOf(level.deputy) }) : ''
  const parts = [t('ladder.notified', { time: at(level.notified_at), level: level.level, leader: nameOf(level.leader) }) + deputy]
  if (level.end !== 'skipped_absent') {
    parts.push(level.delivered_at === null ? t('ladder.not_delivered') : t('ladder.delivered', { time: at(level.delivered_at) }))
  }
  if (level.taken_over_by) parts.push(t('ladder.taken_over', { name: nameOf(level.taken_over_by) }))
  else if (level.acknowledged_at !== null) parts.push(t('ladder.acknowledged', { time: at(level.acknowledged_at) }))
  if (level.end === null) parts.push(t(level.taken_over_by ? 'ladder.handling' : 'ladder.waiting'))
  else {
    const time = level.ended_at === null ? '' : at(level.ended_at)
    parts.push(textOrNull(`ladder.end_${level.end}`, { time }) ?? t('ladder.end_other', { time, code: level.end }))
  }
  return parts.join(t('ladder.sentence_comma')) + t('ladder.sentence_stop')
}
