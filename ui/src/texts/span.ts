/** How long, in the largest words that fit exactly: 48 秒, 5 分钟, 2 分 30 秒, 24 小时, 1 小时 30 分. */
import { t } from './index'

const SECOND = 1_000
const MINUTE = 60
const HOUR = 60 * MINUTE

/** Whole seconds; a part of a second is not made into one. */
export function spanText(span: number): string {
  const whole = Math.floor(span / SECOND)
  const [hours, minutes, seconds] = [Math.floor(whole / HOUR), Math.floor((whole % HOUR) / MINUTE), whole % MINUTE]
  if (hours > 0) return minutes > 0 ? t('span.hours_minutes', { hours, minutes }) : t('span.hours', { n: hours })
  if (minutes > 0) return seconds > 0 ? t('span.minutes_seconds', { minutes, seconds }) : t('span.minutes', { n: minutes })
  return whole > 0 || span === 0 ? t('span.seconds', { n: whole }) : t('span.below_second')
}
